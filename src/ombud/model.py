"""The record types that travel between the stages: frozen, typed, without behaviour of their own.

An event is what the wire says (`docs/reference/events.md`); bounds on every field stand in its
type, so that a too large or mistyped field is refused with its path. This module must never do any
work.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

# --- bounds: no size is unbounded (promise 8) -----------------------------------------------------

EVENT_BYTES_MAX = 1024 * 1024
TEXT_LENGTH_MAX = 65_536
LINKS_MAX = 256
MENTIONS_MAX = 256
MEDIA_MAX = 64

Id = Annotated[str, Meta(min_length=1, max_length=255)]
Name = Annotated[str, Meta(max_length=500)]
Url = Annotated[str, Meta(max_length=4096)]
Text = Annotated[str, Meta(max_length=TEXT_LENGTH_MAX)]
Lang = Annotated[str, Meta(max_length=35)]
Time = Annotated[datetime, Meta(tz=True)]


class Avatar(Struct, frozen=True, gc=False, omit_defaults=True):
    """A picture of an account, by its hashes: Ombud never fetches it."""

    pdq: Annotated[str, Meta(min_length=64, max_length=64, pattern=r"^[0-9a-f]+\Z")] | None = None
    quality: Annotated[int, Meta(ge=0, le=100)] | None = None
    sha256: Annotated[str, Meta(max_length=64)] | None = None


class Account(Struct, frozen=True, gc=False, omit_defaults=True):
    """Somebody on the platform, as the platform describes them."""

    id: Id
    name: Name | None = None
    created: Time | None = None
    lang: Lang | None = None
    roles: Annotated[tuple[Id, ...], Meta(max_length=32)] = ()
    avatar: Avatar | None = None


class Room(Struct, frozen=True, gc=False, omit_defaults=True):
    """Where it happened: a room, channel, thread or video."""

    id: Id
    name: Name | None = None


class Server(Struct, frozen=True, gc=False, omit_defaults=True):
    """The server an event came from, on platforms that federate."""

    id: Id
    created: Time | None = None


class Link(Struct, frozen=True, gc=False, omit_defaults=True):
    """A link: where it leads, and what the reader is shown."""

    url: Url
    shown: Url | None = None


class Media(Struct, frozen=True, gc=False, omit_defaults=True):
    """An attached file, by reference: Ombud never fetches it."""

    id: Id | None = None
    type: Annotated[str, Meta(max_length=127)] | None = None
    sha256: Annotated[str, Meta(max_length=64)] | None = None


class Reply(Struct, frozen=True, gc=False, omit_defaults=True):
    """The post that is answered, and by whom that post was."""

    id: Id
    author: Account | None = None


class Before(Struct, frozen=True, gc=False, omit_defaults=True):
    """What an edited post said before."""

    text: Text | None = None
    links: Annotated[tuple[Link, ...], Meta(max_length=LINKS_MAX)] | None = None
    time: Time | None = None


class Reported(Struct, frozen=True, gc=False, omit_defaults=True):
    """What a flag is about."""

    id: Id
    author: Account | None = None


class Data(Struct, frozen=True, gc=False, omit_defaults=True):
    """What happened, in fields. None means that the platform did not say."""

    author: Account | None = None
    text: Text | None = None
    room: Room | None = None
    server: Server | None = None
    in_reply_to: Reply | None = None
    mentions: Annotated[tuple[Account, ...], Meta(max_length=MENTIONS_MAX)] | None = None
    links: Annotated[tuple[Link, ...], Meta(max_length=LINKS_MAX)] | None = None
    media: Annotated[tuple[Media, ...], Meta(max_length=MEDIA_MAX)] | None = None
    before: Before | None = None
    reporter: Account | None = None
    reported: Reported | Id | None = None
    reason: Name | None = None
    check_id: Id | None = None


class Event(Struct, frozen=True, gc=False):
    """One event: a CloudEvents 1.0 envelope whose `data` is a `Data`.

    Nothing is omitted when it is written, so that its canonical form does not depend on what was
    left out.
    """

    id: Id
    source: Id
    type: Id
    time: Time
    specversion: Literal["1.0"] = "1.0"
    subject: Id | None = None
    data: Data = Data()


# --- kinds: what a rule is written `for` ----------------------------------------------------------

KIND_OF_TYPE: Mapping[str, str | None] = {
    "post.created": "post",  # "reply" where it answers another post
    "post.edited": "edit",
    "post.deleted": None,  # recorded, never judged by a rule
    "account.created": "registration",
    "account.updated": "profile",
    "member.joined": "join",
    "member.invited": "invite",
    "room.created": "room",
    "upload.created": "upload",
    "flag.created": "flag",
}
KINDS = (
    *("post", "reply", "edit", "registration", "profile", "join", "upload", "flag"),
    *("invite", "room"),
)

HARMS = (
    "spam",
    "scam",
    "impersonation",
    "harassment",
    "threats",
    "hate",
    "private-data",
    "malware",
    "flood",
    "form",  # no harm: structure that any reader can check
    "context",  # no harm: a source is shown beside a post, by a person
)

# The value of a fact for one event; None is "unknown".
Value = int | bool | str | tuple[str, ...] | None


# --- what is asked of a platform ------------------------------------------------------------------


Level = Literal["exact", "partial", "none"]  # how well an action can be undone
ONLY_BEFORE = "only before"  # partly, and it can be done only to what is not published yet

# What a homeserver can take back, and how well: the software says so, not the operator.
MATRIX_ACTIONS: Mapping[str, Level] = {
    "warn": "exact",
    "label": "exact",
    "context": "exact",
    "hold": "partial",
    "limit": "exact",
    "remove": "none",
    "require approval": "exact",
    "lock": "exact",
    "ban from room": "exact",
    "suspend": "exact",
}
# What is undone where it was done: in a room that nobody moderates any more it cannot be.
MATRIX_IN_ROOMS = frozenset({"label", "context", "require approval", "lock", "ban from room"})


class Capability(Struct, frozen=True, kw_only=True):
    """What a connector can do of one action, as it publishes it.

    `done` says when the platform can do it: before publication too, only after it, or not at all.
    `undo` says how well it can be taken back. `notice` says how the person is told.
    """

    done: Literal["before", "after", "cannot"]
    undo: Level
    notice: str


class Call(Struct, frozen=True, kw_only=True):
    """One thing to be sent to a platform: an action, its inverse, a notice, an answer to who
    flagged, or a call to the staff. `body` is JSON.

    `key` is stable: whoever gets the same key twice does it once. `memory` is what a connector had
    kept (`Outcome.memory`) by the last call of the same action on the same thing, or nothing.
    """

    key: str
    type: Literal["action", "notice", "answer", "summons"]
    body: bytes
    memory: str = ""


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a call.

    "delivered": the platform took it. "confirmed": it says that it is done. "sent": it waits where
    the person has not looked yet, an invitation for one (notices). "undeliverable": no channel
    reaches the person (notices). "retry": not now; `wait` seconds at least, where the platform
    says so; `unreached` where nothing is left but to reach the person: given up, that is
    undeliverable. "noted": nothing was done yet, and is once `memory` is kept. "refused": never,
    whatever is tried; `denied` where that is because whoever acts may not. `memory` is what an
    undoing needs to know of what stood before, and names nobody; None: as it was. `detail` is for
    the operator, at most 200 characters, printable, never a secret.
    """

    state: Literal["delivered", "confirmed", "sent", "undeliverable", "retry", "noted", "refused"]
    detail: str = ""
    wait: int | None = None
    unreached: bool = False
    denied: bool = False
    memory: str | None = None


class Connector(Protocol):
    """The way to one platform. `send` may block, for a bounded time, and never raises."""

    @property
    def capabilities(self) -> Mapping[str, Capability]:
        """By action; what is not listed cannot be done."""

    def send(self, call: Call, now: int) -> Outcome:
        """Send one call, signed as of the instant `now`, and say what became of it."""
