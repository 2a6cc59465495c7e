"""`ombud connect matrix`, `check` and `room`: a Matrix homeserver, what it lacks, and its rooms.

What has to be done at the homeserver is said step by step, since nothing here can do it. This
module must never print a token that stands in a file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

import click

from ombud.cli.show import (
    Group,
    by_option,
    data_option,
    json_option,
    limit_option,
    print_json,
    say,
    talk,
    told,
)

TOKEN_LENGTH_MAX = 4096
ETC = "/etc/matrix-synapse"  # where packages of Synapse keep homeserver.yaml


@click.command("matrix")
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
        service, module = map(Path, made["files"])
        _next(name, service, module, folder)


def _next(name: str, service: Path, module: Path, folder: Path) -> None:
    """What is still to be done, in order."""
    from ombud import homefiles

    talk("Both are for Synapse, and hold the tokens by which it and Ombud know each other: keep")
    talk("them private. Next:")
    talk(f"1. Copy {service.name} to where Synapse can read it, and add to homeserver.yaml:")
    talk("   app_service_config_files:")
    talk(f"     - {ETC}/{service.name}")
    talk("   server_notices:")
    for key, value in homefiles.NOTICES.items():
        talk(f"     {key}: {value if isinstance(value, str) else json.dumps(value)}")
    talk("2. To be asked before anything is published, install the module where Synapse runs:")
    talk("   pip install ./connectors-synapse")
    talk(f"   and take what stands in {module.name} over into homeserver.yaml.")
    talk("3. Restart Synapse.")
    talk("4. While Ombud runs, see what is missing, and then, as an admin of the homeserver, give")
    talk("   its account what it lacks (the token is read from standard input):")
    talk(f"   ombud connect check {name} --data {folder}")
    talk(f"   ombud connect check {name} --admin-token-file - --data {folder}")


@click.command("check")
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


# --- rooms ----------------------------------------------------------------------------------------


@click.group("room", cls=Group)
def connect_room() -> None:
    """The rooms of Matrix homeservers that are moderated."""


@connect_room.command("add")
@click.argument("name")
@click.argument("room")
@by_option
@data_option
@json_option
def room_add(name: str, room: str, by: str, folder: Path, as_json: bool) -> None:
    """Moderate one more room, by its id or alias, of the homeserver called NAME."""
    _change(folder, as_json, name=name, room=room, by=by, add=True)


@connect_room.command("remove")
@click.argument("name")
@click.argument("room")
@click.option(
    "--leave-in-force",
    "leave",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="So many decisions may stay in force there, also past their end: nobody can undo them.",
)
@by_option
@data_option
@json_option
def room_remove(name: str, room: str, leave: int, by: str, folder: Path, as_json: bool) -> None:
    """Moderate a room no more. Refused while something is in force there that could not be undone
    any more, unless it is said that so much stays.
    """
    _change(folder, as_json, name=name, room=room, by=by, add=False, leave=leave)


@connect_room.command("in-force")
@click.argument("name")
@click.argument("room")
@limit_option
@data_option
@json_option
def room_in_force(name: str, room: str, limit: int, folder: Path, as_json: bool) -> None:
    """What is in force in a room, by its id, and can be undone only while it is moderated."""
    from ombud import homerooms
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = homerooms.in_force(reader.store, name, room, limit)
        if as_json:
            print_json({"items": found})
        for each in found if not as_json else []:
            more = "  is being undone" if each["being_undone"] else ""
            say(f"{each['id']}  {each['time'][:19]}  {each['action']:<16} {each['clause']}{more}")


def _change(folder: Path, as_json: bool, **asked: Any) -> None:
    from ombud import session

    with told(as_json):
        done = session.request(folder, "room", **asked)
        if as_json:
            print_json(done)
            return
        say(done["room"])
        _for_synapse(done, folder, add=asked["add"])


def _for_synapse(done: dict[str, Any], folder: Path, *, add: bool) -> None:
    """What is still to be done, in order: Synapse reads copies."""
    name, verb = done["name"], "Add" if add else "Take out"
    (service, rewritten), (module, also) = (
        (Path(each["path"]), each["written"]) for each in done["files"]
    )
    talk(f"{'It is' if add else 'It is no more'} among the rooms of {name}. Next, for Synapse:")
    if rewritten:
        talk(f"1. {service} was written anew: copy it to where Synapse reads it.")
    else:
        talk(f"1. {verb} this in {service.name}, where Synapse reads it, below namespaces, rooms:")
        talk(f"   {json.dumps({'exclusive': False, 'regex': done['pattern']})}")
    talk(f"2. {verb} this in homeserver.yaml, below modules, in rooms of ombud_synapse.Ombud:")
    talk(f"   {json.dumps(done['room'])}")
    if also:
        talk(f"   ({module} was written anew, and says the same.)")
    talk("3. Restart Synapse.")
    talk(f"4. ombud connect check {name} --data {folder}")


@connect_room.command("list")
@data_option
@json_option
def room_list(folder: Path, as_json: bool) -> None:
    """The rooms that are moderated, of each homeserver."""
    from ombud import homerooms

    with told(as_json):
        found = homerooms.listing(folder)
        if as_json:
            print_json({"items": found})
        for each in found if not as_json else []:
            say(f"{each['name']:<20} {each['room']}")
