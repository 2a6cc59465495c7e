"""Ordinary writing as texts to try a condition on."""

from __future__ import annotations

import pytest

from ombud.rules.everyday import EVERYDAY, FUNCTION_WORDS
from ombud.rules.phrases import compiled
from ombud.rules.writing import LENGTH, plain, spoken, spoken_words, writing
from ombud.signals import views


def test_all_writing_is_as_long_and_normal() -> None:
    """Else a condition on length would hold of some of it."""
    texts = [text for each in writing() for text in each]
    assert {len(text) for text in texts} == {LENGTH}
    assert all(views.normalise(text) == text.strip() for text in texts)
    assert len(writing()) > 200


def test_every_word_stands_in_its_text() -> None:
    """No line is cut before its end."""
    lines = zip((*FUNCTION_WORDS, *EVERYDAY), writing(), strict=False)
    assert all(views.normalise(line) in texts[0] for line, texts in lines)
    assert max(map(len, (*FUNCTION_WORDS, *EVERYDAY))) < LENGTH // 3


@pytest.mark.parametrize(
    "pattern",
    [r"[\pL\pM][.]", r"[\pL\pM],", r"[\pL\pM]!", r"[\pL\pM]\?", r"\d{2,}", r"[\pL\pM] \d+ \pL",
    r".{600}", r" - ",
     r"\(1\)"],
)  # fmt: skip
def test_signs_numbers_and_length_are_the_same_in_all(pattern: str) -> None:
    """So that a condition on them picks nobody, and letters beside them do."""
    search = compiled(pattern).search
    assert all(any(search(text.encode()) for text in texts) for texts in writing())


def test_words_stand_with_and_without_diacritics() -> None:
    """Whoever writes Vietnamese without them says thanks too."""
    assert {"cảm", "ơn", "cam", "on", "спасибо"} <= spoken_words()
    assert " xin chào " in spoken()
    assert not any(each.isdigit() for text in plain() for each in text)
