"""Terms that weigh nothing: religions, parties, peoples, offices and other groups read as one.

The swap test of the design, made true by construction: what stands in `neutral.txt`, and a name
behind an office, is one token to every model, so a score cannot tell one of them from another. The
words around a group ("people", "người") go with it, or "gay people" and "Muslims" would differ, and
neighbouring groups become one. "an" is read as "a", since an article tells how its noun begins.

This module must never give one of the terms a value of its own, nor hold a slur: a slur is a word
that somebody chose instead of these.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping, Sequence

from ombud.signals import views

GROUP = "\x01"  # stands for any of the terms; no token of a text is equal to it
NAME_WORDS_MAX = 4
_TABLE_DIGEST = "e0b4364215d09e561b7765a884996571848d220a733d823ccca8f2a069b3d7a6"  # of neutral.txt
# Words that go with a group, and say no more than that it is people.
_BEHIND = frozenset(
    [
        "people",
        "person",
        "folk",
        "folks",
        "guy",
        "guys",
        "man",
        "men",
        "woman",
        "women",
        "girl",
        "girls",
        "boy",
        "boys",
        "kid",
        "kids",
        "child",
        "children",
        "community",
        "communities",
        "minority",
        "minorities",
        "population",
    ]
)
_BEFORE = frozenset({"nguoi", "dan", "toc", "nuoc"})
# What makes a people of a `headed` term; the scornful ones keep their weight.
_HEADS = _BEFORE | frozenset({"bon", "lu", "tui", "thang", "dam", "quan"})
_OFFICES = (
    r"president|prime minister|chancellor|premier|minister|secretary|senator|congressman|"
    "congresswoman|governor|mayor|judge|king|queen|prince|princess|pope|chairman|"
    "chủ tịch nước|chủ tịch|thủ tướng|tổng bí thư|bí thư|tổng thống|bộ trưởng|đại biểu|ông|bà"
)

WORDS_KEPT = 16_384
_KEPT_MAX = 16  # characters

Terms = Mapping[str, Sequence[tuple[str, ...]]]
_ordinary: set[str] = (
    set()
)  # words that begin no term and belong to none: most words, found at once


def mask(words: Sequence[str], named: frozenset[str] = frozenset()) -> list[str]:
    """The words with every term, and the words that belong to it, as one GROUP.

    `words` are the words of a normalised text, in order; what is no word (punctuation) may stand
    between them and is handed through. `named` are folded words that are a name in this text.
    """
    terms, loose, headed = _terms()
    ordinary = _ordinary
    found: list[str] = []
    folded: list[str] = []
    index, last, before = 0, len(words), ""
    while index < last:
        word = words[index]
        if word in ordinary and not named:
            found.append(word)
            before = ""
            index += 1
            continue
        folded = folded or list(map(_folds.__getitem__, words))
        plain = folded[index]
        length = _length(terms, words, index) if word in terms else 0
        if not length and word in loose:
            length = _length(loose, words, index)
        if not length and before in _HEADS and word in headed:
            length = _length(headed, words, index)
        if not length and plain in named:
            length = 1
        if length:
            while found and (found[-1] == GROUP or _folds[found[-1]] in _BEFORE):
                found.pop()
            found.append(GROUP)
            index += length
            while index < last and folded[index] in _BEHIND:
                index += 1
            before = ""
        else:
            found.append("a" if word == "an" else word)
            if word not in terms and not named and not _special(word):
                _keep(word)
            before = plain
            index += 1
    return found


def names(written: str) -> frozenset[str]:
    """The folded words of names behind an office, told by their capitals: "Senator Ana Example"."""
    found: set[str] = set()
    for office in _offices().finditer(written):
        found.update(_folded(word.lower()) for word in office.group(1).split())
    return frozenset(found)


@functools.cache
def table() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The terms as committed, by kind and language."""
    import importlib.resources  # slow to import

    source = importlib.resources.files("ombud.signals.learned").joinpath("neutral.txt")
    content = source.read_bytes()
    if hashlib.sha256(content).hexdigest() != _TABLE_DIGEST:
        raise ValueError("neutral.txt is not the table this program was made with")
    found = {}
    for line in content.decode().splitlines():
        if line and not line.startswith("#"):
            about, _, listed = line.partition(": ")
            kind, lang = about.split(" ")
            found[kind, lang] = tuple(listed.split(", "))
    return found


@functools.cache
def digest() -> str:
    """What changes with the table or with what is done by it; part of every model's features."""
    return f"{_TABLE_DIGEST[:16]}.2"


@functools.cache
def _terms() -> tuple[Terms, Terms, Terms]:
    """The rest of each term by its first word, longest first.

    As written; without diacritics, of Vietnamese terms of several words, since a syllable without
    them means too much alone; and both, of terms that need a head before them.
    """
    exact: dict[str, set[tuple[str, ...]]] = {}
    loose: dict[str, set[tuple[str, ...]]] = {}
    headed: dict[str, set[tuple[str, ...]]] = {}
    for (kind, lang), terms in table().items():
        for term in terms:
            words = tuple(_folded(word) for word in term.split(" "))
            if kind == "headed":
                for first, *rest in (words, term.split(" ")):
                    headed.setdefault(first, set()).add(tuple(rest))
                continue
            if lang == "vi" and len(words) > 1:
                loose.setdefault(words[0], set()).add(words[1:])
            for form in _forms(lang, term):
                first, *rest = form.replace("-", " ").replace("'s", "").split(" ")
                exact.setdefault(first, set()).add(tuple(rest))
    return _longest(exact), _longest(loose), _longest(headed)


def _longest(terms: Mapping[str, set[tuple[str, ...]]]) -> Terms:
    return {first: sorted(rests, key=lambda r: (-len(r), r)) for first, rests in terms.items()}


def _forms(lang: str, term: str) -> tuple[str, ...]:
    """The forms in which a term is looked for; a plural of a plural harms nobody."""
    if lang != "en":
        return (term,)
    many = term[:-1] + "ies" if term.endswith("y") else term + "s"
    return (term, many, term + "es") if term.endswith(("sh", "ch", "s")) else (term, many)


def _length(terms: Terms, words: Sequence[str], index: int) -> int:
    """How many words the longest term has that begins here; 0 where none does."""
    following = words[index + 1] if index + 1 < len(words) else ""
    for rest in terms.get(words[index], ()):
        if not rest:
            return 1
        end = index + 1 + len(rest)
        if rest[0] == following and tuple(words[index + 1 : end]) == rest:
            return end - index
    return 0


def _special(word: str) -> bool:
    """Whether a word may begin a term, make one of what follows, or be an article."""
    _, loose, headed = _terms()
    return word == "an" or word in loose or word in headed or _folds[word] in _HEADS


def _keep(word: str) -> None:
    """Remember, in bounded memory, that there is nothing to look for at a word."""
    if len(word) <= _KEPT_MAX:
        if len(_ordinary) >= WORDS_KEPT:
            _ordinary.clear()
        _ordinary.add(word)


def _folded(word: str) -> str:
    return word if word.isascii() else views.fold(word)


class _Folds(dict[str, str]):
    """Answers by word, kept in bounded memory."""

    def __missing__(self, word: str) -> str:
        answer = _folded(word)
        if len(word) <= _KEPT_MAX:
            if len(self) >= WORDS_KEPT:
                self.clear()
            self[word] = answer
        return answer


_folds = _Folds()


def has_office(words: Sequence[str]) -> bool:
    """Whether a word of a normalised text may be of an office, so that names must be looked for."""
    return not _office_words().isdisjoint(words)


@functools.cache
def _office_words() -> frozenset[str]:
    return frozenset(_OFFICES.replace("|", " ").split())


@functools.cache
def _offices() -> re.Pattern[str]:
    name = r"[A-ZÀ-ỸĐ][\w'\-]{1,24}"
    return re.compile(rf"\b(?i:{_OFFICES})\s+({name}(?:\s+{name}){{0,{NAME_WORDS_MAX - 1}}})")
