"""A backup of a running community, and a community from it: whole, or not at all."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from typing import Any

import apsw
import pytest

from cli.command_line import printed, run
from flow.small_community import (
    NOW,
    RULES,
    agrees_with_replay,
    change,
    check,
    crowd,
    event,
    hold_together,
    line,
    prepare,
    rows,
    tallies,
)
from ombud import backup
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.errors import BadData, BadLedger, BadUse
from ombud.journal import unpack_entries
from ombud.reading import keys_behind

SECRET = "client-secret-of-the-provider"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community at rest, with a secret in its folder that is none of a backup's business."""
    folder = prepare(tmp_path_factory.mktemp("backup") / "data", RULES)
    (folder / "openid.secret").write_text(SECRET, encoding="utf-8")
    (folder / "rules" / "notes.secret").write_text(SECRET, encoding="utf-8")
    with Engine(folder, now=lambda: NOW) as engine:
        engine.ingest([b"".join(map(line, crowd(61, 200)))])
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


def restored(*arguments: Any, **more: Any) -> dict[str, Any]:
    return backup.restore(*arguments, now=lambda: NOW, **more)


def all_rows(folder: Path) -> dict[str, Any]:
    names = [row[0] for row in rows(folder, "SELECT name FROM sqlite_schema WHERE type = 'table'")]
    found = {}
    for name in names:
        found[name] = sorted(map(repr, rows(folder, f"SELECT * FROM {name}")))  # noqa: S608
    return {name: kept for name, kept in found.items() if name != "head"}


def test_all_comes_back(folder: Path, tmp_path: Path) -> None:
    """Every row of every table, the operator's files; and the community goes on."""
    told = backup.make(folder, tmp_path / "out")
    assert (tmp_path / "out" / "rules" / "bags.rule").exists()
    done = restored(tmp_path / "out", tmp_path / "new", folder / KEY_FILE)
    assert done["seq"] == told.seq == rows(folder, "SELECT seq FROM head")[0][0]
    assert (done["erased_again"], done["signs"]) == (0, True)
    assert all_rows(tmp_path / "new") == all_rows(folder)
    outcome = backup.replayed(tmp_path / "new")
    assert (outcome.different, outcome.not_recomputable) == (0, 0)
    with Engine(tmp_path / "new", now=lambda: NOW) as engine:
        assert engine.ingest([line(event("new", 4000))]).accepted == 1
        agrees_with_replay(engine)
    hold_together(tmp_path / "new")
    assert sum(tallies(tmp_path / "new").values()) == told.leaves


def test_neither_keys_nor_what_else_lies_about_is_in_it(folder: Path, tmp_path: Path) -> None:
    """No byte of a key, and no file that nobody said belongs to it."""
    backup.make(folder, tmp_path / "out")
    keys = [
        row[0]
        for row in _of_keys(
            folder, "SELECT value FROM key WHERE name != 'signed' UNION SELECT key FROM body_key"
        )
    ]
    accounts = [
        row[0].encode()
        for row in _of_keys(folder, "SELECT id FROM account WHERE platform = 'chat'")
    ]
    assert len(keys) > 100
    assert b"person1" in accounts
    lying = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert not [each for each in (*keys, *accounts, SECRET.encode()) if each in lying]
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
    assert (tmp_path / "out" / STORE_FILE).stat().st_mode & 0o077 == 0


def _of_keys(folder: Path, query: str) -> list[tuple[Any, ...]]:
    file = apsw.Connection(str(folder / KEY_FILE), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return list(file.execute(query))
    finally:
        file.close()


def test_a_community_at_work_is_backed_up_as_of_one_commit(folder: Path, tmp_path: Path) -> None:
    """While events come in without a pause, each backup is whole and agrees with itself."""
    stop = threading.Event()
    with Engine(folder, now=lambda: NOW) as engine:

        def write() -> None:
            number = 0
            while not stop.is_set():
                told = [line(event(f"w{number}-{n}", 4000 + number)) for n in range(20)]
                engine.submit(told)
                number += 1

        writing = threading.Thread(target=write)
        writing.start()
        try:
            made = [backup.make(folder, tmp_path / f"out{n}") for n in range(4)]
        finally:
            stop.set()
            writing.join()
    assert made[0].seq < made[-1].seq
    for number, told in enumerate(made):
        restored(tmp_path / f"out{number}", tmp_path / f"new{number}", folder / KEY_FILE)
        assert check(tmp_path / f"new{number}").different == 0
        hold_together(tmp_path / f"new{number}")
        assert rows(tmp_path / f"new{number}", "SELECT max(seq) FROM journal") == [(told.seq,)]


def test_what_was_erased_since_is_erased_again(folder: Path, tmp_path: Path) -> None:
    """From an older backup nobody comes back: no key, no digest of text, no name, and the log says
    that there was an erasure.
    """
    told = backup.make(folder, tmp_path / "out")
    token = dict(_of_keys(folder, "SELECT id, token FROM account"))["person3"]
    mine = {row[0] for row in rows(folder, "SELECT seq FROM journal WHERE author = ?", token)}
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event("late", 4100, author={"id": "person3"}))])
        count = engine.erase("chat", "person3")
        assert count > len(mine)  # flags too, and what came after the backup
    done = restored(tmp_path / "out", tmp_path / "new", folder / KEY_FILE)
    assert done["erased_again"] == 1
    new = tmp_path / "new"
    gone = "SELECT seq FROM journal WHERE content IS NULL AND type NOT LIKE '!%' AND seq <= ?"
    erased = rows(folder, gone, told.seq)
    assert rows(new, gone, told.seq) == erased
    assert mine < {row[0] for row in erased}  # flags that they sent too
    left = "SELECT count(*) FROM decision WHERE author = ? AND sealed IS NOT NULL"
    assert rows(new, left, token) == [(0,)]
    assert not mine & {row[0] for row in rows(new, "SELECT seq FROM body")}
    for (packed,) in rows(new, "SELECT entries FROM journal WHERE author = ?", token):
        assert all(key is None for number, key, _ in unpack_entries(packed) if number == 1 << 32)
    outcome = check(new)
    assert outcome.differences == []
    assert done["signs"] is False
    with pytest.raises(BadLedger, match="L080"), Engine(new, now=lambda: NOW) as engine:
        agrees_with_replay(engine)  # and once is enough
    with Engine(new, now=lambda: NOW) as engine:
        engine.hand_over("log.example/second", "admin")
    assert rows(new, "SELECT count(*) FROM journal WHERE type = '!erasure'") == [(1,)]
    assert tallies(new)["erasure", None, None, None] == 1


def test_records_after_an_older_backup_are_somebody_elses(folder: Path, tmp_path: Path) -> None:
    """The numbers of records that were erased behind the backup's end are given anew, and what
    comes under them is not erased at the next start.
    """
    backup.make(folder, tmp_path / "out")
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(f"x{n}", 4100 + n, author={"id": "person3"})) for n in range(5)])
        engine.erase("chat", "person3")
    restored(tmp_path / "out", tmp_path / "new", folder / KEY_FILE)
    new = tmp_path / "new"
    with Engine(new, now=lambda: NOW) as engine:
        engine.hand_over("log.example/second", "admin")
        engine.submit([line(event(f"y{n}", 4200 + n, author={"id": "bo"})) for n in range(9)])
    with Engine(new, now=lambda: NOW) as engine:
        agrees_with_replay(engine)
    again = backup.make(new, tmp_path / "again")
    assert restored(tmp_path / "again", tmp_path / "newer", new / KEY_FILE)["erased_again"] == 0
    newest = rows(tmp_path / "newer", "SELECT count(*) FROM body WHERE seq > ?", again.seq - 9)
    assert newest == [(9,)]
    assert check(tmp_path / "newer").differences == []


def test_without_the_keys_all_but_what_was_sealed_can_be_read(folder: Path, tmp_path: Path) -> None:
    """Decisions, the log and its counts; no text, no name; and nothing can be written."""
    backup.make(folder, tmp_path / "out")
    with pytest.raises(BadUse, match="U404"):
        restored(tmp_path / "out", tmp_path / "new", None)
    done = restored(tmp_path / "out", tmp_path / "new", None, without_keys=True)
    assert done["keys"] is False
    assert all_rows(tmp_path / "new") == all_rows(folder)
    listed = printed("decisions", "list", "--data", tmp_path / "new")["items"]
    whole = printed("decisions", "list", "--data", folder)["items"]
    assert [each["id"] for each in listed] == [each["id"] for each in whole]
    assert "cheap bags" not in str(listed)
    assert "cheap bags" in str(whole)
    for words in (("duty", "begin"), ("replay", "--check")):
        assert "D009" in run(*words, "--data", tmp_path / "new").output


def test_another_communitys_keys_are_refused(folder: Path, tmp_path: Path) -> None:
    """And nothing of them stays beside what they do not open."""
    with Engine(prepare(tmp_path / "other"), now=lambda: NOW):
        pass
    backup.make(folder, tmp_path / "out")
    with pytest.raises(BadData, match="D009"):
        restored(tmp_path / "out", tmp_path / "new", tmp_path / "other" / KEY_FILE)
    assert not (tmp_path / "new").exists()


def test_nothing_is_overwritten(folder: Path, tmp_path: Path) -> None:
    """Neither by a backup nor by a restore; and no backup lies in what it is of."""
    backup.make(folder, tmp_path / "out")
    with pytest.raises(BadUse, match="U400"):
        backup.make(folder, tmp_path / "out")
    with pytest.raises(BadUse, match="U401"):
        backup.make(folder, folder / "out")
    with pytest.raises(BadUse, match="U400"):
        restored(tmp_path / "out", folder, folder / KEY_FILE)
    with pytest.raises(BadData, match="D004"):
        backup.make(tmp_path / "none", tmp_path / "out2")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data", "out"]


@pytest.mark.parametrize("what", ["store", "rule", "missing", "way out", "link", "manifest", "log"])
def test_what_is_not_whole_is_refused(folder: Path, tmp_path: Path, what: str) -> None:
    """A flipped bit, a lost file, a name that leads elsewhere: nothing is written."""
    backup.make(folder, tmp_path / "out")
    out = tmp_path / "out"
    manifest = json.loads((out / "backup.json").read_bytes())
    if what == "store":
        content = bytearray((out / STORE_FILE).read_bytes())
        content[len(content) // 2] ^= 1
        (out / STORE_FILE).write_bytes(content)
    elif what == "rule":
        (out / "rules" / "bags.rule").write_text("rule none\n", encoding="utf-8")
    elif what == "missing":
        (out / "rules" / "bags.rule").unlink()
    elif what == "way out":
        manifest["files"]["rules/../../data/ombud.toml"] = manifest["files"]["ombud.toml"]
    elif what == "link":
        (out / "rules" / "bags.rule").unlink()
        (out / "rules" / "bags.rule").symlink_to(folder / "rules" / "bags.rule")
    elif what == "manifest":
        manifest["seq"] += 1
    else:
        change(out, "UPDATE leaf SET entry = entry || ' ' WHERE position = 3")
        manifest["files"][STORE_FILE] = backup._digest(out / STORE_FILE)
    (out / "backup.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(BadUse, match="U403.*names" if what == "way out" else "U403"):
        restored(out, tmp_path / "new", folder / KEY_FILE)
    assert not (tmp_path / "new").exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data", "out"]


def test_a_key_file_older_than_the_backup_is_told(folder: Path, tmp_path: Path) -> None:
    """By how many records; the present one lacks none. The next start says so too, until something
    is written.
    """
    shutil.copy(folder / KEY_FILE, tmp_path / "early.keys")
    with Engine(folder, now=lambda: NOW, activate=False) as engine:
        engine.submit([line(event(f"late{number}", number)) for number in range(3)])
    backup.make(folder, tmp_path / "out")
    done = restored(tmp_path / "out", tmp_path / "new", tmp_path / "early.keys")
    assert done["keys_behind"] == 3
    assert keys_behind(tmp_path / "new") == 3
    assert restored(tmp_path / "out", tmp_path / "good", folder / KEY_FILE)["keys_behind"] == 0
    assert keys_behind(tmp_path / "good") == keys_behind(tmp_path / "nowhere") == 0
