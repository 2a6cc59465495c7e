"""Who is told, in which language, under which link: one notice for each decision, undo and end.

A notice is written in the same transaction as what it tells of, and released with its action. All
notices of one person, clause and hour stand on one statement page; one message brings its link at
once, and one more at the hour's end what was added since. Nothing here may let an action out
without its notice: `pipeline.settle` writes both or none. Nobody else's text may ever stand in a
message: it is made of our own words, the community's, and a link.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ombud import actions, decisions, i18n, ids
from ombud.actions import Asked
from ombud.clock import HOUR
from ombud.decisions import Decision

RECORDED = "recorded"  # told on the statement page only, pushed nowhere
UNDELIVERABLE = "undeliverable"  # the event named nobody who could be told
WORD = "notice"  # what the outbox calls a message
OF_APPEALS = frozenset({"upheld", "partial", "reversed", "omitted", "answer"})  # what is awaited
LIFTS = frozenset({"undone", "ended", "released", "reversed"})  # nothing of it remains in force
ENDED_BY_THE_SAME = frozenset({"upheld", "partial", "omitted"})  # where that has to be said


@dataclass(frozen=True, slots=True)
class Page:
    """A statement page: one person, one clause, one hour. `first` and `more` are its messages."""

    id: str
    timeline: str
    author: int
    clause: str
    lang: str
    opened: int
    first: str | None = None
    more: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """That somebody is told of a decision. `reason` is "decided", "undone" or "ended"."""

    id: str
    decision: str
    author: int | None
    lang: str
    reason: str
    state: str
    statement: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A notice with what it brings along: a page that is new or has changed, and its message."""

    notice: Notice
    page: Page | None = None
    opens: bool = False  # whether the page is new
    message: Asked | None = None


def token(key: bytes, page: str) -> str:
    """The token in the link of a page: 256 bits that only the community's key can make."""
    halves = [ids.keyed_digest(key, f"link {half}", page.encode()) for half in (1, 2)]
    return base64.urlsafe_b64encode(b"".join(halves)).rstrip(b"=").decode()


def token_digest(key: bytes, token_: str) -> bytes:
    """What is kept of a link's token."""
    return ids.keyed_digest(key, "link at rest", token_.encode("utf-8", "replace"))


def tell(
    action: Asked,
    author: int | None,
    lang: str,
    reason: str,
    clause: str,
    page: Page | None,
    timeline: str,
    now: int,
) -> Told:
    """The notice of a decision to the account `author` (token), or to nobody that is known.

    `action` is what it is released with, `page` the one that is still open for this person and
    clause.
    """
    notice = Notice(ids.new_id("ntc"), action.decision, author, lang, reason, RECORDED)
    if not author:
        return Told(replace(notice, state=UNDELIVERABLE))
    opens = page is None
    page = page or Page(ids.new_id("stm"), timeline, author, clause, lang, now)
    message = None
    if action.connector and action.state != actions.WITHDRAWN:
        if page.first is None or action.state == actions.ANSWERED:  # an answer brings the link
            message = _message(page, action, action.state, action.lane, action.due)
            page = replace(page, first=page.first or message.id)
        elif page.more is None:
            state = actions.RECORDED if action.state == actions.RECORDED else actions.ASKED
            due = max(page.opened + HOUR, action.due)  # not before the undo window's end
            message = _message(page, action, state, page.id.encode(), due)
            page = replace(page, more=message.id)
        notice = replace(notice, message=message.id if message else page.more)
    return Told(replace(notice, statement=page.id), page, opens, message)


def _message(page: Page, action: Asked, state: str, lane: bytes, due: int) -> Asked:
    return Asked(
        ids.new_id("act"),
        action.decision,
        lane,
        WORD,
        state=state,
        kind=WORD,
        connector=action.connector,
        statement=page.id,
        due=due,
    )


# --- the words of a message -----------------------------------------------------------------------


def words(
    community: str,
    title: Mapping[str, str],
    lang: str,
    record: Decision | None,
    reason: str,
    *,
    more: bool,
    failed: bool = False,
    same: bool = False,
    still: bool = False,
    first: bool = False,
    stuck: bool = False,
) -> tuple[str, str]:
    """Subject and text of a message, without its link: our words, the community's and the rule's.

    `record` is None where the decision was erased; `more` where it tells of several decisions;
    `failed` where the platform has not done what it was asked, `same` where whoever stood behind
    the decision decided the appeal, `still` where another decision keeps what this one restricted,
    `first` where no earlier message told of the decision, `stuck` where the platform has not taken
    back what is over.
    """
    clause = title.get(lang) or title.get("en", "")
    subject = i18n.say("message.title", lang, community=community, clause=clause)
    if more:
        word = "message.more" if reason == "decided" else "message.lifted"
        return subject, i18n.say(word, lang, clause=clause)
    if record is None:
        return subject, i18n.say("message.changed", lang)
    what = record.reasons.what.get(lang) or record.reasons.what.get("en", "")
    if reason != "decided":
        was = what if first else i18n.say("message.was", lang, what=what)
        lines = [was, i18n.say("message.stuck" if stuck else f"message.{reason}", lang)]
        if stuck and reason == "reversed":
            lines.insert(1, i18n.say("message.right", lang))
        if same and reason in ENDED_BY_THE_SAME:
            lines.insert(1, i18n.say("message.same person", lang))
        if still:
            lines.insert(1, i18n.say("message.still", lang))
        return subject, "\n".join(lines)
    why = record.reasons.why.get(lang) or record.reasons.why.get("en", "")
    unsure = i18n.say("message.failed", lang) if failed else decisions.afterwards(record, lang)
    parts = (what, unsure, why, i18n.say("message.read", lang))
    return subject, "\n".join(part for part in parts if part)


def answer_to_flag(community: str, outcome: str, lang: str) -> tuple[str, str]:
    """Subject and text of what is told to somebody who flagged something."""
    return i18n.say("flag.title", lang, community=community), i18n.say(f"flag.{outcome}", lang)
