"""What a person called all right, to be asked about no more: for thirty days no rule opens a case
about the same words again.

A rest is about one post as it was judged, or one registration or profile with its name and picture,
under one clause in one wording; of a campaign that is released each post rests by itself. It takes
nothing from a rule but the question: what a rule holds or does is done as before and looked at as
before, and what is urgent or over a cap is asked all the same. An edit, another wording of the
clause, or a person who upholds something about the post under it, and it is asked about again. How
often a rule would have asked is counted. This module must never be asked about what anybody
decided, and never rest what somebody does later, a flag, or more than one person lets go at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from ombud import clock, ids
from ombud.activation.active import Active
from ombud.clock import DAY
from ombud.effects import Hands
from ombud.errors import BadUse, catalogue
from ombud.review.case import Case, Subject
from ombud.review.choices import BULK
from ombud.signals.observation import Observation
from ombud.store.sqlite import Row, Store

catalogue(
    U325=(
        "The case {case} cannot be asked about no more: {why}.",
        "Release posts, a registration or a profile; what is asked about anew can be judged anew.",
    ),
)

LENGTH = 30 * DAY
ACCOUNTS = frozenset({"registration", "profile"})
KINDS = frozenset({"post", "reply", "edit"}) | ACCOUNTS
MOST = BULK  # at once


class Rest(NamedTuple):
    """What rests: a record of a case, and a keyed digest of what was judged."""

    record: int
    subject: bytes
    said: bytes


def said(key: bytes, active: Active, clause: str, seen: Observation) -> bytes:
    """What makes two posts the same under a clause: its wording, whose they are, where they stand,
    what they say, answer, link to and show; two profiles also name and picture. 16 bytes, keyed.
    """
    data = seen.event.data
    looks = (data.author.name, data.author.avatar) if data.author and seen.kind in ACCOUNTS else ()
    named = [None if each is None else each.id for each in (data.author, data.room)]
    answered = None if data.in_reply_to is None else data.in_reply_to.id
    mentioned = [each.id for each in data.mentions or ()]
    parts = (active.clause_version(clause), *named, answered, mentioned)
    content = (data.text, data.links or (), data.media or (), *looks)
    return ids.keyed_digest(key, "rest", msgspec.json.encode((*parts, *content)))


def wanted(
    hands: Hands,
    told: Mapping[str, Any],
    case: Case,
    outcome: str,
    chosen: Sequence[Subject],
    seen: Mapping[int, Observation | None],
) -> tuple[Rest, ...]:
    """What is to rest once a judgement stands, if who judges (`told`) asks for it. Raises BadUse
    U325.
    """
    if not told.get("rest"):
        return ()
    read = [(each, seen.get(each.record)) for each in chosen]
    why = ""
    if outcome != "released" or not chosen:
        why = "only what is released is"
    elif len(chosen) > MOST:
        why = f"of more than {MOST} things, one would have to look at each"
    elif any(found is None for _, found in read):
        why = "what it said is gone"
    elif any(found is not None and found.kind not in KINDS for _, found in read):
        why = "it is about no post or profile itself"
    if why:
        raise BadUse("U325", "case", case=case.id, why=why)
    key, active = hands.keys.community, hands.community.active
    return tuple(
        Rest(each.record, each.subject, said(key, active, case.clause, found))
        for each, found in read
        if found is not None
    )


def settle(
    store: Store,
    case: Case,
    review: int,
    now: int,
    judged: Sequence[Row],
    resting: Sequence[Rest],
) -> None:
    """Begin rests, and end those of what a person upheld; `judged` are rows of `reviewed`."""
    for row in judged:
        if row[5] == "upheld":
            store.run("end_rests_about", {"subject": row[3], "clause": case.clause})
    for rest in resting:
        about = {"subject": rest.subject, "clause": case.clause}
        store.run("end_rests_about", about)  # one at a time; the latest counts
        keys = {"review": review, "id": case.id, "timeline": case.timeline, "until": now + LENGTH}
        store.run("add_rest", {**about, **keys, "record": rest.record, "said": rest.said})


def rests(
    store: Store,
    key: bytes,
    active: Active,
    about: tuple[bytes, str, str],
    seen: Observation,
    now: int,
) -> bool:
    """Whether a rule need not ask about a post: `about` names its subject, the clause and the
    timeline. It is counted where it need not.
    """
    if seen.kind not in KINDS:
        return False
    subject, clause, timeline = about
    asked = {"subject": subject, "clause": clause, "timeline": timeline, "now": now}
    row = store.one("rest_about", asked)
    if row is None or row[2] != said(key, active, clause, seen):
        return False
    store.run("count_rest", (row[0], row[1]))
    return True


def of_case(store: Store, case: str, now: int) -> list[dict[str, Any]]:
    """What of a case rests: the record, until when, who said so (token), how often a rule would
    have asked.
    """
    return [
        {"record": record, "until": clock.rfc3339(until), "person": person, "asked": asked}
        for record, until, asked, person in store.all("rests_of_case", {"id": case, "now": now})
    ]
