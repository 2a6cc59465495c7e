"""What else keeps a subject restricted: what is one restriction, which end counts, what is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, bags, decide, waiting
from flow.platform_side import HOUR, Platform, connected
from flow.small_community import rows
from ombud import decisions, redacted, remaining
from ombud.decisions import Decision
from ombud.store.sqlite import Row


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community where cases are decided."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


@pytest.mark.parametrize(
    ("action", "params", "found"),
    [
        ("hold", {}, ("hidden", "")),
        ("remove", None, ("hidden", "")),
        ("suspend", {}, ("suspend", "")),
        ("lock", None, ("lock", "")),
        ("ban from room", {"room": "!a"}, ("ban from room", "!a")),
        ("ban from room", None, ("ban from room", "")),
        ("label", {"text": "spam"}, ("label", "spam")),
        ("context", {"text": "x"}, ("context", "x")),
        ("label", None, None),
        ("warn", {}, None),
    ],
)
def test_what_is_one_state(
    action: str, params: dict[str, str] | None, found: tuple[str, str] | None
) -> None:
    """Whatever hides is one, each wording is one; a warning and an erased wording are none."""
    assert remaining.restriction(action, params) == found


def test_the_latest_end() -> None:
    """An end that never comes is later than any."""
    assert remaining.latest([3, 9, 5]) == 9
    assert remaining.latest([3, None, 5]) is None


def others(platform: Platform, decision: str) -> list[str]:
    """The decisions that keep what another one restricts."""
    store, keys = platform.sender._store, platform.engine.keys

    def opened(row: Row) -> Decision | None:
        plain = redacted.opened(store, keys, row[0], row[14])
        return None if plain is None else decisions.opened(plain)

    row = store.one("decision", (decision,))
    assert row is not None
    return [each.row[0] for each in remaining.others(store, opened, row, opened(row))]


def test_who_keeps_what_comes_in_order(platform: Platform) -> None:
    """Two holds on one post know each other once both have gone out, the later end first; what is
    over, and what is on another post, keeps nothing.
    """
    for number in range(3):
        platform.clock[0] += HOUR
        platform.stream(bags(number, at=number) | {"subject": "post/1"})
    platform.stream(bags(9))
    first, second, third, other = (
        row[0] for row in rows(platform.folder, "SELECT id FROM decision ORDER BY leaf")
    )
    assert others(platform, first) == []
    platform.deliver()
    assert others(platform, first) == [third, second]
    assert others(platform, second) == [third, first]
    assert others(platform, other) == []
    platform.engine.undo("admin", ids=[third])
    assert others(platform, first) == [second]


def test_what_is_left_of_what_was_replaced(platform: Platform) -> None:
    """A hold that ended without being lifted is left, by the key of its action; not one in force,
    nor one that was lifted, nor what is told apart by words.
    """
    platform.stream(bags(1))
    platform.deliver()
    (row,) = platform.outbox(action="hold")
    store, lane = platform.sender._store, row["lane"]
    assert remaining.left_behind(store, lane, "dec_none", "remove") is None
    (case,) = waiting(platform)
    removed = decide(platform, case, "uphold", "remove")["decisions"][0]
    left = (row["id"], row["decision"])
    assert remaining.left_behind(store, lane, removed, "remove") == left
    assert remaining.left_behind(store, lane, removed, "limit") is None
    assert remaining.left_behind(store, lane, removed, "label") is None
    platform.engine.undo("admin", ids=[removed])
    platform.deliver()
    assert remaining.left_behind(store, lane, "dec_none", "hold") is None
