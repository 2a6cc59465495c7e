"""`ombud actions`: what is asked of the platforms, how far it has come, and trying again.

This module must never show what an action is about beyond its decision: `ombud decisions show`
does.
"""

from __future__ import annotations

from pathlib import Path

import click

from ombud.cli.show import (
    Group,
    by_option,
    data_option,
    json_option,
    limit_option,
    print_csv,
    print_json,
    say,
    told,
)
from ombud.errors import BadUse


@click.group(cls=Group)
def actions() -> None:
    """What is asked of the platforms and told through them."""


@actions.command("list")
@click.option("--state", help='Only those that stand there, for example "failed".')
@limit_option
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for a spreadsheet.")
@data_option
@json_option
def actions_list(state: str | None, limit: int, as_csv: bool, folder: Path, as_json: bool) -> None:
    """Actions and messages, newest first."""
    from ombud.actions import STATES
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        if state is not None and state not in STATES:
            raise BadUse("U019", "--state", state=repr(state), states=", ".join(STATES))
        found = reader.asked(state, limit)
        if as_json:
            print_json({"items": found})
        elif as_csv:
            print_csv(found)
        else:
            for each in found:
                what = f"{'undo ' if each['inverse'] else ''}{each['action']}"
                say(f"{each['state']:<22} {what:<24} {each['connector'] or '-':<16} {each['id']}")
                if each["detail"]:
                    say(f"    tried {each['attempts']} times: {each['detail']}")
                if each["again"]:
                    say(f"    once more since {each['again']}, asked by {each['again_by'] or '-'}")


@actions.command("retry")
@click.argument("id_", metavar="ID")
@by_option
@data_option
@json_option
def actions_retry(id_: str, by: str, folder: Path, as_json: bool) -> None:
    """Try once more what was given up."""
    from ombud import session

    with told(as_json):
        taken = session.request(folder, "retry", id=id_, by=by)
        if as_json:
            print_json({"asked": taken})
        else:
            say("it is asked again" if taken else "it has not failed: nothing to try again")
