"""What the phrases mean: `in list`, `resembles`, `contains`, `starts with`, `matches`.

    fact in list            a name: it is listed; a text: a listed term occurs in it as whole words
    plural any|all in list  sites: the site or a domain above it is listed; else as for a name.
                            With nothing to test both are false
    text contains           the words occur, apart from case: as whole words where they begin and
                            end with a letter or digit, else anywhere. Views as for lists
    text starts with        the normalised text begins so
    text matches            the RE2 pattern fits anywhere in the normalised text, apart from case
    fact resembles          how alike two names look (`signals.lookalike`), or two pictures are, by
                            their hashes (`signals.picture_hashes`); a list: its likest
                            entry; recent names, established members: the likest name of others
                            (`signals.memory`, `signals.members`), unknown only where one that was
                            let go could change the comparison
    plural resemble list    the likest of several; of sites, how alike a host looks to a listed
                            site, nothing where it is listed itself (`signals.domains`)
    text quotes             it holds a passage that the person wrote here (`signals.memory`)
    fact = "text"           equal when normalised

All are unknown where their fact is. Patterns run in RE2 only, in time linear in the text. This
module must never hand text on, apart from the matched words of a rule that fired.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import re2

from ombud.model import Value
from ombud.rules import sieve
from ombud.rules.checked import OPERATIONS, Atom
from ombud.rules.entries import are_sites, is_picture
from ombud.rules.sieve import NOTHING, Needs
from ombud.rules.tree import Compare, Condition, Holds, InList, Remembered, Resembles, TextTest
from ombud.signals import lookalike, members, memory, picture_hashes, views
from ombud.signals.declare import Type
from ombud.signals.lists import Listed, TermList, View
from ombud.signals.observation import Observation
from ombud.signals.resolve import Fact

VERSION = 1  # part of every rule's version: changes with the meaning of any phrase
PATTERN_LENGTH_MAX = 500
PATTERN_BYTES_MAX = 1 << 20  # memory that RE2 may take for one pattern
LIKENED = 32  # of several texts; beyond that one post could hold up everybody else's
WORDS_MAX = 5
WORD_LENGTH_MAX = 100

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """How a slot gets its value from an event, and which words of the event made it true.

    So that many can be answered together: what the text `needs` for it to be true; where it asks
    whether a fact is one text, or is not, that text; where it asks for a list, the list as of an
    instant.
    """

    compute: Callable[[Observation], Value]
    words: Callable[[Observation], Words]
    needs: Needs = NOTHING
    equals: str | None = None
    differs: str | None = None
    listed: Callable[[int], View] | None = None


def reader(atom: Atom, lists: Mapping[str, Listed]) -> Reader:
    """The reader of an atom's slot. Every list the atom names must be there."""
    written = atom.written
    known = atom.facts[0]
    if isinstance(written, InList):
        found = _in_list(written, known, lists[written.list])
    elif isinstance(written, Resembles):
        found = _resembles(written, atom.facts, lists)
    elif isinstance(written, TextTest) and written.how == "quotes":
        found = Reader(atom.facts[1].compute, _no_words)
    elif isinstance(written, TextTest):
        found = _TEXT_TESTS[written.how](written.operand)
    elif isinstance(written, Compare) and atom.operator is None:
        found = _equals(written, known)
    else:
        return Reader(known.compute, _no_words)
    return replace(found, words=lambda seen: _bounded(found.words(seen)))


def cost(written: Condition) -> int:
    """Roughly what a phrase costs on top of its facts, in microseconds."""
    if isinstance(written, Resembles):
        return 20
    if isinstance(written, TextTest):
        if written.how == "quotes":
            return 0  # its fact has the cost
        return 3 if written.how == "starts with" else 8
    if isinstance(written, InList):
        return 10 if written.fact.name == "text" else 2
    return 0 if isinstance(written, Holds) else 2


def problem(how: str, operand: str) -> str | None:
    """Why the operand of a text phrase cannot stand; "empty", or a reason in words, or None."""
    if how != "matches":
        return None if views.normalise(operand) else "empty"
    if not operand:
        return "empty"
    if len(operand) > PATTERN_LENGTH_MAX:
        return f"it is longer than {PATTERN_LENGTH_MAX} characters"
    try:
        compiled(operand)
    except re2.error as error:
        detail = error.args[0] if error.args else ""
        return detail.decode(errors="replace") if isinstance(detail, bytes) else str(detail)
    return None


def _no_words(_: Observation) -> Words:
    return ()


def _bounded(words: Iterable[str]) -> Words:
    return tuple(word[:WORD_LENGTH_MAX] for word in tuple(words)[:WORDS_MAX])


# --- lists ----------------------------------------------------------------------------------------


def _in_list(written: InList, known: Fact, listed: Listed) -> Reader:
    if known.type is Type.TEXTS:
        return _several(written, known, listed)
    compute = known.compute
    if known.type is Type.NAME:

        def has(seen: Observation) -> Value:
            value = compute(seen)
            return None if value is None else listed.active(seen.at).has(str(value))

        return Reader(has, lambda seen: _texts(compute(seen)), listed=listed.active)
    if known.name == "text":

        def terms(seen: Observation) -> Words:
            now = listed.active(seen.at)
            return now.find(seen.text, seen.normal, seen.folded, seen.skeleton)

    else:

        def terms(seen: Observation) -> Words:
            value = compute(seen)
            return listed.active(seen.at).find(*_views(str(value))) if value is not None else ()

    return Reader(
        lambda seen: None if compute(seen) is None else bool(terms(seen)),
        terms,
        sieve.of_list(listed) if known.name == "text" else NOTHING,
    )


def _several(written: InList, known: Fact, listed: Listed) -> Reader:
    compute = known.compute
    sites = are_sites(known)
    test = any if written.every == "any" else all

    def words(seen: Observation) -> Words:
        now = listed.active(seen.at)
        has = now.has_host if sites else now.has
        return tuple(each for each in _texts(compute(seen)) if has(each))

    def holds(seen: Observation) -> Value:
        value = compute(seen)
        if value is None:
            return None
        now = listed.active(seen.at)
        has = now.has_host if sites else now.has
        each = _texts(value)
        return bool(each) and test(has(one) for one in each)

    return Reader(holds, words)


def _texts(value: Value) -> Words:
    if isinstance(value, tuple):
        return value
    return () if value is None else (str(value),)


@functools.lru_cache(maxsize=1024)
def _views(name: str) -> tuple[str, str, str, str]:
    """A name as written, normalised, folded and as a skeleton."""
    normal = views.normalise(name)
    return name, normal, views.fold(normal), views.skeleton(name)


# --- likeness and equality ------------------------------------------------------------------------


def _resembles(written: Resembles, facts: tuple[Fact, ...], lists: Mapping[str, Listed]) -> Reader:
    other = written.likeness.other
    compare = OPERATIONS[written.operator]
    bound = int(written.constant.value)
    compute = facts[0].compute

    def own(seen: Observation) -> Words:
        """What was written, never what it resembles: that is somebody else's name."""
        return tuple(each[:WORD_LENGTH_MAX] for each in _texts(compute(seen)))

    if isinstance(other, Remembered):
        return Reader(_remembered(other, facts, compare, bound), own)
    if isinstance(other, str) and facts[0].type is Type.TEXTS:
        return _likest(compute, lists[other], are_sites(facts[0]), compare, bound)
    if isinstance(other, str):
        listed = lists[other]

        picture = is_picture(facts[0])

        def like(seen: Observation) -> Value:
            value = compute(seen)
            if value is None:
                return None
            now = listed.active(seen.at)
            alike = now.picture if picture else now.resemblance
            return compare(alike(str(value)), bound)

        return Reader(like, own)
    second = facts[1].compute
    resemblance = picture_hashes.likeness if is_picture(facts[0]) else lookalike.resemblance

    def alike(seen: Observation) -> Value:
        one, two = compute(seen), second(seen)
        if one is None or two is None:
            return None
        return compare(resemblance(str(one), str(two)), bound)

    return Reader(alike, own)


_LIKEST = {Remembered.RECENT: memory.likeness, Remembered.ESTABLISHED: members.likeness}


def _remembered(
    names: Remembered, facts: tuple[Fact, ...], compare: Callable[[int, int], bool], bound: int
) -> Callable[[Observation], Value]:
    """Where a name that was let go could have been likelier, the answer stands only if no such name
    could change it.
    """
    likest = _LIKEST[names]
    who, number, width = _who(facts[0]), facts[1].windows[0].number, facts[1].width

    def like(seen: Observation) -> Value:
        found = likest(seen, who, number, width)
        if found is None:
            return None
        outcome = compare(found.largest, bound)
        if found.complete:
            return outcome
        possible = (max(found.largest, bound), 1000)
        return outcome if all(compare(each, bound) is outcome for each in possible) else None

    return like


def _who(name: Fact) -> str:
    """Whose name a fact is."""
    return name.name.removesuffix(".name")


def _likest(
    compute: Callable[[Observation], Value],
    listed: Listed,
    sites: bool,
    compare: Callable[[int, int], bool],
    bound: int,
) -> Reader:
    """The likest of several, of the first LIKENED; the words are those that the comparison holds
    for.
    """

    def each(seen: Observation) -> dict[str, int]:
        now = listed.active(seen.at)
        alike = now.likeness if sites else now.resemblance
        return {text: alike(text) for text in _texts(compute(seen))[:LIKENED]}

    def likest(seen: Observation) -> Value:
        if compute(seen) is None:
            return None
        return compare(max(each(seen).values(), default=0), bound)

    def words(seen: Observation) -> Words:
        return tuple(text for text, found in each(seen).items() if compare(found, bound))

    return Reader(likest, words)


def _equals(written: Compare, known: Fact) -> Reader:
    wanted = views.normalise(str(written.constant.value))
    equal = written.operator == "="
    compute = known.compute

    def same(seen: Observation) -> Value:
        value = compute(seen)
        return None if value is None else (views.normalise(str(value)) == wanted) is equal

    return Reader(
        same,
        lambda seen: _texts(compute(seen)),
        equals=wanted if equal else None,
        differs=None if equal else wanted,
    )


def normal(known: Fact) -> Callable[[Observation], str | None]:
    """A fact's value as equality and lists of names compare it; None where it is unknown."""
    compute = known.compute

    def normalised(seen: Observation) -> str | None:
        value = compute(seen)
        return None if value is None else views.normalise(str(value))

    return normalised


# --- text -----------------------------------------------------------------------------------------


def _contains(operand: str) -> Reader:
    normal = views.normalise(operand)
    plain = views.fold(normal) == normal  # written without diacritics: found in the folded view too
    skeleton = views.skeleton(operand)
    whole = normal[0].isalnum() and normal[-1].isalnum()
    term = TermList("", (operand,))

    def contains(seen: Observation) -> Value:
        text = seen.normal
        if text is None:
            return None
        if (
            normal not in text
            and not (plain and normal in (seen.folded or ""))
            and skeleton not in (seen.skeleton or "")
        ):
            return False
        return not whole or bool(term.find(seen.text, text, seen.folded, seen.skeleton))

    return Reader(contains, lambda _: (operand,), sieve.of_word(normal, skeleton))


def _starts_with(operand: str) -> Reader:
    wanted = views.normalise(operand)

    def starts(seen: Observation) -> Value:
        return None if seen.normal is None else seen.normal.startswith(wanted)

    return Reader(starts, lambda _: (operand,), Needs(prefix=wanted))


def _matches(operand: str) -> Reader:
    search = compiled(operand).search

    def matches(seen: Observation) -> Value:
        text = seen.normal_bytes
        return None if text is None else search(text) is not None

    def words(seen: Observation) -> Words:
        found = search(seen.normal_bytes or b"")
        if found is None or not found.group(0):
            return ()
        return (found.group(0).decode(errors="replace"),)

    return Reader(matches, words, Needs(pattern=operand))


_TEXT_TESTS: Mapping[str, Callable[[str], Reader]] = {
    "contains": _contains,
    "starts with": _starts_with,
    "matches": _matches,
}


def pattern_size(operand: str) -> int:
    """How many instructions a pattern is compiled to, forwards and backwards."""
    pattern = compiled(operand)
    return int(pattern.programsize + pattern.reverseprogramsize)


@functools.lru_cache(maxsize=1024)
def compiled(written: str) -> re2._Regexp:
    """The compiled pattern. Raises re2.error."""
    return re2.compile(written.encode(), sieve.options(PATTERN_BYTES_MAX))
