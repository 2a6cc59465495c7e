"""Across domains: learned from one set alone, its own figure marked, shared texts left out."""

from __future__ import annotations

import random

from evaluation import harassment_domains
from ombud.training.fit import Row

OTHER = [
    "today",
    "tomorrow",
    "maybe",
    "really",
    "room",
    "here",
    "about",
    "window",
    "river",
    "music",
    "table",
    "paper",
]


def rows(count: int, bad: str, seed: int) -> list[Row]:
    """Texts that hold `bad` where they are harm."""
    chance = random.Random(seed)
    return [
        Row(" ".join([*chance.sample(OTHER, 6), *([bad] if n % 2 else [])]), n % 2 == 1)
        for n in range(count)
    ]


def test_what_was_learned_carries_as_far_as_its_words() -> None:
    """All of its own domain, nothing of another; its own in bold."""
    train = rows(200, "pancake", 1)
    cells = harassment_domains._measured(
        "own", train, {"own": rows(80, "pancake", 2), "other": rows(80, "turnip", 3)}
    )
    assert cells[0] == "**100.0 %**"
    assert 30 < float(cells[1].removesuffix(" %")) < 70


def test_texts_nearly_the_same_as_learned_ones_are_left_out() -> None:
    """They would be remembered, not recognised."""
    train = [Row("the kettle in the kitchen whistles every morning", True)]
    test = [Row("The kettle in the kitchen whistles every morning!", True), Row("else", False)]
    assert harassment_domains._apart(test, train) == test[1:]
