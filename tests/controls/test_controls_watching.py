"""How entries begin: until when, and where a person is needed."""

from __future__ import annotations

import pytest

from flow.small_community import NOW
from ombud.controls import watching
from ombud.controls.breadth import Breadth
from ombud.signals.lists import reading
from ombud.signals.lists.terms import NEVER


@pytest.mark.parametrize(
    ("size", "looked", "matched", "why"),
    [
        (1, 0, 0, ""),
        (watching.MANY, 0, 0, ""),
        (watching.MANY + 1, 0, 0, "many"),
        (1, 300, 9, ""),  # 3 %
        (1, 300, 10, "wide"),
        (1, 4, 4, ""),  # too few to tell
        (1, 5, 5, "wide"),
        (watching.MANY + 1, 300, 300, "many"),
    ],
)
def test_how_entries_begin(size: int, looked: int, matched: int, why: str) -> None:
    """At each bound."""
    batch = watching.begun(7, NOW, size, Breadth(looked, matched))
    assert (batch.why, batch.by, batch.at) == (why, 7, NOW)
    assert batch.until == (NEVER if why else NOW + watching.WATCH)
    assert (batch.looked, batch.matched) == (looked, matched)


def test_a_list_as_a_file_has_it_is_read_again_as_it_was() -> None:
    """With sources, ends, and what begins like a comment."""
    content = b"slots\nroulette\tour friends\t2027-01-01\n\\#win\t\t2027-01-01\n\\include: x\tus\n"
    listed, problems = reading.parse("words", content)
    assert not problems
    again, problems = reading.parse("words", watching.text_of(listed))
    assert not problems
    assert again.digest == listed.digest
    assert len(again.terms) == 4
