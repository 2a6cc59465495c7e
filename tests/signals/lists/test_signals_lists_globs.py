"""Entries of lists that others publish may stand for many: exactly those, and in bounded time."""

from __future__ import annotations

import fnmatch
import itertools

import pytest

from ombud.signals.lists import TermList
from ombud.signals.lists.globs import KEPT, PUBLISHED, Globs, fits, is_glob

FROM = f"{PUBLISHED}$a in !b"


@pytest.mark.parametrize("term", ["*", "@*", "@a*", "@?b:*", "a*b*c", "??", "a", "[a]*", "a.b*"])
def test_a_star_and_a_mark_mean_what_they_do_everywhere(term: str) -> None:
    """As the standard library's globs do, brackets apart."""
    oracle = term.replace("[", "[[]")
    for size in range(5):
        for letters in itertools.product("@ab:.[]", repeat=size):
            value = "".join(letters)
            assert fits(term, value) == fnmatch.fnmatchcase(value, oracle), value


def test_no_pattern_takes_long() -> None:
    """Stars and marks that make other engines try every way are answered at once."""
    value = "a" * 255
    for term in ("*a" * 120 + "b", "*?" * 127, "?*" * 120 + "b"):
        assert not fits(term, value) or term == "*?" * 127


def test_only_what_others_publish_is_read_so() -> None:
    """In a list of one's own a star is for texts, as ever."""
    assert is_glob("@a*", FROM)
    assert not is_glob("@a*", "a forum")
    assert not is_glob("@ab", FROM)
    theirs = TermList("list", ("@spam*:bad.example",), {"@spam*:bad.example": FROM}, stars=True)
    assert theirs.whole.entry("@SPAM9:bad.example") == "@spam*:bad.example"
    assert theirs.whole.entry("@ham:bad.example") is None
    ours = TermList("list", ("@spam*:bad.example",), {}, stars=True)
    assert ours.whole.entry("@spam9:bad.example") is None


def test_what_does_not_count_is_passed_over() -> None:
    """The next pattern that stands for a value is told instead."""
    globs = Globs(["@a*", "@*"])
    assert globs.entry("@ab", None) == "@a*"
    assert globs.entry("@ab", lambda known: known != "@a*") == "@*"
    assert globs.entry("@ab", lambda _: False) is None
    assert Globs([]).entry("@ab", None) is None


@pytest.mark.parametrize("value", ["@a:bad.example", "!r:bad.example", "#r:bad.example"])
def test_a_pattern_of_servers_stands_for_no_account_and_no_room(value: str) -> None:
    """Whoever confirms one says yes to what it says, whatever else a rule asks the list."""
    globs = Globs(["*", "*.example", "?r:bad.example", value[0] + "*"])
    assert globs.entry(value, None) == value[0] + "*"
    assert globs.entry("bad.example", None) == "*"


def test_memory_is_bounded() -> None:
    """However many values are asked about."""
    globs = Globs(["@a*"])
    for number in range(KEPT + 10):
        assert globs.entry(f"@b{number}", None) is None
    assert len(globs._known) <= KEPT
