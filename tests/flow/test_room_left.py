"""A room that is moderated no more: what would stay in force there is named first, and what is
undone afterwards is not said to be gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cli.command_line import printed, run
from flow.case_desk import waiting
from flow.chat_room import CHAT, HELD, LOOK
from flow.platform_side import SECOND, Platform, all_holds, connected
from flow.small_community import event, rows
from ombud import casework, homerooms, homeserver, local_socket, session
from ombud.connectors.capabilities import of_matrix
from ombud.connectors.matrix import MatrixConnector
from ombud.controls import programs
from ombud.errors import BadUse
from ombud.homeserver import Wanted
from ombud.inforce import not_lifted
from ombud.model import MATRIX_IN_ROOMS, Call
from ombud.web import notice

ROOM, OTHER = "!hall:hs", "!garden:hs"
WANTED = Wanted("http://127.0.0.1:9", "hs", [ROOM, OTHER], allow=["127.0.0.1"])
WINDOW = 11 * SECOND


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A community with two rooms of a homeserver that is away."""
    settings = CHAT.partition("[matrix")[0]
    with connected(tmp_path, rules=dict([HELD, LOOK]), settings=settings) as made:
        homeserver.connect(made.engine, "chat", WANTED)
        yield made


def judged(platform: Platform, number: int, action: str, room: str = ROOM) -> str:
    """Somebody says something in a room, and a person does something about it; the decision."""
    source, where = f"chat/{room}", {"id": room}
    kim = {"id": "@kim:hs"}
    platform.stream(event(number, text="look", author=kim, source=source, room=where))
    (case,) = waiting(platform)
    act: dict[str, Any] = {"action": action, "text": "disputed"}
    if action != "label":
        act = {"action": action, "on": "author", "length": 24 * 3600 * SECOND}
    asked = {"case": case, "by": "mia", "outcome": "uphold", "acts": [act]}
    made = casework.perform(platform.engine, "decide case", asked)
    return str(made["decisions"][0])


def removed(platform: Platform, leave: int = 0) -> None:
    """The room is taken out."""
    homerooms.change(platform.engine, "chat", ROOM, add=False, leave=leave)


def refused(platform: Platform) -> str:
    """It is not, and all is as it was; why."""
    before = (platform.folder / "ombud.toml").read_bytes()
    with pytest.raises(BadUse) as caught:
        removed(platform)
    assert caught.value.code == "U452"
    assert (platform.folder / "ombud.toml").read_bytes() == before
    assert not (platform.folder / homerooms.BEGUN).exists()
    return caught.value.message


def test_what_stays_in_force_is_named_before_a_room_goes(platform: Platform) -> None:
    """How many, of which actions, and what lists them; what is done elsewhere, or to an account
    anywhere, is none of it. What is undone is, until the homeserver has done it.
    """
    first = judged(platform, 1, "label")
    judged(platform, 2, "label", OTHER)
    judged(platform, 3, "limit")
    ban = judged(platform, 4, "ban from room")
    platform.clock[0] += WINDOW
    platform.deliver()
    assert "2 decisions" in refused(platform)
    assert "ban from room (1), label (1)" in refused(platform)
    listed = printed("connect", "room", "in-force", "chat", ROOM, "--data", platform.folder)
    assert [each["id"] for each in listed["items"]] == [first, ban]
    assert platform.engine.undo("admin", ids=[first]) == [first]
    assert "label (1)" in refused(platform)
    listed = printed("connect", "room", "in-force", "chat", ROOM, "--data", platform.folder)
    assert [each["being_undone"] for each in listed["items"]] == [True, False]
    platform.deliver()
    assert "1 decisions" in refused(platform)
    platform.engine.undo("admin", ids=[ban])
    platform.deliver()
    removed(platform)
    all_holds(platform)


def test_what_never_came_about_there_keeps_nobody(platform: Platform) -> None:
    """An action that was taken back in its seconds, and one that the homeserver refused."""
    gone = judged(platform, 1, "label")
    platform.engine.undo("admin", ids=[gone])
    judged(platform, 2, "label")
    platform.clock[0] += WINDOW
    platform.deliver("failed")
    removed(platform)


def test_what_could_not_be_undone_is_counted(platform: Platform) -> None:
    """The homeserver refused to take it back: it is there as before."""
    ban = judged(platform, 1, "ban from room")
    platform.clock[0] += WINDOW
    platform.deliver()
    platform.engine.undo("admin", ids=[ban])
    platform.deliver("failed")
    assert not_lifted(platform.engine.store, ban)
    assert "ban from room (1)" in refused(platform)


def test_what_stays_is_journalled_and_said_where_it_is_undone(platform: Platform) -> None:
    """Whoever says how many stay has it so, and no more than that; who undoes it later hears that
    it is not lifted there, and so does its person, by message and page, in both languages.
    """
    label = judged(platform, 1, "label")
    platform.clock[0] += WINDOW
    platform.deliver()
    removed(platform, leave=1)
    query = "SELECT payload FROM journal WHERE type = '!access' ORDER BY seq DESC LIMIT 1"
    assert json.loads(rows(platform.folder, query)[0][0])["left"] == {"label": 1}
    assert programs.out_of_reach(platform.engine.store, platform.engine.settings.matrix, label)
    found = homerooms.out_of_reach(platform.folder, platform.engine.store, [label])
    assert found == [label]
    statement = rows(platform.folder, "SELECT statement FROM notice WHERE decision = ?", label)
    assert platform.engine.undo("admin", ids=[label]) == [label]
    assert not not_lifted(platform.engine.store, label)  # nobody has been asked yet
    (due,) = [each for each in platform.open() if each.inverse]
    call = Call(key=due.id, type="action", body=platform.sender.body(due) or b"")
    with_settings = platform.engine.settings.matrix["chat"]
    outcome = MatrixConnector(with_settings, b"x" * 32, name="chat").send(call, 0)
    assert outcome.state == "refused"
    assert platform.mark(due.id, "sending")
    assert platform.mark(due.id, "failed")
    assert not_lifted(platform.engine.store, label)
    assert len(waiting(platform, "action failed")) == 1
    page = platform.page(statement[0][0])
    assert (page.items[0].state, page.items[0].not_lifted) == ("undone", True)
    for lang, words in (("en", "has not taken it back"), ("vi", "nền tảng chưa gỡ bỏ")):
        (told,) = notice.tell(page, lang)
        assert words in told.headline.text
    platform.clock[0] += 3601 * SECOND
    (message,) = [each for each in platform.deliver() if each["type"] == "notice"]
    assert "has not taken it back" in message["text"]
    assert "Nothing of it remains in force" not in message["text"]
    all_holds(platform)


def test_a_number_that_was_outrun_is_no_answer(platform: Platform) -> None:
    """Whoever confirms what they saw confirms nothing that came since."""
    judged(platform, 1, "label")
    judged(platform, 2, "label")
    with pytest.raises(BadUse, match="U452"):
        removed(platform, leave=1)
    words = ("connect", "room", "remove", "chat", ROOM, "--data", platform.folder)
    with closing(local_socket.Server(platform.folder, session.handlers(platform.engine))):
        assert "U452" in run(*words).stderr
        assert "U452" in run(*words, "--leave-in-force", 1).stderr
        assert run(*words, "--leave-in-force", 2).exit_code == 0


def test_what_needs_its_room_is_what_the_connector_says(platform: Platform) -> None:
    """Each action's undoing is asked of the connector of a homeserver that names another room: it
    refuses exactly what is held to need the room, and does not even ask for it.
    """
    settings = platform.engine.settings.matrix["chat"]
    connector = MatrixConnector(settings, b"x" * 32, name="chat")
    for action in of_matrix():
        subject = "!gone:hs/$event" if action in ("label", "context", "remove") else "room/!gone:hs"
        if action in ("ban from room", "limit", "suspend"):
            subject = "account/@kim:hs"
        body = {
            "type": "action",
            "action": action,
            "inverse": True,
            "subject": subject,
            "account": "@kim:hs",
            "params": {"room": "!gone:hs", "text": "x"},
        }
        call = Call(key="a", type="action", body=json.dumps(body).encode())
        outcome = connector.send(call, 0)
        away = outcome.detail == "this is in no room that the settings name"
        assert away is (action in MATRIX_IN_ROOMS), (action, outcome)
