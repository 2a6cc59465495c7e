"""What a person called all right, to be asked about no more: for thirty days no rule opens a case
about the same words again.

A rest is about one post as it was judged, under one clause in one wording. It takes nothing from a
rule but the question: what a rule holds or does is done as before and looked at as before, and what
is urgent or over a cap is asked all the same. An edit, another wording of the clause, or a person
who upholds something about the post under it, and it is asked about again. How often a rule would
have asked is counted. This module must never be asked about what anybody decided, and never rest an
account, a flag or more than one post at a time.
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
from ombud.signals.observation import Observation
from ombud.store.sqlite import Row, Store

catalogue(
    U325=(
        "The case {case} cannot be asked about no more: {why}.",
        "Release one post or reply by itself; what is asked about anew can be judged anew.",
    ),
)

LENGTH = 30 * DAY
KINDS = frozenset({"post", "reply", "edit"})


class Rest(NamedTuple):
    """What rests: a record of a case, and a keyed digest of what was judged."""

    record: int
    subject: bytes
    said: bytes


def said(key: bytes, active: Active, clause: str, seen: Observation) -> bytes:
    """What makes two posts the same under a clause: its wording, whose they are, where they stand,
    what they say, answer, link to and show. 16 bytes, keyed.
    """
    data = seen.event.data
    named = [None if each is None else each.id for each in (data.author, data.room)]
    answered = None if data.in_reply_to is None else data.in_reply_to.id
    mentioned = [each.id for each in data.mentions or ()]
    parts = (active.clause_version(clause), *named, answered, mentioned)
    content = (data.text, data.links or (), data.media or ())
    return ids.keyed_digest(key, "rest", msgspec.json.encode((*parts, *content)))


def wanted(
    hands: Hands,
    told: Mapping[str, Any],
    case: Case,
    outcome: str,
    chosen: Sequence[Subject],
    seen: Mapping[int, Observation | None],
) -> Rest | None:
    """What is to rest once a judgement stands, if who judges (`told`) asks for it. Raises BadUse
    U325.
    """
    if not told.get("rest"):
        return None
    why, found = "", None
    if outcome != "released" or len(chosen) != 1:
        why = "only one thing that is released is"
    else:
        found = seen.get(chosen[0].record)
        why = "what it said is gone" if found is None else ""
        if found is not None and found.kind not in KINDS:
            why = "it is about no post itself"
    if why or found is None:
        raise BadUse("U325", "case", case=case.id, why=why)
    only = chosen[0]
    digest = said(hands.keys.community, hands.community.active, case.clause, found)
    return Rest(only.record, only.subject, digest)


def settle(
    store: Store, case: Case, review: int, now: int, judged: Sequence[Row], rest: Rest | None
) -> None:
    """Begin a rest, and end those of what a person upheld; `judged` are rows of `reviewed`."""
    for row in judged:
        if row[5] == "upheld":
            store.run("end_rests_about", {"subject": row[3], "clause": case.clause})
    if rest is not None:
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
