"""How each rule stands: who wrote its version, who else approved it, and until when it watches.

A rule's version is its content (`rules.check`): its words, its clause, what it reads. Author,
approvals and watching belong to one version and begin anew with the next; mode, description and
examples are no part of it. A rule on watch ends 90 days after its version came to watch, unless a
person renews it. Being a draft in between, or no rule at all, changes nothing; having acted does:
it then watches anew.

All of it follows from controls and the instants they were received at. This module must never read
a clock, and never know a name: people are tokens here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ombud.clock import DAY

WATCH = 90 * DAY  # promise 11
SOON = 14 * DAY  # how long before its end an operator is told
APPROVED, ONE_PERSON = "approved", "one person"
WATCHING, ENDS_SOON, ENDED = "watching", "ends soon", "ended"


class Stands(msgspec.Struct, frozen=True):
    """How one rule stands. People are tokens.

    `until`: the first instant at which it watches no more; None where it has not come to watch
    since it last acted. `unnamed`: nobody said who its author is, so that the first who approves it
    may be the author, and only the second is certainly somebody else.
    """

    version: str
    author: int
    approved: tuple[int, ...] = ()
    until: int | None = None
    unnamed: bool = False

    @property
    def eyes(self) -> str:
        """Whether somebody else than its author stands behind this version."""
        return APPROVED if len(self.approved) > self.unnamed else ONE_PERSON


class Rule(msgspec.Struct, frozen=True):
    """What of a rule its standing rests on."""

    version: str
    mode: str
    acting: bool = False


Standing = Mapping[str, Stands]  # by rule
Versions = Mapping[tuple[str, str], Stands]  # by rule and version


def coming(before: Standing, rules: Mapping[str, Rule]) -> frozenset[tuple[str, str]]:
    """The rules, each with its version, that an activation brings in anew or brings back."""
    return frozenset(
        (name, rule.version)
        for name, rule in rules.items()
        if name not in before or before[name].version != rule.version
    )


def succeed(
    before: Standing,
    rules: Mapping[str, Rule],
    author: int,
    recv: int,
    left: Versions,
    *,
    unnamed: bool = False,
) -> Standing:
    """How the rules stand once they are activated at `recv` by `author`, who may be `unnamed`.

    `left`: how versions that are not in force now stood when they last were. Whoever puts one back
    does not become its author, and its time on watch does not begin again.
    """
    here = {(name, each.version): each for name, each in before.items()}
    found = {}
    for name, rule in rules.items():
        known = here.get((name, rule.version)) or left.get((name, rule.version))
        known = known or Stands(rule.version, author, unnamed=unnamed)
        found[name] = _one(known, rule, recv)
    return found


def _one(before: Stands, rule: Rule, recv: int) -> Stands:
    until = before.until
    if rule.acting:
        until = None
    elif rule.mode == "watch" and until is None:
        until = recv + WATCH
    return msgspec.structs.replace(before, until=until)


def renewed(standing: Standing, rule: str, until: int) -> Standing:
    """With 90 days more for a rule that watches, or did."""
    return {**standing, rule: msgspec.structs.replace(standing[rule], until=until)}


def approved(standing: Standing, rule: str, by: int) -> Standing:
    """With one more person behind a rule's version."""
    known = standing[rule]
    return {**standing, rule: msgspec.structs.replace(known, approved=(*known.approved, by))}


def state(until: int | None, now: int) -> str | None:
    """How a watching rule stands, in words; None where no end is set."""
    if until is None:
        return None
    if now >= until:
        return ENDED
    return ENDS_SOON if now >= until - SOON else WATCHING


# --- as it stands in the journal ------------------------------------------------------------------


def as_json(standing: Standing) -> dict[str, Any]:
    """As an activating control carries it, so that the last one alone tells all."""
    found: dict[str, Any] = msgspec.to_builtins(dict(sorted(standing.items())))
    return found


def from_json(told: Mapping[str, Any]) -> Standing:
    """What a control carried. In one of an earlier program there is nothing: no rule has an end."""
    return msgspec.convert(told.get("standing", {}), dict[str, Stands])
