"""Keys that are full: what keeps them in order stays bounded too."""

from __future__ import annotations

from unittest import mock

from ombud.windows import Distinct
from ombud.windows import counts as windows


def test_a_full_key_stays_bounded() -> None:
    """Values that are kept come again and again: their places do not pile up, and who is let go
    next is still the one whose latest place is the earliest.
    """
    kept = Distinct()
    with mock.patch.object(windows, "CAP", 4):
        for place in range(1000):
            kept.add(1, place if place < 6 else 2 + place % 4, place)
            assert len(kept.oldest.get(1, ())) <= windows.QUEUE_MAX * 4
        kept.add(1, 99, 1000)
    assert sorted(kept.recall(1, 1000, 2000)[0]) == [3, 4, 5, 99]
    assert kept.floors[1] == 996
