"""How figures are taken: rounds A B A B, CPU seconds of this process, medians of the rounds'
ratios.

The machines this runs on are shared and noisy: absolute rates drift within minutes, ratios of
neighbours hold. This module must never compare figures of different rounds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. `ours` and `peer` are medians in `unit`; `ratio` is the median of the
    rounds'.
    """

    name: str
    ours: float
    peer: float
    ratio: float
    rounds: int
    unit: str
    peer_is: str

    def as_json(self) -> dict[str, Any]:
        """The row as data."""
        return asdict(self)


class Target(NamedTuple):
    """What the ratio is to be: at least or at most this."""

    at_least: bool
    ratio: float
    stretch: float

    def met(self, ratio: float) -> bool:
        """Whether it is."""
        return ratio >= self.ratio if self.at_least else ratio <= self.ratio

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        return f"{sign} {self.ratio:g} ({self.stretch:g})"


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process, all threads, that some work takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def rates(
    name: str,
    ours: Callable[[], float],
    peer: Callable[[], float],
    *,
    rounds: int,
    unit: str,
    peer_is: str,
) -> Row:
    """Interleave two measurements of a rate (more is better); the ratio is ours to the peer's."""
    found = [(ours(), peer()) for _ in range(rounds)]
    return Row(
        name,
        round(statistics.median(own for own, _ in found), 1),
        round(statistics.median(other for _, other in found), 1),
        round(statistics.median(own / other for own, other in found), 3),
        rounds,
        unit,
        peer_is,
    )
