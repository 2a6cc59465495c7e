"""Reading conditions, values and lines of examples."""

from __future__ import annotations

import pytest

from ombud.rules import conditions
from ombud.rules import format as say
from ombud.rules.diagnostic import Malformed, Report
from ombud.rules.lex import Cursor, read, scan
from ombud.rules.tree import FactName, Likeness
from ombud.signals.declare import Type


def _cursor(text: str) -> Cursor:
    report = Report("a.rule")
    return Cursor(scan(report, read(report, text.encode()))[0])


@pytest.mark.parametrize(
    "said",
    [
        "links.count >= 2",
        "not links.misleading",
        "author.age < 3 days",
        'author in list "trusted helpers"',
        'not links all in list "our own sites"',
        'author.role any in list "staff"',
        'author.name resembles list "staff names" >= 90 %',
        'links resemble list "our own sites" >= 90 %',
        "author.name resembles recent names >= 70 %",
        "author.name resembles established members >= 90 %",
        "author.name resembles target.name > 80 %",
        "author.insults to target in last 1 day >= 3",
        "author.posts with links in last 30 minutes > 5",
        "share of author.posts with same domain in last 30 days > 10 %",
        "text.repeat authors in last 1 hour >= 3",
        'text contains "buy now"',
        'text starts with "[WTS]"',
        "text quotes target",
        'text matches "\\bbuy\\b"',
        'author.name = "Admin"',
        "on duty = no",
        "emergency",
        'room.name in list "market"',
    ],
)
def test_every_phrase_of_the_grammar_is_read_and_said_again(said: str) -> None:
    """The canonical words of a condition are the words it was read from, known fact or not."""
    assert say.line(conditions.line(_cursor(said))) == said


@pytest.mark.parametrize(
    ("said", "value", "type_"),
    [
        ("links.count  2", 2, Type.COUNT),
        ("author.posts in last 10 minutes  21", 21, Type.COUNT),
        ("author.age  5 minutes", 300_000_000, Type.DURATION),
        ("author.first seen  0 seconds", 0, Type.DURATION),
        ("insult  93 %", 930, Type.PERCENT),
        ('text  "in last 3 days"', "in last 3 days", Type.TEXT),
        ('author in list "trusted helpers"  yes', True, Type.YESNO),
        ("text quotes target  no", False, Type.YESNO),
    ],
)
def test_the_value_of_a_stated_fact_is_read_from_the_end(
    said: str, value: object, type_: Type
) -> None:
    """Numbers inside the words of a fact do not confuse its value."""
    stated = conditions.stated(_cursor(said))
    assert (stated.constant.value, stated.constant.type) == (value, type_)


def test_a_likeness_is_stated_without_its_comparison() -> None:
    """`resembles` in an example has a percentage and no sign."""
    stated = conditions.stated(_cursor('author.name resembles list "staff names"  93 %'))
    assert stated.what == Likeness(FactName("author.name"), "staff names")


def test_several_resemble_and_one_resembles() -> None:
    """The two words are told apart, and stay as they were written."""
    stated = conditions.stated(_cursor('links resemble list "our own sites"  93 %'))
    assert stated.what == Likeness(FactName("links"), "our own sites", several=True)
    assert stated.what != Likeness(FactName("links"), "our own sites")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("links.count >= 2 >= 3", "R026"),
        (">= 3", "R026"),
        ('"text" contains "a"', "R026"),
        ("author.age < 3 fortnights", "R029"),
        ("author.age < 999999999 years", "R045"),
        ("author.posts in last 0 minutes > 1", "R045"),
        ("text starts >= 3", "R026"),
        ("text quotes everybody", "R026"),
        ("author.name resembles >= 3 %", "R026"),
        ("author.posts with > 3", "R026"),
        ("author.posts to > 3", "R026"),
    ],
)
def test_what_cannot_be_read_says_where(said: str, code: str) -> None:
    """The place of the problem is inside the line or just behind it."""
    with pytest.raises(Malformed) as broken:
        conditions.line(_cursor(said))
    assert broken.value.code == code
    assert 1 <= broken.value.place.column <= len(said) + 1
