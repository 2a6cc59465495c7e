"""Texts written anew: a share of their words is changed, and no more."""

from __future__ import annotations

from random import Random

import pytest

from ombud.signals import views
from ombud.simulate import variation

TEXT = "Our teacher turned small savings into a house within one spring and shows ten people how"


def unlike(text: str) -> float:
    """How much of the words is not the original's."""
    words = TEXT.split()
    kept = sum(word in text.split() for word in words)
    return 1 - kept / len(words)


@pytest.mark.parametrize("percent", [5, 10, 20])
def test_a_share_of_the_words_is_changed(percent: int) -> None:
    """On average the share asked for; at least one word; now and then none is left out."""
    made = [variation.edited(Random(seed), TEXT, "en", percent) for seed in range(200)]
    assert all(text != TEXT for text in made)
    average = sum(map(unlike, made)) / len(made)
    assert percent / 100 * 0.5 < average < percent / 100 + 0.07
    assert len(set(made)) > 30


def test_slots_and_addresses_stay_whole() -> None:
    """What stands in braces or is an address is never changed."""
    for seed in range(100):
        text = variation.edited(Random(seed), "look here {link} or http://a.example/b", "vi", 60)
        assert "{link}" in text
        assert "http://a.example/b" in text


def test_without_a_share_it_is_between_five_and_twenty_percent() -> None:
    """And the text stays recognisable: most of its letters are the same."""
    for seed in range(100):
        text = variation.edited(Random(seed), TEXT, "en")
        assert len(views.fold(text)) > 0
        assert unlike(text) <= variation.MOST / 100 + 1 / len(TEXT.split())
