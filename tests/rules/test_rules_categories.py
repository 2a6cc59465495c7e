"""The categories and keywords of the EU's database, and what a clause may say of itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsa.schema import read as published
from ombud import samples
from ombud.model import HARMS
from ombud.rules import categories
from ombud.rules.categories import CATEGORIES, KEYWORD, OF_HARM, OTHER, Filed, Unfit, of, read
from ombud.rules.diagnostic import render
from ombud.rules.policy import read_policies

POLICY = "## a.b Title\nharm: scam\npublished: 2026-01-01\ndsa: {term}\n\nText.\n"
SCAM = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"


def test_the_table_is_the_published_one() -> None:
    """Each category with its keywords, in their order, and none that a report has no row for."""
    known = published("enums.json")
    assert {name: list(words) for name, words in CATEGORIES.items()} == known["category_keywords"]
    assert set(CATEGORIES) == set(known["statement_categories"]) - {categories.NOT_SPECIFIED_NOTICE}


def test_every_harm_has_a_category() -> None:
    """A clause that names none is filed by its harm, and every harm is."""
    assert set(OF_HARM) == set(HARMS)
    for filed in OF_HARM.values():
        assert set(filed.keywords) <= set(CATEGORIES[filed.category])
    assert of("hate", None) == OF_HARM["hate"]


def test_a_term_is_categories_and_keywords() -> None:
    """In any number and either way parted; without a keyword it is an other one."""
    assert read(f"{SCAM} KEYWORD_PHISHING") == Filed(SCAM, (), ("KEYWORD_PHISHING",))
    assert read(SCAM) == Filed(SCAM, (), (OTHER,))
    both = read(f"{SCAM}, STATEMENT_CATEGORY_VIOLENCE KEYWORD_COORDINATED_HARM")
    assert both == Filed(SCAM, ("STATEMENT_CATEGORY_VIOLENCE",), ("KEYWORD_COORDINATED_HARM",))
    assert of("spam", f"{SCAM} KEYWORD_PHISHING").category == SCAM


@pytest.mark.parametrize(
    ("term", "code", "column", "said"),
    [
        ("STATEMENT_CATEGORY_SCAM_AND_FRAUD", "STATEMENT_CATEGORY_SCAM_AND_FRAUD", 6, SCAM),
        (f"{SCAM} KEYWORD_FISHING", "KEYWORD_FISHING", 41, "KEYWORD_PHISHING"),
        (f"{SCAM}, KEYWORD_NUDITY", "KEYWORD_NUDITY", 42, "OTHER_VIOLATION_TC"),
        ("KEYWORD_PHISHING", "KEYWORD_PHISHING", 6, "Begin with a category"),
        (f"{SCAM} {SCAM}", SCAM, 41, "Delete one"),
        ("STATEMENT_CATEGORY_CYBER_VIOLENCE KEYWORD_STALKING", "KEYWORD_STALKING", 40, "CYBER_ST"),
        ("STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE", "STATEMENT_CATEGORY_NOT_SP", 6, "forbids"),
        (f"{SCAM} ZZZZZ", "ZZZZZ", 41, "dsa-categories.md"),
    ],
)
def test_what_is_unknown_is_shown_where_it_stands(
    term: str, code: str, column: int, said: str
) -> None:
    """File, line, the caret below the code itself, and what to write instead."""
    clauses, problems = read_policies({"a.md": POLICY.format(term=term).encode()})
    found = [each for each in problems if each.code == "R114"]
    assert clauses == {}
    assert len(found) == 1
    assert (found[0].file, found[0].line, found[0].column) == ("a.md", 4, column)
    shown = render(found[0])
    assert code in shown
    assert said in shown
    assert shown.splitlines()[3] == " " * (6 + column - 1) + "^"


def test_what_was_in_force_keeps_its_words() -> None:
    """A code that is refused today is part of the version it had: its past is judged by that."""
    written = {"a.md": POLICY.format(term="STATEMENT_CATEGORY_SPAM").encode()}
    clauses, _ = read_policies(written, recorded=True)
    assert clauses["a.b"].dsa == "STATEMENT_CATEGORY_SPAM"
    assert of("scam", clauses["a.b"].dsa) == OF_HARM["scam"]


def test_every_shipped_clause_says_what_it_is() -> None:
    """Each names its category and a keyword of it."""
    clauses, _ = read_policies(dict(samples.files("policies")))
    assert len(clauses) > 10
    for clause in clauses.values():
        assert clause.dsa is not None, clause.id
        filed = read(clause.dsa)
        assert isinstance(filed, Filed), clause.id
        assert KEYWORD in clause.dsa, clause.id


@given(st.text(st.sampled_from("ABKEYWORD_STCG ,"), max_size=80))
def test_any_term_is_filed_or_shown(term: str) -> None:
    """Whatever is written, it is read or the code is shown at its place."""
    found = read(term)
    if isinstance(found, Unfit):
        assert term[found.at : found.at + len(found.code)] == found.code
    else:
        assert found.category in CATEGORIES
