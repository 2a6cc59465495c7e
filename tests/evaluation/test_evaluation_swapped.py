"""The swap test as a figure: changes between all pairs are counted; ours of known terms is 0."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation import harassment, swapped
from ombud.signals.learned import neutral
from ombud.signals.learned.neutral import GROUP


def test_changes_are_between_all_pairs_of_a_sentence() -> None:
    """Within one sort, and from one sort to the other; never between sentences."""
    assert swapped.changes([[1, 4, 4], [9]]) == [3, 3, 0]
    assert swapped.between([[1], [5]], [[2, 4], [5]]) == [1, 3, 0]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_unknown_terms_are_unknown(lang: str) -> None:
    """None of them is in the table whole, or the figure would flatter."""
    for term in swapped.UNKNOWN[lang]:
        words = neutral.mask(term.casefold().split())
        assert words != [GROUP], term


def test_ours_of_known_terms_does_not_change() -> None:
    """Every twentieth term, every sentence."""
    for lang in ("en", "vi"):
        found = swapped.scored(lang, harassment.ours, 20)
        assert set(swapped.changes(found["known"])) == {0}
        assert max(swapped.changes(found["unknown"])) > 0


def test_the_section_needs_a_model_beside_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three kinds of swap for two methods and languages."""
    by = {"ours": harassment.ours, "plain": lambda texts: [len(text) for text in texts]}
    monkeypatch.setattr(harassment, "methods", lambda *_, **__: by)
    said = swapped.evaluate(Path(), quick=True)
    assert said.count("| ours | known for known |") == 2
    assert "| en | ours | known for known" in said
    assert said.count("\n| ") == 1 + 1 + 12
