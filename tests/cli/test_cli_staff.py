"""`ombud staff`: the life of an account from the command line, here and through the writer."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.command_line import HOSTILE, error_of, harmless, printed, run
from flow.small_community import prepare
from ombud import session
from ombud.app import Engine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that was begun."""
    made = prepare(tmp_path / "data")
    with Engine(made):
        return made


def test_an_account_from_its_first_day_to_its_last(folder: Path) -> None:
    """Added, shown, given roles, suspended, let in again, removed; `list` says how it stands."""
    assert "no accounts" in run("staff", "list", "--data", folder).stderr
    run("staff", "add", "Ana", "--role", "admin", "--data", folder)
    added = run(
        *("staff", "add", "Bình", "--role", "reviewer", "--queue", "spam", "--action", "hold"),
        *("--by", "ana", "--data", folder),
    )
    assert added.exit_code == 0
    assert added.stdout.startswith("/link/")
    assert "Bình" in added.stderr
    shown = run("staff", "show", "BÌNH", "--data", folder).stdout
    assert "queues:    spam" in shown
    assert "actions:   hold" in shown
    assert "by a one-time link until" in shown
    words = ("staff", "roles", "Bình", "--role", "appeals reviewer", "--role", "author")
    assert run(*words, "--data", folder).stdout == "Bình has other roles\n"
    run("staff", "suspend", "Bình", "--data", folder)
    listed = run("staff", "list", "--data", folder).stdout
    assert "author, appeals reviewer  (suspended)" in listed
    assert "not yet" in run("staff", "show", "Bình", "--data", folder).stdout
    run("staff", "restore", "Bình", "--data", folder)
    assert "suspended" not in run("staff", "list", "--data", folder).stdout
    run("staff", "remove", "Bình", "--data", folder)
    names = [each["name"] for each in printed("staff", "list", "--data", folder)["items"]]
    assert names == ["Ana"]


def test_what_is_refused_is_told_in_three_parts(folder: Path) -> None:
    """By its code, where, and what to do; nothing of it moves a terminal."""
    run("staff", "add", "Ana", "--role", "admin", "--data", folder)
    for words, code in (
        (("add", "ana", "--role", "author"), "U202"),
        (("add", "Chi", "--role", "owner" + HOSTILE), "U204"),
        (("add", HOSTILE, "--role", "author"), "U085"),
        (("add", "Chi", "--role", "author", "--by", "Nobody"), "U200"),
        (("remove", "Ana"), "U203"),
        (("show", "Nobody"), "U200"),
        (("show", "x" * 10_000), "U085"),
        (("link",), "U207"),
    ):
        done = run("staff", *words, "--data", folder)
        assert done.exit_code == 2, words
        assert error_of(done)[0].startswith(code), words
        assert len(error_of(done)) == 3
        assert harmless(done)


def test_a_role_must_be_said(folder: Path) -> None:
    """Nobody gets one by default."""
    done = run("staff", "add", "Ana", "--data", folder)
    assert done.exit_code == 2
    assert "--role" in done.stderr


def test_the_process_that_writes_is_asked(folder: Path) -> None:
    """While a server runs, the same commands go through its socket, with its address in links."""
    with session.engine(folder) as engine:
        engine.address = "http://127.0.0.1:8420"
        made = printed("staff", "link", "--data", folder)
        assert made["link"].startswith("http://localhost:8420/start/")
        assert made["name"] is None
        printed("staff", "add", "Ana", "--role", "admin", "--data", folder)
        assert printed("staff", "link", "--data", folder)["code"] == "U207"
        assert len(engine.staff) == 1
        assert printed("staff", "suspend", "Ana", "--data", folder)["code"] == "U203"


def test_it_can_be_the_first_command_in_a_folder(tmp_path: Path) -> None:
    """The configuration comes before the first account."""
    assert run("staff", "link", "--data", tmp_path / "new").exit_code == 0
    assert printed("replay", "--check", "--data", tmp_path / "new")["different"] == 0
    with Engine(tmp_path / "new") as engine:
        assert engine.writer.pipeline.config == 1
