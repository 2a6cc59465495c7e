"""Lists of terms that operators keep: words, sites, people's ids. One term a line, `lists/*.txt`.

    # a comment
    term
    term<TAB>where it comes from<TAB>2027-01-31

A line's expiry is a date or time (RFC 3339): the entry no longer counts from then on, with a date
from 0:00 UTC. `\\#` at the start of a line stands for a term that begins with `#`. A list is
compiled when it is first asked. This module must never read a file or the clock, nor change a list
in place.
"""

from __future__ import annotations

import bisect
import functools
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ombud.clock import from_datetime, rfc3339
from ombud.signals import links, lookalike, views

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ahocorasick_rs import AhoCorasick

BYTES_MAX = 64 * 1024 * 1024
ENTRIES_MAX = 1_000_000
LINE_MAX = 1000  # characters
PROBLEMS_MAX = 100  # told of one file; the first say it all
FOUND_MAX = 5
RESEMBLES_MIN = 700  # permille; names less alike than that are told as not alike

_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d))?", re.ASCII
)
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{1,62}")
# Scripts that write words without spaces: Thai to Tibetan, Myanmar, Khmer, kana, Han.
_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)

NAMES_MAX = 10_000  # terms that a name is compared with letter by letter; equal looks: all

PLAIN, SKELETON = 1, 2  # where a form of a term is looked for: normal and folded, skeleton


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line of a list, and what to do; the line is left out."""

    line: int
    message: str
    hint: str


@dataclass(frozen=True, eq=False)
class TermList:
    """A list of terms, in the order of its file. Equal digests mean equal lists.

    `sources` and `expires` (instants) are given only for the terms that have them.
    """

    name: str
    terms: tuple[str, ...]
    sources: Mapping[str, str] = field(default_factory=dict)
    expires: Mapping[str, int] = field(default_factory=dict)

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical text: the entries, sorted, each once."""
        lines = set()
        for term in self.terms:
            until = self.expires.get(term)
            tail = f"\t{self.sources.get(term, '')}\t{'' if until is None else rfc3339(until)}"
            lines.add(term + tail.rstrip("\t") + "\n")
        text = "".join(sorted(lines))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def active(self, at: int) -> TermList:
        """The list without the entries expired at `at` (an instant); the list itself if none is."""
        gone = bisect.bisect_right(self._expiries, at)
        if not gone:
            return self
        kept: tuple[int, TermList] | None = self.__dict__.get("_kept")
        if kept is None or kept[0] != gone:
            terms = tuple(term for term in self.terms if not self.expires.get(term, at + 1) <= at)
            kept = gone, TermList(self.name, terms, self.sources, self.expires)
            self.__dict__["_kept"] = kept
        return kept[1]

    def has(self, value: str) -> bool:
        """Whether the value is a term of the list, apart from case and compatible characters."""
        return views.normalise(value) in self._normals

    def has_host(self, host: str) -> bool:
        """Whether the host (as in `links.Address`) or a domain above it is listed.

        `example.org` lists itself and all below it, `*.example.org` only what is below it, an
        address in the web its host.
        """
        sites, below = self._hosts
        if host in sites:
            return True
        at = host.find(".")
        while at >= 0:
            parent = host[at + 1 :]
            if parent in sites or parent in below:
                return True
            at = host.find(".", at + 1)
        return False

    def find(
        self, text: str | None, normal: str | None, folded: str | None, skeleton: str | None
    ) -> tuple[str, ...]:
        """The terms that occur as whole words, at most FOUND_MAX, as they are listed.

        Looked for in the views that are given; from a `text` alone the normal view is made. A term
        with diacritics is found only where they are written: in the normal view and, with
        look-alike letters, in the skeleton. A term without diacritics is also found in the folded
        view, where "chó" reads "cho". Who lists "cho" therefore finds "chó", "chờ" and "chỗ" too,
        and who lists "chó" finds that word alone: in Vietnamese the marks make the word, and
        leaving them off must not accuse anybody of another one.
        """
        if normal is None and text is not None:
            normal = views.normalise(text)
        where: dict[str, int] = {}
        for view, flag in ((normal, PLAIN), (folded, PLAIN), (skeleton, SKELETON)):
            if view:
                where[view] = where.get(view, 0) | flag
        found: dict[str, None] = {}
        for view, flags in where.items():
            self._look(view, flags, found)
            if len(found) >= FOUND_MAX:
                break
        return tuple(found)[:FOUND_MAX]

    def _look(self, view: str, flags: int, found: dict[str, None]) -> None:
        forms = self._forms
        if forms is None:
            return
        automaton, meant = forms
        for pattern, start, end in automaton.find_matches_as_indexes(view, overlapping=True):
            index, allowed = meant[pattern]
            if allowed & flags and _whole(view, start, end):
                found[self.terms[index]] = None
                if len(found) >= FOUND_MAX:
                    return

    def resemblance(self, name: str) -> int:
        """How alike the name and the most similar term look, in permille (`lookalike`).

        Less than RESEMBLES_MIN is told as 0: nobody takes such names for each other.
        """
        return self._nearest(name)

    # --- compiled when first asked ----------------------------------------------------------------

    @functools.cached_property
    def _expiries(self) -> list[int]:
        return sorted(self.expires[term] for term in self.terms if term in self.expires)

    @functools.cached_property
    def _normals(self) -> frozenset[str]:
        return frozenset(map(views.normalise, self.terms))

    @functools.cached_property
    def _hosts(self) -> tuple[frozenset[str], frozenset[str]]:
        """The hosts listed with all below them, and those of which only what is below is listed."""
        sites: set[str] = set()
        below: set[str] = set()
        for term in self.terms:
            bare = term.removeprefix("*.")
            host = _host(bare)
            if host is not None:
                (sites if bare == term else below).add(host)
        return frozenset(sites), frozenset(below)

    @functools.cached_property
    def _forms(self) -> tuple[AhoCorasick, list[tuple[int, int]]] | None:
        """The automaton over all forms of all terms, and of each form: its term, in which views."""
        import ahocorasick_rs

        meant: dict[str, tuple[int, int]] = {}
        for index, term in enumerate(self.terms):
            normal = views.normalise(term)
            if normal:
                meant.setdefault(normal, (index, PLAIN))
        for index, term in enumerate(self.terms):
            skeleton = views.skeleton(term)
            if skeleton:
                first, flags = meant.get(skeleton, (index, 0))
                meant[skeleton] = first, flags | SKELETON
        if not meant:
            return None
        return ahocorasick_rs.AhoCorasick(list(meant)), list(meant.values())

    @functools.cached_property
    def _nearest(self) -> Callable[[str], int]:
        return functools.lru_cache(maxsize=lookalike.NAMES_KEPT)(_Names(self.terms).nearest)


class _Names:
    """The terms of a list as names, arranged to find the most similar one quickly."""

    def __init__(self, terms: tuple[str, ...]) -> None:
        self.whole: _Shelf = {}  # whole names
        self.core: _Shelf = {}  # names without the things beside them, where that is another form
        self.wholes: set[str] = set()
        self.cores: set[str] = set()
        for place, term in enumerate(terms):
            seen = lookalike.forms.__wrapped__(term)  # past the cache, which is for people's names
            for form in seen.every:
                known, shelf = (
                    (self.wholes, self.whole) if form in seen.whole else (self.cores, self.core)
                )
                if form not in known:
                    known.add(form)
                    if place < NAMES_MAX:
                        shelf.setdefault(len(form), []).append((_letters(form), form))

    def nearest(self, name: str) -> int:
        """The similarity of the most similar term, as `lookalike.alike` has it."""
        seen = lookalike.forms(name)
        if not self.wholes.isdisjoint(seen.whole):
            return 1000
        if not (self.wholes.isdisjoint(seen.every) and self.cores.isdisjoint(seen.every)):
            return lookalike.AFFIXED
        best = _best(self.whole, seen.whole, RESEMBLES_MIN - 1)
        beside = -(-best * 1000 // lookalike.AFFIXED) - 1
        beside = _best(self.whole, seen.every[len(seen.whole) :], beside)
        beside = _best(self.core, seen.every, beside)
        best = max(best, beside * lookalike.AFFIXED // 1000)
        return best if best >= RESEMBLES_MIN else 0


_Shelf = dict[int, list[tuple[int, str]]]  # length -> (letters, form)


def _best(shelf: _Shelf, forms: tuple[str, ...], floor: int) -> int:
    """The similarity of the most similar form on the shelf, or `floor` where none is more alike."""
    for form in forms:
        own = _letters(form)
        for length, there in shelf.items():
            longer = max(length, len(form))
            most = longer + (-(floor + 1) * longer // 1000)  # edits that still beat the floor
            if abs(length - len(form)) > most:
                continue
            changes = 2 * most  # an edit changes at most two of the letters that occur
            for other in [o for letters, o in there if (own ^ letters).bit_count() <= changes]:
                floor = max(floor, lookalike.similarity(form, other, floor))
    return floor


def _letters(form: str) -> int:
    """The set of letters that occur, 64 bits."""
    letters = 0
    for character in form:
        letters |= 1 << (ord(character) & 63)
    return letters


def _whole(view: str, start: int, end: int) -> bool:
    """Whether view[start:end] is not part of a longer word."""
    return not (
        (start > 0 and _joins(view[start - 1], view[start]))
        or (end < len(view) and _joins(view[end - 1], view[end]))
    )


def _joins(left: str, right: str) -> bool:
    """Whether two neighbouring characters stand in one word."""
    if views.is_mark(right):
        return True  # "ho" is no word in "ho" with a tone mark
    if not (left.isalnum() or left == "_" or views.is_mark(left)):
        return False
    if not (right.isalnum() or right == "_"):
        return False
    return _UNSPACED.match(left) is None or _UNSPACED.match(right) is None


def _host(term: str) -> str | None:
    """The host that a term names: a domain, an address in the web, or an IP address."""
    lowered = term.strip().lower()
    if _HOST.fullmatch(lowered):
        return lowered
    if "." not in lowered and ":" not in lowered:
        return None
    address = links.parse(lowered if "://" in lowered else "http://" + lowered)
    return None if address is None else address.host


# --- reading a file ------------------------------------------------------------------------------


def parse(name: str, content: bytes) -> tuple[TermList, tuple[Problem, ...]]:
    """The list in a file's bytes, and what is wrong with it; lines with a problem are left out."""
    if len(content) > BYTES_MAX:
        told = Problem(1, f"The list is larger than {BYTES_MAX // 2**20} MB.", "Split it.")
        return TermList(name, ()), (told,)
    reader = _Reader()
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not reader.take(number, line):
            break
    return (
        TermList(name, tuple(reader.terms), reader.sources, reader.expires),
        tuple(reader.problems),
    )


class _Reader:
    """Takes the lines of one list."""

    def __init__(self) -> None:
        self.terms: dict[str, None] = {}
        self.sources: dict[str, str] = {}
        self.expires: dict[str, int] = {}
        self.problems: list[Problem] = []

    def take(self, number: int, raw: bytes) -> bool:
        """Take one line; False where no more are taken."""
        try:
            line = raw.decode().strip(" \r\x0b\x0c")
        except UnicodeDecodeError as error:
            return self._tell(
                number,
                f"The line is not valid UTF-8 (byte {error.start + 1} of it).",
                "Save the list in UTF-8.",
            )
        if not line.strip() or line.startswith("#"):
            return True
        if len(line) > LINE_MAX:
            return self._tell(
                number,
                f"The line has {len(line)} characters; at most {LINE_MAX} are taken.",
                "Give one term a line, and a short source.",
            )
        term, *more = (part.strip() for part in line.split("\t"))
        term = term[1:] if term.startswith("\\#") else term
        if len(more) > 2:
            return self._tell(
                number,
                "There are more than three fields.",
                "Write term, source, expiry; tabs between.",
            )
        if not views.normalise(term):
            return self._tell(number, "There is no visible term.", "Write the term before the tab.")
        until = None
        if len(more) == 2 and more[1]:
            until = _instant(more[1])
            if until is None:
                return self._tell(
                    number,
                    f"The expiry {more[1][:40]!r} is no date.",
                    "Write it as 2027-01-31 or 2027-01-31T12:00:00Z.",
                )
        return self._add(number, term, more[0] if more else "", until)

    def _add(self, number: int, term: str, source: str, until: int | None) -> bool:
        known = term in self.terms
        if not known and len(self.terms) >= ENTRIES_MAX:
            self._tell(number, f"The list has more than {ENTRIES_MAX} entries.", "Split it.")
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

    def _tell(self, number: int, message: str, hint: str) -> bool:
        self.problems.append(Problem(number, message, hint))
        return len(self.problems) < PROBLEMS_MAX


def _instant(written: str) -> int | None:
    """The instant of an RFC 3339 date or time; None where it is none."""
    if _RFC3339.fullmatch(written) is None:
        return None
    try:
        moment = datetime.fromisoformat(written.upper())
    except ValueError:
        return None
    return from_datetime(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))
