"""What a Matrix homeserver sends as to an application service: transactions, read as events.

Scope comes before everything else: of rooms that the operator did not name, that are encrypted or
for two, nothing is mapped, so nothing of them is kept, counted or logged; of the moderators' room
only what is said to Ombud is read. This module must never refuse a transaction for what a stranger
wrote into an event of it: the homeserver would send it again for ever, and nothing after.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from ombud import events
from ombud.access import PlatformKey
from ombud.config import MatrixConnector
from ombud.connectors import matrix_chat, matrix_direct, matrix_events
from ombud.connectors.matrix_asked import Posts
from ombud.connectors.matrix_chat import Word
from ombud.connectors.matrix_direct import Asking
from ombud.connectors.matrix_scope import Rooms
from ombud.errors import BadUse, OmbudError, catalogue
from ombud.web import logs
from ombud.web.batch import PIECE_EVENTS, Part, Pieces

catalogue(
    U482=(
        "The key {key} speaks for no Matrix homeserver, or for several.",
        (
            "Take the hs_token of the file that `ombud connect` wrote, and look at [matrix] in"
            " ombud.toml."
        ),
    ),
    U483=(
        "This is no transaction of a homeserver.",
        "Send what the Application Service API calls a transaction, in JSON.",
    ),
)


ASKINGS_MAX = 100  # of one transaction; whoever is left out can ask again


class _Transaction(msgspec.Struct):
    """What is read of a transaction."""

    events: list[Any]


class _Unread(msgspec.Struct):
    """The same, with events as they were written."""

    events: list[msgspec.Raw]


class Sent(NamedTuple):
    """A transaction: what of it is of the community, who of other rooms asks something, and what
    moderators say to Ombud.
    """

    events: list[Read]
    askings: list[Asking]
    words: list[Word]


class Read(NamedTuple):
    """An event as it came, what it is mapped to, and its path."""

    event: dict[str, Any]
    mapped: dict[str, Any]
    where: str


WEEK = 7 * 86_400_000  # in milliseconds
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
DEEPEST = 100  # levels; no event that says something has as many
# What nests, and strings: one that does not end reaches to the end, so that each byte is read once.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_transaction = msgspec.json.Decoder(_Transaction)
_unread = msgspec.json.Decoder(_Unread)


def homeserver(
    key: PlatformKey, matrix: Mapping[str, MatrixConnector]
) -> tuple[str, MatrixConnector]:
    """The homeserver that a key speaks for, with its name. Raises BadUse U482."""
    found = [(name, each) for name, each in matrix.items() if key.speaks_for(name)]
    if len(found) != 1:
        raise BadUse("U482", "Authorization", key=key.name)
    return found[0]


class Past:
    """What was said before a homeserver was connected: Synapse tells a new application service of
    everything there ever was, and none of that is to be judged.

    When something was said is believed of the homeserver's own people only. What others date before
    is taken as past in the first week, and until the homeserver has told of something new in that
    room: else whoever gives an old date would not be judged.
    """

    def __init__(self) -> None:
        self._over: set[tuple[str, str]] = set()  # rooms of which new things are told

    def holds(
        self, event: Mapping[str, Any], platform: str, told: MatrixConnector, now: int
    ) -> bool:
        """Whether an event of a room that was named is of the past; `now` in milliseconds."""
        said, place = event.get("origin_server_ts"), (platform, event["room_id"])
        if told.since is None or not isinstance(said, int):
            return False
        since = int(told.since.timestamp() * 1000)
        if matrix_events.server_of(str(event.get("sender"))) == told.server:
            if said >= since:
                self._over.add(place)
            return said < since
        return said < since and now < since + WEEK and place not in self._over


def read(
    content: bytes,
    platform: str,
    settings: MatrixConnector,
    seen: int,
    posts: Posts,
    past: Past,
    known: Rooms,
) -> Sent:
    """The events of a transaction that are of the community, in order, with what they are mapped
    to; of the others, who asks, and what moderators say to Ombud in their room. `posts`: what was
    posted before; `seen`: the instant it came in, in milliseconds; `known`: what the rooms are
    like. Raises BadUse U483, and U506 where it cannot be known whether they may be read.

    Best called with little on the stack: how deep an event may be nested depends on it, and what
    a homeserver could read shall be read here.
    """
    found: list[Read] = []
    askings: dict[Asking, None] = {}
    words: list[Word] = []
    for number, each in enumerate(_events(content)):
        if not isinstance(each, dict):
            continue
        try:
            if each.get("room_id") in settings.rooms:
                if known.admit(platform, settings, each) and not (
                    each.get("sender") == settings.account
                    or past.holds(each, platform, settings, seen)
                ):
                    mapped = posts.read(each, platform, settings.server, seen)
                    found += [Read(each, one, f"$.events[{number}]") for one in mapped]
            elif (word := matrix_chat.heard(each, settings)) is not None:
                words.append(word)
            elif (asks := matrix_direct.asking(each, settings)) is not None:
                askings[asks] = None
        except OmbudError:
            raise
        except Exception:  # noqa: BLE001 -- one event must cost none beside it, nor all to come
            logs.fault("an event could not be read", platform=platform)
    return Sent(found, list(askings)[:ASKINGS_MAX], words)


def _events(content: bytes) -> list[Any]:
    """The events of a transaction, None for one that cannot be read. Raises BadUse U483."""
    with suppress(*UNREADABLE):
        return _transaction.decode(content).events
    try:
        written = _unread.decode(_shallow(content)).events
    except UNREADABLE:
        raise BadUse("U483", "$") from None
    found: list[Any] = []
    for each in written:
        found.append(None)
        with suppress(*UNREADABLE):
            found[-1] = msgspec.json.decode(each)
    return found


def _shallow(content: bytes) -> bytes:
    """JSON with null in place of what is nested deeper than DEEPEST: whatever else can be read of
    it can be read then. What is no JSON stays none.
    """
    parts: list[bytes] = []
    depth = since = 0
    for token in _TOKEN.finditer(content):
        if token[0] in b"[{":
            depth += 1
            if depth == DEEPEST + 1:
                parts += (content[since : token.start()], b"null")
        elif token[0] in b"]}":
            depth -= 1
            if depth == DEEPEST:
                since = token.end()
    return b"".join((*parts, content[since:]))


def pieces(found: list[Read], asked_before: Callable[[dict[str, Any]], str | None]) -> Pieces:
    """The same, a few at a time. `asked_before` tells the id under which a join or an invitation
    was asked about before it came about, once.
    """
    for at in range(0, len(found), PIECE_EVENTS):
        parts: list[Part] = []
        for told, mapped, where in found[at : at + PIECE_EVENTS]:
            check = asked_before(told)
            if check is not None:
                mapped["data"]["check_id"] = check
            event = events.attempt(msgspec.json.encode(mapped))
            parts.append((event, msgspec.UNSET, where))
        yield parts
