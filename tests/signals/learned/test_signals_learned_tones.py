"""Classes of words: each term is found in its forms, and none of them is a group."""

from __future__ import annotations

import pytest

from ombud.signals.learned import neutral, tones
from ombud.signals.learned.neutral import GROUP

TABLE = tones.table()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("we loathed it", [(1, "hostile.en")]),
        ("hating and killing", [(0, "hostile.en"), (2, "violent.en")]),
        ("they can't stand it", [(1, "hostile.en")]),
        ("get rid of it", [(0, "violent.en")]),
        ("cút đi", [(0, "exclude.vi")]),
        ("trời đẹp", [(1, "praise.vi")]),
        ("the kettle is on", []),
    ],
)
def test_terms_are_found_where_they_begin(text: str, found: list[tuple[int, str]]) -> None:
    """English words in their endings; terms of several words before shorter ones."""
    assert list(tones.classes(text.split())) == found


@pytest.mark.parametrize("key", sorted(TABLE), ids=" ".join)
def test_every_term_has_a_class(key: tuple[str, str]) -> None:
    """Its own, or that of the line above where it stands in two."""
    for term in TABLE[key]:
        found = [place for place, _ in tones.classes(term.split("+"))]
        assert found[:1] == [0], term


def test_no_term_is_a_group() -> None:
    """What is masked before could never be found; what names a group must not be here."""
    for (_, lang), terms in TABLE.items():
        for term in terms:
            words = term.split("+")
            assert GROUP not in neutral.mask(words), (lang, term)


def test_another_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table in the package is the one the models were made with."""
    tones.table.cache_clear()
    monkeypatch.setattr(tones, "_TABLE_DIGEST", "0" * 64)
    with pytest.raises(ValueError, match="not the table"):
        tones.table()
    tones.table.cache_clear()
