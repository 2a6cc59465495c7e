"""The eleven sheets of the yearly report: names, heads and rows, as Annex I has them.

Implementing Regulation (EU) 2024/2835, parts 1 to 11 of its CSV templates, to the letter and to the
space at the end of a heading. This module must never count anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ombud.rules.categories import (
    CATEGORIES,
    NOT_SPECIFIED_NOTICE,
    NOT_SPECIFIED_ORDER,
    TERMS_ONLY,
)

NAMES = (
    *("part-01-summary", "part-02-categories-names", "part-03-member-states-orders"),
    *("part-04-notices", "part-05-own-initiative-illegal", "part-06-own-initiative-tc"),
    *("part-07-appeals-and-recidivism", "part-08-automated-means", "part-09-human-resources"),
    *("part-10-amar", "part-11-qualitative"),
)
TOTAL = "TOTAL"
ALL = "All"
HOSTING = "Only for providers of hosting services, including online platforms"
PLATFORMS = "Only for providers of online platforms"
LARGE = "Only for VLOPs"
LARGE_ENGINES = "Only for VLOPs and VLOSEs"
OFFICIAL = (  # the official languages of the Union
    *("bg", "hr", "cs", "da", "nl", "en", "et", "fi", "fr", "de", "el", "hu", "ga", "it", "lv"),
    *("lt", "mt", "pl", "pt", "ro", "sk", "sl", "es", "sv"),
)

_LEFT = ("Applicability", "Service", "Reporting period")
_OTHER = 'Description of the sub-category "Other"'
_ILLEGAL = "Category of illegal content"

SUMMARY_HEAD = ("Applicability", "Service", "Indicator", "Value")
SUMMARY = (
    "Name of the service provider",
    "Date of the publication of the report",
    "Date of the publication of the latest previous report",
    "Starting date of reporting period",
    "Ending date of reporting period",
)
NAMES_HEAD = (
    "Category label",
    "Category description",
    "Category of illegal content / incompatible with the terms and conditions",
    "Contextual information",
)
_TO_ACT = "act against illegal content"
_TO_TELL = "provide information"
ORDERS = (
    f"Number of orders to {_TO_ACT} received",
    f"Number of specific items of information included in the total number of orders to {_TO_ACT}",
    f"Median time to inform the authority of the receipt of the order to {_TO_ACT}",
    f"Median time to give effect to the order to {_TO_ACT}",
    f"Number of orders to {_TO_TELL}",
    f"Median time to inform the authority of the receipt of the order to {_TO_TELL}",
    f"Median time to give effect to the order to {_TO_TELL}",
)
# The template's own capitals, which differ from those of the columns they are about.
_ORDERS_ABOUT = tuple(
    each if at in (2, 3, 4, 5, 6) else each[0].lower() + each[1:] for at, each in enumerate(ORDERS)
)
ORDERS_HEAD = (
    *(*_LEFT, _ILLEGAL, _OTHER, "Scope", *ORDERS),
    *(f"Contextual information on {each}" for each in _ORDERS_ABOUT),
)
_BY_TRUSTED = "(Trusted Flagger notices)"
NOTICES = (
    "Number of notices received ",
    "Number of notices received from Trusted flaggers",
    "Number of specific items of information included in the total number of notices",
    (
        "Number of specific items of information included in the total number of notices by "
        f"Trusted Flaggers {_BY_TRUSTED}"
    ),
    "Median time to take action",
    f"Median time to take action {_BY_TRUSTED}",
    "Number of actions taken on the basis of the law",
    f"Number of actions taken on the basis of the law {_BY_TRUSTED}",
    "Number of actions taken on the basis of the terms and conditions of the service",
    (
        "Number of actions taken on the basis of the terms and conditions of the service "
        f"{_BY_TRUSTED}"
    ),
)
NOTICES_HEAD = (
    *(*_LEFT, _ILLEGAL, _OTHER, *NOTICES),
    *(f"Contextual information on {each}" for each in NOTICES),
)
MEASURES = (
    "Number of measures taken at the provider's own initiative ",
    "Number of measures taken after detection with solely automated means ",
    "Visibility restriction Removal",
    "Visibility restriction Disable",
    "Visibility restriction Demoted",
    "Visibility restriction Age restricted",
    "Visibility restriction Interaction restricted",
    "Visibility restriction Labelled ",
    "Visibility restriction Other",
    "Monetary restriction Suspension",
    "Monetary restriction Termination",
    "Monetary restriction Other",
    "Provision of the service Suspension",
    "Provision of the service Termination",
    "Account restriction Suspension",
    "Account restriction Termination",
)
COLUMN_OF = {  # of a measure's code in the database
    "DECISION_VISIBILITY_CONTENT_REMOVED": 2,
    "DECISION_VISIBILITY_CONTENT_DISABLED": 3,
    "DECISION_VISIBILITY_CONTENT_DEMOTED": 4,
    "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED": 6,
    "DECISION_VISIBILITY_CONTENT_LABELLED": 7,
    "DECISION_VISIBILITY_OTHER": 8,
    "DECISION_PROVISION_PARTIAL_SUSPENSION": 12,
    "DECISION_PROVISION_TOTAL_SUSPENSION": 12,
    "DECISION_ACCOUNT_SUSPENDED": 14,
}


def measures_head(category: str) -> tuple[str, ...]:
    """The head of a sheet of measures; `category`: what its categories are called."""
    about = (f"Contextual Information on {each}" for each in MEASURES)
    return (*_LEFT, category, _OTHER, *MEASURES, *about)


ILLEGAL_HEAD = measures_head(_ILLEGAL)
TERMS_HEAD = measures_head("Category of incompatibility with the provider's terms and conditions")
APPEALS_HEAD = (*_LEFT, "Section", "Indicator", "Scope", "Value", "Contextual Information")
LARGE_HEAD = (*APPEALS_HEAD[:-1], "Contextual information")
AMAR_HEAD = APPEALS_HEAD[:-1]
TEXTS_HEAD = (*_LEFT, "Indicator", "Value")

COMPLAINTS = "Internal complaints mechanism"
SUBMITTED = "Number of complaints submitted to the internal-complaints mechanism"
IMPOSED = "Number of restrictions newly imposed as a result of an internal complaint"
_REGARDING = "Complaint regarding a decision "
VISIBILITY = _REGARDING + "to remove or disable access to or restrict visibility of information"
SERVICE = _REGARDING + "to suspend or terminate the provision of the service"
ACCOUNT = _REGARDING + "to suspend or terminate an account "
MONEY = _REGARDING + "to restrict the ability to monetise information"
NO_ACTION = _REGARDING + "not to take action on a notice submitted in accordance with Article 16"
NO_ACTION_TRUSTED = (
    _REGARDING
    + "not to take action on a notice submitted by a Trusted Flagger in accordance with Article 16"
)
NUMBER, MEDIAN, OMITTED = "Total number", "Median time", "Decision omitted"
UPHELD, PARTLY, REVERSED = "Decisions upheld", "Decisions partially reversed", "Decisions reversed"
_ENDS = (NUMBER, UPHELD, PARTLY, REVERSED, MEDIAN)
DISPUTES = "Out-of-court dispute settlement bodies"
SETTLED = "Number of disputes submitted to out-of-court dispute settlement bodies"
OFFENDERS = "Suspensions imposed on repeated offenders"
_ENACTED = "Number of suspensions enacted for the provision of manifestly "
SUSPENSIONS = (
    _ENACTED + "illegal content ",
    _ENACTED + "unfounded notices",
    _ENACTED + "unfounded complaints",
)
AUTOMATED = "Use of automated means for content moderation"
TAKEN_BY = "Number of measures solely taken by automated means "
NOT_TAKEN_BY = "Number of measures not taken by automated means"
NOTICES_BY = "Number of notices solely processed by automated means "
NOTICES_NOT_BY = "Number of notices not processed by automated means"
RIGHT = tuple(
    f"Accuracy of the automated means - {each}" for each in ("Accuracy", "Precision", "Recall")
)
PRECISION = RIGHT[1]
SYSTEM = "Rule {rule}, certified since {day}"  # the scope of a system's own rows in sheet 8
OWN, OF_NOTICES, OF_TRUSTED = "Own-initiative ", "NAM Total", "NAM Trusted Flagger"
PEOPLE = "Human resources dedicated to content moderation "
MODERATORS = (
    "Number of internal moderators employed by the provider",
    "Number of external moderators contracted by the provider",
    "Number of total moderators with sufficient linguistic expertise ",
)
ACTIVE = "Number of average monthly active recipients during the reporting period "
TEXTS = (
    "Summary of the content moderation engaged in at the providers’ own initiative",
    (
        "Meaningful and comprehensible information regarding content moderation engaged in at the "
        "providers' own initiative"
    ),
    "Qualitative description of the automated means",
    (
        "Qualitative description of indicators of accuracy and possible rate of error of automated "
        "means"
    ),
    "Specification of the precise purposes to apply automated means",
    "Safeguards applied to the use of automated means",
)
TEXTS_OF_LARGE = (
    "High-level description of the content moderation governance structure",
    "Qualifications of the human resources dedicated to content moderation",
    "Training given to human resources dedicated to content moderation",
    "Support given to human resources dedicated to content moderation ",
    "Methodology used to compute the number of human resources dedicated to content moderation  ",
)
TEXT_LENGTH_MAX = 5000


class Line(NamedTuple):
    """One row of a sheet by category. `keyword` is empty in a category's own row."""

    code: str
    category: str
    keyword: str = ""


def lines(sheet: int) -> Iterator[Line]:
    """The rows of a sheet by category (3 to 6), in order: the total, then each category and its
    keywords. Which categories a sheet has differs.
    """
    yield Line(TOTAL, TOTAL)
    for category, keywords in CATEGORIES.items():
        if category == TERMS_ONLY and sheet != 6:
            continue
        yield Line(category, category)
        for keyword in keywords:
            yield Line(keyword, category, keyword)
    last = {3: NOT_SPECIFIED_ORDER, 4: NOT_SPECIFIED_NOTICE}.get(sheet)
    if last is not None:
        yield Line(last, last)


def appeals() -> Iterator[tuple[str, str, str, str]]:
    """The rows of sheet 7: for whom, section, indicator, scope."""
    for scope in (NUMBER, UPHELD, PARTLY, REVERSED, MEDIAN, OMITTED):
        yield ALL if scope == NUMBER else PLATFORMS, COMPLAINTS, SUBMITTED, scope
    yield PLATFORMS, COMPLAINTS, IMPOSED, NUMBER
    for indicator in (VISIBILITY, SERVICE, ACCOUNT, MONEY, NO_ACTION, NO_ACTION_TRUSTED):
        for scope in _ENDS:
            yield PLATFORMS, COMPLAINTS, indicator, scope
    for scope in (*_ENDS, OMITTED, "Percentage of outcomes implemented"):
        yield PLATFORMS, DISPUTES, SETTLED, scope
    for indicator in SUSPENSIONS:
        yield PLATFORMS, OFFENDERS, indicator, NUMBER


def automated() -> Iterator[tuple[str, str, str]]:
    """The rows of sheet 8: for whom, indicator, scope."""
    for scope in (NUMBER, OWN):
        for indicator in (TAKEN_BY, NOT_TAKEN_BY, *RIGHT):
            yield ALL, indicator, scope
    for whom, scope in ((HOSTING, OF_NOTICES), (PLATFORMS, OF_TRUSTED)):
        for indicator in (NOTICES_BY, NOTICES_NOT_BY, *RIGHT):
            yield whom, indicator, scope
    for indicator in (TAKEN_BY, NOT_TAKEN_BY, *RIGHT):
        for lang in OFFICIAL:
            yield LARGE, indicator, lang
