"""What an operator's check expects of a run, `hits of new-links <= 20`, and whether it holds.

    expectation = measure ["of" RULE] comparison number ["%"]
    comparison  = "<" | "<=" | ">" | ">=" | "=" | "!="

The measures are a closed list. They are numbers over many people; this module must never let one
be asked about a person.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from ombud.errors import BadUse, catalogue
from ombud.rules.checked import OPERATIONS

catalogue(
    U060=(
        "This is no expectation: {detail}.",
        'Write for example "precision of new-member-links >= 0.95" or "people touched <= 20".',
    ),
    U061=('There is no measure called "{measure}".', "{hint}"),
    U062=('No rule called "{rule}" is tried here.', "{hint}"),
    U063=('"{measure}" cannot be {value}.', "{hint}"),
)

OF_RULE = (
    "hits",
    "new hits",
    "gone hits",
    "unknown",
    "people",
    "established people",
    "precision",
    "lower precision",
    "recall",
    "lower recall",
)
OF_ALL = ("people touched", "established people touched", "hits", "new hits", "gone hits", "events")
SHARES = frozenset({"precision", "lower precision", "recall", "lower recall"})
LENGTH_MAX = 200
EXPECTATIONS_MAX = 100

_FORM = re.compile(r"(?P<what>[^<>=!]+?)\s*(?P<sign><=|>=|!=|<|>|=)\s*(?P<value>[^<>=!]+)")
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Within:
    """A whole number that is not told because too few people are behind it: between what ends."""

    least: int = 0
    most: int | None = None


Value = Callable[[str, str | None], Fraction | Within | str]
"""The value of a measure of a rule (None: of all), or in words why there is none."""

WITHHELD = "not told of so few people"
_BEYOND = 10**13  # more than an expectation can say


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation. `rule` None: about the whole run."""

    measure: str
    rule: str | None
    sign: str
    value: Fraction

    @property
    def said(self) -> str:
        """The expectation in its canonical words."""
        of = f" of {self.rule}" if self.rule else ""
        return f"{self.measure}{of} {self.sign} {number(self.value)}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether an expectation is met; `found` is the value, None where none is told, and `why`
    says why not.
    """

    expectation: Expectation
    met: bool
    found: Fraction | None
    why: str = ""


def parse(text: str, rules: Collection[str]) -> Expectation:
    """An expectation from its words. Raises BadUse U060 to U063."""
    where = f"--expect {text[:LENGTH_MAX]!r}"
    if len(text) > LENGTH_MAX:
        raise BadUse("U060", where, detail=f"it is longer than {LENGTH_MAX} characters")
    form = _FORM.fullmatch(text.strip())
    if form is None:
        raise BadUse("U060", where, detail="it is not a measure, a comparison and a number")
    words = form["what"].split()
    rule = None
    if len(words) > 2 and words[-2] == "of":
        words, rule = words[:-2], words[-1]
    measure = " ".join(words)
    known = OF_ALL if rule is None else OF_RULE
    if measure not in known:
        raise BadUse("U061", where, measure=measure, hint=_hint(measure, rule, known))
    if rule is not None and rule not in rules:
        near = difflib.get_close_matches(rule, list(rules), n=1)
        tried = ", ".join(sorted(rules)[:10])
        hint = f'Did you mean "{near[0]}"?' if near else f"Tried are: {tried}."
        raise BadUse("U062", where, rule=rule, hint=hint)
    return Expectation(measure, rule, form["sign"], _number(measure, form["value"], where))


def _hint(measure: str, rule: str | None, known: tuple[str, ...]) -> str:
    other = OF_RULE if rule is None else OF_ALL
    if measure in other:
        return f'Write "{measure} of NAME".' if rule is None else f'Leave out "of {rule}".'
    near = difflib.get_close_matches(measure, known, n=1)
    if near:
        return f'Did you mean "{near[0]}"?'
    whose = "the whole run" if rule is None else "a rule"
    return f"Of {whose} there are: {', '.join(known)}."


def _number(measure: str, text: str, where: str) -> Fraction:
    """The number of an expectation: a share for precision and recall, else a whole number."""
    digits, percent, rest = text.strip().partition("%")
    digits = digits.strip()
    share = measure in SHARES
    hint = "Write a number from 0 to 1, or a percentage." if share else "Write a whole number."
    if _NUMBER.fullmatch(digits) is None or rest.strip():
        raise BadUse("U063", where, measure=measure, value=f'"{text.strip()}"', hint=hint)
    value = Fraction(digits) / (100 if percent else 1)
    if (value > 1) if share else (percent or value.denominator != 1):
        raise BadUse("U063", where, measure=measure, value=text.strip(), hint=hint)
    return value


def number(value: Fraction) -> str:
    """A number as it is told: whole, or with up to six decimals, rounded down."""
    if value.denominator == 1:
        return str(value.numerator)
    whole, rest = divmod(value.numerator * 10**6 // value.denominator, 10**6)
    return f"{whole}.{rest:06}".rstrip("0")


def hold(expectations: Iterable[Expectation], value: Value) -> list[Outcome]:
    """What each expectation comes to. What cannot be known is not met; of a number that is not told
    is met what holds whatever it is.
    """
    return [_held(each, value(each.measure, each.rule)) for each in expectations]


def _held(expectation: Expectation, found: Fraction | Within | str) -> Outcome:
    if isinstance(found, str):
        return Outcome(expectation, met=False, found=None, why=found)
    wanted = expectation.value
    if isinstance(found, Within):
        met = all(OPERATIONS[expectation.sign](each, int(wanted)) for each in _ends(found, wanted))
        return Outcome(expectation, met, None, WITHHELD)
    common = found.denominator * wanted.denominator
    met = OPERATIONS[expectation.sign](int(found * common), int(wanted * common))
    return Outcome(expectation, met, found)


def _ends(found: Within, wanted: Fraction) -> list[int]:
    """The numbers of a range at which a comparison with a whole number can change."""
    most = _BEYOND if found.most is None else found.most
    near = (int(wanted) + step for step in (-1, 0, 1))
    return [found.least, most, *(each for each in near if found.least <= each <= most)]
