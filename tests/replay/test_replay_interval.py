"""Wilson's interval in whole numbers, held against the formula in fifty decimal places."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.replay.interval import ONE, wilson

Z = Decimal("1.9599639845400542355245944305205515279555")  # 97.5 % point of the normal distribution


def formula(hits: int, of: int) -> tuple[Decimal, Decimal]:
    """Wilson (1927): where a share would lie within z standard errors of what was found."""
    with localcontext(prec=50):
        share, z2 = Decimal(hits) / of, Z * Z
        half = Z * (share * (1 - share) / of + z2 / (4 * of * of)).sqrt()
        centre, scale = share + z2 / (2 * of), 1 + z2 / of
        return (centre - half) / scale * ONE, (centre + half) / scale * ONE


shares = st.integers(1, 10**7).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(shares)
def test_it_is_the_formula_rounded_outwards(share: tuple[int, int]) -> None:
    """Each end is at most one ten-thousandth and a hair outside of the true one, never inside."""
    hits, of = share
    low, high = wilson(hits, of)
    true_low, true_high = formula(hits, of)
    slack = Decimal("1.01")
    assert true_low - slack <= low <= max(true_low, Decimal(0)) + Decimal("1e-30")
    assert min(true_high, Decimal(ONE)) - Decimal("1e-30") <= high <= true_high + slack
    assert 0 <= low <= hits * ONE / of <= high <= ONE


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [  # worked out elsewhere: R's binom.confint(method = "wilson")
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (95, 100, 0.8882, 0.9785),
        (1, 1, 0.2065, 1.0),
    ],
)
def test_known_intervals(hits: int, of: int, low: float, high: float) -> None:
    """The published figures come out."""
    found = wilson(hits, of)
    assert abs(found[0] / ONE - low) <= 0.0002
    assert abs(found[1] / ONE - high) <= 0.0002


def test_all_and_nothing_reach_the_ends() -> None:
    """No hit: nought is possible. Every one a hit: so is certainty."""
    for of in (1, 7, 10**6):
        assert wilson(0, of)[0] == 0
        assert wilson(of, of)[1] == ONE


@pytest.mark.parametrize(("hits", "of"), [(-1, 3), (4, 3), (0, 0)])
def test_what_is_no_share_is_refused(hits: int, of: int) -> None:
    """More hits than cases, or no case at all, has no interval."""
    with pytest.raises(ValueError, match="no share"):
        wilson(hits, of)
