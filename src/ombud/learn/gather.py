"""The texts that people decided about under one clause, opened from the bodies that are still kept.

Labels come from `replay.labels`: decisions that a person undid, decisions of people, a file. Where
two contradict each other the text is left out, and so is what is erased, what has no text, and what
is no text of a person. All that is left out is counted. This module must never keep a text beyond
the run, nor say whose it is: an author is a token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ombud import journal
from ombud.errors import OmbudError
from ombud.reading import Reader
from ombud.replay import labels, records
from ombud.signals import views
from ombud.signals.declare import TEXT_KINDS
from ombud.signals.observation import kind_of

TEXTS_MAX = 50_000  # the newest, as below; more teach a small model nothing
TEXT_LENGTH_MAX = 8_000  # of one text
LETTERS_MAX = 10_000_000  # of all: learning takes about 100 bytes of memory for each


@dataclass(frozen=True, slots=True)
class Example:
    """One text that somebody decided about; `author` is a token, None where the event names none.
    `at` in microseconds.
    """

    seq: int
    text: str = field(repr=False)
    breaks: bool
    author: int | None
    at: int


@dataclass(slots=True)
class Gathered:
    """What was found, and how much was left out and why. `until`: the last record there was."""

    examples: list[Example] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    until: int = 0
    labels: dict[str, int] = field(default_factory=dict)

    def leave(self, why: str, count: int = 1) -> None:
        """Count what is left out."""
        self.left_out[why] = self.left_out.get(why, 0) + count


WHY = ("contradictory", "without_text", "too_many", "nearly_alike", "same_author")


def gather(
    reader: Reader,
    clause: str,
    file: Path | None = None,
    progress: Callable[[int], Callable[[int], None] | None] = lambda _: None,
) -> Gathered:
    """The examples of a clause, by record. Raises BadUse U064 or U086 for a bad label file."""
    found = Gathered(left_out=dict.fromkeys(WHY, 0), until=records.last(reader.store))
    known = labels.gathered(reader.store, reader.keys.community, file, reader.clauses() | {clause})
    found.labels = {name: getattr(known, name) for name in (*labels.SOURCES, "reviewed")}
    found.labels["not_in_the_past"] = known.not_in_the_past
    said = {seq: each[clause] for seq, each in known.by_record.items() if clause in each}
    unclear = {seq for seq, other in known.unclear if other == clause}
    found.leave("contradictory", len(unclear))
    wanted = sorted(said.keys() - unclear)
    found.leave("too_many", max(0, len(wanted) - TEXTS_MAX))
    wanted = wanted[-TEXTS_MAX:]
    tell = progress(len(wanted))
    letters = 0
    for number, seq in enumerate(reversed(wanted)):
        if letters >= LETTERS_MAX:
            found.leave("too_many", len(wanted) - number)
            break
        for record in _record(reader, seq):
            example = _example(reader, record, breaks=said[seq])
            if example is None:
                found.leave("without_text")
            else:
                found.examples.append(example)
                letters += len(example.text)
        if tell is not None and number % 100 == 0:
            tell(number)
    found.examples.reverse()
    return found


def _record(reader: Reader, seq: int) -> Iterator[journal.Record]:
    """One record with its body: a read of its own, so that none is long."""
    for row in reader.store.all("records", {"after": seq - 1, "until": seq}):
        yield journal.Record(*row)


def _example(reader: Reader, record: journal.Record, *, breaks: bool) -> Example | None:
    """The example of a record; None where its text is gone, empty or cannot be read."""
    try:
        event = journal.opened(reader.keys, record)
    except (OmbudError, *records.UNREADABLE):
        return None
    if event is None or kind_of(event) not in TEXT_KINDS or not event.data.text:
        return None
    text = event.data.text[:TEXT_LENGTH_MAX]
    if not views.normalise(text).strip():
        return None
    return Example(record.seq, text, breaks, record.author, record.time or record.recv)
