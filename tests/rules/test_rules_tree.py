"""The syntax tree."""

from __future__ import annotations

from ombud.rules.tree import Compare, Constant, FactName, Line, Place
from ombud.signals.declare import Type


def test_places_do_not_count_in_comparisons() -> None:
    """Two lines that say the same are equal, wherever they stand."""

    def line(at: int) -> Line:
        place = Place(at, at)
        fact = FactName("links.count", place=place)
        return Line(False, Compare(fact, ">=", Constant(Type.COUNT, 2, place), place), place)

    assert line(1) == line(9)
    assert line(1) != Line(True, line(1).condition)
