"""What the module for Synapse asks before publication, read as an event of Ombud's.

A join or an invitation has no id yet when Synapse asks. It gets one here, which is remembered until
the event comes by itself: that is then the publication of what was asked about, and counted once.
What is remembered is lost with the process, and then counted twice. This module must never believe
another server about when something happened, or since when its people are there.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from ombud import clock, events, ids
from ombud.config import MatrixConnector
from ombud.connectors import matrix_content, matrix_events
from ombud.errors import BadEvent, BadUse, catalogue
from ombud.model import EVENT_BYTES_MAX, Event, Id

catalogue(
    U473=(
        "The section [matrix.{platform}] of ombud.toml does not name this room.",
        "Name the same rooms there and in the module's settings.",
    ),
)

REMEMBERED_MAX = 10_000
DIGESTS_MAX = 64
MILLISECOND = 1000


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question of the module: an event of Matrix, in the format for clients, and what Synapse
    knows besides. `event_id` is missing where there is none yet.
    """

    platform: Id
    event: dict[str, Any]
    created: Annotated[int, Meta(ge=0, le=matrix_events.TIME_MAX)] | None = None
    name: str | None = None  # of any length, as somebody's state has it: it is cut
    media: Annotated[Mapping[str, str], Meta(max_length=DIGESTS_MAX)] = {}


_decoder = msgspec.json.Decoder(Asked)
Key = tuple[str, str, str, str]  # platform, room, whom, and join or invite


class Posts:
    """What was posted last, and by whom, as digests: so it is known whether a reply repeats what it
    answers, and whether an edit is of the author's own. May be used by several threads.
    """

    def __init__(self, most: int = REMEMBERED_MAX) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._said: OrderedDict[bytes, None] = OrderedDict()
        self._by: OrderedDict[bytes, bytes] = OrderedDict()

    def remember(self, mapped: Mapping[str, Any]) -> None:
        """A post or an edit that came about, as it was mapped."""
        subject, text = mapped.get("subject"), mapped["data"].get("text")
        if subject is None or text is None:
            return
        with self._lock:
            self._said[_digest(subject, matrix_content.flat(text))] = None
            if mapped.get("type") == "post.created":
                self._by[_digest(subject, "")] = _digest(mapped["data"]["author"]["id"], "")
            for kept in (self._said, self._by):
                while len(kept) > self._most:
                    kept.popitem(last=False)

    def read(
        self, event: Mapping[str, Any], platform: str, server: str, seen: int
    ) -> Iterator[dict[str, Any]]:
        """What an event that has come about is mapped to, which is then among what was posted; of a
        redaction with a reason both. Nothing where it is no business of Ombud's.
        """
        for one in filter(None, (event, matrix_events.without_reason(event))):
            mapped = matrix_events.mapped(
                one, platform, server, seen, repeats=self.say, others=self.of_another
            )
            if mapped is not None:
                self.remember(mapped)
                yield mapped

    def say(self, subject: str, text: str) -> bool:
        """Whether the post with this subject said this, apart from white space."""
        return _digest(subject, text) in self._said

    def of_another(self, subject: str, account: str) -> bool:
        """Whether the post with this subject is known, and as somebody else's."""
        author = self._by.get(_digest(subject, ""))
        return author is not None and author != _digest(account, "")


def _digest(subject: str, text: str) -> bytes:
    whole = f"{subject}\n{text}".encode("utf-8", "replace")
    return hashlib.sha256(whole).digest()


class Memory:
    """The ids under which joins and invitations were asked about last. May be used by several
    threads.
    """

    def __init__(self, most: int = REMEMBERED_MAX) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._ids: OrderedDict[Key, tuple[str, str]] = (
            OrderedDict()
        )  # and which event came about so
        self.posts = Posts(most)

    def read(self, content: bytes, named: Mapping[str, MatrixConnector]) -> Event | None:
        """The event that is asked about; None where it is no business of Ombud's. `named` are the
        homeservers of the settings, by platform. Raises BadEvent for what cannot be read, BadUse
        U473 for a room that they do not name.
        """
        if len(content) > EVENT_BYTES_MAX:
            raise BadEvent("E003", "$", size=len(content), limit=EVENT_BYTES_MAX)
        try:
            asked = _decoder.decode(content)
        except msgspec.ValidationError as error:
            raise BadEvent("E002", "$", detail=_plain(error)) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadEvent("E001", "$", detail=_plain(error)) from None
        _in_scope(asked, named)
        server = named.get(asked.platform)
        if server is not None and asked.event.get("sender") == server.account:
            return None  # what is said in the community's own name
        made = ids.new_id("asked")
        found = matrix_events.mapped(
            asked.event,
            asked.platform,
            _server(asked, named),
            clock.now() // MILLISECOND,
            created=asked.created,
            name=asked.name,
            digests=asked.media,
            asked=made,
            repeats=self.posts.say,
            others=self.posts.of_another,
        )
        if found is None:
            return None
        event = events.decode(msgspec.json.encode(found))
        key = self._key(asked.platform, asked.event)
        if key is not None and event.id == made:
            with self._lock:
                self._ids[key] = (made, "")
                self._ids.move_to_end(key)
                while len(self._ids) > self._most:
                    self._ids.popitem(last=False)
        return event

    def asked_before(self, platform: str, event: Mapping[str, Any]) -> str | None:
        """The id under which a join or an invitation that has come about was asked about: for one
        event, as often as that one comes, since it may not have been kept the first time.
        """
        key, event_id = self._key(platform, event), str(event.get("event_id"))
        if key is None:
            return None
        with self._lock:
            id_, came = self._ids.get(key, ("", ""))
            if not id_ or came not in ("", event_id):
                return None
            self._ids[key] = (id_, event_id)
            return id_

    def _key(self, platform: str, event: Mapping[str, Any]) -> Key | None:
        told = matrix_events.membership(event)
        return None if told is None else (platform, *told)


def _in_scope(asked: Asked, named: Mapping[str, MatrixConnector]) -> None:
    """Both sides name the rooms: what only one of them names is a slip of the operator's, and must
    not look like a check that lets everything pass.
    """
    server, room = named.get(asked.platform), asked.event.get("room_id")
    if server is not None and room is not None and room not in server.rooms:
        raise BadUse("U473", "$.event.room_id", platform=asked.platform)


def _server(asked: Asked, named: Mapping[str, MatrixConnector]) -> str:
    """The homeserver that asks; without a section in the settings, that of whoever did it."""
    found = named.get(asked.platform)
    return (
        matrix_events.server_of(str(asked.event.get("sender"))) if found is None else found.server
    )


def _plain(error: Exception) -> str:
    return "".join(filter(str.isprintable, str(error)[:200])).rstrip(".")
