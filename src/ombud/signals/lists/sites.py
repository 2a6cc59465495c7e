"""The sites of a list, arranged to find the one that a host looks most like quickly.

The measure is that of `domains`. This module must never tell which site it was, nor find that a
listed site, or what stands below it, resembles another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ombud.signals import domains
from ombud.signals.domains import Form
from ombud.signals.lists.hosts import named
from ombud.signals.lists.names import Shelf, best, letters

SITES_MAX = 2_000  # sites that a host is compared with letter by letter; by other ways: all
LIKE_MIN = 800  # permille; hosts less alike than that are told as not alike
RUN_MAX = 8  # words of a site that are looked for inside a host

_Owners = dict[str, list[str]]  # a form -> the domains that have it


class Gone(NamedTuple):
    """What only hidden terms name: domains, and the forms that none but they have."""

    domains: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()


NOTHING = Gone()


class Sites:
    """The sites of a list's terms."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms: dict[str, int] = {}  # domain -> how many terms name it
        self._labels: _Owners = {}
        self._runs: _Owners = {}
        self._nears: _Owners = {}
        self._lengths: set[int] = set()  # of labels
        self._shelf: Shelf = {}  # labels with the beginning of their ending
        self._cores: Shelf = {}  # labels alone
        for term in terms:
            form = _form(term)
            if form is None:
                continue
            known = form.domain in self._terms
            self._terms[form.domain] = self._terms.get(form.domain, 0) + 1
            if not known:
                self._add(form)

    def _add(self, form: Form) -> None:
        compared = len(self._terms) <= SITES_MAX
        if compared and form.label not in self._labels:
            self._cores.setdefault(len(form.label), []).append((letters(form.label), form.label))
        if compared and form.near not in self._nears:
            self._shelf.setdefault(len(form.near), []).append((letters(form.near), form.near))
        self._lengths.add(len(form.label))
        self._labels.setdefault(form.label, []).append(form.domain)
        self._nears.setdefault(form.near, []).append(form.domain)
        run = domains.runs(form.domain)
        if len(run) <= RUN_MAX:
            self._runs.setdefault(".".join(run), []).append(form.domain)

    def gone(self, terms: Iterable[str]) -> Gone:
        """What is gone where these terms are hidden."""
        named_by = Counter(form.domain for term in terms if (form := _form(term)) is not None)
        hidden = {each for each, count in named_by.items() if count >= self._terms[each]}
        forms = (known for each in (self._labels, self._nears) for known in each.items())
        only = frozenset(form for form, owners in forms if hidden and hidden.issuperset(owners))
        return Gone(frozenset(hidden), only)

    def nearest(self, host: str, gone: Gone = NOTHING) -> int:
        """How alike the host and the likest site look; less than LIKE_MIN is 0."""
        form = domains.form(host)
        if form is None or not self._terms or self._has(form.domain, gone):
            return 0
        found = max(self._same(form, gone), self._within(form, gone), self._below(form, gone))
        found = max(found, self._altered(form, gone, max(found, LIKE_MIN - 1)))
        return found if found >= LIKE_MIN else 0

    # --- what a host can have of a site ---------------------------------------------------------

    def _has(self, domain: str, gone: Gone) -> bool:
        return domain in self._terms and domain not in gone.domains

    def _owners(self, known: _Owners, form: str, gone: Gone) -> Iterator[str]:
        return (each for each in known.get(form, ()) if each not in gone.domains)

    def _label(self, label: str, gone: Gone, least: int = 1) -> bool:
        """Whether it is the label of a site, and long enough."""
        if len(label) < least:
            return False
        return next(self._owners(self._labels, label, gone), None) is not None

    def _same(self, form: Form, gone: Gone) -> int:
        """The same label, or the whole site inside."""
        found = 0
        for domain in self._owners(self._labels, form.label, gone):
            written = domains.form(domain)
            if written is not None and written.written != form.written:
                return domains.SAME
            if len(form.label) >= domains.LABEL_MIN:
                found = domains.ENDING
        words = domains.runs(form.host)
        own = -1  # where an honest other ending would be taken for a site: google.com.hk
        if self._label(form.label, gone):
            own = len(words) - len(domains.runs(form.domain))
        for start in range(len(words)):
            if start == own:
                continue
            for end in range(start + 2, min(start + RUN_MAX, len(words)) + 1):
                run = ".".join(words[start:end])
                if next(self._owners(self._runs, run, gone), None) is not None:
                    return domains.SAME
        return found

    def _within(self, form: Form, gone: Gone) -> int:
        """A label with something beside it: words of trust, others behind a hyphen, letters."""
        found = 0
        whole = "".join(form.parts)[: domains.LENGTH_MAX]
        for start, end in self._places(whole, gone):
            if domains.trusted(whole[:start]) and domains.trusted(whole[end:]):
                if whole != form.label or end - start < len(whole):
                    return domains.TRUSTED
            elif whole[start:end] in form.parts and end - start >= domains.LABEL_MIN:
                found = domains.BESIDE
            elif end - start >= domains.INSIDE_MIN:
                found = max(found, domains.INSIDE)
        return found

    def _places(self, whole: str, gone: Gone) -> Iterator[tuple[int, int]]:
        """Where labels stand in a joined label."""
        for length in self._lengths:
            if length > domains.CORE_MIN:
                for start in range(len(whole) - length + 1):
                    if self._label(whole[start : start + length], gone):
                        yield start, start + length

    def _below(self, form: Form, gone: Gone) -> int:
        """A label in a subdomain of somebody else."""
        for label in form.below:
            words = tuple(map(domains.looks, label.split("-")))
            if any(self._label(word, gone, domains.LABEL_MIN) for word in words):
                beside = (*words, *map(domains.looks, form.below), *form.parts)
                trust = any(domains.trusted(word) for word in beside)
                return domains.BESIDE if trust else domains.INSIDE
        return 0

    def _altered(self, form: Form, gone: Gone, floor: int) -> int:
        """A label with letters changed."""
        if self._label(form.label, gone):  # nothing is altered but the ending
            return 0
        found = best(self._shelf, (form.near,), floor, gone.forms)
        beside = -(-found * 1000 // domains.TRUSTED) - 1
        other = tuple(each for each in (form.label, *form.cores) if each not in self._labels)
        beside = best(self._cores, other, beside, gone.forms)
        return max(found, beside * domains.TRUSTED // 1000)


def _form(term: str) -> Form | None:
    host = named(term.removeprefix("*."))
    return None if host is None else domains.form(host)
