"""What a run of the simulated community shows, held against its truth: caught, missed, touched.

Counts by campaign, by honest twin and by hour, and how long each campaign went on before anything
of it was caught. Pure: it is told what was done and never asks. This module must never keep an
event.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ombud import clock
from ombud.simulate import Simulated, adaptive
from ombud.simulate.campaigns import CAMPAIGNS
from ombud.simulate.twins import TWINS

HOURS = 96  # a run takes half of them; what comes later counts in the last


@dataclass(slots=True)
class _Run:
    """One campaign: when it began, and how far it had come when it was first caught."""

    began: int
    events: int = 0
    found: tuple[int, int] | None = None  # events before, microseconds since


@dataclass(slots=True)
class _Campaigns:
    """All campaigns of one kind. Holds a small record for each of them."""

    events: int = 0
    caught: int = 0
    runs: dict[int, _Run] = field(default_factory=dict)

    def count(self, occurrence: int, at: int, *, acted: bool) -> None:
        run = self.runs.setdefault(occurrence, _Run(at))
        self.events += 1
        if acted:
            self.caught += 1
            run.found = run.found or (run.events, at - run.began)
        run.events += 1

    def count_late(self, occurrence: int, at: int) -> None:
        run = self.runs[occurrence]
        self.caught += 1
        run.found = run.found or (run.events, at - run.began)

    def as_json(self) -> dict[str, int | None]:
        found = [each.found for each in self.runs.values() if each.found is not None]
        return {
            "events": self.events,
            "caught": self.caught,
            "runs": len(self.runs),
            "runs_caught": len(found),
            "first_caught_after_events": _median([events for events, _ in found]),
            "first_caught_after_seconds": _median([since // clock.SECOND for _, since in found]),
        }


@dataclass(slots=True)
class _Hour:
    events: int = 0
    harmful: int = 0
    caught: int = 0
    touched: int = 0


class Tally:
    """Counts what became of the events of one run that began at the instant `start`."""

    def __init__(self, start: int) -> None:
        self.events = self.harmful = self.caught = self.touched = 0
        self._start = start
        self._campaigns = {name: _Campaigns() for name in (*CAMPAIGNS, adaptive.CAMPAIGN)}
        self._twins = {name: {"events": 0, "touched": 0} for name in TWINS}
        self._hours: list[_Hour] = []

    @property
    def benign(self) -> int:
        """Events that were no harm."""
        return self.events - self.harmful

    def count(self, happened: Simulated, *, acted: bool) -> None:
        """One event, and whether something was done about it: `caught` or `touched` wrongly."""
        harmful = happened.truth != "benign"
        hour = self._hour(happened.at)
        for counts in (self, hour):
            counts.events += 1
            counts.harmful += harmful
            counts.caught += acted and harmful
            counts.touched += acted and not harmful
        if happened.campaign in self._campaigns and harmful:
            kind = self._campaigns[happened.campaign]
            kind.count(happened.occurrence, happened.at, acted=acted)
        elif happened.campaign in self._twins:
            self._twins[happened.campaign]["events"] += 1
            self._twins[happened.campaign]["touched"] += acted

    def count_late(self, happened: Simulated, at: int) -> None:
        """An event counted before, about which something is done at the instant `at`, as of one
        campaign with a later one.
        """
        harmful = happened.truth != "benign"
        for counts in (self, self._hour(happened.at)):
            counts.caught += harmful
            counts.touched += not harmful
        if happened.campaign in self._campaigns and harmful:
            self._campaigns[happened.campaign].count_late(happened.occurrence, at)
        elif happened.campaign in self._twins:
            self._twins[happened.campaign]["touched"] += 1

    def _hour(self, at: int) -> _Hour:
        index = min(max(0, at - self._start) // clock.HOUR, HOURS - 1)
        while len(self._hours) <= index:
            self._hours.append(_Hour())
        return self._hours[index]

    def campaigns(self) -> dict[str, Mapping[str, int | None]]:
        """By kind: harmful events, how many were caught, in how many campaigns, in how many of
        these anything was caught, and there the median of events and of seconds that passed from
        the campaign's first event to the first one caught: 0 where it was the first event itself,
        None where none was.
        """
        return {name: kind.as_json() for name, kind in self._campaigns.items()}

    def twins(self) -> dict[str, Mapping[str, int]]:
        """By kind of honest twin: events, and how many were touched wrongly."""
        return {name: dict(counts) for name, counts in self._twins.items()}

    def hours(self) -> list[dict[str, Any]]:
        """By hour of simulated time, from the start on: events, harmful, caught, touched."""
        return [
            {
                "hour": clock.rfc3339(self._start + index * clock.HOUR),
                "events": each.events,
                "harmful": each.harmful,
                "caught": each.caught,
                "touched": each.touched,
            }
            for index, each in enumerate(self._hours)
        ]


def _median(values: list[int]) -> int | None:
    """The lower median: a value that was observed."""
    return statistics.median_low(values) if values else None
