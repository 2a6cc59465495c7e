"""Kill -9 between each pair of steps, and at random moments: nothing lost, nothing judged twice.

The places where a process can be made to die are collected from the program's text, so that a
new one is tested from its first day.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest

import ombud
from flow import writing_process
from flow.small_community import (
    NOW,
    agrees_with_replay,
    crowd,
    hold_together,
    judged,
    line,
    prepare,
    rows,
    tallies,
)
from ombud.app import KEY_FILE, Engine

SOURCE = Path(ombud.__file__).parent
POINT = re.compile(r'\bfault\(\s*"([a-z ]+)"\s*\)')
# In test_what_has_ended, on a homeserver, in test_homerooms.
ELSEWHERE = {"backup.py", "chatwork.py", "homerooms.py"}
WRITING = [path for path in SOURCE.rglob("*.py") if path.name not in ELSEWHERE]
POINTS = sorted({name for path in WRITING for name in POINT.findall(path.read_text())})
KILLED = -9

HAPPENED = [line(each) for each in crowd(5, 60)]
ERASED = b"!erase chat person3\n"
LATER = [line(each) for each in crowd(6, 60, 60) if b"person3" not in line(each)]
STREAM = [*HAPPENED, ERASED, *LATER]
KILLS = 50
WORKERS = 2


def start(folder: Path, fault: str, batch: int) -> subprocess.Popen[bytes]:
    """A process that writes to a folder, waiting for its input."""
    return subprocess.Popen(
        [sys.executable, writing_process.__file__, folder, folder / "acks", str(NOW), str(batch)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "OMBUD_FAULT": fault},
    )


def write(folder: Path, lines: Sequence[bytes], fault: str = "", batch: int = 7) -> int:
    """Let a process write these lines; its exit code."""
    process = start(folder, fault, batch)
    _, told = process.communicate(b"".join(lines), timeout=60)
    assert process.returncode in (0, KILLED), told.decode()
    assert not told or process.returncode == KILLED, told.decode()
    return process.returncode


def send(engine: Engine, lines: Sequence[bytes]) -> list[Any]:
    """Send lines from this process; the answers in order."""
    return [each for at in range(0, len(lines), 7) for each in engine.submit(lines[at : at + 7])]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose engine was never killed, and the key file it began with.

    Tokens are random: who begins with the same key file can be compared row by row.
    """
    seed = prepare(tmp_path_factory.mktemp("seed"))
    with Engine(seed, now=lambda: NOW) as engine:
        send(engine, HAPPENED)
        send(engine, LATER)
    folder = begin(tmp_path_factory.mktemp("undisturbed"), seed)
    assert write(folder, STREAM) == 0
    assert rows(folder, "SELECT 1 FROM decision WHERE about != seq")
    shutil.copy(seed / KEY_FILE, folder / "begun.keys")
    return folder


def begin(folder: Path, seed: Path) -> Path:
    """A new folder with the key file of another."""
    prepare(folder)
    begun = seed / "begun.keys"
    shutil.copy(begun if begun.exists() else seed / KEY_FILE, folder / KEY_FILE)
    with closing(apsw.Connection(str(folder / KEY_FILE))) as keys:
        keys.execute("DELETE FROM key WHERE name = 'signed'")  # this log has signed nothing yet
    return folder


def acknowledged(folder: Path) -> list[str]:
    """What the killed processes had been answered."""
    path = folder / "acks"
    return path.read_text().splitlines() if path.exists() else []


def test_there_is_a_fault_point_between_all_steps() -> None:
    """The steps of the transaction, of an erasure and of publishing can all be killed at."""
    assert {"ordered", "judged", "before keys", "keys kept", "journal written"} <= set(POINTS)
    assert {"decisions written", "before commit", "committed", "answered"} <= set(POINTS)
    assert {"erasure found", "keys destroyed", "tiles written", "checkpoint written"} <= set(POINTS)


def passings(point: str) -> tuple[int, ...]:
    """At which passings to die: the first one, and one in the middle of the stream."""
    if point in ("erasure found", "keys destroyed", "tiles written", "checkpoint written"):
        return (1,)
    return (1, 70) if point in ("ordered", "judged") else (1, 9)


@pytest.mark.parametrize(
    "fault", [f"{point}:{count}" for point in POINTS for count in passings(point)]
)
def test_killed_between_two_steps(fault: str, undisturbed: Path, tmp_path: Path) -> None:
    """Killed, restarted and sent everything again, all is as if nothing had happened."""
    folder = begin(tmp_path, undisturbed)
    assert write(folder, STREAM, fault) == KILLED
    answered = [each.split() for each in acknowledged(folder)]
    assert {each[0] for each in answered} <= {"accepted", "erased"}
    told = [int(each[1]) for each in answered if each[0] == "accepted"]
    with Engine(folder, now=lambda: NOW) as engine:
        again = send(engine, HAPPENED)
        writing_process.do(engine, ERASED.decode().split())
        again += send(engine, LATER)
        assert [(each.status, each.seq) for each in again[: len(told)]] == [
            ("duplicate", seq) for seq in told
        ]
        agrees_with_replay(engine)
    hold_together(folder)
    assert list(judged(folder)) == list(judged(undisturbed))
    assert tallies(folder) == tallies(undisturbed)


def test_killed_at_random_moments(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Fifty kills under load; after each, what was not acknowledged is sent, and a little more."""
    with ThreadPoolExecutor(WORKERS) as pool:
        folders = [prepare(tmp_path_factory.mktemp(f"kills{n}")) for n in range(WORKERS)]
        kills = list(pool.map(_kill_often, folders, range(WORKERS)))
    assert sum(kills) >= KILLS
    for folder in folders:
        everything = [line(each) for each in crowd(11, 900)]
        with Engine(folder, now=lambda: NOW) as engine:
            engine.ingest(everything)
            agrees_with_replay(engine)
        hold_together(folder)
        tallies(folder)
        assert len(list(judged(folder))) == len(everything)
        stored = {row[0] for row in rows(folder, "SELECT seq FROM journal")}
        told = [each.split() for each in acknowledged(folder)]
        assert {each[0] for each in told} <= {"accepted", "duplicate"}
        assert {int(each[1]) for each in told} <= stored
        accepted = [each[1] for each in told if each[0] == "accepted"]
        assert len(accepted) == len(set(accepted))


def _kill_often(folder: Path, number: int) -> int:
    """Kill the writing process again and again while it works on a stream; how often it was."""
    chance, killed = random.Random(number), 0
    stream = [line(each) for each in crowd(11, 900)]
    while killed < KILLS // WORKERS:
        done = len(acknowledged(folder))
        process = start(folder, "", chance.choice((1, 2, 5)))
        before = max(0, done - chance.randrange(5))
        assert process.stdin is not None
        pending = stream[before : before + 60] or stream[-20:]
        process.stdin.write(b"".join(pending))  # less than a pipe holds
        process.stdin.flush()
        if chance.random() < 0.2:
            time.sleep(chance.uniform(0.05, 0.4))  # while it starts
        else:
            until = time.monotonic() + 10
            while len(acknowledged(folder)) <= done and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.08))
        process.kill()
        process.communicate()
        killed += process.returncode == KILLED
    return killed
