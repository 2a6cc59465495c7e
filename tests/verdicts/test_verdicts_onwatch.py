"""What entries on watch would have changed: asked beside the verdict, and never changing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.listed_community import change, listed, said
from flow.small_community import NOW, rows
from ombud.app import Engine
from ombud.track import Track
from ombud.verdicts.onwatch import Would


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The community whose rules ask lists of every kind."""
    return listed(tmp_path / "folder")


def told(engine: Engine) -> dict[str, int]:
    """How often each entry is told to have matched."""
    found = engine.store.all("list_records", ("bad words",))
    found += engine.store.all("list_records", ("let through",))
    found += engine.store.all("list_records", ("our names",))
    return {row[0]: Track.decoded(row[1]).matches for row in found}


def asked(engine: Engine) -> list[str]:
    """The lists that are asked beside every verdict."""
    watch = engine.writer.pipeline.community.watch
    return [] if watch is None else [*watch.lists]


def test_nothing_is_asked_where_nothing_is_on_watch(folder: Path) -> None:
    """So no event pays for it."""
    with Engine(folder, now=lambda: NOW) as engine:
        assert asked(engine) == []
        change(engine, "add", "bad words", "slots", watch=True)
        assert asked(engine) == ["bad words"]
        change(engine, "remove", "bad words", "slots")
        assert asked(engine) == []


def test_only_what_an_entry_would_change_is_told(folder: Path) -> None:
    """Not what fires anyway, not what an `unless` of another rule has nothing to say of."""
    with Engine(folder, now=lambda: NOW) as engine:
        change(engine, "add", "bad words", "slots", watch=True)
        change(engine, "add", "let through", "somebody", watch=True)
        change(engine, "add", "our names", "Binh Tran", watch=True)
        said(engine, "slots")
        said(engine, "slots and casino")
        said(engine, "nothing here")
        assert told(engine) == {"slots": 1, "casino": 1}
        assert said(engine, "bags and slots") == {"exempt"}
        assert told(engine) == {"slots": 2, "casino": 1, "somebody": 1}
        assert said(engine, "hello", name="Binh Tran") == set()
        assert told(engine) == {"slots": 2, "casino": 1, "somebody": 1}


def test_a_rule_that_is_not_for_the_kind_is_not_asked(folder: Path) -> None:
    """And decisions rest on what counts alone."""
    with Engine(folder, now=lambda: NOW) as engine:
        change(engine, "add", "bad words", "slots", watch=True)
        change(engine, "add", "let through", "somebody", watch=True)
        said(engine, "bags slots", name="x")
        assert rows(folder, "SELECT list, entry FROM list_match") == []
    assert Would("bad words", "slots", 0).entry == "slots"
