"""The rules alone: the same rules and events through Ombud's plan and through other engines.

Every engine starts from the decoded event and ends with the names of the rules that hold. Before
anything is measured all of them must give the same names for the whole set of events; a row whose
peer is not there or says otherwise is not published. Figures are rates of one round after another,
each engine in each round; see `measure`.
"""

from __future__ import annotations

import functools
import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from bench import peers, rule_sets
from bench.measure import Row, Target, cpu, rates
from ombud import events
from ombud.clock import from_datetime
from ombud.model import Event
from ombud.rules.load import load
from ombud.rules.plan import Plan, compile_plan
from ombud.signals.observation import Observation, kind_of

SIZES = (10, 50, 200)
MORE = (10, 50, 200, 500, 1000)
UNIT = "events per CPU second"
LATENCY = "latency of one event, 50 rules: p99"
GROWTH = "time per event, 200 rules to 10 rules"
DECODED = "rules, {count}"
WHOLE = "bytes to decision, {count} rules"
JSON_LOGIC, PYTHON = "json-logic-qubit", "plain Python"

TARGETS = {
    **{
        (DECODED.format(count=count), JSON_LOGIC): Target(at_least=True, ratio=ratio, stretch=far)
        for count, ratio, far in ((10, 5.0, 11.0), (50, 15.0, 31.0), (200, 30.0, 71.0))
    },
    (DECODED.format(count=10), PYTHON): Target(at_least=True, ratio=0.7, stretch=1.0),
    (DECODED.format(count=50), PYTHON): Target(at_least=True, ratio=1.0, stretch=2.0),
    (GROWTH, "10 rules"): Target(at_least=False, ratio=4.0, stretch=2.5),
    (LATENCY, "the target"): Target(at_least=False, ratio=1.0, stretch=0.5),
}
LATENCY_MAX_US = 300.0


def judged(row: Row) -> dict[str, Any]:
    """A row as data, with its target if it has one, and whether that is met."""
    target = TARGETS.get((row.name, row.peer_is))
    verdict = {} if target is None else {"target": str(target), "met": target.met(row.ratio)}
    return row.as_json() | verdict


def rows(*, quick: bool) -> list[Row]:
    """The comparisons of this bench."""
    raw = rule_sets.events(200 if quick else 1500)
    found: list[Row] = []
    for count in SIZES:
        found += compared(count, raw, rounds=3 if quick else 9, seconds=0.05 if quick else 0.5)
    plans = {count: plan_of(count) for count in SIZES}
    found.append(_growth(plans, raw, rounds=5 if quick else 15))
    found.append(_latency(plans[50], raw, rounds=3 if quick else 9))
    return found


# --- beside peers ---------------------------------------------------------------------------------


def plan_of(count: int) -> Plan:
    """The plan of that many rules."""
    files = rule_sets.rule_files(rule_sets.specs(count))
    loaded = load(files, {"spam.md": rule_sets.POLICY}, rule_sets.list_files())
    assert loaded.ok, loaded.diagnostics
    return compile_plan(loaded.rules, loaded.lists)


def ours(plan: Plan) -> Callable[[Event], list[str]]:
    """The names of the rules that hold, from a decoded event: what the engine does of it between
    decoding and windows.
    """
    names = [rule.name for rule in plan.rules]

    def judge(event: Event) -> list[str]:
        seen = Observation(event, kind_of(event) or "", NOBODY)
        seen.at = from_datetime(event.time)
        return [names[index] for index in plan.judge(seen).fired]

    return judge


class _Nobody:
    """No rule of the workload asks for tokens."""

    def account(self, platform: str, account: str) -> int:
        raise LookupError(f"no rule asks for {platform} {account}")

    def of(self, space: str, value: str) -> int:
        raise LookupError(f"no rule asks for {space} {value}")


NOBODY = _Nobody()


def compared(count: int, raw: Sequence[bytes], *, rounds: int, seconds: float) -> list[Row]:
    """A row for each peer that is there and says the same of every event."""
    own = ours(plan_of(count))
    specs = rule_sets.specs(count)
    structs = [events.decode(each) for each in raw]
    dicts = [json.loads(each) for each in raw]
    expected = [own(each) for each in structs]
    found = []
    for name, make in peers.PEERS.items():
        if not peers.there(name):
            print(f"{name} is not installed: no row", file=sys.stderr)
            continue
        peer = make(specs)
        if [peer(each) for each in dicts] != expected:
            print(f"{name} gives other verdicts on {count} rules: no row", file=sys.stderr)
            continue
        one = functools.partial(_rate, own, structs, seconds)
        other = functools.partial(_rate, peer, dicts, seconds)
        said = DECODED.format(count=count)
        found.append(rates(said, one, other, rounds=rounds, unit=UNIT, peer_is=name))
        if name in (JSON_LOGIC, PYTHON):
            one = functools.partial(_rate, _from_bytes(own), raw, seconds)
            other = functools.partial(_rate, _from_json(peer), raw, seconds)
            said = WHOLE.format(count=count)
            found.append(rates(said, one, other, rounds=rounds, unit=UNIT, peer_is=name))
    return found


def _from_bytes(judge: Callable[[Event], list[str]]) -> Callable[[bytes], bytes]:
    encode = msgspec.json.Encoder().encode
    return lambda raw: encode(judge(events.decode(raw)))


def _from_json(judge: peers.Judge) -> Callable[[bytes], str]:
    return lambda raw: json.dumps(judge(json.loads(raw)))


def _rate(judge: Callable[[Any], object], given: Sequence[Any], seconds: float) -> float:
    """Events a CPU second, over whole passes of the same events for that long at least."""
    done, started = 0, time.process_time()
    some = itertools.cycle(given)
    while (taken := time.process_time() - started) < seconds:
        for each in itertools.islice(some, 20):
            judge(each)
        done += 20
    return done / taken


# --- alone ----------------------------------------------------------------------------------------


def _growth(plans: dict[int, Plan], raw: Sequence[bytes], *, rounds: int) -> Row:
    """How much longer an event takes with twenty times as many rules."""
    structs = [events.decode(each) for each in raw]

    def microseconds(count: int) -> float:
        judge = ours(plans[count])
        return cpu(lambda: [judge(each) for each in structs]) / len(structs) * 1e6

    return rates(
        GROWTH,
        lambda: microseconds(200),
        lambda: microseconds(10),
        rounds=rounds,
        unit="microseconds of CPU, less is better",
        peer_is="10 rules",
    )


def _latency(plan: Plan, raw: Sequence[bytes], *, rounds: int) -> Row:
    """The 99th percentile of one event's time, in CPU of this thread."""
    structs, judge = [events.decode(each) for each in raw], ours(plan)

    def percentile() -> float:
        taken = []
        for each in structs:
            started = time.thread_time_ns()
            judge(each)
            taken.append(time.thread_time_ns() - started)
        return statistics.quantiles(taken, n=100)[98] / 1000

    return rates(
        LATENCY,
        percentile,
        lambda: LATENCY_MAX_US,
        rounds=rounds,
        unit="microseconds of CPU, less is better",
        peer_is="the target",
    )


def growth(*, quick: bool) -> list[dict[str, Any]]:
    """Microseconds an event from 10 to 1,000 rules, ours and plain Python, medians of rounds."""
    raw = rule_sets.events(100 if quick else 600)
    structs, dicts = [events.decode(each) for each in raw], [json.loads(each) for each in raw]
    found = []
    for count in MORE:
        judge, plain = ours(plan_of(count)), peers.plain_python(rule_sets.specs(count))
        taken = [
            (
                cpu(lambda: [judge(each) for each in structs]),  # noqa: B023 -- run at once
                cpu(lambda: [plain(each) for each in dicts]),  # noqa: B023
            )
            for _ in range(3 if quick else 9)
        ]
        each = 1e6 / len(raw)
        found.append(
            {
                "rules": count,
                "ours_us": round(statistics.median(own for own, _ in taken) * each, 1),
                "plain_python_us": round(statistics.median(py for _, py in taken) * each, 1),
            }
        )
    return found
