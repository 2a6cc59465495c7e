"""The meaning of single conditions."""

from __future__ import annotations

import pytest

from ombud.rules import format as say
from ombud.rules.tree import FactName
from ombud.signals.declare import COUNTERS, SIGNALS, WITHS, Type
from ombud.signals.resolve import resolve
from rules.rules_made import LISTS, checked, only, report_of


def test_a_fact_is_said_as_the_signals_name_it() -> None:
    """The formatter's words of a fact are the canonical name `resolve` gives it."""
    for name in SIGNALS:
        assert say.fact(FactName(name)) == resolve(name).name
    for name, counter in COUNTERS.items():
        for word in (None, *WITHS):
            if counter.against_usual and word is not None and WITHS[word].keys is not None:
                continue
            to = "target" if counter.about else None
            hour = 3_600_000_000
            words = FactName(name, to, word, hour)
            assert say.fact(words) == resolve(name, to=to, word=word, in_last=hour).name
    share = FactName("author.posts", word="links", in_last=86_400_000_000, share=True)
    fact = resolve("author.posts", word="links", in_last=86_400_000_000, share=True)
    assert say.fact(share) == fact.name


def test_units_become_the_units_inside() -> None:
    """Percent are permille, lengths of time microseconds, yes and no are one and zero."""
    for said, operand in (
        ("share of author.posts with links in last 1 day > 10 %", 100),
        ("author.age < 3 days", 3 * 86_400_000_000),
        ("links.count >= 2", 2),
        ("links.any = no", 0),
    ):
        atom = only(checked(f"  {said}")).atom
        assert atom.operand == operand
        assert atom.slot == atom.facts[0].name


def test_conditions_on_text_are_slots_of_their_own() -> None:
    """A condition on text is recorded as its words and a yes or no, never as the text."""
    for said in ('text contains "x"', 'author in list "trusted helpers"', 'author.name = "x"'):
        atom = only(checked(f"  {said}")).atom
        assert (atom.slot, atom.operator, atom.type) == (said, None, Type.YESNO)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("author.posts in last 1 hour > 1024", "R068"),
        ("author.posts in last 1 hour >= 1025", "R068"),
        ("author.posts in last 1 hour = 1024", "R068"),
        ("author.posts in last 1 hour >= 1024", None),
        ("room.joins against usual in last 1 hour >= 32", None),
        ("room.joins against usual in last 1 hour > 32", "R095"),
        ("room.joins against usual in last 9 minutes >= 2", "R093"),
        ("room.joins against usual in last 25 hours >= 2", "R093"),
        ("room.joins against usual with same text in last 1 hour >= 2", "R094"),
        ("room.joins against usual with new accounts in last 1 hour >= 2", None),
        ("share of room.joins against usual with links in last 1 hour > 2 %", "R057"),
        ("author.posts in last 1 hour < 1024", None),
        ("text.length > 5000", None),
        ('author.role = "x"', "R050"),
        ('room > "a"', "R053"),
        ("links.any > no", "R053"),
        ("share of author.posts with links in last 1 day > 3", "R051"),
        ("text.repeats with links in last 1 hour > 3", None),
        ("text.repeats to target in last 1 hour > 3", "R058"),
        ("links.count with media > 3", "R055"),
        ('text contains "\\u{200b}"', "R044"),
        (f'text matches "{"a" * 501}"', "R063"),
        ('text matches "(?=a)"', "R063"),
        ('text matches ""', "R044"),
        ('author.name resembles list "nobody" >= 90 %', "R059"),
        ('links resemble list "nobody" >= 90 %', "R059"),
        ('links resemble list "our own sites" >= 90 %', None),
        ('links resembles list "our own sites" >= 90 %', "R060"),
        ('author.name resemble list "staff names" >= 90 %', "R061"),
        ('links.count resemble list "our own sites" >= 90 %', "R065"),
        ("links resemble author.name >= 90 %", "R065"),
        ("links resemble recent names >= 90 %", "R065"),
        ("text resembles established members >= 90 %", "R065"),
        ("author.avatar resembles established members >= 90 %", "R065"),
        ("author.avatar resembles author.name >= 90 %", "R065"),
        ("author.name resembles author.avatar >= 90 %", "R065"),
        ("author.name resembles links >= 90 %", "R065"),
        ('links resemble list "our own sites" >= 9', "R051"),
        ('author.name resembles list "staff names" >= 101 %', "R069"),
        ('author.name resembles list "staff names" >= 3 days', "R050"),
    ],
)
def test_edges_of_the_type_rules(said: str, code: str | None) -> None:
    """Each condition is taken, or refused with the code that explains it."""
    report, _ = report_of(f"  {said}", then="warn this")
    assert [problem.code for problem in report.found] == ([code] if code else [])


def test_lists_are_named_as_they_are() -> None:
    """Every list that is there can be named."""
    for name in LISTS:
        assert report_of(f'  text in list "{name}"')[1] is not None
