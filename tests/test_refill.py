"""Windows made anew from the journal: what comes back is what was there, and whose it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import (
    NOW,
    RULES,
    agrees_with_replay,
    crowd,
    line,
    memory,
    prepare,
    rows,
)
from ombud import refill
from ombud.app import Engine
from ombud.refill import activations, bases


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with a past."""
    folder = prepare(tmp_path)
    with Engine(folder, now=lambda: NOW) as engine:
        engine.ingest([b"".join(map(line, crowd(101, 150)))])
    return folder


def test_refilling_changes_nothing(folder: Path) -> None:
    """Windows made anew from the store are those that were there, once and again."""
    with Engine(folder, now=lambda: NOW) as engine:
        run = agrees_with_replay(engine)
        community = engine.writer.pipeline.community
        before = memory(community, [])
        assert any(owners for *_, owners in before["timelines"][""][2].values())
        last = rows(folder, "SELECT seq FROM head")[0][0]
        for _ in range(2):
            refill.refill(community, engine.store, engine.keys, run.activations, last, frozenset())
            assert memory(community, []) == before
        refill.refill(community, engine.store, engine.keys, run.activations, 60, frozenset())
        assert memory(community, []) != before


def test_a_window_in_use_learns_whose_its_entries_are(tmp_path: Path) -> None:
    """A rule begins to act on campaigns: of a window that counted before, the members are those of
    an engine that had the rule from the beginning; and they are let go with it.
    """
    alone = {name: text.replace("hold campaign", "hold this") for name, text in RULES.items()}
    early, late = prepare(tmp_path / "early"), prepare(tmp_path / "late", alone)
    found = []
    for folder in (early, late):
        with Engine(folder, now=lambda: NOW) as engine:
            engine.ingest([b"".join(map(line, crowd(101, 150)))])
            owners = _owners(engine)
            assert bool(owners) is (folder == early)
            (folder / "rules" / "same-text.rule").write_text(RULES["same-text.rule"])
            assert engine.reload() is (folder == late)
            found.append(_owners(engine))
            agrees_with_replay(engine)
            (folder / "rules" / "same-text.rule").write_text(alone["same-text.rule"])
            assert engine.reload()
            assert not _owners(engine)
            agrees_with_replay(engine)
    assert found[0] == found[1] != []


def _owners(engine: Engine) -> list[tuple[int, int]]:
    """Seqs and places of all members that are remembered."""
    found = engine.writer.pipeline.community.timelines[""].members
    return sorted((seq, place) for kept in found.values() for _, seq, place in kept.entries())


def test_a_window_lives_from_the_activation_that_filled_it(folder: Path) -> None:
    """As long as it is used no wider than before; the first activation counts from the start."""
    with Engine(folder, now=lambda: NOW) as engine:
        before = bases(activations(engine.store, 10**6))
        assert {base.seq for base in before.values()} == {1}
        text = (folder / "rules" / "busy-room.rule").read_text()
        (folder / "rules" / "busy-room.rule").write_text(text.replace("10 minutes", "1 hour"))
        engine.reload()
        seq = rows(folder, "SELECT seq FROM head")[0][0]
        after = bases(activations(engine.store, seq))
        assert sorted(base.seq for base in after.values()) == sorted([seq] + [1] * (len(after) - 1))
        assert bases(activations(engine.store, seq - 1)) == before
