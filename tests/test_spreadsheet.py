"""No formula begins in what somebody wrote, and nothing of it is lost."""

from __future__ import annotations

import pytest

from ombud import spreadsheet

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", " =1", '"=1', "\uff1d1", "a;=1")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_sign_that_begins_a_formula_is_quoted(text: str) -> None:
    """Also behind spaces and quotes, by another width, and behind a semicolon."""
    found = spreadsheet.cell(text)
    assert found != text
    assert found.replace("'", "", 1) == text


def test_lines_are_cells_wherever_something_may_part_them() -> None:
    """Commas, bars, tabs, each line."""
    told = "a\n=1\nb,=2|=3\t=4;=5"
    assert spreadsheet.lines(told) == "a\n'=1\nb,'=2|'=3\t'=4;'=5"
    assert spreadsheet.cell("b,=2") == "b,=2"  # a table quotes its cells


def test_words_stay_as_they_are() -> None:
    """A sign inside a text begins nothing."""
    for text in ("1 + 1 = 2", "a-b", "ana@example", ""):
        assert spreadsheet.lines(text) == text
