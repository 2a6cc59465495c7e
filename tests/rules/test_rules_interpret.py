"""The reference interpreter: Kleene's tables, written out."""

from __future__ import annotations

import pytest

from ombud.model import Value
from ombud.rules.interpret import all_of, any_of, evaluate, negate, trace
from rules.rules_made import checked

T, F, U = True, False, None


@pytest.mark.parametrize(
    ("one", "two", "both", "either"),
    [
        (T, T, T, T),
        (T, F, F, T),
        (T, U, U, T),
        (F, F, F, F),
        (F, U, F, U),
        (U, U, U, U),
    ],
)
def test_and_or_are_strong_kleene(
    one: bool | None, two: bool | None, both: bool | None, either: bool | None
) -> None:
    """False decides `and`, true decides `or`, whatever the other is."""
    assert all_of([one, two]) is all_of([two, one]) is both
    assert any_of([one, two]) is any_of([two, one]) is either


def test_not_keeps_unknown() -> None:
    """Not of unknown is unknown."""
    assert [negate(truth) for truth in (T, F, U)] == [F, T, U]


@pytest.mark.parametrize(
    ("count", "media", "fires"),
    [
        (2, False, True),
        (1, False, False),
        (2, True, False),
        (2, None, None),
        (None, False, None),
        (None, True, False),
        (1, None, False),
        (None, None, None),
    ],
)
def test_a_rule_fires_only_if_when_is_true_and_unless_is_false(
    count: int | None, media: bool | None, fires: bool | None
) -> None:
    """Unknown never fires, and never hides what is certain."""
    rule = checked("  links.count >= 2", "  media.any")
    values: dict[str, Value] = {"links.count": count, "media.any": media}
    assert evaluate(rule, values.get) is fires


def test_groups_and_negation() -> None:
    """`any of`, `all of` and `not` mean what they say."""
    rule = checked(
        "  any of\n    links.count >= 2\n    not media.any",
        "  all of\n    links.any\n    media.any",
    )
    assert evaluate(rule, {"links.count": 0, "media.any": False, "links.any": None}.get) is True
    assert evaluate(rule, {"links.count": 0, "media.any": True, "links.any": None}.get) is False
    assert evaluate(rule, {"links.count": 2, "media.any": True, "links.any": True}.get) is False
    assert evaluate(rule, {"links.count": 2, "media.any": True, "links.any": None}.get) is None


def test_the_trace_asks_for_words_only_where_a_condition_is_true() -> None:
    """No words are told of what did not match."""
    rule = checked('  text contains "x"\n  not text contains "y"')
    values = {'text contains "x"': True, 'text contains "y"': False}
    traced = trace(rule, values.get, lambda slot: (slot,))
    assert [line.findings[0].words for line in traced.when] == [('text contains "x"',), ()]
    assert [line.holds for line in traced.when] == [True, True]


def test_the_opposite_of_a_finding_says_what_held() -> None:
    """With `not` before it or without, and unknown stays unknown."""
    rule = checked('  text contains "x"\n  not text contains "y"\n  links.any')
    values = {'text contains "x"': True, 'text contains "y"': True, "links.any": None}
    traced = trace(rule, values.get, lambda slot: (slot,))
    found = [line.findings[0].opposite() for line in traced.when]
    assert [(each.said, each.holds) for each in found] == [
        ('not text contains "x"', False),
        ('text contains "y"', True),
        ("not links.any", None),
    ]
    assert [each.opposite() for each in found] == [line.findings[0] for line in traced.when]
