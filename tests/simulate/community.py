"""Runs of the simulated community, as its tests look at them."""

from __future__ import annotations

import json

from ombud import clock, events, model, simulate

START = 1_795_000_000 * clock.SECOND
SEEDS = (1, 2, 3, 42, 1234)


def run(seed: int = 1, count: int = 400, start: int = START) -> list[simulate.Simulated]:
    """One run of the community."""
    return list(simulate.generate(seed, count, start))


def of(simulated: list[simulate.Simulated], campaign: str) -> list[model.Event]:
    """The decoded events of one campaign or twin."""
    return [decoded(each) for each in simulated if each.campaign == campaign]


def decoded(simulated: simulate.Simulated) -> model.Event:
    """The event as the door takes it."""
    return events.decode(json.dumps(simulated.event).encode())


def instants(found: list[model.Event]) -> list[int]:
    """The times of events, in microseconds."""
    return [clock.from_datetime(event.time) for event in found]


def ages(found: list[model.Event]) -> list[int]:
    """How old each author's account is, in microseconds."""
    return [
        clock.from_datetime(event.time) - clock.from_datetime(event.data.author.created)
        for event in found
        if event.data.author is not None and event.data.author.created is not None
    ]
