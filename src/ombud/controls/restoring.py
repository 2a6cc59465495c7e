"""A review is undone: everything is as it was, as long as nothing of it has gone out.

What was decided is undone, what was released or replaced stands again until its end, the case waits
again with whoever had it. The log keeps both, the review and its undoing. This module must never
undo a review of which the platform or a person has heard.
"""

from __future__ import annotations

from ombud import actions
from ombud.controls import entitled, stranger
from ombud.controls.judged import forget_marks
from ombud.controls.reversal import language, standing
from ombud.effects import Effect, Hands, Restored
from ombud.errors import BadUse, catalogue
from ombud.journal import Control
from ombud.review import case as cases
from ombud.store.sqlite import Row
from ombud.transaction import Transaction

catalogue(
    U235=(
        "What was judged cannot be undone here any more: {why}.",
        "`ombud decisions undo` takes decisions back at any time; people are told.",
    ),
)


def undo(hands: Hands, tx: Transaction, control: Control) -> Effect:
    """Undo the last review of the case that `sealed` names. Raises BadUse U220 or U235,
    U449, and U200, U201 or U250 for who may not work on it, or not by each action of it."""
    case = cases.find(hands.store, str(control.sealed["case"]))
    person = entitled.work_on(hands, str(control.sealed.get("by") or ""), case)
    stands = [row for row in hands.store.all("reviews_of_case", (case.id,)) if row[11] is None]
    last = stands[-1] if stands else None
    _possible(hands, tx, last)
    assert last is not None  # `_possible` saw to it  # noqa: S101
    made = [row[0] for row in hands.store.all("decisions_of_record", (last[0],)) if not row[13]]
    reversals = [found for each in made if (found := standing(hands, each)) is not None]
    judged = hands.store.all("reviewed", (last[0],))
    restores = [_restored(hands, row[3]) for row in judged if row[3] is not None]
    released = {row[3] for row in judged if row[1] == "released"}
    lifted = {each.action for each in reversals}
    lifted |= {each.action for each in restores if each.decision in released}
    entitled.take_back(hands, control.sealed, case, lifted)
    about = {row[0] for row in judged}
    concerned = [each for each in cases.subjects(hands.store, case.id) if each.record in about]
    stranger.require(hands, case, concerned, (person,), tx.recv)
    tx.later.append(lambda: _write(hands, tx, last, judged, made, restores))
    payload = {
        "by": person,
        "case": case.id,
        "review": last[0],
        "decisions": made,
        "restored": [each.decision for each in restores],
        "records": [row[0] for row in judged],
    }
    fields = {"clause": case.clause, "rule": case.rule, "automated": False, "outcome": "undone"}
    return Effect(
        payload,
        "review",
        fields,
        reversals=tuple(reversals),
        reason="undone",
        touched=len(judged),
        restores=tuple(restores),
    )


def _possible(hands: Hands, tx: Transaction, last: Row | None) -> None:
    """Raise BadUse U235 where there is nothing to undo, or it is too late."""
    why = ""
    if last is None:
        why = "nobody has judged it"
    elif tx.recv > last[2] + actions.UNDO_WINDOW_OF_PEOPLE:
        seconds = actions.UNDO_WINDOW_OF_PEOPLE // 1_000_000
        why = f"its {seconds} seconds are over"
    elif hands.store.one("gone_out", (last[0],)) is not None:
        why = "something of it has gone out"
    if why:
        raise BadUse("U235", "case", why=why)


def _restored(hands: Hands, decision: str) -> Restored:
    row = hands.store.one("decision", (decision,))
    assert row is not None  # the review had found it  # noqa: S101
    return Restored(
        decision,
        clause=row[6],
        rule=row[7],
        action=row[9],
        author=row[5],
        lane=row[4],
        lang=language(hands, row),
        timeline=row[3],
        until=row[11],
    )


def _write(
    hands: Hands,
    tx: Transaction,
    review: Row,
    judged: list[Row],
    made: list[str],
    restores: list[Restored],
) -> None:
    store, seq = hands.store, review[0]

    for each in made:
        store.run("undo_decision", {"id": each, "seq": tx.seq})
    store.run("withdraw_all_of", {"review": seq, "now": tx.recv})
    store.run("promise_again_of", (seq,))
    for one in restores:
        if store.run("restore_decision", {"id": one.decision, "review": seq}):
            row = store.one("decision", (one.decision,))
            waits = row is not None and hands.unpublished(tx, row[16])
            state = actions.AWAITING if waits else actions.ASKED
            again = {"decision": one.decision, "state": state, "released": review[2]}
            store.run("restore_action", again)
        if any(row[1] == "released" and row[3] == one.decision for row in judged):
            store.run("restore_list_matches", (one.decision,))
    store.run("undo_reviewed", {"review": seq, "seq": tx.seq})
    store.run("end_rests_of_review", (seq,))
    store.run("undo_review", {"review": seq, "seq": tx.seq})
    store.run("close_cases_of", {"review": seq, "now": tx.recv})
    case = cases.find(store, review[1])
    if case.closed is not None:
        store.run("reopen_case", (case.id,))
        store.run("reopen_shares", (case.id,))

    forget_marks(hands, [row[0] for row in judged])
