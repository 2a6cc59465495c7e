"""What a moderators' room is told: one line a case, one for a flood, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.chat_room import ANA, ChatRoom, chat_room
from flow.platform_side import all_holds
from flow.small_community import event, rows
from ombud import chat, session
from ombud.chat import LINES_MAX, SPAN
from ombud.clock import MINUTE


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ChatRoom]:
    """A moderators' room."""
    with chat_room(tmp_path) as made:
        yield made


def release(room: ChatRoom, case: str) -> None:
    """Somebody releases a case at the console."""
    session.perform(
        room.platform.engine, "decide case", {"case": case, "outcome": "release", "by": "Ana"}
    )


def test_a_case_is_one_line_once(room: ChatRoom) -> None:
    """However often it is looked, and after a restart of who looks."""
    room.post("cheap bags")
    assert room.look() == []
    assert [each["chat"] for each in room.lines.values()].count("case") == 1
    all_holds(room.platform)


def test_a_campaign_is_one_line(room: ChatRoom) -> None:
    """What joins an open case adds none."""
    words = "nice shoes for everybody who comes today to our shop at the corner"
    for number in range(30):
        room.platform.stream(event(900 + number, text=words, author={"id": f"w{number}"}))
        room.look()
    assert [each["chat"] for each in room.lines.values()].count("case") == 1
    (line,) = [each for each in room.lines.values() if each["chat"] == "case"]
    assert line["reactions"] == ["👀"]  # it is about several
    room.opened("Ana", room.cases()[0])
    room.react(ANA, line["id"], "↩️")
    assert "several things" in room.answer()


def test_a_flood_is_one_line_that_says_how_many(room: ChatRoom) -> None:
    """Many at once are told of together; what comes more within the span waits for its end."""
    for number in range(40):
        text = f"look {number * 7919}"
        room.platform.stream(event(number, text=text, author={"id": f"f{number}"}))
    (first,) = room.look()
    assert first["chat"] == "more"
    assert first["text"].startswith("40 cases were opened")
    assert first["link"].endswith("/cases")
    for number in range(40, 40 + LINES_MAX + 7):
        text = f"look {number * 7919}"
        room.platform.stream(event(number, text=text, author={"id": f"f{number}"}))
        room.platform.clock[0] += 1000
        room.look()
    lines = [each for each in room.lines.values() if each["chat"] == "case"]
    assert len(lines) == LINES_MAX
    room.platform.clock[0] += SPAN
    told = room.look()
    assert [each["chat"] for each in told] == ["case"] * 7
    assert not [
        each for each in room.lines.values() if each["chat"] not in ("case", "more", "bound")
    ]


def test_what_is_urgent_waits_for_no_flood(room: ChatRoom) -> None:
    """Its line comes at once; a case that becomes urgent is told of once more."""
    for number in range(40):
        room.platform.stream(
            event(number, text=f"look {number * 7919}", author={"id": f"f{number}"})
        )
    room.look()
    case, line = room.post("help me")
    assert "urgent" in room.lines[line]["title"]
    assert room.lines[line]["reactions"] == ["👀"]
    room.platform.clock[0] += SPAN
    calm, first = room.post("cheap bags")
    session.perform(room.platform.engine, "urge case", {"case": calm, "by": "Ana"})
    room.look()
    assert room.line(calm) != first
    assert case != calm


def test_a_settled_case_says_so_and_an_undone_one_says_that(room: ChatRoom) -> None:
    """The line is written over, each time once."""
    case, line = room.post("cheap bags")
    release(room, case)
    (edit,) = room.look()
    assert (edit["chat"], edit["over"]) == ("settled", f"${line}")
    assert "settled" in edit["text"]
    session.perform(room.platform.engine, "undo case", {"case": case, "by": "Ana"})
    (again,) = room.look()
    assert (again["chat"], again["over"]) == ("again", f"${line}")
    assert case in again["text"]
    assert "settled" not in again["text"]
    assert room.look() == []
    release(room, case)
    assert [each["chat"] for each in room.look()] == ["settled"]


def test_what_is_settled_before_it_is_told_is_not_told(room: ChatRoom) -> None:
    """A line that waits to be sent is withdrawn."""
    known = set(room.cases())
    room.platform.stream(event("x1", text="cheap bags 3", author={"id": "zz"}))
    (case,) = set(room.cases()) - known
    chat_due = room.platform.engine.change(chat.Shown(("chat",)))
    assert chat_due
    release(room, case)
    assert room.platform.engine.change(chat.Shown(("chat",)))
    assert [each for each in room.sent() if each["chat"] == "case"] == []
    line = room.line(case)
    assert rows(room.platform.folder, "SELECT state FROM outbox WHERE id = ?", line) == [
        ("withdrawn",)
    ]


def test_no_word_of_a_post_and_no_name_is_in_a_line(room: ChatRoom) -> None:
    """Clause, queue, id and link are."""
    case, line = room.post("cheap bags zebra", name="Zebedee")
    said = str(room.lines[line])
    for each in ("zebra", "bags", "Zebedee", "p1"):
        assert each not in said.replace("!mods", "")
    assert case in said
    assert "spam.links" in said


@given(
    st.integers(0, 600),
    st.lists(st.integers(0, 10 * MINUTE), max_size=LINES_MAX),
    st.integers(0, 20 * MINUTE),
)
def test_the_measure_is_kept(waiting: int, said: list[int], ago: int) -> None:
    """Never more lines within a span than LINES_MAX, never one of both, and nothing of nothing."""
    now = 10**15
    lines, whole = chat.plan(waiting, said, now - ago, SPAN, now)
    assert not (lines and whole)
    assert lines + len(said) <= max(LINES_MAX, len(said))
    assert lines <= waiting
    if not waiting:
        assert (lines, whole) == (0, False)
