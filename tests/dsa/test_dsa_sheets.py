"""The heads and rows of the report are those of Annex I, to the letter."""

from __future__ import annotations

from collections import Counter

from dsa.report_checker import HEADS, codes_of
from ombud.dsa import sheets
from ombud.dsa.codes import HELD, MEASURES

WRITTEN = (
    *(sheets.SUMMARY_HEAD, sheets.NAMES_HEAD, sheets.ORDERS_HEAD, sheets.NOTICES_HEAD),
    *(sheets.ILLEGAL_HEAD, sheets.TERMS_HEAD, sheets.APPEALS_HEAD, sheets.APPEALS_HEAD),
    *(sheets.LARGE_HEAD, sheets.AMAR_HEAD, sheets.TEXTS_HEAD),
)


def test_every_head_is_the_published_one() -> None:
    """With its spaces at the end and its two spellings of one word."""
    assert len(sheets.NAMES) == 11
    for number, (written, head) in enumerate(zip(WRITTEN, HEADS, strict=True), 1):
        assert list(written) == head, number


def test_rows_by_category_are_the_published_ones() -> None:
    """What is against the terms alone stands in sheet 6; what names no reason, in 3 and 4."""
    for number in (3, 4, 5, 6):
        assert [line.code for line in sheets.lines(number)] == codes_of(number)


def test_every_measure_has_a_column() -> None:
    """Of those Ombud takes; the heading of it says so."""
    for measure in (*MEASURES.values(), *HELD.values()):
        named = sheets.MEASURES[sheets.COLUMN_OF[measure.code]]
        part = measure.code.rsplit("_", 1)[1].rstrip("ED").capitalize()[:6]
        assert part.lower() in named.lower(), (measure.code, named)


def test_the_rows_of_complaints_and_of_automation() -> None:
    """So many, none twice, each for whom the template says."""
    appeals, automated = list(sheets.appeals()), list(sheets.automated())
    assert max(Counter(appeals).values()) == max(Counter(automated).values()) == 1
    assert Counter(row[0] for row in appeals) == {sheets.ALL: 1, sheets.PLATFORMS: 46}
    of = Counter(row[0] for row in automated)
    assert of[sheets.ALL] == 10
    assert of[sheets.HOSTING] == of[sheets.PLATFORMS] == 5
    assert of[sheets.LARGE] == 5 * 24
