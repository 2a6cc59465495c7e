"""The longest texts there may be, each of one hostile kind: `python -m bench.hostile`.

What all signals and the shipped rules cost on each of them, beside ordinary words of the same
length. Figures are CPU milliseconds of one event. The tests hold that each has an answer.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Iterator
from typing import Any

from ombud import events, explain, samples
from ombud.activation import compiling
from ombud.activation.active import Active
from ombud.config import Settings, Sources
from ombud.model import TEXT_LENGTH_MAX

ORDINARY = "ordinary words"
ROUNDS = 3


def longest() -> Iterator[tuple[str, str]]:
    """Texts as long as one may be, by what they are made of."""
    chance = random.Random(7)
    most = TEXT_LENGTH_MAX
    words = "kettle was warm when my neighbour came to borrow cups of flour".split()  # noqa: SIM905
    yield ORDINARY, " ".join(chance.choice(words) for _ in range(most // 3))[:most]
    yield "combining marks", ("a" + "\u0301" * most)[:most]
    yield "marks on every letter", ("x\u0316\u0489\u0301" * most)[:most]
    yield "overrides", ("\u202ea\u202db\u2066\u2069" * most)[:most]
    yield "two directions", ("abc \u05d0\u05d1\u05d2 \u0634\u0633 12 " * most)[:most]
    yield "domains", " ".join(f"{number:x}.vn" for number in range(most))[:most]
    yield "addresses", " ".join(f"http://{number:x}.vn/" for number in range(most))[:most]
    yield "half addresses", ("http://" * most)[:most]
    yield "mentions", " ".join(f"@u{number}" for number in range(most))[:most]
    yield "numbers", "".join(chance.choice("0123456789 -.+()") for _ in range(most))
    yield "mail", ("a@b." * most)[:most]
    yield "ligatures", "\ufdfa" * most
    yield "families", ("\U0001f468\u200d\U0001f469\u200d\U0001f467" * most)[:most]
    yield "nothing", "\0\u200b" * (most // 2)
    yield "one word", "a" * most
    yield "every word another", " ".join(f"{number:x}" for number in range(most))[:most]
    yield "any signs", "".join(chr(chance.randrange(32, 0xD7FF)) for _ in range(most))


def active() -> Active:
    """The shipped pack."""
    rules, policies, lists = (samples.files(name) for name in ("rules", "policies", "lists"))
    return compiling.from_sources(Sources(rules, policies, lists, Settings()))


def milliseconds(pack: Active, text: str) -> float:
    """What one post of this text costs, decoded, with every signal worked out."""
    told = {
        "specversion": "1.0",
        "id": "one",
        "source": "bench/hostile",
        "type": "post.created",
        "time": "2026-01-01T00:00:00Z",
        "data": {"author": {"id": "ana", "name": "Ana"}, "text": text, "mentions": []},
    }
    line = json.dumps(told).encode()
    started = time.process_time_ns()
    for _ in explain.explain(pack, [events.decode(line)]):
        pass
    return (time.process_time_ns() - started) / 1e6


def measured() -> dict[str, Any]:
    """The kinds, the dearest first, each with its ratio to ordinary words."""
    pack, texts = active(), dict(longest())
    for text in texts.values():  # what is worked out once
        milliseconds(pack, text[:100])
    rounds = [
        {kind: milliseconds(pack, text) for kind, text in texts.items()} for _ in range(ROUNDS)
    ]
    found: list[dict[str, Any]] = []
    for kind in texts:
        ratio = statistics.median([each[kind] / each[ORDINARY] for each in rounds])
        spent = statistics.median([each[kind] for each in rounds])
        found.append({"text": kind, "ms": round(spent, 1), "ratio": round(ratio, 2)})
    found.sort(key=lambda each: float(each["ms"]), reverse=True)
    return {"items": found, "rounds": ROUNDS}


def main() -> None:
    """Print what was found."""
    print(json.dumps(measured(), indent=1))


if __name__ == "__main__":
    main()
