"""Errors: three parts, one shape, codes that are given once."""

from __future__ import annotations

import pytest

from ombud import errors
from ombud.errors import BadEvent, BadUse, OmbudError


def test_an_error_has_three_parts_and_a_code() -> None:
    """What is wrong, where, what to do: as attributes, and as the one JSON shape."""
    error = BadEvent("E003", "$", size=5, limit=4)
    assert error.as_json() == {
        "code": "E003",
        "message": "The event is 5 bytes long; at most 4 are taken.",
        "where": "$",
        "hint": "Shorten it or split it.",
    }
    assert str(error) == "E003 The event is 5 bytes long; at most 4 are taken."


def test_what_is_filled_in_is_never_a_template() -> None:
    """Braces in an argument are shown as they stand."""
    assert BadEvent("E002", detail="{0.__class__} {x}").message == "{0.__class__} {x}."


def test_a_code_is_given_once() -> None:
    """A second meaning for a code is a programming error; the first one stands."""
    before = errors.CATALOGUE["E003"]
    with pytest.raises(ValueError, match="E003"):
        errors.catalogue(E003=("Something else.", ""))
    assert errors.CATALOGUE["E003"] == before


def test_an_unknown_code_or_a_missing_argument_shows_at_once() -> None:
    """An error that cannot be said in full is not raised half."""
    with pytest.raises(KeyError):
        BadUse("U999")
    with pytest.raises(KeyError):
        BadEvent("E003", size=5)


def test_an_error_is_relayed_in_the_words_it_was_told_in() -> None:
    """Also with a code that this process has never heard of, and with braces in it."""
    told = {"code": "U999", "message": "It {is} so.", "where": "here", "hint": "Do {0}."}
    error = BadUse.relayed({**told, "arguments": {"x": "y"}})
    assert type(error) is BadUse
    assert error.as_json() == told
    assert error.plain() == {"x": "y"}
    assert str(error) == "U999 It {is} so."
    assert BadUse.relayed({}).as_json() == {"code": "", "message": "", "where": "", "hint": ""}


def test_every_error_is_caught_as_one() -> None:
    """The edges catch one class and miss none."""
    for kind in (errors.BadEvent, errors.BadRules, errors.BadData, errors.BadLedger, errors.BadUse):
        assert issubclass(kind, OmbudError)
