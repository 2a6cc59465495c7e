"""Invented rows of spam and of ordinary posts, for the tests of the evaluation of spam."""

from __future__ import annotations

import random

from evaluation.spam_sets import Text

from evaluation import spam_sets
from flow.learning_community import text

COUNTS = {"train": 240, "dev": 40, "test": 60}


def invented(seed: int, *, authors: bool = False) -> spam_sets.Split:
    """A set in which every other row is spam."""
    chance = random.Random(seed)
    return {
        part: [
            Text(
                text(chance, bad=number % 2 == 0),
                number % 2 == 0,
                f"a{number % 50}" if authors else None,
                "room" if authors else None,
                1_400_000_000 + 60 * number if authors and number % 7 else None,
            )
            for number in range(count)
        ]
        for part, count in COUNTS.items()
    }


SETS = {"one": invented(1), "two": invented(2, authors=True)}
