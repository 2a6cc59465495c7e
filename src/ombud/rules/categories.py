"""The categories and keywords of the EU's transparency database, and what each harm is there.

One closed table: Annex I of Implementing Regulation (EU) 2024/2835, in the order of its sheets, as
the database has taken the same codes since 2025-07-01. A clause may name its own; where it names
none, its harm has one. This module must never hold a code that a sheet of the report does not have:
what could not be reported is refused where it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ombud.rules.diagnostic import did_you_mean

CATEGORY, KEYWORD = "STATEMENT_CATEGORY_", "KEYWORD_"
OTHER = "KEYWORD_OTHER"  # of every category; what it is stands beside it in words
TERMS_ONLY = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"  # never illegal, only against the terms
NOT_SPECIFIED_NOTICE = "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE"  # of a notice without a reason
NOT_SPECIFIED_ORDER = "STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER"  # of an order without one

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "STATEMENT_CATEGORY_ANIMAL_WELFARE": (
        "KEYWORD_ANIMAL_HARM",
        "KEYWORD_UNLAWFUL_SALE_ANIMALS",
        OTHER,
    ),
    "STATEMENT_CATEGORY_CONSUMER_INFORMATION": (
        "KEYWORD_HIDDEN_ADVERTISEMENT",
        "KEYWORD_INSUFFICIENT_INFORMATION_ON_TRADERS",
        "KEYWORD_MISLEADING_INFO_GOODS_SERVICES",
        "KEYWORD_MISLEADING_INFO_CONSUMER_RIGHTS",
        "KEYWORD_NONCOMPLIANCE_PRICING",
        OTHER,
    ),
    "STATEMENT_CATEGORY_CYBER_VIOLENCE": (
        "KEYWORD_CYBER_BULLYING_INTIMIDATION",
        "KEYWORD_CYBER_HARASSMENT",
        "KEYWORD_CYBER_INCITEMENT",
        "KEYWORD_CYBER_STALKING",
        "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING",
        "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE",
        OTHER,
    ),
    "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN": (
        "KEYWORD_BULLYING_AGAINST_GIRLS",
        "KEYWORD_CYBER_HARASSMENT_AGAINST_WOMEN",
        "KEYWORD_CYBER_STALKING_AGAINST_WOMEN",
        "KEYWORD_FEMALE_GENDERED_DISINFORMATION",
        "KEYWORD_INCITEMENT_AGAINST_WOMEN",
        "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING_AGAINST_WOMEN",
        "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE_AGAINST_WOMEN",
        OTHER,
    ),
    "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS": (
        "KEYWORD_BIOMETRIC_DATA_BREACH",
        "KEYWORD_DATA_FALSIFICATION",
        "KEYWORD_MISSING_PROCESSING_GROUND",
        "KEYWORD_RIGHT_TO_BE_FORGOTTEN",
        OTHER,
    ),
    "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH": (
        "KEYWORD_DEFAMATION",
        "KEYWORD_DISCRIMINATION",
        "KEYWORD_HATE_SPEECH",
        OTHER,
    ),
    "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS": (
        "KEYWORD_COPYRIGHT_INFRINGEMENT",
        "KEYWORD_DESIGN_INFRINGEMENT",
        "KEYWORD_GEOGRAPHIC_INDICATIONS_INFRINGEMENT",
        "KEYWORD_PATENT_INFRINGEMENT",
        "KEYWORD_TRADE_SECRET_INFRINGEMENT",
        "KEYWORD_TRADEMARK_INFRINGEMENT",
        OTHER,
    ),
    "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS": (
        "KEYWORD_MISINFORMATION_DISINFORMATION",
        "KEYWORD_VIOLATION_EU_LAW",
        "KEYWORD_VIOLATION_NATIONAL_LAW",
        OTHER,
    ),
    "STATEMENT_CATEGORY_PROTECTION_OF_MINORS": (
        "KEYWORD_AGE_SPECIFIC_RESTRICTIONS_MINORS",
        "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL",
        "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE",
        "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS",
        "KEYWORD_UNSAFE_CHALLENGES",
        OTHER,
    ),
    "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY": (
        "KEYWORD_ILLEGAL_ORGANIZATIONS",
        "KEYWORD_RISK_ENVIRONMENTAL_DAMAGE",
        "KEYWORD_RISK_PUBLIC_HEALTH",
        "KEYWORD_TERRORIST_CONTENT",
        OTHER,
    ),
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD": (
        "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING",
        "KEYWORD_INAUTHENTIC_ACCOUNTS",
        "KEYWORD_INAUTHENTIC_LISTINGS",
        "KEYWORD_INAUTHENTIC_USER_REVIEWS",
        "KEYWORD_PHISHING",
        "KEYWORD_PYRAMID_SCHEMES",
        OTHER,
    ),
    "STATEMENT_CATEGORY_SELF_HARM": (
        "KEYWORD_CONTENT_PROMOTING_EATING_DISORDERS",
        "KEYWORD_SELF_MUTILATION",
        "KEYWORD_SUICIDE",
        OTHER,
    ),
    "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS": (
        "KEYWORD_PROHIBITED_PRODUCTS",
        "KEYWORD_UNSAFE_PRODUCTS",
        OTHER,
    ),
    "STATEMENT_CATEGORY_VIOLENCE": (
        "KEYWORD_COORDINATED_HARM",
        "KEYWORD_INCITEMENT_VIOLENCE_HATRED",
        "KEYWORD_HUMAN_EXPLOITATION",
        "KEYWORD_HUMAN_TRAFFICKING",
        "KEYWORD_TRAFFICKING_WOMEN_GIRLS",
        OTHER,
    ),
    TERMS_ONLY: (
        "KEYWORD_ADULT_SEXUAL_MATERIAL",
        "KEYWORD_AGE_SPECIFIC_RESTRICTIONS",
        "KEYWORD_GEOGRAPHICAL_REQUIREMENTS",
        "KEYWORD_GOODS_SERVICES_NOT_PERMITTED",
        "KEYWORD_LANGUAGE_REQUIREMENTS",
        "KEYWORD_NUDITY",
        OTHER,
    ),
}


class Filed(NamedTuple):
    """What a clause is in the database and in the report: `category`, further ones it also is, and
    its keywords, the first of which it is counted under.
    """

    category: str
    also: tuple[str, ...]
    keywords: tuple[str, ...]


def _filed(category: str, *keywords: str) -> Filed:
    return Filed(CATEGORY + category, (), tuple(KEYWORD + each for each in keywords))


OF_HARM: Mapping[str, Filed] = {
    "spam": _filed("OTHER_VIOLATION_TC", "OTHER"),
    "scam": _filed("SCAMS_AND_FRAUD", "OTHER"),
    "impersonation": _filed("SCAMS_AND_FRAUD", "IMPERSONATION_ACCOUNT_HIJACKING"),
    "harassment": _filed("CYBER_VIOLENCE", "CYBER_HARASSMENT"),
    "threats": _filed("CYBER_VIOLENCE", "CYBER_BULLYING_INTIMIDATION"),
    "hate": _filed("ILLEGAL_OR_HARMFUL_SPEECH", "HATE_SPEECH"),
    "private-data": _filed("DATA_PROTECTION_AND_PRIVACY_VIOLATIONS", "OTHER"),
    "malware": _filed("SCAMS_AND_FRAUD", "OTHER"),
    "flood": _filed("OTHER_VIOLATION_TC", "OTHER"),
    "form": _filed("OTHER_VIOLATION_TC", "OTHER"),
    "context": _filed("OTHER_VIOLATION_TC", "OTHER"),
}


class Unfit(NamedTuple):
    """What of a `dsa:` term cannot stand: the code, where it begins in the term, and why."""

    code: str
    at: int
    why: str
    hint: str


def read(term: str) -> Filed | Unfit:
    """A `dsa:` term: a category, then keywords and further categories, parted by spaces or commas.
    A keyword belongs to one of the categories beside it.
    """
    categories: list[str] = []
    keywords: list[tuple[str, int]] = []
    at = 0
    for code in term.replace(",", " ").split(" "):
        if code:
            unfit = _unknown(code, at)
            if unfit is not None:
                return unfit
            if code in (*categories, *(each for each, _ in keywords)):
                return Unfit(code, at, "it is there twice", "Delete one of the two.")
            if code.startswith(CATEGORY):
                categories.append(code)
            else:
                keywords.append((code, at))
        at += len(code) + 1
    if not categories:
        hint = "Begin with a category: STATEMENT_CATEGORY_SCAMS_AND_FRAUD."
        return Unfit(term.split(" ", maxsplit=1)[0], 0, "it is no category", hint)
    for code, place in keywords:
        if not any(code in CATEGORIES[each] for each in categories):
            homes = [each for each in CATEGORIES if code in CATEGORIES[each]]
            why = f"it is no keyword of {categories[0]}"
            return Unfit(code, place, why, f"It belongs to {homes[0]}.")
    named = tuple(each for each, _ in keywords) or (OTHER,)
    return Filed(categories[0], tuple(categories[1:]), named)


def of(harm: str, term: str | None) -> Filed:
    """What a clause is: by its own term, or else, and where that can no longer be read, by its
    harm.
    """
    found = read(term) if term is not None else None
    return found if isinstance(found, Filed) else OF_HARM[harm]


def _unknown(code: str, at: int) -> Unfit | None:
    """Why a code is none that a clause can have; None where it can."""
    if code == "KEYWORD_STALKING":
        hint = "Write KEYWORD_CYBER_STALKING, of STATEMENT_CATEGORY_CYBER_VIOLENCE."
        return Unfit(code, at, "no sheet of the yearly report has it", hint)
    if code in (NOT_SPECIFIED_NOTICE, NOT_SPECIFIED_ORDER):
        hint = "Write the category of what the clause forbids."
        return Unfit(code, at, "it is for what names no reason, and a clause is one", hint)
    known = [*CATEGORIES] if code.startswith("STATEMENT") else [*_ALL_KEYWORDS, *CATEGORIES]
    if code in known:
        return None
    hint = "docs/reference/dsa-categories.md lists every code."
    why = "the database has no such code"
    return Unfit(code, at, why, did_you_mean(code, known, cutoff=0.8) or hint)


_ALL_KEYWORDS = tuple(dict.fromkeys(word for words in CATEGORIES.values() for word in words))
