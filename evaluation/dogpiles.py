"""The simulated community's dogpiles and their honest twins, under the shipped rule `dogpile`.

Whole events through the whole engine, in a folder that is thrown away. Before there was a signal
for insults no rule could tell a dogpile from many friendly answers, so none was found. The rule
raises an alert: what is counted is whether a person would have been called, after how many of a
campaign's events, and how often for nothing. The simulated insults are mild and made up ("you
soggy biscuit"), and no data set has them. This module must never change what it measures.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from evaluation import figures
from ombud import clock, simulate
from ombud.app import Engine
from ombud.errors import BadEvent

NAME = "dogpiles"
TITLE = "Dogpiles in the simulated community"
RULE = "dogpile"
SEEDS = tuple(range(1, 13))
EVENTS = 2_000
START = 1_795_000_000_000_000  # an instant in November 2026, in microseconds
TWINS = ("cheers", "argument", "signatures", "welcome", "memorial")

_SAID = """\
{seeds} runs of {events} events each. A campaign is found when one of its events makes the rule
call a person; an honest one should never be. Before this rule: none of the dogpiles found."""


class Seen(NamedTuple):
    """One event: its run, the campaign it is of, which one of its kind, and whether it called."""

    run: int
    campaign: str | None
    occurrence: int
    called: bool


def ran(seed: int, events: int) -> list[Seen]:
    """One run under the shipped rules."""
    happened = list(simulate.generate(seed, events, START))
    end = happened[-1].at + clock.HOUR
    with (
        tempfile.TemporaryDirectory() as folder,
        Engine(Path(folder) / "community", now=lambda: end) as engine,
    ):
        answers = engine.submit([msgspec.json.encode(each.event) for each in happened])
    return [
        Seen(
            seed,
            each.campaign,
            each.occurrence,
            not isinstance(answer, BadEvent) and RULE in answer.fired,
        )
        for each, answer in zip(happened, answers, strict=True)
    ]


def evaluate(_: Path, *, quick: bool) -> str:
    """The section of the page. `quick`: one short run."""
    seeds, events = (SEEDS[:1], 800) if quick else (SEEDS, EVENTS)
    return section([each for seed in seeds for each in ran(seed, events)], len(seeds), events)


def section(seen: Sequence[Seen], runs: int, events: int) -> str:
    """What was found, as Markdown."""
    lines = [[name, *found(seen, name)] for name in ("dogpile", *TWINS)]
    rest = [each for each in seen if each.campaign not in ("dogpile", *TWINS)]
    calls = sum(each.called for each in rest)
    head = ["what", "campaigns", "found", "median events before", "calls"]
    said = _SAID.format(seeds=runs, events=events)
    return "\n\n".join(
        [
            said,
            figures.table(head, lines),
            f"Among the other {len(rest)} events there were {calls} calls.",
        ]
    )


def found(seen: Iterable[Seen], name: str) -> tuple[int, str, str, int]:
    """Of one kind: how many there were, how many were found, after how many events, calls."""
    campaigns: dict[tuple[int, int], list[bool]] = {}
    for each in seen:
        if each.campaign == name:
            campaigns.setdefault((each.run, each.occurrence), []).append(each.called)
    before = [calls.index(True) for calls in campaigns.values() if any(calls)]
    rate = figures.rate(len(before), len(campaigns))
    median = f"{statistics.median(before):g}" if before else ""
    return (
        len(campaigns),
        f"{len(before)}: {rate}" if campaigns else "",
        median,
        sum(map(sum, campaigns.values())),
    )
