"""Rates, intervals and tables."""

from __future__ import annotations

import pytest
from evaluation.figures import Counts, Interval

from evaluation import figures


def test_an_interval_holds_its_rate_and_is_the_same_again() -> None:
    """Seeded, around the rate, and as wide as the binomial is."""
    found = figures.rate(20, 100)
    assert found == figures.rate(20, 100)
    assert found.value == pytest.approx(0.2)
    assert 0.10 < found.low < 0.15
    assert 0.26 < found.high < 0.30
    wider = figures.rate(2, 10)
    assert wider.high - wider.low > found.high - found.low


def test_nothing_found_is_not_certainty() -> None:
    """None of n may be a rate of up to 1 - 0.025^(1/n); all of n the mirror of it."""
    none = figures.rate(0, 229)
    assert none.value == 0
    assert none.high == pytest.approx(0.01598, abs=1e-4)
    every = figures.rate(229, 229)
    assert every.low == pytest.approx(1 - 0.01598, abs=1e-4)
    assert figures.rate(0, 0) == Interval(None)


def test_precision_recall_and_f1() -> None:
    """Of counts that are added up over rows."""
    rows = [Counts(1, 2, 1), Counts(0, 0, 1), Counts(2, 2, 2)]
    assert figures.added(rows) == Counts(3, 4, 4)
    assert figures.precision(rows) == figures.recall(rows) == 0.75
    assert figures.f1(rows) == 0.75
    assert figures.precision([Counts(0, 0, 3)]) is None
    assert figures.recall([Counts(0, 3, 0)]) is None
    assert figures.f1([]) is None


def test_a_bootstrap_of_any_figure() -> None:
    """Rows are drawn whole; a figure without a denominator is left out."""
    rows = [Counts(1, 1, 1)] * 90 + [Counts(0, 1, 1)] * 10
    found = figures.bootstrap(rows, figures.precision, resamples=400)
    assert found.value == 0.9
    assert 0.80 < found.low < 0.88
    assert 0.92 < found.high < 0.98
    assert figures.bootstrap([Counts(0, 0, 1)], figures.precision) == Interval(None)


@pytest.mark.parametrize(
    ("value", "said"), [(0.5, "50.0 %"), (0.0006, "0.06 %"), (0.0, "0.0 %"), (1.0, "100.0 %")]
)
def test_small_rates_keep_their_digits(value: float, said: str) -> None:
    """Six in ten thousand do not read as nothing."""
    assert figures.percent(value) == said


def test_tables_are_markdown() -> None:
    """A head, a line, rows; a figure without a denominator is an empty cell."""
    made = figures.table(["a", "b"], [[1, Interval(None)], ["x", figures.rate(0, 10)]])
    assert made.splitlines()[:3] == ["| a | b |", "| --- | --- |", "| 1 |  |"]
