"""The public counts: one definition, the same whatever order the lines come in."""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.public_log import entries, refused
from ombud.ledger import counts
from ombud.ledger.counts import Counts, Tally
from ombud.ledger.leaf import Leaf, parse_leaf
from outsider import public_folder

LEAVES = [parse_leaf(each) for each in entries(60)]


def made(kind: str, day: str = "2026-11-22", **fields: object) -> Leaf:
    """A line of a kind."""
    told = {"type": kind, "day": day, "id": "lf_1", "commitment": "ab" * 32, **fields}
    return msgspec.convert(told, Leaf)


def of_leaves(leaves: Iterable[Leaf]) -> Counts:
    """The counts over some lines, one after the other."""
    found = Counts()
    for leaf in leaves:
        found.add(leaf)
    return found


def test_lines_are_counted_under_what_they_say() -> None:
    """Each combination once, and each type on its day."""
    found = of_leaves(
        [
            made("decision", clause="spam", action="hold", automated=True, rule="r"),
            made("decision", clause="spam", action="hold", automated=True, rule="r"),
            made("decision", clause="spam", action="hold", automated=False),
            made("outcome", "2026-11-23", clause="spam", outcome="reversed"),
        ]
    )
    assert found.tallies == {
        Tally("decision", "spam", "hold", True, "r"): 2,
        Tally("decision", "spam", "hold", False): 1,
        Tally("outcome", "spam", outcome="reversed"): 1,
    }
    assert found.days == {("2026-11-22", "decision"): 3, ("2026-11-23", "outcome"): 1}
    assert (found.size, found.of_type("decision"), found.of_type("undo")) == (4, 3, 0)


@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_counting_goes_on_where_it_stopped(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line is read and counted once, a few at a time, and none behind the size given."""
    monkeypatch.setattr(counts, "LINES_AT_ONCE", at_once)
    log, asked = [(each, b"") for each in entries(60)], []

    def lines(reach: tuple[int, int]) -> list[tuple[bytes, bytes]]:
        asked.append(reach)
        return log[slice(*reach)]

    found = Counts()
    found.take(lines, 20)
    assert found.as_json() == of_leaves(LEAVES[:20]).as_json()
    found.take(lines, 20)
    found.take(lines, 10**9)
    assert found.as_json() == of_leaves(LEAVES).as_json()
    read = [at for start, end in asked for at in range(start, min(end, len(log)))]
    assert read == list(range(len(log)))
    assert max(end - start for start, end in asked) <= at_once


@settings(max_examples=50, deadline=None)
@given(st.permutations(LEAVES))
def test_the_order_of_lines_does_not_matter(leaves: list[Leaf]) -> None:
    """The published form is the same, byte for byte."""
    expected = json.dumps(of_leaves(LEAVES).as_json())
    assert json.dumps(of_leaves(leaves).as_json()) == expected


def test_an_outsider_counts_the_same() -> None:
    """A count that knows nothing of this program gives the same lists in the same order."""
    lines = [json.loads(each) for each in entries(60)]
    assert public_folder.count(lines) == of_leaves(LEAVES).as_json()


@pytest.mark.parametrize("limit", ["MAX_TALLIES", "MAX_DAYS"])
def test_counts_are_bounded(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    """Past a bound what is new is refused and what is known goes on counting."""
    monkeypatch.setattr(counts, limit, 2)
    found = of_leaves([made("decision"), made("undo", "2026-11-23")])
    with refused("L066"):
        found.add(made("appeal", "2026-11-24"))
    found.add(made("decision"))
    assert found.size == 3
    assert sum(found.days.values()) == 3
