"""Made-up sentences: both classes, both languages, every slot filled, none twice."""

from __future__ import annotations

import pytest

from evaluation import sentences


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_each_language_has_both_classes(lang: str) -> None:
    """Whole sentences, taught and weighed, evenly cut."""
    rows = sentences.rows(lang, 0.5)
    assert {row.harm for row in rows} == {True, False}
    assert {(row.lang, row.weight, row.source) for row in rows} == {(lang, 0.5, sentences.SOURCE)}
    assert all("{" not in row.text for row in rows)
    assert all(row.taught for row in rows)
    harm = sum(row.harm for row in rows)
    assert 0.2 < harm / len(rows) < 0.8


def test_a_template_fills_its_slots_and_no_more_than_allowed() -> None:
    """Evenly chosen among all ways."""
    words = {"a": [str(n) for n in range(10)], "b": [str(n) for n in range(10)]}
    found = list(sentences.filled("{a} and {b}", words))
    assert len(found) == len(set(found)) == sentences.PER_TEMPLATE
    assert {text.split(" and ")[0] for text in found} > {"0", "5", "8"}
    assert list(sentences.filled("plain", words)) == ["plain"]
