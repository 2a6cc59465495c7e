"""`ombud replies`: the canned replies of a community, and which files are none and why.

This module must never send one.
"""

from __future__ import annotations

from pathlib import Path

import click

from ombud.cli.show import WRONG, data_option, json_option, print_json, say, talk


@click.command()
@data_option
@json_option
def replies(folder: Path, as_json: bool) -> None:
    """Canned replies, by name; and which files cannot be used, and why."""
    from ombud import replies as canned

    found = canned.read(folder)
    if as_json:
        offered = [
            {"name": each.name, "titles": dict(each.titles)} for each in found.by_name.values()
        ]
        print_json({"replies": offered, "refused": [each.as_json() for each in found.refused]})
    else:
        for each in found.by_name.values():
            titles = "; ".join(f"{lang}: {title}" for lang, title in each.titles.items())
            say(f"{each.name}  {titles}")
        for error in found.refused:
            talk(f"{error.code}  {error.message}")
    if found.refused:
        raise SystemExit(WRONG)
