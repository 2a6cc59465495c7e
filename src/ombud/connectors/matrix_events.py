"""How an event of Matrix reads as one of Ombud's: the one mapping, for what is asked and what is
read.

The Synapse module and the appservice hand over Matrix's own JSON, and both are read here: so an
event that was asked about before publication is recognised by what is said of it later. Whoever
calls this keeps to the rooms the operator named. This module must never raise on what a stranger
sent, never read more than it maps, and never take a remote server's word for when something
happened.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import unquote

from ombud.connectors.matrix_content import TEXT_LENGTH_MAX, TOPIC_FORMS, Said, said

ID_LENGTH_MAX = 255
SERVER_LENGTH_MAX = 200
NAME_LENGTH_MAX = 500
TYPE_LENGTH_MAX = 127
MENTIONS_MAX = 256
TIME_MAX = 253_402_300_799_000  # the last instant of the year 9999, in milliseconds

POSTS = frozenset({"m.room.message", "m.sticker"})
_POLL = "org.matrix.msc3381.poll"
POLLS = frozenset({"m.poll.start", "m.poll.end", f"{_POLL}.start", f"{_POLL}.end"})
MEMBER, CREATE, REDACTION = "m.room.member", "m.room.create", "m.room.redaction"
REACTION, PICTURE = "m.reaction", "m.room.avatar"
GONE = ("leave", "ban", "knock")  # memberships that nobody is asked about before
SHORTCODES = ("shortcode", "com.beeper.reaction.shortcode")  # the name of a picture that reacts
BEFORE = frozenset({MEMBER, CREATE})  # Synapse asks of these before they have an id
SIGNS = {"m.room.name": "name", "m.room.topic": "topic"}  # what stands over a room, by its field
_WITH_FILE = frozenset({"m.image", "m.file", "m.audio", "m.video"})
_MENTIONED = re.compile(r"https?://matrix\.to/#/([^\s\\/?]+)[^\s\\]*", re.IGNORECASE)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HASH_LENGTH = 32
# Letters in circles, squares and brackets, and those that flags are made of: no alphabet has them.
_SHAPED = re.compile("[\u2460-\u24ff\U0001f100-\U0001f189\U0001f1e6-\U0001f1ff]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_KEYCAP = re.compile("[0-9]\ufe0f?\u20e3|\u2139\ufe0f?")

Json = Mapping[str, Any]
Repeats = Callable[[str, str], bool]  # whether the post with a subject says a text
Others = Callable[[str, str], bool]  # whether the post with a subject is of another account


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
    repeats: Repeats | None = None,
    others: Others | None = None,
) -> dict[str, Any] | None:
    """One event of a room as Ombud takes it, ready for JSON; None for what is no business of its.

    `event` is an event in the format for clients, with its `event_id`. `platform` is what the
    operator calls the connection, `server` the name of the homeserver, `seen` the instant it came
    in, `created` when a local sender's account was made (both in milliseconds since 1970), `name`
    the sender's display name, where whoever calls knows them, `digests` the SHA-256 of files by
    their URI. `asked` stands for the id of a join, an invitation or a room that has not come about
    yet. `repeats` tells whether a text is that of an earlier post, `others` whether a
    post is known as somebody else's: nobody edits that, so what is called its edit is a post of its
    own. What is encrypted is None.
    """
    sender, room = known_by(event.get("sender")), known_by(event.get("room_id"))
    local = sender is not None and server_of(sender) == server
    kind = event.get("type")
    if sender is None or not isinstance(kind, str):
        return None
    id_ = known_by(event.get("event_id")) or (asked if kind in BEFORE else None)
    if id_ is None:
        return None
    found = _happened(event, room, sender, id_, digests or {}, repeats)
    if found is None:
        return None
    type_, subject, shown, data = found
    if type_ == "post.edited" and subject and others and others(subject, sender):
        type_, subject = "post.created", f"{room}/{id_}"
    links = [each for each in data.pop("links", ()) if not _is_home(each["url"], room, server)]
    if links:
        data["links"] = links
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
    event: Json,
    room: str | None,
    sender: str,
    id_: str,
    digests: Mapping[str, str],
    repeats: Repeats | None,
) -> Happened | None:
    kind, content = event.get("type"), _record(event.get("content"))
    if kind == CREATE and "event_id" not in event:
        return "room.created", None, None, {"text": _signs(content)}
    if room is None:
        return None
    spoken = _spoken(kind, content)
    if spoken is not None:
        post = _post(spoken, room, id_, repeats)
        if post is None:
            return None
        type_, subject, data = post
        _add(data, digests)
        return type_, subject, None, data
    if kind == REDACTION:
        return _redacted(event, content, room, id_)
    guest, wanted = known_by(event.get("state_key")), content.get("membership")
    if kind == MEMBER and wanted == "join":
        return _member(event, content, room, sender)
    if kind == MEMBER and wanted == "invite" and guest is not None:
        data = {"mentions": [{"id": guest}], **_reason(content)}
        return "member.invited", f"{room}/{guest}", None, data
    if kind == MEMBER and wanted in GONE and (why := _reason(content)):
        named = {} if guest in (None, sender) else {"mentions": [{"id": guest}]}
        return "post.created", f"{room}/{id_}", None, {**why, **named}
    return None


def _redacted(event: Json, content: Json, room: str, id_: str) -> Happened | None:
    """That something was taken away; where a reason is told, what that says, as an answer to it."""
    gone = known_by(event.get("redacts")) or known_by(content.get("redacts"))
    if gone is None:
        return None
    why = _reason(content)
    if not why:
        return "post.deleted", f"{room}/{gone}", None, {}
    answered = {"in_reply_to": {"id": f"{room}/{gone}"[:ID_LENGTH_MAX]}}
    return "post.created", f"{room}/{id_}", None, {**why, **answered}


def without_reason(event: Json) -> Json | None:
    """The same redaction without the reason that stands as a post of its own, under an id of its
    own; None for every other event.
    """
    if event.get("type") != REDACTION:
        return None
    content, id_ = _record(event.get("content")), known_by(event.get("event_id"))
    if id_ is None or not _reason(content):
        return None
    bare = {key: content[key] for key in content if key != "reason"}
    return {**event, "content": bare, "event_id": f"{id_}/gone"}


def _signs(content: Json) -> str:
    """Alias, name and topic of a room that somebody wants to make."""
    fields = ("room_alias_name", *SIGNS.values())
    texts = (_text(content.get(key), TEXT_LENGTH_MAX) for key in fields)
    return "\n".join(filter(None, texts))[:TEXT_LENGTH_MAX]


def membership(event: Json) -> tuple[str, str, str] | None:
    """What a join or an invitation is known by before it has an id and after: room, whom, and which
    of the two; None for everything else.
    """
    wanted = _record(event.get("content")).get("membership")
    room, whom = known_by(event.get("room_id")), known_by(event.get("state_key"))
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


def known_by(value: object) -> str | None:
    """What somebody or something is known by: its identifier; for one that Ombud does not take, a
    stand-in that is always the same, keeps the server, and is nobody's on Matrix.
    """
    if not isinstance(value, str) or not value or identifier(value) is not None:
        return identifier(value)
    digest = hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:_HASH_LENGTH]
    server = server_of(value)
    kept = server if len(server) < SERVER_LENGTH_MAX and server.isprintable() else ""
    return f"unreadable/{digest}" + (f":{kept}" if kept else "")


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


def _is_home(url: str, room: str | None, server: str) -> bool:
    """Whether a link leads to the same room, or to one of this homeserver."""
    found = _MENTIONED.fullmatch(url)
    target = unquote(found[1]) if found else ""
    return bool(target) and (target == room or server_of(target) == server)


# --- what a post says -----------------------------------------------------------------------------


def _spoken(kind: object, content: Json) -> Json | None:
    """What somebody says in a room, as the content of a message; None where they say nothing."""
    if kind in POSTS or kind in POLLS:
        return content
    if kind == PICTURE:
        return {key: content[key] for key in ("url", "info") if key in content}
    if kind == REACTION:
        return _reacted(content)
    sign = SIGNS.get(kind) if isinstance(kind, str) else None
    if sign is None:
        return None
    return {"body": content.get(sign), **{key: content.get(key) for key in TOPIC_FORMS}}


def _reacted(content: Json) -> Json | None:
    """What a reaction says, as the content of an answer: words, or a picture with its name. Signs
    alone say nothing: hundreds of people send the same.
    """
    relation = _record(content.get("m.relates_to"))
    key, about = relation.get("key"), relation.get("event_id")
    answers = {"m.relates_to": {"m.in_reply_to": {"event_id": about}}}
    if not isinstance(key, str):
        return None
    if key.startswith("mxc://"):
        named = "\n".join(_text(content.get(each), NAME_LENGTH_MAX) for each in SHORTCODES).strip()
        return {"url": key, **({"body": named} if named else {}), **answers}
    return {"body": key, **answers} if worded(key) else None


def worded(key: str) -> bool:
    """Whether a reaction says something in letters, in whatever shape. One letter in a circle or a
    square is a sign, and so are keycaps and a flag. The module asks before publication by the same.
    """
    bare = _KEYCAP.sub("", key)
    shaped = len(_SHAPED.findall(bare)) > 1 and _FLAG.fullmatch(bare) is None
    return shaped or any(map(str.isalnum, bare))


def _post(
    content: Json, room: str, id_: str, repeats: Repeats | None
) -> tuple[str, str | None, dict[str, Any]] | None:
    """A post or an edit; None for what shows nothing: so comes what was taken away since."""
    relation = _record(content.get("m.relates_to"))
    answered = known_by(_record(relation.get("m.in_reply_to")).get("event_id"))
    subject = None if answered is None else f"{room}/{answered}"
    found = said(content, partial(repeats, subject) if repeats and subject else None)
    if not found and "body" not in content:
        return None
    data = _shown(content, found)
    first = known_by(relation.get("event_id"))
    replaced = isinstance(content.get("m.new_content"), Mapping)
    if first is not None and relation.get("rel_type") == "m.replace" and replaced:
        return "post.edited", f"{room}/{first}", data
    if answered is None and first is not None and relation.get("rel_type") == "m.thread":
        subject = f"{room}/{first}"
    if subject is not None:
        data["in_reply_to"] = {"id": subject[:ID_LENGTH_MAX]}
    return "post.created", f"{room}/{id_}", data


def _shown(content: Json, found: Said) -> dict[str, Any]:
    """Text, links, media and mentions of a post."""
    data: dict[str, Any] = {"text": found.text}
    if found.links:
        data["links"] = [{"url": url, "shown": shown} for url, shown in found.links]
    new = _record(content.get("m.new_content"))
    media: list[dict[str, Any]] = [
        {"id": each} for each in filter(None, map(known_by, found.files))
    ]
    holder = next((each for each in (new, content) if _is_file(each)), None)
    if holder is not None and not media:
        media = [{}]
    type_ = _text(_record((holder or content).get("info")).get("mimetype"), TYPE_LENGTH_MAX)
    if media:
        data["media"] = media
        if type_:
            media[0]["type"] = type_
    people: list[str] = []
    for each in (new, content):
        named = _record(each.get("m.mentions")).get("user_ids")
        people += filter(None, map(identifier, named)) if isinstance(named, list) else ()
    if people:
        data["mentions"] = [{"id": each} for each in list(dict.fromkeys(people))[:MENTIONS_MAX]]
    return data


def _is_file(content: Json) -> bool:
    """Whether a content says that it is a file."""
    return _text(content.get("msgtype"), TYPE_LENGTH_MAX) in _WITH_FILE


def _add(data: dict[str, Any], digests: Mapping[str, str]) -> None:
    """The digests of the files that a post shows, where they are known."""
    for file in data.get("media", ()):
        digest = digests.get(file.get("id", ""))
        if isinstance(digest, str) and _DIGEST.fullmatch(digest):
            file["sha256"] = digest


# --- who ------------------------------------------------------------------------------------------


def _member(event: Json, content: Json, room: str, sender: str) -> Happened | None:
    """A join, or a change of a name or picture; None for what changes neither."""
    if known_by(event.get("state_key")) != sender:
        return None
    # Beside `unsigned` stands what the sender's homeserver wrote: no word of our own homeserver.
    before = _record(_record(event.get("unsigned")).get("prev_content"))
    name = content.get("displayname")
    shown = _text(name, NAME_LENGTH_MAX) if isinstance(name, str) else None
    if before.get("membership") != "join":
        return "member.joined", f"{room}/{sender}", shown, _reason(content)
    same = all(before.get(key) == content.get(key) for key in ("displayname", "avatar_url"))
    return None if same else ("account.updated", None, shown, {})


def _reason(content: Json) -> dict[str, Any]:
    """What somebody says to a membership, which Synapse does not tell when it asks, or to taking
    something away.
    """
    reason = _text(content.get("reason"), TEXT_LENGTH_MAX)
    return {"text": reason} if reason.strip() else {}


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
