"""Texts that are nearly the same: ours beside datasketch's MinHashLSH at equal settings.

Both start from the same texts, made from a seed with the frequencies words have (Zipf), a fifth of
them edits of an earlier one: 5 to 20 % of its words replaced, left out, put in or misspelt. Both
have as many permutations and bands, and prove candidates by exact likeness; the peer keeps sets of
words for that. Memory is taken from a process of its own; `python -m bench.repeats` measures that
alone, of as many texts as are asked for (`--texts`), or as are reached within `--seconds` of CPU.
This module must never compare times of different rounds.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import time
from array import array
from random import Random
from typing import Any, NamedTuple

from datasketch import MinHash, MinHashLSH

from bench import workload
from bench.measure import Row, Target, cpu, rates
from ombud import events
from ombud.signals.observation import Observation, kind_of
from ombud.signals.repeats import BANDS, PERMUTATIONS, ROWS, Shingles, bands, shingles
from ombud.windows import Clusters, Timeline, clustered
from ombud.windows.clusters import LIKENESS_MIN
from ombud.windows.timeline import Shape

TEXTS, SECONDS = 1_000_000, 300.0  # of which the memory is measured, unless asked otherwise
FEW = 100_000  # of which it is measured in every run
SPEED = "near-duplicates, texts found and kept"
MEMORY = "memory of a text, {count} different ones"
WINDOW = "memory of a text and its author in a window, {count} different ones"
MILLION = "memory of a window of {count} texts"
PIPELINE = "repeats in the pipeline, {language}"
BUDGET_US, BYTES_MAX = 12.0, 1000.0
SECRET = 5
VOCABULARY = 40_000
START = 1_767_000_000_000_000
HOUR = 3_600_000_000
EDITS = 0.2  # of all texts


class Said(NamedTuple):
    """A text, and the text it is an edit of; its own number where it is new."""

    text: str
    origin: int


def target(name: str) -> Target:
    """What is asked of a row."""
    if name == SPEED:
        return Target(at_least=True, ratio=20, stretch=35)
    if name.startswith("memory"):
        return Target(at_least=False, ratio=1.0, stretch=0.3)
    return Target(at_least=False, ratio=1.0, stretch=0.5)


def judged(row: Row) -> dict[str, Any]:
    """A row as data, with its target and whether that is met."""
    wanted = target(row.name)
    return row.as_json() | {"target": str(wanted), "met": wanted.met(row.ratio)}


def made(count: int, seed: int = 1) -> list[Said]:
    """Texts of 6 to 40 words, a fifth of them edits of an earlier one."""
    chance = Random(seed)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvy", k=chance.randint(2, 9)))
             for _ in range(VOCABULARY)]  # fmt: skip
    weights = list(itertools.accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
    said: list[Said] = []
    fresh: list[tuple[int, list[str]]] = []
    for number in range(count):
        if fresh and chance.random() < EDITS:
            origin, before = chance.choice(fresh)
            said.append(Said(" ".join(edited(before, chance, words)), origin))
        else:
            own = chance.choices(words, cum_weights=weights, k=chance.randint(8, 40))
            fresh.append((number, own))
            said.append(Said(" ".join(own), number))
    return said


def edited(words: list[str], chance: Random, others: list[str]) -> list[str]:
    """The words with 5 to 20 % of them changed."""
    after = list(words)
    for _ in range(max(1, round(chance.uniform(0.05, 0.2) * len(words)))):
        at = chance.randrange(len(after))
        how = chance.randrange(4)
        if how == 0:
            after[at] = chance.choice(others)
        elif how == 1:
            after.insert(at, chance.choice(others))
        elif how == 2 and len(after) > 1:
            del after[at]
        else:
            after[at] = f"{after[at]}x"
    return after


def ours(said: list[Said]) -> list[tuple[int, ...]]:
    """The clusters each text belongs to; ids are numbers of texts, from 1."""
    kept, found = Clusters(), []
    for seq, each in enumerate(said, start=1):
        text = shingles(each.text, 0, SECRET)
        keys = kept.join(text, seq, 0).keys
        kept.keep(keys, text, 1, seq)
        found.append(keys)
    return found


def peer(said: list[Said]) -> list[tuple[int, ...]]:
    """The same by datasketch: what is near an earlier text is not kept, as with ours."""
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    sets: dict[int, frozenset[bytes]] = {}
    found = []
    for seq, each in enumerate(said, start=1):
        words = frozenset(each.text.encode().split())
        digest = MinHash(num_perm=PERMUTATIONS, seed=1)
        digest.update_batch(words)
        near = [other for other in index.query(digest) if _alike(words, sets[other])]
        if not near:
            index.insert(seq, digest)
            sets[seq] = words
        found.append(tuple(near) or (seq,))
    return found


def _alike(one: frozenset[bytes], other: frozenset[bytes]) -> bool:
    common = len(one & other)
    return 1000 * common >= LIKENESS_MIN * (len(one) + len(other) - common)


def quality(said: list[Said], found: list[tuple[int, ...]]) -> tuple[float, float]:
    """Recall of planted edits, and precision of what was joined, of texts in other clusters than
    their own. An edit counts as found where it is with its original, in whatever cluster that is.
    """
    planted = joined = right = hits = 0
    for number, (each, keys) in enumerate(zip(said, found, strict=True)):
        others = [key - 1 for key in keys if key - 1 != number]
        home = set(found[each.origin])
        if each.origin != number:
            planted += 1
            hits += not home.isdisjoint(keys)
        joined += len(others)
        right += sum(said[other].origin == each.origin for other in others)
    return hits / max(planted, 1), right / max(joined, 1)


def rows(*, quick: bool) -> list[Row]:
    """Speed beside the peer, memory and time an event beside their targets."""
    count, rounds = (4000, 3) if quick else (20_000, 5)
    said = made(count)
    speed = rates(
        SPEED,
        lambda: count / cpu(lambda: ours(said)),
        lambda: count / cpu(lambda: peer(said)),
        rounds=rounds,
        unit="texts per CPU second",
        peer_is=f"datasketch MinHashLSH, {PERMUTATIONS} permutations, {BANDS} bands",
    )
    memory = [_memory(name, filled_apart(FEW, window=name is WINDOW)) for name in (MEMORY, WINDOW)]
    if not quick:  # half a gigabyte, and minutes
        memory.append(_memory(MILLION, filled_apart(TEXTS, window=True)))
    return [speed, *memory, *(_pipeline(language, quick=quick) for language in workload.LANGUAGES)]


def _memory(name: str, found: Filled) -> Row:
    return Row(
        name.format(count=f"{found.texts:,}"),
        round(found.bytes, 1),
        BYTES_MAX,
        round(found.bytes / BYTES_MAX, 3),
        1,
        "bytes a text, less is better",
        "the target",
    )


def qualities(*, quick: bool) -> list[dict[str, Any]]:
    """Recall and precision of both, on the texts whose speed is measured."""
    said = made(4000 if quick else 20_000)
    found = []
    for name, run in (("ours", ours), ("datasketch", peer)):
        recall, precision = quality(said, run(said))
        found.append({"method": name, "recall": round(recall, 4), "precision": round(precision, 4)})
    return found


def _pipeline(language: str, *, quick: bool) -> Row:
    """Microseconds that an event's repeats take, its text's views being there already."""
    rounds = 3 if quick else 7
    decoded = [events.decode(each) for each in workload.lines(language, 4000)]
    taken = []
    for _ in range(rounds):
        seen = [Observation(each, kind_of(each) or "", ThrowAway()) for each in decoded]
        for each in seen:
            each.enrich()
            _ = each.skeleton
        line = Timeline()
        line.use(clustered({7: Shape(HOUR, distinct=True, near=True)}))

        def run(seen: list[Observation] = seen, line: Timeline = line) -> None:
            for seq, each in enumerate(seen, start=1):
                text = each.shingles
                if text is not None:
                    place = START + 200_000 * seq
                    line.community = place
                    joined = line.join(text, seq)
                    for key in joined.keys:
                        line.add(7, key, seq % 1000, place)
                    line.keep(joined.keys, text, place, seq)
                    line.count(7, joined.keys, place, HOUR)

        taken.append(cpu(run) / len(seen) * 1e6)
    middle = statistics.median(taken)
    return Row(
        PIPELINE.format(language=language),
        round(middle, 1),
        BUDGET_US,
        round(middle / BUDGET_US, 3),
        rounds,
        "microseconds an event, less is better",
        "the budget",
    )


class ThrowAway:
    """Tokens of nobody."""

    def account(self, platform: str, account: str) -> int:
        """Always the same."""
        return len(platform) + len(account)

    def of(self, space: str, value: str) -> int:
        """By Python's hash: the texts of one run are compared with each other only."""
        return hash((space, value)) & ((1 << 62) - 1)


class Filled(NamedTuple):
    """How many texts were put in, how many bytes of memory each took, and in how many seconds of
    CPU.
    """

    texts: int
    bytes: float
    seconds: float


def filled_apart(texts: int, seconds: float = SECONDS, *, window: bool = False) -> Filled:
    """What a text takes, measured in a process of its own."""
    program = f"from bench import repeats; print(*repeats.filled({texts}, {seconds}, {window}))"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    count, each, taken = done.stdout.split()
    return Filled(int(count), float(each), float(taken))


def filled(texts: int, seconds: float = SECONDS, window: bool = False) -> Filled:
    """Fill a timeline with different texts, each a cluster of its own, until there are so many or
    so many seconds of CPU are gone; with `window` each has an entry in a window of authors, too.
    """
    chance = Random(1)
    vocabulary = [chance.getrandbits(32) for _ in range(VOCABULARY)]
    weights = list(itertools.accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
    line = Timeline()
    line.use(clustered({7: Shape(1000 * HOUR, distinct=True, near=True)}))
    assert line.clusters is not None  # a window of texts has them
    started, before, seq = time.process_time(), _resident(), 0
    while seq < texts and (seq % 1000 or time.process_time() - started < seconds):
        seq += 1
        drawn = chance.choices(vocabulary, cum_weights=weights, k=chance.randint(8, 40))
        words = list(set(drawn))
        line.clusters.found(seq, Shingles(array("I", words), bands(words), seq), START + seq)
        if window:
            line.add(7, seq, seq % 100_000, START + seq)
    taken = time.process_time() - started
    return Filled(seq, (_resident() - before) / max(seq, 1), taken)


def _resident() -> int:
    with open("/proc/self/status", encoding="ascii") as lines:
        found = next(line for line in lines if line.startswith("VmRSS"))
    return int(found.split()[1]) * 1024


def main() -> None:
    """Measure memory alone, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench.repeats", description=main.__doc__)
    parser.add_argument("--texts", type=int, default=TEXTS, help="how many texts")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of CPU, at most, for each")
    asked = parser.parse_args()
    for name in (MEMORY, WINDOW):
        found = filled_apart(asked.texts, asked.seconds, window=name is WINDOW)
        row = judged(_memory(name, found)) | {"seconds": round(found.seconds, 1)}
        print(json.dumps(row))


if __name__ == "__main__":
    main()
