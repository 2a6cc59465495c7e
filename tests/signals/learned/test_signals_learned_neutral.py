"""Religions, parties, peoples and offices are one token; nothing else of a text is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals import views
from ombud.signals.learned import features, neutral
from ombud.signals.learned.neutral import GROUP

TABLE = neutral.table()


def masked(text: str) -> str:
    """The tokens of a text, its words apart; the group as X."""
    found = features.tokens(text, views.normalise(text))
    return " ".join(
        "X" if word == GROUP else word
        for word in found
        if word[0] not in features.FLAG + features.TONE
    )


@pytest.mark.parametrize("key", sorted(TABLE), ids=" ".join)
def test_every_term_of_the_table_is_the_one_token(key: tuple[str, str]) -> None:
    """Whichever term stands in a sentence, the sentence becomes the same words."""
    kind, _ = key
    sentence = "i know some {} here" if kind != "headed" else "i know some người {} here"
    assert {masked(sentence.format(term)) for term in TABLE[key]} == {"i know some X here"}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("an Asian and a Muslim", "a X and a X"),
        ("gay people are fine", "X are fine"),
        ("black women and trans men left", "X and X left"),
        ("the Green Party won", "the X won"),
        ("người Hoa ở đây", "X ở đây"),
        ("bọn Tàu ở đây", "bọn X ở đây"),
        ("nguoi viet nam va nguoi trung quoc", "X va X"),
        ("hoa nở và thái độ tốt", "hoa nở và thái độ tốt"),
        ("đang ăn cơm, kinh khủng", "đang ăn cơm kinh khủng"),
        ("people are kind", "people are kind"),
        ("Senator Ana Example lied", "X lied"),
        ("senator lied badly", "X lied badly"),
        ("thủ tướng Nguyễn Văn An nói", "X nói"),
    ],
)
def test_what_belongs_to_a_term_goes_with_it(text: str, seen: str) -> None:
    """Heads, articles and names behind an office; ordinary words that look alike stay."""
    assert masked(text) == seen


def test_a_name_behind_an_office_is_masked_wherever_it_stands() -> None:
    """A person who is named once with the office is the same one in the next sentence."""
    assert masked("Mayor Example is here. I saw Example") == "X is here i saw X"
    assert masked("I saw Example") == "i saw example"


def test_offices_are_found_before_names_are_looked_for() -> None:
    """The quick question has a yes for every office a name may stand behind."""
    assert neutral.has_office(["the", "senator"])
    assert neutral.has_office(["thủ", "tướng"])
    assert not neutral.has_office(["we", "like", "tea"])


@given(st.lists(st.text(alphabet="abcđinhư '-", min_size=1, max_size=8), max_size=30))
def test_masking_is_the_same_again_and_never_longer(words: list[str]) -> None:
    """What was remembered of words changes no answer."""
    once = neutral.mask(words)
    assert neutral.mask(words) == once
    assert len(once) <= len(words)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many different words there are."""
    monkeypatch.setattr(neutral, "WORDS_KEPT", 10)
    words = [f"w{number}đ" for number in range(100)]
    assert neutral.mask(words) == words
    assert len(neutral._ordinary) <= 10
    assert len(neutral._folds) <= 10


def test_another_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table in the package is the one the models were made with."""
    neutral.table.cache_clear()
    monkeypatch.setattr(neutral, "_TABLE_DIGEST", "0" * 64)
    with pytest.raises(ValueError, match="not the table"):
        neutral.table()
    neutral.table.cache_clear()


def test_the_table_holds_each_term_once() -> None:
    """In one kind of one language; and none that no text could hold."""
    for terms in TABLE.values():
        assert len(terms) == len(set(terms))
        assert all(views.normalise(term) == term for term in terms)
