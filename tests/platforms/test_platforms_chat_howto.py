"""The how-to by which moderators decide from their room is followed to the word, on a real Synapse
that was connected as its own how-to says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from flow.served_platform import wait
from flow.small_community import rows
from ombud import session
from platforms.matrix_reader import Reader, Step, matched, told
from platforms.moderators_room import BOUND, PASSWORD, Console
from platforms.synapse import CLIENT, Person
from platforms.test_platforms_matrix_howto import PAGE as CONNECTING
from platforms.test_platforms_matrix_howto import PLAN as CONNECTS
from tidy.source_tree import ROOT

PAGE = ROOT / "docs" / "how-to" / "decide-from-a-moderators-room.md"
LINK = "Look at https://cheap-bags.example/now"  # the shipped first-post-links holds it
MINH = "Quang Minh"


class Room(Reader):
    """Whoever runs that Synapse, and their moderators: at the console, and on Matrix."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "talk", "talk.example", "lobby")
        self.room = self.asked = self.line = self.case = ""
        self.people: dict[str, Person] = {}
        self.consoles: dict[str, Console] = {}

    @property
    def data(self) -> Path:
        """The community's folder."""
        return self.folder / "ombud-data"

    @property
    def ana(self) -> Person:
        """The first of them."""
        return self.people["Ana"]

    def connected(self) -> None:
        """What the page needs: a homeserver that is connected, rules that hold, accounts."""
        steps = matched(CONNECTING.read_text(encoding="utf-8"), CONNECTS)
        last = next(at for at, (each, _) in enumerate(steps) if each.act == Reader.complete)
        for step, text in steps[: last + 1]:
            step.act(self, text)
        settings = self.data / "ombud.toml"
        settings.write_text(f"procedural_holds = true\n{settings.read_text('utf-8')}", "utf-8")
        self.inline("`ombud connect reload`")
        port = int(self.here["http://127.0.0.1:8420"].rpartition(":")[2])
        for name, roles in (("Ana", ["admin", "reviewer"]), (MINH, ["reviewer"])):
            made = session.request(self.data, "staff", change="added", name=name, roles=roles)
            self.consoles[name] = Console(port)
            path = "/link/" + made["link"].rpartition("/link/")[2]
            assert self.consoles[name].ask("POST", path, {"password": PASSWORD})[0] == 303
            self.people[name] = self.server.register(name.partition(" ")[0].casefold())

    def lines(self) -> list[dict[str, Any]]:
        """What Ombud has written in the moderators' room, the oldest first."""
        found = self.ana.messages(self.room)[::-1]
        mine = (self.account.id, "m.room.message")
        return [each for each in found if (each["sender"], each["type"]) == mine]

    def said(self, text: str) -> dict[str, Any]:
        """The latest line that holds a text, waited for."""

        def there() -> list[dict[str, Any]]:
            return [each for each in self.lines() if text in str(each["content"].get("body"))]

        wait(there, f"{text}: {self.lines()}")
        return there()[-1]

    def react(self, sign: str, about: str) -> str:
        """Ana reacts; the reaction's event."""
        relation = {"rel_type": "m.annotation", "event_id": about, "key": sign}
        sent = self.ana.send(self.room, {"m.relates_to": relation}, "m.reaction")
        return str(sent.json["event_id"])

    def stands(self, event: str) -> None:
        """Wait until Ombud knows that a line of its own stands there."""
        wait(lambda: rows(self.data, "SELECT 1 FROM chat_line WHERE event = ?", event), "unknown")


def _make(reader: Room, _: str) -> None:
    asked = [reader.account.id, *(each.id for each in reader.people.values())]
    reader.room = reader.owner.room(preset="private_chat", invite=asked)
    for each in reader.people.values():
        assert each.join(reader.room).status == 200


def _name(reader: Room, text: str) -> None:
    section, line = text.splitlines()
    settings = reader.data / "ombud.toml"
    named = settings.read_text("utf-8")
    assert named.count(f"{section}\n") == 1
    here = re.sub('"!.*"', f'"{reader.room}"', line)
    settings.write_text(named.replace(f"{section}\n", f"{section}\n{here}\n"), "utf-8")


def _check(reader: Room, text: str) -> None:
    reader.run(text)
    room = "the moderators' room"
    assert f"there  {room}: joined\n" in reader.last.printed
    assert f"there  {room}: for those who are invited, and readable\n" in reader.last.printed
    assert f"there  {room}: power to write\n" in reader.last.printed


def _opens(reader: Room, _: str) -> None:
    who = reader.server.register("seller")
    assert who.join(reader.lobby).status == 200
    assert who.say(reader.lobby, LINK).status in (200, 403)
    query = "SELECT id FROM review_case WHERE closed IS NULL"
    wait(lambda: rows(reader.data, query), "no case")
    ((reader.case,),) = rows(reader.data, query)
    line = reader.said(f"Case {reader.case}.")
    assert f"/cases/{reader.case}" in line["content"]["body"]
    assert "cheap-bags" not in str(line)
    assert "seller" not in str(line)
    reader.line = line["event_id"]
    reader.stands(reader.line)


def _code(reader: Room, _: str) -> None:
    reader.asked = reader.consoles["Ana"].code(reader.ana.id)


def _bound(reader: Room, text: str) -> None:
    assert "`!ombud code " in text
    reader.ana.say(reader.room, f"!ombud code {reader.asked}")
    reader.said(f"{BOUND} ana")
    code = reader.consoles[MINH].code(reader.people[MINH].id)
    reader.people[MINH].say(reader.room, f"!ombud code {code}")
    reader.said(f"{BOUND} quang minh")


def _unbound(reader: Room, text: str) -> None:
    reader.run(text)
    count = len(reader.lines())
    reader.people[MINH].say(reader.room, "!ombud help")
    reader.ana.say(reader.room, "!ombud help")
    wait(lambda: len(reader.lines()) > count, "no answer")
    assert len(reader.lines()) == count + 1


def _takes(reader: Room, _: str) -> None:
    reader.react("👀", reader.line)
    reader.said(f"Case {reader.case} is yours for 15 minutes")


def _releases(reader: Room, _: str) -> None:
    reader.react("↩️", reader.line)
    reader.said("open the case first")
    assert reader.consoles["Ana"].ask("GET", f"/cases/{reader.case}")[0] == 200
    at = f"{CLIENT.replace('v3', 'v1')}/rooms/{quote(reader.room)}/relations/{quote(reader.line)}"
    for each in reader.ana.ask("GET", f"{at}/m.annotation").json["chunk"]:
        if (each["sender"], each["content"]["m.relates_to"]["key"]) == (reader.ana.id, "↩️"):
            _redact(reader, each["event_id"])
    reader.asked = reader.react("↩️", reader.line)
    reader.said(f"Case {reader.case}: released")


def _redact(reader: Room, event: str) -> None:
    at = f"{CLIENT}/rooms/{quote(reader.room)}/redact/{quote(event)}/r{quote(event)}"
    assert reader.ana.ask("PUT", at, {}).status == 200


def _stays(reader: Room, _: str) -> None:
    _redact(reader, reader.asked)
    reader.said("what it decided stands")
    query = "SELECT outcome, undone FROM review WHERE id = ?"
    assert rows(reader.data, query, reader.case) == [("released", None)]


def _asks(reader: Room, text: str) -> None:
    reader.ana.say(reader.room, text.strip())


def _begins(reader: Room, _: str) -> None:
    asked = reader.said("For 3 hours")["event_id"]
    reader.stands(asked)
    reader.react("✅", asked)
    reader.said("It is an emergency, until")


def _ends(reader: Room, text: str) -> None:
    end, begin, end_too = re.findall("`(!ombud [^`]+)`", text)
    reader.ana.say(reader.room, end)
    reader.said("The emergency is over")
    count = len(reader.lines())
    for each in (begin, end_too):
        reader.ana.say(reader.room, each)
    wait(lambda: len(reader.lines()) == count + 2, "not understood")
    asked, none = (each["content"]["body"] for each in reader.lines()[count:])
    assert "For 3 hours" in asked
    assert "it is no emergency" in none


def _told(sentence: str, act: Any) -> Step:
    return told(sentence, act)


PLAN = (
    _told(
        "In your client, make a room that is **invite-only** and **not encrypted**, whose history"
        " only its members read, and invite Ombud's account and your moderators.",
        _make,
    ),
    Step('[matrix."talk"]\nstaff_room = ', _name),  # type: ignore[arg-type]
    Step("ombud connect reload\nombud connect check talk", _check),  # type: ignore[arg-type]
    _told("One line a case: the clause in words, the queue, the case's id and the link", _opens),
    _told(
        'under "The moderators\' room": name your whole Matrix id and press "Get a code".', _code
    ),
    _told(
        "write what the page shows, for example `!ombud code K7WQX-PM3RT`, in the moderators' room,"
        " from that account. Ombud answers that it hears you.",
        _bound,
    ),
    Step("ombud staff unbind ", _unbound),  # type: ignore[arg-type]
    _told("takes the case for 15 minutes, as at the console", _takes),
    _told("after you have opened it at the console, as it is now", _releases),
    _told("Taking the reaction back undoes nothing", _stays),
    Step("!ombud emergency 3", _asks),  # type: ignore[arg-type]
    _told("Ombud says what will happen and asks for ✅ below its answer", _begins),
    _told(
        "`!ombud end` ends it before. In Vietnamese: `!ombud khẩn cấp 3`, `!ombud kết thúc`.", _ends
    ),
)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Room]:
    """Somebody whose Synapse is connected, and two moderators."""
    made = Room(tmp_path)
    try:
        made.connected()
        yield made
    finally:
        made.close()


def test_the_how_to_of_the_moderators_room_works_as_written(reader: Room) -> None:
    """Every block and every step of the page: the room, a line, a code, a case that is taken and
    released, a reaction taken back, an account let go of, an emergency begun and ended.
    """
    reader.follow(PAGE, PLAN)


def test_no_block_of_the_room_s_page_is_passed_over() -> None:
    """A page with a block that the plan does not know fails, and one without a step."""
    page = PAGE.read_text(encoding="utf-8")
    assert len(matched(page, PLAN)) == len(PLAN)
    for other in (
        page + "\n```console\nombud state\n```\n",
        page.replace("Taking the reaction back undoes nothing", ""),
    ):
        with pytest.raises(AssertionError):
            matched(other, PLAN)
