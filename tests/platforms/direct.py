"""What somebody sees of being told in a room of their own: the invitation, the room, the link."""

from __future__ import annotations

import itertools
import re
import urllib.request
from typing import Any
from urllib.parse import quote

from flow.served_platform import wait
from platforms.synapse import CLIENT, Person

LINK = re.compile(r"http://[^\s]+/(?:notice|statements)/[\w-]+")
_looks = itertools.count(1)  # Synapse gives the same answer to the same question for a while


def invitations(who: Person) -> dict[str, dict[str, Any]]:
    """The rooms somebody is invited to: of each the event that invites, as their client has it."""
    rooms = who.sync(seconds=next(_looks) / 1000).get("rooms", {}).get("invite", {})
    found = {}
    for room, told in rooms.items():
        for event in told["invite_state"]["events"]:
            if event["type"] == "m.room.member" and event["state_key"] == who.id:
                found[room] = event
    return found


def invited(who: Person) -> str:
    """The one room somebody is invited to, waited for."""
    wait(lambda: invitations(who), "no invitation")
    (room,) = invitations(who)
    return room


def chat(who: Person, account: str, **more: Any) -> str:
    """Start a chat with an account, as clients do."""
    asked = {"preset": "trusted_private_chat", "is_direct": True, "invite": [account], **more}
    return who.room(**asked)


def accept(who: Person, room: str, via: str) -> None:
    """Join a room one is invited to. Their server hears of the invitation a moment before the
    inviting one has noted it.
    """
    at = f"{CLIENT}/join/{quote(room)}?via={quote(via)}"
    wait(lambda: who.ask("POST", at, {}).status == 200, "cannot join")


def told(who: Person, room: str) -> list[str]:
    """What Ombud has said in a room, the oldest first."""
    return [
        str(each["content"]["body"])
        for each in reversed(who.messages(room))
        if each["type"] == "m.room.message" and each["sender"].startswith("@ombud:")
    ]


def link_of(text: str) -> str:
    """The link that stands in a message."""
    found = LINK.findall(text)
    assert len(found) == 1, text
    return str(found[0])


def page(link: str, lang: str = "en") -> str:
    """A page behind a link, as anybody's browser has it."""
    with urllib.request.urlopen(f"{link}?lang={lang}", timeout=30) as opened:  # noqa: S310
        return str(opened.read().decode())
