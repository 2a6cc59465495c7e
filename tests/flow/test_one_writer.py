"""One community has one writer: a second one is refused or asks, a replaced one does no harm."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow import writing_process
from flow.small_community import (
    NOW,
    agrees_with_replay,
    crowd,
    event,
    hold_together,
    line,
    prepare,
    rows,
)
from ombud import clock, session
from ombud.app import Engine
from ombud.errors import BadData, BadEvent, BadUse

PROCESS = """
import sys, pathlib
from ombud import session
with session.engine(pathlib.Path(sys.argv[1])) as running:
    print("ready", flush=True)
    sys.stdin.readline()
"""

INGEST = "from ombud.cli import main; main()"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder, not yet started."""
    return prepare(tmp_path / "data")


@pytest.fixture
def holder(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the folder's lock and answers at its socket."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    yield process
    process.communicate(b"\n", timeout=30)
    assert process.returncode == 0


def test_a_second_engine_is_refused(folder: Path) -> None:
    """Two engines on one folder: the second is refused with D010, and the first goes on."""
    with Engine(folder, now=lambda: NOW) as first:
        with pytest.raises(BadData, match="D010"):
            Engine(folder, now=lambda: NOW)
        assert first.submit([line(event(1))])[0].status == "accepted"  # type: ignore[union-attr]
    with Engine(folder, now=lambda: NOW):
        pass


@pytest.mark.usefixtures("holder")
def test_requests_reach_the_process_that_writes(folder: Path, tmp_path: Path) -> None:
    """Ingesting, undoing, erasing and reloading go through the socket, errors and all."""
    file = tmp_path / "events"
    lines = [line(each) for each in crowd(61, 700)]
    file.write_bytes(b"".join([*lines[:300], b"not json\n", b"\n", *lines[300:]]))
    summary, _ = session.ingest(folder, file, None, "", None)
    assert (summary.accepted, summary.rejected) == (700, 1)
    assert (summary.errors[0]["line"], summary.errors[0]["code"]) == (301, "E001")
    assert sum(summary.by_action.values()) == 700
    again, _ = session.ingest(folder, file, None, "", None)
    assert (again.accepted, again.duplicate) == (0, 700)
    assert session.request(folder, "undo", rule="bags")
    assert session.request(folder, "erase", platform="chat", account="person1") > 0
    with pytest.raises(BadUse, match="U011"):
        session.request(folder, "erase", platform="chat", account="nobody")
    with pytest.raises(BadUse, match="U010"):
        session.request(folder, "undo", ids=["dec_none"])
    assert session.request(folder, "reload") is False
    (folder / "rules" / "bags.rule").write_text("no rule\n")
    with pytest.raises(Exception, match="D013"):
        session.request(folder, "reload")
    hold_together(folder)


def test_requests_while_another_process_ingests(folder: Path, tmp_path: Path) -> None:
    """Undoing from beside, again and again, while a long stream is read: both are done."""
    lines = b"".join(line(each) for each in crowd(62, 4000))
    file = tmp_path / "events"
    file.write_bytes(lines)
    command = [sys.executable, "-c", INGEST, "ingest", str(file), "--data", str(folder), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=dict(os.environ))
    while not (folder / "ombud.db").exists():
        pass
    undone = 0
    while process.poll() is None:
        undone += len(session.request(folder, "undo", rule="bags"))
    told, _ = process.communicate()
    assert process.returncode == 0, told
    undone += len(session.request(folder, "undo", rule="bags"))
    assert undone == rows(folder, "SELECT count(*) FROM decision WHERE rule = 'bags'")[0][0] > 0
    hold_together(folder)
    with Engine(folder) as engine:
        agrees_with_replay(engine)


def test_who_waits_for_the_socket_gets_an_answer(folder: Path) -> None:
    """A request that comes while the lock is held and nobody listens waits, and is then done."""
    with Engine(folder) as engine:
        engine.submit([line(event(1, text="cheap bags"))])
        release = threading.Timer(0.3, engine.close)
        release.start()
        assert len(session.request(folder, "undo", rule="bags")) == 1
        release.join()


def test_a_replaced_writer_can_commit_nothing(folder: Path) -> None:
    """A writer fenced off by a later epoch is refused for good, and touches neither file."""
    engine = Engine(folder, now=lambda: NOW)
    try:
        engine.submit([line(event(1))])
        second = Engine.__new__(Engine)  # what flock forbids: a lock that did not hold
        _without_lock(second, folder)
        try:
            second.submit([line(event(2))])
            for number in (3, 4):
                with pytest.raises(BadData, match=r"D007|D011"):
                    engine.submit([line(event(number))])
            with pytest.raises(BadData, match="D007"):
                engine.submit([line(event(5))])
            third = second.submit([line(event(6))])[0]
            assert not isinstance(third, BadEvent)
            assert (third.status, third.seq) == ("accepted", 4)
            agrees_with_replay(second)
        finally:
            second.close()
    finally:
        engine.writer.close()
        engine._close_all()
    assert len(rows(folder, "SELECT 1 FROM journal")) == 4
    hold_together(folder)


def _without_lock(engine: Engine, folder: Path) -> None:
    engine.folder, engine.epoch, engine._by = folder, None, "admin"
    engine.now, engine.fault = (lambda: NOW), (lambda point: None)  # noqa: ARG005
    engine.wall = clock.Believed()
    engine._opened = []
    engine._open(activate=True)


def test_the_writing_process_is_what_the_crash_tests_take_it_for(folder: Path) -> None:
    """It acknowledges each event once and ends by itself when its input ends."""
    command = [
        sys.executable,
        writing_process.__file__,
        str(folder),
        str(folder / "acks"),
        str(NOW),
        "3",
    ]
    content = b"".join(
        [line(event(1)), b"bad\n", line(event(2)), b"!erase chat ana\n", b"!reload\n"]
    )
    subprocess.run(command, input=content, check=True)
    assert (folder / "acks").read_text().splitlines() == [
        "accepted 2",
        "bad E001",
        "accepted 3",
        "erased 2",
        "reloaded False",
    ]
