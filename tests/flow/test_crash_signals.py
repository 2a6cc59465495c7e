"""Kill -9 while the windows of every signal fill: names of members, texts nearly the same, what is
usual, invitations, links. After each start all is as if nothing had happened, and replay agrees.

A simulated community under the whole shipped pack, which acts. The process is the one of the crash
tests; OMBUD_TEST_KILLS sets how often it is killed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import msgspec

from flow import writing_process
from flow.small_community import SETTINGS, agrees_with_replay, hold_together, judged, tallies
from ombud import simulate
from ombud.app import Engine
from ombud.clock import DAY

KILLS = int(os.environ.get("OMBUD_TEST_KILLS", "6"))
KILLED = -9
BEGAN = 1_772_366_400_000_000  # 2026-03-01, noon
NOW = BEGAN + 3 * DAY  # every event lies before it
EVENTS = 500
BATCH = 16
POINTS = ("ordered", "judged", "keys kept", "journal written", "before commit", "committed")


def stream(seed: int) -> list[bytes]:
    """What happens in two days of a community, with its campaigns and their honest twins."""
    return [
        msgspec.json.encode(each.event) + b"\n" for each in simulate.generate(seed, EVENTS, BEGAN)
    ]


def killed_or_done(folder: Path, lines: list[bytes], fault: str) -> bool:
    """Let a process write until it dies at that place or has written all; whether it died."""
    process = subprocess.Popen(
        [sys.executable, writing_process.__file__, folder, folder / "acks", str(NOW), str(BATCH)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "OMBUD_FAULT": fault},
    )
    _, told = process.communicate(b"".join(lines), timeout=120)
    assert process.returncode in (0, KILLED), told.decode()
    return process.returncode == KILLED


def test_killed_while_the_windows_of_all_signals_fill(tmp_path: Path) -> None:
    """Each time at another step, anywhere in the stream; what was not answered is sent again."""
    chance = random.Random(41)
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "ombud.toml").write_text(SETTINGS)
    lines = stream(41)
    kills = 0
    for number in range(KILLS):
        passing = chance.randrange(1, EVENTS // KILLS // (1 if number % 2 else BATCH))
        point = chance.choice(POINTS[:2] if number % 2 else POINTS[2:])
        acks = folder / "acks"
        done = len(acks.read_text().splitlines()) if acks.exists() else 0
        pending = lines[max(0, done - chance.randrange(BATCH)) :]
        kills += killed_or_done(folder, pending, f"{point}:{passing}")
        with Engine(folder, now=lambda: NOW) as engine:
            agrees_with_replay(engine)
    assert kills == KILLS
    with Engine(folder, now=lambda: NOW) as engine:
        engine.ingest(lines)
        run = agrees_with_replay(engine)
        known = run.community.timelines[""]
        held = {type(each).__name__ for each in known.windows.values() if list(each.entries())}
        assert held == {"Counts", "Distinct", "Names", "Usual"}
        assert known.clusters is not None
        assert len(list(known.clusters.entries())) > EVENTS // 2
    hold_together(folder)
    tallies(folder)
    assert len(list(judged(folder))) == len(lines)
    told = [each.split() for each in (folder / "acks").read_text().splitlines()]
    assert {each[0] for each in told} <= {"accepted", "duplicate"}
