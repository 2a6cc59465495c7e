"""`ombud connect`: platforms and the keys of the programs that use the doors.

A key and a webhook's secret are printed once, when they are made. This module must never print one
that was made before: nobody has it any more.
"""

from __future__ import annotations

from pathlib import Path

import click

from ombud.cli.homeserver import connect_check, connect_matrix, connect_room
from ombud.cli.show import (
    Group,
    by_option,
    data_option,
    json_option,
    print_json,
    say,
    show_diagnostic,
    talk,
    told,
)

_IN_FORCE = "a new configuration is in force"
_AS_BEFORE = "read again: rules, clauses and lists are as they were"


@click.group(cls=Group)
def connect() -> None:
    """Platforms and the keys of the programs that use the doors."""


for _each in (connect_matrix, connect_check, connect_room):
    connect.add_command(_each)


@connect.command("http")
@click.argument("name")
@click.option("--url", required=True, help="Where webhooks are sent.")
@click.option("--allow", multiple=True, help="A private address or network it may reach.")
@by_option
@data_option
@json_option
def connect_http(
    name: str, url: str, allow: tuple[str, ...], by: str, folder: Path, as_json: bool
) -> None:
    """Connect a platform that takes signed webhooks. NAME is the first segment of its sources."""
    from ombud import session

    with told(as_json):
        made = session.begin(folder, "connect", name=name, url=url, allow=list(allow), by=by)
        if as_json:
            print_json(made)
            return
        say(f"key:    {made['key']}")
        say(f"secret: {made['secret']}")
        talk("Both are shown this once. The key opens /v1/events, /v1/check and the reports of")
        talk(f"{name}; webhooks to {url} are signed with the secret (docs/reference/webhooks.md).")


@connect.command("key")
@click.argument("name")
@click.option(
    "--source", "sources", multiple=True, required=True, help='A source, "forum" or "forum/*".'
)
@click.option("--kind", "kinds", multiple=True, help="Only this kind of event; else every kind.")
@click.option(
    "--door",
    "doors",
    multiple=True,
    type=click.Choice(["events", "check", "report"]),
    help="Only this door; else events and check. report: for a whole platform, --source forum/*.",
)
@by_option
@data_option
@json_option
def connect_key(
    name: str,
    sources: tuple[str, ...],
    kinds: tuple[str, ...],
    doors: tuple[str, ...],
    by: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Make a key for one more program, bound to sources, kinds and doors."""
    from ombud import session

    with told(as_json):
        wanted = {"sources": list(sources), "kinds": list(kinds), "doors": list(doors)}
        made = session.begin(folder, "key", name=name, by=by, **wanted)
        if as_json:
            print_json(made)
        else:
            say(f"key: {made['key']}")
            talk("It is shown this once.")


@connect.command("secret")
@click.argument("name")
@by_option
@data_option
@json_option
def connect_secret(name: str, by: str, folder: Path, as_json: bool) -> None:
    """Make a new secret for a platform's webhooks; an earlier one signs nothing any more."""
    from ombud import session

    with told(as_json):
        made = session.request(folder, "secret", name=name, by=by)
        if as_json:
            print_json(made)
        else:
            say(f"secret: {made['secret']}")
            talk("It is shown this once.")


@connect.command("list")
@data_option
@json_option
def connect_list(folder: Path, as_json: bool) -> None:
    """The platforms that are connected and the keys there are."""
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.connections()
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            state = "revoked" if each["revoked"] else "in use"
            say(f"{each['name']:<20} {state:<8} {', '.join(each['sources'])}")
            say(f"    doors {', '.join(each['doors'])}; kinds {', '.join(each['kinds']) or 'all'}")


@connect.command("revoke")
@click.argument("name")
@by_option
@data_option
@json_option
def connect_revoke(name: str, by: str, folder: Path, as_json: bool) -> None:
    """End a key: its program is turned away from this moment on."""
    from ombud import session

    with told(as_json):
        session.request(folder, "revoke", name=name, by=by)
        if as_json:
            print_json({"revoked": name})
        else:
            say(f"{name} is revoked")


@connect.command("reload")
@by_option
@data_option
@json_option
def connect_reload(by: str, folder: Path, as_json: bool) -> None:
    """Have a running server read ombud.toml, rules, policies and lists again."""
    from ombud import rulebook, session

    with told(as_json):
        changed = session.request(folder, "reload", by=by)
        for each in rulebook.not_read(folder):
            show_diagnostic(each)
        if as_json:
            print_json({"changed": changed})
        else:
            say(_IN_FORCE if changed else _AS_BEFORE)
