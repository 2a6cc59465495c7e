"""From what a rule does to the decision's full record, with the statement of reasons it owes.

Exact versions, every fact that made the rule fire, the person's language, until when, and until
when they may appeal. This module must never settle or store anything: `pipeline` does.
"""

from __future__ import annotations

from collections.abc import Mapping

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
                {"text": chosen.text} if chosen.text else {},
                None if until is None else clock.rfc3339(until),
            ),
        ),
        automated_detection=not flagged,
        automated_decision=True,
        reasons=decisions.reasons(
            chosen.action, seen.kind, chosen.target, until, active.tell(chosen.rules[0]), facts
        ),
        appeal_until=clock.rfc3339(decisions.appeal_until(recv, until)),
        origin="flag" if flagged else "own initiative",
        lang=active.language(author.lang if author else None),
    )


def concerned(seen: Observation) -> str:
    """Whom a decision about an event concerns: of a flag, who wrote what was flagged."""
    return "subject.author" if seen.kind == "flag" else "author"


def end(chosen: Chosen, recv: int) -> int | None:
    """When what is done ends by itself; None where nothing is restricted."""
    return None if chosen.duration is None else recv + chosen.duration
