"""A card says all of it: counts, days, sources, every figure, and shows it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import msgspec

from ombud.signals.learned.model import Made
from ombud.training import card

MADE = Made(6, 4, ("forum",), "2026-01-01", "2026-02-01", 7)
PAIRS = [(100, False), (200, True), (600, False), (700, True), (700, True), (900, True)]
CARD = card.make("test", "ab" * 32, MADE, 5, PAIRS, ["a note"])


def test_the_card_has_the_figures_of_its_rows() -> None:
    """In permille; what was said and came true by tenths."""
    assert (CARD.f1.value, CARD.auroc.value) == (750, 875)
    assert [(each.recall, each.precision, each.score) for each in CARD.at_recall] == [
        (250, 1000, 900),
        (500, 1000, 700),
        (750, 1000, 700),
        (900, 800, 200),
    ]
    assert sum(each.rows for each in CARD.reliability) == len(PAIRS)
    assert CARD.f1.low <= CARD.f1.value <= CARD.f1.high


def test_the_page_says_all_of_it() -> None:
    """Counts by class, days, sources, the seed, each figure, notes."""
    page = card.markdown(CARD)
    for said in ("6 labels (4 harmful, 2 not", "2026-01-01 to 2026-02-01", "seed 7", "5 groups",
                 "forum", "75.0 %", "87.5 %", "from a score of 20.0 %", "- a note"):  # fmt: skip
        assert said in page
    assert "- a note" not in card.markdown(msgspec.structs.replace(CARD, notes=()))


def test_a_card_is_read_as_it_was_written() -> None:
    """As JSON, strictly."""
    assert msgspec.json.decode(msgspec.json.encode(CARD), type=card.Card) == CARD


def test_the_picture_is_well_formed_and_has_a_dot_for_each_part() -> None:
    """One circle a tenth that has rows, and a title for whoever cannot see it."""
    root = ET.fromstring(card.svg(CARD))  # noqa: S314 -- our own
    names = [each.tag.rpartition("}")[2] for each in root.iter()]
    assert names.count("circle") == len(CARD.reliability)
    assert names.count("title") == 1
