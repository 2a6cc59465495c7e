"""How good scores are, in plain arithmetic: over pairs of a score and whether it was harm.

Scores are permille of a model's answers, or raw scores where only their order matters. This module
must never choose a threshold by the rows it is told about.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

Pair = tuple[int, bool]
SEED = 20261126
BINS = 10


class Bin(NamedTuple):
    """One part of the scores: how many rows, their mean score and share of harm, in permille."""

    rows: int
    score: int
    harm: int


def auroc(pairs: Sequence[Pair]) -> float | None:
    """How often a harmful row scores above another one; equal scores count half. None: one class
    only.
    """
    bad = sorted(score for score, harm in pairs if harm)
    good = sorted(score for score, harm in pairs if not harm)
    if not bad or not good:
        return None
    won = sum(bisect_left(good, score) + bisect_right(good, score) for score in bad)
    return won / (2 * len(bad) * len(good))


def confusion(pairs: Sequence[Pair], threshold: int) -> tuple[int, int, int, int]:
    """Right hits, wrong hits, missed, rightly left alone; a hit scores `threshold` or more."""
    right = sum(score >= threshold for score, harm in pairs if harm)
    hits = sum(score >= threshold for score, _ in pairs)
    harmful = sum(harm for _, harm in pairs)
    return right, hits - right, harmful - right, len(pairs) - hits - harmful + right


def f1(pairs: Sequence[Pair], threshold: int = 500) -> float | None:
    """The harmonic mean of precision and recall; None where nothing is harm and nothing hit."""
    right, wrong, missed, _ = confusion(pairs, threshold)
    return 2 * right / (2 * right + wrong + missed) if right + wrong + missed else None


def macro_f1(pairs: Sequence[Pair], threshold: int = 500) -> float | None:
    """The mean of the F1 of both classes."""
    right, wrong, missed, left = confusion(pairs, threshold)
    if not (right + wrong + missed and left + wrong + missed):
        return None
    return right / (2 * right + wrong + missed) + left / (2 * left + wrong + missed)


def balanced_accuracy(pairs: Sequence[Pair], threshold: int = 500) -> float | None:
    """The mean of both classes' share of right answers; None where a class is missing."""
    right, wrong, missed, left = confusion(pairs, threshold)
    if not (right + missed and left + wrong):
        return None
    return (right / (right + missed) + left / (left + wrong)) / 2


def precision_at_recall(pairs: Sequence[Pair], recall: float) -> tuple[float, int] | None:
    """The precision at the highest threshold that reaches a recall, and that threshold."""
    harmful = sum(harm for _, harm in pairs)
    if not harmful:
        return None
    ranked = sorted(pairs, key=lambda pair: -pair[0])
    right = 0
    for place, (score, harm) in enumerate(ranked, 1):
        right += harm
        last = place == len(ranked) or ranked[place][0] != score
        if last and right >= recall * harmful:
            return right / place, score
    return None


def reliability(pairs: Sequence[Pair], bins: int = BINS) -> list[Bin]:
    """By equal parts of the scale: what was said and what came true; empty parts are left out."""
    parts: list[list[Pair]] = [[] for _ in range(bins)]
    for score, harm in pairs:
        parts[min(score * bins // 1000, bins - 1)].append((score, harm))
    return [
        Bin(
            len(part),
            round(sum(score for score, _ in part) / len(part)),
            round(1000 * sum(harm for _, harm in part) / len(part)),
        )
        for part in parts
        if part
    ]


def ece(pairs: Sequence[Pair], bins: int = BINS) -> float | None:
    """Expected calibration error: how far score and share of harm lie apart, weighed by rows."""
    if not pairs:
        return None
    found = reliability(pairs, bins)
    return sum(part.rows * abs(part.score - part.harm) for part in found) / (1000 * len(pairs))


def interval(
    pairs: Sequence[Pair],
    figure: Callable[[Sequence[Pair]], float | None],
    resamples: int = 200,
    seed: int = SEED,
) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of a figure over rows drawn with replacement."""
    chance = random.Random(seed)  # noqa: S311 -- a bootstrap, no secret
    drawn = (figure(chance.choices(pairs, k=len(pairs))) for _ in range(resamples))
    known = sorted(each for each in drawn if each is not None)
    if not known:
        return 0.0, 1.0
    last = len(known) - 1
    return known[round(0.025 * last)], known[round(0.975 * last)]
