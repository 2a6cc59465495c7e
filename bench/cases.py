"""How fast a queue is with many open cases, and how far a flood puts somebody else's case back.

    python -m bench.cases [COUNT]

A flood of COUNT events (100,000) by as many new accounts in one room opens as many cases; then
somebody else's post, in another room under another rule, opens one. Measured: a page of the queue,
one case shown, the next case claimed and decided, each through the engine that writes, and how many
cases of the flood come before hers. Printed, not written anywhere: it takes minutes.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ombud import casework, samples
from ombud.app import Engine
from ombud.reading import Reader

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROUNDS = 50
LENGTH = 3600  # seconds that the flood takes
RULE = """rule {name}
  "Something for the bench."

for     post
clause  {clause}
mode    live

when
  text contains "{words}"

then
  remove this

tell author
  en  "A person will look at it."

should catch "it"
  text  "{words}"

should pass "anything else"
  text  "thanks"
"""


def event(number: int, at: float, text: str, room: str) -> bytes:
    """One post by an account that posts once."""
    told = {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": f"chat/{room}",
        "type": "post.created",
        "time": (START + timedelta(seconds=at)).isoformat(),
        "data": {"author": {"id": f"p{number}"}, "text": text, "room": {"id": room}},
    }
    return json.dumps(told).encode() + b"\n"


def median(do: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Milliseconds that something takes in the middle."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        do()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def prepare(folder: Path) -> None:
    """A community with two rules that ask a person."""
    (folder / "rules").mkdir(parents=True)
    for name, content in samples.files("rules").items():
        text = content.decode().replace("mode    watch", "mode    draft")
        (folder / "rules" / name).write_text(text, encoding="utf-8")
    for name, clause, words in (
        ("shoes", "spam.links", "cheap shoes"),
        ("bags", "spam.repeats", "cheap bags"),
    ):
        rule = RULE.format(name=name, clause=clause, words=words)
        (folder / "rules" / f"{name}.rule").write_text(rule, encoding="utf-8")


def measure(folder: Path, count: int) -> dict[str, float]:
    """What it takes with so many open cases, in milliseconds unless said otherwise."""
    prepare(folder)
    clock = [int(START.timestamp() * 1_000_000)]
    found: dict[str, float] = {}
    with Engine(folder, now=lambda: clock[0]) as engine:
        began = time.perf_counter()
        for begin in range(0, count, 512):
            clock[0] = int((START.timestamp() + begin * LENGTH / count) * 1_000_000)
            lines = [
                event(n, n * LENGTH / count, f"cheap shoes {n}", "hall")
                for n in range(begin, min(begin + 512, count))
            ]
            engine.submit(lines)
        found["flood, seconds"] = time.perf_counter() - began
        clock[0] = int((START.timestamp() + LENGTH) * 1_000_000)
        engine.submit([event(count, LENGTH, "cheap bags", "yard")])
        reader = Reader(folder)
        book = reader.casebook()

        def page(after: str = "") -> list[dict[str, Any]]:
            wanted = {"queue": "review", "state": "open", "after": after, "limit": 50}
            return book.page(clock[0], "en", **wanted)  # type: ignore[arg-type]

        order = reader.store.connection.execute(
            "SELECT rule FROM review_case WHERE closed IS NULL ORDER BY place, id"
        ).fetchall()
        found["open cases"] = len(order)
        found["cases of the flood before hers"] = order.index(("bags",))
        first = page()
        found["page of 50"] = median(page)
        found["page of 50, far down"] = median(lambda: page(first[-1]["id"]))
        found["counts by queue"] = median(lambda: book.queues(clock[0]))
        found["one case shown"] = median(lambda: book.case(first[0]["id"], clock[0], "en"))
        taken: list[dict[str, Any]] = []

        def claim() -> None:
            taken.append(casework.perform(engine, "claim case", {"by": "mia"}))

        def decide() -> None:
            one = taken.pop()
            asked = {"case": one["case"], "lease": one["lease"], "by": "mia"}
            casework.perform(engine, "decide case", {**asked, "outcome": "release"})

        def both() -> None:
            claim()
            decide()

        found["next case claimed and decided"] = median(both)
        claim()
        decide()
        found["decided, and the next one claimed and shown"] = _key_to_next(
            book, clock[0], claim, decide, taken
        )
        reader.close()
    return found


def _key_to_next(
    book: Any,
    now: int,
    claim: Callable[[], None],
    decide: Callable[[], None],
    taken: list[dict[str, Any]],
) -> float:
    """From the key that decides to all that the next case's page needs."""
    claim()

    def step() -> None:
        decide()
        claim()
        book.case(taken[-1]["case"], now, "en")

    return median(step)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="bench-cases-") as folder:
        for name, value in measure(Path(folder) / "community", count).items():
            print(f"{name:<48} {value:>12,.2f}")


if __name__ == "__main__":
    main()
