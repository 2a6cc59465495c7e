"""How far a share of some labelled cases can be trusted: Wilson's interval, in whole numbers.

Shares are in ten-thousandths. Everything is integer arithmetic, so every machine says the same, and
both ends are rounded outwards: the interval told is never narrower than the true one. The formula
is Wilson's (1927) score interval without continuity correction. This module must never use a float.
"""

from __future__ import annotations

from math import isqrt

ONE = 10_000  # a share of 1, in ten-thousandths
_Z2 = 38_414_589  # the square of the 97.5 % point of the normal distribution, 1.95996...,
_DENOMINATOR = 10**7  # in ten-millionths, rounded up


def wilson(hits: int, of: int) -> tuple[int, int]:
    """The lower and upper end of the 95 % interval for `hits` of `of`, in ten-thousandths."""
    if not 0 <= hits <= of or of == 0:
        raise ValueError(f"{hits} of {of} is no share")
    centre = 2 * hits * _DENOMINATOR + _Z2
    under = (4 * hits * (of - hits) * _DENOMINATOR + _Z2 * of) * _Z2 * of  # times `of` squared
    root = isqrt(under) + 1
    whole = 2 * (of * _DENOMINATOR + _Z2) * of
    low = (centre * of - root) * ONE // whole
    high = -((-(centre * of + root)) * ONE // whole)
    return (max(low, 0) if hits else 0), (min(high, ONE) if hits < of else ONE)
