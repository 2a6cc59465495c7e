"""How the command line speaks: options that many commands share, and every way to print.

Data goes to standard output, talk to standard error. Whatever others wrote is printed without
anything that could move the cursor or turn the text around. This module must never be imported by a
stage.
"""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ombud.errors import BadUse, OmbudError, catalogue

if TYPE_CHECKING:
    from ombud.rules.diagnostic import Diagnostic

catalogue(
    U006=("{text} is no time.", "Write it in RFC 3339, for example 2026-11-22T10:00:00Z."),
    U007=("Nothing says what to replay.", "Use --check."),
)

F = TypeVar("F", bound=Callable[..., Any])

DONE, WRONG, MISUSED = 0, 1, 2


def data_option(command: F) -> F:
    """`--data DIR`, as on every command that needs a community."""
    return click.option(
        "--data",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="OMBUD_DATA",
        default=Path("ombud-data"),
        show_default=True,
        help="The community's data folder.",
    )(command)


def json_option(command: F) -> F:
    """`--json`, as on every read."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


class Group(click.Group):
    """A group of commands that answers a mistyped one with the nearest it knows."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was meant, or a usage error with a suggestion."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from None


def plain(text: object) -> str:
    """Text as it may be shown in a terminal: no control, no reordering, nothing invisible."""
    return "".join(
        char if char.isprintable() or char == "\n" else f"\\u{{{ord(char):x}}}"
        for char in str(text)
    )


def say(text: str = "") -> None:
    """One line of data."""
    click.echo(plain(text))


def talk(text: str) -> None:
    """One line of talk."""
    click.echo(plain(text), err=True)


def print_json(value: object) -> None:
    """One JSON object, in ASCII: no terminal can be moved by it."""
    click.echo(json.dumps(value, indent=2))


@contextmanager
def told(as_json: bool = False) -> Iterator[None]:
    """Tell an error in its three parts, and end with the exit code it deserves."""
    try:
        yield
    except OmbudError as error:
        diagnostics: list[Diagnostic] = getattr(error, "diagnostics", [])
        if as_json:
            shown = error.as_json()
            if diagnostics:
                print_json({**shown, "items": [diagnostic_json(each) for each in diagnostics]})
            else:
                print_json(shown)
        else:
            for each in diagnostics:
                show_diagnostic(each)
            talk(f"{error.code}  {error.message}")
            if error.where:
                talk(f"  where: {error.where}")
            if error.hint:
                talk(f"  {error.hint}")
        sys.exit(MISUSED if isinstance(error, BadUse) else WRONG)


def show_diagnostic(diagnostic: Diagnostic) -> None:
    """A problem of a rule file with its place, on standard error."""
    from ombud.rules.diagnostic import render

    click.echo(render(diagnostic), err=True)


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """A problem of a rule file as data."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "file": diagnostic.file,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "message": diagnostic.message,
        "where": f"{diagnostic.file}, line {diagnostic.line}",
        "hint": diagnostic.hint,
    }


@contextmanager
def progress(file: Path, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """A progress bar on a terminal, counting events; nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(plain(f"reading {file.name}"), total=None)
        yield lambda count: bar.advance(task, count)


def show_summary(found: Mapping[str, Any]) -> None:
    """What became of a stream of events."""
    for name in ("accepted", "duplicate", "conflict", "rejected"):
        say(f"{name:<10} {found[name]}")
    for title, counts in (
        ("hits by rule", found["hits_by_rule"]),
        ("unknown by rule", found["unknown_by_rule"]),
        ("by action", found["by_action"]),
    ):
        say(f"{title}:")
        for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
            say(f"  {count:>8}  {name}")
    for error in found["errors"]:
        talk(f"line {error['line']}: {error['code']} {error['message']} ({error['where']})")
        if error["hint"]:
            talk(f"  {error['hint']}")


def instant(text: str | None) -> int | None:
    """An instant from RFC 3339. Raises BadUse."""
    if text is None:
        return None
    from datetime import UTC, datetime

    from ombud.clock import from_datetime

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadUse("U006", text, text=text) from None
    return from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
