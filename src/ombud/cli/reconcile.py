"""`ombud reconcile`: what a platform restricts without a decision.

This module must never ask a platform for anything but what is restricted on it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ombud.cli.show import by_option, data_option, json_option, print_json, say, told

if TYPE_CHECKING:
    from ombud.reconcile import Found


@click.command()
@click.argument("platform")
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Its restrictions as lines of JSON, instead of asking it.",
)
@by_option
@data_option
@json_option
def reconcile(platform: str, file: Path | None, by: str, folder: Path, as_json: bool) -> None:
    """What PLATFORM restricts without a decision in force; exit code 1 where there is any. How many
    there are enters the public log.
    """
    from ombud import reconcile as comparing
    from ombud import session
    from ombud.reading import reading

    with told(as_json):
        with reading(folder) as reader:
            restrictions = (
                comparing.asked(folder, reader.keys, platform)
                if file is None
                else comparing.lines(file, platform)
            )
            found = comparing.compare(reader.store, reader.keys, platform, restrictions)
        record = found.record(platform)
        run = session.request(folder, "run", kind="reconcile", record=record, by=by)
        if as_json:
            print_json(
                {
                    "run": run,
                    "platform": platform,
                    "reported": found.reported,
                    "explained": found.explained,
                    "without": {each: found.without[each] for each in comparing.REASONS},
                    "missing": found.missing,
                    "items": found.items,
                    "missed": found.missed,
                }
            )
        else:
            _show(found)
        if found.items:
            raise SystemExit(1)


def _show(found: Found) -> None:
    say(f"{found.reported} restrictions, {found.explained} with a decision in force")
    for each in found.items:
        since = f" since {each['since']}" if each["since"] else ""
        say(f"  {each['action']} on {each['subject']}{since}: {each['why']}")
    if found.without.total() > len(found.items):
        say(f"  and {found.without.total() - len(found.items)} more")
    if found.missing:
        say(f"{found.missing} decisions are in force that it does not tell of:")
        for decision in found.missed:
            say(f"  {decision}")
