"""`ombud orders`: what a person has decided about a campaign, also for those still to come.

This module must never say of an order more than the journal does.
"""

from __future__ import annotations

from pathlib import Path

import click

from ombud.cli.show import Group, by_option, data_option, json_option, length, print_json, say, told


@click.group(cls=Group)
def orders() -> None:
    """Standing orders: a campaign, also those of it still to come."""


@orders.command("give")
@click.argument("case")
@click.option(
    "--action",
    type=click.Choice(["hold", "limit", "remove"]),
    default="hold",
    show_default=True,
    help="What is done; more than a hold needs a case that was decided so.",
)
@click.option("--for", "lasts", help="For how long; without it, for 6 hours.", metavar="LENGTH")
@by_option
@data_option
@json_option
def orders_give(
    case: str, action: str, lasts: str | None, by: str, folder: Path, as_json: bool
) -> None:
    """Give an order about the campaign of CASE, for 24 hours at most; it ends by itself."""
    from ombud import session

    with told(as_json):
        asked = {"case": case, "action": action, "length": length(lasts), "by": by}
        given = session.request(folder, "give order", **asked)
        if as_json:
            print_json(given)
        else:
            say(given["order"])


@orders.command("list")
@data_option
@json_option
def orders_list(folder: Path, as_json: bool) -> None:
    """Every order there was, newest first."""
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.orders(clock.now())
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            where = f"{each['rule']} ({each['clause']}), rooms: {each['rooms']}"
            say(f"{each['id']}  {each['action']}, {each['state']} until {each['until']}")
            by = f"{each['by'] or 'admin'}{' (one person)' if each['alone'] else ''}"
            say(f"  {where}; decisions: {each['decisions']}; by {by}")
        if not found:
            say("no standing order was ever given")


@orders.command("end")
@click.argument("order")
@click.option("--undo", is_flag=True, help="Also take back all that was done under it.")
@by_option
@data_option
@json_option
def orders_end(order: str, undo: bool, by: str, folder: Path, as_json: bool) -> None:
    """End an ORDER before its time."""
    from ombud import session

    with told(as_json):
        ended = session.request(folder, "end order", order=order, undo=undo, by=by)
        if as_json:
            print_json(ended)
        else:
            say(f"ended; decisions undone: {len(ended['undone'])}")
