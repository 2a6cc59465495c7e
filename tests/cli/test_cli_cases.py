"""`ombud cases` at a terminal: what it says, what it refuses, in what words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flow.case_desk import DESK_RULES, bags, copies, shoes
from flow.small_community import line, prepare
from ombud import session
from ombud.cli import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with a hold, a question and a campaign."""
    prepare(tmp_path, DESK_RULES)
    with session.engine(tmp_path) as engine:
        posts = [bags(1), shoes(2, "bo", 1), *copies(21)]
        engine.submit([line(each) for each in posts])
    return tmp_path


def run(folder: Path, *words: str, code: int = 0) -> str:
    """What a command prints."""
    done = CliRunner().invoke(main, ["cases", *words, "--data", str(folder)])
    assert done.exit_code == code, done.output
    return done.output


def listed(folder: Path, reason: str) -> list[str]:
    """The cases of a reason, in order."""
    found: dict[str, Any] = json.loads(run(folder, "list", "--json"))
    return [each["id"] for each in found["items"] if each["reason"] == reason]


def test_ten_minutes_of_a_reviewer(folder: Path) -> None:
    """Look, take the next, read it, decide, think again, decide otherwise."""
    said = run(folder, "list")
    assert "somebody should look within" in said
    assert "open: review 3" in said
    taken = run(folder, "claim", "--by", "mia")
    case = taken.split()[0]
    assert f"{case} is yours until" in taken
    shown = run(folder, "show", case)
    assert "can be done:" in shown
    assert "mia has it" in run(folder, "list")
    run(folder, "decide", case, "release", "--by", "lou", code=2)
    released = listed(folder, "hold")[0]
    assert "Decided" in run(folder, "decide", released, "release", "--by", "mia")
    assert "as before" in run(folder, "undo", released, "--by", "mia")
    assert "Decided" in run(
        folder, "decide", released, "uphold", "--action", "remove", "--by", "mia", "--why", "Ads."
    )
    assert "upheld by mia" in run(folder, "show", released)


def test_two_people_over_a_campaign(folder: Path) -> None:
    """Proposed, shown as such, confirmed by another; what the first one says to them is kept."""
    campaign = listed(folder, "hold")[1]
    run(folder, "note", campaign, "watch the last one", "--by", "mia")
    words = ("decide", campaign, "uphold", "--action", "remove", "--all", "--by", "mia")
    assert "A second person has to confirm this" in run(folder, *words)
    shown = run(folder, "show", campaign)
    assert "proposed by mia" in shown
    assert "watch the last one" in shown
    assert "U234" in run(folder, "confirm", campaign, "--by", "mia", code=2)
    assert "42 decisions" in run(folder, "confirm", campaign, "--by", "lou")


def test_a_mistake_is_told_in_three_parts(folder: Path) -> None:
    """What is wrong, where, and what to do; exit code 2."""
    (asked,) = listed(folder, "no licence")
    for words, code in (
        (("show", "cas_none"), "U220"),
        (("decide", asked, "uphold"), "U233"),
        (("decide", asked, "uphold", "--action", "explode"), "U230"),
        (("undo", asked), "U235"),
        (("snooze", asked, "--until", "2020-01-01"), "U224"),
        (("snooze", asked, "--until", "tomorrow"), "U006"),
        (("note", asked, "x", "--for", "1000 days"), "U225"),
        (("merge", asked, asked), "U227"),
        (("split", asked, "--record", "1"), "U226"),
        (("list", "--after", "x"), "U236"),
    ):
        said = run(folder, *words, code=2)
        assert said.startswith(code), said
        assert len(said.strip().splitlines()) >= 2


def test_hostile_text_moves_no_terminal(folder: Path) -> None:
    """What somebody wrote is shown without anything a terminal would act on."""
    with session.engine(folder) as engine:
        made = shoes(77, "eve", 5)
        made["data"]["text"] = "cheap shoes \x1b[2J\u202e\u0301" + "\u0300" * 500
        made["data"]["author"]["name"] = "\u202eeve"
        engine.submit([line(made)])
    for case in listed(folder, "no licence"):
        said = run(folder, "show", case)
        assert "\x1b" not in said
        assert "\u202e" not in said
