"""What an action sets is kept before it is set; its undoing takes back that, and nothing else."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ombud.connectors import matrix_before
from ombud.connectors.matrix_before import LEFT, NOT_OURS, NOTHING, PARTLY, Before
from ombud.model import Outcome

_settings = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3), max_size=4)


class Place:
    """Somewhere with settings, which can be changed once and tells how often it was."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = dict(settings)
        self.writes = 0

    def write(self, changes: Any) -> Outcome:
        """As a homeserver takes it."""
        self.writes += 1
        for name, value in changes.items():
            self.settings[name] = value
            if value is None:
                del self.settings[name]
        return matrix_before.DONE

    def do(self, memory: str, wanted: dict[str, Any]) -> str:
        """Until it is done; what is remembered then."""
        for _ in range(3):
            outcome = matrix_before.do(memory, self.settings, wanted, self.write)
            memory = memory if outcome.memory is None else outcome.memory
            if outcome.state == "confirmed":
                return memory
        raise AssertionError("it is never done")

    def undo(self, memory: str) -> Outcome:
        """As the outbox has it undone."""
        return matrix_before.undo(memory, self.settings, self.write)


@given(_settings, _settings)
def test_what_was_set_is_taken_back(stood: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Every setting as it was, also where there was none; asked twice, nothing is done again."""
    place = Place(stood)
    memory = place.do("", wanted)
    assert place.settings == {**stood, **wanted}
    writes = place.writes
    assert place.do(memory, wanted) == memory
    assert place.writes == writes
    undone = place.undo(memory)
    assert (undone.state, undone.memory) == ("confirmed", NOTHING)
    assert place.settings == stood
    again = place.undo(NOTHING)
    assert (again.detail, place.settings) == (NOT_OURS, stood)


@given(_settings, _settings, _settings)
def test_what_others_set_meanwhile_stays(
    stood: dict[str, Any], wanted: dict[str, Any], meanwhile: dict[str, Any]
) -> None:
    """And it is said, of all or of a part."""
    place = Place(stood)
    memory = place.do("", wanted)
    set_ = matrix_before.remembered(memory).set
    place.settings |= meanwhile
    undone = place.undo(memory)
    theirs = {name for name, value in meanwhile.items() if set_.get(name, value) != value}
    for name, value in meanwhile.items():
        if name not in set_ or name in theirs:
            assert place.settings[name] == value
    ours = set_.keys() - theirs
    assert {name: place.settings.get(name) for name in ours} == {n: stood.get(n) for n in ours}
    noticed = {name for name in theirs if meanwhile[name] != stood.get(name)}
    assert (undone.detail in (LEFT, PARTLY)) == bool(noticed)


def test_nothing_is_done_before_it_is_kept() -> None:
    """The first word is what stood there; a process that ends in between knows it at the next."""
    place = Place({"a": 1})
    first = matrix_before.do("", place.settings, {"a": 2}, place.write)
    assert (first.state, place.writes) == ("noted", 0)
    assert first.memory == Before(was={"a": 1}, set={"a": 2}).encoded()
    assert matrix_before.do(first.memory, place.settings, {"a": 2}, place.write).memory is None
    assert place.settings == {"a": 2}
    again = matrix_before.do(first.memory, place.settings, {"a": 2}, place.write)
    assert (again.memory, place.writes) == (first.memory, 1), "its word was lost: it is ours still"


def test_an_undoing_that_fails_forgets_nothing() -> None:
    """It is tried again, with all that was kept."""
    memory = Before(was={"a": 1}, set={"a": 2}).encoded()
    trouble = Outcome(state="retry")

    def write(changes: Any) -> Outcome:  # noqa: ARG001
        return trouble

    assert matrix_before.undo(memory, {"a": 2}, write).memory is None
    assert matrix_before.remembered("no JSON") == Before()
