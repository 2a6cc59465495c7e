"""Tries rules on a folder's past without the log, and runs a fresh engine to compare with."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from flow.small_community import NOW, SETTINGS, line, prepare, rows, same_keys
from ombud import config, samples
from ombud.activation import compiling
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE, Sources
from ombud.replay import labels, records
from ombud.replay.others import Others, Span
from ombud.replay.sample import Sample
from ombud.replay.tally import Tally
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store


def live(
    place: Path,
    rules: dict[str, str],
    batches: list[tuple[str, list[Any]]],
    keys_of: Path | None = None,
) -> Path:
    """A fresh engine that is fed events under some rules; with the keys of another folder, so that
    where a full window lets go of one of two equals it is the same one.
    """
    folder = prepare(place, rules)
    if keys_of is not None:
        same_keys(folder, keys_of)
    with Engine(folder, now=lambda: NOW) as engine:
        for timeline, events in batches:
            engine.submit([line(each) for each in events], timeline)
    return folder


def sources(rules: Mapping[str, str], settings: str = SETTINGS) -> Sources:
    """Rules among the shipped policies and lists."""
    return Sources(
        rules={name: text.encode() for name, text in rules.items()},
        policies=dict(samples.files("policies")),
        lists=dict(samples.files("lists")),
        settings=config.parse_settings(settings.encode()),
    )


def tried(
    folder: Path,
    rules: Mapping[str, str],
    span: Span | None = None,
    file: Path | None = None,
    until: int | None = None,
) -> Tally:
    """What the rules come to on the folder's past, up to a record."""
    store = Store(folder / STORE_FILE, readonly=True)
    keys = KeyFile(folder / KEY_FILE, readonly=True)
    try:
        active = compiling.from_sources(sources(rules))
        found = labels.gathered(store, keys.community, file)
        tally = Tally(active, found, Sample(1), frozenset(active.names))
        run = Others(store, keys, active, tally, span or Span(), b"k" * 32)
        return run.run(records.last(store) if until is None else until)
    finally:
        store.close()
        keys.close()


def verdicts(folder: Path, rules: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """What the rules would have said of each judged event of a past, in order: fired, unknown,
    facts by name, what is done about which record.
    """
    store = Store(folder / STORE_FILE, readonly=True)
    keys = KeyFile(folder / KEY_FILE, readonly=True)
    found: list[tuple[Any, ...]] = []
    active = compiling.from_sources(sources(rules))

    class Noting(Tally):
        def count(self, case: Any) -> None:
            verdict, slots = case.verdict, active.plan.slots
            facts = {slots[slot]: value for slot, value in verdict.facts.items()}
            names = active.names
            found.append(
                (
                    tuple(names[each] for each in verdict.fired),
                    tuple(names[each] for each in verdict.unknown),
                    verdict.place,
                    facts,
                    sorted(
                        [(case.seq, c.action, c.clause, c.licence) for c in verdict.chosen]
                        + [
                            (seq, t.chosen.action, t.chosen.clause, t.chosen.licence)
                            for t in verdict.targets
                            for seq in t.seqs
                        ],
                        key=str,
                    ),
                )
            )

    try:
        tally = Noting(active, labels.Labels(), Sample(1), frozenset(active.names))
        Others(store, keys, active, tally, Span(), b"k" * 32).run(records.last(store))
    finally:
        store.close()
        keys.close()
    return found


def recorded(folder: Path) -> list[tuple[Any, ...]]:
    """The same as a folder's journal says, read with SQL of its own."""
    configs = {
        seq: json.loads(payload)
        for seq, payload in rows(folder, "SELECT seq, payload FROM journal WHERE type = '!config'")
    }
    made: dict[int, list[tuple[int, str, str, str | None]]] = {}
    for seq, *more in rows(
        folder, "SELECT seq, about, action, clause, licence FROM decision WHERE by_role = 'rule'"
    ):
        made.setdefault(seq, []).append((more[0], more[1], more[2], more[3]))
    found = []
    for seq, config_, place, facts, hits in rows(
        folder,
        "SELECT seq, config, place, facts, hits FROM journal WHERE kind IS NOT NULL ORDER BY seq",
    ):
        payload = configs[config_]
        names, slots = sorted(payload["manifest"]["rules"]), payload["slots"]
        fired, unknown, *_ = msgspec.msgpack.decode(hits) if hits else ((), ())
        read = msgspec.msgpack.decode(facts, type=dict[int, Any]) if facts else {}
        found.append(
            (
                tuple(names[each] for each in fired),
                tuple(names[each] for each in unknown),
                place,
                {slots[slot]: value for slot, value in read.items()},
                sorted(made.get(seq, ()), key=str),
            )
        )
    return found


def hits(tally: Tally) -> Counter[str]:
    """Hits by rule."""
    return Counter({each.rule.name: each.hits for each in tally.rules.values() if each.hits})
