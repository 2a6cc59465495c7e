"""What a moderators' room is told of cases, and what somebody there does that is no control.

A case that opens is one line with a link; what a flood opens is one line that says how many. When a
case is settled its line says so, and if that is taken back it says that too. All of it follows from
the store as it stands, so a process that ends in between goes on where it was. What is urgent has a
measure of its own: a flood that is not holds it up by nothing. None of it changes a verdict. This
module must never decide anything, and never name a person or what they said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ombud import desk, ids
from ombud.clock import DAY, HOUR, MINUTE
from ombud.controls import heard
from ombud.controls.heard import Heard, Line
from ombud.effects import Change, Hands
from ombud.store.sqlite import Store
from ombud.transaction import Transaction

LINES_MAX = 10  # lines about cases within a span; of more there is one that says how many
SPAN, SPAN_URGENT = 10 * MINUTE, 2 * MINUTE
LOOK_MAX = 500  # cases that one look tells of
MARKS_MAX = 50  # lines that one look writes over
EARLIER = 1 * HOUR  # a case may be noted a little after it was opened
AGAIN = 7 * DAY  # for so long a line that says "settled" is looked at again
CASE, MORE, FOLDED, SETTLED, OPEN_AGAIN = "case", "more", "folded", "settled", "again"
GONE = "gone"


@dataclass(frozen=True, slots=True)
class Shown(Change):
    """What waits is told of in the moderators' rooms of these platforms."""

    platforms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stands(Change):
    """A line stands in the room, and this is what the homeserver calls it."""

    platform: str
    line: str
    event: str


@dataclass(frozen=True, slots=True)
class Said(Change):
    """Somebody is answered; with `claim`, the case that they take goes to them first."""

    heard: Heard
    claim: desk.Claim | None = None


def plan(waiting: int, said: Sequence[int], last: int, span: int, now: int) -> tuple[int, bool]:
    """How many of so many cases get a line of their own now, and whether all are told of in one
    instead. `said`: when lines were written within the span, `last`: when the latest of any kind.

    Pure. Whatever gets neither waits for a later look.
    """
    if waiting > LINES_MAX and now - last >= span:
        return 0, True
    return max(0, min(waiting, LINES_MAX - len(said))), False


# --- what waits to be told ------------------------------------------------------------------------


def new_cases(store: Store, now: int, *, urgent: bool) -> tuple[list[Any], int, bool]:
    """The cases of which nothing was said yet, how many of them get a line now, and whether all are
    told of in one instead.
    """
    if urgent:
        found = store.all("chat_new_urgent", {"limit": LOOK_MAX})
    else:
        latest = store.one("chat_latest")
        since = 0 if latest is None or latest[0] is None else latest[0] - EARLIER
        found = store.all("chat_new", {"since": since, "limit": LOOK_MAX})
    if not found:
        return [], 0, False
    span = SPAN_URGENT if urgent else SPAN
    said = store.all("chat_said", (int(urgent), now - span))
    lines = [made for what, made in said if what == CASE]
    last = max((made for _, made in said), default=now - span)
    return found, *plan(len(found), lines, last, span, now)


def due(store: Store, now: int) -> bool:
    """Whether there is anything to say, as it looks from here."""
    for urgent in (True, False):
        _, lines, whole = new_cases(store, now, urgent=urgent)
        if lines or whole:
            return True
    bounds = {"limit": 1, "since": now - AGAIN}
    return bool(store.all("chat_over", bounds) or store.all("chat_again", bounds))


# --- in the writer --------------------------------------------------------------------------------


def _shown(hands: Hands, tx: Transaction, change: Shown, now: int) -> int:
    """How many lines were written."""
    lang = hands.community.active.language(None)
    written = 0
    for urgent in (True, False):
        found, lines, whole = new_cases(hands.store, now, urgent=urgent)
        if whole:
            written += _summed_up(hands, tx, change.platforms[0], found, now, urgent=urgent)
        for id_, opened in found[:lines]:
            platform = _where(hands.store, id_, change.platforms)
            line = Line(ids.new_id("act"), platform, CASE, now, lang, id_, opened, int(urgent))
            heard.ask(hands, tx, line)
            written += 1
    return written + _marked(hands, tx, now)


def _where(store: Store, case: str, platforms: Sequence[str]) -> str:
    """In which room a case is told of: the one of the platform where it happened, if it has one."""
    row = store.one("source_of_case", (case,))
    named = "" if row is None else str(row[0]).partition("/")[0]
    return named if named in platforms else platforms[0]


def _summed_up(
    hands: Hands, tx: Transaction, platform: str, found: Sequence[Any], now: int, *, urgent: bool
) -> int:
    lang = hands.community.active.language(None)
    line = Line(
        *(ids.new_id("act"), platform, MORE, now, lang), many=len(found), urgent=int(urgent)
    )
    heard.ask(hands, tx, line)
    rows = [
        line._replace(
            id=ids.new_id("act"), what=FOLDED, review=id_, opened=opened, many=0, over=line.id
        )._asdict()
        for id_, opened in found
    ]
    tx.later.append(lambda: hands.store.many("add_chat_line", rows))
    return 1


def _marked(hands: Hands, tx: Transaction, now: int) -> int:
    """Lines say what has become of their cases. One that was not sent yet is not sent."""
    bounds = {"limit": MARKS_MAX, "since": now - AGAIN}
    found = hands.store.all("chat_over", bounds)
    for id_, platform, lang, case, event, _ in found:
        if event is not None:
            _write_over(hands, tx, Line("", platform, SETTLED, now, lang, case, over=id_))
        else:
            hands.store.run("chat_withdraw", {"id": id_, "now": now})
        state = GONE if event is None else SETTLED
        hands.store.run("chat_state", {"id": id_, "before": "", "state": state})
    again = hands.store.all("chat_again", bounds)
    for id_, platform, lang, case in again:
        _write_over(hands, tx, Line("", platform, OPEN_AGAIN, now, lang, case, over=id_))
        hands.store.run("chat_state", {"id": id_, "before": SETTLED, "state": ""})
    return len(found) + len(again)


def _write_over(hands: Hands, tx: Transaction, line: Line) -> None:
    heard.ask(hands, tx, line._replace(id=ids.new_id("act")))


def _stands(hands: Hands, _: Transaction, change: Stands, now: int) -> bool:  # noqa: ARG001
    row = (ids.encodable(change.event), ids.encodable(change.line), change.platform)
    return hands.store.run("chat_stands", row) == 1


def _said(hands: Hands, tx: Transaction, change: Said, now: int) -> bool:
    """Raises BadUse as a claim does, and U464."""
    heard.require_new(hands, change.heard)
    if change.claim is not None:
        desk.CARRIED_OUT[desk.Claim](hands, tx, change.claim, now)
    heard.note(hands, tx, change.heard, now)
    return True


CARRIED_OUT: Mapping[type[Change], Callable[..., int | bool]] = {
    Shown: _shown,
    Stands: _stands,
    Said: _said,
}
