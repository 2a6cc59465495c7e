"""A community that has something to learn from: invented posts, and what people said of them."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flow.small_community import event, line, prepare, rule

BAD = "cheap offer bonus casino winner prize discount pills crypto profit click deal gift free"
GOOD = "library garden meeting thanks bicycle recipe weather translation concert homework kettle"
BOTH = "today please here about everybody week really good time people small house road water"
RULE = rule(
    "learned",
    "links.any\n  likely spam.links >= 80 %",
    'text "a.example"\n  likely spam.links  80 %',
    'text "a.example"\n  likely spam.links  79 %',
)
CLAUSE = "spam.links"


def text(chance: random.Random, *, bad: bool) -> str:
    """A made-up post of one kind, no two alike."""
    own = (BAD if bad else GOOD).split()
    words = [*chance.choices(own, k=5), *chance.choices(BOTH.split(), k=6)]
    words += ["".join(chance.choices("bdfgklmnprstvz" + "aeiou" * 3, k=7)) for _ in range(3)]
    chance.shuffle(words)
    return " ".join(words) + " http://a.example"  # a score alone may not hold


def posts(count: int = 240, seed: int = 5, first: int = 0) -> list[tuple[dict[str, Any], bool]]:
    """Posts of as many people, a second apart, every other one bad."""
    chance = random.Random(seed)
    found = []
    for number in range(first, first + count):
        bad = number % 2 == 0
        author = {"id": f"p{number}"}
        said = text(chance, bad=bad)
        found.append((event(number, number, author=author, text=said), bad))
    return found


def label(told: Mapping[str, Any], *, breaks: bool, clause: str = CLAUSE) -> dict[str, Any]:
    """What somebody said of a post."""
    return {"source": told["source"], "id": told["id"], "clause": clause, "breaks": breaks}


def labels(place: Path, said: list[tuple[dict[str, Any], bool]]) -> Path:
    """A label file."""
    lines = [json.dumps(label(told, breaks=breaks)) for told, breaks in said]
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place


def community(folder: Path, *rules: tuple[str, str]) -> Path:
    """A folder with these rules and no other."""
    return prepare(folder, dict(rules))


def lines(said: list[tuple[dict[str, Any], bool]]) -> list[bytes]:
    """The posts as they stand on the wire."""
    return [line(told) for told, _ in said]
