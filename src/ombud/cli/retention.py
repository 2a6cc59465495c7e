"""`ombud retention`: what is kept, and that what has ended goes.

This module must never say what anybody wrote.
"""

from __future__ import annotations

from pathlib import Path

import click

from ombud.cli.show import Group, data_option, json_option, print_json, say, told


@click.group(cls=Group)
def retention() -> None:
    """For how long things are kept: what was said, and what was decided about it."""


@retention.command("show")
@data_option
@json_option
def retention_show(folder: Path, as_json: bool) -> None:
    """How many bodies are kept, since when, and how many of them for longer than by their age."""
    from ombud import clock
    from ombud.reading import reading
    from ombud.retention import settings_days, shown

    with told(as_json), reading(folder) as reader:
        found = shown(reader.store, settings_days(folder), clock.now())
        if as_json:
            print_json(found)
            return
        say(f"bodies are kept for {found['body_days']} days")
        say(f"kept: {found['bodies']}, the oldest since {found['oldest'] or 'never'}")
        say(f"of these for longer, as somebody waits for them: {found['over_age']}")


@retention.command("run")
@data_option
@json_option
def retention_run(folder: Path, as_json: bool) -> None:
    """Let go at once of all that has ended; `ombud serve` does so every hour."""
    from ombud import session

    with told(as_json):
        gone = session.request(folder, "retain")
        if as_json:
            print_json(gone)
            return
        for kind, count in gone.items():
            say(f"{kind}: {count}")
