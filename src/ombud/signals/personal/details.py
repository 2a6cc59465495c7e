"""Every private detail of a text, with its kind and place: the one way into this folder.

Mail addresses and account numbers with letters come first and are blanked, then web addresses, so
that their digits are nobody's number; a number in `zalo.me/` or `wa.me/` is one. This module must
never give anything but kinds and places.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from ombud.signals.personal import checked, mail, numbers, phones, places, reading

T = TypeVar("T")

KINDS = ("phone", "mail", "card", "account", "identity", "address")
DETAILS_MAX = 1024  # of one text

_CHAT = re.compile(r"(?:https?://)?(?<![\w.\-])(?:www\.)?(?:zalo\.me|wa\.me)/(?=\+?\d)")
_DIGITS = re.compile("[0-9]+")
_WEB = re.compile(r"(?<![^\W_])(?:https?://|www\.)\S+")


class Detail(NamedTuple):
    """One private detail: its kind, and where it stands in `Details.text`."""

    kind: str
    start: int
    end: int


class Details(NamedTuple):
    """The details of a text, and the text they stand in: plain, in lower case."""

    text: str
    found: tuple[Detail, ...]

    def count(self, kind: str) -> int:
        """How many different ones of a kind there are."""
        same = [self.text[each.start : each.end] for each in self.found if each.kind == kind]
        return len({"".join(filter(str.isalnum, said)) for said in same})


NOTHING = Details("", ())


def details(text: str, normal: str) -> Details:
    """The private details of a text; `normal` is its normalised view, for a quick look."""
    if reading.holds_nothing(normal):
        return NOTHING
    plain = reading.plain(text)
    low = plain.lower()
    if len(low) != len(plain):
        plain = low
    found = [Detail("mail", *span) for span in mail.mails(low)]
    blank = low
    many = sum(map(len, _DIGITS.findall(low))) >= phones.DIGITS_MIN
    if many:
        found += _ibans(low)
        blank = _blanked(low, found) if found else low
    found += [Detail("address", *span) for span in _first(places.addresses(plain, low))]
    if not many:
        return _sorted(low, found)
    if "/" in blank or "www." in blank:
        blank = _WEB.sub(_spaces, _CHAT.sub(_called, blank))
    found += [Detail(*each) for each in _first(numbers.numbers(blank))]
    return _sorted(low, found)


def _first(found: Iterator[T]) -> Iterator[T]:
    """As many as are told of a text; they come in order, so nothing after them would be."""
    return itertools.islice(found, DETAILS_MAX)


def _sorted(low: str, found: list[Detail]) -> Details:
    return Details(low, tuple(sorted(found, key=lambda each: each.start)[:DETAILS_MAX]))


def _ibans(low: str) -> list[Detail]:
    found = []
    for start in checked.IBAN_START.finditer(low):
        end = checked.iban(low, start.start())
        if end is not None:
            found.append(Detail("account", start.start(), end))
    return found


def _blanked(low: str, found: list[Detail]) -> str:
    """The text with spaces for what was found, and all else in its place."""
    parts = []
    at = 0
    for each in sorted(found, key=lambda each: each.start):
        start = max(at, each.start)
        if each.end > start:
            parts += [low[at:start], " " * (each.end - start)]
            at = each.end
    return "".join([*parts, low[at:]])


def _spaces(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _called(found: re.Match[str]) -> str:
    """A chat's address before a number: spaces, and a plus where a calling code must follow."""
    after = found.string[found.end() : found.end() + 1]
    return " " * (len(found.group()) - 1) + (" " if after in "0+" else "+")
