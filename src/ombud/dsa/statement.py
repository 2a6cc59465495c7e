"""One decision's statement of reasons, as the EU's database takes it.

Built from the clause, from closed lists and from templates; what somebody wrote, what anybody is
called and what staff said to them is not at hand here. This module must never say more of a
decision than its unsealed row and its clause do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from ombud import clock, decisions
from ombud.config import Dsa
from ombud.dsa import codes
from ombud.dsa.norms import Norms
from ombud.rules.categories import OTHER
from ombud.store.sqlite import Row

INCOMPATIBLE = "DECISION_GROUND_INCOMPATIBLE_CONTENT"
OWN = "SOURCE_VOLUNTARY"
NOTICE, TRUSTED = "SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER"
REPORT = "SOURCE_TYPE_OTHER_NOTIFICATION"
DAYS_KEPT = 10_000
FULLY, PARTIALLY, NOT = (
    f"AUTOMATED_DECISION_{each}" for each in ("FULLY", "PARTIALLY", "NOT_AUTOMATED")
)

_DONE: Mapping[str, str] = {
    "label": "was labelled",
    "context": "was shown with a published source beside it",
    "mark sensitive": "was marked as sensitive",
    "hold": "was held back for a person to look at",
    "limit": "was shown to fewer people",
    "remove": "was removed",
    "slow": "was slowed",
    "require approval": "was set to let people in by hand",
    "lock": "was locked",
    "ban from room": "was kept out of a room",
    "suspend": "was suspended",
}
_BEGAN: Mapping[str, str] = {
    OWN: "Nobody had reported it.",
    NOTICE: "A notice had reported it.",
    TRUSTED: "A notice by a trusted flagger had reported it.",
    REPORT: "A report had drawn attention to it.",
}
_DECIDED: Mapping[str, str] = {
    FULLY: "A rule found it and decided by itself.",
    PARTIALLY: "A person decided, with the help of a rule.",
    NOT: "A person decided.",
}
_TOLD = (
    "Who is concerned was given the clause and the facts, and may appeal for six months; "
    "a person decides appeals."
)

_encode = msgspec.json.Encoder().encode


class Made(NamedTuple):
    """A decision's unsealed row: first what is its own, then what many may share. `config`: the
    record of the configuration it was made under; `kind` and `written`: the kind and the time
    (microseconds) of what it is about.
    """

    position: int
    puid: str
    time: int
    until: int | None
    written: int | None
    clause: str
    rule: str | None
    by_role: str
    action: str
    licence: str | None
    target: str
    content: str
    lang: str
    origin: str
    found: str | None
    config: int
    kind: str | None


SHARED_FROM = 5  # where what many may share begins


def origin(made_origin: str, kind: str | None) -> str:
    """What began a decision; of one that was made before that was kept, by its record."""
    return made_origin or (decisions.FLAG if kind == "flag" else decisions.OWN)


def source(made_origin: str, flags: str) -> str:
    """The source of a decision, by what began it and what members' flags are (`[dsa] flags`)."""
    if made_origin == decisions.OWN:
        return OWN
    if made_origin == decisions.TRUSTED:
        return TRUSTED
    return NOTICE if made_origin == decisions.FLAG and flags == "notices" else REPORT


def automated(by_role: str, licence: str | None, *, detected: bool, found: bool) -> str:
    """How far a program decided. A standing order is a person's decision that a rule carries out;
    a person whom a rule showed the case decides with its help.
    """
    if by_role == "rule":
        return PARTIALLY if (licence or "").startswith(decisions.ORDER) else FULLY
    return PARTIALLY if detected and found else NOT


class Shared(NamedTuple):
    """What many statements have in common: their fields as JSON without its braces, and the field
    that says when the restriction ends ("" where none does).
    """

    fields: str
    end: str


class Writer:
    """Writes statements in one community's terms. What many have in common is worked out, and
    made into JSON, once: a million statements differ in their ids and days alone.
    """

    def __init__(self, norms: Norms, terms: Dsa) -> None:
        self._norms = norms
        self._terms = terms
        self._alike: tuple[dict[Sequence[object], Shared], ...] = ({}, {})  # without an end, with

    def write(self, made: Row) -> bytes:
        """The statement of one decision (a row as `Made` has it), as JSON."""
        _, puid, time, until, written, *_ = made
        day = time // clock.DAY
        last = None if until is None else until // clock.DAY
        days, end = _days(day, day if written is None else min(written // clock.DAY, day), last)
        alike = self._alike[bool(end)]
        shared = alike.get(made[SHARED_FROM:])
        if shared is None:
            shared = alike[made[SHARED_FROM:]] = self._as_json(Made(*made), ends=bool(end))
        # ids are letters and digits, days digits and hyphens: none of them needs escaping
        ends = f',"{shared.end}":"{end}"' if end else ""
        return f'{{"puid":"{puid}",{days}{ends},{shared.fields}}}'.encode()

    def _as_json(self, made: Made, *, ends: bool) -> Shared:
        end = codes.measure(made.action, made.kind, made.target).end if ends else ""
        return Shared(_encode(self._shared(made, ends=ends)).decode()[1:-1], end)

    def _shared(self, made: Made, *, ends: bool) -> dict[str, Any]:
        measure = codes.measure(made.action, made.kind, made.target)
        norm = self._norms.norm(made.config, made.clause)
        began = origin(made.origin, made.kind)
        detected = began == decisions.OWN and (made.by_role == "rule" or made.found is not None)
        decided = automated(
            made.by_role, made.licence, detected=detected, found=made.found is not None
        )
        named = source(began, self._terms.flags)
        many = measure.field == "decision_visibility"
        shared: dict[str, Any] = {
            measure.field: [measure.code] if many else measure.code,
            "decision_ground": INCOMPATIBLE,
            "incompatible_content_ground": norm.ground,
            "incompatible_content_explanation": norm.explanation,
            "category": norm.filed.category,
            "category_specification": list(norm.filed.keywords),
            "territorial_scope": list(self._terms.territory),
            "source_type": named,
            "automated_detection": "Yes" if detected else "No",
            "automated_decision": decided,
            "decision_facts": self._facts(made, named, decided, ends=ends),
            **_content(made),
        }
        if measure.other:
            shared["decision_visibility_other"] = measure.other
        if OTHER in norm.filed.keywords:
            shared["category_specification_other"] = norm.other
        if norm.filed.also:
            shared["category_addition"] = list(norm.filed.also)
        if self._terms.account_type:
            shared["account_type"] = f"ACCOUNT_TYPE_{self._terms.account_type.upper()}"
        return shared

    def _facts(self, made: Made, named: str, decided: str, *, ends: bool) -> str:
        rule = made.rule or made.found
        looked = self._norms.looked_at(made.config, rule)
        ending = ", until the day given here" if ends else ""
        order = (made.licence or "").startswith(decisions.ORDER)
        parts = [
            f"{codes.noun(made.kind, made.target)} {_DONE[made.action]}{ending}.",
            _BEGAN[named],
            "A rule carried out what a person had decided about this campaign."
            if order
            else _DECIDED[decided],
        ]
        if looked:
            parts.append(f"The rule looks at: {'; '.join(looked)}.")
        return " ".join([*parts, _TOLD])


def _content(made: Made) -> dict[str, Any]:
    """What the content is, and in which language."""
    kinds = [codes.CONTENT[each] for each in made.content.split() if each in codes.CONTENT]
    found: dict[str, Any] = {"content_type": kinds or [codes.CONTENT_OTHER]}
    if not kinds:
        found["content_type_other"] = codes.noun(made.kind, made.target)
    if made.lang.upper() in codes.LANGUAGES:
        found["content_language"] = made.lang.upper()
    return found


@lru_cache(DAYS_KEPT)
def _days(applied: int, written: int, until: int | None) -> tuple[str, str]:
    """The days of a statement as JSON, and the day its restriction ends ("": it does not, or
    beyond what the database takes).
    """
    first, day = _day(written), _day(applied)
    end = "" if until is None else _day(until)
    days = f'"content_date":"{max(first, codes.DATES[0])}","application_date":"{day}"'
    return days, "" if end > codes.DATES[2] else max(end, day) if end else ""


def _day(number: int) -> str:
    """The day of that number since 1970: `2026-11-22`."""
    return clock.day(number * clock.DAY)
