"""A locked room: nobody but moderators sends anything, and every level comes back."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ombud.connectors import matrix_rooms

_level = st.integers(min_value=-10, max_value=110)
_levels = st.fixed_dictionaries(
    {},
    optional={
        "events_default": _level,
        "state_default": _level,
        "events": st.dictionaries(
            st.sampled_from(["m.room.message", "m.room.name", "m.poll.start", "events/x"]), _level
        ),
        "ban": _level,
        "users": st.just({"@a:b": 100}),
    },
)


@given(_levels)
def test_nobody_below_a_moderator_sends_anything(levels: dict[str, Any]) -> None:
    """Of whatever type, named or not, whatever the levels were; none is lowered."""
    locked = matrix_rooms.leveled(levels, matrix_rooms.locked(levels))
    named = {"events_default": 0, **matrix_rooms.flat(levels)}
    now = matrix_rooms.flat(locked)
    assert all(now[name] == max(level, matrix_rooms.MODERATORS) for name, level in named.items())
    assert matrix_rooms.locked(locked) == {}
    for name in ("ban", "users"):
        assert locked.get(name) == levels.get(name)


@given(_levels)
def test_every_level_comes_back(levels: dict[str, Any]) -> None:
    """Also one that was not there."""
    changes = matrix_rooms.locked(levels)
    locked = matrix_rooms.leveled(levels, changes)
    stood = matrix_rooms.flat(levels)
    back = matrix_rooms.leveled(locked, {name: stood.get(name) for name in changes})
    assert {**back, "events": back.get("events", {})} == {
        **levels,
        "events": levels.get("events", {}),
    }


def test_levels_of_early_rooms_are_read() -> None:
    """As text; what is no number counts as none."""
    assert matrix_rooms.locked({"events_default": "75", "events": {"x": "0", "y": None}}) == {
        "events/x": 50,
        "events/y": 50,
    }
