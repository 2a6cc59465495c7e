"""`ombud decisions`: what was decided, and undoing it.

This module must never show more of a person than the decision's own record does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ombud.cli.show import (
    Group,
    by_option,
    data_option,
    instant,
    json_option,
    limit_option,
    print_json,
    say,
    talk,
    told,
)

NAMED_MAX = 20  # of what is not lifted


@click.group(cls=Group)
def decisions() -> None:
    """What was decided, and undoing it."""


@decisions.command("list")
@click.option("--rule", help="Only those of this rule.")
@click.option("--by-role", help='Only those by "rule" or a staff role.')
@click.option("--since", help="Only those from this time on (RFC 3339).")
@limit_option
@data_option
@json_option
def decisions_list(
    rule: str | None,
    by_role: str | None,
    since: str | None,
    limit: int,
    folder: Path,
    as_json: bool,
) -> None:
    """Decisions, newest first."""
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.decisions(rule=rule, by=by_role, since=instant(since), limit=limit)
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            state = "undone" if each["undone_by"] else "ended" if each["ended"] else "in force"
            rules = ", ".join(one["name"] for one in each["rules"])
            subject = each.get("subject", "(erased)")
            say(f"{each['time'][:19]}  {each['actions'][0]['type']:<8} {subject}  {rules}  {state}")
            say(f"    {each['id']}")


@decisions.command("show")
@click.argument("decision")
@click.option(
    "--lang",
    default="en",
    show_default=True,
    type=click.Choice(["en", "vi"]),
    help="The language of the statement.",
)
@data_option
@json_option
def decisions_show(decision: str, lang: str, folder: Path, as_json: bool) -> None:
    """One decision with its statement of reasons."""
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.decision(decision)
        if as_json:
            print_json(found)
            return
        for line in reader.statement(decision, lang):
            say(line)
        campaign = found["campaign"]
        if campaign:
            say(
                f"campaign: completed by record {campaign['record']};"
                f" {campaign['members']} earlier records acted on"
            )
        say(f"receipt: leaf {found['receipt']['leaf']} of the public log")
        for each in found["asked"]:
            say(f"asked: {'undo ' if each['inverse'] else ''}{each['action']} ({each['state']})")
        for each in found["notices"]:
            say(f"told: {each['reason']} ({each['lang']}, {each['state']})")


@decisions.command("undo")
@click.argument("ids", nargs=-1)
@click.option("--rule", help="All of this rule.")
@click.option("--by-role", help='All by "rule" or a staff role.')
@click.option("--account", help="All that concern this account; needs --platform.")
@click.option("--platform", help="The first part of the account's event sources.")
@click.option("--since", help="From this time on (RFC 3339).")
@click.option("--until", help="Up to this time (RFC 3339).")
@by_option
@data_option
@json_option
def decisions_undo(
    ids: tuple[str, ...],
    rule: str | None,
    by_role: str | None,
    account: str | None,
    platform: str | None,
    since: str | None,
    until: str | None,
    by: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Undo decisions by id, or all of a rule, a role, a person or a range of time."""
    from ombud import session

    with told(as_json):
        request = {
            "ids": list(ids),
            "rule": rule,
            "by_role": by_role,
            "account": account,
            "platform": platform,
            "since": instant(since),
            "until": instant(until),
            "by": by,
        }
        undone = session.request(folder, "undo", **request)
        if as_json:
            print_json({"items": undone})
            return
        say(f"{len(undone)} undone")
        _out_of_reach(folder, undone)


def _out_of_reach(folder: Path, undone: Sequence[str]) -> None:
    """Say where an undoing stays without effect, since its room is moderated no more."""
    from ombud import homerooms
    from ombud.reading import reading

    with reading(folder) as reader:
        found = homerooms.out_of_reach(folder, reader.store, undone)
    for each in found[:NAMED_MAX]:
        talk(f"{each}: done in a room that is moderated no more; it is not lifted there")
    if len(found) > NAMED_MAX:
        talk(f"and {len(found) - NAMED_MAX} more")
