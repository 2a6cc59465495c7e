"""What somebody said in a moderators' room is heard once, and answered once.

A row for each message that led to something, and one for the answer, are written in the same
transaction as what it led to: however often the homeserver brings the message, and wherever a
process ends in between, it is done once and answered once. The journal says of a control that it
came by a reaction or a command. This module must never keep a word of what was said there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from ombud import actions, ids, summons
from ombud.actions import Asked
from ombud.effects import Effect, Hands
from ombud.errors import BadUse, catalogue
from ombud.journal import Control

catalogue(
    U464=(
        "This was heard already.",
        "Nothing need be done: a message counts once, however often it comes.",
    ),
)

REACTION, COMMAND, CODE = "reaction", "command", "code"
USED = "used"  # the state of a line that asked for something which was done


class Line(NamedTuple):
    """One message of Ombud's in a moderators' room: the columns of `chat_line` but one, what the
    homeserver calls it, which is known once it stands there. `answers` is what it calls the message
    that is answered, `over` the line that this one is written over.
    """

    id: str
    platform: str
    what: str
    made: int
    lang: str
    review: str | None = None
    opened: int = 0
    urgent: int = 0
    many: int = 0
    over: str | None = None
    answers: str | None = None
    person: int | None = None
    until: int | None = None
    why: str = ""
    state: str = ""


class Heard(NamedTuple):
    """A message that leads to something: its keyed digest, what it was, and what is answered.
    `answer` goes without the id and the instant, which are made when it is kept; `over` names the
    line that asked for what is done now.
    """

    event: bytes
    how: str
    answer: Line


def key_of(community: bytes, platform: str, event: str) -> bytes:
    """The keyed digest by which a message in a moderators' room is known."""
    named = f"{platform}\0{event}".encode("utf-8", "replace")
    return ids.keyed_digest(community, "chat", named)


def ask(hands: Hands, tx: Any, line: Line) -> None:
    """Have one line sent, and keep its row."""
    sent = Asked(
        line.id,
        "",
        (line.over or line.id).encode(),  # what is written over a line waits for it
        summons.WORD,
        state=actions.ASKED,
        kind=summons.WORD,
        connector=line.platform,
        due=line.made,
    )
    tx.ask(sent)
    tx.later.append(lambda: hands.store.run("add_chat_line", line._asdict()))


def require_new(hands: Hands, heard: Heard | None) -> None:
    """Raise BadUse U464 where this was heard already; asked before anything is done about it."""
    if heard is not None and hands.store.one("chat_heard", (heard.event,)) is not None:
        raise BadUse("U464", "event")


def note(hands: Hands, tx: Any, heard: Heard, now: int) -> None:
    """Keep that a message was heard, and have the answer sent."""
    asked = heard.answer.over  # what was asked for is asked for once
    answer = heard.answer._replace(id=ids.new_id("act"), made=now, over=None)
    ask(hands, tx, answer)
    if asked is not None:
        used = {"id": asked, "before": "", "state": USED}
        tx.later.append(lambda: hands.store.run("chat_state", used))
    row = (heard.event, now, answer.id)
    tx.later.append(lambda: hands.store.run("add_chat_heard", row))


def by_chat(hands: Hands, tx: Any, control: Control, effect: Effect) -> Effect:
    """The effect of a control that came from a moderators' room, which says so; of another one, as
    it is.
    """
    heard: Heard | None = control.sealed.get("heard")
    if heard is None:
        return effect
    answer = heard.answer._replace(until=effect.payload.get("until"))
    note(hands, tx, heard._replace(answer=answer), tx.recv)
    return replace(effect, payload={**effect.payload, "heard": heard.how})
