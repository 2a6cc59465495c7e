"""The evaluation of private data, on invented rows, and in short on the real ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from evaluation.figures import Counts

from evaluation import data, figures, private


def row(text: str, *entities: str) -> data.Row:
    """A row in the shape of the set's; only the kinds of its spans count."""
    return {"text": text, "spans": [[0, 1, entity] for entity in entities]}


ROWS = [
    row("call me at +44 7700 900123", "PHONE_NUMBER"),
    row("no number here", "PHONE_NUMBER", "PERSON"),
    row("212-555-0134 and ana@shop.example", "EMAIL_ADDRESS"),
    row("pay DE89370400440532013000", "IBAN_CODE"),
]


def test_counts_are_compared_text_by_text() -> None:
    """What is found where nothing is there is wrong, what is not found is missed."""
    counts = private.counted(ROWS, private.ours, "phone")
    assert counts == [Counts(1, 1, 1), Counts(0, 0, 1), Counts(0, 1, 0), Counts(0, 0, 0)]
    assert figures.precision(counts) == figures.recall(counts) == 0.5


def test_the_peer_finds_phone_numbers() -> None:
    """The package is asked for several regions, and counts a place once."""
    assert private.library("call +84 351 234 567 or +84 912 345 678") == {"phone": 2}


def test_the_section_has_a_row_for_each_kind_and_quotes_nothing() -> None:
    """Ours and the baselines; kinds that are not claimed are named; no text is there."""
    said = private.section(ROWS, ["hello", "0912 345 678"], 20)
    for kind in private.KINDS.values():
        assert f"| {kind} | ours |" in said
        assert f"| {kind} | patterns |" in said
    assert "| phone | phonenumbers |" in said
    assert "Not claimed, and not looked for: PERSON 1." in said
    assert "| phone | 1 | 50.0 %" in said
    assert "900123" not in said
    assert "ana@" not in said


def sentences() -> Iterator[list[data.Row]]:
    """Invented rows, and where the data sets are the real ones."""
    yield [
        *ROWS,
        row("card 4539 5787 6362 1486", "CREDIT_CARD"),
        row("order 4539 5787 6362 1487"),
        row("my number is 219-09-9998", "US_SSN"),
        row("write to ana.nguyen@shop.example", "EMAIL_ADDRESS"),
        row("see https://shop.example/@ana"),
    ]
    folder = data.folder()
    if folder is not None:
        yield list(data.rows(folder, private.SET, ("test", "dev")))


@pytest.mark.parametrize("rows", list(sentences()), ids=lambda rows: f"{len(rows)} rows")
def test_checked_numbers_are_found_without_error(rows: list[data.Row]) -> None:
    """What has a check digit, and mail addresses: on invented sentences and on real ones."""
    for kind in ("mail", "card", "account", "identity"):
        assert figures.precision(private.counted(rows, private.ours, kind)) == 1.0
