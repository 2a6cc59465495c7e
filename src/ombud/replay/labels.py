"""What people have said about the past: this record breaks that clause, or does not.

Labels come from what people decided in the journal (SOURCES) and from a file that the operator
brings. A file names events by source and id; both are turned into the record's seq at once, by the
keyed identity, and never told again. Where two labels contradict
each other the case is unclear, and unclear counts as wrong. This module must never print or keep a
source or an id.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Protocol

import msgspec
from msgspec import Meta

from ombud import events, intake, journal
from ombud.errors import BadUse, catalogue
from ombud.store.sqlite import Store

catalogue(
    U064=(
        "This line of the labels cannot be read: {detail}.",
        'A line reads {{"source": "...", "id": "...", "clause": "spam.links", "breaks": true}}.',
    ),
    U086=("The clause of this label stands in no policy here.", "{hint}"),
)

LABELS_MAX = 1_000_000
BYTES_MAX = 512 << 20  # of a file of labels
NOBODY = ("rule", "time")  # what undoes without a person having looked


class Label(NamedTuple):
    """What a person said of one record under one clause."""

    seq: int
    clause: str
    breaks: bool


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    source: Annotated[str, Meta(min_length=1, max_length=500)]
    id: Annotated[str, Meta(min_length=1, max_length=500)]
    clause: Annotated[str, Meta(min_length=1, max_length=200)]
    breaks: bool


_decoder = msgspec.json.Decoder(_Line)


@dataclass(slots=True)
class Labels:
    """All labels, by record and clause."""

    by_record: dict[int, dict[str, bool]] = field(default_factory=dict)
    reviewed: int = 0
    undone: int = 0
    not_in_the_past: int = 0
    decided: int = 0
    judged: int = 0
    contradictory: int = 0
    unclear: set[tuple[int, str]] = field(default_factory=set)  # where labels contradict each other
    used: int = 0  # of the records and clauses labelled, those a rule was held against

    def take(self, labels: Iterable[Label]) -> int:
        """Take in labels; how many. Of two that contradict each other neither says "breaks"."""
        count = 0
        for seq, clause, breaks in labels:
            count += 1
            known = self.by_record.setdefault(seq, {})
            if known.get(clause, breaks) != breaks:
                self.contradictory += 1
                self.unclear.add((seq, clause))
            known[clause] = known.get(clause, True) and breaks
        return count

    def as_json(self) -> dict[str, int]:
        """How many there are of each."""
        return {
            "reviewed": self.reviewed,
            "undone": self.undone,
            "decided": self.decided,
            "judged": self.judged,
            "not_in_the_past": self.not_in_the_past,
            "contradictory": self.contradictory,
            "used": self.used,
        }


def gathered(
    store: Store, key: bytes, file: Path | None, clauses: Collection[str] | None = None
) -> Labels:
    """The labels of a community and of a file. Raises BadUse U064 for a line that is none, and
    U086 for a clause that is not among `clauses`; None: any will do.
    """
    labels = Labels()
    for counted, source in SOURCES.items():
        setattr(labels, counted, labels.take(source(store)))
    if file is not None:
        labels.reviewed = labels.take(_of_file(labels, store, key, file, clauses))
    return labels


def _undone(store: Store) -> Iterator[Label]:
    """Decisions that a person undid were wrong under their clause."""
    by_person = set()
    for seq, _, payload in store.all("controls", ("!undo",)):
        told = journal.read_json(payload)
        if told.get("by") not in NOBODY and "review" not in told:  # which says nothing of a post
            by_person.add(seq)
    for seq, _, payload in store.all("controls", ("!outcome",)):
        if journal.read_json(payload)["outcome"] == "reversed":  # after an appeal
            by_person.add(seq)
    for seq, clause, undone_by in store.all("undone_decisions"):
        if undone_by in by_person:
            yield Label(seq, clause, breaks=False)


def _decided(store: Store) -> Iterator[Label]:
    """What a person decided themselves and nobody undid broke its clause."""
    for seq, clause in store.all("decisions_by_people"):
        yield Label(seq, clause, breaks=True)


def _judged(store: Store) -> Iterator[Label]:
    """What a person judged in a case broke its clause, or did not; what was undone says nothing."""
    for seq, clause, outcome in store.all("judgements"):
        yield Label(seq, clause, breaks=outcome == "upheld")


class Source(Protocol):
    """Where labels come from: what people said of records, as it stands in the journal."""

    def __call__(self, store: Store, /) -> Iterable[Label]:
        """All labels of this source."""


# By the field of `Labels` that counts them.
SOURCES: Mapping[str, Source] = {"undone": _undone, "decided": _decided, "judged": _judged}


def _of_file(
    labels: Labels, store: Store, key: bytes, file: Path, clauses: Collection[str] | None
) -> Iterator[Label]:
    """The labels of a file whose events are in the journal."""
    intake.require(file, limit=BYTES_MAX)
    for count, line in enumerate(events.lines(intake.chunks(file, limit=BYTES_MAX))):
        where = f"line {line.number}"
        if count >= LABELS_MAX:
            raise BadUse("U064", where, detail=f"only {LABELS_MAX} labels are read")
        if line.content is None:
            raise BadUse("U064", where, detail=f"it has {line.size} bytes")
        found = _decoded(line.content, where)
        if clauses is not None and found.clause not in clauses:
            raise BadUse("U086", where, hint=_hint(found.clause, clauses))
        own = journal.identity(key, found.source, found.id)
        seq = _seq(store, key, own)
        if seq is None:
            labels.not_in_the_past += 1
        else:
            yield Label(seq, found.clause, found.breaks)


def _decoded(content: bytes, where: str) -> Any:
    try:
        return _decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        detail = str(error) if isinstance(error, msgspec.ValidationError) else "it is not JSON"
        raise BadUse("U064", where, detail=detail) from None


def _hint(clause: str, known: Collection[str]) -> str:
    """The clause that was meant, or some there are; what the file says is not told again."""
    near = difflib.get_close_matches(clause, sorted(known), n=1)
    if near:
        return f'Did you mean "{near[0]}"?'
    return f"Policies have: {', '.join(sorted(known)[:10])}." if known else "Name policies."


def _seq(store: Store, key: bytes, identity: bytes) -> int | None:
    """The record of an event: what was published otherwise than it was checked, else the first."""
    for each in (journal.publication(key, identity), identity):
        row = store.one("find_identity", (each,))
        if row is None:
            continue
        if row[6] is not None:  # the publication of a checked event, just as it had been checked
            return int(journal.read_json(row[6])["record"])
        return int(row[0])
    return None
