"""What lasts in rooms: by timeline, room and action, until a minute past its end."""

from __future__ import annotations

from ombud.clock import HOUR
from ombud.rules.vocabulary import ACTIONS
from ombud.verdicts.rooms import ACTIONS_ON_ROOMS, ENDING, TRIMMED_AT, Rooms

HALL, YARD = b"hall", b"yard"


def test_it_is_what_a_rule_may_ask_of_a_room() -> None:
    """Locking is for people; what a room is locked by is not asked for by a rule."""
    assert ACTIONS_ON_ROOMS == ("slow", "require approval")
    assert ACTIONS["lock"].person_only


def test_it_lasts_until_a_minute_past_its_end() -> None:
    """Its end is journalled before anything is asked anew."""
    rooms = Rooms()
    assert not rooms.lasts("", HALL, "slow", 0)
    rooms.mark("", HALL, "slow", 2 * HOUR, HOUR)
    assert rooms.lasts("", HALL, "slow", 2 * HOUR + ENDING - 1)
    assert not rooms.lasts("", HALL, "slow", 2 * HOUR + ENDING)
    for other in (("old", HALL, "slow"), ("", YARD, "slow"), ("", HALL, "require approval")):
        assert not rooms.lasts(*other, HOUR)


def test_the_later_end_counts() -> None:
    """In whichever order they come back from the store."""
    rooms = Rooms()
    rooms.restore([("", HALL, "slow", 9 * HOUR), ("", HALL, "slow", 2 * HOUR)])
    assert rooms.lasts("", HALL, "slow", 9 * HOUR)


def test_rooms_of_the_past_are_let_go_of() -> None:
    """Past some number those that are over go; none that lasts does."""
    rooms = Rooms()
    for number in range(TRIMMED_AT):
        rooms.mark("", b"%d" % number, "slow", HOUR if number % 2 else 9 * HOUR, 0)
    rooms.mark("", HALL, "slow", 9 * HOUR, 3 * HOUR)
    assert len(rooms.until) == TRIMMED_AT // 2 + 1
    assert rooms.lasts("", b"0", "slow", 9 * HOUR)
    assert rooms.alive(9 * HOUR + ENDING) == {}
