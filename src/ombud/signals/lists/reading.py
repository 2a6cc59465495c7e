"""Reading lists. One term a line, `lists/*.txt`:

    # a comment
    term
    term<TAB>where it comes from<TAB>2027-01-31
    include: another list

A line's expiry is a date or time (RFC 3339): the entry no longer counts from then on, with a date
from 0:00 UTC. `\\#` at the start of a line stands for a term that begins with `#`, `\\include:` for
one that begins so. A term listed twice counts once: its first source, its later end. This module
must never read a file: it is given the bytes.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from ombud.clock import from_datetime, rfc3339
from ombud.signals import views
from ombud.signals.lists.kept import Kept
from ombud.signals.lists.terms import TermList
from ombud.signals.lists.words import has_star, starred, too_short

BYTES_MAX = 64 * 1024 * 1024
ENTRIES_MAX = 1_000_000  # of a list and all that it includes
LINE_MAX = 1000  # characters
PROBLEMS_MAX = 100  # told of one file; the first say it all

# How files are read. The first program knew neither stars nor includes; what it read so is read so
# again by replay. In the last form a short glob is an entry too (`globs`).
PLAIN, STARS, GLOBS = 1, 2, 3

_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d))?", re.ASCII
)
_SPECIAL = re.compile(r"^[#\\*\s]|^include:|[*\s]$|[^\x20-\x7e]")  # lines to look at closely
_INCLUDE = re.compile(r"include:\s*(.*)", re.ASCII)
# What an editor does not show and what turns the text around; joiners belong to words and emoji.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line of a list: a code of `rules.messages` and what fills it. With an
    error the line is left out.
    """

    line: int
    code: str
    arguments: Mapping[str, Any]
    warning: bool = False


Read = tuple[TermList, tuple[Problem, ...], Mapping[str, int]]  # includes with their lines


# Lists in use by what they were read from: a reload does not read and compile a million lines that
# have not changed.
_in_use: weakref.WeakValueDictionary[tuple[str, int, bytes], TermList] = (
    weakref.WeakValueDictionary()
)


def parse(name: str, content: bytes, form: int = STARS) -> tuple[TermList, tuple[Problem, ...]]:
    """The list in a file's bytes, and what is wrong with it."""
    if len(content) > BYTES_MAX:
        return TermList(name, ()), (Problem(1, "R203", {"limit": BYTES_MAX // 2**20}),)
    origin = (name, form, sha256(content).digest())
    known = _in_use.get(origin)
    if known is not None:
        return known, ()
    reader = _Reader(form)
    reader.take_all(content.removeprefix(b"\xef\xbb\xbf"))
    terms = tuple(reader.terms)
    stars, includes = form >= STARS, reader.includes
    listed = TermList(name, terms, reader.sources, reader.expires, stars, includes)
    if not reader.problems:
        _in_use[origin] = listed
    return listed, tuple(reader.problems)


class _Reader:
    """Takes the lines of one list."""

    def __init__(self, form: int) -> None:
        self.form = form
        self.terms: dict[str, None] = {}
        self.sources: dict[str, str] = {}
        self.expires: dict[str, int] = {}
        self.includes: dict[str, int] = {}
        self.problems: list[Problem] = []

    def take_all(self, content: bytes) -> None:
        """Take all lines, the plain ones quickly."""
        terms, plain = self.terms, _SPECIAL.search
        for number, line in enumerate(_lines(content), 1):
            if isinstance(line, bytes):
                if not self._tell(number, "R204", byte=_first_bad(line) + 1):
                    return
                continue
            ordinary = 0 < len(line) <= LINE_MAX and plain(line) is None
            if ordinary and line not in self.expires and len(terms) < ENTRIES_MAX:
                terms[line] = None
            elif not self.take(number, line.strip(" \r\x0b\x0c")):
                return

    def take(self, number: int, line: str) -> bool:
        """Take one line; False where no more are taken."""
        if not line.strip() or line.startswith("#"):
            return True
        if len(line) > LINE_MAX:
            return self._tell(number, "R205", found=len(line), limit=LINE_MAX)
        if self.form >= STARS:
            unseen = _UNSEEN.search(line)
            if unseen is not None:
                self._warn(number, "R211", character=f"U+{ord(unseen.group()):04X}")
            included = _INCLUDE.fullmatch(line)
            if included is not None:
                return self._include(number, included[1])
        term, *more = (part.strip() for part in line.split("\t"))
        if term.startswith("\\#") or (self.form >= STARS and term.startswith("\\include:")):
            term = term[1:]
        if len(more) > 2:
            return self._tell(number, "R206")
        until = None
        if len(more) == 2 and more[1]:
            until = instant(more[1])
            if until is None:
                return self._tell(number, "R208", written=more[1][:40])
        code = problem(term, self.form)
        if code:
            return self._tell(number, code)
        return self._add(number, term, more[0] if more else "", until)

    def _include(self, number: int, name: str) -> bool:
        name = " ".join(name.split())
        if not name:
            return self._tell(number, "R212")
        self.includes.setdefault(name, number)
        return True

    def _add(self, number: int, term: str, source: str, until: int | None) -> bool:
        known = term in self.terms
        if not known and len(self.terms) >= ENTRIES_MAX:
            self._tell(number, "R209", limit=ENTRIES_MAX)
            return False
        self.terms[term] = None
        if source:
            self.sources.setdefault(term, source)
        if until is None:
            self.expires.pop(term, None)
        elif not known:
            self.expires[term] = until
        elif term in self.expires:  # listed twice: the later end counts
            self.expires[term] = max(until, self.expires[term])
        return True

    def _tell(self, number: int, code: str, **arguments: object) -> bool:
        self.problems.append(Problem(number, code, arguments))
        return len(self.problems) < PROBLEMS_MAX

    def _warn(self, number: int, code: str, **arguments: object) -> None:
        self.problems.append(Problem(number, code, arguments, warning=True))


def _lines(content: bytes) -> Iterable[str | bytes]:
    """The lines of a file; those that are not UTF-8 as they are."""
    try:
        return content.replace(b"\r\n", b"\n").decode().split("\n")
    except UnicodeDecodeError:
        return map(_line, content.split(b"\n"))


def _line(raw: bytes) -> str | bytes:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _first_bad(raw: bytes) -> int:
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return error.start
    return len(raw)


def problem(term: str, form: int = STARS) -> str:
    """The code of what is wrong with a term, or nothing."""
    if not views.normalise(term):
        return "R207"
    if form == STARS and has_star(term) and too_short(starred(term)):
        return "R210"
    return ""


def line_text(term: str, source: str, expires: str | int | None = None) -> str:
    """An entry as a list file writes it."""
    if term.startswith(("#", "include:")):
        term = "\\" + term
    until = rfc3339(expires) if isinstance(expires, int) else expires or ""
    return f"{term}\t{source}\t{until}".rstrip("\t")


def instant(written: str) -> int | None:
    """The instant of an RFC 3339 date or time; None where it is none."""
    if _RFC3339.fullmatch(written) is None:
        return None
    try:
        moment = datetime.fromisoformat(written.upper())
    except ValueError:
        return None
    return from_datetime(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))


# --- lists that include others --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unsound:
    """Why a list cannot include what it names: a code of `rules.messages` and what fills it."""

    name: str  # of the list whose file says so
    included: str
    code: str
    arguments: Mapping[str, Any]


def together(
    written: Mapping[str, TermList], stored: Mapping[str, object] = MappingProxyType({})
) -> tuple[dict[str, Kept], list[Unsound]]:
    """All lists with what they include, and what is wrong with that; what is wrong is left out.

    `stored` are the lists that have no file: empty here, their entries stand in the store.
    """
    names = sorted({*written, *stored})
    made = {name: Kept(written.get(name) or TermList(name, (), stars=True)) for name in names}
    wrong: list[Unsound] = []
    edges: dict[str, list[str]] = {}
    for name, kept in made.items():
        edges[name] = [other for other in kept.written.includes if other in made]
        wrong += [
            Unsound(name, other, "R213", {"name": other})
            for other in kept.written.includes
            if other not in made
        ]
    for name, other, chain in _cycles(edges):
        edges[name].remove(other)
        wrong.append(Unsound(name, other, "R214", {"chain": " > ".join(chain)}))
    for name, kept in made.items():
        kept.includes = tuple(made[other] for other in edges[name])
    for name, kept in made.items():
        size = sum(len(each.written.terms) for each in kept.reach)
        if kept.includes and size > ENTRIES_MAX:
            wrong.append(Unsound(name, "", "R215", {"found": size, "limit": ENTRIES_MAX}))
    return made, wrong


def _cycles(edges: Mapping[str, list[str]]) -> list[tuple[str, str, list[str]]]:
    """The edges that lead back to where one came from, each with the way round."""
    found: list[tuple[str, str, list[str]]] = []
    done: set[str] = set()
    for start in edges:
        path = [start]
        ahead = [iter(edges[start])] if start not in done else []
        while ahead:
            other = next(ahead[-1], None)
            if other is None:
                done.add(path.pop())
                ahead.pop()
            elif other in path:
                found.append((path[-1], other, [*path[path.index(other) :], other]))
            elif other not in done:
                path.append(other)
                ahead.append(iter(edges[other]))
    return found
