"""A person decides appeals: the decision stands, stands in part, is taken back, or is left alone.

Nobody upholds what they decided themselves, nor what a rule of theirs did alone; anybody entitled
may take it back. Where there is no second person it may be reconsidered by the same one, if it can
be taken back at all, and is said to be. All of that the table `appeal_outcome` refuses by itself.
How an appeal ended stands. This module must never lay more on a person than they had before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ombud import decisions, ids, redacted
from ombud.actions import Door
from ombud.activation.active import Active
from ombud.controls import appealed, entitled, judged, stranger
from ombud.controls.reversal import standing
from ombud.controls.review import ROLES, observed
from ombud.effects import Effect, Hands, Line, Reversal, Settling
from ombud.errors import BadUse, catalogue
from ombud.journal import Control
from ombud.review import choices, evidence, gathering
from ombud.rules.refuse import hindrance
from ombud.statements import ByPerson, by_person
from ombud.store.sqlite import Row
from ombud.transaction import Transaction

catalogue(
    U242=(
        "{name} stands behind this decision and cannot decide this appeal so.",
        "Let somebody else decide, or take the decision back. If there is nobody, say --alone.",
    ),
    U243=("This appeal cannot be decided so: {why}.", "{hint}"),
    U465=(
        "{count} appeals of one campaign would be decided alike within a day, {limit} at most.",
        "Read the others one by one: what is decided by itself is not counted.",
    ),
)

OUTCOMES = ("upheld", "partial", "reversed", "omitted")
SAME = "reconsidered by the same person"
ALIKE_MAX = choices.BULK  # of one campaign, decided in groups within a day


@dataclass(slots=True)
class Deciding:
    """Some appeals on their way to one outcome."""

    hands: Hands
    tx: Transaction
    outcome: str
    person: int
    name: str
    role: str
    told: Mapping[str, Any]
    settles: list[Settling] = field(default_factory=list)
    reversals: list[Reversal] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)  # of `appeal_outcome`
    behind: list[Row] = field(default_factory=list)  # (appeal, person)
    lines: list[Line] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)  # what staff says to each person
    tells: list[tuple[Row, str]] = field(default_factory=list)  # what no undoing tells of


def outcome(hands: Hands, tx: Transaction, control: Control) -> Effect:
    """Decide the appeals that `sealed` names. Everything is seen to first. Raises BadUse U085, U230
    or U240 to U243; U200, U201, U250 or U453 for who may not.
    """
    told = control.sealed
    name, what = str(told.get("by") or ""), str(told.get("outcome"))
    person = entitled.require(hands, name, "appeals")
    role = entitled.role(hands, person, "appeals", told.get("role"))
    now = Deciding(hands, tx, what, person, name, role, told)
    named = list(dict.fromkeys(str(each) for each in told.get("appeals") or ()))
    if what not in OUTCOMES or role not in ROLES or not named:
        hint = f"Say {', '.join(OUTCOMES)}, and of which appeals."
        raise _cannot(f"{what!r} by {role!r} is nothing", hint)
    if (what == "partial") != bool(told.get("act")):
        raise _cannot("only what stands in part has another action", "Say which: --action.")
    appeals = [appealed.find_open(hands.store, each) for each in named]
    _bounded(hands, appeals, tx.recv)
    for each in appeals:
        _decide(now, each)
    tx.later.append(lambda: _write(now))
    payload = {
        "appeals": named,
        "outcome": what,
        "by": person,
        "role": role,
        "same": [row[0] for row in now.rows if row[6]],
        "decisions": [
            [one.record.id, one.about, one.record.actions[0].type, one.record.clause, one.until]
            for one in now.settles
        ],
        "released": [each.decision for each in now.reversals],
        "replaced": [],
        "records": [],
    }
    return Effect(
        payload,
        reversals=tuple(now.reversals),
        reason=what,
        touched=len(appeals),
        settles=tuple(now.settles),
        lines=tuple(now.lines),
        tells=tuple(now.tells),
    )


def _cannot(why: str, hint: str) -> BadUse:
    return BadUse("U243", "appeal", why=why, hint=hint)


def _bounded(hands: Hands, appeals: list[Row], now: int) -> None:
    """Raise BadUse where appeals of several cases would be decided alike (U243), or more of one
    than ALIKE_MAX (U465): whoever appeals is owed somebody who reads it. What one thing was held
    for and what became of it is one question.
    """
    about = (hands.store.one("decision", (each[1],)) for each in appeals)
    if len({row[16] for row in about if row}) < 2:
        return
    if len({each[7] for each in appeals}) > 1:
        raise _cannot("they are about different things", "Decide them one by one.")
    since = {"case": appeals[0][7], "since": now - judged.TOGETHER}
    before = hands.store.one("decided_alike", since)
    count = len(appeals) + (before[0] if before else 0)
    if count > ALIKE_MAX:
        raise BadUse("U465", "appeals", count=count, limit=ALIKE_MAX)


def _decide(now: Deciding, appeal: Row) -> None:
    """One appeal: who may decide it so, and what comes of it."""
    row = now.hands.store.one("decision", (appeal[1],))
    assert row is not None  # it was appealed  # noqa: S101
    whole = [row, *appealed.instead(now.hands.store, row)]  # a hold may be a removal by now
    acts = [each[9] for each in whole]
    _entitled(now, row, acts)
    taken = {each.decision for each in now.reversals}  # by another appeal of the same control
    left = [each for each in whole if each[13] is None and each[0] not in taken]
    if not left and now.outcome in ("upheld", "partial"):
        raise _cannot("the decision was taken back already", "Omit it.")
    noted = [each[0] for each in now.hands.store.all("behind_appeal", (appeal[0],))]
    hands = now.hands
    if now.outcome != "reversed":
        entitled.require_named(hands, now.name)
    stand = appealed.barred(hands.store, hands.keys, hands.community.active, row)
    behind = dict.fromkeys((*noted, *stand))
    plain = redacted.opened(hands.store, hands.keys, row[0], row[14])
    if plain is None and now.outcome not in ("omitted", "reversed"):
        raise _cannot("the decision was erased", "Omit it.")
    revocable = all(
        hindrance(_capabilities(now, each), each[9]) != choices.NO_UNDO for each in whole
    )
    same = any(judged.same_person(now.hands, now.person, each) for each in behind)
    alone = False
    if same and now.outcome != "reversed":
        if not now.told.get("alone"):
            raise BadUse("U242", "by", name=now.name)
        if not revocable:
            raise _cannot("what cannot be taken back needs another person", "Wait for one.")
        if judged.others(
            now.hands,
            now.person,
            now.tx.recv,
            behind,
            permission="appeals",
            actions=acts,
        ):
            raise _cannot("there is somebody else who may decide it", "Let them.")
        alone = True
    made = _partial(now, left) if now.outcome == "partial" else None
    if now.outcome in ("reversed", "partial"):
        for each in left:
            _take_back(now, each)
    if now.outcome in ("upheld", "omitted"):
        now.tells.append((row, now.outcome))
    elif all(each[13] is not None for each in whole):  # no undoing is left to bring the word
        now.tells.append((row, "answer"))
    if now.told.get("said"):
        message = ids.new_id("msg")
        plain = appealed.sealable(now.told["said"])
        sealed = now.hands.keys.seal_decision(message, now.tx.seq, plain)
        kept = (message, appeal[0], now.tx.recv, now.role, now.person, sealed)
        now.messages.append(kept)
    now.behind += [(appeal[0], each) for each in behind]
    who = (now.tx.seq, now.tx.recv, now.person, now.role)
    now.rows.append((appeal[0], *who, now.outcome, int(alone), int(revocable), made))
    said = f"{now.outcome} ({SAME})" if alone else now.outcome
    fields = {"clause": row[6], "rule": row[7], "action": row[9], "automated": False}
    now.lines.append(("outcome", {**fields, "outcome": said}))


def _entitled(now: Deciding, row: Row, acts: list[str]) -> None:
    """They may by all of these actions, and it is about no account of theirs, as long as somebody
    else may. Raises BadUse.
    """
    entitled.require(now.hands, now.name, "appeals", actions=acts)
    if stranger.kept_from(now.hands, now.person, {row[5]}, now.tx.recv, "appeals", actions=acts):
        raise stranger.another(now.hands, now.person, row[0], "appeal")


def _capabilities(now: Deciding, row: Row) -> Mapping[str, str]:
    """What the platform of a decision can do and undo."""
    asked = now.hands.store.one("action_of_decision", (row[0],))
    return now.hands.community.active.capabilities.get(asked[2] if asked else "", {})


def _take_back(now: Deciding, row: Row) -> None:
    found = standing(now.hands, row[0])
    assert found is not None  # nobody had undone it  # noqa: S101
    now.reversals.append(replace(found, reason=now.outcome))
    if now.outcome == "reversed":
        about = [each[0] for each in now.hands.store.all("flags_behind", (row[0],))]
        seen = {each: observed(now.hands, each) for each in about}
        gathering.answer_flags(now.hands, now.tx, seen, row[3], "reversed", now.tx.recv)


def _partial(now: Deciding, left: list[Row]) -> str:
    """The milder decision that stands instead of what is left of one; its id."""
    wanted = choices.act(now.told["act"])
    entitled.require(now.hands, now.name, "appeals", actions=[wanted.action])
    row, before, wanted = _softened(now, left, wanted)
    seen = observed(now.hands, row[16])
    if seen is None:
        raise _cannot("what it is about is gone", "Take the decision back.")
    can = _capabilities(now, row)
    until = None if wanted.length is None else now.tx.recv + wanted.length
    harm = harm_of(now.hands.community.active, row[6])
    why = choices.hindered(wanted, harm, seen.kind, can)
    if why:
        raise BadUse("U230", "action", action=wanted.action, why=why)
    found_by = before.rules[0] if before.rules else before.found_by
    done = ByPerson(
        now.role,
        wanted.action,
        wanted.target,
        row[6],
        wanted.length,
        wanted.text,
        {},
        before.reasons.facts,
        found_by,
        irreversible=choices.irreversible(wanted, can),
        demand=before.demand,
    )
    if done.irreversible:
        raise _cannot("the platform could not take that back", "Name another action.")
    record = by_person(now.hands.community.active, done, seen, now.tx.recv)
    door = Door(now.hands.community.active.connector(seen.platform), row[3])
    now.settles.append(Settling(record, row[5], until, door, row[16]))
    return record.id


def _softened(
    now: Deciding, left: list[Row], wanted: choices.Act
) -> tuple[Row, decisions.Decision, choices.Act]:
    """The decision in force that another one is milder than, and that one: where nobody said until
    when, it ends when the old one would have.
    """
    why = "nothing of it is in force any more"
    store, keys = now.hands.store, now.hands.keys
    for row, record, remains in appealed.in_force(store, keys, left, now.tx.recv):
        ends = choices.bounded(wanted, remains)
        why = choices.no_milder(ends, row[9], record.actions[0].on, remains)
        if not why:
            return row, record, ends
    raise _cannot(why, "Name a weaker action on the same, not longer; or take it back.")


def harm_of(active: Active, clause: str) -> str:
    """The harm of a clause in force; of one that is gone, none that allows a context."""
    return next((each.clause.harm for each in active.rules if each.clause.id == clause), "spam")


def _write(now: Deciding) -> None:
    """The rows, in the transaction; the table refuses who may not decide so."""
    store, tx = now.hands.store, now.tx
    store.many("add_behind", now.behind)
    store.many("add_appeal_message", now.messages)
    for row in now.rows:
        store.run("add_appeal_outcome", row)
        store.run("answer_appeal", (row[0],))
    for each in now.reversals:
        store.run("undo_decision", {"id": each.decision, "seq": tx.seq})
        store.run("undo_list_matches", (each.decision,))
    for one in now.settles:
        evidence.keep(store, one.record.id, (one.about,), tx.recv, one.until)
    store.run("person_at_work", (now.person, tx.recv))
    for row in store.all("cases_answered", (tx.seq,)):
        judged.close(now.hands, row[0], tx.recv)
