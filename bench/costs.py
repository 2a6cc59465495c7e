"""What facts and phrases cost, measured beside what is declared: `python -m bench.costs`.

The declared numbers put conditions in order and bound a rule set's cost; this is how they were
held against a machine. This module must never change them.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import rule_sets, workload
from ombud import events
from ombud.app import Engine
from ombud.clock import from_datetime
from ombud.rules import parse, phrases
from ombud.rules.check import Surroundings, check
from ombud.rules.checked import Atom
from ombud.rules.diagnostic import Report
from ombud.rules.policy import read_policies
from ombud.signals.declare import SIGNALS
from ombud.signals.lists import Kept, TermList
from ombud.signals.observation import Observation, kind_of
from ombud.verdicts.past import EventPast

CONDITIONS = (
    "author.posts in last 10 minutes > 5",
    "author.rooms in last 1 hour > 5",
    "text.repeat authors in last 1 hour > 2",
    "share of author.posts with links in last 1 day > 10 %",
    'text contains "casino"',
    'text starts with "casino"',
    'text matches "casino[0-9]{2}"',
    'text in list "words"',
    'author in list "people"',
    'links any in list "words"',
    'room = "room-1"',
    'author.name resembles list "people" >= 90 %',
)


def measured(language: str, count: int = 400, rounds: int = 5) -> list[dict[str, Any]]:
    """Each signal and some conditions: declared and measured microseconds, the usual and the 99th
    percentile, on events whose text was prepared as the engine does it.
    """
    with tempfile.TemporaryDirectory() as name, Engine(Path(name)) as engine:
        raw = workload.lines(language, count)
        engine.ingest([b"\n".join(raw)])
        community, keys = engine.writer.pipeline.community, engine.keys
        line = community.timeline("live")
        decoded = [events.decode(each) for each in raw]

        def fresh() -> list[Observation]:
            found = [Observation(each, kind_of(each) or "", keys) for each in decoded]
            for seen in found:
                seen.enrich()
                seen.at = seen.place = from_datetime(seen.event.time)
                seen.past = EventPast(community, "live", line, seen.at, seen.at)
            return found

        found = [
            _row(each.name, each.cost, each.compute, fresh, rounds) for each in SIGNALS.values()
        ]
        for said, atom in conditions():
            compute = phrases.reader(atom, LISTS).compute
            found.append(_row(said, atom.cost, compute, fresh, rounds))
        keys.discard()
    return found


PEOPLE = tuple(f"person {number}" for number in range(200))
LISTS = {
    "words": Kept(TermList("words", tuple(f"word{number}" for number in range(200)))),
    "people": Kept(TermList("people", PEOPLE)),
}


def conditions() -> list[tuple[str, Atom]]:
    """The conditions that are measured."""
    clauses = read_policies({"spam.md": rule_sets.POLICY})[0]
    around = Surroundings(clauses=clauses, lists=LISTS)
    found = []
    for said in CONDITIONS:
        spec = rule_sets.rule_text("sample", "post", f"  {said}")
        report = Report("sample.rule")
        rule = check(report, parse.read_rule(report, spec.encode()), around)
        assert rule is not None, report.found
        found.append((said, next(rule.atoms())))
    return found


def _row(
    name: str,
    declared: int,
    compute: Callable[[Observation], object],
    fresh: Callable[[], list[Observation]],
    rounds: int,
) -> dict[str, Any]:
    taken = []
    for _ in range(rounds):
        for seen in fresh():
            started = time.perf_counter_ns()
            try:
                compute(seen)
            except LookupError:
                continue
            taken.append((time.perf_counter_ns() - started) / 1000)
    quantiles = statistics.quantiles(taken, n=100) if len(taken) > 1 else [0.0] * 99
    return {
        "name": name,
        "declared_us": declared,
        "usual_us": round(quantiles[49], 2),
        "p99_us": round(quantiles[98], 2),
    }


def main() -> None:
    """Print what was found."""
    print(json.dumps({each: measured(each) for each in workload.LANGUAGES}, indent=1))


if __name__ == "__main__":
    main()
