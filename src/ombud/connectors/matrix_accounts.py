"""What is done to an account of a homeserver, and how it is taken back: a limit, a suspension.

This module must never choose an account, and never take away what somebody else had set.
"""

from __future__ import annotations

from ombud.connectors import matrix_before
from ombud.connectors.matrix_before import Settings
from ombud.connectors.matrix_client import ADMIN, Client, Said
from ombud.model import Outcome

RATE = {"messages_per_second": 1, "burst_count": 1}  # the slowest that Synapse knows
LIMIT = f"{ADMIN}/v1/users/{{}}/override_ratelimit"


class Accounts:
    """The accounts of one homeserver, in the name of one that is its admin."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def user(self, account: str) -> Said:
        """What the homeserver says of an account."""
        return self._client.ask("GET", f"{ADMIN}/v2/users/{{}}", account)

    def limit(self, account: str, memory: str, *, inverse: bool) -> Outcome:
        """Let it write slowly; or as fast as before, by what somebody had set for it or by no rate
        of its own.
        """
        said = self._client.ask("GET", LIMIT, account)
        if not said.good:
            return said.outcome()

        def write(changes: Settings) -> Outcome:
            rate = changes["rate"]
            if rate is None:
                return self._client.ask("DELETE", LIMIT, account).outcome()
            return self._client.ask("POST", LIMIT, account, content=rate).outcome()

        now = {"rate": dict(said.body) or None}
        if inverse:
            return matrix_before.undo(memory, now, write)
        return matrix_before.do(memory, now, {"rate": RATE}, write)

    def suspend(self, account: str, memory: str, *, inverse: bool) -> Outcome:
        """Let it write no more; or again, unless somebody else had suspended it."""
        said = self.user(account)
        if not said.good:
            return said.outcome()

        def write(changes: Settings) -> Outcome:
            content = {"suspend": changes["suspended"]}
            path = f"{ADMIN}/v1/suspend/{{}}"
            return self._client.ask("PUT", path, account, content=content).outcome()

        now = {"suspended": said.body.get("suspended") is True}
        if inverse:
            return matrix_before.undo(memory, now, write)
        return matrix_before.do(memory, now, {"suspended": True}, write)
