"""How the command line speaks: options that many commands share, and every way to print.

Data goes to standard output, talk to standard error. Whatever others wrote is printed without
anything that could move the cursor or turn the text around. This module must never be imported by a
stage.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from ombud import spreadsheet
from ombud.errors import BadUse, OmbudError, catalogue

if TYPE_CHECKING:
    from ombud.rules.diagnostic import Diagnostic

catalogue(
    U006=("{text} is no time.", "Write it in RFC 3339, for example 2026-11-22T10:00:00Z."),
    U007=("Nothing says what to replay.", "Use either --check or --rules DIR."),
    U018=("An argument holds bytes that are no text.", "Write it in UTF-8."),
    U072=("{text} is no length of time.", 'Write it as in rules, for example "8 hours".'),
    U019=("Nothing in the outbox is ever {state}.", "It can be: {states}."),
)

F = TypeVar("F", bound=Callable[..., Any])

DONE, WRONG, MISUSED = 0, 1, 2

# Printable to `str.isprintable`, and yet there is nothing to see: fillers, joiners and selectors of
# Unicode's Default_Ignorable_Code_Point, and Braille without a dot.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)


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


def limit_option(command: F) -> F:
    """`--limit N`, as on every list that can be long."""
    return click.option(
        "--limit",
        default=100,
        show_default=True,
        type=click.IntRange(1, 1_000_000),
        help="At most so many.",
    )(command)


def by_option(command: F) -> F:
    """`--by NAME`, as on every command that may activate a configuration, and on what people do."""
    return click.option(
        "--by",
        envvar="OMBUD_BY",
        default="admin",
        show_default=True,
        help="Who does it: the author of rules that are new.",
    )(command)


def port_option(command: F) -> F:
    """`--port N`, as on every command that serves pages."""
    return click.option(
        "--port",
        default=8420,
        show_default=True,
        type=click.IntRange(0, 65535),
        help="The port that is listened on; 0: any that is free.",
    )(command)


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
        char
        if (char.isprintable() and not _BLANK.match(char)) or char == "\n"
        else f"\\u{{{ord(char):x}}}"
        for char in str(text)
    )


def _line(text: str) -> str:
    """One line as it is shown. What goes on in a text behind a line end is set apart: nobody can
    write a line of ours.
    """
    return plain(text).replace("\n", "\n  | ")


def say(text: str = "") -> None:
    """One line of data."""
    click.echo(_line(text))


def talk(text: str) -> None:
    """One line of talk."""
    click.echo(_line(text), err=True)


def print_json(value: object) -> None:
    """One JSON object, in ASCII: no terminal can be moved by it."""
    click.echo(json.dumps(value, indent=2))


def print_csv(rows: Sequence[Mapping[str, Any]]) -> None:
    """A table for a spreadsheet: RFC 4180, and no cell that one would take for a formula."""
    import csv
    import io

    if not rows:
        return
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(rows[0])
    writer.writerows([[cell(value) for value in row.values()] for row in rows])
    click.echo(table.getvalue(), nl=False)


def cell(value: object) -> str:
    """A value as it may stand in a spreadsheet: as text where a formula could begin, and with
    nothing in it that a terminal would act on.
    """
    if isinstance(value, list | tuple):
        value = "; ".join(str(each) for each in value)
    text = "" if value is None else plain(value).replace("\n", " ")
    return spreadsheet.cell(text)


@contextmanager
def told(as_json: bool = False) -> Iterator[None]:
    """Tell an error in its three parts, and end with the exit code it deserves."""
    try:
        yield
    except UnicodeEncodeError as error:  # only what a terminal handed over can be such a text
        _tell(BadUse("U018", repr(error.object)[:100]), as_json)
    except OmbudError as error:
        _tell(error, as_json)


def _tell(error: OmbudError, as_json: bool) -> NoReturn:
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
        warn(error)
    sys.exit(MISUSED if isinstance(error, BadUse) else WRONG)


def warn(error: OmbudError) -> None:
    """An error in its three parts, as talk: what was asked for is done all the same."""
    talk(f"{error.code}  {error.message}")
    if error.where:
        talk(f"  where: {error.where}")
    if error.hint:
        talk(f"  {error.hint}")


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
def past_progress(quiet: bool) -> Iterator[Callable[[int], Callable[[int], None] | None]]:
    """A progress bar on a terminal over the records of the past, once it is known how many there
    are; nothing elsewhere.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def begin(total: int) -> Callable[[int], None]:
            task = bar.add_task("records", total=total)
            return lambda done: bar.update(task, completed=done)

        yield begin


@contextmanager
def copied_progress(quiet: bool) -> Iterator[Callable[[int], None]]:
    """A count of files on a terminal; nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("files", total=None)
        yield lambda done: bar.advance(task, done)


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


def length(text: str | None) -> int | None:
    """A length of time in microseconds, as rules write it: "8 hours". Raises BadUse."""
    if text is None:
        return None
    from ombud.signals.resolve import UNITS

    number, _, unit = text.strip().partition(" ")
    size = dict(UNITS).get(unit.strip().removesuffix("s"))
    if size is None or not number.isdecimal() or len(number) > 9:
        raise BadUse("U072", text, text=text)
    return int(number) * size
