"""A rule earns its licence: hits are drawn, what their labels prove is granted, audited, and taken
away again.

    draw         the seed of a population, and what is mixed in among its hits
    certificate  granted, renewed, or over
    demotion     taken away, because an audit or people's undoing said so

What people do for it stands in `labels`; the writer journals these as soon as `register.due` says
that they are owed. Each has its line in the public log, and no line says who labelled or what.
This module must never grant what the labels in the journal do not prove.
"""

from __future__ import annotations

import heapq
import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Any

import msgspec

from ombud import ids, journal
from ombud.controls import population, reopening
from ombud.effects import Effect, Group, Hands, Opened
from ombud.gate import certificate, sample
from ombud.gate.certificate import LASTS, Certificate
from ombud.gate.register import Due, Register
from ombud.gate.sample import OTHERS_PERCENT, Sample
from ombud.journal import Control
from ombud.ledger.leaf import LeafType
from ombud.store.sqlite import Store
from ombud.transaction import Transaction
from ombud.verdicts.community import Community

DEMOTED = "demoted"  # the reason of the case that is opened
OUTCOMES = {
    "population": "population",
    "draw": "drawn",
    "label": "labelled",
    "granted": "granted",
    "granted alone": "granted, one labeller",
    "renewed": "renewed",
    "changed": "ended: changed",
    "expired": "ended: its time",
    "replaced": "ended: replaced",
}


# --- what is owed ---------------------------------------------------------------------------------


def owed(community: Community, now: int) -> Control | None:
    """The control that the register owes at an instant."""
    due = community.register.due(now)
    return None if due is None else Control(due.control, {}, {"due": due})


def draw(hands: Hands, tx: Group, control: Control) -> Effect:
    """Draw the seed of a population, now that it stands in the journal; or what is mixed in among
    an audit's actions.
    """
    held, due = hands.community.register, control.sealed["due"]
    audited = held.certificates.get(due.about)
    about = audited or held.samples[due.about]
    active = hands.community.active
    known = about.rule in active.names
    kinds = active.rules[active.names.index(about.rule)].kinds if known else frozenset()
    until = tx.seq - 1
    payload: dict[str, Any]
    if audited is not None:
        reach, wanted = (max(0, until - population.HITS_MAX), until), audited.mixes(tx.recv)
        seed, payload = audited.seed, {"certificate": audited.id}
    else:
        sampled = held.samples[due.about]
        hits = sampled.waiting[0] if sampled.waiting else ()
        wanted = -(-min(len(hits), sample.HITS_MAX) * OTHERS_PERCENT // (100 - OTHERS_PERCENT))
        reach = (max(0, until - population.HITS_MAX), sampled.until)
        seed = secrets.token_bytes(32)
        payload = {"sample": sampled.id, "seed": seed.hex()}
    versions = (about.rule, about.version)
    payload["others"] = population.others(hands.store, *versions, kinds, seed, reach, wanted)
    return done(hands, tx, "draw", payload, public(about), "draw")


def certify(hands: Hands, tx: Group, control: Control) -> Effect:
    """Grant a certificate, renew it, or say that it is over."""
    due: Due = control.sealed["due"]
    if due.what == "granted":
        return _grant(hands, tx, hands.community.register.samples[due.about])
    about = hands.community.register.certificates[due.about]
    payload: dict[str, Any] = {"certificate": about.id, "is": due.what}
    if due.what == "renewed":
        until = about.until + LASTS
        payload |= {"until": until, **_counts(about)}

        def lengthen() -> None:
            hands.store.run("lengthen_licence", {"id": about.licence.id, "until": until})

        tx.later.append(lengthen)
        return done(hands, tx, "certificate", payload, public(about), "renewed")
    why = about.ended or "expired"
    payload |= {"why": why, **_counts(about)}
    _end_licence(hands.store, tx, about)
    return done(hands, tx, "certificate", payload, public(about), why)


def _grant(hands: Hands, tx: Group, of: Sample) -> Effect:
    replaced = hands.community.register.certified(of)
    payload = {
        "certificate": ids.new_id("crt"),
        "is": "granted",
        "sample": of.id,
        **{key: getattr(of, key) for key in ("rule", "version", "clause", "clause_version")},
        "level": of.level,
        "wanted": of.wanted,
        "labellers": list(of.labellers),
        "until": tx.recv + LASTS,
        "cap": certificate.cap(of.found, of.days),
        "usual": -(-of.found * 7 // max(of.days, 1)),
        "seed": secrets.token_bytes(32).hex(),
        "replaces": None if replaced is None else replaced.id,
        "labels": of.counted.labels,
        "right": of.counted.right,
        "agreed": [of.agreed.right, of.agreed.labels],
        "others": [of.others.right, of.others.labels],
    }
    if replaced is not None:
        _end_licence(hands.store, tx, replaced)
    effect = done(
        hands, tx, "certificate", payload, public(of), "granted alone" if of.alone else "granted"
    )
    one = hands.community.register.certificates[payload["certificate"]].licence
    row = (one.id, one.kind, one.clause, one.rule, one.version, one.level, one.hold, one.cap)
    tx.later.append(lambda: hands.store.run("add_certificate", (*row, one.until, tx.seq)))
    return effect


def demote(hands: Hands, tx: Transaction, control: Control) -> Effect:
    """Take a certificate away: its rule asks people again, what it holds stays, and what it did
    since its audit was last clean comes before them (`reopening`).
    """
    due: Due = control.sealed["due"]
    about = hands.community.register.certificates[due.about]
    reopened, more = reopening.reopen(hands, tx, about)
    again = {"reopened": reopened, "more": more}
    payload = {"certificate": about.id, "why": due.what, **_counts(about), **again}
    _end_licence(hands.store, tx, about)
    effect = done(hands, tx, "demotion", payload, public(about), due.what)
    case = Opened(about.clause, about.rule, "review", DEMOTED)
    return replace(effect, cases=(case,))


def _counts(about: Certificate) -> dict[str, int]:
    """What a certificate's audit had come to."""
    return {
        "labels": about.counted.labels,
        "right": about.counted.right,
        "acted": about.acted,
        "overturned": about.overturned,
    }


def _end_licence(store: Store, tx: Group, about: Certificate) -> None:
    ended = {"id": about.licence.id, "seq": tx.seq}
    tx.later.append(lambda: store.run("end_licence", ended))


def public(about: Sample | Certificate) -> dict[str, str]:
    """What the public log says of it."""
    return {"clause": about.clause, "rule": about.rule, "version": about.version}


def done(
    hands: Hands,
    tx: Group,
    control: str,
    payload: Mapping[str, Any],
    about: Mapping[str, Any],
    outcome: str,
) -> Effect:
    """Let a control take effect; its line in the public log names the version, and nobody."""
    apply(hands.community, control, tx.seq, tx.recv, payload)
    leaf: LeafType = "demotion" if control == "demotion" else "certificate"
    fields = {key: about[key] for key in ("clause", "rule", "version")}
    return Effect(payload, leaf, {**fields, "outcome": OUTCOMES.get(outcome, outcome)}, touched=1)


# --- live, replayed and recovered alike -----------------------------------------------------------


def apply(
    community: Community, control: str, seq: int, recv: int, payload: Mapping[str, Any]
) -> None:
    """Take in a control, and let rules act by the certificates there are."""
    community.register.apply(control, seq, recv, payload)
    community.license()


def difference(held: Register, control: str, payload: Mapping[str, Any]) -> str:
    """Whether a recorded grant or demotion follows from the labels before it; what is wrong."""
    if control == "certificate" and payload["is"] == "granted":
        about = held.samples.get(payload["sample"])
        if about is None or not about.proves() or about.level != payload["level"]:
            return "a certificate that its labels do not prove"
    elif control == "demotion":
        about_ = held.certificates.get(payload["certificate"])
        if about_ is None or about_.alarm() != payload["why"]:
            return "a demotion that nothing gave cause for"
    elif control == "draw" and "sample" in payload:
        drawn = held.samples.get(payload["sample"])
        if drawn is None or drawn.waiting is None:
            return "a seed without a population"
    return ""


class _Config(msgspec.Struct):
    """Of an activation, what certificates hang on; all else is passed over."""

    manifest: dict[str, Any]


def restore(held: Register, store: Store, after: int = 0, until: int | None = None) -> int:
    """Tell a register all that came after a record: the controls there were, and what was decided
    under certificates, in the order of the journal, or only up to record `until`. The record up to
    which it knows then.
    """
    head = store.one("head") if until is None else None
    part = {"after": after, "until": (until or 0) if head is None else head[2]}
    held.licence_of = lambda decision: licence(store, decision)
    acts = (
        (seq, partial(held.acted, under, about, recv))
        for _, under, seq, recv, about in store.each("certified_decisions", part)
    )
    controls = (
        (row[0], partial(_tell, held, *row)) for row in store.each("certificate_controls", part)
    )
    for _, tell in heapq.merge(controls, acts, key=itemgetter(0)):
        tell()
    return int(part["until"])


def _tell(held: Register, seq: int, recv: int, name: str, content: str) -> None:
    """Tell a register a control that there was."""
    if name == "!config":
        told: dict[str, Any] = {"manifest": msgspec.json.decode(content, type=_Config).manifest}
    else:
        told = journal.read_json(content)
    held.apply(name.removeprefix("!"), seq, recv, told)


def licence(store: Store, decision: str) -> str | None:
    """The licence that a decision was made under."""
    row = store.one("decision", (decision,))
    return None if row is None else row[10]
