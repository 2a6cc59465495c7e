"""The demonstration: in its own folder only, the same every time, and counted honestly."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import hold_together
from ombud import demonstration, simulate
from ombud.errors import BadData, BadUse

EVENTS = 350


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """One run: its folder, and what it told."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    return folder, demonstration.run(folder, EVENTS, 1)


def told(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The decisions of a run without what says which run it was: ids and times of day."""
    return [
        (
            each["subject"],
            each["lang"],
            [re.sub(r"\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?", "", line) for line in each["statement"]],
        )
        for each in found["decisions"]
    ]


def test_two_runs_of_one_seed_tell_the_same(
    made: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    """With one seed the decisions and counts are the same, apart from ids; another seed differs."""
    again = demonstration.run(tmp_path / "again", EVENTS, 1)
    first = made[1]
    assert told(again) == told(first)
    assert not {each["id"] for each in again["decisions"]} & {
        each["id"] for each in first["decisions"]
    }
    for name in set(first) - {"decisions", "ledger"}:
        assert again[name] == first[name], name
    other = demonstration.run(tmp_path / "again", EVENTS, 2)  # in place of the run before
    assert told(other) != told(first)


def test_the_counts_add_up(made: tuple[Path, dict[str, Any]]) -> None:
    """Every event is judged once; actions, decisions, log and truth agree with each other."""
    folder, found = made
    assert (found["accepted"], found["duplicate"]) == (EVENTS, 0)
    assert (found["conflict"], found["rejected"], found["errors"]) == (0, 0, [])
    assert sum(found["by_action"].values()) == EVENTS
    done = sum(count for action, count in found["by_action"].items() if action != "allow")
    rooms = sum(each["subject"].startswith("room/") for each in found["decisions"])
    assert len(found["decisions"]) - rooms == done > rooms > 0  # a raided room beside its joins
    assert found["ledger"]["size"] == found["ledger"]["published"] >= done
    assert 0 < found["caught"] <= found["harmful"]
    assert 0 <= found["touched"] <= found["benign"]
    hold_together(folder)


def test_truth_is_held_against_the_decisions(made: tuple[Path, dict[str, Any]]) -> None:
    """Caught and wrongly touched are the decided subjects among harmful and benign events."""
    found = made[1]
    happened = list(simulate.generate(1, EVENTS, demonstration.START))
    harmful = {each.event["subject"] for each in happened if each.truth != "benign"}
    benign = {each.event["subject"] for each in happened} - harmful
    decided = {each["subject"] for each in found["decisions"]}
    assert found["harmful"] == len(harmful)
    assert found["benign"] == len(benign)
    assert found["caught"] == len(decided & harmful)
    assert found["touched"] == len(decided & benign)


def test_decisions_are_told_in_order_and_in_their_language(
    made: tuple[Path, dict[str, Any]],
) -> None:
    """Statements come in the order of the events, each in its person's language."""
    found = made[1]
    happened = [each.event["subject"] for each in simulate.generate(1, EVENTS, demonstration.START)]
    subjects = [each["subject"] for each in found["decisions"]]
    order = [happened.index(each) for each in subjects if not each.startswith("room/")]
    assert order == sorted(order)
    assert {each["lang"] for each in found["decisions"]} == {"en", "vi"}
    for each in found["decisions"]:
        appeal = {"en": "you can appeal until", "vi": "bạn có thể khiếu nại đến"}[each["lang"]]
        assert appeal in each["statement"][-1]


@pytest.mark.parametrize("name", ["notes.txt", "ombud.db", "rules", ".hidden"])
def test_a_folder_without_the_mark_is_left_alone(tmp_path: Path, name: str) -> None:
    """A folder with anything in it but no mark is refused, and nothing in it is touched."""
    (tmp_path / name).write_text("mine")
    with pytest.raises(BadUse, match="U009") as caught:
        demonstration.run(tmp_path, 10, 1)
    assert caught.value.where == str(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_an_empty_folder_is_taken_and_marked(tmp_path: Path) -> None:
    """An empty folder belongs to nobody; afterwards it has the mark and is made anew each time."""
    demonstration.run(tmp_path, 10, 1)
    assert (tmp_path / demonstration.MARK).exists()
    (tmp_path / "old").touch()
    demonstration.run(tmp_path, 10, 1)
    assert not (tmp_path / "old").exists()


def test_what_a_link_points_to_is_not_removed(tmp_path: Path) -> None:
    """A link to a demonstration is refused as a data folder, and the folder behind it stays."""
    real = tmp_path / "real"
    demonstration.run(real, 10, 1)
    (tmp_path / "link").symlink_to(real)
    with pytest.raises(BadData, match="D003"):
        demonstration.run(tmp_path / "link", 10, 1)
    assert (real / "ombud.db").exists()
