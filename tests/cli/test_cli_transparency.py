"""`ombud transparency`: what it writes and sends, and how it says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.command_line import error_of, printed, run
from dsa.database import Process
from dsa.filed_community import TOKEN, held, section


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Process]:
    """The database, in another process."""
    process = Process(tmp_path / "database")
    yield process
    process.close()


def test_without_an_option_it_says_how_they_stand(tmp_path: Path) -> None:
    """And writes nothing, neither files nor ids."""
    held(tmp_path / "data", 3)
    found = printed("transparency", "dsa", "--data", tmp_path / "data")
    assert found["statements"] == {"written": 0, "sending": 0, "taken": 0, "refused": 0}
    assert (found["new"], found["written"], found["sent"]) == (0, None, None)
    missing = run("transparency", "dsa", "--data", tmp_path / "nothing")
    assert error_of(missing)[0].startswith("D004")


def test_files_are_written_and_named(tmp_path: Path) -> None:
    """In words and as data; a second time there is nothing new."""
    held(tmp_path / "data", 3)
    words = ("transparency", "dsa", "--data", tmp_path / "data", "--out", tmp_path / "out")
    shown = run(*words).stdout
    assert "3 of them are new" in shown
    assert "3 written in 1 batches:" in shown
    assert str(tmp_path / "out" / "statements-0001.ndjson") in shown
    assert printed(*words)["new"] == 0


def test_they_are_sent_and_shown(tmp_path: Path, database: Process) -> None:
    """With the token of the file; then only `--all` writes them."""
    folder = held(tmp_path / "data", 3, section(database.url))
    (folder / "token").write_text(TOKEN)
    shown = run("transparency", "dsa", "--data", folder, "--submit").stdout
    assert "3 taken by the database now, 0 refused" in shown
    assert len(database.taken) == 3
    out = ("--out", tmp_path / "out")
    assert printed("transparency", "dsa", "--data", folder, *out)["written"]["statements"] == 0
    every = printed("transparency", "dsa", "--data", folder, *out, "--all")
    assert every["written"]["statements"] == 3


def test_what_was_refused_is_told_and_tried_when_asked(tmp_path: Path, database: Process) -> None:
    """By its decision and the fields; a mended setting and `--retry` bring it in."""
    folder = held(tmp_path / "data", 2, section(database.url))
    (folder / "token").write_text(TOKEN)
    words = ("transparency", "dsa", "--data", folder, "--submit")
    database.mode("status 422", "status 422")
    first = run(*words)
    assert "0 refused" not in first.stdout
    assert "refused: dec_" in first.stderr
    assert len(database.taken) == 1
    again = printed(*words, "--retry")
    assert again["statements"] == {"written": 0, "sending": 0, "taken": 2, "refused": 0}
    assert len(database.taken) == 2


@pytest.mark.parametrize(
    ("settings", "token", "code"),
    [("", "x", "U382"), ("here", "", "U382"), ("here", "wrong", "U383")],
)
def test_what_cannot_be_sent_says_why(
    tmp_path: Path, database: Process, settings: str, token: str, code: str
) -> None:
    """No address, no token, a wrong one."""
    folder = held(tmp_path / "data", 1, section(database.url) if settings else "")
    (folder / "token").write_text(token)
    refused = run("transparency", "dsa", "--data", folder, "--submit")
    assert refused.exit_code == 2
    assert error_of(refused)[0].startswith(code)


def test_the_report_is_written_and_summed_up(tmp_path: Path) -> None:
    """In words and as data; a period that is none says why."""
    folder = held(tmp_path / "data", 3)
    words = ("transparency", "regulation", "--data", folder, "--out", tmp_path / "out")
    days = ("--from", "2026-01-01", "--to", "2026-12-31")
    shown = run(*words, *days).stdout
    assert "measures            3" in shown
    assert str(tmp_path / "out" / "part-11-qualitative.csv") in shown
    found = printed(*words, *days)
    assert (found["measures"], len(found["files"])) == (3, 11)
    refused = run(*words, "--from", "2026-12-31", "--to", "2026-01-01")
    assert error_of(refused)[0].startswith("U386")


def test_a_country_that_is_none_is_refused(tmp_path: Path) -> None:
    """As any setting is."""
    held(tmp_path, 1)
    with (tmp_path / "ombud.toml").open("a") as file:
        file.write('\n[dsa]\nterritory = ["XX"]\n')
    refused = run("transparency", "dsa", "--data", tmp_path, "--out", tmp_path / "out")
    assert error_of(refused)[0].startswith("U001")
