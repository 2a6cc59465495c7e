"""What the community's own folder says of its public log: the head, receipts, witnesses.

Read beside whoever writes. This module must never write, and never give out a receipt that does not
lead to a signed root.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ombud import clock, ids, transparency
from ombud.attestations import signer
from ombud.errors import BadUse
from ombud.ledger import tree
from ombud.ledger.policy import SELF_ATTESTED
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store


class LedgerBook:
    """The log of a data folder, opened to read."""

    def __init__(self, store: Store, keys: KeyFile, folder: Path) -> None:
        self._store, self._keys = store, keys
        self.place = folder / transparency.FOLDER

    def head(self) -> dict[str, Any]:
        """Where the log stands. `refused` says why nothing is signed at present, if that is so."""
        head, signed = self._store.one("head"), self._store.one("signed_head")
        assert head is not None  # a store in use has one  # noqa: S101
        refused = transparency.refusal(self._store, self._keys, self.place)
        return {
            "origin": head[7],
            "size": head[5],
            "root": tree.Frontier.decode(head[6]).root().hex(),
            "published": head[8],
            "key": signer(self._store, self._keys).key.encode(),
            "witnesses": SELF_ATTESTED if signed is None else signed[2],
            "refused": None if refused is None else refused.as_json(),
        }

    def receipt(self, decision: str) -> bytes:
        """The `.tlog-proof` of a decision. Raises BadUse U010 where there is none, U362 where no
        signed head covers it yet.
        """
        row = self._store.one("decision", (ids.encodable(decision),))
        if row is None:
            raise BadUse("U010", decision, decision=decision)
        return transparency.receipt_of(self._store, self.place, decision, row[15])

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
