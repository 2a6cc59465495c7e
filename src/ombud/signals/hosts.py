"""What a web address tells by its shape alone: bare IP addresses, letters in disguise, invitations.

- *punycode*: a host with letters that are not ASCII, as browsers send it (`xn--...`);
- *disguised*: a host whose letters pass for others: several scripts in one label, or letters of
  another script that all look Latin, under an ending in Latin letters. Latin letters with marks are
  never a disguise (`bücher.example`, `tiếngviệt.example`), nor is a label in one other script that
  nobody takes for Latin;
- *invitation*: an address by which one joins a room, group or server of Discord, Telegram,
  WhatsApp, Zalo, Matrix, Signal, Line, Viber, Skype, Slack, Messenger and a few more. A plain name
  (`t.me/name`) may be a person's and does not count.

This module must never follow an address.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from ombud.signals import links, views

if TYPE_CHECKING:
    from ombud.signals.links import Address

_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-f:.]+\]")
# Scripts that are written together, one language's worth.
_TOGETHER = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "LATIN"}),
    frozenset({"CJK", "HANGUL", "LATIN"}),
    frozenset({"CJK", "BOPOMOFO", "LATIN"}),
)
_CODE = r"[A-Za-z0-9_\-]{2,}"
# Of each site: what follows the host where the address invites.
_INVITES = {
    "discord.gg": rf"/{_CODE}",
    "discord.com": rf"/invite/{_CODE}",
    "discordapp.com": rf"/invite/{_CODE}",
    "dsc.gg": rf"/{_CODE}",
    "invite.gg": rf"/{_CODE}",
    "t.me": rf"/(?:joinchat/{_CODE}|\+(?=[0-9]*[A-Za-z_\-]){_CODE})",
    "telegram.me": rf"/(?:joinchat/{_CODE}|\+(?=[0-9]*[A-Za-z_\-]){_CODE})",
    "telegram.dog": rf"/(?:joinchat/{_CODE}|\+(?=[0-9]*[A-Za-z_\-]){_CODE})",
    "chat.whatsapp.com": rf"/(?:invite/)?{_CODE}",
    "zalo.me": rf"/g/{_CODE}",
    "matrix.to": r"/?#/(?:[#!]|%23|%21)[^/]+",
    "app.element.io": r"/?#/room/(?:[#!]|%23|%21)[^/]+",
    "signal.group": r"/?#.+",
    "line.me": rf"/(?:R/)?ti/g2?/{_CODE}",
    "invite.viber.com": r"/\?g2?=.+",
    "join.skype.com": rf"/{_CODE}",
    "join.slack.com": rf"/t/{_CODE}/shared_invite/.+",
    "m.me": rf"/j/{_CODE}",
    "open.kakao.com": rf"/o/{_CODE}",
    "vk.me": rf"/join/{_CODE}",
    "guilded.gg": rf"/i/{_CODE}",
    "rvlt.gg": rf"/{_CODE}",
}
_REST = {host: re.compile(rest) for host, rest in _INVITES.items()}


def is_ip(host: str) -> bool:
    """Whether a host is a bare IP address."""
    return _IP.fullmatch(host) is not None


def is_punycode(host: str) -> bool:
    """Whether a host has letters that are not ASCII."""
    return "xn--" in host and any(label.startswith("xn--") for label in host.split("."))


def invites(address: Address) -> bool:
    """Whether an address invites to a room, group or server."""
    host = address.host.removeprefix("www.")
    rest = _REST.get(host)
    if rest is None:
        return False
    _, _, after = address.url.partition(address.host)
    return rest.match(after) is not None


@functools.lru_cache(maxsize=16_384)
def is_disguised(host: str) -> bool:
    """Whether a host's letters pass for others."""
    if not is_punycode(host):
        return False
    *labels, ending = links.readable(host).split(".")
    return any(_disguised(label, latin=ending.isascii()) for label in labels)


def _disguised(label: str, *, latin: bool) -> bool:
    scripts = {_script(letter) for letter in label if letter.isalpha()}
    if scripts <= {"LATIN"}:
        return False
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        return True
    return latin and views.skeleton(label).isascii()


def _script(letter: str) -> str:
    """The script of a letter, which is how Unicode begins its name."""
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0]
