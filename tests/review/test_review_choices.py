"""What people may do: more than rules, never beyond clause and platform, and not alone."""

from __future__ import annotations

from typing import Any

import pytest

from ombud.clock import DAY, HOUR
from ombud.errors import BadUse
from ombud.review import choices
from ombud.review.choices import Act, act, hindered
from ombud.rules.vocabulary import ACTIONS, RESTRICTION_MAX


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"action": "remove"}, Act("remove", "this", None, None)),
        ({"action": "hold"}, Act("hold", "this", 24 * HOUR, None)),
        ({"action": "hold", "length": 72 * HOUR}, Act("hold", "this", 72 * HOUR, None)),
        ({"action": "suspend"}, Act("suspend", "author", None, None)),
        ({"action": "suspend", "length": DAY}, Act("suspend", "author", DAY, None)),
        ({"action": "lock"}, Act("lock", "room", None, None)),
        ({"action": "warn", "on": "author"}, Act("warn", "author", None, None)),
        ({"action": "label", "text": "x"}, Act("label", "this", None, "x")),
    ],
)
def test_an_act_has_a_target_and_an_end(told: dict[str, Any], expected: Act) -> None:
    """What nobody said is the usual: a hold ends after a day, an account is what is suspended."""
    assert act(told) == expected


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"action": "alert"},
        {"action": "erase"},
        {"action": "remove", "on": "room"},
        {"action": "remove", "on": "campaign"},
        {"action": "remove", "length": DAY},
        {"action": "remove", "text": "x"},
        {"action": "hold", "length": 73 * HOUR},
        {"action": "hold", "length": 0},
        {"action": "hold", "length": -1},
        {"action": "hold", "length": "1 day"},
        {"action": "limit"},
        {"action": "limit", "length": RESTRICTION_MAX + 1},
        {"action": "label"},
        {"action": "label", "text": "x", "on": "author"},
        {"action": "label", "text": "x" * 501},
        {"action": "label", "text": ""},
        {"action": "\u202e" * 10_000},
    ],
)
def test_what_nobody_can_do_is_refused_in_three_parts(told: dict[str, Any]) -> None:
    """U230, with why, whatever was asked for; the answer stays short."""
    with pytest.raises(BadUse, match="U230") as caught:
        act(told)
    assert caught.value.hint
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    ("action", "harm", "kind", "can", "possible"),
    [
        ("remove", "spam", "post", {}, True),
        ("suspend", "spam", "post", {}, True),
        ("context", "spam", "post", {}, False),
        ("context", "context", "post", {}, True),
        ("remove", "context", "post", {}, False),
        ("remove", "form", "post", {}, False),
        ("hold", "form", "post", {}, True),
        ("suspend", "form", "post", {}, False),
        ("remove", "spam", "registration", {}, False),
        ("suspend", "spam", "registration", {}, True),
        ("slow", "spam", "registration", {}, False),
        ("slow", "spam", "room", {}, False),
        ("hold", "spam", "room", {}, True),
        ("remove", "spam", "invite", {}, False),
        ("hold", "spam", "invite", {}, True),
        ("remove", "spam", "post", {"hold": "exact"}, False),
        ("remove", "spam", "post", {"remove": "none"}, True),
        ("remove", "spam", "post", {"remove": "partial"}, True),
    ],
)
def test_clause_kind_and_platform_bound_what_can_be_done(
    action: str, harm: str, kind: str, can: dict[str, str], *, possible: bool
) -> None:
    """What only cannot be undone is possible all the same: it needs a second person."""
    target = next(each for each in ACTIONS[action].targets if each != "campaign")
    wanted = Act(action, target, None, None)
    assert (hindered(wanted, harm, kind, can) == "") is possible
    assert ((action, target) in choices.possible(harm, kind, can)) is possible


def test_rules_may_less_than_people() -> None:
    """What is for people only is among their choices."""
    names = {name for name, _ in choices.possible("harassment", "post", {})}
    assert {name for name, form in ACTIONS.items() if form.person_only} - {"context"} <= names


def test_a_second_person_is_needed_for_two_reasons() -> None:
    """More than twenty people, or what the platform cannot take back."""
    assert choices.second_needed(20, revocable=True) == ""
    assert "21 people" in choices.second_needed(21, revocable=True)
    assert "take it back" in choices.second_needed(1, revocable=False)
    assert choices.irreversible(Act("remove", "this", None, None), {"remove": "none"})
    assert not choices.irreversible(Act("remove", "this", None, None), {"remove": "partial"})
    assert not choices.irreversible(Act("remove", "this", None, None), {})
