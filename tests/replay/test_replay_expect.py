"""Expectations: the closed grammar, what is told of a slip, and what an unknown value comes to."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.errors import BadUse
from ombud.replay.expect import (
    LENGTH_MAX,
    OF_ALL,
    OF_RULE,
    SHARES,
    Expectation,
    hold,
    number,
    parse,
)
from ombud.rules.checked import OPERATIONS

RULES = ("new-member-links", "join-raid")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("precision of join-raid >= 0.95", "precision of join-raid >= 0.95"),
        ("precision of join-raid >= 95 %", "precision of join-raid >= 0.95"),
        ("lower precision of join-raid>=0.9", "lower precision of join-raid >= 0.9"),
        ("people touched <= 20", "people touched <= 20"),
        ("  new   hits of new-member-links=0 ", "new hits of new-member-links = 0"),
        ("unknown of join-raid != 3", "unknown of join-raid != 3"),
        ("events < 7", "events < 7"),
        ("recall of join-raid > 0", "recall of join-raid > 0"),
    ],
)
def test_what_can_be_said(text: str, said: str) -> None:
    """Spaces do not count, a percentage is a share, and the canonical words come back as given."""
    found = parse(text, RULES)
    assert found.said == said
    assert parse(found.said, RULES) == found


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("", "U060", "Write for example"),
        ("hits of join-raid", "U060", "Write for example"),
        ("hits of join-raid == 3", "U060", "Write for example"),
        ("hits of join-raid >= <= 3", "U060", "Write for example"),
        ("3 >= hits of join-raid", "U061", "Of the whole run"),
        ("x" * (LENGTH_MAX + 1), "U060", "Write for example"),
        ("precison of join-raid >= 1", "U061", 'Did you mean "precision"?'),
        ("people of join-raid touched >= 1", "U061", 'Did you mean "people touched"?'),
        ("people touched of join-raid >= 1", "U061", 'Leave out "of join-raid".'),
        ("precision >= 1", "U061", 'Write "precision of NAME".'),
        ("peple touched <= 2", "U061", 'Did you mean "people touched"?'),
        ("weather of join-raid = 1", "U061", "Of a rule there are: hits"),
        ("hits of join-raids = 0", "U062", 'Did you mean "join-raid"?'),
        ("hits of zzz = 0", "U062", "Tried are: join-raid, new-member-links."),
        ("precision of join-raid >= 1.01", "U063", "from 0 to 1"),
        ("precision of join-raid >= 101 %", "U063", "from 0 to 1"),
        ("precision of join-raid >= many", "U063", "from 0 to 1"),
        ("precision of join-raid >= 1e-3", "U063", "from 0 to 1"),
        ("precision of join-raid >= 5 % % ", "U063", "from 0 to 1"),
        ("precision of join-raid >= -1", "U063", "from 0 to 1"),
        ("hits of join-raid <= 0.5", "U063", "whole number"),
        ("hits of join-raid <= 5 %", "U063", "whole number"),
        ("hits of join-raid <= 99999999999999999999", "U063", "whole number"),
    ],
)
def test_a_slip_is_told_in_three_parts(text: str, code: str, hint: str) -> None:
    """What is wrong with a stable code, where, and what to do."""
    with pytest.raises(BadUse) as caught:
        parse(text, RULES)
    error = caught.value
    assert error.code == code
    assert error.where.startswith("--expect ")
    assert len(error.where) < LENGTH_MAX + 30
    assert hint in error.hint


measures = st.sampled_from(
    [(each, None) for each in OF_ALL] + [(each, RULES[0]) for each in OF_RULE]
)


@given(
    measures,
    st.sampled_from(sorted(OPERATIONS)),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
)
def test_every_measure_and_comparison_holds_as_arithmetic_says(
    measure: tuple[str, str | None], sign: str, wanted: int, there: int
) -> None:
    """An expectation is met exactly where the comparison of the two numbers is true."""
    name, rule = measure
    scale = 10**6 if name in SHARES else 1
    said = number(Fraction(wanted, scale))
    of = f" of {rule}" if rule else ""
    expectation = parse(f"{name}{of} {sign} {said}", RULES)
    assert expectation == Expectation(name, rule, sign, Fraction(wanted, scale))
    (outcome,) = hold([expectation], lambda *_: Fraction(there, scale))
    assert outcome.met == OPERATIONS[sign](there, wanted)
    assert outcome.found == Fraction(there, scale)


@pytest.mark.parametrize("sign", sorted(OPERATIONS))
def test_what_cannot_be_known_is_never_met(sign: str) -> None:
    """Without labels no comparison holds, and the reason is told."""
    expectation = parse(f"precision of join-raid {sign} 0", RULES)
    (outcome,) = hold([expectation], lambda *_: "no reviewed labels")
    assert not outcome.met
    assert outcome.found is None
    assert outcome.why == "no reviewed labels"


def test_a_share_is_compared_exactly() -> None:
    """Two of three is not 0.666667, however it is told."""
    expectation = parse("precision of join-raid >= 0.666667", RULES)
    (outcome,) = hold([expectation], lambda *_: Fraction(2, 3))
    assert not outcome.met
    assert number(Fraction(2, 3)) == "0.666666"


@given(st.text(max_size=60))
def test_any_text_is_an_expectation_or_a_slip(text: str) -> None:
    """Nothing else is raised."""
    with suppress(BadUse):
        found = parse(text, RULES)
        assert parse(found.said, RULES) == found
