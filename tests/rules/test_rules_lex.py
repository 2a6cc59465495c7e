"""From lines to tokens."""

from __future__ import annotations

import pytest

from ombud.rules.diagnostic import Report
from ombud.rules.lex import Cursor, Kind, TextLine, read, scan, unseen


def _line(text: str) -> TextLine:
    report = Report("a.rule")
    return scan(report, read(report, text.encode()))[0]


def test_tokens_have_kind_text_and_place() -> None:
    """Words, numbers, signs and strings are told apart, with the columns they stand in."""
    line = _line('  author.age<=3 days  90% "a \\"b\\" \\u{e9}\\n" # why')
    assert [(token.kind, token.text) for token in line.tokens] == [
        (Kind.WORD, "author.age"),
        (Kind.SIGN, "<="),
        (Kind.NUMBER, "3"),
        (Kind.WORD, "days"),
        (Kind.NUMBER, "90"),
        (Kind.SIGN, "%"),
        (Kind.STRING, 'a "b" é\n'),
    ]
    assert [token.place.column for token in line.tokens] == [3, 13, 15, 17, 23, 25, 27]
    assert (line.indent, line.comment) == (2, " why")


def test_a_pattern_keeps_its_backslashes() -> None:
    """After `matches` a backslash belongs to the pattern, and \\" does not end it."""
    assert _line(r'text matches "\bbuy\"s\d+"').tokens[-1].text == r"\bbuy\"s\d+"


@pytest.mark.parametrize("escape", ["\\x", "\\u{}", "\\u{110000}", "\\u{d800}", "\\u{1234567}"])
def test_escapes_that_stand_for_nothing_are_refused(escape: str) -> None:
    """Only the four escapes of the reference are taken, and no surrogates."""
    report = Report("a.rule")
    scan(report, read(report, f'text contains "{escape}"'.encode()))
    assert [problem.code for problem in report.found] == ["R012"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\u0646\u200c\u0645", False),  # between letters of a script that is written so
        ("\u0646\u200cm", True),
        ("m\u200c\u0646", True),
        ("m\u200dm", True),
        ("\u0646\u200b\u0645", True),
    ],
)
def test_a_joiner_is_part_of_a_script_only_between_its_letters(text: str, told: bool) -> None:
    """A letter of ASCII on one side is enough to make it an invisible character."""
    assert unseen(f'"{text}"', 2) is told


def test_a_cursor_takes_words_only_whole() -> None:
    """Words are taken all or none, and never out of a string."""
    cursor = Cursor(_line('in list "last"'))
    assert not cursor.take("in", "last")
    assert cursor.take("in", "list")
    assert not cursor.take("last")
    assert cursor.next(Kind.STRING) is not None
    assert cursor.done
