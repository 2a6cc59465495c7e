"""A person judges a case: upholds it, releases what waits, or both parts of it one after the other.

One judgement may be about many subjects of a campaign; each is decided by itself, with its own
statement of reasons, notice, action and line in the log, all in one transaction. What a rule held
is released, or becomes what the person chose; either way the person concerned is told. Nothing goes
out for ten seconds, and as long as nothing has, `undo` puts everything back as it was.

The control names people as tokens. Replay applies it: what a person judged no later campaign acts
on. This module must never let one person alone do what cannot be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from msgspec import structs

from ombud import actions, decisions, redacted
from ombud.actions import Door
from ombud.controls import entitled, irreversible, judged, stranger
from ombud.controls.reversal import standing
from ombud.effects import Effect, Hands, Opened, Reversal, Settling
from ombud.errors import BadUse, catalogue
from ombud.journal import Control, Record
from ombud.review import case as cases
from ombud.review import choices, evidence, gathering, rests
from ombud.review.case import Case, Subject
from ombud.review.choices import Act
from ombud.signals.observation import Observation
from ombud.statements import ByPerson, by_person
from ombud.store.sqlite import Row
from ombud.transaction import Transaction
from ombud.verdicts.choices import ADDED, REVIEWED

catalogue(
    U233=("The case {case} cannot be judged so: {why}.", "{hint}"),
)

OUTCOMES = ("upheld", "released", "seen")
ROLES = ("admin", "reviewer", "appeals reviewer")  # how staff appear: never by name
WHY_LENGTH_MAX = 1000


@dataclass(slots=True)
class Judgement:
    """One review under way: who, what, about what, and all that comes of it."""

    hands: Hands
    tx: Transaction
    case: Case
    outcome: str
    person: int
    role: str
    second: int | None
    acts: tuple[Act, ...]
    why: Mapping[str, str]
    alone: bool = False
    settles: list[Settling] = field(default_factory=list)
    reversals: list[Reversal] = field(default_factory=list)
    reviewed: list[Row] = field(default_factory=list)
    revocable: bool = True
    done: set[bytes] = field(default_factory=set)  # subjects that are dealt with
    seen: dict[int, Observation | None] = field(default_factory=dict)

    @property
    def eyes(self) -> str | None:
        """Whether a second person stands behind it, where one was needed."""
        if self.second is not None:
            return decisions.TWO_PEOPLE
        return decisions.ALONE if self.alone else None

    def reversed(self, decision: str) -> bool:
        """Whether a decision is taken back or replaced in it."""
        return any(each.decision == decision for each in self.reversals)


def review(hands: Hands, tx: Transaction, control: Control) -> Effect:
    """Judge a case. Everything is seen to first: what raises BadUse has changed nothing.

    Raises U200, U201, U250, U251 for who may not; U220 to U223, U230 to U234, U325, U449.
    """
    told = control.sealed
    if told.get("confirm"):
        told = judged.proposed(hands, told, tx.recv)
    now = _begun(hands, tx, told)
    chosen = _chosen(now, told)
    stranger.require(hands, now.case, chosen, (now.person, now.second), tx.recv)
    for subject in chosen:
        _judge(now, subject)
    if not chosen:  # it is about nobody: that it was seen is a judgement all the same
        about = (now.case.id, now.case.seq, b"", now.case.clause)
        now.reviewed.append((tx.seq, *about, "seen", None, None))
    entitled.take_back(hands, told, now.case, judged.lifted(hands, now.reversals))
    _eyes(now, told)
    if now.eyes:  # known only now, and part of each record
        now.settles = [
            each._replace(record=structs.replace(each.record, eyes=now.eyes))
            for each in now.settles
        ]
    resting = rests.wanted(hands, told, now.case, now.outcome, chosen, now.seen)
    tx.later.append(lambda: _write(now, resting))
    outcome = "upheld" if now.outcome == "upheld" else "released"
    due = tx.recv + actions.UNDO_WINDOW_OF_PEOPLE
    gathering.answer_flags(hands, tx, now.seen, now.case.timeline, outcome, due)
    return _effect(now, chosen, resting)


def _effect(now: Judgement, chosen: list[Subject], resting: tuple[rests.Rest, ...]) -> Effect:
    case = now.case
    payload: dict[str, Any] = {
        "case": case.id,
        "outcome": now.outcome,
        "by": now.person,
        "role": now.role,
        "second": now.second,
        "alone": now.alone,
        "records": [each.record for each in chosen],
        "decisions": [
            [one.record.id, one.about, one.record.actions[0].type, one.record.clause, one.until]
            for one in now.settles
        ],
        "released": [each.decision for each in now.reversals if each.reason == "released"],
        "replaced": [each.decision for each in now.reversals if each.reason == "replaced"],
    }
    if resting:
        payload["rest"] = now.tx.recv + rests.LENGTH
    said = now.outcome + (f" ({decisions.ALONE})" if now.alone else "")
    outcome = irreversible.told(now.hands.store, case, said, now.tx.recv, revocable=now.revocable)
    fields = {"clause": case.clause, "rule": case.rule, "automated": False, "outcome": outcome}
    again = Opened(case.clause, case.rule or "", "review", irreversible.REASON)
    return Effect(
        payload,
        "review",
        fields,
        reversals=tuple(now.reversals),
        reason="released",
        touched=len(chosen),
        cases=() if now.revocable else (again,),
        settles=tuple(now.settles),
    )


# --- who, and about what --------------------------------------------------------------------------


def _begun(hands: Hands, tx: Transaction, told: Mapping[str, Any]) -> Judgement:
    """Who judges, and whether they may judge this case just now."""
    case = cases.find_open(hands.store, str(told.get("case")))
    acts = tuple(choices.act(each) for each in told.get("acts") or ())
    named = [each.action for each in acts]
    by = str(told.get("by") or "")
    person = entitled.require(hands, by, "cases", queue=case.queue, actions=named)
    irreversible.require_other(hands, case, person, by)
    second = None
    if who := told.get("confirmed"):
        entitled.require_named(hands, by, str(who))
        second = entitled.require(hands, str(who), "cases", queue=case.queue, actions=named)
        if judged.same_person(hands, person, second):
            raise BadUse("U234", "case", case=case.id)
    outcome = str(told.get("outcome"))
    role = entitled.role(hands, person, "cases", told.get("role"))
    if outcome not in OUTCOMES or role not in ROLES:
        raise _cannot(case, f"{outcome!r} by {role!r} is nothing", "Say uphold, release or seen.")
    if case.reason == cases.APPEAL:
        raise _cannot(case, "it is about appeals", "Decide them: `ombud appeals decide`.")
    lease = told.get("lease")
    cases.require(case, person if second is None else second, lease, tx.recv)
    if len(acts) > choices.ACTS_MAX or len({each.target for each in acts}) < len(acts):
        raise _cannot(case, "two things are done to one", "Name post, author and room once each.")
    if acts and outcome != "upheld":
        raise _cannot(case, "only what is upheld is acted on", "Leave the action out.")
    why = {str(lang): str(text) for lang, text in (told.get("why") or {}).items()}
    if any(not 0 < len(text) <= WHY_LENGTH_MAX for text in why.values()):
        limit = f"Say it in {WHY_LENGTH_MAX} characters."
        raise _cannot(case, "the reason has no text or too much", limit)
    return Judgement(hands, tx, case, outcome, person, role, second, acts, why)


def _chosen(now: Judgement, told: Mapping[str, Any]) -> list[Subject]:
    """What is judged: what is named, all that may be in bulk, or the only one."""
    case, store = now.case, now.hands.store
    waiting, flags = cases.left(store, case.id), cases.flags(store, case.id)
    if (now.outcome == "seen") != (not waiting):
        why = "it asks about somebody" if waiting else "it is about nobody"
        raise _cannot(case, why, "What is about nobody is seen; all else upheld or released.")
    named = told.get("records")
    if named:
        found = [each for each in waiting if each.record in set(named)]
        if len(found) < len(set(named)):
            missing = min(set(named) - {each.record for each in found})
            raise _cannot(case, f"record {missing} does not wait in it", "See `ombud cases show`.")
        chosen = cases.as_one(waiting, flags, set(named))
        if (alone := cases.by_itself(chosen)) is not None:
            raise _cannot(case, f"record {alone} is decided by itself", "Name it alone.")
        return chosen
    if len(cases.as_one(waiting, flags, [each.record for each in waiting[:1]])) == len(waiting):
        return waiting
    bulk = [each for each in waiting if each.apart is None]
    if told.get("everything") and not bulk:
        raise _cannot(case, "what is in it is decided one by one", "Name them with --record.")
    if told.get("everything"):
        return bulk
    raise _cannot(case, f"{len(waiting)} things wait in it", "Name them with --record, or --all.")


def _cannot(case: Case, why: str, hint: str) -> BadUse:
    return BadUse("U233", "case", case=case.id, why=why, hint=hint)


# --- one subject ----------------------------------------------------------------------------------


def _judge(now: Judgement, subject: Subject) -> None:
    """What becomes of one subject. Of several records about one, it is acted on once."""
    seen = now.seen[subject.record] = observed(now.hands, subject.record)
    stands = _stands(now.hands, subject.decision)
    first = subject.subject not in now.done
    now.done.add(subject.subject)
    new = before = None
    if now.outcome == "released":
        if stands is not None and not now.reversed(stands[0]):
            _reverse(now, stands, "released", inverse=stands[12] is None)
            before = stands[0]
    elif first:
        new, before = _uphold(now, subject, seen, stands)
    elif now.acts:  # else another hold on it lifts at its end what replaced the first
        before = _replaced(now, stands)
    about = (now.case.id, subject.record, subject.subject, now.case.clause)
    now.reviewed.append((now.tx.seq, *about, now.outcome, new, before))


def observed(hands: Hands, record: int) -> Observation | None:
    """What a record said, without what was blacked out in it; None where that is gone."""
    row = hands.store.one("records", {"after": record - 1, "until": record})
    return None if row is None else redacted.reread(hands.store, hands.keys, Record(*row))


def _stands(hands: Hands, decision: str | None) -> Row | None:
    """The decision on a subject, if nobody has undone it."""
    row = hands.store.one("decision", (decision,)) if decision else None
    return row if row is not None and row[13] is None else None


def _uphold(
    now: Judgement, subject: Subject, seen: Observation | None, stands: Row | None
) -> tuple[str | None, str | None]:
    """The new decision about a subject, and the one that it replaces."""
    case = now.case
    in_force = stands is not None and stands[12] is None
    waits = in_force and stands is not None and stands[9] in REVIEWED
    target = "room" if waits and stands is not None and stands[9] != "hold" else "this"
    if not now.acts and (waits or not in_force):
        raise _cannot(case, "nothing that would last stands yet", "Say what to do: --action.")
    if not now.acts:
        return None, None
    if seen is None:
        raise _cannot(case, f"what record {subject.record} said is gone", "Release it.")
    if waits and target not in {each.target for each in now.acts}:
        hint = f"Name an action on {target} too."
        raise _cannot(case, "what is held ends by itself if nothing is done to it", hint)
    _old_enough(now, subject)
    made: list[str] = []
    for wanted in now.acts:
        made += _settle(now, subject, seen, wanted, stands if waits else None)
    return (made[0] if made else None), _replaced(now, stands)


def _replaced(now: Judgement, stands: Row | None) -> str | None:
    """The decision that the acts replace, if it is in force."""
    if stands is None or stands[12] is not None or stands[9] in ADDED or now.reversed(stands[0]):
        return None
    target = "room" if stands[9] in REVIEWED and stands[9] != "hold" else "this"
    acts = [each.action for each in now.acts if each.target == target]
    if acts:
        kept = stands[9] in acts or {stands[9], *acts} <= {"hold", "remove"}
        _reverse(now, stands, "replaced", inverse=not kept)
    return str(stands[0]) if acts else None


def _old_enough(now: Judgement, subject: Subject) -> None:
    """A clause acts on nothing that is older than its wording."""
    active = now.hands.community.active
    if not active.clause_version(now.case.clause):
        hint = "Release it, or publish the clause again."
        raise _cannot(now.case, f"there is no clause {now.case.clause} any more", hint)
    row = now.hands.store.one("record", (subject.record,))
    time = Record(*row).time if row else None
    if time is not None and time < active.since.get(now.case.clause, time):
        hint = "Nobody is judged by a wording that came later."
        raise _cannot(now.case, f"record {subject.record} is older than its clause", hint)


def _settle(
    now: Judgement, subject: Subject, seen: Observation, wanted: Act, held: Row | None
) -> list[str]:
    """Make one decision, unless the same author or room has it already; its id."""
    active, key = now.hands.community.active, now.hands.keys.community
    can = active.capabilities.get(seen.platform, {})
    why = choices.hindered(wanted, now.case.harm, seen.kind, can)
    named = decisions.subject_of(seen.event, seen.kind, wanted.target)
    if named.endswith("/"):
        why = why or f"record {subject.record} names no {wanted.target}"
    if why:
        raise BadUse("U230", "action", action=wanted.action, why=why)
    digest = decisions.lane(key, active.connector(seen.platform), named) + wanted.action.encode()
    if digest in now.done:
        return []
    now.done.add(digest)
    final = choices.irreversible(wanted, can)
    now.revocable = now.revocable and not final
    done = ByPerson(
        now.role,
        wanted.action,
        wanted.target,
        now.case.clause,
        wanted.length,
        wanted.text,
        now.why,
        *gathering.found(now.hands, subject),
        irreversible=final,
        demand=gathering.demanded(now.hands, subject),
    )
    record = by_person(active, done, seen, now.tx.recv)
    until = None if wanted.length is None else now.tx.recv + wanted.length
    door = Door(
        active.connector(seen.platform), now.case.timeline, unpublished=_waits(now, subject, held)
    )
    now.settles.append(Settling(record, subject.author, until, door, subject.record))
    return [record.id]


def _waits(now: Judgement, subject: Subject, held: Row | None) -> bool:
    """Whether the platform can be asked only once it publishes: what it holds itself is there."""
    if held is not None:
        asked = now.hands.store.one("action_of_decision", (held[0],))
        return asked is not None and asked[1] == actions.AWAITING
    return now.hands.unpublished(now.tx, subject.record)


def _reverse(now: Judgement, stands: Row, reason: str, *, inverse: bool) -> None:
    found = standing(now.hands, stands[0])
    assert found is not None  # it was not undone  # noqa: S101
    wait = actions.UNDO_WINDOW_OF_PEOPLE
    now.reversals.append(replace(found, reason=reason, inverse=inverse, wait=wait))


# --- another pair of eyes -------------------------------------------------------------------------


def _eyes(now: Judgement, told: Mapping[str, Any]) -> None:
    """Whether a second person is needed, and is there. Raises BadUse U231 or U232."""
    whom = judged.whom(now.settles, now.reversals)
    alike = judged.Alike(now.case, now.outcome, whom, now.reviewed)
    people = judged.together(now.hands, alike, now.tx.recv)
    why = choices.second_needed(people, revocable=now.revocable)
    if not why:
        now.second = None  # who confirms what needs nobody to adds nothing to it
        return
    named, queue = [each.action for each in now.acts], now.case.queue
    if people > choices.BULK:
        if confirmed := told.get("confirmed"):  # whoever proposed it has shown who they are
            entitled.many(now.hands, str(told.get("by")), queue, named)
        asks = str(confirmed or told.get("by"))
        entitled.many(now.hands, asks, queue, named, fresh=told.get("fresh"))
    if now.second is None and not told.get("alone"):
        raise BadUse("U231", "case", why=why)
    if now.second is None and not now.revocable:
        raise BadUse("U232", "case", why="what cannot be taken back always needs two people")
    now.alone = now.second is None
    if now.alone and judged.others(now.hands, now.person, now.tx.recv, queue=queue, actions=named):
        raise BadUse("U232", "case", why="there is somebody else who may confirm it")


def _write(now: Judgement, resting: tuple[rests.Rest, ...]) -> None:
    """The rows of a review, in its transaction. The table refuses to judge anything twice."""
    store, tx, case = now.hands.store, now.tx, now.case
    action = now.acts[0].action if now.acts else None
    who = (tx.recv, now.person, now.role, now.second, int(now.alone))
    whom = judged.whom(now.settles, now.reversals)
    what = (now.outcome, action, len(whom), int(now.revocable))
    store.run("add_review", (tx.seq, case.id, *who, *what))
    store.many("add_reviewed", now.reviewed)
    rests.settle(store, case, tx.seq, tx.recv, now.reviewed, resting)
    for each in now.reversals:
        over = {"id": each.decision, "seq": tx.seq}
        store.run("undo_decision" if each.reason == "released" else "end_decision", over)
        if each.reason == "released":
            store.run("undo_list_matches", (each.decision,))
    for one in now.settles:
        evidence.keep(store, one.record.id, (one.about,), tx.recv, one.until)
    people = (now.person, now.second)
    judged.look_again(now.hands, case, people, now.outcome, now.seen, tx.seq, tx.recv)
    store.many("person_at_work", [(each, tx.recv) for each in people if each is not None])
    if cases.left(store, case.id):
        store.run("drop_proposal", (case.id,))
    else:
        judged.close(now.hands, case.id, tx.recv)
    judged.forget_marks(now.hands, [row[2] for row in now.reviewed])
