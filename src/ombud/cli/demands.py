"""`ombud demands`: what authorities, courts, lawyers and others demanded, and what became of it.

This module must never answer anybody: it keeps what people say they answered.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ombud.cli.show import Group, by_option, data_option, json_option, print_json, say, told

KINDS = ("court", "police", "authority", "lawyer", "person")
OUTCOMES = ("done", "in part", "refused", "nothing found", "withdrawn")


@click.group(cls=Group)
def demands() -> None:
    """Demands by authorities, courts, lawyers and others: the register."""


@demands.command("list")
@data_option
@json_option
def demands_list(folder: Path, as_json: bool) -> None:
    """The demands that came in, the latest first."""
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found, more = reader.demands().page(clock.now())
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            force = "an order" if each["binding"] else "informal"
            say(f"{each['id']}  {each['received'][:10]}  {each['kind']}, {force}: {each['who']}")
            answered = each["answered"]
            state = f"answered {answered[:10]}: {each['outcome']}" if answered else "waits"
            if each["overdue"]:
                state += f", due since {each['deadline'][:10]}"
            if each["secret_until"]:
                state += f"; kept secret until {each['secret_until'][:10]}"
            say(f"  {state}")
        if not found:
            say("nobody has demanded anything")
        if more:
            say("and earlier ones")


@demands.command("show")
@click.argument("demand")
@data_option
@json_option
def demands_show(demand: str, folder: Path, as_json: bool) -> None:
    """One DEMAND: what it asks for, what was done, whether the people concerned were told."""
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.demands().show(demand, clock.now())
        if as_json:
            print_json(found)
        else:
            _show(found)


def _show(found: dict[str, Any]) -> None:
    basis = found["basis"] or "no legal basis was named"
    who = found["who"] or "somebody whose name is kept no more"
    say(f"{found['kind']}: {who} ({found['country'] or 'country not told'})")
    say(f"  {basis}; {'an order' if found['binding'] else 'informal'}; asks for {found['asks']}")
    say(f"  {found['words'] or 'its words are kept no more'}")
    for each in found["items"]:
        where = f"case {each['case']}" if each["case"] else "known here" if each["found"] else "-"
        say(f"  about {each['named'] or 'what is kept no more'}: {where}")
    for each in found["steps"]:
        say(f"  {each['time']} {each['what']} by {each['by'] or 'time'}: {each['why'] or ''}")
    say(f"  the people concerned: {found['people']}")
    if found["secret_until"]:
        say(f"  kept secret until {found['secret_until']}")


@demands.command("add")
@click.option("--from", "who", required=True, help="Who demands it.", metavar="NAME")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What they are.")
@click.option("--words", required=True, help="What they ask for, in a few sentences.")
@click.option("--basis", default="", help="The law they name; without it, none was named.")
@click.option("--country", default="", help="Two letters: DE, VN.", metavar="XX")
@click.option("--order", "binding", is_flag=True, help="It binds by law; else it asks.")
@click.option(
    "--asks", type=click.Choice(["act", "data"]), default="act", show_default=True,
    help="That something is done, or for data about somebody.",
)  # fmt: skip
@click.option("--about", "items", multiple=True, help="A link or id; again for more.")
@click.option("--clause", help="The clause of yours that people judge it by.")
@click.option("--reference", default="", help="Their reference.")
@click.option("--received", help="When it came; without it, now.", metavar="TIME")
@click.option("--deadline", help="Until when they want an answer.", metavar="TIME")
@click.option("--secret-until", help="Until when the law forbids telling.", metavar="TIME")
@click.option("--secret-why", default="", help="Which law forbids it.")
@by_option
@data_option
@json_option
def demands_add(folder: Path, as_json: bool, **asked: Any) -> None:
    """Enter a demand, informal ones too. What it names comes before people, like anything else."""
    from ombud import session

    with told(as_json):
        made = session.request(folder, "add demand", **{**asked, "items": list(asked["items"])})
        if as_json:
            print_json(made)
        else:
            say(made["demand"])


@demands.command("confirm")
@click.argument("demand")
@by_option
@data_option
@json_option
def demands_confirm(demand: str, by: str, folder: Path, as_json: bool) -> None:
    """Say that the sender of a DEMAND was told that it came."""
    _step(folder, as_json, "confirm demand", demand=demand, by=by)


@demands.command("answer")
@click.argument("demand")
@click.option("--outcome", type=click.Choice(OUTCOMES), required=True, help="What came of it.")
@click.option("--why", required=True, help="What the sender was told, in a sentence or two.")
@by_option
@data_option
@json_option
def demands_answer(
    demand: str, outcome: str, why: str, by: str, folder: Path, as_json: bool
) -> None:
    """Say what the sender of a DEMAND was answered."""
    _step(folder, as_json, "answer demand", demand=demand, outcome=outcome, why=why, by=by)


@demands.command("secret")
@click.argument("demand")
@click.option("--until", required=True, help="A year ahead at most.", metavar="TIME")
@click.option("--why", required=True, help="Which law forbids to tell the people concerned.")
@by_option
@data_option
@json_option
def demands_secret(demand: str, until: str, why: str, by: str, folder: Path, as_json: bool) -> None:
    """Keep a DEMAND from the people concerned, until a time; or, with a time near by, no more."""
    _step(folder, as_json, "keep demand secret", demand=demand, until=until, why=why, by=by)


def _step(folder: Path, as_json: bool, do: str, **asked: Any) -> None:
    from ombud import session

    with told(as_json):
        done = session.request(folder, do, **asked)
        if as_json:
            print_json(done)
        else:
            say("noted")
