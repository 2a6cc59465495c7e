"""What lines tell, read as what holds whenever a rule fires."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.rules.checked import Branch, Leaf, opposite
from ombud.rules.evidence import Lines, fires_where, on_a_hint, on_repetition, tells
from ombud.rules.interpret import evaluate
from rules.rules_made import checked

_LINES = ("links.count >= 2", "not links.count < 3", "links.count != 0",
          "private.any = no", "not private.any != yes", "private.any",
          "not media.count = 1", "media.count <= 1")  # fmt: skip


def _leaf(line: str) -> Leaf:
    """One line, turned as it is weighed."""
    rule = checked(f"  {line}")
    (turned,) = fires_where(rule.when, ())
    assert isinstance(turned, Leaf)
    return turned


def _holds(lines: Lines, values: dict[str, int | bool]) -> bool:
    """Whether all of some lines hold; written without the interpreter."""

    def one(leaf: Leaf) -> bool:
        return bool(leaf.atom.decide(values[leaf.atom.facts[0].name])) is not leaf.negated

    return all(
        one(line)
        if isinstance(line, Leaf)
        else (all if line.every else any)(one(leaf) for leaf in line.leaves)
        for line in lines
    )


@given(
    when=st.lists(st.sampled_from(_LINES), min_size=1, max_size=3, unique=True),
    unless=st.lists(st.sampled_from(_LINES), max_size=3, unique=True),
    groups=st.tuples(st.sampled_from(("", "any of", "all of")), st.sampled_from(("", "any of"))),
)
def test_the_lines_hold_exactly_where_the_rule_fires(
    when: list[str], unless: list[str], groups: tuple[str, str]
) -> None:
    """However lines are grouped, negated and compared, in `when` and in `unless`."""
    rule = checked(_part(when, groups[0]), _part(unless, groups[1]))
    lines = fires_where(rule.when, rule.unless)
    for links, media, private in itertools.product(range(4), range(3), (False, True)):
        values: dict[str, int | bool] = {
            "links.count": links, "media.count": media, "private.any": private,
        }  # fmt: skip
        assert _holds(lines, values) is evaluate(rule, values.get)


def _part(lines: list[str], group: str) -> str:
    if not group or len(lines) < 2:
        return "\n".join(f"  {line}" for line in lines)
    return "\n".join((f"  {group}", *(f"    {line}" for line in lines)))


def test_the_opposite_of_an_opposite_is_the_line() -> None:
    """A group too, whose word changes with its members."""
    for line in checked("  links.any\n  any of\n    links.any\n    not private.any").when:
        turned = opposite(line)
        assert turned != line
        assert opposite(turned) == line
        assert not isinstance(line, Branch) or isinstance(turned, Branch)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("links.count >= 1", True),
        ("links.count > 0", True),
        ("links.count = 1", True),
        ("links.count = 0", False),
        ("links.count != 1", False),
        ("links.count <= 5", False),
        ("mentions.count >= 3", True),
        ("mentions.count > 2", True),
        ("mentions.count >= 2", False),
        ("text.repeat authors in last 1 hour >= 2", True),
        ("text.repeat authors in last 1 hour > 1", True),
        ("text.repeat authors in last 1 hour >= 1", False),
        ("text.repeat authors in last 1 hour != 0", False),
        ("text.repeat authors with insult in last 1 hour >= 9", False),
        ('author.name resembles list "staff names" >= 50 %', True),
        ('author.name resembles list "staff names" >= 49 %', False),
        ('author.name in list "words"', True),
        ('author in list "words"', False),
        ('author.role any in list "words"', False),
        ("author.posts in last 1 hour >= 99", False),
        ("likely spam.links >= 99 %", False),
        ("private.exposes", False),
        ("private.phones >= 1", True),
        ("text quotes target", False),
        ("author.new account", False),
    ],
)
def test_what_tells_is_a_closed_list(line: str, told: bool) -> None:
    """From the number on from which most posts have less, and never of who or how often."""
    assert tells(_leaf(line)) is told


def test_groups_are_as_weak_as_their_weakest_way() -> None:
    """Of `any of` one weak line is enough, of `all of` every line must be weak."""
    for group, hint in (("any of", True), ("all of", False)):
        rule = checked(f"  {group}\n    insult.likely\n    links.any")
        assert on_a_hint(rule.when) is hint
        assert on_repetition(rule.when, ("post",), form=False) is False
