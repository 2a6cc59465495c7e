"""What is said in English: enough of it, and whole."""

from __future__ import annotations

from string import Formatter

from ombud import simulate
from ombud.simulate.english import ENGLISH


def test_there_is_enough_to_say() -> None:
    """There are at least 120 different patterns, and for every room at least twelve."""
    patterns = ENGLISH.patterns()
    assert len(set(patterns)) == len(patterns) >= 120
    assert set(ENGLISH.talk) == set(simulate.ROOMS)
    assert min(map(len, ENGLISH.talk.values())) >= 12


def test_every_slot_has_words() -> None:
    """Each slot of each pattern has at least seven different words, or is given by who speaks."""
    for pattern in (*ENGLISH.patterns(), *ENGLISH.tails):
        slots = {slot for _, slot, _, _ in Formatter().parse(pattern) if slot is not None}
        assert slots <= {*ENGLISH.slots, "link", "name"}
    assert all(len(set(words)) == len(words) >= 7 for words in ENGLISH.slots.values())
