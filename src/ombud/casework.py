"""What people ask of the engine about cases and appeals: claim, decide, confirm, snooze, answer.

The same for the command line and for a console. A decision that needs a second person is kept as a
proposal and told as such, never half carried out. This module must never judge by itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import msgspec

from ombud import appeals, clock, desk, looks, replies, resting
from ombud.app import Engine
from ombud.controls import standing_order
from ombud.errors import BadUse
from ombud.journal import Control
from ombud.review.choices import SECOND_NEEDED
from ombud.staff.people import ADMIN

REQUESTS = (
    *("claim case", "give case back", "snooze case", "assign case", "urge case"),
    *("split case", "merge case", "note case", "decide case", "confirm case", "undo case"),
    "ask about case",
    *("answer appeal", "decide appeals"),
    *("give order", "end order"),
    *("next look", "answer look"),
)
_OUTCOMES_OF_APPEALS = {"uphold": "upheld", "reverse": "reversed", "omit": "omitted"}
_OUTCOMES = {"uphold": "upheld", "release": "released", "seen": "seen"}


def perform(running: Engine, do: str, request: Mapping[str, Any]) -> Any:
    """Do what a request asks. Raises BadUse."""
    case, by = str(request.get("case") or ""), str(request.get("by") or ADMIN)
    if do == "claim case":
        return _claim(running, case, by, request)
    if do == "give case back":
        return running.change(desk.GivenBack(case, by))
    if do == "snooze case":
        until = request.get("until")
        return running.change(desk.Snoozed(case, by, None if until is None else int(until)))
    if do == "assign case":
        return running.change(desk.Assigned(case, by, str(request.get("to") or "")))
    if do == "urge case":
        return running.change(desk.Urged(case, by))
    if do == "split case":
        records = tuple(int(each) for each in request.get("records") or ())
        return {"case": running.changed(desk.Split(case, by, records)).case}
    if do == "merge case":
        return running.change(desk.Merged(case, by, str(request.get("into") or "")))
    if do == "note case":
        lasts = request.get("lasts")
        note = desk.Noted(case, by, str(request.get("text") or ""), lasts)
        return running.change(note)
    if do == "ask about case":
        return running.change(resting.AskedAgain(case, by))
    if do == "undo case":
        answer = running.control(Control("undo", {}, {"case": case, "by": by}))
        return {"case": case, "undone": list(answer.decisions)}
    if do == "confirm case":
        asked = {"case": case, "confirm": by, "lease": lease(running, request)}
        asked |= {"fresh": request.get("fresh"), "proposal": request.get("proposal")}
        return _judged(case, running.control(Control("review", {}, asked)).decisions)
    if do == "answer appeal":
        role = str(request.get("role") or "appeals reviewer")
        appeal, said = str(request.get("appeal")), appeals.worded(request.get("text") or "")
        return running.change(appeals.Answered(appeal, by, role, said))
    if do == "decide appeals":
        return _decide_appeals(running, by, request)
    if do == "give order":
        return _give_order(running, case, by, request)
    if do == "end order":
        return _end_order(running, str(request.get("order") or ""), by, request)
    if do == "next look":
        return {"look": running.changed(looks.Taken(by)).case or None}
    if do == "answer look":
        told = [str(request.get(each) or "") for each in ("look", "said")]
        return running.change(looks.Looked(by, *told))
    return _decide(running, case, by, request)


def _give_order(running: Engine, case: str, by: str, request: Mapping[str, Any]) -> dict[str, Any]:
    length, action = request.get("length"), str(request.get("action") or "hold")
    asked = None if length is None else int(length)
    fresh = request.get("fresh")
    control = standing_order.asked(case, by, action, asked, fresh=fresh)
    running.control(control)
    return {"order": control.sealed["order"]}


def _end_order(running: Engine, order: str, by: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """End an order; `undo`: and take back all that was done under it."""
    held = running.writer.pipeline.community.orders.get(order)
    running.control(standing_order.ended(order, by))
    undone: list[str] = []
    if request.get("undo") and held is not None:
        undone = running.undo(by, licence=held.licence.id)
    return {"order": order, "undone": undone}


def _decide_appeals(running: Engine, by: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Decide appeals alike; the words to the person first, so that they stand on the page."""
    outcome = str(request.get("outcome"))
    asked = {
        "appeals": list(request.get("appeals") or ()),
        "by": by,
        "role": str(request.get("role") or "appeals reviewer"),
        "outcome": _OUTCOMES_OF_APPEALS.get(outcome, outcome),
        "act": request.get("act"),
        "said": appeals.worded(request.get("text") or ""),
        "alone": bool(request.get("alone")),
    }
    answer = running.control(Control("outcome", {}, asked))
    return {"appeals": asked["appeals"], "outcome": outcome, "decisions": list(answer.decisions)}


def lease(running: Engine, request: Mapping[str, Any]) -> bytes | None:
    """What is kept of the claim that a request shows; None where it shows none."""
    return desk.lease_digest(running.writer.pipeline, str(request.get("lease") or ""))


def _claim(running: Engine, case: str, by: str, request: Mapping[str, Any]) -> dict[str, Any]:
    token = secrets.token_urlsafe(16)
    queue, after = (str(request.get(each) or "") for each in ("queue", "after"))
    wanted = desk.Claim(by, token, case, queue, after)
    taken = running.changed(wanted).case
    now = max(running.now(), running.writer.pipeline.recv)
    until = clock.rfc3339(now + desk.LEASE)
    return {"case": taken or None, "lease": token if taken else None, "until": until}


def _decide(running: Engine, case: str, by: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Judge a case, or keep what was wanted for a second person."""
    replies.whole(request.get("why") or {})
    outcome = str(request.get("outcome"))
    asked: dict[str, Any] = {
        "case": case,
        "by": by,
        "role": request.get("role"),
        "outcome": _OUTCOMES.get(outcome, outcome),
        "acts": list(request.get("acts") or ()),
        "why": request.get("why"),
        "records": [int(each) for each in request.get("records") or ()],
        "everything": bool(request.get("everything")),
        "alone": bool(request.get("alone")),
        "rest": bool(request.get("rest")),
    }
    try:
        sealed = {**asked, "lease": lease(running, request), "fresh": request.get("fresh")}
        return _judged(case, running.control(Control("review", {}, sealed)).decisions)
    except BadUse as error:
        if error.code != SECOND_NEEDED:
            raise
        what = msgspec.json.encode(asked).decode()
        lease_, instead = (str(request.get(each) or "") for each in ("lease", "proposal"))
        running.change(desk.Proposed(case, by, what, lease_, instead))
        return {**_judged(case, ()), "proposed": True, "why": error.message}


def _judged(case: str, made: tuple[str, ...]) -> dict[str, Any]:
    return {"case": case, "decisions": list(made), "proposed": False, "why": ""}
