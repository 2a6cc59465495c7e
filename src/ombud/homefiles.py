"""The texts by which a Matrix homeserver is connected: the two files that Synapse reads, and the
rooms in its section of `ombud.toml`. Each is made, and changed by a room that comes or goes.

What an operator wrote beside it stays as it was, comments too. This module must never read or write
a file, and never give back a text that says more, or less, than what was asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from ombud.config import MatrixConnector
from ombud.errors import BadUse, catalogue

catalogue(
    U491=(
        "The rooms of {name} cannot be changed in ombud.toml by a command: {detail}.",
        "Change rooms in the section [matrix.{name}] by hand, then run `ombud connect reload`.",
    ),
)

APPSERVICE, MODULE = WRITTEN = "appservice", "module"  # the files, as their names end
MODULE_NAME = "ombud_synapse.Ombud"
NOTICES = {
    "system_mxid_localpart": "notices",
    "system_mxid_display_name": "Moderation",
    "room_name": "Notices",
    "auto_join": True,
}
EDITED_BYTES_MAX = 1 << 20  # of settings: what keeps comments reads slowly
LINE_MAX = 100  # columns; rooms that need more stand one to a line


def file_name(name: str, what: str) -> str:
    """What a file for Synapse is called."""
    return f"{name}-{what}.yaml"


def appservice(name: str, settings: MatrixConnector, reached: str, token: bytes, key: str) -> str:
    """The registration: which rooms the homeserver tells of, and by which tokens both are known."""
    told_of = (*settings.rooms, *filter(None, [settings.staff_room]))
    told = {
        "id": f"ombud-{name}",
        "url": reached,
        "as_token": token.hex(),
        "hs_token": key,
        "sender_localpart": settings.sender,
        "rate_limited": False,
        "namespaces": {"users": [], "aliases": [], "rooms": [told_room(each) for each in told_of]},
    }
    return "# For Synapse: name this file in app_service_config_files.\n" + _yaml(told)


def module(name: str, settings: MatrixConnector, reached: str, key: str) -> str:
    """What asks before something is published, for homeserver.yaml."""
    asking = {"url": reached, "key": key, "platform": name, "rooms": list(settings.rooms)}
    asking["bots"] = [settings.account, *settings.bots]
    told = {"modules": [{"module": MODULE_NAME, "config": asking}]}
    return "# For Synapse: into homeserver.yaml, or as a file of its own beside it.\n" + _yaml(told)


def told_room(room: str) -> dict[str, Any]:
    """A room as a registration names it: by a pattern that fits nothing else."""
    literally = "".join(each if each.isalnum() else f"\\{each}" for each in room)
    return {"exclusive": False, "regex": f"^{literally}$"}


def _yaml(told: Mapping[str, Any]) -> str:
    """As YAML, of which JSON is a part."""
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n"


# --- a room comes or goes -------------------------------------------------------------------------


def changed(
    what: str, text: str, name: str, room: str, in_use: Callable[[str], bool], *, add: bool
) -> str | None:
    """A file for Synapse with one room more or less; None where it is not as it was written here,
    and only whoever changed it can know where the room belongs, and where a token in it is in use
    no more: copied once again, it would end the connection.
    """
    head = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    try:
        told = msgspec.json.decode(text.removeprefix(head))
        places = _patterns(told) if what == APPSERVICE else _named(told, name)
        if not all(in_use(str(each)) for each in _tokens(what, told)):
            return None
    except (msgspec.DecodeError, RecursionError, LookupError, TypeError, AttributeError):
        return None
    entry = told_room(room) if what == APPSERVICE else room
    named = 0
    for place in places:
        others = [each for each in place if not _same(each, entry)]
        named += len(place) - len(others)
        if not add:
            place[:] = others
        elif len(others) == len(place):
            place.append(entry)
    # where a room stands in words of somebody's own, they alone can take it out
    return head + _yaml(told) if places and (add or named) else None


def _tokens(what: str, told: Mapping[str, Any]) -> list[Any]:
    if what == APPSERVICE:
        return [told["as_token"], told["hs_token"]]
    return [each["config"]["key"] for each in told["modules"] if each["module"] == MODULE_NAME]


def _patterns(told: Mapping[str, Any]) -> list[list[Any]]:
    return _lists([told["namespaces"]["rooms"]])


def _named(told: Mapping[str, Any], name: str) -> list[list[Any]]:
    configs = [each["config"] for each in told["modules"] if each["module"] == MODULE_NAME]
    return _lists(each["rooms"] for each in configs if each["platform"] == name)


def _lists(found: Iterable[Any]) -> list[list[Any]]:
    return [each for each in found if isinstance(each, list)]


def _same(one: Any, entry: Any) -> bool:
    if isinstance(entry, dict):
        return isinstance(one, dict) and one.get("regex") == entry["regex"]
    return bool(one == entry)


def settings(content: bytes, name: str, room: str, *, add: bool) -> bytes:
    """`ombud.toml` with one room more or less in a homeserver's section, all else to the letter as
    it was. Raises BadUse U491 where that cannot be done.
    """
    import tomlkit  # which no other command needs
    from tomlkit.exceptions import TOMLKitError

    if len(content) > EDITED_BYTES_MAX:
        raise _by_hand(name, f"it has more than {EDITED_BYTES_MAX} bytes")
    text = content.decode()
    wanted = tomllib.loads(text)
    rooms = wanted["matrix"][name]["rooms"]
    wanted["matrix"][name]["rooms"] = [*(e for e in rooms if e != room), *([room] if add else [])]
    try:
        document = tomlkit.parse(text)
        array: Any = document["matrix"][name]["rooms"]
        if add:
            array.append(room)
            if "\n" not in array.as_string() and len(array.as_string()) + 8 > LINE_MAX:
                array.multiline(True)
        else:
            while room in array:
                array.remove(room)
        after = tomlkit.dumps(document)
        found = tomllib.loads(after)
    except (TOMLKitError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise _by_hand(name, str(error)[:200]) from None
    if found != wanted:
        raise _by_hand(name, "it would not say what it should")
    return after.encode()


def _by_hand(name: str, detail: str) -> BadUse:
    return BadUse("U491", "ombud.toml", name=name, detail=detail.rstrip("."))
