"""Whether what was settled still says what the verdicts said: decisions and what belongs to them.

For `replay --check`: the rows of a decision against the verdict worked out again, its notice, its
action and its leaf against the decision, its sealed record against what the leaf commits to, what
was undone or ended against the controls that did it, and the register of demands against those that
entered them. This module must never look at a delivery's state: that is no part of a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from ombud import decisions, journal, statements
from ombud.errors import BadLedger
from ombud.journal import Record
from ombud.ledger import disclosure, leaf
from ombud.ledger.leaf import Leaf
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store
from ombud.verdicts.community import Verdict


def difference(store: Store, keys: KeyFile, record: Record, verdict: Verdict) -> str:
    """What differs between a verdict and what was settled for its record, or nothing."""
    rows = store.all("decisions_of_record", (record.seq,))
    done = [(record.seq, each) for each in verdict.chosen]
    done += [(seq, each.chosen) for each in verdict.targets for seq in each.seqs]
    wanted = sorted(
        (seq, each.action, each.clause, each.licence or "", statements.end(each, record.recv) or 0)
        for seq, each in done
    )
    if wanted != sorted((row[16], row[9], row[6], row[10] or "", row[11] or 0) for row in rows):
        return "its decisions"
    return _belongings(store, keys, rows)


def judged(store: Store, keys: KeyFile, seq: int, payload: Mapping[str, Any]) -> str:
    """What differs between a recorded judgement of people and what was settled for it, or
    nothing.
    """
    rows = store.all("decisions_of_record", (seq,))
    made = sorted((row[0], row[16], row[9], row[6], row[11]) for row in rows)
    if made != sorted(tuple(each) for each in payload["decisions"]):
        return "its decisions"
    return _belongings(store, keys, rows)


def demanded(store: Store, seq: int, payload: Mapping[str, Any]) -> str:
    """What differs between a recorded control about a demand and the register, or nothing."""
    row = store.one("demand", (payload["demand"],))
    steps = {(each[1], each[4]) for each in store.all("demand_steps", (payload["demand"],))}
    if row is None:
        return "its demand is not in the register"
    if payload["do"] == "received":
        items = store.all("demand_items", (row[0],))
        kept = (row[1], row[4], bool(row[6]), row[7], row[8], row[10])
        told = (seq, *(payload[name] for name in ("kind", "binding", "asks", "clause", "by")))
        about = [each[2] for each in items], [each[5] for each in items]
        came = payload.get("received", row[3])
        whole = (kept, about, row[3]) == (told, (payload["records"], payload["cases"]), came)
    else:
        answered = payload["do"] != "answered" or row[14] == payload["outcome"]
        whole = (seq, payload["do"]) in steps and answered
    return "" if whole else "its demand"


BESIDE = frozenset({"decision", "undo", "ended", "notice", "appeal", "replay", "handover"})
# lines that do not commit to what a control says, though they stand at one


def uncommitted(store: Store, keys: KeyFile, last: int) -> Iterator[int]:
    """The controls up to record `last` of which a line of the log commits to something else than
    the journal says: one of both was changed, whoever did it.

    Lines of an earlier program cannot be opened, and are let be: those before a mark in the store.
    One of them that can be opened says that the mark was moved, to have lines let be.
    """
    for position, seq, entry, type_, payload, salted in store.each("lines_of_controls", (last,)):
        found = _read(entry)
        salt = journal.line_salt(keys.community, position)
        content = str(payload)
        beside = found is not None and found.type in BESIDE
        if found is not None and beside:
            opens = not salted and _reverses(found, salt, seq, type_.removeprefix("!"), content)
        else:
            said = leaf.commitment(salt, content.encode()).hex()
            opens = found is not None and said == found.commitment
        if (salted and not beside and not opens) or (not salted and opens):
            yield seq


def _reverses(found: Leaf, salt: bytes, seq: int, control: str, content: str) -> bool:
    """Whether a line can be opened as that of a decision which a control undid or ended."""
    try:
        over, undone = _reversed(control, journal.read_json(content))
    except (msgspec.MsgspecError, LookupError, TypeError):
        return False  # what it says is held against its verdict
    told = ({"decision": each, "reason": found.outcome, "seq": seq} for each in (*over, *undone))
    said = {leaf.commitment(salt, journal.canonical_json(each).encode()).hex() for each in told}
    return found.commitment in said


def _belongings(store: Store, keys: KeyFile, rows: Iterable[Row]) -> str:
    for row in rows:
        found = _leaf_of(store, row)
        if found is None or not _whole(store, row, found):
            return "what belongs to its decision"
        if not _committed(store, keys, row, found):
            return "the record of its decision"
    return ""


def _leaf_of(store: Store, row: Row) -> Leaf | None:
    entries = store.all("leaves", (row[15], row[15] + 1))
    return _read(entries[0][0]) if entries else None


def _read(entry: object) -> Leaf | None:
    """A line of the log; None for what is none."""
    try:
        return leaf.parse_leaf(entry) if isinstance(entry, bytes) else None
    except BadLedger:
        return None


def _committed(store: Store, keys: KeyFile, row: Row, found: Leaf) -> bool:
    """Whether a decision's sealed record is what its leaf commits to, and its row says what that
    says. One that was erased, blacked out or has ended says nothing any more.
    """
    if row[14] is None or keys.file.one("decision_key", (row[0],)) is None:
        return True
    plain = keys.open_decision(row[0], row[14])
    if plain is None or len(plain) < leaf.SALT_BYTES:
        return False
    salt, content = plain[: leaf.SALT_BYTES], plain[leaf.SALT_BYTES :]
    if not commits(found.commitment, salt, content):
        return False
    record = decisions.decode(content)
    demand = store.one("demand_of", (row[0],))
    said = (record.id, record.clause, record.by, record.licence, record.automated_decision)
    kept = (row[0], row[6], row[8], row[10], found.automated)
    # decisions of before that was kept have no origin; none of a demand is among them
    began = row[17] == record.origin or (not row[17] and record.demand is None)
    return said == kept and began and record.demand == (demand and demand[0])


def commits(commitment: str, salt: bytes, content: bytes) -> bool:
    """Whether a line commits to a decision's record: part by part, or, of an earlier program's, to
    the whole of it.
    """
    if commitment == leaf.commitment(salt, content).hex():
        return True
    try:
        return commitment == disclosure.commitment(salt, decisions.parts(content)).hex()
    except (msgspec.MsgspecError, KeyError, TypeError, AttributeError):
        return False  # that is no record of a decision


def _whole(store: Store, row: Row, found: Leaf) -> bool:
    """Whether a decision has its one notice, its one action and its own leaf."""
    told = [each[1] for each in store.all("notices_of_decision", (row[0],))]
    asked = [each[1] for each in store.all("actions_of_decision", (row[0],)) if not each[2]]
    if told.count("decided") != 1 or asked != [row[9]]:
        return False
    return (found.type, found.clause, found.action, found.rule) == (
        "decision",
        row[6],
        row[9],
        row[7],
    )


def _reversed(control: str, payload: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What a control ended, and what it undid."""
    if control == "undo":
        return [], payload["decisions"]
    if control == "ended":
        return payload["decisions"], []
    if control in ("review", "outcome"):
        return payload["replaced"], payload["released"]
    return [], []


class Reversals:
    """What the controls read so far have undone and ended."""

    def __init__(self) -> None:
        self._ended: dict[str, int] = {}
        self._undone: dict[str, int] = {}

    def note(self, control: str, seq: int, payload: Mapping[str, Any]) -> None:
        """Take in a control that reverses decisions or lets them stand again; others do nothing."""
        over, undone = _reversed(control, payload)
        for decision in over:
            self._ended.setdefault(decision, seq)
        for decision in undone:
            self._ended.setdefault(decision, seq)
            self._undone.setdefault(decision, seq)
        if control == "undo":
            for decision in payload.get("restored", ()):
                review = payload["review"]
                for known in (self._ended, self._undone):
                    if known.get(decision) == review:
                        del known[decision]

    def differing(self, store: Store, last: int) -> Iterator[int]:
        """The records of decisions whose rows say otherwise than the controls up to record `last`;
        what was done since, beside a check, is not its business.
        """
        for decision, seq, *reversed_at in store.each("reversals"):
            told = [at if at is not None and at <= last else None for at in reversed_at]
            if seq <= last and told != [self._ended.get(decision), self._undone.get(decision)]:
                yield seq
