"""Entries that stand for many values: `*` for any letters, `?` for one, as policy lists write them.

Only entries that come from such a list are read so (their source says it); in lists of one's own a
star is for texts. Patterns run in RE2, after a look whether their longest literal part is there at
all. This module must never let a pattern take time that grows faster than what it is held against.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import re2

PUBLISHED = "policy rule "  # how the source of an entry begins that somebody else publishes
KEPT = 4096  # values whose patterns are remembered
SIGNS = ("@", "!", "#")
_WILD = re.compile(r"[*?]+")


def is_glob(term: str, source: str) -> bool:
    """Whether an entry stands for many values, as where it comes from means it."""
    return source.startswith(PUBLISHED) and wild(term)


def wild(term: str) -> bool:
    """Whether a term has a sign that stands for others."""
    return "*" in term or "?" in term


def fits(term: str, value: str) -> bool:
    """Whether one term, with or without such signs, stands for a value."""
    return any(Globs((term,)).matches(value))


def _alike(known: str, value: str) -> bool:
    """Whether a pattern is about what a value is: accounts and rooms begin with a sign of theirs,
    as their patterns do, so that one of servers stands for none of them.
    """
    return value[:1] not in SIGNS or known[:1] == value[:1]


class Globs:
    """Some patterns, by the keys of their entries."""

    __slots__ = ("_known", "_literal", "_patterns")

    def __init__(self, keys: Iterable[str]) -> None:
        self._literal = {known: max(_WILD.split(known), key=len) for known in keys}
        self._patterns: dict[str, re2._Regexp[str]] = {}
        self._known: dict[str, tuple[str, ...]] = {}

    def entry(self, value: str, alive: Callable[[str], bool] | None) -> str | None:
        """The first entry that stands for a value and counts, or None."""
        if not self._literal:
            return None
        found = self._known.get(value)
        if found is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            found = self._known[value] = tuple(
                known for known in self.matches(value) if _alike(known, value)
            )
        return next((known for known in found if alive is None or alive(known)), None)

    def matches(self, value: str) -> Iterator[str]:
        """All entries that stand for a value."""
        for known, literal in self._literal.items():
            if literal in value and self._pattern(known).fullmatch(value):
                yield known

    def _pattern(self, known: str) -> re2._Regexp[str]:
        made = self._patterns.get(known)
        if made is None:
            written = re.sub(r"\*+", "*", known)
            parts = (
                {"*": ".*", "?": "."}.get(each, re2.escape(each))
                for each in re.split("([*?])", written)
            )
            made = self._patterns[known] = re2.compile("(?s)" + "".join(parts))
        return made
