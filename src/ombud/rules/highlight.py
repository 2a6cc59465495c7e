"""A rule's text in pieces that are told apart by colour: keywords, facts, numbers, texts, remarks.

The pieces come from the lexer that reads rules, so that nothing is shown as a text that is none;
put together they are the text again, character by character. This module must never say whether a
rule is right: `check` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ombud.rules.diagnostic import Report
from ombud.rules.lex import FILE_BYTES_MAX, Kind, TextLine, Token, scan
from ombud.rules.vocabulary import ACTIONS, MODES, PARTS
from ombud.signals.declare import COUNTERS, SIGNALS

PART, FACT, WORD, ACTION, NUMBER, TEXT, SIGN, REMARK, PLAIN = (
    *("part", "fact", "word", "action", "number", "text", "sign", "remark"),
    "",
)
_MARKS = {Kind.NUMBER: NUMBER, Kind.STRING: TEXT, Kind.SIGN: SIGN}
_FACTS = frozenset(name.partition(" ")[0] for name in (*SIGNALS, *COUNTERS))
_ACTIONS = frozenset(name.partition(" ")[0] for name in ACTIONS)


class Piece(NamedTuple):
    """Some characters of a line and what they are; `mark` is empty where they are nothing."""

    mark: str
    text: str


def lines(text: str) -> list[list[Piece]]:
    """Each line of a text as its pieces; a text longer than a rule may be is left plain."""
    told = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(text.encode("utf-8", "replace")) > FILE_BYTES_MAX:
        return [[Piece(PLAIN, each)] for each in told]
    found = {each.number: each for each in scan(Report("", told), told)}
    part = ""
    marked = []
    for number, line in enumerate(told, 1):
        scanned = found.get(number)
        if scanned is not None and scanned.tokens and scanned.indent == 0:
            part = scanned.tokens[0].text
        marked.append([each for each in _pieces(line, scanned, part) if each.text])
    return marked


def _pieces(line: str, scanned: TextLine | None, part: str) -> Iterator[Piece]:
    """The pieces of one line, which stands in a part of a rule."""
    at = 0
    for number, token in enumerate(scanned.tokens if scanned else ()):
        start = token.place.column - 1
        yield Piece(PLAIN, line[at:start])
        at = start + token.place.length
        assert scanned is not None  # it has tokens  # noqa: S101
        yield Piece(_mark(token, number, scanned.indent, part), line[start:at])
    rest = line[at:]
    remark = rest.find("#") if scanned and scanned.comment is not None else -1
    yield Piece(PLAIN, rest if remark < 0 else rest[:remark])
    if remark >= 0:
        yield Piece(REMARK, rest[remark:])


def _mark(token: Token, number: int, indent: int, part: str) -> str:
    """What a token is, by its place in the line and the part it stands in."""
    if token.kind is not Kind.WORD:
        return _MARKS[token.kind]
    if number == 0 and indent == 0:
        return PART if token.text in PARTS else WORD
    if token.text in _FACTS:
        return FACT
    if part == "then" and number == 0 and token.text in _ACTIONS:
        return ACTION
    return ACTION if part == "mode" and token.text in MODES else WORD
