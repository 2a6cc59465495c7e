"""A community in which a rule earns its certificate, grown once and copied for each story."""

from __future__ import annotations

import random
import shutil
import string
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flow import small_community
from flow.small_community import DAY, START, event, line, prepare, rows, rule
from ombud import certifying
from ombud.app import Engine
from ombud.errors import BadUse
from ombud.reading import reading

WEEK = 7 * DAY
BEGUN = int(START.timestamp()) * 1_000_000
DAYS = 20
WORDS = [
    "".join(random.Random(at).choices(string.ascii_lowercase, k=8)) for at in range(4000)
]  # so many that no two texts are nearly the same
HOLDS = "hold this for 48 hours"
DUE_SECONDS = 20.0


class Clock(small_community.Clock):
    """Moves on by a millisecond whenever it is asked."""

    def __init__(self, at: int = BEGUN) -> None:
        super().__init__(at, step=1000)


def bags(then: str = HOLDS, when: str = 'text contains "cheap bags"') -> dict[str, str]:
    """The one rule: it asks for what no procedural hold covers."""
    return dict([rule("bags", when, 'text "cheap bags"', 'text "thanks"', then=then)])


def post(number: int, at: int, *, sells: bool, author: str = "", said: str = "") -> bytes:
    """Somebody's post, received about `at`; every fourth word is its own."""
    words = random.Random(number).choices(WORDS, k=14)
    text = said or " ".join(words) + (" cheap bags" if sells else "")
    seconds = (at - BEGUN) / 1_000_000
    more = {"links": [{"url": "https://shop.example/a"}]} if number % 3 == 0 else {}
    return line(event(number, seconds, author={"id": author or f"p{number}"}, text=text, **more))


def grown(folder: Path, a_day: int, rules: dict[str, str] | None = None) -> Clock:
    """Twenty days of posts, half of which the rule hits; the clock as it stands then."""
    prepare(folder, bags() if rules is None else rules, "")
    clock = Clock()
    with Engine(folder, now=clock, by="Ana") as engine:
        for day in range(DAYS):
            clock.at = BEGUN + day * DAY + DAY // 2
            engine.submit(
                [post(day * 1000 + at, clock.at, sells=at % 2 == 0) for at in range(2 * a_day)]
            )
    return clock


def due(engine: Engine, name: str) -> list[dict[str, Any]]:
    """What somebody is shown to label."""
    with reading(engine.folder) as reader:
        found: list[dict[str, Any]] = reader.labelling().due(name, engine.now())["items"]
    return found


def drawn(engine: Engine) -> None:
    """Wait until the writer has drawn each population that is in the journal."""
    wanted = rows(
        engine.folder,
        "SELECT count(*) FROM journal WHERE type = '!population' AND payload LIKE '%\"hits\":[[%'",
    )
    done = "SELECT count(*) FROM journal WHERE type = '!draw' AND payload LIKE '%\"sample\"%'"
    until = time.monotonic() + DUE_SECONDS
    while rows(engine.folder, done) != wanted:
        assert time.monotonic() < until, "nothing is drawn"
        time.sleep(0.01)


def sells(item: dict[str, Any]) -> str:
    """The truth about an item."""
    return "yes" if "cheap bags" in (item["content"] or {"text": ""})["text"] else "no"


def certified(engine: Engine) -> list[Any]:
    """The certificates in force."""
    held = engine.writer.pipeline.community.register
    return [each for each in held.certificates.values() if each.holds(engine.now())]


def label_all(
    engine: Engine,
    clock: Clock,
    names: Iterable[str],
    says: Callable[[dict[str, Any]], str] = sells,
    *,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Everybody labels what is due, week by week, until nothing is, or until `stop`."""
    for _ in range(60):
        waiting = 0
        for name in names:
            for item in due(engine, name):
                waiting += 1
                try:
                    certifying.label(engine, item["item"], says(item), name)
                except BadUse:  # the last label decided, and nothing more is asked
                    assert stop()
                if stop():
                    return
        if not waiting:
            return
        clock.at += WEEK
    raise AssertionError("it does not end")


def earned(engine: Engine, clock: Clock, names: tuple[str, ...] = ("Ben",)) -> Any:
    """The certificate that these people's labels prove."""
    certifying.begin(engine, "bags", names, "Ana")
    drawn(engine)
    label_all(engine, clock, names, stop=lambda: bool(certified(engine)))
    (found,) = certified(engine)
    return found


def actions(folder: Path) -> list[tuple[str, str | None]]:
    """What was decided under which licence."""
    return rows(folder, "SELECT action, licence FROM decision ORDER BY leaf")


def outcomes(folder: Path) -> list[str]:
    """What the public log says of certificates, in order."""
    found = rows(
        folder,
        "SELECT json_extract(CAST(entry AS TEXT), '$.type'),"
        " json_extract(CAST(entry AS TEXT), '$.outcome') FROM leaf ORDER BY position",
    )
    return [str(said) for type_, said in found if type_ in ("certificate", "demotion")]


def again(known: tuple[Path, int], place: Path) -> tuple[Path, Clock]:
    """A copy of its own for a story."""
    folder = place / "data"
    shutil.copytree(known[0], folder)
    return folder, Clock(known[1])


def sold(engine: Engine, clock: Clock, first: int, count: int) -> list[str]:
    """So many new posts that the rule hits, and what was done to each."""
    found = engine.submit([post(first + at, clock.at, sells=True) for at in range(count)])
    return [getattr(each, "action", "refused") for each in found]
