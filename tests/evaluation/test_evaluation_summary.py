"""The opening table of the page quotes its sections, and can be read back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from evaluation.summary import Cell, Headline

from evaluation import __main__ as evaluation
from evaluation import summary

ROOT = Path(__file__).parent.parent.parent
PAGE = evaluation.PAGE.read_text(encoding="utf-8")
HEADLINES = summary.HEADLINES

SECTION = """\
Measured on 2026-11-26 with Python 3.11.7 in 12 s.

Some words.

| method | at | recall |
| --- | --- | --- |
| ours | 90 % | 12.3 % |
| ours | 80 % | 45.6 % |
| plain | 80 % | 7.8 % |

| kind | F1 |
| --- | --- |
| phone | 99.9 % |
"""
OURS, PLAIN = Cell(("ours", "80 %"), "recall"), Cell(("plain",), "recall")
TITLES = {"one": "First one", "two": "Second one"}


@pytest.fixture(autouse=True)
def _made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two invented evaluations."""
    headline = Headline("`made`", "recall", OURS, {"plain": PLAIN})
    monkeypatch.setattr(summary, "TOPICS", {"Topic": ("two",)})
    monkeypatch.setattr(summary, "HEADLINES", {"one": headline})


def test_a_cell_is_found_by_its_row_and_column() -> None:
    """The first row that begins so, in the first table with that column; else a question mark."""
    assert summary.quoted(SECTION, OURS) == "45.6 %"
    assert summary.quoted(SECTION, PLAIN) == "7.8 %"
    assert summary.quoted(SECTION, Cell(("ours",), "recall")) == "12.3 %"
    assert summary.quoted(SECTION, Cell(("phone",), "F1")) == "99.9 %"
    assert summary.quoted(SECTION, Cell(("ours",), "F1")) == "?"
    assert summary.quoted(SECTION, Cell(("90 %",), "recall")) == "?"


def test_further_figures_stand_behind_the_headline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of the same evaluation, and its time counts once."""
    further = Headline("`made`", "F1", Cell(("phone",), "F1"))
    monkeypatch.setattr(summary, "FURTHER", {"one": [further]})
    page = summary.page("# Evaluation\n", TITLES, {"First one": SECTION})
    first = page.index("| First one | `made` | recall | 45.6 % | plain: 7.8 % | 2026-11-26 |")
    assert first < page.index("| First one | `made` | F1 | 99.9 % |  | 2026-11-26 |")
    assert "12 s of measuring" in page


def test_what_a_section_left_out_is_said() -> None:
    """A cell that is not there because something could not run is "not measured", and the section
    names it.
    """
    said = f"{SECTION}\nBy meaning: not measured. There is no model.\n"
    assert summary.left_out(said) == ["By meaning: not measured. There is no model."]
    assert summary.quoted(said, Cell(("by meaning",), "recall")) == "not measured"
    assert summary.quoted(said, OURS) == "45.6 %"
    assert summary.left_out(SECTION) == []


def test_the_table_comes_first_and_quotes() -> None:
    """One row for each evaluation, also for one that was never measured, and the time of all."""
    page = summary.page("# Evaluation\n", TITLES, {"First one": SECTION})
    opening, _, rest = page.partition("## Others")
    quoted = "| First one | `made` | recall | 45.6 % | plain: 7.8 % | 2026-11-26 |"
    assert quoted in opening
    assert "| Second one |  | not measured yet |  |  | never |" in opening
    assert "12 s of measuring" in opening
    assert "### First one" in rest
    assert "Second one" not in rest


def test_sections_stand_under_their_topics() -> None:
    """Topics in their order, what has none last; a section's own headings go one deeper."""
    known = {"First one": "one\n\n### Inner\n\nmore", "Second one": "two"}
    page = summary.page("# Evaluation\n", TITLES, known)
    marks = ["## Summary", "## Topic", "### Second one", "## Others", "### First one", "#### Inner"]
    places = [page.index(f"\n{mark}\n") for mark in marks]
    assert places == sorted(places)


def test_a_page_can_be_read_back() -> None:
    """What a page holds comes out of it again, also of one without topics; others are dropped."""
    known = {"First one": "one\n\n#### Inner\n\nmore", "Second one": "two"}
    titles = list(TITLES.values())
    page = summary.page("# Evaluation\n", TITLES, known)
    assert summary.sections(page, titles) == known
    flat = "# Evaluation\n\n## First one\n\none\n\n## Gone\n\ngone\n\n## Second one\n\ntwo\n"
    assert summary.sections(flat, titles) == {"First one": "one", "Second one": "two"}


def _row(first: str, figure: str) -> str:
    opening = PAGE.partition("## The whole of it")[0]
    lines = [each for each in opening.split("\n") if first in each and figure in each]
    assert len(lines) == 1
    return lines[0]


def test_the_swap_test_is_told_by_what_can_change() -> None:
    """First a group that no table has, put for a known one, mean and largest, ours beside plain:
    of known terms nothing can change, and that alone would flatter.
    """
    section = summary.sections(PAGE, ["The swap test: parties, religions, peoples, officials"])
    text = next(iter(section.values()))
    for lang, language in (("en", "English"), ("vi", "Vietnamese")):
        row = _row("The swap test", language)
        for method in ("ours", "plain"):
            for sort in ("unknown for known", "known for known"):
                cell = Cell((lang, method, sort), ("mean change", "largest change"))
                assert summary.quoted(text, cell) in row
        first = Cell((lang, "ours", "unknown for known"), ("mean change", "largest change"))
        assert f"for a known one | {summary.quoted(text, first)} | plain model: " in row


def test_hosts_are_told_at_the_rate_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recall at 0.1 % false positives of the benign part itself comes first; the figure at the
    threshold fixed before stands beside it with the false positives that it has on test.
    """
    monkeypatch.setattr(summary, "HEADLINES", HEADLINES)
    section = summary.sections(PAGE, ["Hosts that look like known sites"])
    text = next(iter(section.values()))
    [[on, figure, ours, beside]] = summary.lines("hosts", text)
    assert f"| {on} | {figure} | {ours} | {beside} |" in PAGE
    assert ours == summary.quoted(text, Cell(("ours, read off",), "recall, test"))
    fixed = Cell(("ours",), ("recall, test", "false positives, test"))
    assert summary.quoted(text, fixed) in beside


def test_the_first_page_tells_the_whole_figures() -> None:
    """The README has honest events and people touched with gatherings, beside everyday talk and the
    simplest method, and the swap test of unknown groups: as the evaluation has them.
    """
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    events, people = "honest events touched per 10,000", "honest people touched per 10,000"

    def number(method: str, column: str) -> str:
        found = summary.quoted(PAGE, Cell((method,), column)).split(" (")[0]
        return f"{int(found):,}" if found.isdigit() else found

    assert f"{number('ours', 'harm stopped')} is stopped" in readme
    assert f"would stop {number('every first post', 'harm stopped')}" in readme
    assert f"Of 10,000 honest events {number('ours', events)} are held" in readme
    assert f"(every first post: {number('every first post', events)})" in readme
    assert f"of 10,000 honest people {number('ours', people)} meet it" in readme
    assert re.search("few honest|hardly any honest", readme) is None
    told = []
    for lang in ("en", "vi"):
        for method in ("ours", "plain"):
            for column in ("mean change", "largest change"):
                cell = Cell((lang, method, "unknown for known"), column)
                told.append(round(int(summary.quoted(PAGE, cell)) / 10))
    assert (
        "by {} points of 100 on average and by {} at most (a plain model: {} and {})".format(
            *told[:4]
        )
        in readme
    )
    assert "a Vietnamese one by {} and {} ({} and {})".format(*told[4:]) in readme
