"""What a small community gets for N labels of its own: the learning curve.

Labels are drawn from the train part of a set, half of each class as far as there are so many,
DRAWS times by a seed; then what `ombud learn` does is done: caps, then training, which says "not
enough" below its floor. Beside it a model of the other sets, calibrated on the same N labels. Both
answer in calibrated permille, so they are asked at 50 % and at 80 %, and no threshold is chosen.
This module must never see a test row before it measures.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from statistics import median
from typing import Any, NamedTuple

from evaluation import figures
from evaluation.spam_models import Pair, rows, scored
from evaluation.spam_sets import Text
from ombud.learn import caps
from ombud.learn.gather import Example, Gathered
from ombud.signals import views
from ombud.signals.learned import model as learned
from ombud.training import figures as measures
from ombud.training import fit, groups

LABELS = (50, 200, 400, 1000)  # 200 is the floor, and the caps take some: 400 is above it
DRAWS = 3
SEED = 20261126
HALF, SURE = 500, 800


class Point(NamedTuple):
    """One draw of N labels: how many were left by the caps, and the scores of test; None where
    there was not enough.
    """

    used: int
    pairs: list[Pair] | None


def drawn(train: Sequence[Text], count: int, draw: int) -> list[Text]:
    """N labels: half of each class as far as there are so many."""
    chance = random.Random(f"{SEED} {draw} {count}")
    spam = [each for each in train if each.spam]
    ham = [each for each in train if not each.spam]
    chance.shuffle(spam)
    chance.shuffle(ham)
    half = min(count // 2, len(spam), len(ham))
    return [*spam[:half], *ham[:half], *(spam[half:] + ham[half:])[: max(0, count - 2 * half)]]


def capped(texts: Sequence[Text]) -> list[Text]:
    """What `ombud learn` would take of them: its own caps."""
    authors = {name: number for number, name in enumerate(sorted({e.author or "" for e in texts}))}
    gathered = Gathered(
        [
            Example(number, each.text, each.spam, authors[each.author] if each.author else None, 0)
            for number, each in enumerate(texts)
        ]
    )
    clusters = groups.near_duplicates([each.text for each in texts])
    return [texts[example.seq] for example in caps.capped(gathered, clusters)]


def own(train: Sequence[Text], test: Sequence[Text], count: int) -> list[Point]:
    """What is learned from N labels alone."""
    found = []
    for draw in range(DRAWS):
        taken = capped(drawn(train, count, draw))
        try:
            model = fit.train(rows(taken), name="spam", seed=SEED).model
        except fit.NotEnough:
            found.append(Point(len(taken), None))
            continue
        labels = [each.spam for each in test]
        found.append(Point(len(taken), list(zip(scored(model, test), labels, strict=True))))
    return found


def borrowed(model: Any, train: Sequence[Text], test: Sequence[Text], count: int) -> list[Point]:
    """A model of other places, calibrated on N labels."""
    found = []
    for draw in range(DRAWS):
        taken = capped(drawn(train, count, draw))
        known = [(_raw(model, each), each.spam) for each in taken]
        points = fit.platt(known, [1.0] * len(known))
        raws = [raw for raw, _ in points]
        pairs = [(learned.calibrated(_raw(model, each), raws, points), each.spam) for each in test]
        found.append(Point(len(taken), pairs))
    return found


def _raw(model: Any, each: Text) -> int:
    return int(model.raw(each.text, views.normalise(each.text)))


def line(name: str, how: str, count: int, points: Sequence[Point]) -> list[str]:
    """A row of the table: the median of the draws, with the least and the most."""
    told = [point.pairs for point in points if point.pairs is not None]
    used = f"{round(median(point.used for point in points))}"
    if not told:
        return [name, how, str(count), used, "not enough labels", "", "", "", ""]
    few = f" ({len(points) - len(told)} of {len(points)} draws: not enough)"
    cells = [_spread([measures.f1(each, HALF) for each in told])]
    cells += [_spread([_precision(each) for each in told])]
    cells += [_spread([_recall(each) for each in told])]
    cells += [_spread([measures.auroc(each) for each in told])]
    cells += [_spread([measures.ece(each) for each in told])]
    return [name, how, str(count), used + few * (len(told) < len(points)), *cells]


def _precision(found: Sequence[Pair]) -> float | None:
    right, wrong, _, _ = measures.confusion(found, SURE)
    return right / (right + wrong) if right + wrong else None


def _recall(found: Sequence[Pair]) -> float | None:
    right, _, missed, _ = measures.confusion(found, SURE)
    return right / (right + missed) if right + missed else None


def _spread(values: Sequence[float | None]) -> str:
    known = sorted(each for each in values if each is not None)
    if not known:
        return "none found"
    middle = figures.percent(median(known))
    return f"{middle} ({figures.percent(known[0])} to {figures.percent(known[-1])})"
