"""What is shown of lists: what is in force, file and store together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow.listed_community import change, listed
from flow.small_community import NOW
from ombud import listing
from ombud.app import Engine
from ombud.clock import DAY
from ombud.controls import lists
from ombud.errors import BadUse
from ombud.reading import reading


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community whose lists have been changed in every way."""
    folder = listed(tmp_path / "folder")
    (folder / "lists" / "known-people.txt").write_text(
        "person1\nPerson2\tour friends\t2026-03-10\nperson3\t\t2026-01-01\n"
    )
    with Engine(folder, now=lambda: NOW) as engine:
        change(engine, "remove", "known people", "person1")
        change(engine, "add", "known people", "person9", source="a friend")
        change(engine, "add", "bad words", "slots")
        change(engine, "add", "bad words", "Casino", expires="2026-03-20")
        change(engine, "quarantine", "bad words", "slots")
        change(engine, "add", "begun since", "x", new=True)
        change(engine, "add", "known people", "newcomer", watch=True)
    return folder


def shown(folder: Path, name: str, **chosen: Any) -> dict[str, Any]:
    """One list as it is shown."""
    with reading(folder) as reader:
        asked = {"state": None, "limit": 100, "skip": 0, **chosen}
        return listing.shown(reader.store, name, NOW, **asked)


def test_all_lists_are_told_with_their_counts(folder: Path) -> None:
    """Those of files, those of the store alone; who asks them, what they include."""
    with reading(folder) as reader:
        found = {each["name"]: each for each in listing.overview(reader.store, NOW)}
    assert {"bad words", "more words", "begun since", "staff"} <= set(found)
    people = found["known people"]
    assert (people["entries"], people["ended"], people["removed"]) == (2, 1, 1)
    assert (people["added"], people["ending_soon"], people["watch"]) == (2, 1, 1)
    assert people["sources"] == {"our friends": 1, "a friend": 1}
    assert people["rules"] == ["people"]
    assert people["file"]
    words = found["bad words"]
    assert (words["entries"], words["quarantined"], words["added"]) == (2, 1, 2)
    assert words["includes"] == ["more words"]
    assert found["more words"]["rules"] == words["rules"] == ["words"]
    assert not found["begun since"]["file"]
    assert found["begun since"]["rules"] == []
    assert found["more words"]["last_change"] is None
    assert found["begun since"]["last_change"] == 10


def test_entries_are_told_with_how_they_stand(folder: Path) -> None:
    """As they were written, the file's first; an entry the store speaks of stands once."""
    items = shown(folder, "bad words")["items"]
    assert [(each["term"], each["where"], each["state"]) for each in items] == [
        ("viagr*", "file", "counts"),
        ("slots", "store", "quarantined"),
        ("Casino", "store", "counts"),
    ]
    assert {each["watch"] for each in items} == {None}
    assert [each["expires"] for each in items] == [None, None, "2026-03-20T00:00:00Z"]
    people = shown(folder, "known people")["items"]
    assert [(each["term"], each["state"]) for each in people] == [
        ("person1", "removed"),
        ("Person2", "counts"),
        ("person3", "ended"),
        ("person9", "counts"),
        ("newcomer", "watch"),
    ]
    until = people[-1]["watch"].pop("until")
    assert until.startswith("2026-03-05T12:00:00")  # three days later
    told = {"why": "", "looked": 0, "matched": 0}
    told |= {"entries": 1, "seen": 0}
    assert people[-1]["watch"] == told


def test_a_page_of_entries_is_shown(folder: Path) -> None:
    """Never more than asked for, from where one left off; by state."""
    part = shown(folder, "known people", limit=2, skip=1)
    assert [each["term"] for each in part["items"]] == ["Person2", "person3"]
    assert part["shown"] == 5
    ended = shown(folder, "known people", state="ended")
    assert [each["term"] for each in ended["items"]] == ["person3"]
    assert ended["shown"] == 1


def test_an_unknown_list_is_told_with_a_likely_one(folder: Path) -> None:
    """Did you mean."""
    with pytest.raises(BadUse, match="bad word") as caught:
        shown(folder, "bad word")
    assert caught.value.code == "U090"
    assert "bad words" in caught.value.as_json()["hint"]


def test_what_is_shown_counts(folder: Path) -> None:
    """Exactly the entries that are told as counting are in the list that rules ask."""
    with Engine(folder, now=lambda: NOW) as engine:
        engine.change_list("import", "more words", lists.file_of("more words", b"a\nb", "s"))
        change(engine, "remove", "more words", "a")
        change(engine, "quarantine", "more words", "free money")
        for name, kept in engine.writer.pipeline.community.active.lists.items():
            for at in (NOW, NOW + 30 * DAY):
                for entry in listing.entries(kept, at):
                    own = [p.entry(entry.term) for p in kept.parts(at) if p.listed.name == name]
                    there = any(own) or (
                        entry.term == "viagr*" and bool(kept.active(at).find("viagra", *[None] * 3))
                    )
                    assert there is (entry.state == "counts"), (name, entry)
