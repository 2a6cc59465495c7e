"""What the API says and takes, as types: `openapi` describes them, `api` fills them in.

Built from the engine's answers, word for word. This module must never decide anything: what an
action means before publication is a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from ombud.errors import BadEvent, OmbudError
from ombud.model import Capability
from ombud.transaction import Answer


class Problem(Struct, frozen=True):
    """An error in its three parts, with the code it can be looked up by."""

    code: str
    message: str
    where: str
    hint: str


class Refused(Struct, frozen=True):
    """The one shape of an answer that is an error."""

    error: Problem


class Judged(Struct, frozen=True):
    """One event that was taken: its place in the journal, and what was decided."""

    status: Literal["accepted", "duplicate", "published"]
    seq: int
    action: str
    decisions: tuple[str, ...]


class Item(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One event of several. `error` where it is refused; `line` where lines were sent, from 1."""

    status: Literal["accepted", "duplicate", "published", "conflict", "rejected"]
    line: int | UnsetType = UNSET
    seq: int | UnsetType = UNSET
    action: str | UnsetType = UNSET
    decisions: tuple[str, ...] | UnsetType = UNSET
    error: Problem | UnsetType = UNSET


class Batch(Struct, frozen=True):
    """Several events: an item for each, in the order they were sent, and how many became what."""

    items: list[Item]
    accepted: int
    duplicate: int
    published: int
    conflict: int
    rejected: int


class Message(Struct, frozen=True):
    """What to tell the author, in each language."""

    en: str
    vi: str


class Checked(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """May this be published? `degraded`: not decided in time, answered by the hook's choice."""

    action: Literal["allow", "hold", "refuse"]
    decision: str | None
    notice: str | None
    degraded: bool
    message: Message | UnsetType = UNSET


class Evidence(Struct, frozen=True):
    """What became of an action, as its platform knows later."""

    state: Literal["confirmed", "failed"]


class Noted(Struct, frozen=True):
    """The action, and the state it is in now."""

    id: str
    state: Literal["confirmed", "failed"]


class Statement(Struct, frozen=True):
    """One page of a person's statements."""

    link: str
    clause: str
    opened: str


class Statements(Struct, frozen=True):
    """Every page of one person, the newest first. `page` is a link that shows that person the same
    list for an hour, whether there is anything on it or not.
    """

    items: list[Statement]
    page: str


class Capabilities(Struct, frozen=True):
    """What the connected platforms can do: by platform and action."""

    platforms: Mapping[str, Mapping[str, Capability]]


class State(Struct, frozen=True):
    """How the server is."""

    status: Literal["up", "ready", "not ready"]


# What an action means to somebody who has not published yet; every other action comes afterwards.
BEFORE_PUBLICATION: Mapping[str, Literal["hold", "refuse"]] = {"hold": "hold", "remove": "refuse"}

UNASKED = Checked(action="allow", decision=None, notice=None, degraded=False)
NOT_CHECKED = Message(en="Not checked, try again.", vi="Chưa kiểm tra được, hãy thử lại.")

_STATUSES: Mapping[str, Literal["accepted", "duplicate", "published", "conflict"]] = {
    "accepted": "accepted",
    "duplicate": "duplicate",
    "published": "published",
    "conflict": "conflict",
}

encode = msgspec.json.Encoder().encode


def problem(error: OmbudError) -> Problem:
    """The error as it is told."""
    return Problem(error.code, error.message, error.where, error.hint)


def conflict(prefix: str = "$") -> BadEvent:
    """Another event has this source and id already."""
    return BadEvent("E008", f"{prefix}.id")


def judged(answer: Answer) -> Judged:
    """The answer for one event. Raises BadEvent E008 for a conflict."""
    status = _STATUSES[answer.status]
    if status == "conflict":
        raise conflict()
    return Judged(status, answer.seq, answer.action, answer.decisions)


def item(found: Answer | OmbudError, line: int | UnsetType, where: str) -> Item:
    """The answer for one event of several; `where` is its path in what was sent."""
    if isinstance(found, OmbudError):
        return Item(status="rejected", line=line, error=problem(found))
    status = _STATUSES[found.status]
    if status == "conflict":
        return Item(status=status, line=line, seq=found.seq, error=problem(conflict(where)))
    return Item(
        status=status,
        line=line,
        seq=found.seq,
        action=found.action,
        decisions=found.decisions,
    )


def batch(items: list[Item]) -> Batch:
    """The answer for several events."""
    counts = dict.fromkeys((*_STATUSES, "rejected"), 0)
    for each in items:
        counts[each.status] += 1
    return Batch(items=items, **counts)


def checked(answer: Answer, link: str | None) -> Checked:
    """The answer for a check that was judged in time. Raises BadEvent E008 for a conflict."""
    if answer.status == "conflict":
        raise conflict()
    return Checked(
        action=BEFORE_PUBLICATION.get(answer.action, "allow"),
        decision=answer.decisions[0] if answer.decisions else None,
        notice=link,
        degraded=False,
    )


def late(choice: Literal["allow", "refuse"]) -> Checked:
    """The answer for a check that was not judged in time."""
    return Checked(
        action=choice,
        decision=None,
        notice=None,
        degraded=True,
        message=NOT_CHECKED if choice == "refuse" else UNSET,
    )
