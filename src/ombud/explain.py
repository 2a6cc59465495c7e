"""What rules would see of events in a file: every fact of each, judged in memory, written nowhere.

The events go through the same observation, windows and rules as in the engine, from an empty past
and under throw-away keys. This module must never touch a data folder's store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ombud import ids
from ombud.activation.active import EMPTY, Active
from ombud.clock import from_datetime
from ombud.model import Event, Value
from ombud.signals.declare import SIGNALS
from ombud.signals.observation import Observation, kind_of
from ombud.verdicts.community import Community
from ombud.verdicts.past import EventPast
from ombud.windows import STALE

KEY = b"explain" + bytes(25)


class ThrowAway:
    """Tokens that nobody keeps (signals.observation.Tokens)."""

    def account(self, platform: str, account: str) -> int:
        """A token of the account's name alone."""
        return ids.token(KEY, "account", f"{platform}\0{account}")

    def of(self, space: str, value: str) -> int:
        """A token of the value."""
        return ids.token(KEY, space, value)


def explain(active: Active, events: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """For each event: its kind, the rules that fired or were unknown, and all its facts by name."""
    community, tokens = Community(KEY, EMPTY), ThrowAway()
    community.activate(active, {})
    recv = 0
    for seq, event in enumerate(events, 1):
        kind, time = kind_of(event), from_datetime(event.time)
        recv = max(recv + 1, time)
        found: dict[str, Any] = {"id": event.id, "source": event.source, "kind": kind}
        if kind is None:  # judged by no rule, but it moves the source's time on
            community.timeline("").arrive(event.source, time, recv)
        else:
            seen = Observation(event, kind, tokens)
            before = _signals(community, seen, time, recv)
            verdict = community.judge(seen, "", time, recv, seq=seq)
            found["fired"] = [active.names[rule] for rule in verdict.fired]
            found["unknown"] = [active.names[rule] for rule in verdict.unknown]
            found["facts"] = {**_facts(active, seen, verdict.facts), **before}
        yield found


def _signals(community: Community, seen: Observation, time: int, recv: int) -> dict[str, Value]:
    """Every declared signal that can be known for this kind, before the event moves the past on.

    `time` is never later than receipt here; a stale event has no past (windows.Timeline.arrive).
    """
    line = community.timeline("")
    seen.at, seen.claims = time, community.active.claims
    if line.community - time <= STALE:
        place = max(line.streams.get(seen.event.source, 0), time)
        seen.past = EventPast(community, "", line, place, recv)
    return {
        name: declared.compute(seen)
        for name, declared in sorted(SIGNALS.items())
        if seen.kind in declared.kinds
    }


def _facts(active: Active, seen: Observation, judged: dict[int, Value]) -> dict[str, Value]:
    """Every window fact and condition that the rules name for this kind."""
    wanted = {
        slot
        for rule, slots in zip(active.rules, active.rule_slots, strict=True)
        if seen.kind in rule.kinds
        for slot in slots
    }
    values = {
        slot: active.plan.readers[slot].compute(seen) for slot in wanted if slot not in judged
    }
    return {active.plan.slots[slot]: value for slot, value in sorted({**values, **judged}.items())}
