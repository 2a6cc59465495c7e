"""The closed lists of the EU's database: what a decision is there, and by which codes.

As the database has taken them since 2025-07-01 (its validation code of 2026-06-24). Everything that
restricts has a place here; `rules.categories` has what a clause is. This module must never guess:
what has no code of its own is OTHER, in words that are true.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ombud.config import EEA

DATES = ("2000-01-01", "2020-01-01", "2038-01-01")  # content from, restrictions from, both until
NOT_EU = frozenset({"IS", "LI", "NO"})  # of the EEA
MEMBER_STATES = tuple(each for each in EEA if each not in NOT_EU)

_LANGUAGES = (
    "AB AA AF AK SQ AM AR AN HY AS AV AE AY AZ BM BA EU BE BN BH BI BS BR BG MY CA KM CH CE "
    "NY ZH CU CV KW CO CR HR CS DA DV NL DZ EN EO ET EE FO FJ FI FR FF GD GL LG KA DE KI EL "
    "KL GN GU HT HA HE HZ HI HO HU IS IO IG ID IA IE IU IK GA IT JA JV KN KR KS KK RW KV KG "
    "KO KJ KU KY LO LA LV LB LI LN LT LU MK MG MS ML MT GV MI MR MH RO MN NA NV ND NG NE SE "
    "NO NB NN II OC OJ OR OM OS PI PA PS FA PL PT QU RM RN RU SM SG SA SC SR SN SD SI SK SL "
    "SO ST NR ES SU SW SS SV TL TY TG TA TT TE TH BO TI TO TS TN TR TK TW UG UK UR UZ VE VI "
    "VO WA CY FY WO XH YI YO ZA ZU "
)
LANGUAGES = frozenset(_LANGUAGES.split())  # ISO 639-1, in capitals; Greek is EL


class Measure(NamedTuple):
    """What an action is: the field and its code, the field of its end, and the words of OTHER."""

    field: str
    code: str
    end: str
    other: str = ""


def _seen(code: str, other: str = "") -> Measure:
    code = "DECISION_VISIBILITY_" + code
    return Measure("decision_visibility", code, "end_date_visibility_restriction", other)


_PROVISION = "decision_provision", "DECISION_PROVISION_", "end_date_service_restriction"
_PART = Measure(_PROVISION[0], _PROVISION[1] + "PARTIAL_SUSPENSION", _PROVISION[2])
_WHOLE = Measure(_PROVISION[0], _PROVISION[1] + "TOTAL_SUSPENSION", _PROVISION[2])
_SENSITIVE = "Marked as sensitive: it is shown after a warning"

MEASURES: Mapping[str, Measure] = {
    "label": _seen("CONTENT_LABELLED"),
    "context": _seen("CONTENT_LABELLED"),
    "mark sensitive": _seen("OTHER", _SENSITIVE),
    "hold": _seen("CONTENT_DISABLED"),
    "limit": _seen("CONTENT_DEMOTED"),
    "remove": _seen("CONTENT_REMOVED"),
    "slow": _seen("CONTENT_INTERACTION_RESTRICTED"),
    "require approval": _seen("CONTENT_INTERACTION_RESTRICTED"),
    "lock": _seen("CONTENT_INTERACTION_RESTRICTED"),
    "ban from room": _PART,
    "suspend": Measure(
        "decision_account", "DECISION_ACCOUNT_SUSPENDED", "end_date_account_restriction"
    ),
}
# Who waits for admission is kept from all of the service; who waits before a room, from part of it.
HELD: Mapping[str, Measure] = {
    "registration": _WHOLE,
    **dict.fromkeys(("join", "invite", "room"), _PART),
}

CONTENT: Mapping[str, str] = {
    each: "CONTENT_TYPE_" + each.upper() for each in ("text", "image", "video", "audio")
}
CONTENT_OTHER = "CONTENT_TYPE_OTHER"


def measure(action: str, kind: str | None, target: str) -> Measure:
    """What an action on something of a kind is. LookupError for one that restricts nobody."""
    if action == "hold" and target not in ("room", "author"):
        return HELD.get(kind or "", MEASURES[action])
    return MEASURES[action]


_NAMED: Mapping[str, str] = {
    "registration": "A registration",
    "profile": "A profile",
    "join": "An entry to a room",
    "invite": "An invitation",
    "room": "A new room",
    "upload": "An uploaded file",
    "flag": "Content that was reported",
}


def noun(kind: str | None, target: str) -> str:
    """What is restricted, in words for everybody."""
    if target in ("room", "author"):
        return "A room" if target == "room" else "An account"
    return _NAMED.get(kind or "", "A post")
