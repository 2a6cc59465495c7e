"""In which order cases come, and why: a pure function of what is known when a case is opened.

Each case gets an instant by which somebody should have looked: its opening, the patience that its
harm allows, and what its share of the open cases puts it back. Cases come in the order of these
instants. So nothing starves: whatever waits comes first in the end. Whoever makes many cases pays
with their own places: of one author a place in AUTHOR_EVERY, of one source by one rule one in
SOURCE_EVERY. A flood therefore delays a case with which it shares neither by at most

    1 + (time since the flood began + difference in patience) / SOURCE_EVERY

cases for each source and rule it comes by, and by AUTHOR_EVERY likewise for each author. This
module must never show a number without the sentence that says what it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ombud import i18n
from ombud.clock import HOUR, MINUTE
from ombud.transaction import OTHER_CASES

AUTHOR_EVERY = 30 * MINUTE
SOURCE_EVERY = 1 * MINUTE
URGENT = 5 * MINUTE
APPEAL = "appeal"  # as if it were a harm: somebody waits for an answer

# How long each harm can wait. The harms of the rules are all in it (`model.HARMS`).
PATIENCE: Mapping[str, int] = {
    "threats": 10 * MINUTE,
    "private-data": 15 * MINUTE,
    "malware": 30 * MINUTE,
    "scam": 1 * HOUR,
    "harassment": 2 * HOUR,
    "hate": 2 * HOUR,
    "impersonation": 2 * HOUR,
    "spam": 6 * HOUR,
    "flood": 6 * HOUR,
    "form": 12 * HOUR,
    "context": 12 * HOUR,
    APPEAL: 24 * HOUR,
}
OTHER = OTHER_CASES  # what asks about no person: an action failed, a list was changed


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the place of a case rests on. Instants and lengths in microseconds.

    `unsure`: it rests on what nobody has shown to be right. `author` and `source`: how many cases
    of the same author, and of the same source by the same rule, were open when it was opened.
    """

    opened: int
    harm: str = ""
    urgent: bool = False
    unsure: bool = False
    author: int = 0
    source: int = 0


def patience(harm: str, *, urgent: bool, unsure: bool) -> int:
    """How long a case can wait: what is unsure a quarter less, what is urgent hardly at all."""
    length = PATIENCE.get(harm, OTHER)
    if unsure:
        length = length * 3 // 4
    return min(length, URGENT) if urgent else length


def behind(author: int, source: int) -> int:
    """How far a case is put back by the open ones that it shares its author or source with."""
    return max(author * AUTHOR_EVERY, source * SOURCE_EVERY)


def place(case: Waiting) -> int:
    """By when somebody should have looked: cases come in this order."""
    return (
        case.opened
        + patience(case.harm, urgent=case.urgent, unsure=case.unsure)
        + behind(case.author, case.source)
    )


def why(
    opened: int, harm: str, *, urgent: bool, unsure: bool, put_back: int, now: int, lang: str
) -> str:
    """The sentences that say why a case stands where it stands. `put_back` as `behind` gave it."""
    known = harm if harm in PATIENCE else "other"
    said = [
        i18n.say(
            "order.urgent" if urgent else f"order.{known}",
            lang,
            length=i18n.length(patience(harm, urgent=urgent, unsure=unsure), lang),
        )
    ]
    if unsure:
        said.append(i18n.say("order.unsure", lang))
    if put_back:
        said.append(i18n.say("order.behind", lang, length=i18n.length(put_back, lang)))
    waited = max(0, now - opened)
    if waited >= MINUTE:
        length = i18n.length(waited - waited % MINUTE, lang)
        said.append(i18n.say("order.waited", lang, length=length))
    return " ".join(said)
