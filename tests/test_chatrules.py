"""What may be decided by a reaction: takes, lets go, keeps; and why all else may not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flow.chat_room import ChatRoom, chat_room
from flow.small_community import change
from ombud import chatrules
from ombud.chatrules import CLAIM, KEEP, RELEASE, SIGNS
from ombud.config import STORE_FILE
from ombud.review import case as cases
from ombud.store.sqlite import Store


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ChatRoom]:
    """A moderators' room."""
    with chat_room(tmp_path) as made:
        yield made


def why(room: ChatRoom, case: str, do: str) -> str:
    """Why something may not be done to a case by a reaction."""
    with closing(Store(room.platform.folder / STORE_FILE, readonly=True)) as store:
        return chatrules.refused(store, cases.find(store, case), do, room.platform.clock[0])


def test_a_simple_case_may_be_taken_and_released(room: ChatRoom) -> None:
    """What is held has nothing to keep: it ends by itself."""
    case, _ = room.post("cheap bags")
    assert [why(room, case, each) for each in (CLAIM, RELEASE, KEEP)] == ["", "", "nothing"]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("urgent", 1, "urgent"),
        ("harm", "private-data", "private"),
        ("harm", "threats", "private"),
        ("reason", "appeal", "appeal"),
        ("queue", "appeals", "appeal"),
        ("reason", "second look", "second"),
        ("reason", "cannot be undone, done", "second"),
        ("reason", "strikes", "second"),
        ("closed", 1, "closed"),
    ],
)
def test_what_needs_a_longer_look_is_decided_on_its_page(
    room: ChatRoom, column: str, value: object, reason: str
) -> None:
    """By name; it can still be taken, unless it is over."""
    case, _ = room.post("cheap bags")
    folder = room.platform.folder
    change(folder, f"UPDATE review_case SET {column} = ? WHERE id = ?", value, case)  # noqa: S608
    for do in (RELEASE, KEEP):
        assert why(room, case, do) == reason
    assert why(room, case, CLAIM) == ("closed" if reason == "closed" else "")


def test_what_waits_for_a_second_person_waits(room: ChatRoom) -> None:
    """A proposal by somebody is answered on the page."""
    case, _ = room.post("cheap bags")
    until = room.platform.clock[0] + 10**12
    row = "INSERT INTO proposal (key, id, person, made, until) VALUES ('pro_1', ?, 1, 0, ?)"
    change(room.platform.folder, row, case, until)
    assert why(room, case, RELEASE) == "second"


def test_signs_are_known_however_they_are_drawn() -> None:
    """With and without what makes them coloured; nothing that only looks near."""
    assert {chatrules.sign(each) for each in ("↩️", "↩", "✅", "✅️", "👀")} == set(SIGNS)
    for each in ("⏎", "✔", "👁", "", "release", "✅✅"):
        assert chatrules.sign(each) not in SIGNS
    assert [chatrules.sign(chatrules.drawn(each)) for each in SIGNS] == list(SIGNS)
