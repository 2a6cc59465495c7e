"""Hostile patterns on hostile texts: `python -m bench.patterns`.

What a pattern may take is told from its text (`ombud.rules.pattern_cost`); here the patterns that
come near the bound, and many that are made by chance, are run on texts of the greatest length that
were made to be slow. This module must never change the numbers that it holds against the machine.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from typing import Any

import re2

from ombud.model import TEXT_LENGTH_MAX
from ombud.rules import cost, pattern_cost, phrases

ALPHABETS = (
    "q",
    "aq",
    "qz",
    "aqz",
    "abcdefgq",
    "the quick z brown q",
    "漢q",
    "漢qz字",
    "😀q",
    "qé a",
)
PARTS = (
    ".",
    "[a-z]",
    r"\w",
    r"\pL",
    "q",
    "a",
    "z",
    "(q|a)",
    "(aq|qa|qq)",
    ".?",
    ".*",
    "a?",
    "[aq]+",
)


def given() -> Iterator[str]:
    """Patterns made to be slow."""
    for each in (".", r"\w", r"\W", r"\pL", "[a-z]", "[^z]", "(a|q)", "(aq|qa|aa|qq)"):
        for times in (2, 3, 4, 6, 8, 12, 16, 20, 22):
            yield f"q{each}{{0,{times}}}z9"
            yield f"q{each}{{{times}}}z9"
            yield f"{each}{{0,{times // 2}}}q{each}{{0,{times // 2}}}z9"
            yield "q" + each * times + "9"
    yield "|".join("a" * times + "9" for times in range(1, 28))
    yield f"q.{{16}}9|{'a' * 400}9"
    yield "(a|aa|aaa|aaaa)*9"
    yield "a?" * 80 + "9"


def by_chance(count: int, chance: random.Random) -> Iterator[str]:
    """Patterns of parts that go badly together."""
    for _ in range(count):
        found = ""
        for _ in range(chance.randint(2, 12)):
            found += chance.choice(PARTS)
            if found[-1] not in "?*+" and chance.random() < 0.4:
                found += f"{{{chance.randint(0, 2)},{chance.randint(2, 20)}}}"
        yield found + "9"


def texts(chance: random.Random) -> list[bytes]:
    """Texts of the greatest length, in letters of one to four bytes."""
    every = ["".join(chance.choices(each, k=TEXT_LENGTH_MAX)) for each in ALPHABETS]
    return [each.encode() for each in every]


def measured(count: int = 300) -> dict[str, Any]:
    """The patterns that are taken, by how near they come to what is told of them."""
    chance = random.Random(4)
    hostile = texts(chance)
    found: list[tuple[int, int, str]] = []
    refused = 0
    for pattern in (*given(), *by_chance(count, chance)):
        told = pattern_cost.worst_us(pattern)
        try:
            search = phrases.compiled(pattern).search
        except re2.error:
            continue
        if told > cost.PATTERN_US_MAX:
            refused += 1
            continue
        taken = 0
        for text in hostile:
            started = time.process_time_ns()
            search(text)
            taken = max(taken, (time.process_time_ns() - started) // 1000)
        found.append((taken, told, pattern[:60]))
    found.sort(key=lambda each: each[0] / each[1], reverse=True)
    return {
        "taken": len(found),
        "refused": refused,
        "slowest_us": max(taken for taken, _, _ in found),
        "nearest": [
            {"pattern": pattern, "told_us": told, "taken_us": taken}
            for taken, told, pattern in found[:12]
        ],
    }


def main() -> None:
    """Print what was found."""
    print(json.dumps(measured(), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
