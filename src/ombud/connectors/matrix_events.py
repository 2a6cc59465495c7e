"""How an event of Matrix reads as one of Ombud's: the one mapping, for what is asked and what is
read.

The Synapse module and the appservice hand over Matrix's own JSON, and both are read here: so an
event that was asked about before publication is recognised by what is said of it later. Whoever
calls this keeps to the rooms the operator named. This module must never raise on what a stranger
sent, never read more than it maps, and never take a remote server's word for when something
happened.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

ID_LENGTH_MAX = 255
TEXT_LENGTH_MAX = 65_536
NAME_LENGTH_MAX = 500
URL_LENGTH_MAX = 4096
TYPE_LENGTH_MAX = 127
LINKS_MAX = 256
MENTIONS_MAX = 256
TIME_MAX = 253_402_300_799_000  # the last instant of the year 9999, in milliseconds

POSTS = frozenset({"m.room.message", "m.sticker"})
_WITH_FILE = frozenset({"m.image", "m.file", "m.audio", "m.video"})
_ANCHOR = re.compile(r"<a\s", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")

Json = Mapping[str, Any]


def mapped(
    event: Json,
    platform: str,
    server: str,
    seen: int,
    *,
    created: int | None = None,
    name: str | None = None,
) -> dict[str, Any] | None:
    """One event of a room as Ombud takes it, ready for JSON; None for what is no business of its.

    `event` is an event in the format for clients, with its `event_id`. `platform` is what the
    operator calls the connection, `server` the name of the homeserver, `seen` the instant it came
    in, `created` when a local sender's account was made (both in milliseconds since 1970), `name`
    the sender's display name, where whoever calls knows them. What is encrypted is None.
    """
    id_, room, sender = (identifier(event.get(key)) for key in ("event_id", "room_id", "sender"))
    if id_ is None or room is None or sender is None:
        return None
    kind, content = event.get("type"), _record(event.get("content"))
    if kind in POSTS and "body" in content:
        type_, subject, data = _post(content, room, id_)
    elif kind == "m.room.redaction":
        gone = identifier(event.get("redacts")) or identifier(content.get("redacts"))
        if gone is None:
            return None
        type_, subject, data = "post.deleted", f"{room}/{gone}", {}
    elif kind == "m.room.member" and content.get("membership") == "join":
        member = _member(event, content, room, sender)
        if member is None:
            return None
        type_, subject, name = member
        data = {}
    else:
        return None
    local = server_of(sender) == server
    author = _author(sender, created if local else None, name)
    data = {"author": author, "room": {"id": room}, **data}
    if server_of(sender):
        data["server"] = {"id": server_of(sender)}
    found = {
        "specversion": "1.0",
        "id": id_,
        "source": f"{platform}/{room}",
        "type": type_,
        "time": instant(event.get("origin_server_ts") if local else seen, seen),
        "data": data,
    }
    named = subject is not None and len(subject) <= ID_LENGTH_MAX
    return {**found, "subject": subject} if named else found


def identifier(value: object) -> str | None:
    """An identifier, if it is one that Ombud takes."""
    good = isinstance(value, str) and 0 < len(value) <= ID_LENGTH_MAX and value.isprintable()
    return value if good and isinstance(value, str) else None


def server_of(user: str) -> str:
    """The server of a user's id: what stands behind its first colon."""
    return user.partition(":")[2]


def instant(milliseconds: object, otherwise: int) -> str:
    """An instant in RFC 3339; the other one where this is none."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int):
        milliseconds = otherwise
    if not 0 <= milliseconds <= TIME_MAX:
        milliseconds = otherwise
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03}Z"


# --- what a post says -----------------------------------------------------------------------------


def _post(content: Json, room: str, id_: str) -> tuple[str, str | None, dict[str, Any]]:
    relation = _record(content.get("m.relates_to"))
    if relation.get("rel_type") == "m.replace":
        first, new = identifier(relation.get("event_id")), content.get("m.new_content")
        if first is not None and isinstance(new, Mapping):
            return "post.edited", f"{room}/{first}", _said(new)
    data = _said(content)
    answered = identifier(_record(relation.get("m.in_reply_to")).get("event_id"))
    if answered is None and relation.get("rel_type") == "m.thread":
        answered = identifier(relation.get("event_id"))
    if answered is not None:
        data["in_reply_to"] = {"id": f"{room}/{answered}"[:ID_LENGTH_MAX]}
    return "post.created", f"{room}/{id_}", data


def _said(content: Json) -> dict[str, Any]:
    """Text, links, media and mentions of a message's content."""
    data: dict[str, Any] = {"text": _text(content.get("body"), TEXT_LENGTH_MAX)}
    formatted = content.get("formatted_body")
    links = list(_links(formatted[:TEXT_LENGTH_MAX])) if isinstance(formatted, str) else []
    if links:
        data["links"] = links
    if content.get("msgtype") in _WITH_FILE or ("msgtype" not in content and "url" in content):
        data["media"] = [_media(content)]
    named = _record(content.get("m.mentions")).get("user_ids")
    if isinstance(named, list):
        people = [each for each in map(identifier, named[:MENTIONS_MAX]) if each is not None]
        if people:
            data["mentions"] = [{"id": each} for each in dict.fromkeys(people)]
    return data


def _media(content: Json) -> dict[str, Any]:
    file = {
        "id": identifier(content.get("url")),
        "type": _text(_record(content.get("info")).get("mimetype"), TYPE_LENGTH_MAX) or None,
    }
    return {key: value for key, value in file.items() if value is not None}


def _links(formatted: str) -> Iterator[dict[str, str]]:
    """Links of a formatted body with what the reader is shown, in time linear in its length."""
    for piece in _ANCHOR.split(formatted)[1 : LINKS_MAX + 1]:
        head, _, rest = piece.partition(">")
        found = _HREF.search(head)
        if found is None:
            continue
        url = html.unescape(found[1] or found[2] or "").strip()
        shown = html.unescape(_TAG.sub("", rest.partition("</a")[0])).strip()
        if url and "matrix.to/#/" not in url:  # a mention, said elsewhere
            yield {"url": _text(url, URL_LENGTH_MAX), "shown": _text(shown, URL_LENGTH_MAX)}


# --- who ------------------------------------------------------------------------------------------


def _member(
    event: Json, content: Json, room: str, sender: str
) -> tuple[str, str | None, str | None] | None:
    """A join, or a change of a name or picture; None for what changes neither."""
    if event.get("state_key") != sender:
        return None
    unsigned = _record(event.get("unsigned"))
    before = _record(unsigned.get("prev_content") or event.get("prev_content"))
    name = content.get("displayname")
    shown = _text(name, NAME_LENGTH_MAX) if isinstance(name, str) else None
    if before.get("membership") != "join":
        return "member.joined", f"{room}/{sender}", shown
    same = all(before.get(key) == content.get(key) for key in ("displayname", "avatar_url"))
    return None if same else ("account.updated", None, shown)


def _author(sender: str, created: int | None, name: str | None) -> dict[str, Any]:
    author: dict[str, Any] = {"id": sender}
    if name:
        author["name"] = _text(name, NAME_LENGTH_MAX)
    if created is not None:
        author["created"] = instant(created, 0)
    return author


# --- in small -------------------------------------------------------------------------------------


def _record(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _text(value: object, most: int) -> str:
    """A text as it can be written; of what is none, nothing."""
    return value.encode("utf-8", "replace").decode()[:most] if isinstance(value, str) else ""
