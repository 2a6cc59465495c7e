"""A rule on watch is renewed; a second pair of eyes approves a rule's version.

Both hold for the version in force when they are journalled. This module must never let a person be
the second pair of eyes for what they wrote themselves.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from ombud import journal
from ombud.activation import standing
from ombud.activation.standing import Standing, Stands, Versions
from ombud.controls import staff
from ombud.effects import Effect, Group, Hands
from ombud.errors import BadUse, catalogue
from ombud.journal import Control
from ombud.staff import people
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.verdicts.community import Community

catalogue(
    U080=("There is no rule called {rule} in force.", "`ombud rules list` shows the rules."),
    U081=(
        "{rule} does not watch, so there is nothing to renew.",
        "`ombud rules list` shows which rules watch, and until when.",
    ),
    U082=(
        "{name} wrote this version of {rule} and cannot be its second pair of eyes.",
        'Let somebody else read and approve it. Until then its decisions say "one person".',
    ),
    U083=("{name} has approved this version of {rule} already.", "There is nothing more to do."),
    U084=(
        "{rule} stands in force as version {found}, and not as {wanted}.",
        "Read the rule as it is in force, then approve that version.",
    ),
)


def renew(hands: Hands, tx: Group, control: Control) -> Effect:
    """Give a rule on watch 90 days more, from now. Raises BadUse U080, U081, or as
    `staff.require`.
    """
    by = staff.require(hands.community, hands.keys, control.sealed["by"], "approval")
    rule, known = _known(hands.community, control)
    written = hands.community.active.written.get(rule)
    if known.until is None or written is None or written.acting or written.mode != "watch":
        raise BadUse("U081", rule, rule=rule)
    payload = {
        "rule": rule,
        "version": known.version,
        "until": tx.recv + standing.WATCH,
        "by": by,
    }
    apply(hands.community, "renewal", payload)
    return _effect(payload, "renewed")


def approve(hands: Hands, _: Group, control: Control) -> Effect:
    """Put one more person behind the version of a rule that is in force. Raises BadUse U080 to
    U085, or as `staff.require`.
    """
    rule, known = _known(hands.community, control)
    name, wanted = people.called(control.sealed["by"]), control.sealed.get("version") or ""
    by = staff.require(hands.community, hands.keys, name, "approval")
    if not known.version.startswith(wanted):
        found = known.version[: max(12, len(wanted))]
        raise BadUse("U084", rule, rule=rule, found=found, wanted=wanted)
    if people.unnamed(name):
        raise people.nobody(name)
    if _is_one_of(hands.keys, by, name, (known.author,)):
        raise BadUse("U082", rule, rule=rule, name=name)
    if _is_one_of(hands.keys, by, name, known.approved):
        raise BadUse("U083", rule, rule=rule, name=name)
    payload = {"rule": rule, "version": known.version, "by": by}
    apply(hands.community, "approval", payload)
    return _effect(payload, "approved")


def _is_one_of(keys: KeyFile, by: int, name: str, others: Collection[int]) -> bool:
    """Whether somebody is, or is called like, one of some people."""
    names = [people.name_of(keys, other) for other in others]
    looks = [people.look(each) for each in names if each is not None]
    return by in others or people.look(name) in looks


def _known(community: Community, control: Control) -> tuple[str, Stands]:
    rule = str(control.sealed["rule"])
    known = community.active.standing.get(rule)
    if known is None:
        raise BadUse("U080", rule, rule=rule)
    return rule, known


def _effect(payload: Mapping[str, Any], outcome: str) -> Effect:
    """The public log says which version of which rule, and nothing of who."""
    fields = {"rule": payload["rule"], "version": payload["version"], "outcome": outcome}
    return Effect(payload, "config", fields)


# --- live, replayed and recovered alike -----------------------------------------------------------


def apply(community: Community, control: str, payload: Mapping[str, Any]) -> None:
    """Let a renewal or an approval take effect."""
    changed = _changed(community.active.standing, control, payload)
    community.active = community.active.stands(changed)


def _changed(before: Standing, control: str, payload: Mapping[str, Any]) -> Standing:
    if control == "renewal":
        return standing.renewed(before, payload["rule"], payload["until"])
    return standing.approved(before, payload["rule"], payload["by"])


class _Carried(msgspec.Struct):
    """Of an activation, how the rules stood; all else is passed over."""

    standing: dict[str, Stands] = {}


def left(store: Store, coming: Collection[tuple[str, str]]) -> Versions:
    """How versions stood when they were last in force, as far as they ever were; `coming`: which,
    each with the name of its rule. Read from all activations, renewals and approvals there were.
    """
    each = (_controls(store, control) for control in ("config", "renewal", "approval"))
    now: Standing = {}
    found: dict[tuple[str, str], Stands] = {}
    for _, control, payload in heapq.merge(*each, key=lambda row: row[0]):
        if control == "config":
            now = msgspec.json.decode(payload, type=_Carried).standing
        else:
            now = _changed(now, control, journal.read_json(payload))
        for name, version in coming:
            if name in now and now[name].version == version:
                found[name, version] = now[name]
    return found


def _controls(store: Store, control: str) -> Iterator[tuple[int, str, str]]:
    """The controls of one type, in order, one at a time: activations are large."""
    for seq, _, payload in store.each("controls", (f"!{control}",)):
        yield seq, control, payload


def in_force(store: Store, activation: int, carried: Mapping[str, Any]) -> Standing:
    """How the rules stand now: as the last activation, at record `activation`, carried it, with all
    that was renewed and approved since.
    """
    found = standing.from_json(carried)
    for control in ("renewal", "approval"):
        for seq, _, payload in store.all("controls", (f"!{control}",)):
            if seq > activation:
                found = _changed(found, control, journal.read_json(payload))
    return found
