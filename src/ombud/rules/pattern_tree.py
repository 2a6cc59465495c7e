"""A pattern that RE2 takes, read into what it asks for, one way after another.

`ways` gives the ways in which a pattern can be met: each is a row of units that must all be there.
What may be missing is left out, or is a gap where anything may stand; a part that is repeated
stands as often as it must. Where there are too many ways to go through them, a part is "unsure":
letters of which nothing is known.
This module must never run a pattern, and never say what one is worth: that is `letters`'.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

WAYS_MAX = 400  # ways of one pattern that are gone through
LENGTH_MAX = 200  # units that a repeated part is written out to

_REPEAT = re.compile(r"\{(\d+)(,(\d*))?\}")
_GROUP = re.compile(r"\?(?:P?<\w+>|[a-zA-Z-]*:|[a-zA-Z-]*(?=\)))")
_ESCAPE = re.compile(r"\\(?:[pP](?:\{[^}]*\}|.)|x(?:\{[^}]*\}|..)|[0-7]{1,3}|.)", re.DOTALL)
_CLASS = re.compile(r"\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]])*\]", re.DOTALL)
_QUOTED = re.compile(r"\\Q(.*?)(?:\\E|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that must stand there. `kind`: "letter" (a character, as written), "class" (of
    `least` characters or more), "gap" (anything or nothing), "unsure" (letters, or nothing), "edge"
    (a boundary).
    """

    kind: str
    text: str = ""
    least: int = 1


Way = tuple[Unit, ...]
Ways = tuple[Way, ...]
GAP, EDGE, UNSURE = Unit("gap"), Unit("edge"), Unit("unsure")


def ways(pattern: str) -> Ways:
    """The ways in which a pattern that RE2 takes can be met."""
    return _Reader(pattern).either()


def of_text(text: str, *, begins: bool, ends: bool) -> Way:
    """The one way of a plain text: whether it begins and ends where a word does."""
    letters = tuple(Unit("letter", each) for each in text)
    return ((EDGE,) if begins else ()) + letters + ((EDGE,) if ends else ())


class _Reader:
    """Reads a pattern from left to right; what it does not know is a letter."""

    def __init__(self, pattern: str) -> None:
        self.rest = pattern

    def either(self) -> Ways:
        """Alternatives, to the end of their group."""
        found: list[Way] = []
        row: Ways = ((),)
        while self.rest and not self.rest.startswith(")"):
            if self.rest.startswith("|"):
                self.rest = self.rest[1:]
                found += row
                row = ((),)
                continue
            row = _joined(row, self._repeated(self._one()))
        return _bounded(tuple(dict.fromkeys((*found, *row))))

    def _take(self, how: re.Pattern[str]) -> re.Match[str] | None:
        found = how.match(self.rest)
        if found is not None:
            self.rest = self.rest[found.end() :]
        return found

    def _one(self) -> Ways:
        quoted = self._take(_QUOTED)
        if quoted is not None:
            return (of_text(quoted[1], begins=False, ends=False),)
        escape = self._take(_ESCAPE)
        if escape is not None:
            return ((_escaped(escape[0]),),)
        several = self._take(_CLASS)
        if several is not None:
            return ((Unit("class", several[0]),),)
        first, self.rest = self.rest[0], self.rest[1:]
        if first == "(":
            self._take(_GROUP)
            found = self.either()
            self.rest = self.rest[1:]
            return found
        if first in "^$":
            return ((EDGE,),)
        return ((Unit("class", ".") if first == "." else Unit("letter", first),),)

    def _repeated(self, part: Ways) -> Ways:
        """A part with the signs of repetition behind it: as often as it must stand there."""
        while self.rest:
            times = self._take(_REPEAT)
            if times is not None:
                open_end = times[2] is not None
                most = int(times[3]) if times[3] else None if open_end else int(times[1])
                part = _times(part, int(times[1]), most)
            elif self.rest[0] in "?*+":
                sign, self.rest = self.rest[0], self.rest[1:]
                part = _times(part, int(sign == "+"), 1 if sign == "?" else None)
            else:
                break
        return part


def _escaped(written: str) -> Unit:
    sort = written[1]
    if sort in "bBAz":
        return EDGE
    if sort in "pPdDwWsSC":
        return Unit("class", written)
    if sort == "x" and len(written) > 2:
        return Unit("letter", _coded(written[2:].strip("{}"), 16))
    if sort in "01234567":
        return Unit("letter", _coded(written[1:], 8))
    return Unit("letter", " " if sort in "tnfrva" else sort)


def _coded(digits: str, base: int) -> str:
    try:
        return chr(int(digits, base))
    except (ValueError, OverflowError):
        return "x"


def _times(part: Ways, least: int, most: int | None) -> Ways:
    """A part that stands there `least` times or more, `most` times at most."""
    if least == 0:
        return _bounded(((), *part)) if most == 1 else _absent(part)
    if all(len(way) == 1 and way[0].kind == "class" for way in part):
        return tuple((replace(way[0], least=way[0].least * least),) for way in part)
    if len(part) > 1:  # which of them comes how often is left open: once is asked for at least
        return part
    return (part[0] * max(1, min(least, LENGTH_MAX // max(1, len(part[0])))),)


def _absent(part: Ways) -> Ways:
    """What may be missing altogether: a gap, unless only signs and spaces may stand there."""
    signs = all(
        (unit.kind == "letter" and not unit.text.isalnum())
        or (unit.kind == "class" and unit.text == r"\s")
        for way in part
        for unit in way
    )
    return ((),) if signs else ((GAP,),)


def _joined(rows: Ways, part: Ways) -> Ways:
    if len(rows) * len(part) > WAYS_MAX:
        part = ((UNSURE,),)
    return tuple(row + more for row, more in itertools.product(rows, part))


def _bounded(found: Ways) -> Ways:
    return found if len(found) <= WAYS_MAX else ((UNSURE,),)
