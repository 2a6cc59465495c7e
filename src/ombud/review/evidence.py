"""What must be kept, and until when; and that what has its end is let go.

The bodies a decision rests on are its evidence: they stay sealed until its appeal can be made no
more, and a margin longer for deciding it; where an appeal is open, until it is answered. So do the
bodies of what waits before people. `expiry`, which removes bodies by their age, asks the same of
many at once, and `gate.register.Register.sealed` about what was drawn to be labelled.
Notes and proposals end by themselves: their keys are destroyed first, then their rows. This module
must never let go of a body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ombud.clock import DAY
from ombud.decisions import APPEAL_OPEN, appeal_until
from ombud.effects import Group, Hands
from ombud.model import Data
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

MARGIN = 30 * DAY  # for deciding an appeal that was made on the last day
NEVER = 1 << 62


def keep(store: Store, decision: str, records: Iterable[int], recv: int, until: int | None) -> None:
    """The records that a decision made at `recv`, in force `until`, rests on."""
    end = appeal_until(recv, until) + MARGIN
    store.many("add_evidence", [(decision, record, end) for record in records])


def kept_until(store: Store, record: int, now: int) -> int | None:
    """Until when the body of a record must stay: an instant, NEVER while something about it is
    open, None where nothing needs it any more.
    """
    if store.one("body_needed_for_a_case", (record,)) is not None:
        return NEVER
    asked = {"record": record, "never": NEVER, "window": APPEAL_OPEN, "margin": MARGIN}
    row = store.one("body_needed_for_decisions", asked)
    until = None if row is None else row[0]
    return until if until is not None and until > now else None


def let_go(store: Store, keys: KeyFile, now: int) -> int:
    """Destroy notes and proposals that have ended; how many. Keys first: a row without a key says
    nothing. Snoozed cases whose time has come stand in their queues again.
    """
    ended = [row[0] for row in store.all("ended_words", {"now": now})]
    if ended:
        keys.destroy(ended)
    with store.transaction():
        store.run("drop_ended_notes", (now,))
        store.run("drop_ended_proposals", (now,))
        store.run("drop_ended_evidence", (now,))
        store.run("drop_ended_rests", (now,))
        store.run("drop_ended_goings", (now,))
        store.run("wake_cases", (now,))
    return len(ended)


def forget(hands: Hands, tx: Group, account: int | None, seqs: Iterable[int]) -> list[str]:
    """What was sealed in cases about an erased account, and about its records, goes: the names of
    the keys that die after the commit.
    """
    store = hands.store
    about = {"author": account}
    named = [row[0] for row in store.all("words_of_account", about)] if account is not None else []
    named += [row[0] for seq in seqs for row in store.all("words_of_record", {"record": seq})]
    gone = list(dict.fromkeys(named))
    forgetting = (
        *("forget_words", "forget_note", "forget_proposal", "forget_appeal_message"),
        *("forget_lookup", "forget_demand_item"),
    )

    def write() -> None:
        for name in gone:
            for each in forgetting:
                store.run(each, (name,))
        if account is not None:
            store.run("withdraw_flag_answers", {"flagger": account, "now": tx.recv})
            store.run("forget_flag_answers", (account,))

    later: list[Callable[[], object]] = tx.later
    later.append(write)
    return gone


def content(data: Data, most: int | None = None) -> dict[str, Any]:
    """What of an event can break a clause: what was written and shown, no id of anybody; of a text
    no more than `most` characters.
    """
    return {
        "name": data.author.name if data.author else None,
        "text": None if data.text is None else data.text[:most],
        "links": [each.url for each in data.links or ()],
        "media": len(data.media or ()),
        "before": data.before.text[:most] if data.before and data.before.text else None,
    }
