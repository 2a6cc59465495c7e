"""The rows of the sets: what is known beside a text, and nothing that a row does not say."""

from __future__ import annotations

from datetime import date

from evaluation.spam_sets import Text

from evaluation import spam_sets


def test_a_row_keeps_what_it_says_and_no_more() -> None:
    """Author, video and time where they are told, None where not; a time is read as UTC."""
    told = spam_sets._text(
        {"text": "a", "y": 1, "author": "u", "video": "v", "ts": "2014-01-02T23:59:59"}
    )
    assert told == Text("a", spam=True, author="u", room="v", at=1_388_707_199)
    assert told.day == date(2014, 1, 2)
    bare = spam_sets._text({"text": "b", "y": 0})
    assert bare == Text("b", spam=False)
    assert bare.day is None


def test_a_text_does_not_show_itself() -> None:
    """A failing test or an error prints no row of the data."""
    assert "offer" not in repr(Text("an offer", spam=True))


def test_days_are_told_from_the_first_to_the_last() -> None:
    """Rows without a time do not count; where none has one, that is said."""
    rows = [Text("a", spam=True, at=86_400 * day) for day in (3, 1, 2)]
    assert spam_sets.days([*rows, Text("b", spam=True)]) == "1970-01-02 to 1970-01-04"
    assert spam_sets.days([Text("b", spam=True)]) == "not known"
