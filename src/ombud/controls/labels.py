"""What people do so that a rule earns its licence: they begin, label and stop.

    population   the hits a sample is drawn from, before there is a seed, and who will label them
    label        what one person says of one item; or, by the writer, that it is missing
    labelling    a sample is stopped

What follows from it stands in `certificates`. This module must never let an author label what they
wrote where somebody else can, nor tell in the journal who a token stands for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ombud import ids
from ombud.activation.active import Active
from ombud.controls import certificates, population, staff
from ombud.controls.population import Found, Population
from ombud.effects import Effect, Group, Hands
from ombud.errors import BadUse, catalogue
from ombud.gate import LEVELS, evidence, level_of, sample
from ombud.gate.register import Register
from ombud.gate.sample import Sample
from ombud.journal import Control
from ombud.staff import care, people, roles
from ombud.store.sqlite import Store

catalogue(
    U180=(
        "{rule} asks for nothing that a certificate could allow.",
        "Certificates allow hold, label, mark sensitive, limit and remove, for rules that may act.",
    ),
    U181=(
        "Of {rule} {found} hits by different people with different texts are there, not {needed}.",
        "So many are needed even if none is wrong. Let this version of the rule watch for longer.",
    ),
    U182=(
        "The hits of {rule} lie within {found} days; a certificate rests on {needed} days or more.",
        "Let this version of the rule watch for longer.",
    ),
    U183=("{detail}.", "Name the people who will label, each once: --labeller NAME."),
    U184=(
        "{level} % takes two labellers who did not write {rule}, for certain; there are {found}.",
        "Name two others, and activate the rule under its author's name (--by); or ask for 95 %.",
    ),
    U185=(
        "{name} has nothing called {item} to label now.",
        "`ombud gate due --by NAME` shows what waits for somebody, and how much a week is left.",
    ),
    U186=("Nobody is labelling hits of {rule}.", "`ombud gate show` tells what is under way."),
    U187=('"{said}" is no answer.', "Answer yes, no or unclear: does it break the clause?"),
    U443=(
        "{needed} who did not write {rule} have to label it: so many are there; named: {found}.",
        "Name others of the staff who may decide cases: --labeller NAME.",
    ),
    U188=("A certificate proves {levels} %, and not {level}.", "Leave the level out, or name one."),
)

REFUSED_EARLY = frozenset({"population", "label", "labelling"})  # BadUse before any change


def asked(
    rule: str, labellers: Sequence[str], by: str, level: int | None, found: Population
) -> Control:
    """The control that begins, or goes on with, the labelling of a rule's version."""
    if level is not None and level not in LEVELS:
        levels = " or ".join(percent(each) for each in LEVELS)
        raise BadUse("U188", "--level", levels=levels, level=percent(level))
    about = {"rule": rule, "labellers": list(labellers), "by": by, "level": level, "found": found}
    return Control("population", {}, about)


def begin(hands: Hands, tx: Group, control: Control) -> Effect:
    """Journal a population: what can be drawn, by whom it will be labelled. Raises BadUse U080,
    U180 to U184, and U200 or U201 for who may not, or is not there.
    """
    community, about = hands.community, control.sealed
    by = staff.require(community, hands.keys, about["by"], "rules")
    rule, found = str(about["rule"]), about["found"]
    active, held = community.active, community.register
    number = _number(active, rule)
    version = active.versions[number]
    if found.version != version:
        raise BadUse("U084", rule, rule=rule, found=version[:12], wanted=found.version[:12])
    needs = level_of(each.action for each in active.proposals[number])
    if not needs or number in active.asking:
        raise BadUse("U180", rule, rule=rule)
    clause = active.rules[number].clause.id
    wanted, labellers = _labellers(hands, rule, about["labellers"])
    level = about["level"] or (min(needs, sample.ALONE_MAX) if wanted < 2 else needs)
    if level > sample.ALONE_MAX and wanted < 2:
        raise BadUse("U184", rule, rule=rule, level=percent(level), found=len(labellers))
    known = held.sample_of(rule, version, active.clause_version(clause))
    certified = None if known is None else held.certified(known)
    opens = certified is None or certified.level < level
    if certified is not None and not opens and wanted < certified.wanted:
        raise BadUse("U184", rule, rule=rule, level=percent(certified.level), found=len(labellers))
    fresh: Sequence[Found] = _fresh(hands.store, held, known, found) if opens else ()
    days = max(found.days, known.days if known else 0)
    if opens:
        _enough(rule, level, known, fresh, days)
    payload = {
        "sample": known.id if known else ids.new_id("smp"),
        "rule": rule,
        "version": version,
        "clause": clause,
        "clause_version": active.clause_version(clause),
        "level": level,
        "wanted": wanted,
        "labellers": labellers,
        "open": opens,
        "until": found.until,
        "days": days,
        **population.numbered(fresh),
        "by": by,
    }
    return certificates.done(hands, tx, "population", payload, payload, "population")


def _number(active: Active, rule: str) -> int:
    """A rule's place in the plan. Raises BadUse U080."""
    if rule not in active.names:
        raise BadUse("U080", rule, rule=rule)
    return active.names.index(rule)


def _labellers(hands: Hands, rule: str, names: Sequence[str]) -> tuple[int, list[int]]:
    """How many people label each item, and who may: two where two did not write the rule, else one
    who did not, else who did. Where nobody said who its author is, anybody may be. Raises BadUse
    U183, U200, or U443 where the staff has others who could label and too few are named.
    """
    called = [people.called(each) for each in names]
    if not called:
        raise BadUse("U183", rule, detail=f"Nobody is named who may label hits of {rule}")
    looks = [people.look(each) for each in called]
    for at, look in enumerate(looks):
        if look in looks[:at]:
            raise BadUse("U183", "--labeller", detail=f"{called[at]} is named twice, or looks so")
    members = hands.community.staff
    for name in called if members else ():
        if members[staff.found(members, hands.keys, name)].suspended:
            raise BadUse("U183", "--labeller", detail=f"{name} is suspended and can label nothing")
    known = hands.community.active.standing.get(rule)
    author = None if known is None else people.name_of(hands.keys, known.author)
    apart = [name for name in called if author is None or people.look(name) != people.look(author)]
    tokens = [people.person(hands.keys, name) for name in apart or called]
    most = 2 if known is not None and not known.unnamed else 1
    needed = min(most, _others(hands, author))
    if len(apart) < needed:
        raise BadUse("U443", "--labeller", rule=rule, needed=needed, found=len(apart))
    return min(most, max(1, len(apart))), tokens


def _others(hands: Hands, author: str | None) -> int:
    """How many of the staff judge posts, and did not write the rule."""
    names = [
        people.name_of(hands.keys, token)
        for token, member in hands.community.staff.items()
        if roles.may(member, "cases")
    ]
    mine = None if author is None else people.look(author)
    return sum(people.look(name) != mine for name in names if name is not None)


def _fresh(
    store: Store, held: Register, known: Sample | None, found: Population
) -> Sequence[Found]:
    """The hits of no population before, by people and with texts that nothing was drawn of."""
    after = known.until if known else held.spent_since(found.rule, found.version)
    taken = {item.seq for item in known.items.values() if item.hit} if known else set()
    rows = (store.one("author_of_record", (seq,)) for seq in taken)
    authors = {row[0] for row in rows if row is not None}
    texts = {each.cluster for each in found.hits if each.seq in taken}
    return [
        each
        for each in found.hits
        if each.seq > after and each.author not in authors and each.cluster not in texts
    ]


def _enough(rule: str, level: int, known: Sample | None, fresh: Sequence[Found], days: int) -> None:
    """Raise BadUse U181 or U182 where no label could ever prove enough."""
    hits = [sample.Hit(*each) for each in population.numbered(fresh)["hits"]]
    there = len(sample.in_order(hits, b"")) + (known.left if known else 0)
    so_far = known.counted if known else sample.Counts()
    needed = max(
        evidence.labels_needed(so_far.labels - so_far.right, level) - so_far.labels,
        max(sample.LABELS_MIN, sample.AUTHORS_MIN) - so_far.labels,
    )
    if there < needed:
        raise BadUse("U181", rule, rule=rule, found=there, needed=needed)
    if days < sample.DAYS_MIN:
        raise BadUse("U182", rule, rule=rule, found=days, needed=sample.DAYS_MIN)


def stop(hands: Hands, tx: Group, control: Control) -> Effect:
    """Stop the labelling of a rule's version; it can be gone on with. Raises BadUse U186, and as
    `staff.require`.
    """
    by = staff.require(hands.community, hands.keys, control.sealed["by"], "rules")
    rule = str(control.sealed["rule"])
    for each in hands.community.register.samples.values():
        if each.rule == rule and each.open and not each.spent:
            payload = {"sample": each.id, "open": False, "by": by}
            return certificates.done(
                hands, tx, "labelling", payload, certificates.public(each), "stopped"
            )
    raise BadUse("U186", rule, rule=rule)


def label(hands: Hands, tx: Group, control: Control) -> Effect:
    """Take in what somebody says of an item, or that it can be labelled no more. Raises BadUse U185
    or U187.
    """
    held, due = hands.community.register, control.sealed.get("due")
    if due is not None:
        payload: dict[str, Any] = {"item": due.about, "said": None, "by": None}
    else:
        name, item = str(control.sealed["by"]), str(control.sealed["item"])
        said = control.sealed["said"]
        if said not in sample.ANSWERS:
            raise BadUse("U187", "answer", said=str(said)[:40])
        by = people.person(hands.keys, name)
        member = hands.community.staff.get(by)
        away = bool(hands.community.staff) and (member is None or member.suspended)
        if away or item not in {each.item.id for each in held.due_for(by, tx.recv)}:
            raise BadUse("U185", "item", name=people.called(name), item=item[:40])
        payload = {"item": item, "said": said, "by": by}
    about = held.holder(payload["item"])
    assert about is not None  # it is due  # noqa: S101
    if payload["by"] in hands.community.staff:
        care.saw(hands.keys, payload["by"], hands.community.active.harm(about.clause), tx.recv)
    return certificates.done(hands, tx, "label", payload, certificates.public(about), "label")


def percent(level: int) -> str:
    """A level as people say it."""
    return f"{level / 10:g}"
