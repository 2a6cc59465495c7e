"""Reads one condition, one value, one line of an example: from tokens to the tree.

What cannot be read raises `Malformed` with its place; the caller reports it and goes on with the
next line. This module must never know which facts exist: any words can be the name of a fact.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from ombud.rules.diagnostic import Malformed, did_you_mean, show
from ombud.rules.lex import Cursor, Kind
from ombud.rules.tree import (
    NOWHERE,
    Compare,
    Condition,
    Constant,
    FactName,
    Holds,
    InList,
    Likeness,
    Line,
    Place,
    Remembered,
    Resembles,
    Stated,
    TextTest,
)
from ombud.rules.vocabulary import DURATION_MAX, OPERATORS
from ombud.signals.declare import Type
from ombud.signals.resolve import UNITS

_AFTER_FACT = frozenset(
    {
        "to",
        "with",
        "in",
        "any",
        "all",
        "resemble",
        "resembles",
        "contains",
        "quotes",
        "starts",
        "matches",
    }
)
_UNIT = {word: size for unit, size in UNITS for word in (unit, unit + "s")}
_QUOTED = ("target", "subject")  # a text always holds its own author's words
_NAME_WORDS_MAX = 6


def line(cursor: Cursor) -> Line:
    """One whole line under `when` or `unless`."""
    start = cursor.position
    negated = cursor.take("not")
    found = _condition(cursor)
    if not cursor.done:
        raise Malformed("R026", cursor.here(), expected="the end of the line")
    return Line(negated, found, cursor.since(start))


def _condition(cursor: Cursor) -> Condition:
    start = cursor.position
    words = fact(cursor)
    if cursor.done:
        return Holds(words, words.place)
    phrase = _phrase(cursor, words, start)
    if isinstance(phrase, Likeness):
        operator = _operator(cursor, 'a comparison, for example ">= 90 %"')
        percent = value(cursor)
        return Resembles(phrase, operator, percent, cursor.since(start))
    if phrase is not None:
        return phrase
    place = cursor.here()
    operator = _operator(cursor, 'a comparison, "in list" or another phrase')
    return Compare(words, operator, value(cursor), cursor.since(start), place)


def _phrase(cursor: Cursor, words: FactName, start: int) -> InList | Likeness | TextTest | None:
    """What may follow a fact, apart from a comparison; None where nothing of it does."""
    every: Literal["any", "all"] | None = None
    if cursor.take("any"):
        every = "any"
    elif cursor.take("all"):
        every = "all"
    if cursor.take("in", "list"):
        name, place = _string(cursor, "the name of a list in quotes")
        return InList(words, every, name, cursor.since(start), place)
    if every is not None or cursor.take("in"):
        raise Malformed("R026", cursor.here(), expected='"in list" and the name of a list')
    if cursor.take("resembles"):
        return _likeness(cursor, words, start)
    if cursor.take("resemble"):
        return replace(_likeness(cursor, words, start), several=True)
    hows: tuple[Literal["contains", "matches"], ...] = ("contains", "matches")
    for how in hows:
        if cursor.take(how):
            operand, place = _string(cursor, "a text in quotes")
            return TextTest(words, how, operand, cursor.since(start), place)
    if cursor.take("starts"):
        if not cursor.take("with"):
            raise Malformed("R026", cursor.here(), expected='"with" and a text in quotes')
        operand, place = _string(cursor, "a text in quotes")
        return TextTest(words, "starts with", operand, cursor.since(start), place)
    if cursor.take("quotes"):
        about = cursor.next(Kind.WORD)
        if about is None or about.text not in _QUOTED:
            expected = "one of: " + ", ".join(_QUOTED)
            raise Malformed("R026", about.place if about else cursor.here(), expected=expected)
        return TextTest(words, "quotes", about.text, cursor.since(start), about.place)
    return None


def _likeness(cursor: Cursor, words: FactName, start: int) -> Likeness:
    begin = cursor.position
    if cursor.take("list"):
        name, place = _string(cursor, "the name of a list in quotes")
        return Likeness(words, name, cursor.since(start), place)
    for remembered in Remembered:
        if cursor.take(*remembered.value.split()):
            return Likeness(words, remembered, cursor.since(start), cursor.since(begin))
    other = fact(cursor)
    return Likeness(words, other, cursor.since(start), other.place)


def _string(cursor: Cursor, expected: str) -> tuple[str, Place]:
    token = cursor.next(Kind.STRING)
    if token is None:
        bare = cursor.peek()
        hint = f'Put it in quotes: "{show(bare.text)}".' if bare is not None else None
        raise Malformed("R026", cursor.here(), hint, expected=expected)
    return token.text, token.place


def _operator(cursor: Cursor, expected: str) -> str:
    token = cursor.peek()
    if token is None or token.kind is not Kind.SIGN or token.text not in OPERATORS:
        raise Malformed("R026", cursor.here(), expected=expected)
    cursor.position += 1
    return token.text


# --- facts ----------------------------------------------------------------------------------------


def fact(cursor: Cursor) -> FactName:
    """`[share of] words [to who] [with words] [in last duration]`"""
    start = cursor.position
    share = cursor.take("share", "of")
    name = _words(cursor)
    if not name:
        raise Malformed("R026", cursor.here(), expected='a fact, for example "links.count"')
    to = word = in_last = None
    to_place = word_place = NOWHERE
    if cursor.take("to"):
        begin = cursor.position
        to = _words(cursor)
        if not to:
            raise Malformed("R026", cursor.here(), expected='"target" or another person')
        to_place = cursor.since(begin)
    if _is(cursor, "with"):
        cursor.position += 1
        begin = cursor.position
        word = _words(cursor)
        if not word:
            raise Malformed("R026", cursor.here(), expected='"links" or another word')
        word_place = cursor.since(begin)
    if cursor.take("in", "last"):
        in_last = duration(cursor)
        if _is(cursor, "with") or _is(cursor, "to"):
            word_after = cursor.tokens[cursor.position].text
            hint = f'"{word_after}" and what follows it comes before "in last".'
            raise Malformed("R026", cursor.here(), hint, expected="a comparison")
    return FactName(name, to, word, in_last, share, cursor.since(start), to_place, word_place)


def _is(cursor: Cursor, word: str) -> bool:
    token = cursor.peek()
    return token is not None and token.kind is Kind.WORD and token.text == word


def _words(cursor: Cursor) -> str:
    """Words up to one that has a meaning after a fact."""
    found: list[str] = []
    while len(found) < _NAME_WORDS_MAX:
        token = cursor.peek()
        if token is None or token.kind is not Kind.WORD or token.text in _AFTER_FACT:
            break
        found.append(token.text)
        cursor.position += 1
    return " ".join(found)


# --- values ---------------------------------------------------------------------------------------


def value(cursor: Cursor) -> Constant:
    """A number, a percentage, a length of time, a text, or yes or no."""
    start = cursor.position
    text = cursor.next(Kind.STRING)
    if text is not None:
        return Constant(Type.TEXT, text.text, text.place)
    for word, truth in (("yes", True), ("no", False)):
        if cursor.take(word):
            return Constant(Type.YESNO, truth, cursor.since(start))
    number = cursor.next(Kind.NUMBER)
    if number is None:
        expected = 'a value: a number, a length of time, a text in quotes, "yes" or "no"'
        twice = _is_sign(cursor)
        hint = 'Write one sign, for example "=" or ">=".' if twice else None
        raise Malformed("R026", cursor.here(), hint, expected=expected)
    if cursor.take("%"):
        return Constant(Type.PERCENT, int(number.text) * 10, cursor.since(start))
    following = cursor.peek()
    if following is None or following.kind is not Kind.WORD:
        return Constant(Type.COUNT, int(number.text), number.place)
    if number.text.strip("0") == "" and following.text in _UNIT:
        cursor.position += 1
        return Constant(Type.DURATION, 0, cursor.since(start))
    cursor.position = start
    length = duration(cursor)
    return Constant(Type.DURATION, length, cursor.since(start))


def _is_sign(cursor: Cursor) -> bool:
    token = cursor.peek()
    return token is not None and token.kind is Kind.SIGN


def duration(cursor: Cursor) -> int:
    """A length of time longer than zero, in microseconds."""
    start = cursor.position
    number = cursor.next(Kind.NUMBER)
    if number is None:
        raise Malformed(
            "R026", cursor.here(), expected='a length of time, for example "10 minutes"'
        )
    unit = cursor.next(Kind.WORD)
    if unit is None:
        raise Malformed("R026", cursor.here(), expected='a unit of time, for example "minutes"')
    size = _UNIT.get(unit.text)
    if size is None:
        raise Malformed("R029", unit.place, _unit_hint(unit.text), word=unit.text)
    length = int(number.text) * size
    if length == 0 or length > DURATION_MAX:
        raise Malformed("R045", cursor.since(start), problem="zero" if length == 0 else "too long")
    return length


def _unit_hint(word: str) -> str | None:
    if word in ("month", "months"):
        return 'Months differ in length. Write "30 days".'
    return did_you_mean(word, _UNIT)


# --- examples -------------------------------------------------------------------------------------


def stated(cursor: Cursor) -> Stated:
    """One line of an example: the value is read from the end of the line, the fact before it."""
    start, end = cursor.position, cursor.end
    split = _value_start(cursor)
    cursor.position = split
    constant = value(cursor)
    cursor.position, cursor.end = start, split
    words = fact(cursor)
    phrase = None if cursor.done else _phrase(cursor, words, start)
    if not cursor.done:
        raise Malformed(
            "R026", cursor.here(), expected="the value of the fact, and nothing before it"
        )
    place = cursor.since(start)
    cursor.position = cursor.end = end
    return Stated(words if phrase is None else phrase, constant, place)


def _value_start(cursor: Cursor) -> int:
    """The number of the token with which the value at the line's end begins."""
    last = cursor.tokens[cursor.end - 1]
    before = cursor.tokens[cursor.end - 2] if cursor.end - cursor.position >= 2 else None
    length = 0
    if last.kind in (Kind.STRING, Kind.NUMBER) or last.text in ("yes", "no"):
        length = 1
    elif before is not None and before.kind is Kind.NUMBER:
        length = 2
    if length == 0 or cursor.end - length <= cursor.position:
        hint = None
        if len(cursor.tokens) == 1 and last.kind is Kind.WORD:
            hint = f'Write for example "{show(last.text)}  2".'
        raise Malformed("R039", last.place, hint)
    return cursor.end - length
