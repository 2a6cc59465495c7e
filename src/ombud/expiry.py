"""What ends by its age goes: its key first, then its row. One turn of it at a time, in the writer.

Bodies end some days after their receipt, with what rules saw of them; a decision's record when it
can be appealed no more; reasons of look-ups, second looks, what platforms said, later. None of it
can change a verdict: rows keep the facts they read and their window keys, and a text that others
are still compared with stays. So this is no control, and replay counts what it cannot open any more
as `from_facts`. Each turn looks again at what was asked for, since a case may have been opened
meanwhile. This module must never let go of what somebody still waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ombud import journal, redacted
from ombud.clock import DAY
from ombud.controls import demand
from ombud.decisions import APPEAL_OPEN
from ombud.effects import Change, Hands
from ombud.refill import first_received
from ombud.review.evidence import MARGIN
from ombud.store.sqlite import Store
from ombud.windows import NEAR

TURN = 256  # records that one turn looks at
STATEMENTS = APPEAL_OPEN + MARGIN  # for how long at least a decision's record is kept
DETAILS = 30 * DAY  # what a platform said of a delivery, who was told of a flag, what was heard
LOOKUPS = 365 * DAY  # why somebody was looked up
DEMANDS = 365 * DAY  # in which words something was demanded, after the answer
UNANSWERED = 2 * 365 * DAY  # and how much longer where there was none
LOOKS = 365 * DAY  # what two people said of one thing


@dataclass(frozen=True, slots=True)
class Expire(Change):
    """One turn. `what` is one of KINDS; `after` and `until` bound it: seqs of records, positions
    in the public log, or an instant as `until`.
    """

    what: str
    after: int
    until: int


def due(store: Store, days: int, now: int, after: Mapping[str, int]) -> Iterator[Expire]:
    """The turns that are due at an instant, each with something to do as it looks from here.
    `days`: how long bodies are kept; `after`: per kind, up to where all was looked at already.
    """
    last = first_received(store, now - days * DAY) - 1
    yield from _turns(store, "bodies", "next_kept", after.get("bodies", 0), last, now)
    older = first_received(store, now - STATEMENTS) - 1
    line = store.one("last_line_of", (older,))
    end = -1 if line is None else int(line[0])
    yield from _turns(store, "statements", "next_statement", after.get("statements", -1), end, now)
    for what, age in _AGES:
        found = Expire(what, 0, now - age)
        if store.one(_OVER[what], _limited(found)) is not None:
            yield found


def _turns(
    store: Store, what: str, query: str, after: int, last: int, now: int
) -> Iterator[Expire]:
    """The ranges up to `last` in which something has ended."""
    while after < last:
        row = store.one(query, {"after": after})
        if row is None or row[0] is None or row[0] > last:
            return
        found = Expire(what, row[0] - 1, min(row[0] - 1 + TURN, last))
        after = found.until
        if store.one(_OVER[what], _bounds(found, now)) is not None:
            yield found


def _bounds(asked: Expire, now: int) -> dict[str, int]:
    range_ = {"after": asked.after, "until": asked.until}
    return {**range_, "now": now, "window": APPEAL_OPEN, "margin": MARGIN}


# --- in the writer --------------------------------------------------------------------------------


def expire(hands: Hands, _: Any, asked: Expire, now: int) -> int:
    """One turn; of how many things something has gone."""
    return _CARRIED_OUT[asked.what](hands, asked, now)


def _bodies(hands: Hands, asked: Expire, now: int) -> int:
    """What was said, what stands in place of it, and what rules saw of it."""
    store = hands.store
    labelled = hands.community.register.sealed()
    over = [
        record
        for (record,) in store.all(_OVER["bodies"], _bounds(asked, now))
        if record not in labelled and not _compared_with(hands, record, now)
    ]
    gone = frozenset(over)
    range_ = {"after": asked.after, "until": asked.until}
    words = [each for each in store.all("case_words_between", range_) if each[0] in gone]
    copies = [redacted.name_of(record) for record in over]
    names = [*(key for _, key in words), *redacted.names(store, copies)]
    hands.keys.let_die(over, names)
    store.many("forget_body", [(record,) for record in over])
    store.many("end_case_words", [(record,) for record in {each[0] for each in words}])
    store.many("forget_redacted", [(name,) for name in copies])
    return len(over)


def _compared_with(hands: Hands, record: int, now: int) -> bool:
    """Whether later texts may still be compared with this one: it is the first of a cluster that is
    alive, or one of those that take its place where the first one is gone.

    Where nothing comes, a stream's time stands still, and clusters die by the clock: memory then
    loses them at once, as the next start would.
    """
    row = hands.store.one("entries_of", (record,))
    keys = () if row is None else journal.clusters(row[1])
    line = None if row is None or not keys else hands.community.timeline(row[0])
    if line is None or line.clusters is None:
        return False
    reach = line.reach(NEAR)
    by_clock = reach + max(0, now - line.community)
    resting = [
        key
        for key in keys
        if line.clusters.alive(key, reach)
        and (key == record or hands.store.one("has_body", (key,)) is None)
    ]
    if any(line.clusters.alive(key, by_clock) for key in resting):
        return True
    for key in resting:
        line.lose(key, line.clusters.drop(key))
    return False


def _statements(hands: Hands, asked: Expire, now: int) -> int:
    """Records of decisions, with the appeals to them and what was written about these."""
    store = hands.store
    over = [row[0] for row in store.all(_OVER["statements"], _bounds(asked, now))]
    appeals = [row[0] for each in over for row in store.all("appeals_of_decision", (each,))]
    messages = [row[0] for each in appeals for row in store.all("messages_of_appeal", (each,))]
    sealed = [*over, *appeals, *messages]
    hands.keys.let_die((), [*sealed, *redacted.names(store, sealed)])
    for query, names in (
        ("forget_decision", over),
        ("forget_list_matches", over),
        ("forget_appeal", appeals),
        ("forget_appeal_message", messages),
        ("forget_redacted", sealed),
    ):
        store.many(query, [(name,) for name in names])
    return len(over)


def _lookups(hands: Hands, asked: Expire, _: int) -> int:
    """Why somebody was looked up; that they were, and by whom, stays."""
    over = [row[0] for row in hands.store.all("lookups_over", _limited(asked))]
    hands.keys.let_die((), over)
    hands.store.many("end_lookup", [(each,) for each in over])
    return len(over)


def _looks(hands: Hands, asked: Expire, _: int) -> int:
    """What two people said of one thing, each without knowing of the other."""
    over = [(row[0],) for row in hands.store.all("looks_over", _limited(asked))]
    hands.store.many("drop_look_answers", over)
    hands.store.many("drop_look", over)
    return len(over)


def _demands(hands: Hands, asked: Expire, _: int) -> int:
    """In which words something was demanded, how what it is about was named, and what was said to
    the answer; never that it was demanded, nor by whom and on what basis where that is public.
    """
    over = [str(row[0]) for row in hands.store.all("demands_over", _limited(asked))]
    sealed = [demand.words_of(each) for each in over]
    for each in over:
        sealed += [row[0] for row in hands.store.all("demand_words_sealed", {"demand": each})]
    hands.keys.let_die((), sealed)
    for query in ("end_demand", "end_demand_items", "end_demand_steps"):
        hands.store.many(query, [(each,) for each in over])
    return len(over)


def _details(hands: Hands, asked: Expire, _: int) -> int:
    """What platforms said of deliveries, who was told what came of a flag, and which messages of a
    moderators' room were heard and answered.
    """
    limited = _limited(asked)
    return sum(hands.store.run(each, limited) for each in _DETAILS)


def _limited(asked: Expire) -> dict[str, int]:
    limited = {"until": asked.until, "most": TURN}
    if asked.what == "demands":
        return {**limited, "now": asked.until + DEMANDS, "unanswered": UNANSWERED}
    return limited


_DETAILS = ("drop_details", "drop_flag_answers", "drop_chat_heard", "drop_chat_answers")
_AGES = (("look-ups", LOOKUPS), ("looks", LOOKS), ("demands", DEMANDS), ("details", DETAILS))


_OVER = {
    "bodies": "over_age",
    "statements": "statements_over",
    "look-ups": "lookups_over",
    "looks": "looks_over",
    "demands": "demands_over",
    "details": "details_over",
}
_CARRIED_OUT = {
    "bodies": _bodies,
    "statements": _statements,
    "look-ups": _lookups,
    "looks": _looks,
    "demands": _demands,
    "details": _details,
}
KINDS = tuple(_CARRIED_OUT)
CARRIED_OUT: dict[type[Change], Callable[..., int]] = {Expire: expire}
