"""The public log of one running engine: when its head is signed, and its files are brought up to
date.

It works on the writer's own connections, and so only between two groups, or when the writer has
ended. This module must never be called while a group is under way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from ombud import summaries, transparency
from ombud.attestations import signer
from ombud.clock import MINUTE
from ombud.config import Settings
from ombud.review import evidence
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store


class PublicLog:
    """Signs and shows the log of one data folder."""

    def __init__(
        self, folder: Path, store: Store, keys: KeyFile, fault: Callable[[str], None]
    ) -> None:
        self._folder, self._store, self._keys, self._fault = folder, store, keys, fault
        self.signed: Callable[[], object] = lambda: None  # called after a head was signed

    def publish(self, now: int, rules: Collection[str]) -> None:
        """Sign the head as of the last commit; what nobody may ask about any more is let go of
        before, and which of the `rules` in force have a summary is noted. Raises `BadLedger` where
        the log does not extend what was signed.
        """
        self.note(rules)
        evidence.let_go(self._store, self._keys, now)
        trust = transparency.policy_of(self._folder)
        transparency.publish(self._store, self._keys, self._place, self._fault, trust)
        self.signed()

    def note(self, rules: Collection[str]) -> None:
        """Keep which of the rules in force have a summary instead of their text."""
        summaries.note(self._store, self._folder, rules)

    def show(self) -> None:
        """Write the signed head anew, with the cosignatures that it has by now."""
        key, trust = signer(self._store, self._keys).key, transparency.policy_of(self._folder)
        transparency.show(self._store, key, self._place, trust)

    @property
    def _place(self) -> Path:
        return self._folder / transparency.FOLDER


def every(settings: Settings) -> int:
    """After how long a new head is signed, in microseconds."""
    return settings.ledger.publish_minutes * MINUTE
