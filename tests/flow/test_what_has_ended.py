"""Nothing is left of what has ended or was erased: not in the folder, not in an older backup, not
in what was restored from it; and a process that dies on the way leaves nothing half done.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flow import ending_process
from flow.case_desk import DESK_RULES
from flow.planted import asked, keys_of, lying, opened, readable
from flow.small_community import (
    DAY,
    NOW,
    change,
    check,
    crowd,
    event,
    hold_together,
    line,
    prepare,
    rows,
)
from ombud import backup, casework
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.errors import BadUse
from ombud.retention import Retention

ACCOUNT, NAME = "victim-4711-xq", "Viktoria Unverwechselbar"
TEXT, LINK = "marzipanschwein im nebel", "geheimnisvoll-planted.example"
NOTE, REASON = "krokodilnotiz", "strassenbahnflagge"
SAID = (NAME, TEXT, LINK, NOTE, REASON)
OTHERS = 60
KILLED = -9
LONG = 31  # days, after which bodies have ended
ALL = 250  # days, after which decisions have


def posts() -> list[dict[str, Any]]:
    author = {"id": ACCOUNT, "name": NAME, "created": "2026-02-01T00:00:00Z"}
    found: list[dict[str, Any]] = []
    for number, other in enumerate(crowd(43, OTHERS)):
        found.append(other)
        if number % 6 == 0:
            text = f"{TEXT} http://{LINK}/a {number} cheap {('bags', 'shoes')[number % 12 == 0]}"
            found.append(event(f"v{number}", number * 20, author=author, text=text))
    told = event("f", 900, type="flag.created", reason=REASON)
    told["data"].update(reporter=author, reported={"id": "post/1"}, author={"id": "ana"})
    return [*found, told]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community in which somebody said things, was held, was written about; and its backup."""
    base = tmp_path_factory.mktemp("ended")
    folder = prepare(base / "data", DESK_RULES)
    with Engine(folder, now=lambda: NOW) as engine:
        engine.ingest([b"".join(map(line, posts()))])
        token = engine.keys.known_account("chat", ACCOUNT)
        (case,) = rows(folder, "SELECT id FROM case_subject WHERE author = ?", token)[0]
        request = {"case": case, "by": "mia", "text": NOTE, "lasts": DAY}
        casework.perform(engine, "note case", request)
    backup.make(folder, base / "older")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made.parent / "older", tmp_path / "older")
    return Path(shutil.copytree(made, tmp_path / "data"))


def later(folder: Path, days: int) -> None:
    """So many days later, with every case closed, all that has ended goes."""
    change(folder, "UPDATE review_case SET closed = 1")
    with Engine(folder, now=lambda: NOW + days * DAY, activate=False) as engine:
        Retention(engine).look()


def test_it_can_be_read_before(folder: Path, tmp_path: Path) -> None:
    """What is looked for is found, or the rest of this file says nothing."""
    plain = b"".join(opened(folder / STORE_FILE, keys_of(folder)))
    assert all(each.encode() in plain for each in SAID)
    assert readable(folder, SAID) == {"sealed"}
    assert readable(tmp_path / "older", SAID, keys=folder) == {"sealed"}
    assert readable(folder, (ACCOUNT,)) == {"sealed", KEY_FILE}


def test_nothing_can_be_read_of_what_has_ended(folder: Path, tmp_path: Path) -> None:
    """Neither in the folder nor, with every key that is left, in the backup of before; no key that
    is gone lies in any file.
    """
    keys = keys_of(folder)
    assert lying(folder, keys) == {KEY_FILE}
    later(folder, ALL)
    assert readable(folder, SAID) == set()
    assert readable(tmp_path / "older", SAID, keys=folder) == set()
    assert keys_of(folder) == []
    assert lying(folder, keys) == set()
    outcome = check(folder)
    assert outcome.differences == []
    assert outcome.from_facts > OTHERS
    hold_together(folder)


def test_nothing_comes_back_with_an_older_backup(folder: Path, tmp_path: Path) -> None:
    """What has ended since, and what was erased since, with the name of whoever it was."""
    with Engine(folder, now=lambda: NOW, activate=False) as engine:
        engine.erase("chat", ACCOUNT)
    planted = (*SAID, ACCOUNT)
    assert readable(folder, planted) == set()
    assert readable(tmp_path / "older", planted, keys=folder) == set()
    backup.make(folder, tmp_path / "newer")
    assert readable(tmp_path / "newer", planted, keys=folder) == set()
    for source in ("older", "newer"):
        place = tmp_path / f"from {source}"
        backup.restore(tmp_path / source, place, folder / KEY_FILE, now=lambda: NOW)
        assert readable(place, planted) == set()
        assert check(place).differences == []


# --- killed on the way ----------------------------------------------------------------------------


def killed(point: str, *arguments: object) -> None:
    """A process that dies at a point."""
    program = [sys.executable, str(Path(ending_process.__file__)), *map(str, arguments)]
    done = subprocess.run(
        program, env={**os.environ, "OMBUD_FAULT": point}, check=False, capture_output=True
    )
    assert done.returncode == KILLED, done.stderr.decode()


@pytest.mark.parametrize("point", ["before keys", "keys kept", "before commit", "committed"])
def test_whoever_dies_while_something_ends_finishes_it_later(folder: Path, point: str) -> None:
    """Whatever was done of a turn: the next look does the rest, and nothing else is lost."""
    change(folder, "UPDATE review_case SET closed = 1")
    at = NOW + LONG * DAY
    killed(point, "look", folder, at)
    assert check(folder).differences == []
    later(folder, LONG)
    kept = {row[0] for row in asked(folder / KEY_FILE, "SELECT seq FROM body_key")}
    assert kept == {row[0] for row in rows(folder, "SELECT seq FROM body")}
    decided = {row[0] for row in rows(folder, "SELECT about FROM decision")}
    assert kept <= decided | {row[0] for row in rows(folder, "SELECT seq FROM decision")}
    assert kept  # what can be appealed
    hold_together(folder)


@pytest.mark.parametrize("point", ["store copied", "written"])
def test_a_backup_that_was_cut_off_is_none(folder: Path, tmp_path: Path, point: str) -> None:
    """There is no folder of its name, and the next one clears away what is left."""
    killed(point, "backup", folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert len(list(tmp_path.glob(".out.*"))) == 1
    backup.make(folder, tmp_path / "out")
    assert list(tmp_path.glob(".out.*")) == []
    assert backup.checked(tmp_path / "out").seq


@pytest.mark.parametrize("point", ["files restored", "written", "keys restored", "committed"])
def test_a_restore_that_was_cut_off_shows_nobody_again(
    folder: Path, tmp_path: Path, point: str
) -> None:
    """Wherever it died: nothing planted can be read, and a start finishes it or a restore does."""
    with Engine(folder, now=lambda: NOW, activate=False) as engine:
        engine.erase("chat", ACCOUNT)
    new, planted = tmp_path / "new", (*SAID, ACCOUNT)
    killed(point, "restore", tmp_path / "older", new, folder / KEY_FILE, NOW)
    if point in ("files restored", "written"):
        assert not new.exists()
        backup.restore(tmp_path / "older", new, folder / KEY_FILE, now=lambda: NOW)
    else:
        assert readable(new, planted) == set()
        engine = Engine(new, now=lambda: NOW, activate=False)
        engine.hand_over("log.example/second", "admin")
        engine.close()
    assert readable(new, planted) == set()
    assert rows(new, "SELECT count(*) FROM journal WHERE type = '!erasure'") == [(1,)]
    assert check(new).differences == []


# --- no room --------------------------------------------------------------------------------------


def test_a_backup_needs_room(folder: Path, small: Path | None) -> None:
    """On a full disk: a clear error, nothing left of it, the community untouched; with room it is
    made.
    """
    if small is None:
        pytest.skip("mounting a small file system is not permitted here")
    ballast = small / "ballast"
    ballast.write_bytes(bytes((16 << 20) - (64 << 10)))
    with pytest.raises(BadUse, match="U402") as refused:
        backup.make(folder, small / "out")
    assert "full" in refused.value.message or "space" in refused.value.message
    assert [each.name for each in small.iterdir()] == ["ballast"]
    with pytest.raises(BadUse, match="U405"):
        backup.restore(folder.parent / "older", small / "new", folder / KEY_FILE)
    assert [each.name for each in small.iterdir()] == ["ballast"]
    ballast.unlink()
    assert backup.make(folder, small / "out").seq == rows(folder, "SELECT seq FROM head")[0][0]
