"""A moderators' room on a real Synapse, and the people in it: with an account of the staff, a
browser of sorts at the console, and a Matrix account that they bound by a code.
"""

from __future__ import annotations

import http.client
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flow.served_platform import wait
from flow.small_community import rows
from ombud import clock, session
from platforms.synapse import CLIENT, HOST, Person
from platforms.talk import ACCOUNT, RULES, Talk, talk, told

PASSWORD = "nine herons over the delta"
BOUND = "this account is heard here as"
_numbers = itertools.count()


@dataclass
class Console:
    """Somebody's browser at the console: it keeps its cookie."""

    port: int
    cookie: str = ""

    def ask(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> Any:
        """Ask for a page, or send a form; its status and text."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        headers = {"cookie": self.cookie, "sec-fetch-site": "same-origin"}
        if fields is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(fields or {}), headers)
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie" and value.startswith("ombud="):
                    self.cookie = value.partition(";")[0]
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def send(self, path: str, fields: Mapping[str, str]) -> str:
        """Send a form with the token that forms carry; the page that answers."""
        token = re.findall(r'name="form" value="([^"]*)"', self.ask("GET", "/me")[1])[0]
        status, page = self.ask("POST", path, {"form": token, **fields})
        assert status in (200, 303), (status, page)
        return str(page)

    def code(self, account: str) -> str:
        """A code for an account, as one's own page shows it."""
        page = self.send("/me", {"do": "chat", "account": account})
        (found,) = re.findall(r"!ombud code ([A-Z2-9-]+)", page)
        return str(found)


@dataclass
class Moderator:
    """One of the staff: at the console, and on Matrix."""

    name: str
    console: Console
    person: Person


@dataclass
class Moderators:
    """The room and who is in it. `guest` is there, and bound to nobody."""

    talk: Talk
    room: str
    ana: Moderator
    bo: Moderator
    guest: Person
    made: list[str] = field(default_factory=list)

    # --- what stands there ------------------------------------------------------------------------

    def lines(self) -> list[dict[str, Any]]:
        """What Ombud has written, the oldest first, edits among it."""
        found = self.ana.person.messages(self.room)[::-1]
        return [e for e in found if (e["sender"], e["type"]) == (ACCOUNT, "m.room.message")]

    def bodies(self) -> list[str]:
        """The same, in plain words."""
        return [str(each["content"].get("body")) for each in self.lines()]

    def said(self, text: str, *, after: int = 0) -> dict[str, Any]:
        """The first line behind so many that holds a text, waited for."""

        def there() -> list[dict[str, Any]]:
            return [e for e in self.lines()[after:] if text in str(e["content"].get("body"))]

        wait(there, f"{text}: {self.bodies()} {self.talk.serving.told()}")
        return there()[0]

    def react(self, who: Person, event: str, key: str) -> str:
        """Somebody reacts; the reaction's id."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        sent = who.send(self.room, {"m.relates_to": relation}, "m.reaction")
        assert sent.status == 200, sent
        return str(sent.json["event_id"])

    def command(self, who: Person, text: str) -> str:
        """Somebody writes; the message's id."""
        return str(who.say(self.room, text).json["event_id"])

    def settled(self) -> None:
        """Wait until all that was said so far was heard: a command of Ana's is answered."""
        count = len(self.lines())
        mark = self.command(self.ana.person, "!ombud help")
        wait(
            lambda: [
                e
                for e in self.lines()[count:]
                if mark in str(e["content"].get("m.relates_to")) and "!ombud end" in str(e)
            ],
            f"no answer: {self.bodies()} {self.talk.serving.told()}",
        )

    # --- cases ------------------------------------------------------------------------------------

    def case(self, text: str) -> tuple[str, str]:
        """Somebody says something that a rule asks about: the case and the event of its line."""
        known = {row[0] for row in rows(self.talk.folder, "SELECT id FROM review_case")}
        self.talk.somebody().say(self.talk.room, f"{text} {next(_numbers)}")

        def opened() -> list[str]:
            found = rows(self.talk.folder, "SELECT id FROM review_case WHERE closed IS NULL")
            return [row[0] for row in found if row[0] not in known]

        wait(opened, f"no case: {self.talk.serving.told()}")
        (case,) = opened()
        return case, self.line_of(case)

    def line_of(self, case: str) -> str:
        """The event of a case's line, once Ombud knows that it stands there."""
        query = (
            "SELECT event FROM chat_line WHERE review = ? AND what = 'case' AND event IS NOT NULL"
        )
        wait(
            lambda: rows(self.talk.folder, query, case),
            f"no line: {self.bodies()} {self.talk.serving.told()}",
        )
        return str(rows(self.talk.folder, query, case)[-1][0])

    def reviews(self, case: str) -> list[tuple[Any, ...]]:
        """How a case was judged: outcome and how many stand behind it, each judgement."""
        return rows(self.talk.folder, "SELECT outcome, undone FROM review WHERE id = ?", case)

    def looked_at_again(self, case: str) -> str:
        """What a case is about gets a label; then somebody looks it up and opens a case about it
        anew. The new case.
        """
        acts = [{"action": "label", "text": "disputed"}]
        folder = self.talk.folder
        session.request(folder, "decide case", case=case, outcome="uphold", acts=acts, by="Ana")
        query = "SELECT record, clause FROM reviewed WHERE id = ?"
        ((record, clause),) = rows(folder, query, case)
        about = {"kind": "post", "record": record, "reason": "a second look at the label"}
        session.request(folder, "look up", by="Ana", **about)
        made = session.request(folder, "open case", record=record, clause=clause, by="Ana")
        session.request(folder, "give case back", case=made["case"], by="Ana")
        return str(made["case"])

    # --- as the homeserver ------------------------------------------------------------------------

    def now(self) -> int:
        """Now, in milliseconds, as the homeserver counts."""
        return clock.now() // 1000

    def brought(self, event: Mapping[str, Any], id_: str) -> None:
        """Bring an event as the homeserver would: what no real one sends can be seen so too."""
        service = self.talk.folder / "talk-appservice.yaml"
        token = told(str(service))["hs_token"]
        whole = {"event_id": id_, "room_id": self.room, "origin_server_ts": self.now(), **event}
        content = json.dumps({"events": [whole]})
        connection = http.client.HTTPConnection(HOST, self.talk.serving.port, timeout=30)
        at = f"/_matrix/app/v1/transactions/t{next(_numbers)}"
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        try:
            connection.request("PUT", at, content, headers)
            assert connection.getresponse().status == 200
        finally:
            connection.close()

    def post(self, id_: str, text: str) -> None:
        """Somebody says something in the moderated room, brought as by a homeserver."""
        content = {"msgtype": "m.text", "body": text}
        sent = {"type": "m.room.message", "sender": "@someone:far.example", "content": content}
        self.brought({**sent, "room_id": self.talk.room}, f"${id_}")

    # --- in the middle ----------------------------------------------------------------------------

    def killed_at(self, point: str) -> None:
        """Start Ombud anew so that it ends at a point, the next time it comes there."""
        self.talk.serving.stop()
        self.talk.serving.start(OMBUD_FAULT=point)

    def again(self, who: Person, event: str, key: str) -> None:
        """Somebody takes their reaction back and reacts once more."""
        at = f"/_matrix/client/v1/rooms/{self.room}/relations/{event}/m.annotation"
        for each in who.ask("GET", at).json["chunk"]:
            if each["sender"] == who.id:
                gone = f"{CLIENT}/rooms/{self.room}/redact/{each['event_id']}/g{next(_numbers)}"
                assert who.ask("PUT", gone, {}).status == 200
        self.react(who, event, key)

    def moved_to(self, room: str) -> None:
        """The settings name another moderators' room."""
        settings = self.talk.folder / "ombud.toml"
        text = re.sub(r'staff_room = ".*"', f'staff_room = "{room}"', settings.read_text("utf-8"))
        settings.write_text(text, "utf-8")
        session.request(self.talk.folder, "reload")

    def asked_stands(self, event: str) -> None:
        """Wait until Ombud knows that a line of its own stands there."""
        query = "SELECT 1 FROM chat_line WHERE event = ?"
        wait(lambda: rows(self.talk.folder, query, event), f"unknown: {self.talk.serving.told()}")

    def open(self, who: Moderator, case: str) -> None:
        """Somebody opens a case at the console."""
        assert who.console.ask("GET", f"/cases/{case}")[0] == 200


def came_in(talk: Talk, name: str, *roles: str) -> Console:
    """One more of the staff, who has come in at the console."""
    made = session.request(talk.folder, "staff", change="added", name=name, roles=list(roles))
    console = Console(talk.serving.port)
    path = "/link/" + made["link"].rpartition("/link/")[2]
    assert console.ask("POST", path, {"password": PASSWORD})[0] == 303
    return console


@contextmanager
def moderators(aside: Path, rules: Mapping[str, str] = RULES) -> Iterator[Moderators]:
    """A community on Matrix with a moderators' room, and two of the staff bound to accounts."""
    with talk(aside, rules) as made:
        people = [made.server.register(name) for name in ("ana", "bo", "guest")]
        owner = made.owner
        room = owner.room(preset="private_chat", invite=[ACCOUNT, *(each.id for each in people)])
        for each in people:
            assert each.join(room).status == 200
        with (made.folder / "ombud.toml").open("a") as file:
            file.write(f'staff_room = "{room}"\n')
        session.request(made.folder, "reload")
        made.looked.append(made.check())
        consoles = [
            came_in(made, "Ana", "admin", "reviewer"),
            came_in(made, "Bo", "reviewer"),
        ]
        ana, bo = (
            Moderator(name, console, person)
            for name, console, person in zip(("Ana", "Bo"), consoles, people, strict=False)
        )
        found = Moderators(made, room, ana, bo, people[2])
        for one in (ana, bo):
            code = one.console.code(one.person.id)
            found.command(one.person, f"!ombud code {code}")
            found.said(f"{BOUND} {one.name.casefold()}")
        yield found
