"""Whatever a person names on the command line: pipes, devices, folders, nothing. Each command says
what is wrong at once, with a code and without a traceback. Each runs in a process of its own, which
has loaded what that command loads and nothing else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from cli.command_line import run
from ombud.model import EVENT_BYTES_MAX

PATIENCE = 60  # seconds; what waits for a pipe waits for ever
KINDS = ("pipe", "device", "terminal", "folder", "missing")

# What reads one file that is named on the command line.
COMMANDS = {
    "claims import": ("claims", "import", "{}", "--name", "checks"),
    "ingest": ("ingest", "{}"),
    "learn": ("learn", "spam.links", "--labels", "{}"),
    "lists import": ("lists", "import", "watched", "{}", "--source", "elsewhere", "--new"),
    "replay": ("replay", "--rules", "{data}/rules", "--labels", "{}"),
    "rules watch": ("rules", "watch", "--labels", "{}"),
    "signals explain": ("signals", "explain", "{}"),
    "signals pdq": ("signals", "pdq", "{}"),
}
# What a file of the data folder is replaced by, and a command that reads it.
PLACES = {
    "ombud.toml": ("rules", "check"),
    "ombud.db": ("decisions", "list"),
    "ombud.keys": ("state", "show"),
    "rules/new-member-links.rule": ("rules", "check"),
    "claims/checks.jsonl": ("claims", "search", "the moon"),
    "claims/.checks.json": ("claims", "import", "{data}/../claims.json", "--name", "checks"),
    "models/spam.links/card.json": ("learn", "show", "spam.links"),
    "ledger/checkpoint": ("ledger", "verify", "{data}"),
    "ledger/tile/entries/000.p/1": ("ledger", "verify", "{data}"),
}


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a small community."""
    folder = tmp_path_factory.mktemp("community")
    event = folder / "events.ndjson"
    event.write_text("")
    assert run("ingest", event, "--data", folder).exit_code == 0
    return folder


@pytest.fixture
def named(tmp_path: Path) -> Mapping[str, Path]:
    """A path of each kind."""
    paths = {kind: tmp_path / kind for kind in KINDS}
    os.mkfifo(paths["pipe"])
    paths["folder"].mkdir()
    return {**paths, "device": Path("/dev/zero"), "terminal": Path("/dev/tty")}


def begun(words: Sequence[str], folder: Path) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    bare = tuple(words[:2]) in (("ledger", "verify"), ("signals", "pdq"))
    more = () if bare else ("--data", folder)
    return subprocess.Popen(
        [sys.executable, "-m", "ombud.cli", *words, *map(str, more)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> tuple[int | None, str]:
    """How a command ended and what it said; None where it had to be ended."""
    try:
        said, wrong = process.communicate(timeout=PATIENCE)
        return process.returncode, said + wrong
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None, "it waits"


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_file_is_told_by_each_command(
    command: str, community: Path, named: Mapping[str, Path]
) -> None:
    """A pipe that nobody writes to, a device without an end, a terminal, a folder, nothing."""
    kinds = [kind for kind in KINDS if (command, kind) != ("ingest", "pipe")]  # it reads from pipes
    running = {
        kind: begun(
            [word.format(named[kind], data=community) for word in COMMANDS[command]], community
        )
        for kind in kinds
    }
    found = {kind: ended(process) for kind, process in running.items()}
    for kind, (code, told) in found.items():
        assert code in (1, 2), (kind, told)
        assert "Traceback" not in told
        what = {"folder": "folder|directory", "missing": "No such|does not exist"}.get(kind, "")
        assert any(each in told for each in (what or "no regular file|No such").split("|")), told


@pytest.mark.parametrize("place", PLACES)
def test_a_pipe_in_the_data_folder_holds_nobody_up(
    place: str, community: Path, tmp_path: Path
) -> None:
    """A file of the community replaced by a pipe: the command ends and says something."""
    folder = tmp_path / "data"
    shutil.copytree(community, folder, symlinks=True)
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    (folder / "claims.json").write_text("[]")
    words = [word.format(data=folder / "ledger") for word in PLACES[place]]
    code, told = ended(begun(words, folder))
    assert code in (0, 1, 2), told
    assert told.strip()
    assert "Traceback" not in told


LABEL = b'{"source":"a/b","id":"1","clause":"spam.links","breaks":true}\n'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LABEL + b"\xff\xfe\n", "U064"),
        (LABEL.decode().encode("utf-16"), "U064"),
        (b"\0" * 1000 + b"\n", "U064"),
        (b"[" * 200_000 + b"\n", "U064"),
        (b"x" * (EVENT_BYTES_MAX + 1) + b"\n", "U064"),
        (b'{"source":"a","id":"1","clause":"spam.links","breaks":"yes"}\n', "U064"),
        (b'{"source":"a","id":"1","clause":"spam.linkz","breaks":true}\n', "U086"),
    ],
)
def test_labels_that_are_none_are_told_by_line(
    content: bytes, said: str, community: Path, tmp_path: Path
) -> None:
    """Other encodings, binary files, nesting, endless lines, other fields: no traceback."""
    file = tmp_path / "labels.ndjson"
    file.write_bytes(content)
    found = run("learn", "spam.links", "--labels", file, "--data", community)
    assert (found.exit_code, found.stderr.split()[0]) == (2, said)
    assert "line " in found.stderr
