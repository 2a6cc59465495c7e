"""`ombud ingest`, `demo`, `erase`, `replay`: what they print, and with which code they end."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner

from cli.command_line import HOSTILE, error_of, harmless, printed, run
from flow.small_community import NOW, change, event, line, prepare, rows
from ombud.app import Engine
from ombud.cli import main

GOOD = [event(each, each, text=text) for each, text in enumerate(("cheap bags", "dear", "hello"))]
BAD = b'{"id": "x"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with rules, not yet started."""
    return prepare(tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three good events, one of which is held."""
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"".join(map(line, GOOD)))
    return path


def test_a_file_of_good_events_is_taken(folder: Path, file: Path) -> None:
    """Every event is accepted and counted, by rule and by action; the code is 0."""
    shown = run("ingest", file, "--data", folder)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.splitlines() == [
        "accepted   3",
        "duplicate  0",
        "conflict   0",
        "rejected   0",
        "hits by rule:",
        "         1  bags",
        "unknown by rule:",
        "by action:",
        "         2  allow",
        "         1  hold",
    ]
    found = printed("ingest", file, "--data", folder)
    assert (found["accepted"], found["duplicate"]) == (0, 3)
    assert set(found) == {
        *("accepted", "duplicate", "conflict", "rejected", "hits_by_rule", "unknown_by_rule"),
        *("by_action", "errors", "seconds"),
    }


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("ending", PACKED)
def test_compressed_files_are_read_by_their_ending(folder: Path, file: Path, ending: str) -> None:
    """A file is read as its ending says."""
    content = file.read_bytes()
    path = file.with_name(file.name + ending)
    path.write_bytes(PACKED[ending](content))
    found = printed("ingest", path, "--data", folder)
    assert (found["accepted"], found["rejected"]) == (3, 0)


def test_events_come_from_standard_input_too(folder: Path, file: Path) -> None:
    """`-` reads standard input."""
    words = ["ingest", "-", "--data", str(folder), "--json"]
    shown = CliRunner().invoke(main, words, input=file.read_bytes())
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["accepted"] == 3


def test_a_refused_event_is_told_and_ends_with_1(folder: Path, file: Path) -> None:
    """A bad line is told with number, code, reason, path and hint; the good ones stay accepted."""
    file.write_bytes(line(GOOD[0]) + BAD + line(GOOD[1]))
    shown = run("ingest", file, "--data", folder)
    assert shown.exit_code == 1
    assert shown.stdout.startswith("accepted   2\n")
    first, hint = shown.stderr.splitlines()
    assert first.startswith("line 2: E002 ")
    assert first.endswith(" ($)")
    assert hint.strip()


def test_a_conflict_ends_with_1(folder: Path, file: Path) -> None:
    """Another event under a known source and id is told as a conflict, the first one stands."""
    other = {**GOOD[0], "data": {**GOOD[0]["data"], "text": "something else"}}
    file.write_bytes(line(GOOD[0]) + line(GOOD[0]) + line(other))
    shown = run("ingest", file, "--data", folder, "--json")
    found = json.loads(shown.stdout)
    assert shown.exit_code == 1
    assert (found["accepted"], found["duplicate"], found["conflict"]) == (1, 1, 1)
    (error,) = found["errors"]
    assert set(error) == {"line", "code", "message", "where", "hint"}
    assert (error["line"], error["code"]) == (3, "E008")


def test_a_missing_file_is_wrong_usage_and_makes_nothing(tmp_path: Path) -> None:
    """A file that is not there ends with 2 in three parts, before a community is made for it."""
    shown = run("ingest", tmp_path / "none", "--data", tmp_path / "data")
    assert shown.exit_code == 2
    what, where, hint = error_of(shown)
    assert what.startswith("U002  The file")
    assert where == f"where: {tmp_path / 'none'}"
    assert hint
    assert printed("ingest", tmp_path / "none", "--data", tmp_path / "data")["code"] == "U002"
    assert run("ingest", tmp_path, "--data", tmp_path / "data").exit_code == 2
    assert not (tmp_path / "data").exists()


def test_broken_rules_stop_a_start(folder: Path, file: Path) -> None:
    """With an error in a rule nothing is taken: exit 1, the place, the code, and no store made."""
    (folder / "rules" / "bags.rule").write_text("rule bags\n")
    shown = run("ingest", file, "--data", folder)
    assert shown.exit_code == 1
    assert "bags.rule, line" in shown.stderr
    assert "\nD013  " in shown.stderr
    found = printed("ingest", file, "--data", folder)
    assert found["code"] == "D013"
    assert {each["file"] for each in found["items"]} == {"bags.rule"}
    assert not (folder / "ombud.db").exists()


def test_a_history_is_read_beside_live_traffic(folder: Path, file: Path) -> None:
    """`--timeline` keeps a history's events apart from the live ones."""
    assert printed("ingest", file, "--timeline", "old", "--data", folder)["accepted"] == 3
    lines = rows(folder, "SELECT DISTINCT timeline FROM journal WHERE type NOT LIKE '!%'")
    assert lines == [("old",)]


def test_hostile_events_are_told_harmlessly(folder: Path, file: Path) -> None:
    """Errors about events full of control characters come without any of them."""
    file.write_bytes(
        line({**GOOD[0], "id": HOSTILE})
        + line({**GOOD[0], "type": HOSTILE})
        + line({**GOOD[0], "time": HOSTILE})
        + HOSTILE.encode()
        + b"\n"
        + line(event("odd", text=HOSTILE, author={"id": "ana", "name": HOSTILE}))
    )
    shown = run("ingest", file, "--data", folder)
    assert shown.exit_code == 1
    assert "accepted   1" in shown.stdout
    assert "line 4: E001" in shown.stderr
    assert harmless(shown)


def test_the_demonstration_tells_each_decision(tmp_path: Path) -> None:
    """`demo` prints each statement, the summary, what truth says, and where the log stands."""
    words = ("demo", "--events", 120, "--seed", 2, "--once", "--data")
    found = printed(*words, tmp_path / "json")
    shown = run(*words, tmp_path / "text")
    assert shown.exit_code == 0
    for each in found["decisions"]:
        assert "\n" + "\n".join(each["statement"]) + "\n" in shown.stdout
    assert f"caught: {found['caught']} of {found['harmful']} harmful events" in shown.stdout
    assert "touched wrongly: " in shown.stdout
    assert "public log: " in shown.stdout
    assert "ombud decisions list --data" in shown.stderr


def test_the_demonstration_stays_out_of_a_community(folder: Path, file: Path) -> None:
    """`demo` in a real community's folder is wrong usage, and leaves the folder as it was."""
    run("ingest", file, "--data", folder)
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*"))
    shown = run("demo", "--once", "--data", folder)
    assert shown.exit_code == 2
    assert error_of(shown)[0].startswith("U009")
    assert sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*")) == before


def test_a_demonstration_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    """Where the folder cannot be made, the answer is an error in three parts and 1."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "this-is-a-demonstration").touch()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    shown = run("demo", "--once", "--data", tmp_path / "link")
    assert shown.exit_code == 1
    what, where, hint = error_of(shown)
    assert what.startswith("D003")
    assert where == f"where: {tmp_path / 'link'}"
    assert hint


def test_erasing_says_how_much_went(folder: Path, file: Path) -> None:
    """`erase` counts the records, whole or as JSON; nobody by that name is wrong usage."""
    run("ingest", file, "--data", folder)
    stranger = run("erase", "nobody", "--platform", "chat", "--data", folder)
    assert stranger.exit_code == 2
    assert error_of(stranger)[0].startswith("U011")
    assert printed("erase", "ana", "--platform", "chat", "--data", folder) == {"erased": 3}
    assert run("erase", "ana", "--data", folder).exit_code == 2  # no platform named


def test_a_past_that_agrees_is_told(folder: Path, file: Path) -> None:
    """`replay --check` counts what it judged again; all the same ends with 0."""
    run("ingest", file, "--data", folder)
    shown = run("replay", "--check", "--data", folder)
    assert (shown.exit_code, shown.stderr) == (0, "")
    said = dict(each.split() for each in shown.stdout.splitlines())
    found = printed("replay", "--check", "--data", folder)
    assert found.pop("differences") == []
    assert said == {name: str(count) for name, count in found.items()}
    assert found["checked"] == found["same"] > 0
    assert list(found) == ["checked", "same", "different", "from_facts", "not_recomputable"]


def test_a_past_that_differs_ends_with_1(folder: Path) -> None:
    """A stored verdict that no longer comes out is named by its record, and the code is 1."""
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit(list(map(line, GOOD)))
    change(folder, "UPDATE journal SET verdict = zeroblob(16) WHERE seq = 2")
    shown = run("replay", "--check", "--data", folder)
    assert shown.exit_code == 1
    assert "\n  record 2: " in shown.stdout
    found = printed("replay", "--check", "--data", folder)
    assert found["different"] == 1
    assert [each["seq"] for each in found["differences"]] == [2]


def test_replay_needs_to_be_told_what(folder: Path, file: Path) -> None:
    """`replay` alone is wrong usage."""
    run("ingest", file, "--data", folder)
    shown = run("replay", "--data", folder)
    assert shown.exit_code == 2
    assert error_of(shown)[0].startswith("U007")
