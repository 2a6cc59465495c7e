"""What was done to a list since it was written."""

from __future__ import annotations

import random

import pytest

from ombud.signals.lists import Kept, TermList
from ombud.signals.lists import changes as changing
from ombud.signals.lists.changes import Batch, Changes
from ombud.signals.lists.terms import NEVER, key


def kept(*written: str) -> Kept:
    """A list with these terms in its file and changes to come."""
    made = Kept(TermList("some", written, stars=True))
    made.changes = Changes("some")
    return made


def has(some: Kept, *values: str, at: int = 0) -> list[bool]:
    """Which of the values are in the list, looked at anew."""
    some.refresh()
    return [some.active(at).has(value) for value in values]


def test_the_last_word_on_an_entry_stands() -> None:
    """Added, taken out, added again, also over what the file says."""
    some = kept("file", "other")
    assert some.changes is not None
    some.changes.add("New")
    assert has(some, "file", "new") == [True, True]
    some.changes.remove("file")
    some.changes.remove("new")
    assert has(some, "file", "other", "new") == [False, True, False]
    some.changes.add("new", expires=10)
    some.changes.add("FILE", expires=10)
    assert has(some, "file", "new", at=9) == [True, True]
    assert has(some, "file", "new", at=10) == [False, False]


def test_an_import_adds_to_what_is_there() -> None:
    """It takes nothing away; what it brings can be taken out one by one."""
    some = kept("file")
    assert some.changes is not None
    some.changes.add("x", expires=10)
    some.changes.take_in(TermList("some", ("x", "y", "file"), {"y": "a site"}, stars=True))
    assert has(some, "file", "x", "y", at=20) == [True, True, True]
    assert some.changes.imported
    some.changes.remove("y")
    some.changes.remove("file")
    assert has(some, "file", "x", "y", at=20) == [False, True, False]
    assert [entry[0] for entry in some.changes.entries()] == ["x", "x"]


def test_quarantine_takes_an_entry_out_and_release_brings_it_back() -> None:
    """Wherever it stands: in the file, added, imported; the others are untouched."""
    some = kept("file", "other")
    assert some.changes is not None
    some.changes.add("new")
    some.changes.take_in(TermList("some", ("imported",), stars=True))
    for each in ("file", "new", "imported"):
        some.changes.quarantine[each] = 1
        assert has(some, each, "other") == [False, True]
        del some.changes.quarantine[each]
        assert has(some, each, "other") == [True, True]


@pytest.mark.parametrize(("top", "merged"), [(1, 1), (2, 6), (4, 1000)])
def test_any_changes_are_as_if_made_to_a_set(
    monkeypatch: pytest.MonkeyPatch, top: int, merged: int
) -> None:
    """However the parts are put together: a value is there exactly if the last word says so."""
    monkeypatch.setattr(changing, "TOP_MAX", top)
    monkeypatch.setattr(changing, "MERGED_MAX", merged)
    source = random.Random(top)
    words = [f"w{number}" for number in range(12)]
    for _ in range(40):
        written = source.sample(words, 4)
        some, model = kept(*written), set(written)
        assert some.changes is not None
        for _ in range(30):
            word = source.choice(words)
            if source.random() < 0.5:
                some.changes.add(word)
                model.add(word)
            elif source.random() < 0.8:
                some.changes.remove(word)
                model.discard(word)
            else:
                more = tuple(source.sample(words, 3))
                some.changes.take_in(TermList("some", more, stars=True))
                model.update(more)
            assert has(some, *words) == [word in model for word in words]
            assert has(some, *words, at=5) == [word in model for word in words]
        here = {word for word in words if some.changes.here(word, 0)}
        assert here == {key(term) for term, _, _ in some.changes.entries()}
        assert len(some.changes.parts) <= 31


def test_single_entries_stand_in_few_parts() -> None:
    """After thousands of them a text is looked through a handful of times, not thousands."""
    some = Changes("some")
    for number in range(3000):
        some.add(f"w{number}")
    assert len(some.parts) <= 3
    assert some.size == 3000


@pytest.mark.parametrize("many", [3, 600])
def test_a_list_that_is_emptied_and_filled_for_ever_takes_no_more_room(many: int) -> None:
    """Whoever publishes it can do that all day, with other entries each time, on watch or not; what
    a person said of one of them is kept.
    """
    some = Changes("some")
    sizes = []
    for turn in range(40):
        terms = ("@kept:far", *(f"@a{turn}b{number}:far" for number in range(many)))
        listed = TermList("some", terms, stars=True)
        some.follow(listed, (turn + 1, Batch(turn, NEVER, 0, "many")) if turn % 2 else None)
        some.quarantine["@kept:far"] = 1
        some.retract(listed)
        sizes.append(len(some.encoded()))
        assert (some.parts, some.batches, some.spoken) == ([], {}, {"@kept:far"})
    assert max(sizes) == min(sizes[10:])
    some.follow(TermList("some", ("@kept:far", "@new:far"), stars=True))
    assert some.here("@new:far", 0)
    assert some.here("@kept:far", 0)
    assert "@kept:far" in some.quarantine
