"""Figures for Prometheus: plain integers while the server works, put into words when it is asked.

Only counts, sizes and durations, and labels from closed lists. This module must never hold a name
of a person, a key or a source.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
CONTENT_TYPE = CONTENT_TYPE_LATEST.encode("ascii")


class Durations:
    """How long the requests of one door took."""

    __slots__ = ("buckets", "total")

    def __init__(self) -> None:
        self.buckets = [0] * (len(BOUNDS) + 1)
        self.total = 0.0


class Metrics(Collector):
    """What the server counts. Used on the event loop alone."""

    def __init__(self) -> None:
        self.events: Counter[str] = Counter()  # by status
        self.checks: Counter[tuple[str, bool]] = Counter()  # by answer, and whether degraded
        self.requests: Counter[tuple[str, int]] = Counter()  # by door and status
        self.durations: dict[str, Durations] = {}
        self.late_lost = 0
        self.waiting: Mapping[str, int] = {}  # by lane, set before a reading
        self.engine: Mapping[str, float] = {}  # the engine's own figures, set before a reading
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def request(self, door: str, status: int, seconds: float) -> None:
        """One request was answered; status 0 where nobody waited for the answer."""
        self.requests[door, status] += 1
        durations = self.durations.get(door)
        if durations is None:
            durations = self.durations[door] = Durations()
        durations.buckets[bisect_left(BOUNDS, seconds)] += 1
        durations.total += seconds

    def exposition(self) -> bytes:
        """Everything, in Prometheus's text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterable[Metric]:
        """The figures as families, for the registry."""
        yield _counts("events", "Events by what became of them.", ("status",), self.events)
        yield _counts(
            "checks",
            "Checks by answer; degraded: not decided in time.",
            ("answer", "degraded"),
            self.checks,
        )
        yield _counts("requests", "Requests by door and status.", ("door", "status"), self.requests)
        yield CounterMetricFamily(
            "ombud_late_answers_lost",
            "Answers given at a deadline that could not be journalled.",
            value=self.late_lost,
        )
        yield self._histogram()
        waiting = GaugeMetricFamily(
            "ombud_waiting_items", "Events and checks that wait for the next job.", labels=["lane"]
        )
        for lane, count in sorted(self.waiting.items()):
            waiting.add_metric([lane], count)
        yield waiting
        for name, value in sorted(self.engine.items()):
            yield GaugeMetricFamily(f"ombud_{name}", "A figure of the engine.", value=value)

    def _histogram(self) -> Metric:
        family = HistogramMetricFamily(
            "ombud_request_seconds", "How long requests took, by door.", labels=["door"]
        )
        for door, durations in sorted(self.durations.items()):
            count = 0
            buckets: list[tuple[str, float]] = []
            for bound, more in zip((*map(str, BOUNDS), "+Inf"), durations.buckets, strict=True):
                count += more
                buckets.append((bound, count))
            family.add_metric([door], buckets, durations.total)
        return family


def _counts(
    name: str, meaning: str, labels: tuple[str, ...], counts: Counter[Any]
) -> CounterMetricFamily:
    """A family of counters, from counts by label or by labels."""
    family = CounterMetricFamily(f"ombud_{name}", meaning, labels=labels)
    for key, count in sorted(counts.items()):
        said = key if isinstance(key, tuple) else (key,)
        family.add_metric([_word(each) for each in said], count)
    return family


def _word(label: str | int) -> str:
    return ("no", "yes")[label] if isinstance(label, bool) else str(label)
