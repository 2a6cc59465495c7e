"""What a pattern takes at worst, told from its text: before it ever meets one.

RE2 is linear in the text, but the factor is the pattern's. Where it has to remember many things at
once ("a `q` was here five, nine and twelve characters ago") its automaton falls back to following
each of them, character by character. What has to be remembered are places: a class of characters
(`.`, `[a-z]`, `\\pL`) counts once for each time it is repeated; so does a choice between words, or
something that may be left out. A list of words, however long, needs no such memory.

The numbers were held against hostile texts of the greatest length (`python -m bench.patterns`).
This module must never run a pattern: the same text always weighs the same, on every machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LIGHT_US = 1_400  # what is decided by the automaton alone
LIGHT = 8  # places that the automaton can remember in any combination
WIDE_US = 3_000  # for each place of a class of characters
PLAIN_US = 1_500  # for each place of a class of letters of one byte
NARROW_US = 850  # for each other place
MANY = 3  # as many places is a class that has letters of many scripts
CHOICES = 4  # more of them: every letter of the pattern may be such a place

_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_GROUP = re.compile(r"\?(?:P?<\w+>|[a-zA-Z-]*:|[a-zA-Z-]*(?=\)))")
_ESCAPE = re.compile(r"\\(?:[pP](?:\{[^}]*\}|.)|x(?:\{[^}]*\}|..)|[0-7]{1,3}|.)", re.DOTALL)
_CLASS = re.compile(r"\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]])*\]", re.DOTALL)
_QUOTED = re.compile(r"\\Q(.*?)(?:\\E|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Places:
    """How many places of each sort a part of a pattern has: `repeated` are letters in a part that
    is repeated a given number of times.
    """

    wide: int = 0
    plain: int = 0
    choices: int = 0
    letters: int = 0
    repeated: int = 0

    def __add__(self, other: Places) -> Places:
        return Places(
            self.wide + other.wide,
            self.plain + other.plain,
            self.choices + other.choices,
            self.letters + other.letters,
            self.repeated + other.repeated,
        )

    def times(self, count: int) -> Places:
        """The part, repeated."""
        if count < 2:
            return self
        repeated = count * max(self.letters, self.repeated)
        return Places(
            count * self.wide,
            count * self.plain,
            count * self.choices,
            count * self.letters,
            repeated,
        )


def worst_us(pattern: str) -> int:
    """Microseconds that a pattern RE2 takes can need on the longest text, whatever the text."""
    found = _Scan(pattern).either()
    narrow = found.letters if found.choices > CHOICES else found.repeated
    narrow += found.choices
    if found.wide + found.plain + narrow <= LIGHT:
        return LIGHT_US
    return LIGHT_US + WIDE_US * found.wide + PLAIN_US * found.plain + NARROW_US * narrow


def _class(written: str) -> Places:
    if re.search(r"\\[pP]", written):
        return Places(wide=MANY)
    broad = written.startswith("[^") or "[:^" in written or re.search(r"\\[DWSx0-7]", written)
    return Places(wide=1) if broad or not written.isascii() else Places(plain=1)


class _Scan:
    """Reads a pattern that RE2 takes; what it does not know counts as a letter."""

    def __init__(self, pattern: str) -> None:
        self.rest = pattern

    def either(self) -> Places:
        """Alternatives, to the end of their group."""
        found, several = Places(), False
        while self.rest and not self.rest.startswith(")"):
            if self.rest.startswith("|"):
                self.rest, several = self.rest[1:], True
                continue
            found += self._repeated(self._one())
        return found + Places(choices=1) if several else found

    def _take(self, how: re.Pattern[str]) -> re.Match[str] | None:
        found = how.match(self.rest)
        if found is not None:
            self.rest = self.rest[found.end() :]
        return found

    def _one(self) -> Places:
        quoted = self._take(_QUOTED)
        if quoted is not None:
            return Places(letters=len(quoted[1]))
        escape = self._take(_ESCAPE)
        if escape is not None:
            if escape[0][1] in "bBAz":
                return Places()
            if escape[0][1] in "pP":
                return Places(wide=MANY)
            if escape[0][1] in "dws":
                return Places(plain=1)
            return Places(wide=1) if escape[0][1] in "DWSC" else Places(letters=1)
        several = self._take(_CLASS)
        if several is not None:
            return _class(several[0])
        first, self.rest = self.rest[0], self.rest[1:]
        if first == "(":
            self._take(_GROUP)
            found = self.either()
            self.rest = self.rest[1:]
            return found
        if first in "^$":
            return Places()
        return Places(wide=1) if first == "." else Places(letters=1)

    def _repeated(self, part: Places) -> Places:
        """A part with the signs of repetition behind it."""
        while self.rest:
            times = self._take(_REPEAT)
            if times is not None:
                least, most = int(times[1]), int(times[2] or 0)
                part = part.times(max(least, most))
                if times[2] is not None:
                    part += Places(choices=1)
            elif self.rest[0] in "?*+":
                self.rest = self.rest[1:]
                part += Places(choices=1)
            else:
                break
        return part
