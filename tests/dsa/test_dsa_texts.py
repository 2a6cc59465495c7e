"""The texts of sheet 11: each indicator has one, and none is longer than the rules allow."""

from __future__ import annotations

from ombud.dsa import sheets, texts


def test_every_indicator_has_its_text() -> None:
    """With the two counts in the summary, and nothing left to fill in."""
    found = texts.texts(1234, 56)
    assert [name for name, _ in found] == list(sheets.TEXTS)
    assert "1234 measures were taken by a rule alone and 56 by a person" in found[0][1]
    for _, text in found:
        assert 0 < len(text) <= sheets.TEXT_LENGTH_MAX
        assert "{" not in text
        assert text.endswith(".")
