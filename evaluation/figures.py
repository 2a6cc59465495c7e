"""Rates with their uncertainty, and tables of them.

Intervals are the 2.5th and 97.5th percentile of a bootstrap: rows drawn with replacement, as many
as there are, RESAMPLES times, from a fixed seed. Of nothing in n rows the bootstrap would say
"exactly nothing"; there the upper end is the rate at which nothing in n still has a chance of
2.5 %.
This module must never round a figure in our favour.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

SEED = 20261126
RESAMPLES = 1000

T = TypeVar("T")


class Interval(NamedTuple):
    """A figure between 0 and 1 and its interval of 95 %; None where it has no denominator."""

    value: float | None
    low: float = 0.0
    high: float = 1.0

    def __str__(self) -> str:
        if self.value is None:
            return ""
        return f"{percent(self.value)} ({percent(self.low)} to {percent(self.high)})"


def percent(value: float) -> str:
    """A rate as people read it: more digits for small ones."""
    return f"{100 * value:.2f} %" if 0 < value < 0.01 else f"{100 * value:.1f} %"


def rate(hits: int, rows: int, *, resamples: int = RESAMPLES) -> Interval:
    """A part of independent rows."""
    if not rows:
        return Interval(None)
    value = hits / rows
    if hits in (0, rows):
        end = 0.025 ** (1 / rows)
        return Interval(value, 0.0, 1 - end) if not hits else Interval(value, end, 1.0)
    import numpy as np

    # What drawing rows that hit or miss with replacement gives, without drawing each of them.
    drawn = np.random.default_rng(SEED).binomial(rows, value, resamples)
    return Interval(value, *_ends(sorted(int(each) / rows for each in drawn)))


def bootstrap(
    rows: Sequence[T], figure: Callable[[Sequence[T]], float | None], *, resamples: int = RESAMPLES
) -> Interval:
    """Any figure of rows."""
    value = figure(rows)
    if value is None:
        return Interval(None)
    chance = random.Random(SEED)
    drawn = (figure(chance.choices(rows, k=len(rows))) for _ in range(resamples))
    known = sorted(each for each in drawn if each is not None)
    return Interval(value, *_ends(known))


def _ends(drawn: Sequence[float]) -> tuple[float, float]:
    last = len(drawn) - 1
    return drawn[round(0.025 * last)], drawn[round(0.975 * last)]


class Counts(NamedTuple):
    """What was found rightly, found, and there."""

    right: int
    found: int
    there: int


def added(rows: Iterable[Counts]) -> Counts:
    """The counts of several rows together."""
    right = found = there = 0
    for row in rows:
        right, found, there = right + row.right, found + row.found, there + row.there
    return Counts(right, found, there)


def precision(rows: Sequence[Counts]) -> float | None:
    """How much of what was found is right."""
    whole = added(rows)
    return whole.right / whole.found if whole.found else None


def recall(rows: Sequence[Counts]) -> float | None:
    """How much of what is there was found."""
    whole = added(rows)
    return whole.right / whole.there if whole.there else None


def f1(rows: Sequence[Counts]) -> float | None:
    """The harmonic mean of both."""
    whole = added(rows)
    return 2 * whole.right / (whole.found + whole.there) if whole.found + whole.there else None


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
