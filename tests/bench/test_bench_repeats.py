"""The bench of near-duplicates measures what it says."""

from __future__ import annotations

import pytest
from bench.__main__ import section
from bench.repeats import Said

from bench import repeats


def test_both_find_the_same_planted_edits() -> None:
    """Ours and the peer find nearly all of them and hardly anything else."""
    said = repeats.made(800)
    assert 100 < sum(each.origin != at for at, each in enumerate(said)) < 220
    for run in (repeats.ours, repeats.peer):
        recall, precision = repeats.quality(said, run(said))
        assert recall >= 0.98
        assert precision >= 0.98


def test_quality_counts_what_is_missed_and_what_is_wrong() -> None:
    """An edit in a cluster of its own is missed; one in a stranger's is wrong."""
    said = [Said("a", 0), Said("b", 1), Said("a", 0), Said("a", 0)]
    assert repeats.quality(said, [(1,), (2,), (1,), (4,)]) == (0.5, 1.0)
    assert repeats.quality(said, [(1,), (2,), (2,), (1,)]) == (0.5, 0.5)


def test_the_page_has_rows_and_qualities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory of a few texts, time of an event, and what both found."""
    apart = repeats.filled_apart
    monkeypatch.setattr(repeats, "filled_apart", lambda _, window: apart(20_000, window=window))
    few = [Said(f"{n} one two three four five six", n) for n in range(3)]
    monkeypatch.setattr(repeats, "made", lambda *_: few)
    found = [repeats.judged(row) for row in repeats.rows(quick=True)]
    assert all(row["ours"] > 0 for row in found)
    told = section({"items": found, "qualities": repeats.qualities(quick=True)}, 0.1)
    assert "| ours |" in told
    assert "| datasketch |" in told


def test_memory_is_measured_within_a_bound() -> None:
    """As many texts as asked for, or as the seconds allow; a window's entry takes more room."""
    plain, window = (repeats.filled_apart(20_000, window=each) for each in (False, True))
    assert (plain.texts, window.texts) == (20_000, 20_000)
    assert 100 < plain.bytes < window.bytes < 2000
    assert repeats.filled(20_000, 0.0).texts == 0
    assert plain.seconds > 0


@pytest.mark.parametrize(("quick", "sizes"), [(True, 2), (False, 3)])
def test_a_window_of_a_million_texts_is_measured_in_full(
    monkeypatch: pytest.MonkeyPatch, quick: bool, sizes: int
) -> None:
    """The whole bench fills one and holds a text's bytes against a kilobyte; the quick one does
    not. Where time ran out before, the row says how many texts were reached.
    """
    asked = []

    def filled(texts: int, *, window: bool) -> repeats.Filled:
        asked.append((texts, window))
        return repeats.Filled(min(texts, 900_000), 1001.0, 1.0)

    monkeypatch.setattr(repeats, "filled_apart", filled)
    monkeypatch.setattr(repeats, "made", lambda *_: [Said("one two three four five six", 0)])
    monkeypatch.setattr(
        repeats, "_pipeline", lambda *_, **__: repeats._memory("x", filled(1, window=False))
    )
    rows = [repeats.judged(row) for row in repeats.rows(quick=quick)]
    memory = [row for row in rows if row["name"].startswith("memory")]
    assert len(memory) == sizes
    assert ((1_000_000, True) in asked) is not quick
    if not quick:
        last = memory[-1]
        assert last["name"] == "memory of a window of 900,000 texts"
        assert (last["peer"], last["met"]) == (1000.0, False)
