"""`ombud staff`: the people who run the community, and what each of them may do.

A one-time link is printed once, when it is made. This module must never print one that was made
before: nobody has it any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ombud.cli.show import Group, by_option, data_option, json_option, print_json, say, talk, told

_DONE = {
    "roles": "{name} has other roles",
    "suspended": "{name} is suspended, and out at once",
    "restored": "{name} may come in again",
    "removed": "{name} is gone from the staff",
    "unbound": "{name} is heard in the moderators' room no more",
}


def _ask(folder: Path, as_json: bool, **asked: Any) -> None:
    """Have the staff changed, and tell what was done."""
    from ombud import session

    with told(as_json):
        done: Mapping[str, Any] = session.begin(folder, "staff", **asked)
        if as_json:
            print_json(done)
        elif "link" in done:
            _show_link(done)
        else:
            say(_DONE[done["change"]].format(name=done["name"]))


def _show_link(made: Mapping[str, Any]) -> None:
    say(made["link"])
    if made["link"].startswith("/"):
        talk("It stands behind the address of this community's pages (`ombud serve`).")
    whose = "the first account" if made["name"] is None else made["name"]
    talk(f"A one-time link for {whose}: shown this once, good once, until {made['ends']}.")
    talk("Whoever has it comes in by it. Hand it over so that nobody else sees it.")


def _role_options(command: Any) -> Any:
    """`--role`, `--queue`, `--action`: what somebody may do."""
    from ombud.staff.roles import ROLES

    for option in (
        click.option("--action", "actions", multiple=True, help="Decide by this action only."),
        click.option("--queue", "queues", multiple=True, help="Only cases in this queue."),
        click.option(
            "--role",
            "roles",
            multiple=True,
            required=True,
            help=f"One of: {', '.join(ROLES)}. May be given several times.",
        ),
    ):
        command = option(command)
    return command


@click.group(cls=Group)
def staff() -> None:
    """The people who run the community."""


@staff.command("list")
@data_option
@json_option
def staff_list(folder: Path, as_json: bool) -> None:
    """The people there are, with their roles."""
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.staff(clock.now())
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            suspended = "" if each["state"] == "active" else "  (suspended)"
            say(f"{each['name']:<24} {', '.join(each['roles'])}{suspended}")
        if not found:
            talk("There are no accounts. `ombud staff link` makes the link for the first one.")


@staff.command("show")
@click.argument("name")
@data_option
@json_option
def staff_show(name: str, folder: Path, as_json: bool) -> None:
    """One of them: roles, what they are narrowed to, and how they can come in."""
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        one = reader.member(name, clock.now())
        if as_json:
            print_json(one)
            return
        for key in ("name", "state", "since"):
            say(f"{key + ':':<10} {one[key]}")
        say(f"{'roles:':<10} {', '.join(one['roles'])}")
        say(f"{'queues:':<10} {', '.join(one['queues']) or 'all'}")
        say(f"{'actions:':<10} {', '.join(one['actions']) or 'all'}")
        say(f"{'comes in:':<10} {_ways(one)}")
        if one["chat"] is not None:
            say(f"{'chat:':<10} {one['chat'] or 'an account that was erased'}")


def _ways(one: Mapping[str, Any]) -> str:
    """How somebody can come in, in words."""
    ways = ["by password"] if one["password"] else []
    if one["passkeys"]:
        ways.append(f"by {one['passkeys']} passkey{'s' if one['passkeys'] > 1 else ''}")
    if one["link_until"]:
        ways.append(f"by a one-time link until {one['link_until']}")
    return ", ".join(ways) or "not yet: `ombud staff link` makes a link"


@staff.command("add")
@click.argument("name")
@_role_options
@by_option
@data_option
@json_option
def staff_add(name: str, folder: Path, as_json: bool, **given: Any) -> None:
    """Add somebody, and print the one-time link by which they come in."""
    _ask(folder, as_json, change="added", name=name, **_lists(given))


@staff.command("roles")
@click.argument("name")
@_role_options
@by_option
@data_option
@json_option
def staff_roles(name: str, folder: Path, as_json: bool, **given: Any) -> None:
    """Give somebody these roles, in place of those they have."""
    _ask(folder, as_json, change="roles", name=name, **_lists(given))


def _lists(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(each) if isinstance(each, tuple) else each for key, each in given.items()}


@staff.command("suspend")
@click.argument("name")
@by_option
@data_option
@json_option
def staff_suspend(name: str, by: str, folder: Path, as_json: bool) -> None:
    """Keep somebody out, from now on and until `restore`; all their sessions end."""
    _ask(folder, as_json, change="suspended", name=name, by=by)


@staff.command("restore")
@click.argument("name")
@by_option
@data_option
@json_option
def staff_restore(name: str, by: str, folder: Path, as_json: bool) -> None:
    """Let somebody who is suspended come in again."""
    _ask(folder, as_json, change="restored", name=name, by=by)


@staff.command("remove")
@click.argument("name")
@by_option
@data_option
@json_option
def staff_remove(name: str, by: str, folder: Path, as_json: bool) -> None:
    """Take somebody out of the staff, and destroy their password, passkeys and sessions.

    Their name stays in the key file, so that nobody approves under it what they wrote.
    """
    _ask(folder, as_json, change="removed", name=name, by=by)


@staff.command("unbind")
@click.argument("name")
@by_option
@data_option
@json_option
def staff_unbind(name: str, by: str, folder: Path, as_json: bool) -> None:
    """Hear somebody in the moderators' room no more by the account that they bound."""
    _ask(folder, as_json, change="unbound", name=name, by=by)


@staff.command("link")
@click.argument("name", required=False)
@by_option
@data_option
@json_option
def staff_link(name: str | None, by: str, folder: Path, as_json: bool) -> None:
    """Make a one-time link: for somebody who lost their password, or has not come in yet.

    Without NAME, and while there are no accounts, the link by which the first one is made.
    """
    _ask(folder, as_json, change="link", name=name, by=by)
