"""The commands from end to end: what they print as data, and with which exit code they end."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flow.small_community import crowd, event, line, prepare, tallies
from ombud.cli import main


def run(*words: str, data: Path | None = None, exit_code: int = 0) -> Any:
    """What a command prints with --json."""
    told = [*words, "--json", *([] if data is None else ["--data", str(data)])]
    result = CliRunner().invoke(main, told)
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of events and, below `data`, the community they went into."""
    made = tmp_path_factory.mktemp("commands")
    prepare(made / "data")
    (made / "events").write_bytes(b"".join(map(line, crowd(91, 200))))
    found = run("ingest", str(made / "events"), data=made / "data")
    assert found["accepted"] == 200
    assert set(found) == {
        "accepted",
        "duplicate",
        "conflict",
        "rejected",
        "hits_by_rule",
        "unknown_by_rule",
        "by_action",
        "errors",
        "seconds",
    }
    return made


def test_a_community_from_events_to_public_log(place: Path) -> None:
    """Ingest, list, show, undo, replay, ledger: each command goes on where the last one ended."""
    data = place / "data"
    listed = run("decisions", "list", "--limit", "1000", data=data)["items"]
    assert listed
    assert [each["time"] for each in listed] == sorted((e["time"] for e in listed), reverse=True)
    bags = run("decisions", "list", "--rule", "bags", data=data)["items"]
    assert 0 < len(bags) < len(listed)
    shown = run("decisions", "show", bags[0]["id"], data=data)
    assert shown["clause"] == "spam.links"
    assert shown["reasons"]["facts"]
    assert [each["inverse"] for each in shown["asked"]] == [False]
    undone = run("decisions", "undo", bags[0]["id"], data=data)["items"]
    assert undone == [bags[0]["id"]]
    outcome = run("replay", "--check", data=data)
    assert outcome["different"] == 0
    assert outcome["checked"] == outcome["same"] > 200
    head = run("ledger", "head", data=data)
    report = run("ledger", "verify", str(data / "ledger"))
    assert (report["ok"], report["size"], report["root"]) == (True, head["size"], head["root"])
    decisions = sum(count for tally, count in tallies(data).items() if tally[0] == "decision")
    assert decisions == len(listed)


def test_history_beside_live_traffic(place: Path) -> None:
    """`--timeline` has its own time and windows: what is old there is not stale, here it is."""
    data = place / "data"
    old = place / "old"
    old.write_bytes(b"".join(line(event(f"old{n}", -(10**8) + n)) for n in range(12)))
    found = run("ingest", str(old), "--timeline", "archive", data=data)
    assert (found["accepted"], found["unknown_by_rule"]) == (12, {})
    assert found["hits_by_rule"]["busy-room"] > 0
    stale = place / "stale"
    stale.write_bytes(line(event("old live", -(10**8))))
    assert run("ingest", str(stale), data=data)["unknown_by_rule"]["busy-room"] == 1


def test_a_tampered_log_is_found(place: Path, tmp_path: Path) -> None:
    """`ledger verify` of changed public files ends with 1 and names what is wrong."""
    copy = Path(shutil.copytree(place / "data" / "ledger", tmp_path / "ledger"))
    bundles = next((copy / "tile" / "entries").rglob("*.p")).iterdir()
    path = max(bundles, key=lambda each: int(each.name))
    path.write_bytes(path.read_bytes().replace(b'"hold"', b'"holb"', 1))
    report = run("ledger", "verify", str(copy), exit_code=1)
    assert not report["ok"]
    assert report["problems"][0]["code"].startswith("L")


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("decisions", "show", "dec_none"), "U010", 2),
        (("decisions", "undo", "dec_none"), "U010", 2),
        (("decisions", "undo"), "U005", 2),
        (("decisions", "list", "--since", "yesterday"), "U006", 2),
        (("erase", "nobody", "--platform", "chat"), "U011", 2),
        (("replay",), "U007", 2),
    ],
)
def test_errors_have_one_shape(
    words: tuple[str, ...], code: str, exit_code: int, place: Path
) -> None:
    """An error is one object with code, message, place and hint, and wrong usage ends with 2."""
    found = run(*words, data=place / "data", exit_code=exit_code)
    assert found["code"] == code
    assert set(found) == {"code", "message", "where", "hint"}


@pytest.mark.parametrize(
    "words",
    [
        ("decisions", "list"),
        ("replay", "--check"),
        ("ledger", "head"),
        ("erase", "a", "--platform", "b"),
    ],
)
def test_there_is_nothing_to_read_where_nothing_was_started(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    """Reading a folder without a community is D004, and makes nothing."""
    assert run(*words, data=tmp_path / "none", exit_code=1)["code"] == "D004"
    assert not (tmp_path / "none").exists()


def test_rules_and_signals_without_a_community(tmp_path: Path) -> None:
    """Before the first start the shipped rules are listed, checked and tried; exit 1 for errors."""
    none = tmp_path / "none"
    assert len(run("rules", "list", data=none)["items"]) >= 5
    assert run("rules", "check", data=none)["ok"]
    assert all(each["ok"] for each in run("rules", "test", data=none)["items"])
    assert run("rules", "format", "--check", data=none)["items"] == []
    assert len(run("signals", "list")["items"]) > 20
    bad = prepare(tmp_path / "bad")
    (bad / "rules" / "bags.rule").write_text("rule bags\n")
    found = run("rules", "check", data=bad, exit_code=1)
    assert not found["ok"]
    assert {"code", "severity", "file", "line", "column", "message", "hint", "where"} <= set(
        found["items"][0]
    )


def test_explaining_judges_and_keeps_nothing(place: Path, tmp_path: Path) -> None:
    """`signals explain` tells every fact of each event, and of bad lines what is wrong."""
    file = tmp_path / "events"
    file.write_bytes(line(event(1, text="cheap bags")) + b"no\n" + line(event(2)))
    items = run("signals", "explain", str(file), data=place / "data")["items"]
    assert [each["id"] for each in items] == ["e1", "e2", "line 2"]
    assert items[0]["fired"] == ["bags"]
    assert items[2]["error"]["code"] == "E001"


def test_events_from_standard_input_and_plain_words(tmp_path: Path) -> None:
    """A process reads events from a pipe and prints the summary in words, talk apart from data."""
    folder = prepare(tmp_path / "data")
    command = [sys.executable, "-c", "from ombud.cli import main; main()", "ingest", "-"]
    content = line(event(1, text="cheap bags")) + b"\x1b[2J\n"
    result = subprocess.run(
        [*command, "--data", str(folder)], input=content, capture_output=True, check=False
    )
    assert result.returncode == 1
    assert b"accepted   1" in result.stdout
    assert b"E001" in result.stderr
    assert b"\x1b" not in result.stdout + result.stderr
