"""`ombud duty` and `ombud emergency`: states of the whole community that people set, for a time.

This module must never begin a state without an end.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ombud.cli.show import Group, by_option, data_option, json_option, length, print_json, say, told

_SAID = {
    "duty": {
        "on": "Somebody is on duty until {until}.",
        "off": "Nobody is on duty since {until}.",
        "never set": "Nobody has ever said who is on duty.",
    },
    "emergency": {
        "on": "It is an emergency until {until}.",
        "off": "It is no emergency; the last one ended at {until}.",
        "never set": "It is no emergency, and never was.",
    },
}


def _ask(folder: Path, name: str, as_json: bool, **asked: Any) -> None:
    """Have a state begun or ended, and tell how it stands."""
    from ombud import session

    with told(as_json):
        session.request(folder, name, **asked)
        _show(folder, name, as_json)


def _show(folder: Path, name: str, as_json: bool) -> None:
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found: Mapping[str, Any] = reader.state(name, clock.now())
        if as_json:
            print_json(found)
        else:
            say(_SAID[name][found["state"]].format(until=found["until"]))


@click.group(cls=Group)
def duty() -> None:
    """Whether a moderator is on duty: rules ask for it as "on duty"."""


@duty.command("begin")
@click.option("--for", "lasts", help="For how long; without it, for 8 hours.", metavar="LENGTH")
@by_option
@data_option
@json_option
def duty_begin(lasts: str | None, by: str, folder: Path, as_json: bool) -> None:
    """Begin to be on duty, for 24 hours at most; who is on duty already begins anew."""
    with told(as_json):
        asked = length(lasts)
    _ask(folder, "duty", as_json, begins=True, length=asked, by=by)


@duty.command("end")
@by_option
@data_option
@json_option
def duty_end(by: str, folder: Path, as_json: bool) -> None:
    """Say that nobody is on duty any more."""
    _ask(folder, "duty", as_json, begins=False, by=by)


@duty.command("show")
@data_option
@json_option
def duty_show(folder: Path, as_json: bool) -> None:
    """Whether somebody is on duty, and until when."""
    _show(folder, "duty", as_json)


@click.group(cls=Group)
def emergency() -> None:
    """Whether it is an emergency: rules ask for it as "emergency"."""


@emergency.command("begin")
@click.option("--for", "lasts", help="For how long; without it, for 6 hours.", metavar="LENGTH")
@by_option
@data_option
@json_option
def emergency_begin(lasts: str | None, by: str, folder: Path, as_json: bool) -> None:
    """Declare an emergency, for 24 hours at most; it ends by itself."""
    with told(as_json):
        asked = length(lasts)
    _ask(folder, "emergency", as_json, begins=True, length=asked, by=by)


@emergency.command("end")
@by_option
@data_option
@json_option
def emergency_end(by: str, folder: Path, as_json: bool) -> None:
    """End the emergency before its time."""
    _ask(folder, "emergency", as_json, begins=False, by=by)


@emergency.command("show")
@data_option
@json_option
def emergency_show(folder: Path, as_json: bool) -> None:
    """Whether it is an emergency, and until when."""
    _show(folder, "emergency", as_json)
