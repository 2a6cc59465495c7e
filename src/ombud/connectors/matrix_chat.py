"""The moderators' room of a Matrix homeserver: what is written there, and what of it is read.

Nothing is written into a room that others than those invited can read, or that is encrypted, since
Ombud could not read the answers. Of what is said there only four things are taken: its own lines,
reactions to something, messages that begin with the prefix, and that something was taken back. This
module must never hand on a word of anything else that is said in that room.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from ombud.config import MatrixConnector as Settings
from ombud.connectors.matrix_client import CLIENT, Client, Said
from ombud.connectors.matrix_events import identifier
from ombud.errors import CATALOGUE, catalogue
from ombud.model import Outcome

catalogue(
    U460=(
        "The moderators' room can be joined by more than those who are invited.",
        "Set its join rule to invite.",
    ),
    U461=(
        "The moderators' room is encrypted: Ombud cannot read it.",
        "Make one that is not, invite-only, and name it in ombud.toml.",
    ),
    U462=(
        "The moderators' room can be read by everybody.",
        "Set its history visibility to shared or stricter.",
    ),
    U463=(
        "The moderators' room was replaced by another one.",
        "Name that one as staff_room in ombud.toml, then run `ombud connect reload`.",
    ),
)

KEY = "org.ombud.key"  # in what is sent into a room: under which key it was asked for
PREFIX = "!ombud"
COMMAND_LENGTH_MAX = 200
SIGN_LENGTH_MAX = 20
MESSAGE, REACTION, GONE = "m.room.message", "m.reaction", "m.room.redaction"


class Word(NamedTuple):
    """One thing that is heard: what it is, its event, who sent it and when (milliseconds), and what
    it is about: a line's key, the event that is reacted to or gone. `text`: the reaction, or what
    stands behind the prefix.
    """

    kind: Literal["line", "reaction", "command", "gone"]
    event: str
    sender: str
    at: int
    about: str
    text: str = ""


class Asked(msgspec.Struct, frozen=True):
    """What stands in a call to the staff, as far as it matters here."""

    title: str = ""
    text: str = ""
    link: str = ""
    urgent: bool = False
    chat: str = ""
    stands: str | None = None
    over: str | None = None
    answers: str | None = None
    reactions: tuple[str, ...] = ()


# --- reading --------------------------------------------------------------------------------------


def heard(event: Mapping[str, Any], settings: Settings) -> Word | None:
    """What an event of the moderators' room says to Ombud; None for all that it does not."""
    if not settings.staff_room or event.get("room_id") != settings.staff_room:
        return None
    id_, sender = identifier(event.get("event_id")), identifier(event.get("sender"))
    at, content = event.get("origin_server_ts"), event.get("content")
    if id_ is None or sender is None or not isinstance(at, int) or not isinstance(content, dict):
        return None
    own, type_ = sender == settings.account, event.get("type")
    relation = content.get("m.relates_to")
    relation = relation if isinstance(relation, dict) else {}
    if own:
        key = identifier(content.get(KEY))
        new = relation.get("rel_type") != "m.replace"
        return Word("line", id_, sender, at, key) if type_ == MESSAGE and key and new else None
    if type_ == REACTION:
        about, key = identifier(relation.get("event_id")), identifier(relation.get("key"))
        if about is None or key is None or len(key) > SIGN_LENGTH_MAX:
            return None
        return Word("reaction", id_, sender, at, about, key)
    if type_ == GONE:
        about = identifier(event.get("redacts")) or identifier(content.get("redacts"))
        return None if about is None else Word("gone", id_, sender, at, about)
    if type_ != MESSAGE or content.get("msgtype") != "m.text" or "rel_type" in relation:
        return None
    body = content.get("body")
    if not isinstance(body, str) or len(body) > COMMAND_LENGTH_MAX:
        return None
    first, _, rest = body.strip().partition(" ")
    return Word("command", id_, sender, at, id_, rest.strip()) if first == PREFIX else None


# --- writing --------------------------------------------------------------------------------------


def lacking(state: Callable[[str], Said]) -> Iterator[tuple[str, str]]:
    """What is wrong with a moderators' room, as codes with what the homeserver answered where it
    could not be asked. `state` asks for a piece of its state.
    """
    told = {}
    for each in ("join_rules", "encryption", "history_visibility", "tombstone"):
        told[each] = said = state(f"m.room.{each}")
        if not said.good and said.status != 404:
            yield "", said.outcome().detail
            return
    if told["join_rules"].body.get("join_rule") != "invite":
        yield "U460", ""
    if told["encryption"].good:
        yield "U461", ""
    if told["history_visibility"].body.get("history_visibility") == "world_readable":
        yield "U462", ""
    if told["tombstone"].good:
        yield "U463", ""


class Room:
    """The moderators' room, in the name of the account that acts."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._room = settings.staff_room

    def say(self, body: bytes, key: str) -> Outcome:
        """Write a line, once under its key: over an earlier one, as an answer, or by itself."""
        asked = msgspec.json.decode(body, type=Asked)
        if not self._room:
            return Outcome(state="undeliverable", detail="the settings name no staff_room")
        if asked.urgent and not asked.chat:
            return Outcome(state="delivered", detail="its case is told of in the room")
        for code, trouble in lacking(self._state):
            if trouble:
                return Outcome(state="retry", detail=trouble)
            return Outcome(state="retry", detail=f"{code} {CATALOGUE[code].message}")
        event = asked.stands
        if event is None:
            said = self._send("m.room.message", key, _content(asked, key))
            event = identifier(said.body.get("event_id"))
            if not said.good or event is None:
                return _waits(said)
        for number, each in enumerate(asked.reactions):
            relation = {"rel_type": "m.annotation", "event_id": event, "key": each}
            said = self._send("m.reaction", f"{key}.{number}", {"m.relates_to": relation})
            if not said.good and said.code != "M_DUPLICATE_ANNOTATION":
                return _waits(said)
        return Outcome(state="confirmed")

    def _state(self, type_: str) -> Said:
        return self._client.state(self._room, type_)

    def _send(self, type_: str, key: str, content: Mapping[str, Any]) -> Said:
        path = f"{CLIENT}/rooms/{{}}/send/{{}}/{{}}"
        return self._client.ask("PUT", path, self._room, type_, key, content=content)


def _waits(said: Said) -> Outcome:
    """What it means that a line was not taken: power that was taken away can be given back, and
    what waits is told then.
    """
    found = said.outcome()
    return Outcome(state="retry", detail=found.detail) if said.status == 403 else found


def _content(asked: Asked, key: str) -> dict[str, Any]:
    loud = asked.chat in ("", "case", "more", "emergency")
    content = message("m.text" if loud else "m.notice", asked.title, asked.text, asked.link)
    if asked.over is not None:
        relation: dict[str, Any] = {"rel_type": "m.replace", "event_id": asked.over}
        return {**content, "m.new_content": content, "m.relates_to": relation, KEY: key}
    if asked.answers is not None:
        content["m.relates_to"] = {"m.in_reply_to": {"event_id": asked.answers}}
    return {**content, KEY: key}


def message(msgtype: str, title: str, text: str, link: str) -> dict[str, Any]:
    """A message of a title, a text and a link, in plain text and with the title set off."""
    parts = [each for each in (title, text, link) if each]
    told = [f"<p>{html.escape(each)}</p>".replace("\n", "<br>") for each in parts]
    if title:
        told[0] = f"<p><strong>{html.escape(title)}</strong></p>"
    if link:
        href = html.escape(link)
        told[-1] = f'<p><a href="{href}">{href}</a></p>'
    return {
        "msgtype": msgtype,
        "body": "\n\n".join(parts),
        "format": "org.matrix.custom.html",
        "formatted_body": "".join(told),
    }
