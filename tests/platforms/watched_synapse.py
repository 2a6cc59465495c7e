"""A real Synapse with Ombud's module in it, a real Ombud beside it, and a wire between them.

The module runs twice, as two operators would set it up: in `open_rooms` what cannot be asked in
time is let pass, in `shut_rooms` it is refused. The rooms are made before the module is: it is told
their ids.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flow.served_platform import KEY, SECRET, Site, make_site
from flow.small_community import rows, rule
from platforms.relay import Wire
from platforms.synapse import CLIENT, HOST, Person, Synapse
from tidy.source_tree import ROOT

MODULE = ROOT / "connectors-synapse"
DEADLINE = 0.8  # seconds
BAGS = "cheap bags"
ALERT = {"kinds": "registration", "then": 'alert "look"'}
RULES = dict(
    [
        rule(
            "bags",
            f'text contains "{BAGS}"',
            f'text "{BAGS}"',
            'text "a"',
            kinds="post, edit, room",
        ),
        rule(
            "names",
            'author.name in list "staff names"',
            'author.name "admin"',
            'author.name "ana"',
            kinds="join, invite",
        ),
        rule("new", "author.age < 1 day", "author.age 1 hour", "author.age 2 days", **ALERT),
    ]
)


@dataclass
class Watched:
    """Both servers and what is between them. `owner` made the rooms; `open` and `shut` are watched,
    `secret` is named and encrypted, `pair` is named and for two by invitation, `unnamed` is not
    named. Ombud's account is in all that are named.
    """

    server: Synapse
    site: Site
    wire: Wire
    owner: Person
    rooms: dict[str, str]
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def enter(self) -> None:
        """Ombud's account comes into every room that was named, as the check demands."""
        account = Person(self.server, f"@ombud:{self.server.name}", SECRET.hex())
        asked = {"type": "m.login.application_service", "username": "ombud", "inhibit_login": True}
        made = account.ask("POST", f"{CLIENT}/register", asked)
        # Synapse may have made the account itself by now, for what it sends as the service
        assert made.status == 200 or made.json["errcode"] == "M_USER_IN_USE", made
        for room in list(self.rooms.values())[:-1]:
            self.owner.invite(room, account.id)  # not needed where everybody may come in
            assert account.join(room).status == 200

    def somebody(self, *rooms: str, name: str = "") -> Person:
        """Somebody new, who has joined these rooms."""
        who = self.server.register(f"person{next(self.numbers)}")
        if name:
            at = f"/_matrix/client/v3/profile/{who.id}/displayname"
            assert who.ask("PUT", at, {"displayname": name}).status == 200
        for each in rooms:
            assert who.join(self.rooms[each]).status == 200
        return who

    def last(self, type_: str) -> int:
        """The number of the latest record of a type."""
        found: int = rows(self.site.folder, "SELECT max(seq) FROM journal WHERE type = ?", type_)[
            0
        ][0]
        return found

    def published(self, record: int) -> bool:
        """Whether the homeserver has said that what was asked about has come about."""
        query = "SELECT payload FROM journal WHERE type = '!publication' AND seq > ?"
        told = rows(self.site.folder, query, record)
        return {"record": record} in [json.loads(payload) for (payload,) in told]

    def journal(self, type_: str) -> list[str]:
        """The way by which each event of a type came: "check", "publication", or the stream."""
        query = "SELECT via FROM journal WHERE type = ? ORDER BY seq"
        return [via for (via,) in rows(self.site.folder, query, type_)]


def _rooms(owner: Person, guest: Person) -> dict[str, str]:
    encrypted = [{"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
    everybody = {"power_level_content_override": {"invite": 0}}
    made = {
        "open": owner.room(name="Open", **everybody),
        "shut": owner.room(name="Shut", **everybody),
        "secret": owner.room(initial_state=encrypted),
        "pair": owner.room(preset="trusted_private_chat", is_direct=True, invite=[guest.id]),
        "unnamed": owner.room(),
    }
    assert guest.join(made["pair"]).status == 200
    return made


def _module(url: str, late: str, rooms: list[str], **more: Any) -> dict[str, Any]:
    hooks = {name: {"late": late} for name in ("message", "join", "invite")}
    config = {"url": url, "key": KEY, "rooms": rooms, "deadline_ms": int(DEADLINE * 1000)}
    return {"module": "ombud_synapse.Ombud", "config": {**config, "hooks": hooks, **more}}


def _service(site: Site, rooms: list[str]) -> dict[str, Any]:
    """What the homeserver tells Ombud of afterwards, past the wire: every room that was named."""
    named = [{"exclusive": False, "regex": f"^{re.escape(each)}$"} for each in rooms]
    return {
        "id": "ombud",
        "url": f"http://{HOST}:{site.serving.port}",
        "rate_limited": False,
        "as_token": SECRET.hex(),
        "hs_token": KEY,
        "sender_localpart": "ombud",
        "namespaces": {"users": [], "aliases": [], "rooms": named},
    }


@contextmanager
def watched(aside: Path) -> Iterator[Watched]:
    """Both, until the block ends."""
    server = Synapse(aside / "synapse", python_path=(MODULE,))
    wire = None
    site = None
    try:
        server.start()
        owner, guest = server.register("owner"), server.register("guest")
        rooms = _rooms(owner, guest)
        server.kill()
        section = (
            f'[matrix.matrix]\nurl = "{server.url}"\nserver = "{server.name}"\n'
            f"rooms = {list(rooms.values())[:-1]}\nallow = ['{HOST}']\n"
            "reports_seconds = 1\n[hooks.default]\ndeadline_ms = 5000\n"
        )
        site = make_site(aside / "ombud", platforms=(), others=("matrix",), settings=section)
        for name, text in RULES.items():
            (site.folder / "rules" / name).write_text(text, encoding="utf-8")
        site.serving.start()
        wire = Wire(site.serving.port)
        named = [rooms[each] for each in ("open", "secret", "pair")]
        service = aside / "ombud-appservice.yaml"
        service.write_text(json.dumps(_service(site, list(rooms.values())[:-1])))
        server.settings["app_service_config_files"] = [str(service)]
        server.settings["room_list_publication_rules"] = [{"action": "allow"}]
        server.settings["modules"] = [
            _module(wire.url, "allow", named, registrations=True),
            _module(wire.url, "refuse", [rooms["shut"]], language="vi"),
        ]
        server.settings["modules"][0]["config"]["hooks"]["room"] = {"late": "refuse"}
        made = Watched(server.start(), site, wire, owner, rooms)
        made.enter()
        yield made
    finally:
        server.kill()
        if wire is not None:
            wire.close()
        if site is not None:
            site.asked.close()
            site.serving.kill()
