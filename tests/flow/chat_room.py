"""A community with a moderators' room, without a homeserver: what would be said there is taken from
the outbox, and what moderators say is handed in as the homeserver's transactions bring it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flow.platform_side import Platform, connected
from flow.small_community import RULES, SETTINGS, event, rows, rule
from ombud import staffing
from ombud.chatting import Chatting
from ombud.connectors.matrix_chat import Word
from ombud.staff import people
from ombud.staff.present import Chat as Account

ANA, BO, GUEST = "@ana:hs", "@bo:hs", "@guest:hs"
CHAT = f"""{SETTINGS}
name = "Talk"

[matrix.chat]
url = "http://127.0.0.1:9"
server = "hs"
rooms = ["!hall:hs"]
staff_room = "!mods:hs"
allow = ["127.0.0.1"]
"""
HELD = rule("bags", 'text contains "cheap bags"', 'text "cheap bags"', 'text "a"')
LOOK = rule("look", 'text contains "look"', 'text "look"', 'text "a"', then='alert "look"')
URGENT = rule(
    "help",
    'text contains "help me"',
    'text "help me"',
    'text "a"',
    then='alert "help" for review in queue "urgent" as urgent',
)
_numbers = itertools.count(1)


@dataclass
class ChatRoom:
    """The room. `lines`: what was said there, by the outbox's key, in order."""

    platform: Platform
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def now(self) -> int:
        """Now, in milliseconds."""
        engine = self.platform.engine
        recv: int = engine.writer.pipeline.recv
        return max(self.platform.clock[0], recv) // 1000

    def look(self) -> list[dict[str, Any]]:
        """Let the server look and send; what is new in the room, where it then stands."""
        Chatting(self.platform.doors).round()
        return self.sent()

    def sent(self) -> list[dict[str, Any]]:
        """Send what waits; what is new in the room."""
        new = [each for each in self.platform.deliver() if each["type"] == "summons"]
        for each in new:
            self.lines[each["id"]] = each
            if each.get("chat") and each.get("over") is None:
                self.hear(Word("line", f"${each['id']}", "@ombud:hs", self.now, each["id"]))
        return new

    def hear(self, *words: Word, at: str = "chat") -> None:
        """What a transaction brings."""
        self.platform.doors.heard(at, words)

    def react(self, who: str, line: str, sign: str, **more: Any) -> str:
        """Somebody reacts to a line; the reaction's event."""
        told = {"event": f"$r{next(_numbers)}", "at": self.now, **more}
        self.hear(Word("reaction", told["event"], who, told["at"], f"${line}", sign))
        return str(told["event"])

    def write(self, who: str, text: str, **more: Any) -> str:
        """Somebody writes a command; its event."""
        told = {"event": f"$c{next(_numbers)}", "at": self.now, **more}
        self.hear(Word("command", told["event"], who, told["at"], told["event"], text))
        return str(told["event"])

    def answer(self) -> str:
        """What is answered, in one text; nothing where nothing is."""
        return "\n".join(each["text"] for each in self.sent() if each.get("answers"))

    def post(self, text: str, **author: Any) -> tuple[str, str]:
        """Somebody says something that a rule asks about: its case, and the id of its line."""
        known = set(self.cases())
        number = next(_numbers)
        who = {"id": f"p{number}", **author}
        self.platform.stream(event(f"n{number}", text=f"{text} {number * 7919}", author=who))
        self.look()
        (case,) = set(self.cases()) - known
        return case, self.line(case)

    def line(self, case: str) -> str:
        """The line of a case."""
        query = "SELECT id FROM chat_line WHERE review = ? AND what = 'case' ORDER BY rowid DESC"
        return str(rows(self.platform.folder, query, case)[0][0])

    def cases(self) -> list[str]:
        """All cases that are open."""
        query = "SELECT id FROM review_case WHERE closed IS NULL ORDER BY opened, id"
        return [row[0] for row in rows(self.platform.folder, query)]

    def reviews(self, case: str) -> list[str]:
        """How a case was judged."""
        query = "SELECT outcome FROM review WHERE id = ? AND undone IS NULL"
        return [row[0] for row in rows(self.platform.folder, query, case)]

    def opened(self, name: str, case: str) -> None:
        """Somebody opens a case at the console."""
        engine = self.platform.engine
        query = "SELECT max(record) FROM case_subject WHERE id = ?"
        last = rows(self.platform.folder, query, case)[0][0] or 0
        engine.credentials.present.saw(self.token(name), case, last, engine.now())

    def token(self, name: str) -> int:
        """Who of the staff is called so."""
        found = self.platform.engine.credentials.token_of(people.called(name))
        assert found is not None
        return found

    def join(self, name: str, account: str, *roles: str) -> None:
        """Somebody joins the staff, and binds their account by a code."""
        engine = self.platform.engine
        staffing.change(engine, "added", name, "admin", roles=list(roles))
        self.bind(name, account)

    def bind(self, name: str, account: str) -> None:
        """Somebody binds an account by a code."""
        engine = self.platform.engine
        chat = Account("chat", account)
        code = engine.credentials.present.ask(self.token(name), chat, engine.now())
        self.write(account, f"code {code}")
        assert f"heard here as {name.casefold()}" in self.answer()


@contextmanager
def chat_room(folder: Path, settings: str = CHAT) -> Iterator[ChatRoom]:
    """A community with its room; Ana, an admin and reviewer, and Bo, a reviewer, are bound."""
    with connected(
        folder,
        rules={**dict([HELD, LOOK, URGENT]), "same-text.rule": RULES["same-text.rule"]},
        settings=settings,
    ) as platform:
        room = ChatRoom(platform)
        room.join("Ana", ANA, "admin", "reviewer")
        room.join("Bo", BO, "reviewer")
        yield room
