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
POLLS = frozenset({"m.poll.start", "org.matrix.msc3381.poll.start"})
MEMBER, CREATE = "m.room.member", "m.room.create"
BEFORE = frozenset({MEMBER, CREATE})  # Synapse asks of these before they have an id
SIGNS = {"m.room.name": "name", "m.room.topic": "topic"}  # what stands over a room, by its field
ANSWERS_MAX = 50  # of a poll
_WITH_FILE = frozenset({"m.image", "m.file", "m.audio", "m.video"})
_ANCHOR = re.compile(r"<a\s", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/li|/div|/h[1-6])[^<>]*>", re.IGNORECASE)
_QUOTED = re.compile(r"<mx-reply>[^<]*(?:<(?!/mx-reply>)[^<]*)*</mx-reply>", re.IGNORECASE)
_DIGEST = re.compile(r"[0-9a-f]{64}")
HTML = "org.matrix.custom.html"
_REPEATED = re.compile(r"\A> <@[^\n]*\n(?:>[^\n]*\n)*\n?")  # what is answered, once more
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
    digests: Mapping[str, str] | None = None,
    asked: str | None = None,
) -> dict[str, Any] | None:
    """One event of a room as Ombud takes it, ready for JSON; None for what is no business of its.

    `event` is an event in the format for clients, with its `event_id`. `platform` is what the
    operator calls the connection, `server` the name of the homeserver, `seen` the instant it came
    in, `created` when a local sender's account was made (both in milliseconds since 1970), `name`
    the sender's display name, where whoever calls knows them, `digests` the SHA-256 of files by
    their URI. `asked` stands for the id of a join, an invitation or a room that has not come about
    yet. What is encrypted is None.
    """
    sender, room = identifier(event.get("sender")), identifier(event.get("room_id"))
    local = sender is not None and server_of(sender) == server
    new = asked if event.get("type") in BEFORE else None
    id_ = identifier(event.get("event_id")) or new
    if sender is None or id_ is None:
        return None
    found = _happened(event, room, sender, id_, digests or {})
    if found is None:
        return None
    type_, subject, shown, data = found
    author = _author(sender, created if local else None, shown or name)
    whole = {
        "specversion": "1.0",
        "id": id_,
        "source": f"{platform}/{room or server}",
        "type": type_,
        "time": instant(event.get("origin_server_ts") if local else seen, seen),
        "data": {"author": author, **_place(room), **_from(sender), **data},
    }
    named = subject is not None and len(subject) <= ID_LENGTH_MAX
    return {**whole, "subject": subject} if named else whole


# What happened: type, subject, the author's new name, and the rest.
Happened = tuple[str, str | None, str | None, dict[str, Any]]


def _happened(
    event: Json, room: str | None, sender: str, id_: str, digests: Mapping[str, str]
) -> Happened | None:
    kind, content = event.get("type"), _record(event.get("content"))
    if kind == CREATE and "event_id" not in event:
        return "room.created", None, None, {"text": _signs(content)}
    if room is None:
        return None
    said = _spoken(kind, content)
    if said is not None:
        type_, subject, data = _post(said, room, id_)
        _add(data, digests)
        return type_, subject, None, data
    if kind == "m.room.redaction":
        gone = identifier(event.get("redacts")) or identifier(content.get("redacts"))
        return None if gone is None else ("post.deleted", f"{room}/{gone}", None, {})
    guest, wanted = identifier(event.get("state_key")), content.get("membership")
    if kind == MEMBER and wanted == "join":
        return _member(event, content, room, sender)
    if kind == MEMBER and wanted == "invite" and guest is not None:
        return "member.invited", f"{room}/{guest}", None, {"mentions": [{"id": guest}]}
    return None


def _signs(content: Json) -> str:
    """Alias, name and topic of a room that somebody wants to make."""
    fields = ("room_alias_name", *SIGNS.values())
    said = (_text(content.get(key), TEXT_LENGTH_MAX) for key in fields)
    return "\n".join(filter(None, said))[:TEXT_LENGTH_MAX]


def membership(event: Json) -> tuple[str, str, str] | None:
    """What a join or an invitation is known by before it has an id and after: room, whom, and which
    of the two; None for everything else.
    """
    wanted = _record(event.get("content")).get("membership")
    room, whom = identifier(event.get("room_id")), identifier(event.get("state_key"))
    if event.get("type") != MEMBER or wanted not in ("join", "invite") or not room or not whom:
        return None
    return room, whom, wanted


def _place(room: str | None) -> dict[str, Any]:
    return {} if room is None else {"room": {"id": room}}


def _from(sender: str) -> dict[str, Any]:
    return {"server": {"id": server_of(sender)}} if server_of(sender) else {}


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


def _spoken(kind: object, content: Json) -> Json | None:
    """What somebody says in a room, as the content of a message; None where they say nothing."""
    if kind in POSTS and "body" in content:
        return content
    if kind in POLLS:
        poll = _record(content.get("m.poll") or content.get("org.matrix.msc3381.poll.start"))
        answers = poll.get("answers")
        asked = [poll.get("question"), *(answers if isinstance(answers, list) else [])]
        return {**content, "body": "\n".join(filter(None, map(_extensible, asked[:ANSWERS_MAX])))}
    sign = SIGNS.get(kind) if isinstance(kind, str) else None
    return None if sign is None or not content.get(sign) else {"body": content[sign]}


def _extensible(value: object) -> str:
    """The plain text of an extensible event's part, in its stable form or an older one."""
    part = _record(value)
    texts = part.get("m.text")
    for each in texts if isinstance(texts, list) else ():
        if _record(each).get("mimetype", "text/plain") == "text/plain":
            return _text(_record(each).get("body"), TEXT_LENGTH_MAX)
    for key in ("org.matrix.msc1767.text", "body"):
        if isinstance(part.get(key), str):
            return _text(part[key], TEXT_LENGTH_MAX)
    return ""


def _post(content: Json, room: str, id_: str) -> tuple[str, str | None, dict[str, Any]]:
    relation = _record(content.get("m.relates_to"))
    if relation.get("rel_type") == "m.replace":
        first, new = identifier(relation.get("event_id")), content.get("m.new_content")
        if first is not None and isinstance(new, Mapping):
            return "post.edited", f"{room}/{first}", _said(new)
    answered = identifier(_record(relation.get("m.in_reply_to")).get("event_id"))
    if answered is not None and isinstance(content.get("body"), str):
        content = {**content, "body": _REPEATED.sub("", content["body"], count=1)}
    data = _said(content)
    if answered is None and relation.get("rel_type") == "m.thread":
        answered = identifier(relation.get("event_id"))
    if answered is not None:
        data["in_reply_to"] = {"id": f"{room}/{answered}"[:ID_LENGTH_MAX]}
    return "post.created", f"{room}/{id_}", data


def _said(content: Json) -> dict[str, Any]:
    """Text, links, media and mentions of a message's content."""
    formatted = content.get("formatted_body")
    formatted = formatted[:TEXT_LENGTH_MAX] if isinstance(formatted, str) else ""
    data: dict[str, Any] = {"text": _whole(content, formatted)}
    links = list(_links(formatted))
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


def _whole(content: Json, formatted: str) -> str:
    """What is read: the plain text, and the formatted one below it where that says otherwise. Most
    people are shown the formatted one, so what stands only there must not go unseen.
    """
    body = _text(content.get("body"), TEXT_LENGTH_MAX)
    if not formatted or content.get("format", HTML) != HTML:
        return body
    shown = html.unescape(_TAG.sub("", _BREAK.sub("\n", _QUOTED.sub("", formatted)))).strip()
    if _letters(shown) in _letters(body):
        return body
    return _text(f"{body}\n{shown}", TEXT_LENGTH_MAX)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _add(data: dict[str, Any], digests: Mapping[str, str]) -> None:
    """The digests of the files that a post shows, where they are known."""
    for file in data.get("media", ()):
        digest = digests.get(file.get("id", ""))
        if isinstance(digest, str) and _DIGEST.fullmatch(digest):
            file["sha256"] = digest


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


def _member(event: Json, content: Json, room: str, sender: str) -> Happened | None:
    """A join, or a change of a name or picture; None for what changes neither."""
    if event.get("state_key") != sender:
        return None
    unsigned = _record(event.get("unsigned"))
    before = _record(unsigned.get("prev_content") or event.get("prev_content"))
    name = content.get("displayname")
    shown = _text(name, NAME_LENGTH_MAX) if isinstance(name, str) else None
    if before.get("membership") != "join":
        return "member.joined", f"{room}/{sender}", shown, {}
    same = all(before.get(key) == content.get(key) for key in ("displayname", "avatar_url"))
    return None if same else ("account.updated", None, shown, {})


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
