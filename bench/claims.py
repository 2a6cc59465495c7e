"""Fact-checks alone: one post against 100,000 claims, and the room they take.

Claims and posts are made of invented words with the spread of a language: few are common, most are
rare. One post in ten repeats most of a claim. The peer is the package bm25s, which ranks the same
words by the same formula in floating point with numpy; ours ranks too and then decides whether
there is a match. This module must never count the time in which an index is built.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from bench.measure import Row, Target, cpu, rates
from ombud.signals.factchecks.claim import Claim
from ombud.signals.factchecks.index import Index, words_of
from ombud.signals.factchecks.matching import CANDIDATES, match
from ombud.signals.factchecks.words import content_words

CLAIMS = 100_000
POSTS = 120
WORDS = 40_000
MEGABYTES_MAX = 150.0
FIND = "posts against {count:,} fact-checks, {words} words each"
ROOM = "memory of {count:,} fact-checks with their index"


def judged(row: Row) -> dict[str, Any]:
    """A row as data, with its target and whether that is met."""
    at_least = "memory" not in row.name
    target = Target(at_least=at_least, ratio=1.0, stretch=2.0 if at_least else 0.7)
    return row.as_json() | {"target": str(target), "met": target.met(row.ratio)}


def words(chance: Random, count: int) -> list[str]:
    """Invented words; a few of them come again and again."""
    return [f"w{int(WORDS * chance.random() ** 4):x}q" for _ in range(count)]


def claims(count: int) -> list[Claim]:
    """Claims of ten to thirty words with a headline of eight."""
    chance = Random(1)
    return [
        Claim(
            claim=" ".join(words(chance, chance.randint(10, 30))),
            headline=" ".join(words(chance, 8)),
            publisher="Example Checks",
            rating="False",
            url=f"https://checks.example/{number}",
            date="2026-05-04",
            lang="en",
        )
        for number in range(count)
    ]


def posts(made: Sequence[Claim], length: int, count: int = POSTS) -> list[str]:
    """Posts of so many words; every tenth repeats most of a claim."""
    chance, found = Random(2), []
    for number in range(count):
        said = words(chance, length)
        if number % 10 == 0:
            repeated = chance.choice(made).claim.split()
            said[: len(repeated)] = repeated[: len(repeated) * 4 // 5]
        found.append(" ".join(said))
    return found


def ours(index: Index, told: Sequence[str]) -> Callable[[], float]:
    """Posts a CPU second: ranked, compared and decided."""

    def run() -> float:
        return len(told) / cpu(lambda: [match(index, text) for text in told])

    return run


def ranker(made: Sequence[Claim]) -> Any:
    """bm25s over the same words."""
    import bm25s

    retriever = bm25s.BM25(k1=1.2, b=0.75)
    retriever.index([words_of(each) for each in made], show_progress=False)
    return retriever


def peer(retriever: Any, told: Sequence[str]) -> Callable[[], float]:
    """Posts a CPU second: the ten best by bm25s, of the same words."""

    def one(text: str) -> object:
        asked = list(dict.fromkeys(content_words(text)))
        return retriever.retrieve([asked], k=CANDIDATES, show_progress=False)

    def run() -> float:
        return len(told) / cpu(lambda: [one(text) for text in told])

    return run


def rows(*, quick: bool) -> list[Row]:
    """Speed beside the peer for short and long posts, and the memory beside the target."""
    count, rounds = (CLAIMS // 10, 3) if quick else (CLAIMS, 5)
    made = claims(count)
    index, retriever, found = Index(made), ranker(made), []
    for length in (25, 150):
        told = posts(made, length, POSTS // 3 if quick else POSTS)
        found.append(
            rates(
                FIND.format(count=count, words=length),
                ours(index, told),
                peer(retriever, told),
                rounds=rounds,
                unit="posts a CPU second",
                peer_is="bm25s: the ten best alone",
            )
        )
    taken = _megabytes(count)
    most = MEGABYTES_MAX * count / CLAIMS
    name = ROOM.format(count=count)
    unit = "megabytes, less is better"
    ratio = round(taken / most, 3)
    found.append(Row(name, round(taken, 1), most, ratio, 1, unit, "the target"))
    return found


def _megabytes(count: int) -> float:
    """What claims and index take, measured in a process of its own."""
    program = f"from bench import claims; print(claims.filled({count}))"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def filled(count: int) -> float:
    """Read claims from their lines and index them; the megabytes this process grew by."""
    from ombud.signals.factchecks.claim import read_lines, write_lines

    content = write_lines(claims(count))
    before = _resident()
    index = Index(read_lines(content).claims)
    match(index, content[:4000].decode())
    return (_resident() - before) / 1e6


def _resident() -> int:
    with open("/proc/self/status", encoding="ascii") as lines:
        found = next(line for line in lines if line.startswith("VmRSS"))
    return int(found.split()[1]) * 1024
