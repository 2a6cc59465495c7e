"""`ombud digest`: the morning's two lines, for whoever begins the day and for cron.

This module must never tell of one person's work.
"""

from __future__ import annotations

from pathlib import Path

import click

from ombud.cli.cases import lang_option
from ombud.cli.show import data_option, json_option, print_json, say, told


@click.command()
@lang_option
@data_option
@json_option
def digest(lang: str, folder: Path, as_json: bool) -> None:
    """Two lines: what happened since yesterday, and what waits."""
    from ombud import clock
    from ombud import digest as figures
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = figures.digest(reader.store, clock.now())
        if as_json:
            print_json(found)
            return
        for line in figures.lines(found, lang):
            say(line)
