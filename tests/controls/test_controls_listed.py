"""What was done to lists is told alike: live, at a start, in replay, and by an earlier program."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.listed_community import all_agree, change, listed, lists_of, said
from flow.small_community import NOW, check
from flow.small_community import change as tamper
from ombud.activation.active import EMPTY
from ombud.app import Engine
from ombud.controls import listed as applied
from ombud.controls import lists
from ombud.errors import BadData
from ombud.signals.lists.changes import Changes
from ombud.verdicts.community import Community


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The community whose rules ask lists of every kind."""
    return listed(tmp_path / "folder")


def test_what_an_earlier_program_added_counts_at_once() -> None:
    """Its payloads say nothing of a watch."""
    community = Community(b"", EMPTY)
    about = lists.line("words", "slots")
    payload = {"do": "add", "list": "words", "imported": False}
    applied.apply(community, 3, payload, about.listed)
    assert community.lists["words"].batches == {}
    assert community.lists["words"].here("slots", NOW, counting=True)


def test_an_edited_file_is_told_at_a_start_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the journal, and from what was put away since."""
    with Engine(folder, now=lambda: NOW) as engine:
        (folder / "lists" / "bad-words.txt").write_text("slots\ndice\n")
        assert engine.reload()
        change(engine, "add", "bad words", "roulette", watch=True)
        change(engine, "remove", "bad words", "dice")
        before = lists_of(engine.writer.pipeline.community)
        packed = engine.writer.pipeline.community.lists["bad words"]
        assert Changes.decoded("bad words", packed.encoded()).encoded() == packed.encoded()
    monkeypatch.setattr(lists, "KEPT_EVERY", 1)
    for _ in range(2):
        with Engine(folder, now=lambda: NOW) as engine:
            again = engine.writer.pipeline.community
            assert lists_of(again)[0]["bad words"][2:] == before[0]["bad words"][2:]
            assert [*again.lists["bad words"].on_watch(NOW)] == [2, 3]
            assert said(engine, "slots") == said(engine, "roulette") == set()
            all_agree(engine)
            change(engine, "quarantine", "more words", "free money")
            change(engine, "release", "more words", "free money")
    assert check(folder).differences == []


def test_another_file_under_its_digest_is_refused(folder: Path) -> None:
    """What began on watch by an edit is held to what was journalled."""
    with Engine(folder, now=lambda: NOW) as engine:
        (folder / "lists" / "bad-sites.txt").write_text("bad.example\nnew.example\n")
        assert engine.reload()
    tamper(folder, "UPDATE content SET bytes = x'61' WHERE bytes = CAST('new.example' AS BLOB)")
    with pytest.raises(BadData) as caught, Engine(folder, now=lambda: NOW):
        pass
    assert caught.value.code == "D017"
