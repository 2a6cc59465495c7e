"""How problems are shown."""

from __future__ import annotations

from ombud.rules.diagnostic import ERROR, PROBLEMS_MAX, WARNING, Report, render, show
from ombud.rules.tree import Place


def test_a_problem_is_shown_with_a_caret_under_its_column() -> None:
    """The caret stands under the character, also behind wide and combining ones."""
    report = Report("a.rule", ['  text contains "日本e\u0301" x'])
    report.add("R003", Place(1, 24), name="x")
    assert render(report.found[0]).split("\n") == [
        'R003  There is no fact called "x".',
        "  a.rule, line 1",
        '      text contains "日本e\u0301" x',
        " " * (6 + len('text contains "') + 4 + 1 + len('" ')) + "^",
        "  `ombud signals list` shows all facts.",
    ]


def test_nothing_shown_can_move_a_terminal() -> None:
    """Controls, reordering marks and line separators are written as escapes."""
    assert show("a\x1b[2J\u202eb\u2028c\r") == "a\\u{1b}[2J\\u{202e}b\\u{2028}c\\u{d}"
    report = Report("a\x1b.rule", ["\x1b]0;x\x07 links"])
    report.add("R003", Place(1, 8), name="\x1b" * 900)
    assert all(line.isprintable() for line in render(report.found[0]).split("\n"))


def test_long_lines_are_cut_around_the_place() -> None:
    """What is shown of a long line has the place in it."""
    line = "x" * 500 + "HERE" + "y" * 400
    report = Report("a.rule", [line])
    report.add("R003", Place(1, 501, 4), name="HERE")
    source, caret = render(report.found[0]).split("\n")[2:4]
    assert source[caret.index("^") :].startswith("HERE")
    assert len(source) < 120


def test_problems_have_an_end() -> None:
    """After a hundred problems one line says that there are more."""
    report = Report("a.rule", [])
    for _ in range(1000):
        report.add("R003", Place(1, 1), name="x")
    assert len(report.found) == PROBLEMS_MAX
    assert report.found[-1].code == "R041"


def test_many_warnings_are_no_error_and_hide_none() -> None:
    """What is not shown counts as an error only if an error is among it."""
    report = Report("a.rule", [])
    for _ in range(1000):
        report.add("R081", Place(1, 1), severity=WARNING)
    assert (len(report.found), report.found[-1].severity) == (PROBLEMS_MAX, WARNING)
    assert not report.errors
    report.add("R003", Place(1, 1), name="x")
    report.add("R081", Place(1, 1), severity=WARNING)
    assert (len(report.found), report.found[-1].severity) == (PROBLEMS_MAX, ERROR)
    assert report.errors
