"""`ombud decisions`: listed, shown with their reasons, undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine

from cli.command_line import HOSTILE, error_of, harmless, printed, run
from flow.small_community import NOW, RULES, event, hold_together, line, prepare, rows, rule
from ombud.app import Engine
from ombud.decisions import Decision

MINUTE = 60_000_000
SEEN = rule(
    "seen", 'author.name = "x"', 'author.name "x"', 'author.name "y"', clause="spam.repeats"
)
MADE = (  # who is told, what they said, in which minute it comes
    ({"id": "ana", "lang": "en"}, "cheap bags", 0),
    ({"id": "binh", "lang": "vi"}, "Cheap Bags!", 1),
    ({"id": "chi", "name": "X"}, "hello", 2),
)


def community(folder: Path) -> Path:
    """A folder with three decisions, a minute apart: two by `bags`, the last by `seen`."""
    prepare(folder, {"bags.rule": RULES["bags.rule"], SEEN[0]: SEEN[1]})
    clock = [NOW]
    with Engine(folder, now=lambda: clock[0]) as engine:
        for number, (author, text, minute) in enumerate(MADE):
            clock[0] = NOW + minute * MINUTE
            engine.submit([line(event(number, number, author=author, text=text))])
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the reading tests share."""
    return community(tmp_path_factory.mktemp("decided"))


def subjects(folder: Path, *options: object) -> list[str]:
    """The subjects of the decisions that a list shows, in its order."""
    found = printed("decisions", "list", "--data", folder, *options)
    assert set(found) == {"items"}
    return [each["subject"] for each in found["items"]]


def test_decisions_are_listed_newest_first(folder: Path) -> None:
    """Every decision is listed once, the newest at the top, whole as the design gives it."""
    assert subjects(folder) == ["post/e2", "post/e1", "post/e0"]
    for each in printed("decisions", "list", "--data", folder)["items"]:
        since = {"seq", "about", "ended", "undone_by", "receipt"}
        assert set(each) == set(Decision.__struct_fields__) | since


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--rule", "bags"], "10"),
        (["--rule", "nobody"], ""),
        (["--by-role", "rule"], "210"),
        (["--by-role", "admin"], ""),
        (["--since", "2026-03-02T12:01:00Z"], "21"),
        (["--since", "2026-03-02T19:02:00+07:00"], "2"),
        (["--since", "2026-03-03"], ""),
        (["--limit", "2"], "21"),
        (["--rule", "bags", "--limit", "1"], "1"),
    ],
)
def test_a_list_can_be_narrowed(folder: Path, options: list[str], numbers: str) -> None:
    """Rule, role, time and limit leave exactly the decisions they name."""
    assert subjects(folder, *options) == [f"post/e{each}" for each in numbers]


def test_a_list_for_people_says_who_what_and_whether_it_stands(folder: Path) -> None:
    """Two lines a decision: time, action, subject, rule and state, and below them its id."""
    shown = run("decisions", "list", "--data", folder)
    assert (shown.exit_code, shown.stderr) == (0, "")
    lines = shown.stdout.splitlines()
    assert lines[0].split() == ["2026-03-02T12:02:00", "hold", "post/e2", "seen", "in", "force"]
    ids = [each["id"] for each in printed("decisions", "list", "--data", folder)["items"]]
    assert [each.strip() for each in lines[1::2]] == ids


@pytest.mark.parametrize(("lang", "what"), [("en", "Your post waits"), ("vi", "Bài của bạn đang")])
def test_a_decision_is_shown_with_its_reasons(folder: Path, lang: str, what: str) -> None:
    """The statement comes in the language asked for; then receipt, what was asked, who was told."""
    made = printed("decisions", "list", "--rule", "bags", "--data", folder)["items"][0]
    shown = run("decisions", "show", made["id"], "--lang", lang, "--data", folder)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.startswith(what)
    assert "(spam.links)" in shown.stdout
    assert "“cheap bags”" in shown.stdout
    lines = shown.stdout.splitlines()
    assert f"receipt: leaf {made['receipt']['leaf']} of the public log" in lines
    assert [each for each in lines if each.startswith("asked: hold (")]
    assert [each for each in lines if each.startswith("told: decided (vi, ")]


def test_a_shown_decision_is_the_listed_one_with_more(folder: Path) -> None:
    """`show --json` is what `list --json` says, with the notices and what was asked."""
    for each in printed("decisions", "list", "--data", folder)["items"]:
        shown: dict[str, Any] = printed("decisions", "show", each["id"], "--data", folder)
        assert [set(notice) for notice in shown.pop("notices")] == [
            {"id", "reason", "lang", "state"}
        ]
        assert shown.pop("appeals") == []
        (asked,) = shown.pop("asked")
        assert (asked["action"], asked["inverse"]) == ("hold", False)
        assert shown.pop("campaign") is None
        assert shown == each


def test_an_unknown_decision_is_wrong_usage(folder: Path) -> None:
    """An id that nobody has ends with 2 and says where the ids are."""
    shown = run("decisions", "show", "dec_none", "--data", folder)
    assert shown.exit_code == 2
    assert error_of(shown) == [
        "U010  There is no decision dec_none.",
        "where: dec_none",
        "`ombud decisions list` shows them.",
    ]
    assert printed("decisions", "show", "dec_none", "--data", folder)["code"] == "U010"


@pytest.mark.parametrize("words", [["list"], ["show", "x"], ["undo", "x"]])
def test_without_a_community_there_are_no_decisions(words: list[str], tmp_path: Path) -> None:
    """A folder without a store is said so, ends with 1, and no store is made in passing."""
    shown = run("decisions", *words, "--data", tmp_path / "none")
    assert shown.exit_code == 1
    what, where, hint = error_of(shown)
    assert what.startswith("D004  There is no community in")
    assert where.startswith(f"where: {tmp_path / 'none'}")
    assert "ombud ingest" in hint
    assert not (tmp_path / "none").exists()


def test_undo_needs_to_be_told_what(folder: Path) -> None:
    """Nothing named undoes nothing: 2, with the ways to choose; an end alone is no choice."""
    for more in ([], ["--until", "2027-01-01"]):
        shown = run("decisions", "undo", *more, "--data", folder)
        assert shown.exit_code == 2
        assert error_of(shown)[0].startswith("U005")
    assert rows(folder, "SELECT count(*) FROM decision WHERE undone_by IS NOT NULL") == [(0,)]


Choice = Callable[[dict[str, str]], list[str]]


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [
        (lambda ids: [ids["post/e0"]], "0"),
        (lambda ids: [ids["post/e0"], ids["post/e2"]], "02"),
        (lambda _: ["--rule", "bags"], "01"),
        (lambda _: ["--by-role", "rule"], "012"),
        (lambda _: ["--since", "2026-03-02T12:01:00Z"], "12"),
        (lambda _: ["--rule", "bags", "--since", "2026-03-02T12:01:00Z"], "1"),
        (
            lambda _: ["--since", "2026-03-02T12:01:00Z", "--until", "2026-03-02T12:02:00Z"],
            "1",
        ),
    ],
)
def test_undo_undoes_exactly_what_is_chosen(choice: Choice, numbers: str, tmp_path: Path) -> None:
    """Ids, a rule, a role or a range of time are undone, told and logged, and nothing else is."""
    folder = community(tmp_path)
    ids = {
        each["subject"]: each["id"]
        for each in printed("decisions", "list", "--data", folder)["items"]
    }
    chosen = {ids[f"post/e{each}"] for each in numbers}
    with time_machine.travel((NOW + 10 * MINUTE) / 1e6, tick=False):  # the holds still stand
        found = printed("decisions", "undo", *choice(ids), "--data", folder)
        again = run("decisions", "undo", *choice(ids), "--data", folder)
    assert set(found["items"]) == chosen
    assert (again.exit_code, again.stdout) == (0, "0 undone\n")
    undone = {row[0] for row in rows(folder, "SELECT id FROM decision WHERE undone_by IS NOT NULL")}
    assert undone == chosen
    hold_together(folder)
    shown = run("decisions", "list", "--data", folder).stdout
    assert shown.count("  undone\n") == len(chosen)


def test_an_erased_decision_names_nobody(tmp_path: Path) -> None:
    """After erasure list and show say only what the public log says, in both forms."""
    folder = community(tmp_path)
    erased = run("erase", "ana", "--platform", "chat", "--data", folder)
    assert (erased.exit_code, erased.stdout) == (0, "1 records erased\n")
    found = printed("decisions", "list", "--data", folder)["items"][2]
    assert found["erased"] is True
    assert not {"subject", "reasons", "lang"} & set(found)
    assert "(erased)" in run("decisions", "list", "--data", folder).stdout
    shown = run("decisions", "show", found["id"], "--data", folder)
    assert shown.exit_code == 0
    assert "This record was erased." in shown.stdout
    assert "ana" not in shown.stdout


def test_hostile_words_of_a_post_are_shown_harmlessly(tmp_path: Path) -> None:
    """A statement quotes the words that matched without what could move a terminal."""
    pattern = 'text matches "cheap.*bags"'
    made = rule("hostile", pattern, 'text "cheap bags"', 'text "dear"')
    folder = prepare(tmp_path, {made[0]: made[1]})
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(1, text=f"cheap {HOSTILE.replace(chr(13), '')} bags"))])
    (found,) = printed("decisions", "list", "--data", folder)["items"]
    for words in (["list"], ["show", found["id"]], ["show", found["id"], "--lang", "vi"]):
        shown = run("decisions", *words, "--data", folder)
        assert harmless(shown)
    assert "cheap" in shown.stdout
