"""What a class of a pattern takes."""

from __future__ import annotations

import pytest

from ombud.rules import characters
from ombud.rules.characters import alphabet, is_own_sign, of_class


@pytest.mark.parametrize(
    ("written", "sort"),
    [
        ("[0-9]", "plain"), (r"\d", "plain"), (r"\s", "plain"), ("[.,!?]", "plain"), (r"\p{So}",
        "plain"),
        ("[.。,،]", "plain"), ("[0-9٠-٩]", "plain"), ("[٠-٩]", "alphabet"), ("[。、]", "alphabet"),
        (".", "any"), (r"\pL", "any"), (r"\S", "any"), (r"\D", "any"), (r"[\pL\d]", "any"),
        ("[e3]", "few"), ("[eé]", "few"), ("[aàáạảã]", "some"), ("[ăđơư]", "few"),
        ("[a-z0-9]", "code"), (r"\w", "code"), ("[A-Z0-9]", "code"), ("[a-z0-9 ]", "alphabet"),
        ("[a-z]", "alphabet"), ("[А-Я]", "alphabet"), (r"\p{Arabic}", "alphabet"), (r"\W",
        "alphabet"),
        ("[^a-z]", "alphabet"), (r"[^\x00-\x7f]", "alphabet"), ("[a-zа-я]", "alphabet"),
        (r"\p{Han}", "alphabet"), (r"\p{M}", "marks"), ("[[:alpha:]]", "alphabet"),
    ],
)  # fmt: skip
def test_classes_are_sorted_by_what_they_take(written: str, sort: str) -> None:
    """Digits and full stops that only some ways of writing have count as their letters."""
    assert of_class(written).sort == sort


def test_a_class_says_whose_letters_it_takes() -> None:
    """By name, with some of them to show."""
    taken = of_class("[а-я0-9 ]")
    assert (taken.alphabets, taken.example) == (frozenset({"CYRILLIC"}), "абв")
    assert taken.digits
    assert taken.space
    assert alphabet("ж") == "CYRILLIC"


def test_digits_and_stops_of_some_alphabets_only() -> None:
    """The digits and stops that everybody uses are nobody's own."""
    assert all(map(is_own_sign, "٣९。،؟।¿"))
    assert not any(map(is_own_sign, "3.,!?-aж"))
    assert len(characters.known()) > 100
