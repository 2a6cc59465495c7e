"""One list of terms as it was written, asked about values, hosts, texts and names.

An entry is known by its key, the normalised term: `Foo` and `foo` are one entry. Each part is
compiled when it is first asked. Where not all entries count, `Part` says which. This module must
never read a file or the clock, nor change a list in place.
"""

from __future__ import annotations

import functools
import hashlib
import heapq
import itertools
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from ombud.clock import rfc3339
from ombud.signals import lookalike, views
from ombud.signals.domains import HOSTS_KEPT
from ombud.signals.lists.globs import Globs, is_glob
from ombud.signals.lists.hosts import Hosts
from ombud.signals.lists.names import Hidden, Names
from ombud.signals.lists.sites import Gone, Sites
from ombud.signals.lists.words import FOUND_MAX, Star, Words, has_star, starred, views_of
from ombud.signals.picture_hashes import Pictures

NEVER = 1 << 62  # an instant that does not come
SORTED_MAX = 32_768  # lines of one sort


def key(term: str) -> str:
    """What an entry is known by, whatever the case and width it is written in."""
    normal = views.normalise(term)
    return term if normal == term else normal


@dataclass(frozen=True, eq=False)
class TermList:
    """A list of terms, in the order of its file. Equal digests mean equal lists.

    `sources` and `expires` (instants) are given only for the terms that have them. With `stars` a
    star at the end of a term stands for more letters of the word. `includes` names other lists.
    """

    name: str
    terms: tuple[str, ...]
    sources: Mapping[str, str] = field(default_factory=dict)
    expires: Mapping[str, int] = field(default_factory=dict)
    stars: bool = False
    includes: Mapping[str, int] = field(default_factory=dict)  # with the lines that say so

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical text: the entries, sorted, each once."""
        lines = {term + "\n" for term in self.terms}
        for term in {*self.sources, *self.expires}:
            until = self.expires.get(term)
            tail = f"\t{self.sources.get(term, '')}\t{'' if until is None else rfc3339(until)}"
            lines.discard(term + "\n")
            lines.add(term + tail.rstrip("\t") + "\n")
        told = ["\tstars\n"] if self.stars and any(map(has_star, self.terms)) else []
        told += [f"\tinclude\t{name}\n" for name in self.includes]
        made = hashlib.sha256("".join(told).encode())
        for part in _in_order(lines):
            made.update("".join(part).encode("utf-8", "surrogatepass"))
        return made.hexdigest()

    def active(self, at: int) -> TermList | Part:
        """The list without the entries expired at `at` (an instant); the list itself if none is."""
        return Part(self, frozenset(), at) if self.first_end <= at else self

    # --- asked ------------------------------------------------------------------------------------

    def has(self, value: str) -> bool:
        """Whether the value is a term of the list, apart from case and compatible characters."""
        return views.normalise(value) in self.exact

    def has_host(self, host: str) -> bool:
        """Whether the host (as in `links.Address`) or a domain above it is listed."""
        return self.hosts.entry(host) is not None

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
        return self.whole.find(text, normal, folded, skeleton)

    def resemblance(self, name: str) -> int:
        """How alike the name and the most similar term look, in permille (`lookalike`).

        Less than RESEMBLES_MIN is told as 0: nobody takes such names for each other.
        """
        return self.whole.resemblance(name)

    def likeness(self, host: str) -> int:
        """How alike the host and the most similar site look, in permille (`domains`); 0 for what is
        listed.
        """
        return self.whole.likeness(host)

    def picture(self, text: str) -> int:
        """How alike the hash of a picture and the most similar term are (`picture_hashes`)."""
        return self.whole.picture(text)

    # --- compiled when first asked ----------------------------------------------------------------

    @functools.cached_property
    def whole(self) -> Part:
        """All entries."""
        return Part(self)

    @functools.cached_property
    def keys(self) -> AbstractSet[str]:
        """The keys of all entries."""
        return frozenset(map(key, self.terms))

    @functools.cached_property
    def ends(self) -> Mapping[str, int]:
        """When entries end, by key, where they do; of a term written twice the later end counts."""
        found: dict[str, int] = {}
        lasting: set[str] = set()
        if self.expires:
            for term in self.terms:
                end = self.expires.get(term)
                if end is None:
                    lasting.add(key(term))
                else:
                    found[key(term)] = max(end, found.get(key(term), end))
        return {known: end for known, end in found.items() if known not in lasting}

    @functools.cached_property
    def all_ends(self) -> tuple[int, ...]:
        """The instants at which entries end, in order."""
        return tuple(sorted(set(self.ends.values())))

    @functools.cached_property
    def first_end(self) -> int:
        """When the first entry ends."""
        return self.all_ends[0] if self.all_ends else NEVER

    @property
    def grown(self) -> bool:
        """Nothing is ever added to what was written."""
        return False

    def literals(self, most: int) -> frozenset[str] | None:
        """Of these letters some must stand in a view of a text in which a term is to be found; None
        where there are more than `most` terms.
        """
        if len(self.terms) > most:
            return None
        stars = [self.meant(term).letters for term in self.terms]
        found = {form for each in stars for form in (views.normalise(each), views.skeleton(each))}
        return frozenset(found - {""})

    def spelled(self, keys: Iterable[str]) -> list[str]:
        """The terms as they are written, of some keys."""
        found: list[str] = []
        for each in keys:
            if each in self._terms:
                found.append(each)
            found += self._otherwise.get(each, ())
        return found

    def only(self, keys: AbstractSet[str]) -> TermList:
        """A list of the entries of some keys."""
        terms = tuple(term for term in self.terms if key(term) in keys)
        sources = {term: self.sources[term] for term in terms if term in self.sources}
        expires = {term: self.expires[term] for term in terms if term in self.expires}
        return TermList(self.name, terms, sources, expires, self.stars)

    def meant(self, term: str) -> Star:
        """What a term stands for in a text."""
        return starred(term) if self.stars else Star(term)

    @functools.cached_property
    def _terms(self) -> frozenset[str]:
        return frozenset(self.terms)

    @functools.cached_property
    def _otherwise(self) -> Mapping[str, tuple[str, ...]]:
        """The terms that are not written as their key is, by key."""
        found: dict[str, tuple[str, ...]] = {}
        for term in self.terms:
            known = key(term)
            if known != term:
                found[known] = (*found.get(known, ()), term)
        return found

    @functools.cached_property
    def escaped(self) -> Mapping[str, str]:
        """The keys of the terms that are written otherwise than they are compared."""
        if not self.stars:
            return {}
        found = ((term, starred(term)) for term in self.terms if "\\*" in term)
        return {key(star.letters): key(term) for term, star in found if star.letters != term}

    @functools.cached_property
    def exact(self) -> AbstractSet[str]:
        """What a value may equal: a term with a star is for texts only."""
        if not self.stars or not any(map(has_star, self.terms)):
            return self.keys
        stars = map(starred, self.terms)
        return frozenset(key(star.letters) for star in stars if not star.sides)

    @functools.cached_property
    def globs(self) -> Globs:
        """The entries of lists that others publish which stand for many values."""
        found = (term for term, source in self.sources.items() if is_glob(term, source))
        return Globs(map(key, found))

    @functools.cached_property
    def hosts(self) -> Hosts:
        """The hosts that are named."""
        return Hosts((term, key(term)) for term in self.terms)

    @functools.cached_property
    def words(self) -> Words:
        """The terms as they are looked for in texts."""
        return Words([self.meant(term) for term in self.terms])

    @functools.cached_property
    def names(self) -> Names:
        """The terms as names that others may resemble."""
        return Names(self.terms)

    @functools.cached_property
    def pictures(self) -> Pictures:
        """The terms that are hashes of pictures."""
        return Pictures(self.terms)

    @functools.cached_property
    def sites(self) -> Sites:
        """The terms as sites that others may resemble."""
        return Sites(self.terms)


def _in_order(lines: set[str]) -> Iterator[list[str]]:
    """The lines sorted, a part at a time: while one long sort runs, no other thread goes on."""
    ahead = iter(lines)
    parts = []
    while part := list(itertools.islice(ahead, SORTED_MAX)):
        part.sort()
        parts.append(part)
    merged = heapq.merge(*parts) if len(parts) > 1 else itertools.chain(*parts)
    while part := list(itertools.islice(merged, SORTED_MAX)):
        yield part


class Part:
    """The entries of a list that count: all but those whose keys are `hidden`, in `quarantine` or
    `watching`, and those that have ended at `at`.
    """

    __slots__ = (
        "_gone",
        "_kept",
        "_near",
        "_seen",
        "_sites",
        "at",
        "hidden",
        "listed",
        "quarantine",
        "watching",
    )

    def __init__(
        self,
        listed: TermList,
        hidden: AbstractSet[str] = frozenset(),
        at: int = -NEVER,
        quarantine: AbstractSet[str] = frozenset(),
        watching: AbstractSet[str] = frozenset(),
    ) -> None:
        self.listed = listed
        self.hidden = hidden
        self.quarantine = quarantine
        self.watching = watching
        self.at = at
        self._gone = bool(hidden) or bool(quarantine) or bool(watching) or listed.first_end <= at
        self._kept: dict[str, int] = {}
        self._seen: Hidden | None = None
        self._near: dict[str, int] = {}
        self._sites: Gone | None = None

    @property
    def complete(self) -> bool:
        """Whether all entries count."""
        return not self._gone

    def alive(self, known: str) -> bool:
        """Whether the entry of a key, which the list has, counts."""
        return (
            known not in self.hidden
            and known not in self.quarantine
            and known not in self.watching
            and self.listed.ends.get(known, NEVER) > self.at
        )

    def _alive_at(self, place: int) -> bool:
        return self.alive(key(self.listed.terms[place]))

    # --- the entry by which something is listed: its key ------------------------------------------

    def entry(self, value: str) -> str | None:
        """The entry that a value is, or None."""
        listed = self.listed
        normal = views.normalise(value)
        alive = self.alive if self._gone else None
        if normal in listed.exact:
            known = listed.escaped.get(normal, normal) if listed.stars else normal
            if alive is None or alive(known):
                return known
        return listed.globs.entry(normal, alive)

    def host_entry(self, host: str) -> str | None:
        """The entry by which a host is listed, or None."""
        return self.listed.hosts.entry(host, self.alive if self._gone else None)

    def look(self, where: Mapping[str, int], found: dict[str, str]) -> None:
        """Add the terms that occur in the views, with their keys, up to FOUND_MAX."""
        listed = self.listed
        places: dict[int, None] = {}
        for view, kinds in where.items():
            listed.words.look(view, kinds, places, self._alive_at if self._gone else None)
            if len(places) >= FOUND_MAX:
                break
        for place in places:
            term = listed.terms[place]
            found.setdefault(term, key(term))

    # --- asked ------------------------------------------------------------------------------------

    def has(self, value: str) -> bool:
        """As `TermList.has`."""
        return self.entry(value) is not None

    def has_host(self, host: str) -> bool:
        """As `TermList.has_host`."""
        return self.host_entry(host) is not None

    def find(
        self, text: str | None, normal: str | None, folded: str | None, skeleton: str | None
    ) -> tuple[str, ...]:
        """As `TermList.find`."""
        found: dict[str, str] = {}
        self.look(views_of(text, normal, folded, skeleton), found)
        return tuple(found)[:FOUND_MAX]

    def resemblance(self, name: str) -> int:
        """As `TermList.resemblance`."""
        known = self._kept.get(name)
        if known is None:
            if len(self._kept) >= lookalike.NAMES_KEPT:
                self._kept.clear()
            known = self._kept[name] = self.listed.names.nearest(name, self._hidden_names())
        return known

    def likeness(self, host: str) -> int:
        """As `TermList.likeness`."""
        known = self._near.get(host)
        if known is None:
            if len(self._near) >= HOSTS_KEPT:
                self._near.clear()
            if self._sites is None:
                self._sites = self.listed.sites.gone(self._hidden_terms())
            known = 0 if self.has_host(host) else self.listed.sites.nearest(host, self._sites)
            self._near[host] = known
        return known

    def picture(self, text: str) -> int:
        """As `TermList.picture`."""
        return self.listed.pictures.nearest(text, self._hidden_terms())

    def _hidden_names(self) -> Hidden:
        if self._seen is None:
            self._seen = self.listed.names.hidden(self._hidden_terms())
        return self._seen

    def _hidden_terms(self) -> list[str]:
        gone: set[str] = set()
        if self._gone:
            gone = {each for each, end in self.listed.ends.items() if end <= self.at}
            gone |= self.hidden | self.quarantine | self.watching
        return self.listed.spelled(gone)
