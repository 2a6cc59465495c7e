"""From a written condition to one with a meaning: known facts, matching types, known lists.

Each problem is reported with its place; a condition with a problem has no meaning and is None. This
module must never look at the rule around the condition.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from ombud.rules import format as say
from ombud.rules import phrases
from ombud.rules.checked import Atom
from ombud.rules.diagnostic import ERROR, Report, did_you_mean, show
from ombud.rules.entries import is_picture
from ombud.rules.tree import (
    Compare,
    Condition,
    Constant,
    FactName,
    Holds,
    InList,
    Likeness,
    Place,
    Remembered,
    Resembles,
    TextTest,
)
from ombud.signals import likely
from ombud.signals.counted import UnknownFact
from ombud.signals.declare import ROLES, WITHS, Type
from ombud.signals.resolve import (
    COUNT_MAX,
    Fact,
    nearest,
    quotes,
    remembered_names,
    resolve,
)

_TYPE_SAID = {
    Type.COUNT: "a number",
    Type.DURATION: "a length of time",
    Type.PERCENT: "a percentage",
    Type.YESNO: "yes or no",
    Type.TEXT: "a text",
    Type.TEXTS: "several texts",
    Type.NAME: "a name",
}
_EXAMPLE = {
    Type.COUNT: "{fact} >= 2",
    Type.DURATION: "{fact} < 3 days",
    Type.PERCENT: "{fact} > 10 %",
    Type.YESNO: "{fact}",
    Type.TEXT: '{fact} in list "staff names"',
    Type.TEXTS: '{fact} any in list "our own sites"',
    Type.NAME: '{fact} in list "trusted helpers"',
}
_STATED = {
    Type.COUNT: "2",
    Type.DURATION: "3 days",
    Type.PERCENT: "10 %",
    Type.YESNO: "yes",
    Type.TEXT: '"Ana"',
    Type.TEXTS: '"ours.example"',
    Type.NAME: '"acct-1"',
}
_ROLE = {"subject": "subject.author"}  # whom "text quotes subject" is about
_TOO_MUCH = re.compile("too large|repetition size")  # what RE2 says of patterns that explode
_NUMBERS = (Type.COUNT, Type.DURATION, Type.PERCENT)
_WORDS = (Type.TEXT, Type.NAME)


def fact(report: Report, name: FactName) -> Fact | None:
    """The fact that these words mean; None, and reported, where they mean none."""
    clause = likely.clause_of(name.name)
    if clause is not None:
        if name.share or name.to or name.word or name.in_last is not None:
            report.add("R055", name.place, fact=name.name)
            return None
        return likely.fact(clause)  # its model comes with the community (`learned`)
    try:
        return resolve(
            name.name,
            to=name.to,
            word=name.word,
            in_last=name.in_last,
            share=name.share,
            earlier=report.earlier,
        )
    except UnknownFact as unknown:
        _unknown(report, name, unknown)
    except ValueError as problem:
        code = {
            "window": "R054",
            "no window": "R055",
            "width": "R056",
            "share": "R057",
            "usual": "R093",
            "usual with": "R094",
        }
        plain = name.name + (f" with {name.word}" if name.word else "")
        shown = plain if str(problem) == "window" else name.name
        report.add(code[str(problem)], name.place, fact=shown)
    return None


def _unknown(report: Report, name: FactName, unknown: UnknownFact) -> None:
    if unknown.what.partition(" ")[0] == likely.WORD:
        report.add("R003", name.place, 'Write for example "likely spam.links".', name=name.name)
        return
    if unknown.what == name.name:
        near = unknown.nearest or nearest(name.name.lower())
        hint = f'Did you mean "{near}"?' if near else None
        report.add("R003", name.place, hint, name=name.name)
        return
    before = "with" if unknown.what == name.word else "to"
    known = "Known are: " + ", ".join(
        sorted(WITHS) if before == "with" else ("target", "author", "room")
    )
    if before == "to" and unknown.what in ("target", "author", "room"):
        known = f'"{show(name.name)}" is not counted by person.'
    place = name.word_place if before == "with" else name.to_place
    report.add("R058", place, word=unknown.what, before=before, known=known + ".")


def atom(report: Report, written: Condition, lists: Collection[str]) -> Atom | None:
    """The meaning of a condition; None, and reported, where it has none."""
    if isinstance(written, Compare):
        return _compare(report, written)
    if isinstance(written, Holds):
        known = fact(report, written.fact)
        if known is None:
            return None
        if known.type is not Type.YESNO:
            _typed(report, "R052", written.place, known)
            return None
        return Atom(known.name, known.name, written, (known,), None, 0, known.cost)
    facts = phrase(report, written, lists)
    if facts is None:
        return None
    said = say.condition(written)
    cost = sum(each.cost for each in facts) + phrases.cost(written)
    return Atom(said, said, written, facts, None, 0, cost)


# --- comparisons ----------------------------------------------------------------------------------


def _compare(report: Report, written: Compare) -> Atom | None:
    known = fact(report, written.fact)
    if known is None or not fits(report, known, written.constant):
        return None
    constant = written.constant
    if written.operator not in ("=", "!=") and known.type not in _NUMBERS:
        _typed(report, "R053", written.operator_place, known, operator=written.operator)
        return None
    said = say.condition(written)
    if known.type in _WORDS:
        return Atom(said, said, written, (known,), None, 0, known.cost + phrases.cost(written))
    operand = int(constant.value)
    if not _countable(report, written, known, operand):
        return None
    return Atom(said, known.name, written, (known,), written.operator, operand, known.cost)


def fits(report: Report, known: Fact, constant: Constant, stated: bool = False) -> bool:
    """Whether a value is of the fact's type; reported where it is not. `stated`: in an example."""
    if known.type is Type.PERCENT and constant.type is Type.PERCENT:
        if int(constant.value) > 1000:
            report.add("R069", constant.place)
            return False
        return True
    if constant.type is known.type or (constant.type is Type.TEXT and known.type in _WORDS):
        return True
    value = say.constant(constant)
    if constant.type is Type.COUNT and known.type is Type.DURATION:
        hint = 'Write "1 day" or "1 hour".' if constant.value == 1 else None
        report.add("R007", constant.place, hint, fact=known.name, value=value)
    elif constant.type is Type.COUNT and known.type is Type.PERCENT:
        report.add("R051", constant.place, fact=known.name, value=value)
    else:
        example = f"{known.name}  {_STATED[known.type]}" if stated else None
        _typed(report, "R050", constant.place, known, example, value=value)
    return False


def _typed(
    report: Report,
    code: str,
    place: Place,
    known: Fact,
    example: str | None = None,
    **more: str,
) -> None:
    """Report a problem that is explained by the type of the fact."""
    example = example or _EXAMPLE[known.type].format(fact=known.name)
    kind = _TYPE_SAID[known.type]
    report.add(code, place, None, ERROR, fact=known.name, type=kind, example=example, **more)


def _countable(report: Report, written: Compare, known: Fact, operand: int) -> bool:
    """Whether a count can be told from the threshold."""
    counted = known.windows and known.type is Type.COUNT
    if counted and operand + (written.operator not in (">=", "<")) > known.most:
        code = "R068" if known.most == COUNT_MAX else "R095"
        report.add(code, written.constant.place)
        return False
    return True


# --- phrases --------------------------------------------------------------------------------------


def phrase(
    report: Report, written: InList | Likeness | Resembles | TextTest, lists: Collection[str]
) -> tuple[Fact, ...] | None:
    """The facts a phrase rests on; None, and reported, where it cannot stand as it is."""
    if isinstance(written, Resembles):
        found = _likeness(report, written.likeness, lists)
        return found if found and _percent(report, written) else None
    if isinstance(written, Likeness):
        return _likeness(report, written, lists)
    known = fact(report, written.fact)
    if known is None:
        return None
    if isinstance(written, InList):
        good = _in_list(report, written, known, lists)
    else:
        good = _text_test(report, written, known)
        if good and written.how == "quotes":
            return (known, quotes(_ROLE.get(written.operand, written.operand)))
    return (known,) if good else None


def _percent(report: Report, written: Resembles) -> bool:
    constant = written.constant
    if constant.type is Type.PERCENT:
        if int(constant.value) > 1000:
            report.add("R069", constant.place)
            return False
        return True
    misstated(report, written.likeness, constant, Type.PERCENT)
    return False


def misstated(
    report: Report, said: InList | Likeness | TextTest, constant: Constant, wanted: Type
) -> None:
    """Report a value that is not what a phrase gives: a percentage, or yes or no."""
    words, value = say.phrase(said), say.constant(constant)
    if wanted is Type.PERCENT and constant.type is Type.COUNT:
        report.add("R051", constant.place, fact=f"{say.fact(said.fact)} resembles", value=value)
        return
    example = f"{words} >= 90 %" if wanted is Type.PERCENT else f"{words}  yes"
    kind = _TYPE_SAID[wanted]
    report.add("R050", constant.place, fact=words, type=kind, value=value, example=example)


def stated_name(what: FactName | InList | Likeness | TextTest) -> str:
    """The canonical words of what an example states."""
    return say.fact(what) if isinstance(what, FactName) else say.phrase(what)


def _in_list(report: Report, written: InList, known: Fact, lists: Collection[str]) -> bool:
    if known.type is Type.TEXTS and written.every is None:
        report.add("R060", written.place, fact=known.name)
    elif known.type in _WORDS and written.every is not None:
        report.add("R061", written.place, fact=known.name, word=written.every)
    elif known.type not in (Type.TEXT, Type.TEXTS, Type.NAME):
        _phrase_type(report, written, known, "in list")
    else:
        return _list(report, written.list, written.list_place, lists)
    return False


def _list(report: Report, name: str, place: Place, lists: Collection[str]) -> bool:
    if name in lists:
        return True
    report.add(
        "R059", place, did_you_mean(name, lists), name=name, file=name.replace(" ", "-") + ".txt"
    )
    return False


def _phrase_type(report: Report, written: InList | Likeness, known: Fact, words: str) -> None:
    instead = f"Write for example: {_EXAMPLE[known.type].format(fact=known.name)}"
    kind = _TYPE_SAID[known.type]
    report.add("R065", written.place, fact=known.name, type=kind, phrase=words, instead=instead)


def _likeness(report: Report, written: Likeness, lists: Collection[str]) -> tuple[Fact, ...] | None:
    known = fact(report, written.fact)
    other = fact(report, written.other) if isinstance(written.other, FactName) else None
    if known is None or (isinstance(written.other, FactName) and other is None):
        return None
    several = known.type is Type.TEXTS and isinstance(written.other, str)
    for each in (known, other):
        if each is not None and each.type is not Type.TEXT and not several:
            _phrase_type(report, written, each, "resembles")
            return None
    if other is not None and is_picture(known) is not is_picture(other):
        _phrase_type(report, written, known, "resembles")
        return None
    if several is not written.several:
        code, verb = ("R060", "resemble") if several else ("R061", "resembles")
        hint = f'Write "{known.name} {verb}".'
        report.add(code, written.place, hint, fact=known.name, word="resemble")
        return None
    if isinstance(written.other, Remembered):
        who, named = known.name.removesuffix(".name"), written.other.value
        if who not in ROLES:
            instead = f"Write for example: author.name resembles {named} >= 90 %"
            kind, words = _TYPE_SAID[known.type], f"resembles {named}"
            report.add(
                "R065", written.place, fact=known.name, type=kind, phrase=words, instead=instead
            )
            return None
        return (known, remembered_names(named, who))
    if isinstance(written.other, str):
        return (known,) if _list(report, written.other, written.other_place, lists) else None
    return (known,) if other is None else (known, other)


def _text_test(report: Report, written: TextTest, known: Fact) -> bool:
    if known.name != "text":
        instead = f"Write for example: {_EXAMPLE[known.type].format(fact=known.name)}"
        report.add("R062", written.place, phrase=written.how, fact=known.name, instead=instead)
        return False
    if written.how == "quotes":
        return True
    problem = phrases.problem(written.how, written.operand)
    if problem == "empty":
        report.add("R044", written.operand_place)
    elif problem is not None:
        hint = "Repeat less: at most 1,000 times in all." if _TOO_MUCH.search(problem) else None
        report.add("R063", written.operand_place, hint, detail=problem)
    return problem is None
