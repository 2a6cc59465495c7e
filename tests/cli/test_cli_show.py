"""How the command line speaks: errors in three parts, exit codes, nothing that moves a terminal."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.progress import Progress, TaskID

import ombud.session  # noqa: F401 -- importing lists the codes
from cli.command_line import HOSTILE, error_of, harmless, run
from ombud.cli import main, show
from ombud.clock import from_datetime
from ombud.errors import BadData, BadEvent, BadLedger, BadRules, BadUse, OmbudError


@given(st.text())
def test_whatever_is_shown_moves_no_terminal(text: str) -> None:
    """Text for a terminal holds printable characters and line ends only, and keeps plain ones."""
    shown = show.plain(text)
    assert all(char.isprintable() or char == "\n" for char in shown)
    if text.isprintable() and text.isascii():
        assert shown == text


def test_what_cannot_be_shown_is_named() -> None:
    """An escape stands for each character that cannot be shown, so that nothing just vanishes."""
    assert show.plain("a\x1b[31m\u202eb\u200b") == r"a\u{1b}[31m\u{202e}b\u{200b}"


def fails(error: OmbudError, *, as_json: bool) -> click.Command:
    """A command that ends with an error."""

    @click.command()
    def command() -> None:
        with show.told(as_json):
            raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadUse("U006", "--since", text="noon"), 2),
        (BadData("D004", "here", path="here"), 1),
        (BadEvent("E010", "$"), 1),
        (BadLedger("L081", "here", path="here"), 1),
        (BadRules("D013", "rules", count=1), 1),
    ],
)
def test_an_error_is_told_in_three_parts(error: OmbudError, code: int) -> None:
    """What, where and what to do go to standard error; wrong usage exits with 2, all else 1."""
    shown = CliRunner().invoke(fails(error, as_json=False))
    assert shown.exit_code == code
    what, where, hint = error_of(shown)
    assert what == f"{error.code}  {error.message}"
    assert where == f"where: {error.where}"
    assert hint == error.hint
    told = CliRunner().invoke(fails(error, as_json=True))
    assert (told.exit_code, told.stderr) == (code, "")
    assert json.loads(told.stdout) == error.as_json()


def test_what_is_no_error_of_ours_is_not_swallowed() -> None:
    """A mistake of the program itself is not dressed up as an answer."""
    with pytest.raises(ZeroDivisionError), show.told():
        print(1 // 0)  # noqa: T201


@pytest.mark.parametrize(
    "words",
    [
        ["decisions", "show", HOSTILE],
        ["decisions", "list", "--since", HOSTILE],
        ["ingest", HOSTILE],
        ["erase", HOSTILE, "--platform", HOSTILE],
        ["ledger", "verify", HOSTILE],
        ["signals", "explain", HOSTILE],
        [HOSTILE],
        ["rules", HOSTILE],
        ["rules", f"--{HOSTILE}"],
    ],
)
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_hostile_arguments_are_told_harmlessly(
    words: list[str], more: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An argument full of control characters comes back without any of them."""
    monkeypatch.setenv("OMBUD_DATA", str(tmp_path / "none"))
    shown = run(*words, *more)
    assert shown.exit_code in (1, 2)
    assert shown.output
    assert harmless(shown)


@pytest.mark.parametrize(
    ("words", "meant"),
    [(["decisons", "list"], "decisions"), (["rules", "chek"], "check"), (["ledgr"], "ledger")],
)
def test_a_mistyped_command_is_answered_with_the_nearest(words: list[str], meant: str) -> None:
    """Who mistypes a command is asked whether they meant the nearest one; the exit code is 2."""
    shown = run(*words)
    assert shown.exit_code == 2
    assert f"Did you mean {meant!r}?" in shown.stderr


def test_a_word_like_no_command_gets_no_suggestion() -> None:
    """Nothing is suggested for a word that resembles no command."""
    shown = run("rules", "xyzzy")
    assert shown.exit_code == 2
    assert "No such command 'xyzzy'" in shown.stderr
    assert "Did you mean" not in shown.stderr


def test_help_lists_every_command() -> None:
    """`ombud --help` and each group name all that is below them, and exit with 0."""
    shown = run("--help")
    assert shown.exit_code == 0
    for name, command in main.commands.items():
        assert f"\n  {name} " in shown.stdout
        inner = run(name, "-h")
        assert inner.exit_code == 0
        for each in getattr(command, "commands", {}):
            assert f"\n  {each} " in inner.stdout


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22T17:00:00+07:00", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22T10:00:00", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_as_written(text: str, expected: datetime) -> None:
    """A time with a zone is that instant; one without is meant in UTC."""
    assert show.instant(text) == from_datetime(expected)


@pytest.mark.parametrize("text", ["", "yesterday", "10:00", "2026-13-01", "2026-11-22T25:00:00Z"])
def test_what_is_no_time_is_refused(text: str) -> None:
    """A time that cannot be read is wrong usage, with a time as it should be."""
    with pytest.raises(BadUse, match="U006") as caught:
        show.instant(text)
    assert "2026-11-22T10:00:00Z" in caught.value.hint
    assert show.instant(None) is None


def test_json_is_printed_in_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    """A JSON object holds the hostile text exactly, and no byte of it reaches the terminal."""
    show.print_json({HOSTILE: ["Tiếng Việt", HOSTILE]})
    shown = capsys.readouterr().out
    assert shown.isascii()
    assert all(char.isprintable() or char == "\n" for char in shown)
    assert json.loads(shown) == {HOSTILE: ["Tiếng Việt", HOSTILE]}


def test_a_summary_puts_the_frequent_first(capsys: pytest.CaptureFixture[str]) -> None:
    """Counts come by size, then by name; errors are told as talk, with line, place and hint."""
    error = {"line": 7, "code": "E001", "message": "Bad \x1b.", "where": "$", "hint": "Mend it."}
    show.show_summary(
        {
            **dict.fromkeys(("accepted", "duplicate", "conflict", "rejected"), 3),
            "hits_by_rule": {"b": 2, "a": 2, "c": 9},
            "unknown_by_rule": {},
            "by_action": {"allow": 1},
            "errors": [error, {**error, "hint": ""}],
        }
    )
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert lines[:5] == [
        "accepted   3",
        "duplicate  3",
        "conflict   3",
        "rejected   3",
        "hits by rule:",
    ]
    assert [line.split() for line in lines[5:8]] == [["9", "c"], ["2", "a"], ["2", "b"]]
    told = r"line 7: E001 Bad \u{1b}. ($)"
    assert shown.err.splitlines() == [told, "  Mend it.", told]


def test_a_run_over_the_past_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a bar counts the records done of all; with --json or a pipe there is none."""
    drawn: list[tuple[float, float | None]] = []

    def update(bar: Progress, task: TaskID, *, completed: float) -> None:
        drawn.append((completed, bar.tasks[task].total))

    monkeypatch.setattr(Progress, "update", update)
    with show.past_progress(quiet=False) as begin:
        assert begin(10) is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with show.past_progress(quiet=True) as begin:
        assert begin(10) is None
    with show.past_progress(quiet=False) as begin:
        advance = begin(10)
        assert advance is not None
        advance(4)
        advance(10)
    assert drawn == [(4, 10), (10, 10)]


def test_there_is_no_progress_bar_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Where standard error is no terminal, nothing is drawn."""
    with show.progress(Path("events"), quiet=False) as advance:
        assert advance is None
    assert capsys.readouterr() == ("", "")
