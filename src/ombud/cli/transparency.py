"""`ombud transparency`: what goes out, in files anybody can read.

This module must never write a file that names a person or quotes one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ombud import clock
from ombud.cli.show import (
    Group,
    by_option,
    copied_progress,
    data_option,
    json_option,
    past_progress,
    print_json,
    say,
    talk,
    told,
)


@click.group(cls=Group)
def transparency() -> None:
    """What goes out: statements of reasons and yearly reports."""


@transparency.command("dsa")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write what has not been taken yet into this folder, a batch of 1 to 100 a line.",
)
@click.option("--all", "every", is_flag=True, help="Write also what was taken or refused.")
@click.option("--submit", is_flag=True, help="Send what waits to the database of `[dsa]`.")
@click.option("--retry", is_flag=True, help="Send also what the database refused earlier.")
@by_option
@data_option
@json_option
def transparency_dsa(
    out: Path | None,
    every: bool,
    submit: bool,
    retry: bool,
    by: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Statements of reasons for the EU's transparency database; without an option, how they stand.

    Each decision that restricts somebody has one, built from its clause and from templates: no
    name, no text. Each gets an id once. Sending goes on where an earlier run was stopped.
    """
    with told(as_json):
        from ombud.app import crash_point
        from ombud.dsa import filed

        wanted = filed.Wanted(out, by, every=every, submit=submit, retry=retry)
        with past_progress(as_json) as begin:
            found = filed.files(folder, wanted, begin, crash_point())
        if as_json:
            print_json(found)
            return
        _tell(found)


@transparency.command("public")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Write into this folder; all that is in it can be put on a web server.",
)
@data_option
@json_option
def transparency_public(out: Path, folder: Path, as_json: bool) -> None:
    """The public log and its counts, checked and copied: what anybody may have and count again.

    Beside them what the public pages tell, as of now: figures.json, demands.json, rules.json.
    """
    with told(as_json):
        from ombud import publicfolder, publicpages

        with copied_progress(as_json) as progress:
            found = publicfolder.write_out(folder, out, progress)
        found["pages"] = publicpages.write_out(folder, out, clock.now())
        if as_json:
            print_json(found)
            return
        for name, value in found.items():
            say(f"{name:<10} {', '.join(value) if name == 'pages' else value}")


def _tell(found: dict[str, Any]) -> None:
    """How the statements stand, and what was done just now."""
    for state, count in found["statements"].items():
        say(f"{state:<8} {count:>10,}")
    if found["new"]:
        say(f"{found['new']:,} of them are new")
    if found["written"] is not None:
        written = found["written"]
        say(f"{written['statements']:,} written in {written['batches']:,} batches:")
        for name in written["files"]:
            say(f"  {name}")
    if found["sent"] is not None:
        sent = found["sent"]
        say(f"{sent['taken']:,} taken by the database now, {sent['refused']:,} refused")
    for each in found["refused"]:
        talk(f"refused: {each['decision']} ({each['detail']})")


@transparency.command("regulation")
@click.option("--from", "first", required=True, metavar="DAY", help="The first day: 2026-01-01.")
@click.option("--to", "last", required=True, metavar="DAY", help="The last day: 2026-12-31.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder for the eleven tables.",
)
@click.option(
    "--previous", default="", metavar="DAY", help="When the report before this was published."
)
@data_option
@json_option
def transparency_regulation(
    first: str, last: str, out: Path, previous: str, folder: Path, as_json: bool
) -> None:
    """The yearly report of Implementing Regulation (EU) 2024/2835: eleven tables, as CSV.

    Counts are of what took hold in the days given. A cell is 0 where nothing happened, and blank
    where Ombud cannot know: read the words beside it, and fill it in.
    """
    with told(as_json):
        from ombud.dsa import report
        from ombud.dsa.tallies import Period

        with past_progress(as_json) as begin:
            found = report.write(folder, out, Period(first, last), previous, begin)
        if as_json:
            print_json(found)
            return
        for name in ("measures", "notices", "complaints", "orders"):
            say(f"{name:<10} {found[name]:>10,}")
        for name in found["files"]:
            say(f"  {name}")
