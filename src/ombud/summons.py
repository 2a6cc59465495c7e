"""Somebody of the staff is called: what is urgent waits, a cap is reached, or entries of a list
that others publish wait for somebody's yes.

A call goes out through the platform, to whoever it reaches on duty. The first one for a clause in a
queue goes at once; what more there is within the hour is folded into one more at the hour's end,
which says how much. What is urgent has an hour of its own: a flood that is not holds it up by
nothing. It names queue and clause, or the list, and nobody. This module must never let a raid call
the staff a thousand times, and never fold anything that it does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ombud import actions, clock, i18n, ids
from ombud.actions import Asked
from ombud.clock import DAY, HOUR
from ombud.effects import Hands
from ombud.store.sqlite import Row, Store
from ombud.transaction import Transaction

WORD = "summons"  # what the outbox calls it
OVER_CAP = "over cap"  # the reason of a case that calls somebody, urgent or not

Who = tuple[str, str, int]  # clause (of a list: none), queue (or list), whether it is urgent


@dataclass(slots=True)
class Hour:
    """What one hour called people for. `times`: how often there was reason to; `more` is the second
    message, None while there was reason once.
    """

    id: str
    opened: int
    times: int = 1
    more: str | None = None
    noted: bool = False  # whether this transaction writes what is folded


def call(hands: Hands, tx: Transaction, who: Who, connector: str, timeline: str) -> None:
    """There is reason to call somebody. A history beside live traffic calls nobody; where no
    platform is connected it is counted and goes nowhere.
    """
    if timeline:
        return
    hour = tx.summonses.get(who)
    if hour is None:
        row = hands.store.one("summons_latest", who)
        hour = None if row is None else Hour(*row)
    if hour is None or not hour.opened <= tx.recv < hour.opened + HOUR:
        hour = tx.summonses[who] = Hour(ids.new_id("act"), tx.recv)
        new = (hour.id, *who, hour.opened, hands.community.active.language(None))
        tx.later.append(lambda: hands.store.run("add_summons", new))
        tx.ask(_message(hour.id, hour.id, connector, tx.recv))
        return
    tx.summonses[who] = hour
    hour.times += 1
    if hour.more is None:
        hour.more = ids.new_id("act")
        tx.ask(_message(hour.more, hour.id, connector, hour.opened + HOUR))
    if not hour.noted:
        hour.noted = True
        tx.later.append(lambda: hands.store.run("fold_summons", (hour.times, hour.more, hour.id)))


def of_list(hands: Hands, tx: Transaction, name: str, platform: str) -> None:
    """Entries of a list that is read on a platform begin to wait for a person."""
    call(hands, tx, ("", name, 0), hands.community.active.connector(platform), "")


def _message(id_: str, lane: str, connector: str, due: int) -> Asked:
    state = actions.ASKED if connector else actions.RECORDED
    return Asked(id_, "", lane.encode(), WORD, state=state, kind=WORD, connector=connector, due=due)


def said(row: Row, message: str, community: str) -> dict[str, Any]:
    """What one message says, of a row of the table: our words, the names of queue and clause."""
    id_, clause, queue, urgent, opened, lang, times = row
    first = message == id_
    word = "summons.more" if not first else "summons.urgent" if urgent else "summons.cap"
    listed = "" if clause else queue
    if listed:
        word = "summons.list" if first else "summons.list more"
    count = 1 if first else times - 1
    return {
        "id": message,
        "type": WORD,
        "queue": "" if listed else queue,
        "list": listed,
        "clause": clause,
        "urgent": bool(urgent),
        "times": count,
        "time": clock.rfc3339(opened),
        "lang": lang,
        "title": i18n.say("summons.title", lang, community=community),
        "text": i18n.say(word, lang, queue=queue, clause=clause, count=str(count)),
    }


def lately(store: Store, now: int) -> dict[str, tuple[int, int]]:
    """Of the last day, by queue: how many messages called somebody, and how much more reason there
    was that was folded into them.
    """
    return {
        queue: (int(called), int(times - called))
        for queue, called, times in store.all("summons_since", (now - DAY,))
    }
