"""Conditions of one kind, answered together: which of them *could* be true of an event.

A rule set asks many things of one text. Here they are asked in one call each: all words in one pass
of an automaton over all views, all patterns in one RE2 set, all beginnings by their lengths. What
passes a sieve is then decided by the condition's own reader; what does not is false. So a sieve can
only save work: it must never hold back a condition that is true, and never decide that one is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import re2

from ombud.signals.lists import Listed
from ombud.signals.observation import Observation

TOGETHER_MIN = 3  # fewer conditions are quicker asked one by one
LENGTH_MAX = 2_000  # characters; in a longer text words could occur too often to list them all, and
# patterns together, which RE2 never stops to follow, could take far longer than one by one
TERMS_MAX = 2_000  # terms of a list that still goes through the common automaton
SET_BYTES_MAX = 8 << 20  # memory that RE2 may take for all patterns together

Slots = Collection[int]
Sieve = Callable[[Observation], "Slots | None"]  # None: there is no text, all are unknown


@dataclass(frozen=True, slots=True)
class Needs:
    """What a text must have for a condition on it to be true; nothing given: no sieve can tell.

    One of the `literals` in one of its views, or anything where the list they are of has `grown`;
    or that it begins with `prefix`; or that `pattern` fits somewhere.
    """

    literals: tuple[str, ...] = ()
    listed: Listed | None = None
    prefix: str = ""
    pattern: str = ""


NOTHING = Needs()


def of_word(normal: str, skeleton: str) -> Needs:
    """What a word to be found needs: its form in the normal or folded view, or its skeleton."""
    return Needs(literals=(normal, skeleton)) if normal and skeleton else NOTHING


def of_list(listed: Listed) -> Needs:
    """What a list's terms need; nothing for a long list, which has an automaton of its own."""
    forms = listed.literals(TERMS_MAX)
    return Needs(literals=tuple(sorted(forms)), listed=listed) if forms else NOTHING


def sieves(needs: Mapping[int, Needs]) -> tuple[tuple[Sieve, frozenset[int]], ...]:
    """The sieves worth having for some slots, each with the slots that go through it."""
    words = {slot: each for slot, each in needs.items() if each.literals}
    begins = {slot: each.prefix for slot, each in needs.items() if each.prefix}
    fits = {slot: each.pattern for slot, each in needs.items() if each.pattern}
    made: list[tuple[Sieve | None, Mapping[int, object]]] = [
        (_words(words) if len(words) >= TOGETHER_MIN else None, words),
        (_beginnings(begins) if len(begins) >= TOGETHER_MIN else None, begins),
        (_patterns(fits) if len(fits) >= TOGETHER_MIN else None, fits),
    ]
    return tuple((each, frozenset(slots)) for each, slots in made if each is not None)


def _inverted(needed: Iterable[tuple[int, str]]) -> dict[str, tuple[int, ...]]:
    """Which slots need each text."""
    found: dict[str, tuple[int, ...]] = {}
    for slot, text in needed:
        found[text] = (*found.get(text, ()), slot)
    return found


def _words(needed: Mapping[int, Needs]) -> Sieve:
    """All literals at once, over the views one after the other: a space is the only white space in
    them, so that a line break keeps them apart.
    """
    import ahocorasick_rs

    meant = _inverted((slot, each) for slot, needs in needed.items() for each in needs.literals)
    find = ahocorasick_rs.AhoCorasick(list(meant)).find_matches_as_indexes
    slots_of, every = list(meant.values()), tuple(needed)
    lists = [(slot, needs.listed) for slot, needs in needed.items() if needs.listed is not None]

    def sieve(seen: Observation) -> Slots | None:
        normal = seen.normal
        if normal is None:
            return None
        if len(normal) > LENGTH_MAX:
            return every
        grown = [slot for slot, listed in lists if listed.grown]
        folded, text = seen.folded, f"{normal}\n{seen.skeleton}"
        if folded is not normal:
            text = f"{text}\n{folded}"
        found = find(text, overlapping=True)
        return (
            {slot for each in found for slot in slots_of[each[0]]}.union(grown) if found else grown
        )

    return sieve


def _beginnings(needed: Mapping[int, str]) -> Sieve:
    """All prefixes of one length at once."""
    lengths: dict[int, dict[str, tuple[int, ...]]] = {}
    for prefix, slots in _inverted(needed.items()).items():
        lengths.setdefault(len(prefix), {})[prefix] = slots
    by_length = tuple((length, known.get) for length, known in sorted(lengths.items()))

    def sieve(seen: Observation) -> Slots | None:
        normal = seen.normal
        if normal is None:
            return None
        found: Slots = ()
        for length, known in by_length:
            slots = known(normal[:length])
            if slots is not None:
                found = (*found, *slots)
        return found

    return sieve


def _patterns(needed: Mapping[int, str]) -> Sieve | None:
    """All patterns in one set; None where RE2 would need too much memory for them together.

    The empty pattern stands first and always fits: where even that is not found, RE2 ran out of
    memory on this text, and every condition has to be asked.
    """
    patterns = re2.Set.SearchSet(options(SET_BYTES_MAX))
    meant = _inverted(needed.items())
    try:
        patterns.Add(b"")
        for pattern in meant:
            patterns.Add(pattern.encode())
        patterns.Compile()
    except re2.error:
        return None
    fit, slots_of, every = patterns.Match, [(), *meant.values()], tuple(needed)

    def sieve(seen: Observation) -> Slots | None:
        text = seen.normal_bytes
        if text is None:
            return None
        if len(text) > LENGTH_MAX:
            return every
        found = fit(text)
        if not found:
            return every
        return () if len(found) == 1 else {slot for each in found for slot in slots_of[each]}

    return sieve


def options(memory: int) -> re2.Options:
    """How every pattern is read: over UTF-8, which spares counting letters, apart from case."""
    chosen = re2.Options()
    chosen.case_sensitive = False
    chosen.log_errors = False
    chosen.max_mem = memory
    return chosen
