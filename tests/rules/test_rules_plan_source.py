"""The source text of a plan: what stands under one `if`, what is filled where, and what is not in
it.
"""

from __future__ import annotations

import pytest

from ombud.model import KINDS
from ombud.rules import plan_source
from ombud.rules.plan import compile_plan
from rules.rules_made import LISTS, checked, seen


def _source(*rules: tuple[str, str], kind: str = "post") -> str:
    made = [checked(when, unless, name=f"r{n}") for n, (when, unless) in enumerate(rules)]
    return compile_plan(made, LISTS).source[kind]


def test_rules_with_the_same_first_conditions_stand_under_one_if() -> None:
    """A condition that begins several rules is tested once, and so is the next one under it."""
    source = _source(
        ("  author.age < 3 days\n  links.count >= 2\n  author.name resembles text >= 90 %", ""),
        ("  author.age < 3 days\n  links.count >= 2", ""),
        ("  author.age < 3 days\n  mentions.count >= 2", ""),
    )
    assert source.count(f"< {3 * 86_400_000_000}") == 1
    assert source.count(">= 2:") == 2  # links and mentions


def test_not_in_unless_is_the_same_condition() -> None:
    """`unless not links.any` asks what `when links.any` asks."""
    source = _source(("  links.any\n  media.any", ""), ("  media.any", "  not links.any"))
    assert source.count("is True:") == 2


def test_cheap_and_selective_conditions_come_first() -> None:
    """A cheap condition that is usually false comes before a dear one, however they are written."""
    rule = checked(
        '  text matches "a"\n  author.age < 3 days\n  mentions.count < 7',
        '  text contains "a"',
    )
    said = [test.line.said for test in plan_source.tests(rule)]
    assert said == [
        "author.age < 3 days",
        'text matches "a"',
        "mentions.count < 7",
        'text contains "a"',
    ]


def test_a_group_that_rules_share_is_computed_once() -> None:
    """Equal groups are one variable; groups that differ only in any or all are two."""
    group = "  {} of\n    links.count >= 5\n    mentions.count >= 5"
    shared = _source(
        (f"  media.any\n{group.format('any')}", ""),
        (group.format("any"), ""),
        (group.format("all"), ""),
    )
    assert shared.count("while True:") == 2 + 1  # filled in two places, one of them only if unset
    assert "g2" not in shared


def test_kinds_without_rules_have_no_function() -> None:
    """A kind that no rule is for has no text."""
    source = compile_plan([checked("  links.any", kinds="edit")], LISTS).source
    assert [kind for kind in KINDS if source[kind]] == ["edit"]


@pytest.mark.parametrize("count", [39, 40, 41, 199])
def test_rules_of_any_length_can_be_compiled(count: int) -> None:
    """Python reads a hundred levels at most; longer rules go on without nesting."""
    lines = [f"  text.length >= {n + 1}" for n in range(count)]
    rules = [
        checked("\n".join(lines), name="long"),
        checked("\n".join([*lines, "  links.any"]), name="longer"),
    ]
    plan = compile_plan(rules, LISTS)
    assert plan.judge(seen(text="a" * count)).fired == (0,)
    assert plan.judge(seen(text="a" * (count - 1))).fired == ()
    assert plan.judge(seen()).unknown == (0, 1)
    assert plan.judge(seen(text="http://a.example " + "a" * count)).fired == (0, 1)
