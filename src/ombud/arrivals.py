"""Whether an event is new: the first arrival is judged, the same again gets the stored answer.

What a platform asked about before publication and then publishes is the same event: the stream's
copy is its publication if it says the same, and is judged anew if it does not. Where a platform
cannot publish what waited, its author sends it again: that too is the same event, once, when
nothing holds it any more. This module must never judge, and never write.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from ombud import decisions, gate, journal
from ombud.clock import DAY
from ombud.effects import Hands
from ombud.journal import Submission
from ombud.signals.observation import Observation
from ombud.store.sqlite import Store
from ombud.transaction import Answer, Known, Transaction

AGAIN = 30 * DAY  # for how long what was let go after all can be sent again
SENT = frozenset({"post", "reply", "edit", "room", "join"})  # what somebody can send again

Told = Literal["told", "asked", "unknown"]


class Arrival(NamedTuple):
    """What an arriving event turned out to be, and the identity it is kept under.

    `answer` where it is known already. `checked` where it is the publication of an event that was
    checked before, and `used` the digest that marks the check as published. `via` is
    "publication" for what was published otherwise than it was checked: that is judged anew.
    """

    identity: bytes
    answer: Answer | None = None
    checked: Known | None = None
    used: bytes | None = None
    via: str = ""


def arrive(
    hands: Hands, tx: Transaction, item: Submission, content: bytes, seen: Observation
) -> Arrival:
    """Look an event up, in this group and in the journal."""
    store, key, event = hands.store, hands.keys.community, item.event
    identity = journal.identity(key, event.source, event.id)
    known = _find(store, tx, identity)
    if known is not None and known.via == "check" and not item.check:
        return _of_check(store, tx, key, identity, known, item, content, seen)
    if known is not None:
        return _known(store, tx, known, content)
    asked = None if item.check else _asked(store, tx, key, item)
    asked = asked or _again(hands, tx, item, seen)
    if asked is None:
        return Arrival(identity, via="check" if item.check else "")
    if item.check:
        return Arrival(b"", standing(store, asked[0]))
    return Arrival(identity, None, *asked)


def _asked(
    store: Store, tx: Transaction, key: bytes, item: Submission
) -> tuple[Known, bytes] | None:
    """The check that an event names itself the publication of, and what marks it as published."""
    event = item.event
    if not event.data.check_id:
        return None
    earlier = journal.identity(key, event.source, event.data.check_id)
    checked, used = _find(store, tx, earlier), journal.publication(key, earlier)
    if (
        checked is None
        or checked.via != "check"
        or checked.published != journal.published(key, event)
        or published(store, tx, used) is not None
    ):
        return None
    return checked, used


def _again(
    hands: Hands, tx: Transaction, item: Submission, seen: Observation
) -> tuple[Known, bytes] | None:
    """What was held before it was published, is held no more, and is sent again by its author; and
    what marks it as published. Once: what was published since is not found.
    """
    store, keys, author = hands.store, hands.keys, seen.key("author")
    only_before = hands.community.active.only_before(seen.platform, "hold")
    if not only_before or item.timeline or seen.kind not in SENT or author is None:
        return None
    same = journal.published(keys.community, item.event)
    wanted = {"author": author, "same": same, "since": tx.recv - AGAIN}
    for identity, *row in store.all("held_before", wanted):
        known, used = Known(*row), journal.publication(keys.community, identity)
        if standing(store, known).action not in ("allow", *gate.FREE):
            continue
        if published(store, tx, used) is None:
            return known, used
    return None


def _of_check(
    store: Store,
    tx: Transaction,
    key: bytes,
    identity: bytes,
    checked: Known,
    item: Submission,
    content: bytes,
    seen: Observation,
) -> Arrival:
    """The stream's copy of an event that was checked under the same id.

    The first copy that says the same is its publication. What its author published otherwise is
    judged anew, by the rules for what it is: else a harmless check would open the way for anything.
    What is somebody else's, or of another kind, is no copy of it but a conflict.
    """
    own = journal.publication(key, identity)
    known = published(store, tx, own)
    if known is not None:
        return Arrival(own, _known(store, tx, known, content).answer)
    erased = checked.content is None
    if erased or checked.published == journal.published(key, item.event):
        return Arrival(own, None, checked, own)
    if (checked.author, checked.kind) == (seen.key("author"), seen.kind or None):
        return Arrival(own, via="publication")
    return Arrival(own, Answer("conflict", checked.seq))


def _find(store: Store, tx: Transaction | None, identity: bytes) -> Known | None:
    found = None if tx is None else tx.identities.get(identity)
    if found is not None:
        return found
    row = store.one("find_identity", (identity,))
    return None if row is None else Known(*row)


def told(store: Store, key: bytes, identity: bytes) -> Told:
    """What the journal knows of an event, beside the writer: that it was told, that it was only
    asked about, or nothing.
    """
    known = _find(store, None, identity)
    if known is None:
        return "unknown"
    own = journal.publication(key, identity)
    was_told = known.via != "check" or published(store, None, own) is not None
    return "told" if was_told else "asked"


def published(store: Store, tx: Transaction | None, own: bytes) -> Known | None:
    """What the stream has said of a check, under the check's id or under one of its own; `own` is
    what marks it as published. Without `tx` only what is committed.
    """
    found = _find(store, tx, own)
    if found is None:
        row = store.one("find_publication", (own,))
        found = None if row is None else Known(*row)
    return found


def _known(store: Store, tx: Transaction, known: Known, content: bytes) -> Arrival:
    """The answer for what is there already; a publication's is that of its check."""
    again = _repeated(store, known, content)
    if again.status == "duplicate" and known.payload and known.answer is None:
        checked = Known(journal.read_json(known.payload)["record"], None)
        first = next((each for each in tx.identities.values() if each.seq == checked.seq), checked)
        stood = standing(store, first)
        again = Answer("duplicate", known.seq, stood.action, stood.decisions, stood.statement)
    return Arrival(b"", again)


def _repeated(store: Store, known: Known, content: bytes) -> Answer:
    if known.content is not None and known.content != content:
        return Answer("conflict", known.seq)
    return standing(store, known)


def standing(store: Store, known: Known) -> Answer:
    """The answer for a record that is already there, as far as it still stands."""
    if known.answer is not None:
        stored = known.answer
        return Answer("duplicate", known.seq, stored.action, stored.decisions, stored.statement)
    rows = [row for row in store.all("decisions_about", (known.seq,)) if row[12] is None]
    told = store.one("statement_of_decision", (rows[0][0],)) if rows else None
    return Answer(
        "duplicate",
        known.seq,
        decisions.strongest([row[9] for row in rows]),
        tuple(row[0] for row in rows),
        told[0] if told else "",
    )
