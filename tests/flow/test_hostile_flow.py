"""A hostile stream beside an honest one: what honest people post is judged as if it were not there,
nothing is lost, and what is kept of a hostile event has a bound.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flow.small_community import check, event, hold_together, line, rows
from ombud import clock, demonstration, simulate
from ombud.app import Engine
from ombud.errors import BadEvent
from ombud.model import MEDIA_MAX, MENTIONS_MAX, TEXT_LENGTH_MAX
from ombud.signals.links import ADDRESSES_MAX
from ombud.simulate import scenes
from ombud.transaction import Answer

START = demonstration.START
EVENTS, SEED = 700, 66  # a seed that is neither reported nor tuned on
BESIDE = 3  # chaff for each honest event
SPAM = "write to me and I will show all of you how my little lamp pays the rent every single month"


class Run(NamedTuple):
    """A folder, each event's answer by its id, and how many keys its windows hold."""

    folder: Path
    found: dict[str, Answer]
    keys: int


@cache
def honest() -> tuple[simulate.Simulated, ...]:
    """What honest people do over two days, gatherings included."""
    return tuple(
        each
        for each in simulate.generate(SEED, EVENTS, START, scenes.WIDE)
        if each.truth == "benign"
    )


def junk(chance: random.Random) -> str:
    """A text nobody else says."""
    return " ".join(f"{chance.getrandbits(32):x}" for _ in range(chance.randrange(3, 30)))


def chain(text: str) -> Iterator[str]:
    """From the spammer's text word by word to half of an honest one: each like the one before."""
    spam, words = SPAM.split(), text.split()
    for upto in range(len(words) // 2):
        yield " ".join([*words[:upto], *spam[upto:]])


def chaff(
    chance: random.Random, number: int, at: int, rooms: Sequence[str], links: Iterator[str]
) -> dict[str, Any]:
    """One event to fill what is counted: keys of every sort, and links of a chain of texts."""
    kind = chance.choice(("post", "post", "chain", "join", "registration"))
    name = f"{chance.getrandbits(40):x}"
    data: dict[str, Any] = {
        "author": {"id": f"chaff{number}", "name": name, "created": clock.rfc3339(at - clock.HOUR)},
        "room": {"id": f"own{chance.randrange(10**6)}"},
        "server": {"id": f"{name}.invalid"},
    }
    of = {"join": "member.joined", "registration": "account.created"}.get(kind, "post.created")
    if of == "post.created":
        data["room"] = {"id": chance.choice(rooms)}
        data["text"] = next(links, SPAM) if kind == "chain" else junk(chance)
        if kind == "post":
            data["text"] += f" http://{name}.invalid/{number}"
            data["mentions"] = [{"id": f"m{number}x{each}"} for each in range(5)]
    return {
        "specversion": "1.0",
        "id": f"chaff{number}",
        "source": f"sim/{data['room']['id']}",
        "type": of,
        "time": clock.rfc3339(at),
        "data": data,
    }


def mixed(beside: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """The honest stream with so much chaff for each event, in the order of time."""
    chance = random.Random(SEED)
    rooms = tuple(simulate.ROOMS)
    texts = [each.event["data"].get("text") or "" for each in honest()]
    links = (step for text in texts if len(text) > 80 for step in chain(text))
    before, number = START, 0
    for each in honest():
        for part in range(beside):
            number += 1
            at = before + (each.at - before) * part // beside
            yield at - at % 1000, chaff(chance, number, at - at % 1000, rooms, links)
        yield each.at, each.event
        before = each.at


def judged(folder: Path, beside: int) -> Run:
    """What becomes of all that under the pack with holds on, and under the demonstration's one key:
    names that are alike by chance are so in both.
    """
    demonstration.prepare(folder)
    now = START
    found: dict[str, Answer] = {}
    with Engine(folder, now=lambda: now) as engine:
        batch: list[dict[str, Any]] = []

        def submit() -> None:
            answers = engine.submit([line(each) for each in batch])
            for told, answer in zip(batch, answers, strict=True):
                assert not isinstance(answer, BadEvent)
                found[told["id"]] = answer
            batch.clear()

        for at, told in mixed(beside):
            if batch and (len(batch) >= 64 or at - now > 10 * clock.MINUTE):
                submit()
            now = max(now, at + 1000)
            batch.append(told)
        submit()
        line_ = engine.writer.pipeline.community.timelines[""]
        keys = sum(len({each[0] for each in window.entries()}) for window in line_.windows.values())
    return Run(folder, found, keys)


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[int, Run]:
    """The honest stream alone, and with chaff beside it."""
    made = {}
    for beside in (0, BESIDE):
        folder = tmp_path_factory.mktemp("chaff") / f"beside{beside}"
        made[beside] = judged(folder, beside)
    return made


def test_chaff_changes_no_honest_verdict(
    both: Mapping[int, Run],
) -> None:
    """The same rules fire, the same is unknown and the same is done, with and without it."""
    alone, among = both[0].found, both[BESIDE].found
    assert len(among) == len(alone) * (1 + BESIDE)
    assert {name for name in among if name.startswith("sim-")} == set(alone)
    differ = [
        (name, alone[name].fired, among[name].fired)
        for name in alone
        if (alone[name].action, alone[name].fired, alone[name].unknown)
        != (among[name].action, among[name].fired, among[name].unknown)
    ]
    assert differ == []
    assert any(each.fired for each in alone.values())


def test_nothing_is_lost_beside_chaff(
    both: Mapping[int, Run],
) -> None:
    """Every event is accepted and judged once, and a replay finds no difference in any of them."""
    for folder, found, _ in both.values():
        assert {each.status for each in found.values()} == {"accepted"}
        outcome = check(folder)
        assert outcome.different == outcome.not_recomputable == 0
        # Who is only mentioned has no token yet: such a record is checked by its recorded facts.
        assert outcome.same + outcome.from_facts == outcome.checked
        kept = rows(folder, "SELECT count(*) FROM journal WHERE identity IS NOT NULL")
        assert kept == [(len(found),)]
        hold_together(folder)


def test_chaff_fills_keys_by_its_number_and_no_faster(
    both: Mapping[int, Run],
) -> None:
    """An event of chaff adds a bounded number of keys to what is counted."""
    alone, among = both[0], both[BESIDE]
    added = len(among.found) - len(alone.found)
    assert 0 < among.keys - alone.keys < 40 * added


# --- one event that has too much of everything ----------------------------------------------------


MANY = 10_000
TOO_MUCH: dict[str, tuple[dict[str, Any], str | None]] = {
    "domains in a text": (
        {"text": " ".join(f"{number:x}.vn" for number in range(MANY))[:TEXT_LENGTH_MAX]},
        None,
    ),
    "mentions in a text": (
        {"text": " ".join(f"@{number:x}" for number in range(MANY))[:TEXT_LENGTH_MAX]},
        None,
    ),
    "mentions": ({"mentions": [{"id": f"m{number}"} for number in range(MANY)]}, "E005"),
    "mentions at the bound": (
        {"mentions": [{"id": f"m{number}", "name": "M"} for number in range(MENTIONS_MAX)]},
        None,
    ),
    "links": ({"links": [{"url": f"http://{n}.example"} for n in range(MANY)]}, "E005"),
    "media": ({"media": [{"id": f"m{number}"} for number in range(MANY)]}, "E005"),
    "media at the bound": ({"media": [{"id": f"m{n}"} for n in range(MEDIA_MAX)]}, None),
    "a megabyte of marks": ({"text": "a" + "\u0301" * (1 << 19)}, "E003"),
    "marks to the bound": ({"text": ("a" + "\u0301" * TEXT_LENGTH_MAX)[:TEXT_LENGTH_MAX]}, None),
    "a name of marks": ({"author": {"id": "z", "name": "a" + "\u0301" * 255}}, None),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_is_refused_or_kept_within_bounds(name: str, tmp_path: Path) -> None:
    """What is over a bound is refused with its code; what is at it is judged without a fault, and
    leaves no more keys behind than an event may name.
    """
    data, code = TOO_MUCH[name]
    (tmp_path / "ombud.toml").write_text("procedural_holds = true\n")
    with Engine(tmp_path, now=lambda: START + clock.DAY) as engine:
        told = {**event("much", **data), "time": clock.rfc3339(START)}
        (answer,) = engine.submit([line(told)])
        assert (answer.code if isinstance(answer, BadEvent) else None) == code
        timelines = engine.writer.pipeline.community.timelines
        windows = [window for each in timelines.values() for window in each.windows.values()]
    kept = [len(list(window.entries())) for window in windows]
    assert max(kept, default=0) <= max(ADDRESSES_MAX, MENTIONS_MAX)
    stored = rows(tmp_path, "SELECT length(facts), length(entries) FROM journal")
    assert all((facts or 0) + (entries or 0) < 64 * 1024 for facts, entries in stored)


HOLES: dict[str, bytes] = {
    "a deep list": b"[" * 10_000 + b"]" * 10_000,
    "a deep object": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "half of a sign": rb'"\ud83d"',
    "the other half": rb'"\udc00\ud83d"',
    "a number without end": b"9" * 5_000,
    "an exponent": b"1e99999",
    "no number": b"NaN",
    "minus nothing": b"-0.0",
}


@pytest.mark.parametrize("name", HOLES)
@pytest.mark.parametrize("field", ["text", "room", "mentions", "undeclared"])
def test_holes_in_the_wire_form_are_refused_alone(name: str, field: str, tmp_path: Path) -> None:
    """Beside a good event before and one after it; where nobody declared the field, it is dropped
    or refused, and never kept.
    """
    whole = json.dumps({**event("bad"), "data": {field: "HOLE"}}).encode()
    bad = whole.replace(b'"HOLE"', HOLES[name]) + b"\n"
    (tmp_path / "ombud.toml").write_text("procedural_holds = true\n")
    with Engine(tmp_path) as engine:
        before, found, after = engine.submit([line(event(1)), bad, line(event(2))])
        assert isinstance(before, Answer)
        assert isinstance(after, Answer)
        if field != "undeclared":
            assert isinstance(found, BadEvent)
        if isinstance(found, BadEvent):
            assert found.code in {"E001", "E002"}
    assert len(rows(tmp_path, "SELECT 1 FROM journal WHERE identity IS NOT NULL")) in (2, 3)
