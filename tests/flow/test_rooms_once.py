"""A room is asked for something once, while that lasts: live, after a restart, in replay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import waiting
from flow.platform_side import HOUR, SECOND, Platform, all_holds, connected
from flow.small_community import NOW, agrees_with_replay, change, check, event, prepare, rows, rule
from ombud.activation import program
from ombud.app import Engine
from ombud.transaction import Answer

MINUTE = 60 * SECOND
CAP = 200  # of the clause, a day

SLOWED = rule(
    "slowed",
    'text contains "cheap bags"',
    'text "cheap bags"',
    'text "thanks"',
    then="hold this\n  slow room for 1 hour",
)
ONLY = rule(
    "only",
    'text contains "cheap shoes"',
    'text "cheap shoes"',
    'text "thanks"',
    clause="flood.burst",
    then="slow room for 1 hour",
)
FIRST = rule(
    "first",
    "author.accepted posts >= 1",
    "author.accepted posts  1",
    "author.accepted posts  0",
    clause="flood.burst",
    then='alert "has one"',
)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=dict([SLOWED, ONLY, FIRST])) as made:
        yield made


def post(number: int, who: str = "", room: str = "general", what: str = "bags") -> dict[str, Any]:
    """Somebody offers something in a room."""
    return event(
        number,
        text=f"cheap {what} {number}",
        author={"id": who or f"p{number}"},
        room={"id": room},
    )


def slowed(platform: Platform) -> list[int]:
    """The records by which a room was slowed."""
    query = "SELECT seq FROM decision WHERE action = 'slow' ORDER BY seq"
    return [row[0] for row in rows(platform.folder, query)]


def told(answers: list[Answer]) -> list[str]:
    """What each was answered."""
    return [each.action for each in answers]


def test_a_room_is_slowed_once_while_it_lasts(platform: Platform) -> None:
    """Many posts in one group and after it; another room by itself; anew when it is over."""
    first = platform.stream(*(post(n) for n in range(5)))
    assert told(first) == ["hold"] * 5
    platform.stream(*(post(n) for n in range(5, 9)))
    platform.stream(post(9, room="yard"))
    assert slowed(platform) == [first[0].seq, first[0].seq + 9]
    assert platform.states(kind="action").count(("slow", False, "asked")) == 2
    all_holds(platform)
    platform.stream(post(10))
    assert len(slowed(platform)) == 2
    platform.clock[0] += HOUR + 2 * MINUTE
    platform.stream(post(11), post(12))
    assert len(slowed(platform)) == 3
    lane = [each[:2] for each in platform.states(kind="action") if each[0] == "slow"]
    assert lane == [("slow", False)] * 2 + [("slow", True)] * 2 + [("slow", False)]
    all_holds(platform)


def test_it_counts_once_against_the_cap(platform: Platform) -> None:
    """As many holds as the cap says; the next one is held too, and said to be over it."""
    platform.stream(*(post(n) for n in range(CAP - 1)))
    assert waiting(platform, "over cap") == []
    platform.stream(post(CAP))
    assert len(waiting(platform, "over cap")) == 1
    assert rows(platform.folder, "SELECT count(*) FROM decision WHERE action = 'hold'") == [(CAP,)]


def test_whoever_made_a_room_slow_has_no_post_accepted_for_it(platform: Platform) -> None:
    """Nor those after them: else a raid would make its accounts known here."""
    for number in range(4):
        (answer,) = platform.stream(post(number, f"x{number % 2}", what="shoes"))
        assert answer.action == ("slow" if number == 0 else "allow")
        assert answer.fired == ("only",)
    assert len(slowed(platform)) == 1
    assert waiting(platform, "alert") == []
    all_holds(platform)


def test_what_a_person_lifts_stays_lifted_as_long_as_it_would_have_lasted(
    platform: Platform,
) -> None:
    """No rule works against them meanwhile; it holds the posts all the same."""
    platform.stream(post(1))
    (slow,) = rows(platform.folder, "SELECT id FROM decision WHERE action = 'slow'")
    platform.engine.undo("admin", ids=[slow[0]])
    assert told(platform.stream(post(2))) == ["hold"]
    assert len(slowed(platform)) == 1
    all_holds(platform)
    assert told(platform.stream(post(3))) == ["hold"]
    assert len(slowed(platform)) == 1
    platform.clock[0] += HOUR + 2 * MINUTE
    platform.stream(post(4))
    assert len(slowed(platform)) == 2


@pytest.mark.parametrize("gone", ["p1", "p2"])
def test_it_holds_where_a_body_is_gone(platform: Platform, gone: str) -> None:
    """Who slowed the room is erased, or who came after: the room is known by the decision, and that
    it lasted by the row.
    """
    platform.stream(post(1), post(2), post(3))
    platform.engine.erase("chat", gone)
    platform.stream(post(4))
    assert len(slowed(platform)) == 1
    agrees_with_replay(platform.engine)
    platform.engine.writer._rebuild()
    platform.stream(post(5))
    assert len(slowed(platform)) == 1
    agrees_with_replay(platform.engine)


def test_a_row_that_says_otherwise_is_found(platform: Platform) -> None:
    """A slow room that is made to vanish, and a row that forgot that the room was slow."""
    platform.stream(post(1), post(2))
    platform.engine.close()
    packed = rows(platform.folder, "SELECT hits FROM journal WHERE kind = 'post' ORDER BY seq")
    change(
        platform.folder, "UPDATE journal SET hits = ? WHERE hits = ?", packed[0][0], packed[1][0]
    )
    assert check(platform.folder).different == 1


def test_an_earlier_programs_room_was_asked_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its journal is judged as it was; from the next start on a room is asked once."""
    folder = prepare(tmp_path, dict([SLOWED]))
    whole = program.named

    def named(rules: Any) -> dict[str, Any]:
        return {name: each for name, each in whole(rules).items() if name != "once"}

    counted = "SELECT count(*) FROM decision WHERE action = 'slow'"
    monkeypatch.setattr(program, "named", named)
    with connected(folder) as made:
        made.stream(post(1), post(2), post(3))
    assert rows(folder, counted) == [(3,)]
    monkeypatch.undo()
    outcome = check(folder)
    assert (outcome.different, outcome.not_recomputable) == (0, 0)
    with Engine(folder, now=lambda: NOW + MINUTE) as engine:
        agrees_with_replay(engine)
    with connected(folder, clock=[NOW + 2 * MINUTE]) as made:
        made.stream(post(4), post(5))
        assert rows(folder, counted) == [(3,)]
        agrees_with_replay(made.engine)
