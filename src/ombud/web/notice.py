"""How one decision is told on the statement page: which sentence stands first, which words apply.

Picks among texts and never makes any up: what was done, why and when comes from the record
(`statement_page`). This module must never read the clock: what the record says is what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from ombud import i18n
from ombud.inforce import AWAITING, NOT_CARRIED_OUT, OVER, Instead, restricts
from ombud.statement_page import ITEMS_A_PART, Item, StatementPage
from ombud.strikes import NONE
from ombud.web.words import TEXTS, Said, choose, dated, moment, named, say

NOT_YET = (AWAITING, NOT_CARRIED_OUT)  # decided, and nothing of it is in force
_KEPT_AWAY = ("hold", "remove")  # what leaves nothing to send again
_NOTHING_HELD = {
    "erased": "now.erased",
    AWAITING: "now.awaiting",
    NOT_CARRIED_OUT: "now.not carried out",
}
SELF_ATTESTED = "none"  # how the record's witnesses begin where there are none


@dataclass(frozen=True, slots=True)
class Told:
    """One decision with its place on the page (from 1) and the sentence that stands first."""

    number: int
    item: Item
    headline: Said
    now: tuple[Markup, ...]
    was: Said | None
    heading: bool  # whether the sentence is the page's own first one
    elsewhere: tuple[Standing, ...] = ()  # what is in force in its place


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision in force in place of one that is over: what it says, and where it is read."""

    said: Said
    address: str


def address(token: str) -> str:
    """The path of the page under a notice's link."""
    return f"/notice/{quote(token, safe='')}"


def tell(page: StatementPage, lang: str) -> tuple[Told, ...]:
    """The decisions of the part of a page that is there, in the page's order."""
    return tuple(
        _told(number, item, lang, page.count == 1)
        for number, item in enumerate(page.items, page.first)
    )


def _told(number: int, item: Item, lang: str, single: bool) -> Told:
    """One decision. What it said stands first while it is in force, and apart where it is not;
    where something else is in force in its place, that comes first.
    """
    said, has_end = _said(item, lang)
    elsewhere = tuple(_standing(each, lang) for each in item.instead)
    if item.state == "erased":
        headline, was = Said(i18n.say("erased", lang), lang), None
    elif elsewhere and restricts(item.instead[0].action):  # the strongest
        headline, was = _in_force(elsewhere[0].said, lang), said
    elif item.not_lifted:
        headline, was = Said(TEXTS["headline.not lifted"][lang], lang), said
    elif item.state in OVER or item.state in NOT_YET:
        headline, was = Said(TEXTS[f"headline.{item.state}"][lang], lang), said
    else:
        headline, was = said or Said(TEXTS["notice.decision"][lang], lang), None
    return Told(number, item, headline, _now(item, lang, has_end), was, single, elsewhere)


def _standing(each: Instead, lang: str) -> Standing:
    """What is in force in place of a decision, and where that is read."""
    said = choose(each.what, lang)
    part = (each.number - 1) // ITEMS_A_PART + 1
    query = f"?lang={lang}" + (f"&part={part}" if part > 1 else "")
    where = f"{address(each.page)}{query}#decision-{each.number}"
    if said is None:
        return Standing(Said(TEXTS["notice.decision"][lang], lang), where)
    return Standing(dated(said, each.until)[0], where)


def _in_force(said: Said, lang: str) -> Said:
    """The first sentence where another decision is in force: what that one says."""
    spoken = said.lang if said.lang in i18n.SPOKEN else lang
    return Said(TEXTS["headline.instead"][spoken].format(what=said.text), said.lang)


def _said(item: Item, lang: str) -> tuple[Said | None, bool]:
    """The record's own sentence, and whether it says when this ends."""
    said = choose(item.what, lang)
    return (None, False) if said is None else dated(said, item.until)


def number_of(page: StatementPage, decision: str) -> int | None:
    """The number of a decision on the page; None where it is not in the part that is there."""
    found = (
        number for number, item in enumerate(page.items, page.first) if item.decision == decision
    )
    return next(found, None)


def _now(item: Item, lang: str, has_end: bool) -> tuple[Markup, ...]:
    """What holds now: temporary or not, since when it is over. The first sentence may already say
    when it ends (`has_end`).
    """
    if item.state in _NOTHING_HELD:
        return (say(_NOTHING_HELD[item.state], lang),)
    if item.state in OVER:
        found = []
        if item.undone:
            found.append(say("now.undone", lang, time=moment(item.undone, lang)))
        elif item.ended:
            found.append(say("now.ended", lang, time=moment(item.ended, lang)))
        if item.not_lifted:
            found.append(say("now.not lifted", lang))
        if item.again and not any(each.action in _KEPT_AWAY for each in item.instead):
            found.append(escape(i18n.say("message.again", lang)))
        return tuple(found)
    if not restricts(item.action):
        return (say("now.free", lang),)
    if not item.until:
        return (say("now.lasting", lang),)
    until = moment(item.until, lang)
    ends = say("now.temporary.dated", lang) if has_end else say("now.temporary", lang, until=until)
    if item.action != "hold":
        return (ends,)
    then = i18n.say("after.again" if item.again else "after.hold", lang)
    return (ends, escape(then))


def licence(item: Item, lang: str) -> str | None:
    """Why a rule was allowed to do this by itself; None where the record does not say."""
    if item.by != "rule":
        return TEXTS["licence.person"][lang]
    kind = (item.licence or "").partition(":")[0]
    if kind:
        return named("licence", kind, lang)
    return None if restricts(item.action) else TEXTS["licence.none"][lang]


def automated(question: str, answer: bool | None, lang: str) -> str:
    """Whether finding or deciding (`question`: "detection", "decision") was automated."""
    key = "how.unrecorded" if answer is None else f"how.{question}.{str(answer).lower()}"
    return TEXTS[key][lang]


def is_finding(item: Item) -> bool:
    """Whether it says that a clause was broken and still counts (`strikes`)."""
    return restricts(item.action) and item.action not in NONE and item.state not in OVER


def by_person(item: Item) -> bool:
    """Whether a person decided."""
    return item.by not in ("rule", "time")
