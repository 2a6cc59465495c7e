"""How much of what was said lately an entry would match."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.listed_community import listed, said
from flow.small_community import NOW
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.controls import breadth, lists


@pytest.mark.parametrize(
    ("name", "term", "matched"),
    [
        ("bad words", "today", 3),
        ("bad words", "toda", 0),
        ("bad words", "new.example", 2),  # as words, since a rule asks it of texts
        ("more words", "today", 3),  # asked through the list that includes it
        ("bad sites", "new.example", 2),
        ("bad sites", "today", 0),
        ("known people", "chi", 1),
        ("let through", "chi", 1),
        ("nobody asks", "today", 3),
        ("nobody asks", "a.new.example", 1),
        ("nobody asks", "chi", 1),
        ("our names", "chi", 1),  # only resembled, so asked as what nobody asks
    ],
)
def test_the_latest_posts_are_asked_as_rules_ask(
    tmp_path: Path, name: str, term: str, matched: int
) -> None:
    """Of each list what its rules ask; where none does, all that an entry can be."""
    folder = listed(tmp_path / "folder")
    with Engine(folder, now=lambda: NOW) as engine:
        said(engine, "today http://a.new.example", id="chi")
        said(engine, "today http://new.example/b", id="dung")
        said(engine, "today", id="ana")
        said(engine, "today http://new.example", id="gone")
        engine.erase("chat", "gone")
        active = engine.writer.pipeline.community.active
        about = lists.line(name, term).listed
        files = (folder / STORE_FILE, folder / KEY_FILE)
        assert breadth.beside(*files, active, name, about) == (3, matched)


def test_no_more_than_the_latest_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest of them."""
    monkeypatch.setattr(breadth, "LOOKED", 2)
    folder = listed(tmp_path / "folder")
    with Engine(folder, now=lambda: NOW) as engine:
        for text in ("today", "hello", "hello"):
            said(engine, text)
        active, files = engine.writer.pipeline.community.active, (folder / STORE_FILE,)
        found = [
            breadth.beside(
                *files, folder / KEY_FILE, active, "bad words", lists.line("x", t).listed
            )
            for t in ("today", "hello")
        ]
        assert found == [(2, 0), (2, 2)]
