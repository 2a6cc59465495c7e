"""What everybody may read of rules and clauses: every version, its text or summary, and nobody."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import RULES, prepare
from ombud import config, publicrules, summaries
from ombud.app import Engine
from ombud.reading import reading
from ombud.rules.policy import read_policies

BAGS = RULES["bags.rule"]
TERM = "cheap bags"


def published(folder: Path, now: int = 0) -> dict[str, Any]:
    """What is published, read from the folder alone."""
    with reading(folder) as reader:
        return reader.public_rules().published(now)


def rule(folder: Path, name: str = "bags") -> dict[str, Any]:
    """One of the rules."""
    (found,) = (each for each in published(folder)["rules"] if each["name"] == name)
    return dict(found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community that ran once."""
    made = prepare(tmp_path / "community")
    with Engine(made, by="ana"):
        pass
    return made


def live(folder: Path, *texts: str, by: str = "binh") -> None:
    """Put texts in force one after the other, as the rule of bags."""
    with Engine(folder, by="ana") as engine:
        for text in texts:
            (folder / "rules" / "bags.rule").write_text(text)
            engine.reload(by)


def test_a_rule_in_force_is_told_with_its_text(folder: Path) -> None:
    """As it stands in its file; and by how many, not by whom."""
    found = rule(folder)
    assert found["in_force"]
    assert found["told"] == "text"
    assert found["text"] == BAGS
    assert found["mode"] == "live"
    assert found["people"] == 1
    assert found["asks"]
    assert "ana" not in json.dumps(published(folder)).replace("banana", "").split('"')


def test_the_engine_and_the_folder_tell_the_same(folder: Path) -> None:
    """One that is kept reads on; one that has the engine's configuration compiles nothing."""
    with Engine(folder, by="ana") as engine, reading(folder) as reader:
        book = reader.public_rules()
        active = engine.writer.pipeline.community.active
        assert book.published(7, active) == published(folder, 7)
        (folder / "rules" / "bags.rule").write_text(BAGS.replace("mode    live", "mode    watch"))
        engine.reload("binh")
        active = engine.writer.pipeline.community.active
        assert book.published(7, active) == published(folder, 7)


def test_every_version_from_when_until_when(folder: Path) -> None:
    """Another mode is another version; drafts are none; who comes back begins anew."""
    watch, draft = (BAGS.replace("mode    live", f"mode    {mode}") for mode in ("watch", "draft"))
    live(folder, watch, draft)
    gone = rule(folder)
    assert not gone["in_force"]
    assert gone["versions"][0]["until"] is not None
    assert gone["people"] is None
    live(folder, BAGS)
    versions = rule(folder)["versions"]
    assert [each["mode"] for each in versions] == ["live", "watch", "live"]
    assert [each["until"] is None for each in versions] == [True, False, False]
    assert versions[1]["from"] == versions[2]["until"]
    assert versions[0]["text"] == versions[2]["text"] == BAGS
    told = publicrules.changed(published(folder))
    of = [each["mode"] for each in told if (each["what"], each["name"]) == ("rule", "bags")]
    assert of == ["live", "", "watch", "live"]


def test_a_rule_on_watch_says_until_when(folder: Path) -> None:
    """And one that acts says nothing of it."""
    assert rule(folder)["watch_until"] is None
    live(folder, BAGS.replace("mode    live", "mode    watch"))
    found = rule(folder)
    assert found["watch"] is not None
    assert found["watch_until"] > found["since"]


def test_a_summary_stands_for_every_version(folder: Path) -> None:
    """The text of none is told any more, neither of one that is over."""
    changed = BAGS.replace(TERM, "cheap purses")
    live(folder, changed)
    (folder / "rules" / "bags.summary.md").write_text("It finds <b>advertising</b>.\n")
    found = rule(folder)
    assert found["told"] == "summary"
    assert found["summary"] == "It finds <b>advertising</b>."
    assert len(found["versions"]) == 2
    assert TERM not in json.dumps(found)
    assert "purses" not in json.dumps(found)


@pytest.mark.parametrize("broken", ["long", "folder", "pipe", "dangling"])
def test_a_summary_that_cannot_be_read_shows_no_text(folder: Path, broken: str) -> None:
    """Nothing falls open."""
    path = folder / "rules" / "bags.summary.md"
    if broken == "long":
        path.write_text("x" * (summaries.BYTES_MAX + 1))
    elif broken == "folder":
        path.mkdir()
    elif broken == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(folder / "nowhere")
    found = rule(folder)
    assert found["told"] == "summary"
    assert found["summary"] == ""
    assert found["text"] is None


def test_where_no_summary_can_be_looked_for_no_text_is_shown(folder: Path) -> None:
    """The folder cannot be listed: any of its rules may have one."""
    (folder / "rules" / "bags.summary.md").write_text("It finds advertising.")
    (folder / "rules").rename(folder / "aside")
    found = rule(folder)
    assert (found["told"], found["text"]) == ("summary", None)


def test_a_summary_is_no_rule_and_no_stray_file(folder: Path) -> None:
    """It changes nothing that is in force, and nobody is warned of it."""
    (folder / "rules" / "bags.summary.md").write_text("It finds advertising.")
    with Engine(folder, by="ana") as engine:
        assert not engine.reload("ana")
        assert config.beside(folder) == ()


def test_words_that_a_clause_withholds_are_withheld_here(folder: Path) -> None:
    """Of every version under it, for as long as it says so."""
    (path,) = (
        each
        for each in (folder / "policies").glob("*.md")
        if rule(folder)["clause"] in read_policies({each.name: each.read_bytes()})[0]
    )
    before = path.read_text()
    path.write_text(before.replace("harm: ", "words: withheld\nharm: "))
    with Engine(folder, by="ana") as engine:
        engine.reload("ana")
    found = rule(folder)
    assert found["told"] == "withheld"
    assert TERM not in json.dumps(found)
    path.write_text(before)
    with Engine(folder, by="ana") as engine:
        engine.reload("ana")
    assert rule(folder)["text"] == BAGS


def test_clauses_have_their_versions_in_every_language(folder: Path) -> None:
    """Title and text of each, from when until when."""
    (first, *_) = published(folder)["clauses"]
    path = next(
        each
        for each in (folder / "policies").glob("*.md")
        if first["name"] in read_policies({each.name: each.read_bytes()})[0]
    )
    path.write_text(path.read_text().replace(first["titles"]["en"], "Another title"))
    with Engine(folder, by="ana") as engine:
        engine.reload("ana")
    after = next(e for e in published(folder)["clauses"] if e["name"] == first["name"])
    assert [each["titles"]["en"] for each in after["versions"]] == [
        "Another title",
        first["titles"]["en"],
    ]
    assert after["versions"][0]["from"] == after["versions"][1]["until"]
