"""How a Matrix homeserver is connected: its section in `ombud.toml`, and the two files that Synapse
reads.

The token by which Ombud acts is kept as the platform's secret, sealed in the key file; the one by
which the homeserver is known is a key like any other. Both stand in the files that are written for
Synapse, for nobody but their owner to read, and are told nowhere else. This module must never write
over a file.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from ombud import clock, egress, homefiles, platforms
from ombud.app import Engine
from ombud.config import MatrixConnector
from ombud.connectors import matrix_scope
from ombud.connectors.matrix_client import CLIENT, Client
from ombud.controls import programs
from ombud.errors import BadData, BadUse, catalogue
from ombud.staff.people import ADMIN as BY

catalogue(
    U484=(
        "{path} is there already.",
        "Move it away, or take another name: it holds the tokens of an earlier connection.",
    ),
    U485=(
        "The room {room} was not found: {detail}.",
        "Give its id, which begins with !; clients show it among a room's advanced settings.",
    ),
    U507=(
        "The room {room} is encrypted.",
        "Nothing of an encrypted room is asked about or read: leave it out.",
    ),
)

REQUESTS = ("homeserver",)
LOCALLY = "http://127.0.0.1:8420"  # where `ombud serve` listens where nobody says otherwise
OWNER_ONLY = 0o600


class Wanted(NamedTuple):
    """What connecting is asked with. `ombud_url` is where the homeserver reaches Ombud."""

    url: str
    server: str
    rooms: Sequence[str]
    allow: Sequence[str] = ()
    sender: str = ""
    staff_room: str = ""
    ombud_url: str = ""


def perform(engine: Engine, do: str, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    """Connect as a request asks."""
    by = str(request.get("by") or BY)
    told = {name: request[name] for name in Wanted._fields if request.get(name)}
    wanted = Wanted(**{"url": "", "server": "", "rooms": (), **told})
    return connect(engine, str(request.get("name")), wanted, by)


# --- connecting -----------------------------------------------------------------------------------


def connect(
    engine: Engine,
    name: str,
    wanted: Wanted,
    by: str = BY,
    resolve: egress.Resolve = egress.system_resolver,
) -> dict[str, Any]:
    """Connect a homeserver: its section, its key, and the files for Synapse, whose paths are told.

    Raises OmbudError, and then nothing was changed.
    """
    platforms.check_name(name)
    given = {key: value for key, value in wanted._asdict().items() if value and key != "ombud_url"}
    first = platforms.checked({**given, "rooms": ["!-"]}, MatrixConnector, name)
    rooms = [_room(first, each, resolve) for each in wanted.rooms]
    if first.staff_room:
        given["staff_room"] = first.staff_room
    given["rooms"] = rooms
    given["since"] = datetime.fromtimestamp(clock.now() // clock.SECOND, UTC)
    settings = platforms.checked(given, MatrixConnector, name)
    paths = [engine.folder / homefiles.file_name(name, what) for what in homefiles.WRITTEN]
    for path in paths:
        if path.exists():
            raise BadUse("U484", str(path), path=path)
    reached = (wanted.ombud_url or engine.address or LOCALLY).rstrip("/")
    with platforms.connecting(engine, "matrix", name, given, by) as key:
        token = secrets.token_bytes(platforms.SECRET_BYTES)
        texts = (
            homefiles.appservice(name, settings, reached, token, key),
            homefiles.module(name, settings, reached, key),
        )
        with _Written(dict(zip(paths, texts, strict=True))):
            engine.control(programs.signed(name, token, by))
    return {"name": name, "rooms": rooms, "files": [str(path) for path in paths]}


def _room(settings: MatrixConnector, room: str, resolve: egress.Resolve) -> str:
    """A room's id. Raises BadUse U485, and U507 for a room that everybody may look into and that is
    encrypted.
    """
    with closing(Client(settings, "", resolve=resolve)) as client:
        room = id_of(client, room)
        if matrix_scope.is_shown_encrypted(client, room):
            raise BadUse("U507", "room", room=room[:100])
    return room


def id_of(client: Client, room: str) -> str:
    """A room's id; of an alias, the one that the homeserver tells. Raises BadUse U485."""
    if not room.startswith("#"):
        return room
    said = client.ask("GET", f"{CLIENT}/directory/room/{{}}", room)
    found = said.body.get("room_id")
    if not said.good or not isinstance(found, str):
        detail = said.trouble or f"the homeserver answered {said.status} {said.code}"
        raise BadUse("U485", "room", room=room[:100], detail=detail.strip())
    return found


class _Written:
    """Files that nobody but their owner reads; gone again where what follows fails."""

    def __init__(self, texts: Mapping[Path, str]) -> None:
        self._texts = texts
        self._made: list[Path] = []

    def __enter__(self) -> None:
        try:
            for path, text in self._texts.items():
                path.touch(OWNER_ONLY, exist_ok=False)
                self._made.append(path)
                with path.open("wb") as file:
                    file.write(text.encode())
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            self._undo()
            raise BadData("D003", str(path), detail=error.strerror or error) from None

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self._undo()

    def _undo(self) -> None:
        for path in self._made:
            path.unlink(missing_ok=True)
