"""`ombud clock`: whether this machine's clock is believed, and that it is right.

This module must never set a clock.
"""

from __future__ import annotations

from pathlib import Path

import click

from ombud.cli.show import Group, by_option, data_option, json_option, print_json, say, told


@click.group("clock", cls=Group)
def machine_clock() -> None:
    """This machine's clock: one that is far ahead is not believed until somebody confirms it."""


@machine_clock.command("show")
@data_option
@json_option
def clock_show(folder: Path, as_json: bool) -> None:
    """What the clock says, when Ombud last went by it, and whether it is believed."""
    from ombud import clock
    from ombud.reading import reading
    from ombud.timekeeping import shown

    with told(as_json), reading(folder) as reader:
        found = shown(reader.store, clock.now())
        if as_json:
            print_json(found)
            return
        say(f"the clock says {found['now']}")
        say(f"Ombud last went by it at {found['last_seen'] or 'no time yet'}")
        believed = found["believed"]
        say("it is believed" if believed else "it is not believed: see ombud clock confirm")


@machine_clock.command("confirm")
@by_option
@data_option
@json_option
def clock_confirm(by: str, folder: Path, as_json: bool) -> None:
    """Say that the clock is right, after Ombud did not run for long or the clock was wrong before.

    What has ended by its age since then goes, for good. Who says so is kept in the journal.
    """
    from ombud import session

    with told(as_json):
        found = session.confirm_clock(folder, by)
        if as_json:
            print_json(found)
            return
        say(f"the clock is right: {found['now']}")
