"""How many labels it takes: drawn, capped, and too few."""

from __future__ import annotations

from evaluation.spam_sets import Text

from evaluation import spam_curve
from flow.spam_rows import SETS


def test_labels_are_drawn_half_of_each_class() -> None:
    """As far as there are so many, by a seed, and never more than there are."""
    train = [Text(f"t{n}", spam=n < 30) for n in range(200)]
    taken = spam_curve.drawn(train, 100, 0)
    assert (len(taken), sum(each.spam for each in taken)) == (100, 30)
    assert taken == spam_curve.drawn(train, 100, 0) != spam_curve.drawn(train, 100, 1)
    assert len(spam_curve.drawn(train, 1000, 0)) == 200


def test_below_the_floor_there_is_not_enough() -> None:
    """A community of fifty labels is told so, not given a guess."""
    points = spam_curve.own(SETS["one"]["train"], SETS["one"]["test"], 50)
    assert all(point.pairs is None for point in points)
    assert "not enough labels" in spam_curve.line("one", "own", 50, points)


def test_the_caps_count_before_the_floor() -> None:
    """Two hundred labels of fifty people are not two hundred."""
    left = spam_curve.capped(SETS["two"]["train"])
    people = [(each.author, each.spam) for each in left]
    assert len(people) == len(set(people)) < len(SETS["two"]["train"])
