"""`ombud serve`: what it prints, and how it ends."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from cli.command_line import run
from flow.small_community import prepare
from ombud import session

PROCESS = "from ombud.cli.serve import serve; serve()"
PATIENCE_SECONDS = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with rules, not yet started."""
    return prepare(tmp_path / "data")


def test_it_serves_until_told_to_stop(folder: Path) -> None:
    """The address is the first line of data, and while there are no accounts the link for the first
    one the second; a log line is JSON; SIGTERM ends it with 0. A file that is not read is told of
    before.
    """
    (folder / "rules" / "mine.rule.txt").write_text("rule mine\n")
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            PROCESS,
            "--port",
            "0",
            "--data",
            str(folder),
            "--log-level",
            "debug",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        address = running.stdout.readline().decode().strip()
        assert address.startswith("http://127.0.0.1:")
        link = running.stdout.readline().decode()
        asked = f"{address}/health?secret=planted"
        with urllib.request.urlopen(asked, timeout=60) as told:  # noqa: S310 -- our own address
            assert json.load(told) == {"status": "up"}
        running.send_signal(signal.SIGTERM)
        out, talk = running.communicate(timeout=PATIENCE_SECONDS)
    assert (running.returncode, out) == (0, b"")
    here = address.replace("127.0.0.1", "localhost")
    assert re.fullmatch(re.escape(here) + r"/start/[\w-]{43}\n", link)
    unread, said, line = talk.decode().split("\n\n")[0], *talk.decode().splitlines()[-2:]
    assert unread.startswith("R048  warning: ")
    assert "mine.rule.txt" in unread
    assert said == "Ombud serves this community. Ctrl-C stops it."
    logged = json.loads(line)
    assert (logged["path"], logged["status"]) == ("/health", 200)
    assert "planted" not in line


def test_a_port_that_is_taken(folder: Path) -> None:
    """It ends with 2 and says in three parts what is wrong, where, and what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port, "--data", str(folder))
    assert (done.exit_code, done.stdout) == (2, "")
    what, where, hint = done.stderr.splitlines()
    assert what.startswith("U056  Nothing can listen on 127.0.0.1:")
    assert where == f"  where: 127.0.0.1:{port}"
    assert "--port" in hint


def test_a_folder_that_is_in_use(folder: Path) -> None:
    """It ends with 1 where another process writes to the folder."""
    with session.engine(folder):
        done = run("serve", "--port", "0", "--data", str(folder))
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("D010  Another process is writing")


@pytest.mark.parametrize("given", [["--port", "65536"], ["--port", "-1"], ["--log-level", "all"]])
def test_options_that_are_none(given: list[str], folder: Path) -> None:
    """What cannot be is refused before anything is opened."""
    done = run("serve", *given, "--data", str(folder))
    assert done.exit_code == 2
    assert not (folder / "ombud.db").exists()
