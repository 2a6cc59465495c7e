"""How far people agree who judged the same things apart: raw agreement, Krippendorff's alpha and
the shares of the classes, which are told together or not at all.

Alpha alone misleads where a class is rare: it falls although people agree as often. Alpha is the
nominal one of Krippendorff, *Content Analysis* (2004), chapter 11: 1 - observed disagreement by
expected disagreement, over pairs within a thing that was judged, so things that one person judged
alone do not count. Its interval is the jackknife's, which leaves out one thing after another. Of
fewer than ENOUGH things nothing is told. This module must never say who said what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

ENOUGH = 30  # things judged by two or more people: below it nothing is told
_Z = 1.959964  # the 97.5 % point of the normal distribution

Said = tuple[str, ...]  # what different people said of one thing, sorted


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree. `things`: judged by two or more people; all else None or empty where
    they are too few. `raw`: of all pairs of judgements about one thing, the share that is the same.
    `alpha` is None where only one class was ever said: there is nothing to tell apart. Shares go
    from 0 to 1, alpha from -1 to 1; intervals are of 95 %.
    """

    things: int
    raw: float | None = None
    raw_between: tuple[float, float] | None = None
    alpha: float | None = None
    alpha_between: tuple[float, float] | None = None
    shares: Mapping[str, float] | None = None

    @property
    def enough(self) -> bool:
        """Whether there is anything to tell."""
        return self.things >= ENOUGH


def agreement(judged: Iterable[Sequence[str]]) -> Agreement:
    """How far people agree about things, each with what was said of it."""
    seen: Counter[Said] = Counter(tuple(sorted(each)) for each in judged if len(each) > 1)
    things = sum(seen.values())
    if things < ENOUGH:
        return Agreement(things)
    said: Counter[str] = Counter()
    for values, times in seen.items():
        for value in values:
            said[value] += times
    total = sum(said.values())
    raw = _raw(seen)
    found = alpha(seen)
    return Agreement(
        things,
        raw,
        _between(raw, _spread(seen, _raw), 0.0),
        found,
        None if found is None else _between(found, _spread(seen, alpha), -1.0),
        {value: times / total for value, times in sorted(said.items())},
    )


def _raw(seen: Mapping[Said, int]) -> float:
    """The mean over things of the share of pairs that are the same."""
    same = sum(times * _same(values) for values, times in seen.items())
    return same / sum(seen.values())


def _same(values: Said) -> float:
    pairs = len(values) * (len(values) - 1)
    return sum(times * (times - 1) for times in Counter(values).values()) / pairs


def alpha(seen: Mapping[Said, int]) -> float | None:
    """Krippendorff's nominal alpha; None where only one class was said."""
    totals: Counter[str] = Counter()
    apart = 0.0  # the coincidences of different values
    for values, times in seen.items():
        if len(values) < 2 or not times:
            continue
        for value in values:
            totals[value] += times
        apart += times * len(values) * (1 - _same(values))
    total = sum(totals.values())
    expected = total * total - sum(each * each for each in totals.values())
    if not expected:
        return None
    return 1 - (total - 1) * apart / expected


def _spread(seen: Mapping[Said, int], of: object) -> float:
    """The jackknife's standard error: the figure anew without each thing, alike ones at once."""
    assert callable(of)  # noqa: S101
    things = sum(seen.values())
    without: list[tuple[float, int]] = []
    for values, times in seen.items():
        found = of({**seen, values: times - 1} if times > 1 else _less(seen, values))
        without.append((1.0 if found is None else found, times))
    mean = sum(found * times for found, times in without) / things
    return sqrt((things - 1) / things * sum(t * (f - mean) ** 2 for f, t in without))


def _less(seen: Mapping[Said, int], values: Said) -> dict[Said, int]:
    return {each: times for each, times in seen.items() if each != values}


def _between(figure: float, error: float, least: float) -> tuple[float, float]:
    return max(least, figure - _Z * error), min(1.0, figure + _Z * error)
