"""What the community's own folder says of its public log: the head, receipts, witnesses, counts.

Read beside whoever writes. This module must never write, never give out a receipt that does not
lead to a signed root, and never count what is not under a signed head.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from ombud import clock, ids, transparency
from ombud.attestations import signer
from ombud.errors import BadUse
from ombud.ledger import counts, tree
from ombud.ledger.policy import SELF_ATTESTED
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store


class LedgerBook:
    """The log of a data folder, opened to read. One that is kept counts only the lines that came
    since; one thread at a time.
    """

    def __init__(self, store: Store, keys: KeyFile, folder: Path) -> None:
        self._store, self._keys = store, keys
        self.place = folder / transparency.FOLDER
        self._counted = counts.Counts()
        self._told: tuple[tuple[str, int], bytes] | None = None

    def head(self) -> dict[str, Any]:
        """Where the log stands. `refused` says why nothing is signed at present, if that is so."""
        return {**self.stands(), "refused": self.refused()}

    def refused(self) -> dict[str, str] | None:
        """Why nothing is signed at present: all lines since the last signed head are read."""
        found = transparency.refusal(self._store, self._keys, self.place)
        return None if found is None else found.as_json()

    def stands(self) -> dict[str, Any]:
        """Where the log stands, by what is at hand."""
        head, signed = self._store.one("head"), self._store.one("signed_head")
        assert head is not None  # a store in use has one  # noqa: S101
        return {
            "origin": head[7],
            "size": head[5],
            "root": tree.Frontier.decode(head[6]).root().hex(),
            "published": head[8],
            "key": signer(self._store, self._keys).key.encode(),
            "witnesses": SELF_ATTESTED if signed is None else signed[2],
        }

    def receipt(self, decision: str) -> bytes:
        """The `.tlog-proof` of a decision. Raises BadUse U010 where there is none, U362 where no
        signed head covers it yet.
        """
        row = self._store.one("decision", (ids.encodable(decision),))
        if row is None:
            raise BadUse("U010", decision, decision=decision)
        return transparency.receipt_of(self._store, self.place, decision, row[15])

    def counts(self) -> bytes | None:
        """The public counts under the head that was signed last, as `transparency public` writes
        them; None where nothing was signed yet.
        """
        head = self._store.one("head")
        assert head is not None  # a store in use has one  # noqa: S101
        origin, size, root = head[7:10]
        if root is None:
            return None
        if self._told is None or self._told[0] != (origin, size):
            self._count(size)
            told = {"origin": origin, "size": size, "root": root.hex()}
            self._told = (origin, size), counts.encode(told | self._counted.as_json())
        return self._told[1]

    def _count(self, size: int) -> None:
        """Count the lines up to a size; anew where that is less than was counted."""
        if size < self._counted.size:
            self._counted = counts.Counts()
        self._counted.take(partial(self._store.all, "leaves"), size)

    def witnesses(self) -> list[dict[str, Any]]:
        """What became of asking each witness the last time."""
        return [
            {
                "name": row[0],
                "state": row[2],
                "size": row[1],
                "asked": clock.rfc3339(row[3]),
                "detail": row[4],
            }
            for row in self._store.all("witnesses")
        ]
