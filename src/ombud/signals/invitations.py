"""Which group, room or server an address invites to: the service and its code, whatever the host.

`discord.gg/abc`, `discord.com/invite/abc` and the same with a query are one invitation, and so are
`t.me/+abc` and `telegram.me/joinchat/abc`. Which addresses invite at all is told by `hosts`. Codes
are compared as they are written: to most services `Abc` and `abc` are two. A short link that leads
to an invitation is none here. This module must never follow an address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ombud.signals import hosts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ombud.signals.links import Address

_SERVICE = {  # hosts of one service, by the name under which they are one
    "discord.com": "discord.gg",
    "discordapp.com": "discord.gg",
    "telegram.me": "t.me",
    "telegram.dog": "t.me",
    "app.element.io": "matrix.to",
}
_ROOM = re.compile(r"[#/]([!#][^/?]+)")  # a Matrix room, whose address may name servers behind it
_LAST = re.compile(r"([^/?#=+&]+)[/=]*$")
_ESCAPED = re.compile(r"%([2-7][0-9A-Fa-f])")
_CODE_MAX = 200


def invitation(address: Address) -> str | None:
    """The service and the code of an invitation, with a space between; None for what is none."""
    if not hosts.invites(address):
        return None
    host = address.host.removeprefix("www.")
    service = _SERVICE.get(host, host)
    after = address.url.partition(address.host)[2]
    found = _ROOM.search(_plain(after)) if service == "matrix.to" else _LAST.search(_bare(after))
    return f"{service} {found.group(1)[:_CODE_MAX]}" if found is not None else None


def invitations(addresses: Iterable[Address]) -> tuple[str, ...]:
    """The distinct invitations among addresses, in order."""
    found = (invitation(each) for each in addresses)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _bare(after: str) -> str:
    """What stands behind the host, without what does not choose the group."""
    path, mark, rest = after.partition("?")
    if mark and not path.strip("/"):  # the code is in the query: Viber
        return rest.partition("&")[0].partition("#")[0]
    path, mark, rest = path.partition("#")
    return rest if mark and not path.strip("/") else path  # the code is in the fragment: Signal


def _plain(after: str) -> str:
    """An address with its escaped ASCII letters and signs as they are meant."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), after)
