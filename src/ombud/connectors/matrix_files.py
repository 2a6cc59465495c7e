"""The files of a removed message: which there are, and their quarantine.

A message names files by address, and may name anybody's: only those that its own author uploaded to
this homeserver are taken away with it. A quarantine is believed once the homeserver says that the
file is in it. This module must never act on a file that no message of a named room shows.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from ombud.connectors.matrix_before import DONE
from ombud.connectors.matrix_client import ADMIN, Client
from ombud.errors import BadUse, catalogue
from ombud.model import Outcome

catalogue(
    U525=(
        "The message is gone, and a file of it stays: it is marked as safe from quarantine.",
        "Take that mark away (`media/unprotect`), and have what failed tried once more.",
    ),
)

FILES_MAX = 64
FILE = f"{ADMIN}/v1/media/{{}}/{{}}"
_ADDRESS = re.compile(r"mxc://([^/\s\"'<>\\?#]{1,255})/([A-Za-z0-9_\-]{1,255})")


class Files:
    """The files of one homeserver, in the name of an account that is its admin."""

    def __init__(self, client: Client, server: str, account: str) -> None:
        self._client = client
        self._server = server
        self._account = account

    def shown(self, event: Mapping[str, Any]) -> tuple[str, ...]:
        """The files of this homeserver that an event names, in whatever field."""
        whole = msgspec.json.encode(event.get("content")).decode()
        found = _ADDRESS.findall(whole + html.unescape(whole))
        mine = dict.fromkeys(media for server, media in found if server == self._server)
        return tuple(mine)[:FILES_MAX]

    def hide(self, event: Mapping[str, Any]) -> tuple[tuple[str, ...], Outcome]:
        """Put the files of an event that its sender uploaded into quarantine: which are in it by
        Ombud's account, and whether all are.
        """
        hidden: list[str] = []
        outcome = DONE
        for media in self.shown(event):
            state = self._state(media)
            if isinstance(state, Outcome):
                return tuple(hidden), state
            if not state or state.get("user_id") != event.get("sender"):
                continue
            if not state.get("quarantined_by"):
                done = self._client.ask(
                    "POST", f"{ADMIN}/v1/media/quarantine/{{}}/{{}}", self._server, media
                ).outcome()
                state = self._state(media)
                if done.state != "confirmed" or isinstance(state, Outcome):
                    return tuple(hidden), state if isinstance(state, Outcome) else done
            by = state.get("quarantined_by")
            if not by:
                outcome = Outcome(state="refused", detail=str(BadUse("U525")))
            elif by == self._account:
                hidden.append(media)
        return tuple(hidden), outcome

    def show(self, files: tuple[str, ...]) -> Outcome:
        """Let files out of quarantine that are in it by Ombud's account."""
        for media in files:
            state = self._state(media)
            if isinstance(state, Outcome):
                return state
            if state.get("quarantined_by") != self._account:
                continue
            done = self._client.ask(
                "POST", f"{ADMIN}/v1/media/unquarantine/{{}}/{{}}", self._server, media
            ).outcome()
            if done.state != "confirmed":
                return done
        return DONE

    def _state(self, media: str) -> Mapping[str, Any] | Outcome:
        """What the homeserver says of a file; nothing where it has none such."""
        said = self._client.ask("GET", FILE, self._server, media)
        if said.status == 404:
            return {}
        found = said.body.get("media_info")
        if not said.good:
            return said.outcome()
        return found if isinstance(found, dict) else {}
