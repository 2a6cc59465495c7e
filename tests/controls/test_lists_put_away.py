"""What was done to lists is put away now and then, and is no more than what the journal says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from flow.listed_community import all_agree, change, confirm, listed, lists_of, said
from flow.small_community import NOW, check, rows
from flow.small_community import change as tamper
from ombud.app import Engine
from ombud.controls import listed as kept_beside
from ombud.controls import lists
from ombud.errors import BadData
from ombud.store.sqlite import Store
from ombud.verdicts.community import Community


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A community that has lists, and puts away every third change."""
    monkeypatch.setattr(lists, "KEPT_EVERY", 3)
    return listed(tmp_path / "folder")


def opened(folder: Path) -> Engine:
    """Its engine, at a clock that stands still."""
    return Engine(folder, now=lambda: NOW)


def seven(engine: Engine) -> None:
    """Changes of every kind, the last of which is not put away."""
    change(engine, "add", "bad words", "slots", source="May", expires="2027-01-01")
    change(engine, "remove", "more words", "free money")
    change(engine, "quarantine", "bad words", "casino")
    about = lists.file_of("bad sites", b"new.example\nother.example", "June")
    engine.change_list("import", "bad sites", about)
    confirm(engine, "bad sites", "new.example")
    change(engine, "remove", "bad sites", "other.example")
    change(engine, "add", "bad words", "roulette")
    change(engine, "release", "bad words", "casino")


def test_a_start_goes_on_from_what_was_put_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds the same as before and as the journal alone gives, and reads only what is new."""
    with opened(folder) as engine:
        seven(engine)
        before = lists_of(engine.writer.pipeline.community)
        all_agree(engine)
    kept = dict(rows(folder, "SELECT list, seq FROM list_state"))
    assert set(kept) == {"bad words", "more words", "bad sites"}
    read: list[int] = []
    one = kept_beside.apply_recorded

    def told(community: Community, store: Store, seq: int, payload: Mapping[str, Any]) -> None:
        read.append(seq)
        one(community, store, seq, payload)

    monkeypatch.setattr(kept_beside, "apply_recorded", told)
    with opened(folder) as engine:
        assert read == [max(kept.values()) + 1]
        assert lists_of(engine.writer.pipeline.community) == before
        assert said(engine, "slots") == said(engine, "casino") == {"words"}
        assert said(engine, "free money") == said(engine, "http://other.example") == set()
        assert said(engine, "http://new.example") == {"sites"}
        all_agree(engine)
    tamper(folder, "DELETE FROM list_state")
    with opened(folder) as engine:
        assert lists_of(engine.writer.pipeline.community)[0] == before[0]
        all_agree(engine)
    assert check(folder).differences == []


def test_what_is_asked_without_an_engine_is_the_same(folder: Path) -> None:
    """When each list changed last, and whether anything came from elsewhere."""
    with opened(folder) as engine:
        seven(engine)
        community = engine.writer.pipeline.community
        held = {name: (one.seq, one.imported) for name, one in community.lists.items()}
    for _ in range(2):
        store = Store(folder / "ombud.db", readonly=True)
        assert {name: tuple(one) for name, one in kept_beside.stored(store).items()} == held
        store.close()
        tamper(folder, "DELETE FROM list_state")


def test_replay_does_not_believe_what_was_put_away(folder: Path) -> None:
    """It judges by the journal; a start refuses what says to be of another record."""
    with opened(folder) as engine:
        seven(engine)
        said(engine, "slots")
    tamper(folder, "UPDATE list_state SET state = x'00'")
    assert check(folder).differences == []
    with pytest.raises(BadData) as caught, opened(folder):
        pass
    assert caught.value.code == "D017"
    tamper(folder, "UPDATE list_state SET seq = 1 WHERE list = 'bad words'")
    with pytest.raises(BadData) as caught, opened(folder):
        pass
    assert caught.value.code == "D008"


def test_a_failed_commit_puts_nothing_away(folder: Path) -> None:
    """The change and what is put away with it are one transaction."""
    with opened(folder) as engine:
        change(engine, "add", "bad words", "slots", watch=True)
        change(engine, "add", "bad words", "roulette", watch=True)

        def fail(point: str) -> None:
            if point == "before commit":
                raise OSError("no room")

        engine.writer.pipeline.fault = fail
        with pytest.raises(Exception, match="not taken"):
            change(engine, "add", "bad words", "dice")
        assert rows(folder, "SELECT 1 FROM list_state") == []
        change(engine, "add", "bad words", "dice", watch=True)
        assert rows(folder, "SELECT list FROM list_state") == [("bad words",)]
        all_agree(engine)
