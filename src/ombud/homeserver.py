"""How a Matrix homeserver is connected: its section in `ombud.toml`, the two files that Synapse
reads, and whether everything is there that is needed.

The token by which Ombud acts is kept as the platform's secret, sealed in the key file; the one by
which the homeserver is known is a key like any other. Both stand in the files that are written for
Synapse, for nobody but their owner to read, and are told nowhere else. This module must never write
over a file, and never change a room or an account beyond joining with the one that acts.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ombud import config, egress, platforms
from ombud.app import Engine
from ombud.config import SETTINGS_FILE, MatrixConnector
from ombud.connectors.matrix_client import (
    ADMIN,
    CLIENT,
    CLIENT_V1,
    UNKNOWN_TOKENS,
    Client,
    Said,
)
from ombud.connectors.matrix_policies import MODERATORS, USER
from ombud.controls import programs
from ombud.errors import BadData, BadUse, catalogue
from ombud.staff.people import ADMIN as BY
from ombud.store.keyfile import KeyFile

catalogue(
    U484=(
        "{path} is there already.",
        "Move it away, or take another name: it holds the tokens of an earlier connection.",
    ),
    U485=(
        "The room {room} was not found: {detail}.",
        "Give its id, which begins with !; clients show it among a room's advanced settings.",
    ),
    U486=(
        "No Matrix homeserver called {name} is connected, or its secret is missing.",
        "`ombud connect matrix` connects one; ombud.toml has its section [matrix.{name}].",
    ),
)

REQUESTS = ("homeserver",)
POWER = 100  # that Ombud's account needs in a room
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


class Finding(NamedTuple):
    """One thing that was looked at: what it is, and what to do about it, if anything."""

    what: str
    todo: str = ""


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
    settings = platforms.checked(given, MatrixConnector, name)
    paths = [engine.folder / f"{name}-{what}.yaml" for what in ("appservice", "module")]
    for path in paths:
        if path.exists():
            raise BadUse("U484", str(path), path=path)
    reached = (wanted.ombud_url or engine.address or LOCALLY).rstrip("/")
    with platforms.connecting(engine, "matrix", name, given, by) as key:
        token = secrets.token_bytes(platforms.SECRET_BYTES)
        texts = (
            _appservice(name, settings, reached, token, key),
            _module(name, settings, reached, key),
        )
        with _Written(dict(zip(paths, texts, strict=True))):
            engine.control(programs.signed(name, token, by))
    return {"name": name, "rooms": rooms, "files": [str(path) for path in paths]}


def _room(settings: MatrixConnector, room: str, resolve: egress.Resolve) -> str:
    """A room's id; of an alias, the one that the homeserver tells. Raises BadUse U485."""
    if not room.startswith("#"):
        return room
    client = Client(settings, "", resolve=resolve)
    try:
        said = client.ask("GET", f"{CLIENT}/directory/room/{{}}", room)
    finally:
        client.close()
    found = said.body.get("room_id")
    if not said.good or not isinstance(found, str):
        detail = said.trouble or f"the homeserver answered {said.status} {said.code}".strip()
        raise BadUse("U485", "room", room=room[:100], detail=detail)
    return found


def _appservice(name: str, settings: MatrixConnector, reached: str, token: bytes, key: str) -> str:
    """The registration: which rooms the homeserver tells of, and by which tokens both are known."""
    rooms = [{"exclusive": False, "regex": f"^{_literally(each)}$"} for each in settings.rooms]
    told = {
        "id": f"ombud-{name}",
        "url": reached,
        "as_token": token.hex(),
        "hs_token": key,
        "sender_localpart": settings.sender,
        "rate_limited": False,
        "namespaces": {"users": [], "aliases": [], "rooms": rooms},
    }
    return "# For Synapse: name this file in app_service_config_files.\n" + _yaml(told)


def _module(name: str, settings: MatrixConnector, reached: str, key: str) -> str:
    """What asks before something is published, for homeserver.yaml."""
    asking = {"url": reached, "key": key, "platform": name, "rooms": list(settings.rooms)}
    told = {"modules": [{"module": "ombud_synapse.Ombud", "config": asking}]}
    return "# For Synapse: into homeserver.yaml, or as a file of its own beside it.\n" + _yaml(told)


def _yaml(told: Mapping[str, Any]) -> str:
    """As YAML, of which JSON is a part."""
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n"


def _literally(room: str) -> str:
    """A room's id as a pattern that fits nothing else."""
    return "".join(each if each.isalnum() else f"\\{each}" for each in room)


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


# --- checking -------------------------------------------------------------------------------------


def check(
    folder: Path, keys: KeyFile, name: str, resolve: egress.Resolve = egress.system_resolver
) -> list[Finding]:
    """Look whether a homeserver that is connected can be read and acted on, thing by thing.

    The account that acts is made where it is not there, and joins rooms that it may. Raises BadUse
    U486.
    """
    matrix = config.parse_settings(config.read_file(folder / SETTINGS_FILE)).matrix
    try:
        settings, token = matrix[name], keys.key(programs.secret_name(name)).hex()
    except LookupError:
        raise BadUse("U486", "name", name=name[:100]) from None
    client = Client(settings, token, name=name, resolve=resolve)
    try:
        return list(_Checking(client, settings, name).findings())
    finally:
        client.close()


class _Checking:
    """One look at a homeserver."""

    def __init__(self, client: Client, settings: MatrixConnector, name: str) -> None:
        self._client = client
        self._settings = settings
        self._name = name

    def findings(self) -> Iterator[Finding]:
        """Everything in order; what cannot be there without the one before is not asked."""
        for first in (self._reached, self._known):
            found = first()
            yield found
            if found.todo:
                return
        yield self._admin()
        for room in self._settings.rooms:
            yield from self._room(room)
        if self._settings.staff_room:
            yield self._joined(self._settings.staff_room, "the room of moderators")
        for listed, room in self._settings.policies.follow.items():
            yield self._joined(room, f"the policy list {listed}")
        if self._settings.policies.publish:
            yield self._own_list(self._settings.policies.publish)
        yield self._notices()
        yield self._back()

    def _reached(self) -> Finding:
        what = f"the homeserver at {self._settings.url}"
        said = self._client.ask("GET", "/_matrix/client/versions")
        if said.good or said.code in UNKNOWN_TOKENS:
            return Finding(what)
        why = said.trouble or f"it answered {said.status}"
        return Finding(what, f"{why}. Look at url and allow in ombud.toml.")

    def _known(self) -> Finding:
        what = f"the application service, as {self._settings.account}"
        asked = {
            "type": "m.login.application_service",
            "username": self._settings.sender,
            "inhibit_login": True,
        }
        self._client.ask("POST", f"{CLIENT}/register", content=asked)  # else it is there already
        who = self._client.ask("GET", f"{CLIENT}/account/whoami")
        if not who.good:
            return Finding(
                what,
                f"Synapse does not know it: name {self._name}-appservice.yaml in"
                " app_service_config_files of homeserver.yaml and restart Synapse.",
            )
        if who.body.get("user_id") != self._settings.account:
            return Finding(
                what, "It is another account: server and sender in ombud.toml do not fit."
            )
        return Finding(what)

    def _admin(self) -> Finding:
        account = self._settings.account
        what = f"{account} is an admin of the homeserver"
        if self._client.ask("GET", f"{ADMIN}/v2/users/{{}}", account).good:
            return Finding(what)
        return Finding(
            what,
            f'Make it one: as an admin, PUT {ADMIN}/v2/users/{account} with {{"admin": true}}.',
        )

    def _room(self, room: str) -> Iterator[Finding]:
        joined = self._joined(room, room)
        yield joined
        if joined.todo:
            return
        what = f"{room}: power level {POWER}"
        levels = self._client.state(room, "m.room.power_levels").body
        users = levels.get("users")
        own = users.get(self._settings.account) if isinstance(users, dict) else None
        enough = isinstance(own, int) and own >= POWER
        yield Finding(
            what,
            "" if enough else f"Give {self._settings.account} power level {POWER} there.",
        )
        if self._client.state(room, "m.room.encryption").good:
            yield Finding(
                f"{room}: readable", "It is encrypted: nothing that is said there is read."
            )

    def _joined(self, room: str, called: str) -> Finding:
        member = self._client.state(room, "m.room.member", self._settings.account)
        if not (member.good and member.body.get("membership") == "join"):
            via = {"via": self._settings.policies.via} if self._settings.policies.via else None
            path = f"{CLIENT}/join/{{}}"
            member = self._client.ask("POST", path, room, content={}, query=via)
        what = f"{called}: joined"
        if member.good:
            return Finding(what)
        return Finding(what, f"Invite {self._settings.account} into {room}, then check again.")

    def _own_list(self, room: str) -> Finding:
        """Whether the account may write into the room of one's own list."""
        found = self._joined(room, "the policy list of your own")
        levels = self._client.state(room, "m.room.power_levels").body
        events, users = levels.get("events"), levels.get("users")
        needed = events.get(USER) if isinstance(events, dict) else None
        needed = levels.get("state_default", MODERATORS) if needed is None else needed
        own = users.get(self._settings.account) if isinstance(users, dict) else None
        enough = isinstance(own, int) and isinstance(needed, int) and own >= needed
        if found.todo or enough:
            return found
        return Finding(found.what, f"Give {self._settings.account} power level {needed} there.")

    def _notices(self) -> Finding:
        """A notice to its own account, once: whether the homeserver sends any."""
        content = {
            "user_id": self._settings.account,
            "content": {"msgtype": "m.notice", "body": "Ombud: notices arrive."},
        }
        path = f"{ADMIN}/v1/send_server_notice/{{}}"
        said = self._client.ask("PUT", path, f"ombud-{self._name}-check", content=content)
        what = "server notices"
        if said.good:
            return Finding(what)
        return Finding(
            what,
            "Set server_notices in homeserver.yaml and restart it: else people are told by an"
            " invitation, which whoever is suspended cannot accept.",
        )

    def _back(self) -> Finding:
        """Whether the homeserver reaches Ombud, with the right token."""
        what = "the way from the homeserver to Ombud"
        path = f"{CLIENT_V1}/appservice/{{}}/ping"
        said = self._client.ask("POST", path, f"ombud-{self._name}", content={})
        if said.good:
            return Finding(what)
        return Finding(
            what,
            f"It answered {_short(said)}. Run `ombud serve`, and look at url in"
            f" {self._name}-appservice.yaml.",
        )


def _short(said: Said) -> str:
    return said.trouble or f"{said.status} {said.code}".strip()
