"""Runs over the past: what is asked and refused, what the log gets, and that nothing is told of a
run whose line could not be written.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import (
    NOW,
    RULES,
    crowd,
    event,
    hold_together,
    line,
    prepare,
    rows,
    rule,
    tallies,
)
from ombud import auditing, changes, config, runs, session
from ombud.app import Engine
from ombud.controls import lists
from ombud.errors import BadData, BadRules, BadUse
from ombud.runs import Asked, made, tried, watched

DRAFT = RULES["bags.rule"].replace("mode    live", "mode    draft").replace("rule bags", "rule new")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with a past, one of its rules watching."""
    book = {**RULES, "busy-room.rule": RULES["busy-room.rule"].replace("live", "watch")}
    found = prepare(tmp_path / "community", book)
    with Engine(found, now=lambda: NOW) as engine:
        engine.submit([line(each) for each in crowd(5, 80)])
    return found


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A folder with other rules, one a draft."""
    place = tmp_path / "other"
    place.mkdir()
    (place / "bags.rule").write_text(RULES["bags.rule"])
    (place / "new.rule").write_text(DRAFT)
    return place


def leaves(folder: Path) -> list[dict[str, Any]]:
    """The lines of the log about runs."""
    found = [json.loads(row[0]) for row in rows(folder, "SELECT entry FROM leaf ORDER BY position")]
    return [each for each in found if each["type"] == "replay"]


def test_each_run_is_one_line_that_commits_to_its_record(folder: Path, other: Path) -> None:
    """Two kinds of run, each with its line; salt and record give the commitment; the log holds."""
    first = tried(folder, Asked(other, seed=3))
    second = watched(folder, None)
    found = leaves(folder)
    assert [each["outcome"] for each in found] == ["rules", "watch"]
    assert all(set(each) == {"commitment", "day", "id", "outcome", "type"} for each in found)
    listed = made(folder, 10)
    assert [each["id"] for each in listed] == [second["run"]["id"], first["run"]["id"]]
    for told, kept in zip(found, reversed(listed), strict=True):
        salted = bytes.fromhex(kept["salt"]) + kept["record"].encode()
        assert hashlib.sha256(salted).hexdigest() == told["commitment"]
    entry = rows(folder, "SELECT entry FROM leaf WHERE position = ?", first["run"]["leaf"])
    assert json.loads(entry[0][0]) == found[0]
    assert made(folder, 1) == listed[:1]
    hold_together(folder)
    assert tallies(folder)["replay", None, None, None] == 2


def test_the_record_says_what_was_asked_and_counted(folder: Path, other: Path) -> None:
    """Digest of the rules, span, counts, expectations, seed; of the sample only the size."""
    told = tried(folder, Asked(other, expect=("hits of bags >= 1",), since=5, seed=3))
    record = json.loads(made(folder, 1)[0]["record"])
    assert record["config"] == told["config"]
    assert record["since"] == "1970-01-01T00:00:00.000005Z"
    assert record["records"] == 81
    assert record["seed"] == "3"
    assert record["expectations"] == told["expectations"]
    assert record["sample"] == len(told["sample"])
    (item,) = record["items"]
    assert item == {name: told["items"][0][name] for name in item}
    assert item["hits"] > 0


@pytest.mark.parametrize("running", [False, True])
def test_a_run_whose_line_cannot_be_written_tells_nothing(
    folder: Path, other: Path, monkeypatch: pytest.MonkeyPatch, running: bool
) -> None:
    """In process or by the socket: the error comes in place of the result."""

    def full(*_: object) -> bool:
        raise OSError("no space left")

    monkeypatch.setitem(changes._CARRIED_OUT, changes.RunMade, full)
    before = leaves(folder)
    with ExitStack() as others:
        if running:
            others.enter_context(session.engine(folder))
        with pytest.raises(BadData, match="D011"):
            tried(folder, Asked(other))
        with pytest.raises(BadData, match="D011"):
            watched(folder, None)
    assert leaves(folder) == before


def test_beside_a_running_process_the_line_goes_by_its_socket(folder: Path, other: Path) -> None:
    """The one writer writes it; the run reads beside it."""
    with session.engine(folder) as engine:
        told = tried(folder, Asked(other))
        engine.submit([line(event("more", 5000))])
        assert told["items"][0]["hits"] > 0
        assert len(leaves(folder)) == 1
    assert auditing.check(str(folder / "ledger"), auditing.Trust())["ok"]


def test_a_run_does_not_activate_what_is_being_edited(folder: Path, other: Path) -> None:
    """Neither the tried rules nor the folder's own files take effect by a run."""
    (folder / "rules" / "bags.rule").write_text("rule bags\n")
    digests = rows(folder, "SELECT count(*) FROM journal WHERE type = '!config'")
    tried(folder, Asked(other))
    assert rows(folder, "SELECT count(*) FROM journal WHERE type = '!config'") == digests


# --- what is asked --------------------------------------------------------------------------------


def test_a_draft_is_tried_where_it_is_named(folder: Path, other: Path) -> None:
    """Named it watches, and everything else is as it is; unnamed it is only told of."""
    told = tried(folder, Asked(other))
    assert [each["name"] for each in told["items"]] == ["bags"]
    assert told["drafts"] == ["new"]
    named = tried(folder, Asked(other, names=("new",)))
    (item,) = named["items"]
    assert (item["name"], item["mode"]) == ("new", "watch")
    assert named["drafts"] == []
    assert item["hits"] == item["new"] == told["items"][0]["hits"]
    assert (other / "new.rule").read_text() == DRAFT


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_draft_is_found_however_its_file_is_written(
    folder: Path, other: Path, mark: str, ends: str
) -> None:
    """With a mark in front and other ends of lines; words in a comment or example are no mode."""
    text = f"# mode    live\n{DRAFT}"
    (other / "new.rule").write_bytes((mark + text.replace("\n", ends)).encode())
    assert tried(folder, Asked(other))["drafts"] == ["new"]
    (item,) = tried(folder, Asked(other, names=("new",)))["items"]
    assert (item["name"], item["mode"]) == ("new", "watch")
    assert item["hits"] > 0


def test_broken_rules_are_diagnosed_and_nothing_is_judged(folder: Path, other: Path) -> None:
    """All problems at once, with their places; no line in the log."""
    (other / "worse.rule").write_text("rule worse\n\x1b[2J for all of you\n")
    (other / "new.rule").write_text(DRAFT.replace("text contains", "author.agge <"))
    with pytest.raises(BadRules) as caught:
        tried(folder, Asked(other, names=("new",)))
    places = {each.file for each in caught.value.diagnostics}  # type: ignore[attr-defined]
    assert places == {"worse.rule", "new.rule"}
    assert leaves(folder) == []


@pytest.mark.parametrize(
    ("asked", "code", "hint"),
    [
        ({"names": ("bag",)}, "U062", 'Did you mean "bags"?'),
        ({"names": ("busy-room",)}, "U062", "There are: bags."),
        ({"expect": ("hits of busy-room = 0",)}, "U062", "Tried are: bags."),
        ({"expect": ("events = 0",) * 101}, "U067", "several runs"),
        ({"labels": Path("/nowhere")}, "U002", "Check the name"),
    ],
)
def test_what_is_asked_wrongly_is_told_before_anything_runs(
    folder: Path, other: Path, asked: dict[str, Any], code: str, hint: str
) -> None:
    """Three parts, and no line in the log."""
    with pytest.raises(BadUse) as caught:
        tried(folder, Asked(other, **asked))
    assert (caught.value.code, hint in caught.value.hint) == (code, True)
    assert leaves(folder) == []


def test_a_folder_without_rules_is_told(folder: Path, tmp_path: Path) -> None:
    """An empty folder is a slip, not a run that finds nothing."""
    with pytest.raises(BadUse, match="U065"):
        tried(folder, Asked(tmp_path))


def test_a_rule_that_does_not_watch_has_no_report(folder: Path) -> None:
    """Named all the same, the nearest that does is told."""
    with pytest.raises(BadUse) as caught:
        watched(folder, "bags")
    assert (caught.value.code, caught.value.hint) == ("U066", "There are: busy-room.")
    with pytest.raises(BadUse) as caught:
        watched(folder, "busyroom")
    assert caught.value.hint == 'Did you mean "busy-room"?'
    assert [each["name"] for each in watched(folder, "busy-room")["items"]] == ["busy-room"]


def test_where_no_community_is_nothing_is_made(tmp_path: Path, other: Path) -> None:
    """A run never begins a community."""
    with pytest.raises(BadData, match="D004"):
        tried(tmp_path / "none", Asked(other))
    with pytest.raises(BadData, match="D004"):
        watched(tmp_path / "none", None)
    assert not (tmp_path / "none").exists()


def test_texts_around_the_rules_are_the_nearest(folder: Path, tmp_path: Path) -> None:
    """Policies, lists and settings: those named, else those in the folder, else the community's."""
    place = tmp_path / "laid-out"
    (place / "rules").mkdir(parents=True)
    (place / "rules" / "bags.rule").write_text(RULES["bags.rule"])
    found = config.read_other(folder, place)
    own = config.read(folder)
    assert set(found.rules) == {"bags.rule"}
    assert (found.policies, found.lists, found.settings) == (
        own.policies,
        own.lists,
        own.settings,
    )
    assert own.settings.procedural_holds
    (place / "policies").mkdir()
    (place / "policies" / "a.md").write_text("a")
    (place / "ombud.toml").write_text('name = "trial"\n')
    found = config.read_other(folder, place)
    assert set(found.policies) == {"a.md"}
    assert (found.lists, found.settings.name) == (own.lists, "trial")
    named = tmp_path / "named"
    named.mkdir()
    (named / "b.md").write_text("b")
    (named / "c.txt").write_text("c")
    found = config.read_other(folder, place, named, named)
    assert (set(found.policies), set(found.lists)) == ({"b.md"}, {"c.txt"})


def test_lists_are_as_they_stand_now(folder: Path, other: Path, tmp_path: Path) -> None:
    """With what was added to them since, from the first record on; not where others are named."""
    (folder / "lists" / "offers.txt").write_text("nothing like it\n")
    name, text = rule(
        "listed",
        'text in list "offers"',
        'text in list "offers"  yes',
        'text in list "offers"  no',
    )
    (other / name).write_text(text)
    (folder / "rules" / name).write_text(text)

    def hits(**more: Any) -> int:
        found = tried(folder, Asked(other, names=("listed",), **more))
        return int(found["items"][0]["hits"])

    with session.engine(folder) as engine:
        assert hits() == 0
        engine.change_list("add", "offers", lists.line("offers", "cheap bags"))
        assert hits() == 0  # on watch
        engine.change_list("confirm", "offers", lists.line("offers", "cheap bags"), seen=0)
        added = hits()
        assert added > 0
    place = tmp_path / "lists"
    place.mkdir()
    (place / "offers.txt").write_text("nothing like it\n")
    assert hits(lists=place) == 0
    (place / "offers.txt").write_text("cheap bags\n")
    assert hits(lists=place) == added
    for given, note in ((None, runs.OWN_LISTS), (place, runs.OTHER_LISTS)):
        notes = tried(folder, Asked(other, lists=given))["notes"]
        assert [each for each in notes if each.startswith("Lists")] == [note]


def test_a_run_is_bounded(folder: Path) -> None:
    """What another process hands over as a run is held to its kinds and its size."""
    for kind, record in (("check", "{}"), ("rules", ""), ("", "{}")):
        with pytest.raises(BadUse, match="U069"):
            session.request(folder, "run", kind=kind, record=record)
    with pytest.raises(BadUse, match="U069"):
        session.request(folder, "run", kind="rules", record="x" * (changes.RUN_LENGTH_MAX + 1))
    assert leaves(folder) == []


def test_the_largest_book_of_rules_fits_its_record() -> None:
    """A thousand rules with long names and large counts are told within the bound."""
    rule = dict.fromkeys(runs._KEPT, 10**12) | {"name": "x" * 60, "version": "f" * 64}
    assert len(json.dumps([rule] * 1000)) < changes.RUN_LENGTH_MAX
