"""The plain model learns what is there to learn, so that it is a fair baseline."""

from __future__ import annotations

from evaluation import plain
from ombud.training.fit import Row


def test_it_tells_apart_what_it_was_shown() -> None:
    """In permille, the same again."""
    rows = [Row(f"soggy biscuit {n}", True) for n in range(9)]
    rows += [Row(f"lovely garden {n}", False) for n in range(9)]
    score = plain.fit(rows, 1)
    bad, good = score(["what a soggy biscuit", "what a lovely garden"])
    assert bad > 600
    assert good < 400
    assert score(["what a soggy biscuit"]) == [bad]
