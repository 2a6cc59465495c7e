"""A full disk: a clear error, nothing taken that cannot be kept, and on it goes with new room.

On a real small file system, where mounting one is permitted; else the writing process is held below
a size that its files may have.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flow import writing_process
from flow.small_community import (
    NOW,
    agrees_with_replay,
    crowd,
    hold_together,
    line,
    prepare,
    rows,
    tallies,
)
from ombud.app import Engine
from ombud.errors import BadData, BadEvent
from ombud.transaction import Answer

BALLAST = 13 << 20
LIMIT = 1 << 20
EVENTS = [line(each) for each in crowd(51, 900)]
BATCH = 50


def fill(engine: Engine) -> tuple[list[tuple[int, Answer]], BadData]:
    """Send batches until one is refused; what was answered, with its place, and the error."""
    answered: list[tuple[int, Answer]] = []
    for at in range(0, len(EVENTS), BATCH):
        try:
            found = engine.submit(EVENTS[at : at + BATCH])
        except BadData as error:
            return answered, error
        for number, each in enumerate(found, at):
            assert not isinstance(each, BadEvent)
            answered.append((number, each))
    raise AssertionError("the disk did not become full")


def test_a_full_disk(small: Path | None, tmp_path: Path) -> None:
    """What does not fit is refused, what was acknowledged is kept, and the same engine goes on."""
    if small is None:
        _below_a_limit(tmp_path)
        return
    folder = prepare(small / "data")
    ballast = small / "ballast"
    ballast.write_bytes(bytes(BALLAST))
    with Engine(folder, now=lambda: NOW) as engine:
        answered, error = fill(engine)
        assert error.code == "D011"
        assert "full" in error.message
        assert len(answered) > BATCH
        for _ in range(3):  # still full: still refused, and nothing breaks
            with pytest.raises(BadData, match=r"D011|D003"):
                engine.submit(EVENTS[len(answered) : len(answered) + BATCH])
        summary = engine.ingest([b"".join(EVENTS)])
        assert summary.accepted == 0
        assert summary.rejected >= BATCH
        assert summary.errors[0]["code"] == "D011"
        ballast.unlink()
        again = engine.submit(EVENTS[: len(answered)])
        assert [(each.status, each.seq) for each in again if isinstance(each, Answer)] == [
            ("duplicate", each.seq) for _, each in answered
        ]
        rest = engine.ingest([b"".join(EVENTS[len(answered) :])])
        assert rest.accepted > BATCH
        agrees_with_replay(engine)
        # of the batch that was refused, groups before the one that did not fit may have been kept
        assert rest.duplicate < BATCH
        stored = rows(folder, "SELECT count(*) FROM body")[0][0]
        assert stored == len(answered) + rest.duplicate + rest.accepted
    hold_together(folder)
    tallies(folder)


def test_no_room_even_to_start(small: Path | None) -> None:
    """With no room at all the start is refused, and the end says that nothing was published."""
    if small is None:
        return
    folder = prepare(small / "data")
    free = shutil.disk_usage(small).free
    (small / "ballast").write_bytes(bytes(free - (160 << 10)))
    with pytest.raises(BadData, match=r"D003|D011"):
        Engine(folder, now=lambda: NOW)
    (small / "ballast").unlink()
    with Engine(folder, now=lambda: NOW) as engine:
        assert engine.ingest([b"".join(EVENTS[:20])]).accepted == 20
        with (small / "ballast").open("wb", buffering=0) as file:
            for piece in (1 << 16, 1 << 12):
                try:
                    while True:
                        file.write(bytes(piece))
                except OSError:
                    continue
        with pytest.raises(BadData, match="D003"):
            engine.close()
    (small / "ballast").unlink()
    with Engine(folder, now=lambda: NOW) as engine:
        assert engine.ingest([b"".join(EVENTS[:20])]).duplicate == 20
    tallies(folder)


def _below_a_limit(tmp_path: Path) -> None:
    """The same, where no file may become longer than a megabyte."""
    folder = prepare(tmp_path / "data")
    command = [
        sys.executable,
        writing_process.__file__,
        str(folder),
        str(folder / "acks"),
        str(NOW),
        "50",
    ]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))

    content = b"".join(EVENTS)
    subprocess.run(command, input=content, preexec_fn=limit, capture_output=True, check=False)
    told = (folder / "acks").read_text().splitlines()
    assert "error D011" in told
    kept = sum(each.startswith("accepted") for each in told)
    assert kept > BATCH
    subprocess.run(command, input=content, check=True)
    told = (folder / "acks").read_text().splitlines()[-len(EVENTS) :]
    assert sum(each.startswith("duplicate") for each in told) >= kept
    hold_together(folder)
