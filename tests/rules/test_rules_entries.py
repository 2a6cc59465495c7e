"""Which list a condition asks, and by which entries it is true."""

from __future__ import annotations

import pytest

from ombud.model import Account
from ombud.rules.check import Surroundings
from ombud.rules.entries import asks, entries_of
from ombud.rules.phrases import reader
from ombud.signals.lists import Kept, TermList
from rules.rules_made import CLAUSES, report_of, seen

LISTS = {
    "some words": TermList("some words", ("viagr*", "free money"), stars=True),
    "bad sites": TermList("bad sites", ("bad.example", "*.worse.example"), stars=True),
    "known people": TermList("known people", ("Ana", "bot"), stars=True),
}


@pytest.mark.parametrize(
    ("when", "list_", "part", "found"),
    [
        ('text in list "some words"', "some words", "words", ["free money", "viagr*"]),
        ('links any in list "bad sites"', "bad sites", "hosts", ["*.worse.example"]),
        ('author in list "known people"', "known people", "exact", ["ana"]),
        ('author.name in list "some words"', "some words", "words", ["free money"]),
        ('author.name resembles list "known people" >= 90 %', "known people", "names", []),
        ("links.count >= 1", None, None, []),
        ('text contains "free money"', None, None, []),
    ],
)
def test_a_condition_tells_its_list_and_entries(
    when: str, list_: str | None, part: str | None, found: list[str]
) -> None:
    """What is compiled before it runs, and what is counted when it fires."""
    _, rule = report_of("  " + when, around=Surroundings(clauses=CLAUSES, lists=LISTS))
    assert rule is not None
    (atom,) = rule.atoms()
    assert asks(atom) == (None if list_ is None else (list_, part))
    kept = {name: Kept(each) for name, each in LISTS.items()}
    event = seen(
        text="Free money and viagra at http://a.worse.example",
        author=Account(id="ANA", name="free money"),
    )
    assert sorted(entry for _, entry in entries_of(atom, kept, event)) == found
    if found:
        assert reader(atom, kept).compute(event) is True
