"""Rules of a room that are changed for a while: whatever stood there comes back."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ombud.connectors import matrix_rooms

_levels = st.integers(min_value=-10, max_value=110)
_rules = st.fixed_dictionaries(
    {},
    optional={
        "events_default": _levels,
        "events": st.dictionaries(
            st.sampled_from([*matrix_rooms.SPEECH, "m.room.name"]), _levels, max_size=4
        ),
        "ban": _levels,
    },
)


@given(_rules)
def test_a_locked_room_is_unlocked_as_it_was(levels: dict[str, Any]) -> None:
    """Nobody below a moderator writes meanwhile, whatever the levels were; then they are back."""
    locked = matrix_rooms._locked(levels)
    assert isinstance(locked, dict)
    for name in matrix_rooms.SPEECH:
        assert locked["events"].get(name, locked["events_default"]) >= matrix_rooms.MODERATORS
    assert locked.get("ban") == levels.get("ban")
    assert matrix_rooms._locked(locked) == matrix_rooms.DONE
    again = matrix_rooms._unlocked(locked)
    assert again == {"events_default": 0, "events": {}, **levels}


@given(_levels)
def test_what_a_moderator_set_meanwhile_stays(level: int) -> None:
    """What does not bear what it replaced was set by somebody else."""
    assert matrix_rooms._unlocked({"events_default": level}) == matrix_rooms.LEFT
    assert matrix_rooms._as_before({"join_rule": "invite"}) == matrix_rooms.LEFT


def test_a_room_that_asks_already_is_left() -> None:
    """Only an open room is closed; a restricted one comes back with all it allows."""
    for rule in ("knock", "invite", "private"):
        assert matrix_rooms._knocking({"join_rule": rule}) == matrix_rooms.DONE
    restricted = {"join_rule": "restricted", "allow": [{"type": "m.room_membership"}]}
    closed = matrix_rooms._knocking(restricted)
    assert isinstance(closed, dict)
    assert closed["join_rule"] == "knock"
    assert matrix_rooms._as_before(closed) == restricted
