"""What is said in Vietnamese: enough of it, and whole."""

from __future__ import annotations

import unicodedata
from string import Formatter

from ombud import simulate
from ombud.simulate.vietnamese import VIETNAMESE


def test_there_is_enough_to_say() -> None:
    """There are at least 120 different patterns, and for every room at least twelve."""
    patterns = VIETNAMESE.patterns()
    assert len(set(patterns)) == len(patterns) >= 120
    assert set(VIETNAMESE.talk) == set(simulate.ROOMS)
    assert min(map(len, VIETNAMESE.talk.values())) >= 12


def test_every_slot_has_words() -> None:
    """Each slot of each pattern has at least seven different words, or is given by who speaks."""
    for pattern in (*VIETNAMESE.patterns(), *VIETNAMESE.tails):
        slots = {slot for _, slot, _, _ in Formatter().parse(pattern) if slot is not None}
        assert slots <= {*VIETNAMESE.slots, "link", "name"}
    assert all(len(set(words)) == len(words) >= 7 for words in VIETNAMESE.slots.values())


def test_it_is_written_as_vietnamese_is() -> None:
    """Nearly all patterns have letters with diacritics, in composed form."""
    patterns = VIETNAMESE.patterns()
    assert all(unicodedata.is_normalized("NFC", pattern) for pattern in patterns)
    assert sum(not pattern.isascii() for pattern in patterns) > 0.95 * len(patterns)
