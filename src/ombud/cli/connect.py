"""`ombud connect`: platforms and the keys of the programs that use the doors.

A key and a webhook's secret are printed once, when they are made. This module must never print one
that was made before: nobody has it any more.
"""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

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

TOKEN_LENGTH_MAX = 4096
_IN_FORCE = "a new configuration is in force"
_AS_BEFORE = "read again: rules, clauses and lists are as they were"


@click.group(cls=Group)
def connect() -> None:
    """Platforms and the keys of the programs that use the doors."""


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


@connect.command("matrix")
@click.argument("name")
@click.option("--url", required=True, help="Where the homeserver is reached, without a path.")
@click.option("--server", required=True, help="Its name: what ends its users' ids.")
@click.option(
    "--room", "rooms", multiple=True, required=True, help="A room to moderate, by id or alias."
)
@click.option("--sender", help="The local name of the account that acts; else ombud.")
@click.option("--staff-room", help="A room in which moderators are called, by id.")
@click.option("--ombud-url", help="Where the homeserver reaches Ombud; else where it listens.")
@click.option("--allow", multiple=True, help="A private address or network it may reach.")
@by_option
@data_option
@json_option
def connect_matrix(
    name: str,
    rooms: tuple[str, ...],
    allow: tuple[str, ...],
    by: str,
    folder: Path,
    as_json: bool,
    **given: str | None,
) -> None:
    """Connect a Matrix homeserver. NAME is the first segment of its sources."""
    from ombud import session

    with told(as_json):
        asked = {"rooms": list(rooms), "allow": list(allow), **given}
        made = session.begin(folder, "homeserver", name=name, by=by, **asked)
        if as_json:
            print_json(made)
            return
        for path in made["files"]:
            say(path)
        talk("Both are for Synapse, and hold the tokens by which it and Ombud know each other:")
        talk("name the first one in app_service_config_files of homeserver.yaml, take what stands")
        talk("in the second one over into it, and restart Synapse. Then, while Ombud runs:")
        talk(f"ombud connect check {name}")


@connect.command("check")
@click.argument("name")
@click.option(
    "--admin-token-file",
    "admin",
    type=click.File(),
    help="An admin's access token, in a file or from standard input (-): the account is given"
    " what it lacks.",
)
@data_option
@json_option
def connect_check(name: str, admin: TextIO | None, folder: Path, as_json: bool) -> None:
    """Look whether a Matrix homeserver can be read and acted on; exits 1 where something lacks."""
    from ombud import homecheck
    from ombud.reading import reading

    with told(as_json):
        with reading(folder) as reader:
            token = "" if admin is None else admin.read(TOKEN_LENGTH_MAX).strip()
            found = homecheck.check(folder, reader.keys, name, admin=token)
        if as_json:
            told_of = [{"what": each.what, "lacks": each.as_json()} for each in found]
            print_json({"items": told_of})
        for each in found if not as_json else []:
            say(f"{'there' if each.lack is None else 'lacks'}  {each.what}")
            if each.lack is not None:
                say(f"       {each.lack.code} {each.lack.message}")
                say(f"       {each.lack.hint}")
        if any(each.lack is not None for each in found):
            raise SystemExit(1)


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
