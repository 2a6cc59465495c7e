"""What one key decides: always in the same place, and never what would be refused."""

from __future__ import annotations

import pytest

from ombud.clock import HOUR
from ombud.model import HARMS, KINDS
from ombud.review import choices
from ombud.review.offers import NAMES, Standing, offers
from ombud.rules.vocabulary import ACTIONS

ALL = dict.fromkeys(ACTIONS, "exact")


def names(harm: str = "spam", kind: str = "post", **more: object) -> list[str]:
    """The offers by their names."""
    given = {"can": ALL, "stands": None, **more}
    return [each.name for each in offers(harm, kind, **given)]  # type: ignore[arg-type]


def test_each_has_a_place_of_its_own() -> None:
    """Nine at most, for nine digits, and every list of offers is in their order."""
    assert len(NAMES) == len(set(NAMES)) == 9
    for harm in HARMS:
        for kind in KINDS:
            found = names(harm, kind)
            assert found == [each for each in NAMES if each in found]
            assert found[0] == "release"


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_offered_that_cannot_be_done(harm: str, kind: str) -> None:
    """Not beyond the clause, the kind or the platform; a request could name each act."""
    can = {"hold": "exact", "warn": "exact", "suspend": "none"}
    for each in offers(harm, kind, can, None):
        for wanted, told in zip(each.acts, each.asked(), strict=True):
            assert not choices.hindered(wanted, harm, kind, can)
            assert choices.act(told) == wanted


def test_what_stands_can_be_kept_and_is_not_done_again() -> None:
    """A removal in force is kept by its own key; a hold is not kept, since it ends by itself."""
    removed = names(stands=Standing("remove", in_force=True))
    assert "keep" in removed
    assert not {"remove", "remove and warn"} & set(removed)
    assert "keep" not in names(stands=Standing("hold", in_force=True))
    assert "remove" in names(stands=Standing("hold", in_force=True))
    assert "keep" not in names(stands=Standing("remove", in_force=False))


def test_a_room_is_kept_as_it_is_for_a_day_or_released() -> None:
    """What a room was given waits for a person, and nothing is done to the post instead."""
    (release, keep) = offers("flood", "join", ALL, Standing("slow", in_force=True))
    assert release.name == "release"
    assert [(each.action, each.target, each.length) for each in keep.acts] == [
        ("slow", "room", 24 * HOUR)
    ]


def test_what_is_about_nobody_is_only_seen() -> None:
    """And what is gone can only be released."""
    assert names(asks=False) == ["seen"]
    assert names(kind="") == ["release"]


def test_an_end_is_always_named() -> None:
    """Nobody is banned or suspended for ever by one key."""
    for each in offers("scam", "post", ALL, None):
        for wanted in each.acts:
            assert wanted.length or wanted.action in ("remove", "warn", "mark sensitive")
