"""From what a rule or a person does to the full record, with the statement of reasons it owes.

Exact versions, every fact that made the rule fire, the person's language, until when, and until
when they may appeal. This module must never settle or store anything: `pipeline` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ombud import clock, decisions, ids
from ombud.activation.active import Active
from ombud.decisions import ActionDone, Decision, FactSeen, RuleVersion
from ombud.model import Value
from ombud.signals.observation import Observation
from ombud.verdicts.choices import Chosen
from ombud.verdicts.community import Verdict


def by_rule(
    active: Active, chosen: Chosen, seen: Observation, facts: Mapping[int, Value], recv: int
) -> Decision:
    """The decision of a rule about an event received at `recv`; `facts` are the verdict's."""
    return _record(
        active,
        chosen,
        seen,
        active.facts_seen(chosen.rules, seen, facts),
        recv,
        seen.kind == "flag",
    )


def of_member(
    active: Active, chosen: Chosen, post: Observation, verdict: Verdict, seq: int, recv: int
) -> Decision:
    """The decision of a rule about the earlier post of record `seq`, as of one campaign with the
    event of the verdict. Of that event's facts it states those by which they belong together:
    whatever is known of somebody else has no place in it.
    """
    members = verdict.campaign.members
    shared = {said for rule in chosen.rules for said in members[rule].get(seq, ())}
    facts = active.facts_seen(chosen.rules, post, verdict.facts, only=shared)
    return _record(active, chosen, post, facts, recv, flagged=False)


def _record(
    active: Active,
    chosen: Chosen,
    seen: Observation,
    facts: tuple[FactSeen, ...],
    recv: int,
    flagged: bool,
) -> Decision:
    """The full record. `flagged`: a member's notice began it."""
    until = end(chosen, recv)
    author = seen.people.get(concerned(seen))
    return Decision(
        id=ids.new_id("dec"),
        time=clock.rfc3339(recv),
        subject=decisions.subject_of(seen.event, seen.kind, chosen.target),
        clause=chosen.clause,
        policy_version=active.clause_version(chosen.clause),
        rules=tuple(
            RuleVersion(active.names[each], active.versions[each], active.approved(each))
            for each in chosen.rules
        ),
        by="rule",
        licence=chosen.licence,
        actions=(
            ActionDone(
                chosen.action,
                chosen.target,
                _params(chosen.action, chosen.text, seen),
                None if until is None else clock.rfc3339(until),
            ),
        ),
        automated_detection=not flagged,
        automated_decision=True,
        reasons=decisions.reasons(
            chosen.action, seen.kind, chosen.target, until, active.tell(chosen.rules[0]), facts
        ),
        appeal_until=clock.rfc3339(decisions.appeal_until(recv, until)),
        origin=_origin(seen) if flagged else decisions.OWN,
        lang=active.language(author.lang if author else None),
        content=made_of(seen),
        content_lang=_language(seen),
        again=_again(active, chosen.action, seen),
    )


class ByPerson(NamedTuple):
    """What a person decides about a subject. `why`: their words to whom it concerns, by language.

    `facts` and `found_by` are those of the rule that put it before them.
    """

    role: str
    action: str
    target: str
    clause: str
    length: int | None
    text: str | None
    why: Mapping[str, str]
    facts: tuple[FactSeen, ...] = ()
    found_by: RuleVersion | None = None
    eyes: str | None = None
    irreversible: bool = False
    demand: str | None = None  # where one began it


def by_person(active: Active, done: ByPerson, seen: Observation, recv: int) -> Decision:
    """The decision of a person about what was observed, made at `recv`."""
    until = None if done.length is None else recv + done.length
    author = seen.people.get(concerned(seen))
    flagged = seen.kind == "flag"
    return Decision(
        id=ids.new_id("dec"),
        time=clock.rfc3339(recv),
        subject=decisions.subject_of(seen.event, seen.kind, done.target),
        clause=done.clause,
        policy_version=active.clause_version(done.clause),
        rules=(),
        by=done.role,
        licence=None,
        actions=(
            ActionDone(
                done.action,
                done.target,
                _params(done.action, done.text, seen),
                None if until is None else clock.rfc3339(until),
            ),
        ),
        automated_detection=not flagged and done.found_by is not None and done.demand is None,
        automated_decision=False,
        reasons=decisions.reasons(done.action, seen.kind, done.target, until, done.why, done.facts),
        appeal_until=clock.rfc3339(decisions.appeal_until(recv, until)),
        origin=_began(done, seen),
        lang=active.language(author.lang if author else None),
        content=made_of(seen),
        content_lang=_language(seen),
        found_by=done.found_by,
        eyes=done.eyes,
        irreversible=done.irreversible,
        demand=done.demand,
        again=_again(active, done.action, seen),
    )


def _again(active: Active, action: str, seen: Observation) -> bool:
    """Whether what is held has to be sent again: where a platform holds before publication only,
    nothing lies there that could appear.
    """
    return action == "hold" and active.only_before(seen.platform, action)


def _params(action: str, text: str | None, seen: Observation) -> dict[str, str]:
    """What an action needs beside its subject: a text, or the room that somebody is kept out of."""
    room = seen.event.data.room
    told = {"text": text or "", "room": room.id if room and action == "ban from room" else ""}
    return {name: value for name, value in told.items() if value}


def concerned(seen: Observation) -> str:
    """Whom a decision about an event concerns: of a flag, who wrote what was flagged."""
    return "subject.author" if seen.kind == "flag" else "author"


def made_of(seen: Observation) -> tuple[str, ...]:
    """What the content is made of, as of `decisions.MADE_OF`; nothing where the event does not say:
    of what somebody flagged it has the name alone.
    """
    if seen.kind not in ("post", "reply", "edit", "upload"):
        return ()
    data = seen.event.data
    found = {(each.type or "").partition("/")[0].lower() for each in data.media or ()}
    if data.text or (seen.kind != "upload" and not data.media):
        found.add("text")
    return tuple(each for each in decisions.MADE_OF if each in found)


def _language(seen: Observation) -> str | None:
    """The language of the content's text, where there is one and it can be told."""
    return seen.language if "text" in made_of(seen) else None


def _began(done: ByPerson, seen: Observation) -> str:
    """What a person's decision began with: no flag takes the place of a demand."""
    if done.demand is not None:
        return decisions.DEMAND
    return _origin(seen) if seen.kind == "flag" else decisions.OWN


def _origin(seen: Observation) -> str:
    """Whose notice began it: a trusted flagger's is one whose role the platform names."""
    reporter = seen.people.get("reporter")
    named = reporter is not None and decisions.TRUSTED_ROLE in reporter.roles
    return decisions.TRUSTED if named else decisions.FLAG


def end(chosen: Chosen, recv: int) -> int | None:
    """When what is done ends by itself; None where nothing is restricted."""
    return None if chosen.duration is None else recv + chosen.duration
