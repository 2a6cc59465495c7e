"""Every code the program writes is one the published lists have, and every action has one."""

from __future__ import annotations

import pytest

from dsa.schema import read
from ombud.config import EEA
from ombud.decisions import MADE_OF
from ombud.dsa import codes
from ombud.model import KIND_OF_TYPE
from ombud.rules.vocabulary import ACTIONS

PUBLISHED = read("enums.json")
FIELDS = {
    "decision_visibility": "decision_visibilities",
    "decision_provision": "decision_provisions",
    "decision_account": "decision_accounts",
}


def test_the_lists_are_the_published_ones() -> None:
    """Languages, countries and member states, none more and none less."""
    assert sorted(codes.LANGUAGES) == sorted(PUBLISHED["content_languages"])
    assert list(EEA) == PUBLISHED["eea_countries"]
    assert list(codes.MEMBER_STATES) == PUBLISHED["eu_countries"]


@pytest.mark.parametrize("action", [name for name, form in ACTIONS.items() if form.restricts])
def test_every_restriction_is_a_measure(action: str) -> None:
    """On whatever it may be done to."""
    for kind in {*KIND_OF_TYPE.values(), "reply", "edit", None}:
        for target in ("this", "campaign", "author", "room"):
            found = codes.measure(action, kind, target)
            assert found.code in PUBLISHED[FIELDS[found.field]]
            assert bool(found.other) == found.code.endswith("_OTHER")


def test_what_restricts_nobody_is_no_measure() -> None:
    """A warning, an alert."""
    for action, form in ACTIONS.items():
        if not form.restricts:
            with pytest.raises(LookupError):
                codes.measure(action, "post", "this")


def test_who_waits_for_admission_is_kept_from_the_service() -> None:
    """From all of it, or before one room from a part; a post that waits cannot be seen."""
    whole = codes.measure("hold", "registration", "this")
    part = codes.measure("hold", "join", "this")
    assert whole.code == "DECISION_PROVISION_TOTAL_SUSPENSION"
    assert part.code == "DECISION_PROVISION_PARTIAL_SUSPENSION"
    assert codes.measure("hold", "post", "this").code.endswith("CONTENT_DISABLED")


def test_contents_are_the_published_ones() -> None:
    """Of all that content can be made of."""
    assert set(codes.CONTENT) == set(MADE_OF)
    assert {*codes.CONTENT.values(), codes.CONTENT_OTHER} <= set(PUBLISHED["content_types"])
