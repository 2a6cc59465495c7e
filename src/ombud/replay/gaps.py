"""What replay cannot put back: entries of erased records, and clusters whose text nobody can read.

Live, they were there, until the erasure or for as long as nobody knows. Facts that rest on them are
judged as they were recorded, and counted apart. This module must never call a window complete that
may not be, and never take a recorded fact where the past can be worked out.
"""

from __future__ import annotations

from collections.abc import Mapping

from ombud import journal
from ombud.journal import Record
from ombud.replay import records
from ombud.store.sqlite import Row, Store
from ombud.verdicts.community import Community
from ombud.windows import BEGINNING, NEAR

NEVER = 1 << 62  # a seq that no erasure has


class Gaps:
    """The gaps of one run, as far as it has read the journal."""

    def __init__(self, store: Store, community: Community) -> None:
        self.store = store
        self.community = community
        self.erased = records.erased(store)
        self.gone: set[int] = set()  # records erased by what was read so far
        self._head: Row | None = None  # of the journal, when erasures were last read
        self._left: list[Record] = []  # records read so far that are erased, now or later
        # By timeline and window that erased records were dropped from: the seq of an erasure, until
        # which the window lacks entries, and the latest place of these.
        self._gaps: dict[tuple[str, int], dict[int, int]] = {}

    # --- erasures ---------------------------------------------------------------------------------

    def looks_erased(self, record: Record) -> bool:
        """Whether a row may have been erased since the erasures were last read."""
        return record.control is None and record.content is None and record.seq not in self.erased

    def learn_erasures(self, read: int) -> None:
        """Take in what was erased beside this check. What was read before, up to the record `read`,
        and is gone now leaves a gap for what is still to come: windows may be filled again without
        it.
        """
        head = self.store.one("last_record")
        if head == self._head:
            return
        self._head = head
        found = records.erased(self.store)
        new = sorted(found.keys() - self.erased.keys())
        self.erased = found
        for seq in new:
            if seq <= read:
                for row in self.store.all("records", {"after": seq - 1, "until": seq}):
                    self.note(Record(*row))

    # --- noting -----------------------------------------------------------------------------------

    def note(self, record: Record) -> None:
        """Note what a record that was just judged leaves out of the windows."""
        if record.seq in self.erased:
            self._left.append(record)
        for number, key, _ in journal.unpack_entries(record.entries):
            if key is None:
                self._note_in(record, number)
        self._note_lost(record)

    def in_new_windows(self, horizons: Mapping[str, Mapping[str, int]]) -> None:
        """What erased records had put into windows that an activation filled: timeline -> window ->
        from which place on it is complete.
        """
        for timeline, windows in horizons.items():
            for record in self._left:
                if record.timeline == timeline and record.seq not in self.gone:
                    for number in windows:
                        self._note_in(record, int(number))

    def _note_in(self, record: Record, number: int) -> None:
        """A window lacks what an erased record had put into it, until its erasure."""
        if record.place is not None:
            gaps = self._gaps.setdefault((record.timeline, number), {})
            until = self.erased.get(record.seq, NEVER)
            gaps[until] = max(gaps.get(until, record.place), record.place)

    def _note_lost(self, record: Record) -> None:
        """An entry of a cluster whose text is lost: it was there to be joined for as long as that.
        When it was lost nobody can tell, so all that reaches back to here is in doubt.
        """
        line = self.community.timeline(record.timeline)
        if line.lost and record.place is not None:
            for key in line.lost.keys() & journal.clusters(record.entries):
                line.lose(key, record.place)

    # --- asking -----------------------------------------------------------------------------------

    def clusters(self, record: Record) -> tuple[int, ...]:
        """The clusters a row says its text belongs to, where replay cannot find them: a text that
        another one was compared with is erased by now, and was not yet; or it is lost.
        """
        gaps = self._gaps.get((record.timeline, NEAR), ())
        if self.community.timeline(record.timeline).losing() or any(
            record.seq < until for until in gaps
        ):
            return journal.clusters(record.entries)
        return ()

    def read_by(self, record: Record) -> bool:
        """Whether a window this record's facts read lacks an erased entry that it then held, or
        reaches back to a cluster of texts that is lost.

        An entry in a later place counts too: of a key that was full it had pushed out another one.
        """
        doubted = self.community.timeline(record.timeline).doubted
        if record.place is None or not (self._gaps or doubted != BEGINNING):
            return False
        for number in self.community.active.windows_read(journal.unpack_facts(record.facts)):
            shape = self.community.active.shapes[number]
            if shape.near and record.place - shape.width < doubted:
                return True
            for until, latest in self._gaps.get((record.timeline, number), {}).items():
                near = shape.near or record.place - shape.width < latest
                if record.seq < until and near:
                    return True
        return False
