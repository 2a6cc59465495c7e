"""A Synapse with Ombud's account in it: the application service, its room, and people.

`side` starts one for many tests; what Ombud would send is sent by a connector of its own.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from ombud import clock
from ombud.config import MatrixConnector as Settings
from ombud.connectors.matrix import MatrixConnector
from ombud.model import Call, Outcome
from platforms.synapse import ADMIN, CLIENT, HOST, NAME, Person, Synapse, started

SENDER = "ombud"
KEPT: dict[tuple[Any, ...], str] = {}  # by homeserver, action, subject and parameters


@dataclass
class Side:
    """A homeserver with Ombud's account, which is an admin and moderates `room` and `other`, owned
    by `owner`. `nowhere` is a room that the settings do not name, `moderators` the staff's own.
    """

    server: Synapse
    secret: bytes
    account: Person
    owner: Person
    room: str
    other: str
    nowhere: str
    moderators: str
    numbers: Iterator[int] = field(default_factory=itertools.count)
    made: list[MatrixConnector] = field(default_factory=list)

    def settings(self, **more: Any) -> Settings:
        """As the operator would write them."""
        told = {
            "url": self.server.url,
            "server": self.server.name,
            "rooms": (self.room, self.other),
            "allow": [HOST],
            "staff_room": self.moderators,
        }
        return msgspec.convert({**told, **more}, Settings)

    def connector(self, secret: bytes = b"", **more: Any) -> MatrixConnector:
        """A connector of its own, as the sender makes one; closed with the rest."""
        self.made.append(MatrixConnector(self.settings(**more), secret or self.secret))
        return self.made[-1]

    def close(self) -> None:
        """Close what was made."""
        for each in self.made:
            each.close()

    def somebody(self) -> Person:
        """A new member of the room."""
        who = self.server.register(f"member{next(self.numbers)}")
        assert who.join(self.room).status == 200
        assert who.join(self.other).status == 200
        return who

    def said(self, who: Person, text: str = "hello") -> str:
        """Somebody says something in the room; the event's id."""
        id_: str = who.say(self.room, text).json["event_id"]
        return id_

    def event(self, id_: str) -> dict[str, Any]:
        """An event as a member sees it."""
        found = self.owner.ask("GET", f"{CLIENT}/rooms/{quote(self.room)}/event/{quote(id_)}")
        told: dict[str, Any] = found.json
        return told

    def state(self, type_: str, key: str = "") -> dict[str, Any]:
        """A piece of the room's state."""
        at = f"{CLIENT}/rooms/{quote(self.room)}/state/{type_}/{quote(key)}"
        told: dict[str, Any] = self.owner.ask("GET", at).json
        return told

    def rest(self, id_: str, relation: str) -> list[dict[str, Any]]:
        """What stands in a relation to an event."""
        at = f"/_matrix/client/v1/rooms/{quote(self.room)}/relations/{quote(id_)}/{relation}"
        told: list[dict[str, Any]] = self.owner.ask("GET", at).json["chunk"]
        return told


def act(
    connector: MatrixConnector, action: str, subject: str | None, *, key: str = "", **more: Any
) -> Outcome:
    """Have an action done, as the outbox words it, with what was kept of its like before."""
    body: dict[str, Any] = {"id": key or ids(), "type": "action", "action": action}
    body |= {"inverse": False, "undoes": None, "subject": subject, "params": {}, **more}
    place = (connector._settings.url, action, subject, str(body["params"]))
    while True:
        memory = KEPT.get(place, "")
        call = Call(key=body["id"], type="action", body=msgspec.json.encode(body), memory=memory)
        outcome = connector.send(call, clock.now())
        if outcome.memory is not None:
            KEPT[place] = outcome.memory
        if outcome.state != "noted":
            return outcome


def tell(connector: MatrixConnector, account: str | None, *, key: str = "", **more: Any) -> Outcome:
    """Have a notice told, as the outbox words it."""
    body = {"id": key or ids(), "type": "notice", "account": account, "lang": "en", **more}
    call = Call(key=body["id"], type=more.get("type", "notice"), body=msgspec.json.encode(body))
    return connector.send(call, clock.now())


def ids() -> str:
    """A key that nothing had before."""
    return f"act_{secrets.token_urlsafe(8)}"


def registration(
    secret: bytes, hs_token: str, url: str | None, rooms: list[str]
) -> Mapping[str, Any]:
    """The file of an application service, as `ombud connect matrix` writes it."""
    return {
        "id": "ombud",
        "url": url,
        "as_token": secret.hex(),
        "hs_token": hs_token,
        "sender_localpart": SENDER,
        "rate_limited": False,
        "namespaces": {"users": [], "aliases": [], "rooms": rooms},
    }


@contextmanager
def side(folder: Path, **more: Any) -> Iterator[Side]:
    """Start it, with more settings of Synapse, and let everybody in."""
    secret = secrets.token_bytes(32)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "ombud-appservice.yaml"
    file.write_bytes(msgspec.json.encode(registration(secret, "hs", None, [])))
    with started(folder, {"app_service_config_files": [str(file)], **more}) as server:
        made = settled(server, secret)
        yield made
        made.close()


def settled(server: Synapse, secret: bytes) -> Side:
    """Ombud's account in a running server: an admin, and with power in two rooms."""
    account = Person(server, f"@{SENDER}:{NAME}", secret.hex())
    asked = {"type": "m.login.application_service", "username": SENDER, "inhibit_login": True}
    found = account.ask("POST", f"{CLIENT}/register", asked)
    assert found.status == 200, found
    made = server.admin.ask("PUT", f"{ADMIN}/v2/users/{quote(account.id)}", {"admin": True})
    assert made.status == 200, made
    owner = server.register("owner")
    levels = {"users": {account.id: 100}}
    rooms = [owner.room(power_level_content_override=levels) for _ in range(2)]
    for room in rooms:
        assert account.join(room).status == 200
    moderators = owner.room(preset="private_chat", invite=[account.id])
    assert account.join(moderators).status == 200
    return Side(server, secret, account, owner, rooms[0], rooms[1], owner.room(), moderators)
