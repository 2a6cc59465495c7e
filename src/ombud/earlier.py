"""Earlier posts, looked at again: what a campaign's members said, who they are by, what was done.

`OfJournal` is what replay goes by: bodies and authors. `OfStore` is for the engine: it also knows
the events of the group under way and the decisions that were made. This module must never keep an
opened body longer than the record that asked for it is being settled.
"""

from __future__ import annotations

from collections.abc import Mapping

from ombud import arrivals, journal
from ombud.journal import Record, Submission
from ombud.signals.observation import Observation, kind_of
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.transaction import Transaction
from ombud.verdicts import campaigns


class OfJournal:
    """Earlier posts as the journal has them (campaigns.Earlier)."""

    def __init__(self, store: Store, keys: KeyFile) -> None:
        self.store = store
        self.keys = keys

    def author(self, seq: int) -> int | None:
        """The token of who wrote it."""
        row = self.store.one("author_of_record", (seq,))
        return None if row is None else row[0]

    def acted(self, seq: int) -> int:  # noqa: ARG002 -- replay knows its own verdicts only
        """Nothing: whoever reads the whole journal has marked what was done."""
        return 0

    def seen(self, seq: int) -> Observation | None:
        """What it said; None where its body or somebody it names is gone."""
        record = self.record(seq)
        return None if record is None else journal.reread(self.keys, record)

    def record(self, seq: int) -> Record | None:
        """Its row."""
        row = self.store.one("records", {"after": seq - 1, "until": seq})
        return None if row is None else Record(*row)


class OfStore(OfJournal):
    """Earlier posts for the engine: in the store, or in the group under way."""

    def __init__(self, store: Store, keys: KeyFile) -> None:
        super().__init__(store, keys)
        self._heard: Mapping[int, Submission] = {}
        self._opened: dict[int, Observation] = {}

    def begin(self, tx: Transaction) -> None:
        """A group begins."""
        self._heard = tx.heard
        self._opened.clear()

    def settled(self) -> None:
        """A record is settled: what was opened for it is let go."""
        self._opened.clear()

    def acted(self, seq: int) -> int:
        """The most that a decision did about it; what a person judged is not acted on again."""
        if self.store.one("judged_by_a_person", (seq,)) is not None:
            return campaigns.RESTRICTED
        rows = self.store.all("decisions_about", (seq,))
        return max((campaigns.done(row[9]) for row in rows), default=0)

    def seen(self, seq: int) -> Observation | None:
        """What it said."""
        found = self._opened.get(seq)
        if found is None:
            item = self._heard.get(seq)
            if item is None:
                found = super().seen(seq)
            else:
                found = Observation(item.event, kind_of(item.event) or "", self.keys)
            if found is not None:
                self._opened[seq] = found
        return found

    def unpublished(self, tx: Transaction, seq: int) -> bool:
        """Whether it was asked about and is not published, as far as is known."""
        key = self.keys.community
        item = self._heard.get(seq)
        if item is not None:
            identity = journal.identity(key, item.event.source, item.event.id)
            known = tx.identities.get(identity)
            checked = known is not None and known.seq == seq and known.via == "check"
        else:
            record = self.record(seq)
            if record is None or record.identity is None:
                return False
            identity, checked = record.identity, record.via == "check"
        return (
            checked
            and arrivals.published(self.store, tx, journal.publication(key, identity)) is None
        )
