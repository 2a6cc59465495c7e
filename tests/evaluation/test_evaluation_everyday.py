"""Sentences of every day: none is harm, none is in the file that the models are tried on."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation import everyday, sentences

TRIED = Path(__file__).parents[1] / "signals" / "learned" / "everyday.txt"


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_several_hundred_in_each_language_and_none_is_harm(lang: str) -> None:
    """Whole sentences, taught and weighed, none twice."""
    rows = everyday.rows(lang, 0.5)
    assert 300 <= len(rows) <= 700
    assert {(row.harm, row.lang, row.weight, row.taught) for row in rows} == {
        (False, lang, 0.5, True)
    }
    assert {row.source for row in rows} == {sentences.SOURCE}
    assert all("{" not in row.text for row in rows)
    assert len({row.text for row in rows}) == len(rows)


def test_what_the_models_are_tried_on_is_not_learned_from() -> None:
    """No sentence of the file is among them, nor as a part of one where it has three words."""
    learned = [row.text.casefold() for lang in ("en", "vi") for row in everyday.rows(lang, 1.0)]
    for line in TRIED.read_text(encoding="utf-8").splitlines():
        tried = line.casefold()
        if len(tried.split()) >= 3:
            assert not any(tried in text for text in learned), line
