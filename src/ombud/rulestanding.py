"""How each rule stands now: what it asks for, what of it it may do by itself and by which licence,
who stands behind it, until when it watches. As data; pages put it into words.

It goes by what is in force and not by the files. This module must never grant anything: `gate` is
asked as judging asks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ombud import clauses, config, gate, rulefiles
from ombud.activation import compiling, standing
from ombud.activation.active import Active, Proposal
from ombud.activation.standing import Stands
from ombud.gate import Answer, Kind, Licence
from ombud.rules import parse
from ombud.rules.vocabulary import ACTIONS
from ombud.staff import people
from ombud.store.keyfile import KeyFile

FREE, NEVER, ASKS = "free", "never", "asks"  # no licence needed; people only; without a licence
DRAFT = "draft"
HELD_BACK = "claims"  # it reads published fact-checks, and so may only ask


def all_of(
    active: Active, certified: Iterable[Licence], keys: KeyFile, now: int
) -> list[dict[str, Any]]:
    """Every rule in force, by name."""
    licences = (*active.licences, *certified)
    return [_told(active, number, licences, keys, now) for number in range(len(active.rules))]


def one(
    active: Active, certified: Iterable[Licence], keys: KeyFile, now: int, rule: str
) -> dict[str, Any] | None:
    """One rule in force; None where none of the name is."""
    if rule not in active.names:
        return None
    licences = (*active.licences, *certified)
    return _told(active, active.names.index(rule), licences, keys, now)


def drafts(sources: config.Sources, active: Active) -> list[dict[str, Any]]:
    """The rules whose files say that they are drafts, and those that are in no file's force."""
    found = []
    for file, content in sources.rules.items():
        name = rulefiles.called(content.decode("utf-8", "replace"))
        if not name or name in active.names:
            continue
        rule = parse.parse(file, content)[0]
        told = {"name": name, "description": rule.description, "clause": rule.clause}
        found.append({**told, "mode": rule.mode or DRAFT, "kinds": list(rule.kinds)})
    return sorted(found, key=lambda each: str(each["name"]))


def _told(
    active: Active, number: int, licences: Iterable[Licence], keys: KeyFile, now: int
) -> dict[str, Any]:
    rule = active.rules[number]
    edited = rule.name in compiling.edited(active)
    return {
        "name": rule.name,
        "description": rule.tree.description,
        "clause": rule.clause.id,
        "titles": clauses.titles(rule.clause),
        "harm": rule.clause.harm,
        "mode": rule.mode,
        "kinds": sorted(rule.kinds),
        "version": rule.version,
        "acting": active.acting[number],
        "edited": edited,
        "asks": [
            _proposed(active, number, each, licences, now) for each in active.proposals[number]
        ],
        **_behind(active.standing.get(rule.name), keys, now),
    }


def _proposed(
    active: Active, number: int, proposal: Proposal, licences: Iterable[Licence], now: int
) -> dict[str, Any]:
    """One line of a rule's `then`, and by what it would be done by the rule itself."""
    answer = gate.ask(
        licences,
        action=proposal.action,
        duration=proposal.duration,
        clause=proposal.clause,
        rule=active.names[number],
        version=active.versions[number],
        now=now,
    )
    told = {
        "action": proposal.action,
        "target": proposal.target if ACTIONS[proposal.action].targets else "",
        "by": FREE,
        "hours": 0,
        "cap": None,
        "level": 0,
        "until": None,
    }
    if answer is Answer.NEVER:
        return {**told, "by": NEVER}
    if answer is Answer.NO_LICENCE:
        return {**told, "by": ASKS}
    if number in active.asking and isinstance(answer, Licence):
        return {**told, "by": HELD_BACK}
    if not isinstance(answer, Licence):
        return told
    hold = proposal.duration if proposal.duration is not None else gate.usual_hold(answer)
    return {
        **told,
        "by": answer.kind.value,
        "hours": round(hold / 3_600_000_000),
        "cap": answer.cap,
        "level": answer.level // 10 if answer.kind is Kind.CERTIFICATE else 0,
        "until": answer.until,
    }


def _behind(known: Stands | None, keys: KeyFile, now: int) -> Mapping[str, Any]:
    """Who stands behind a rule's version; "" for whom the key file no longer names."""
    if known is None:
        return {"author": None, "approved": (), "eyes": "", "watch": None, "until": None}
    return {
        "author": "" if known.unnamed else people.name_of(keys, known.author) or "",
        "approved": [people.name_of(keys, each) or "" for each in known.approved],
        "authored": known.author,
        "approvers": known.approved,
        "eyes": known.eyes,
        "watch": standing.state(known.until, now),
        "until": known.until,
    }
