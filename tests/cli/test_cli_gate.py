"""`ombud gate`: start, due, label, show, stop; errors, and hostile posts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from cli.command_line import HOSTILE, error_of, harmless, printed, run
from flow.certified_community import earned, grown, post
from flow.small_community import rows
from ombud.app import Engine
from ombud.clock import DAY


def at(clock: int) -> datetime:
    """An instant as the machine's clock has it."""
    return datetime.fromtimestamp(clock / 1_000_000, UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with hits of twenty days, the last of them hostile; not running."""
    place = tmp_path / "data"
    clock = grown(place, 5)
    with Engine(place, now=clock) as engine:
        engine.submit([post(90_000, clock.at, sells=True, said=f"{HOSTILE} cheap bags")])
    return place


@pytest.fixture(autouse=True)
def today(folder: Path) -> object:
    """The day on which the community's last post came."""
    recv = rows(folder, "SELECT max(recv) FROM journal")[0][0]
    with time_machine.travel(at(recv + DAY), tick=False):
        yield


def gate(folder: Path, *words: object) -> str:
    """One call, which must succeed; what it said."""
    done = run("gate", *words, "--data", folder)
    assert done.exit_code == 0, done.output
    assert harmless(done)
    return done.stdout


def test_from_start_to_stop(folder: Path) -> None:
    """Each command in turn, told in a line or two."""
    assert gate(folder, "show") == (
        "nothing is drawn, and no rule has a certificate\nlabels left this week: 50 of 50\n"
    )
    gate(folder, "start", "bags", "--labeller", "Ben", "--by", "Ana")
    shown = gate(folder, "show", "bags").splitlines()
    assert shown[0] == "bags (spam.links), to 95 %: labelling"
    assert shown[1] == "  0 of 0 labelled hits are right by one labeller"
    assert "more weeks if no further hit is wrong" in shown[2]
    due = gate(folder, "due", "--by", "Ben").splitlines()
    assert due[-1] == "50 to label; 50 more can be begun this week"
    item = due[0].split()[0]
    assert gate(folder, "label", item, "yes", "--by", "Ben") == f"{item}: yes\n"
    assert gate(folder, "due", "--by", "Ben").splitlines()[-1].startswith("49 to label; 49")
    assert "labelled no more" in gate(folder, "stop", "bags")
    assert gate(folder, "due", "--by", "Ben") == "0 to label; 49 more can be begun this week\n"
    assert gate(folder, "show").splitlines()[0].endswith("stopped")
    assert run("replay", "--check", "--data", folder).exit_code == 0


def test_json_says_the_same(folder: Path) -> None:
    """One object each."""
    data = ("--data", folder)
    assert printed("gate", "start", "bags", "--labeller", "Ben", *data) == {
        "rule": "bags",
        "by": "admin",
    }
    due = printed("gate", "due", "--by", "Ben", *data)
    assert (due["waiting"], len(due["items"])) == (50, 50)
    item = due["items"][0]["item"]
    answered = printed("gate", "label", item, "unclear", "--by", "Ben", *data)
    assert answered == {"item": item, "answer": "unclear"}
    assert printed("gate", "show", *data)["week"]["left"] == 49
    assert printed("gate", "stop", "bags", *data)["rule"] == "bags"


def test_a_certificate_is_shown_and_the_rule_told_to_act(folder: Path) -> None:
    """In `gate show` and in `rules list`."""
    recv = rows(folder, "SELECT max(recv) FROM journal")[0][0]
    from flow.certified_community import Clock

    clock = Clock(recv)
    before = next(
        r for r in printed("rules", "list", "--data", folder)["items"] if r["name"] == "bags"
    )
    assert before["acts"] == "asks a person (hold)"
    with Engine(folder, now=clock) as engine:
        earned(engine, clock)
    with time_machine.travel(at(clock.at), tick=False):
        shown = gate(folder, "show")
        assert "bags has 95 %, one labeller: in force" in shown
        assert "acted 0 times, 0 undone" in shown
        listed = printed("rules", "list", "--data", folder)["items"]
    assert next(rule for rule in listed if rule["name"] == "bags")["acts"] == "hold"
    with time_machine.travel(at(clock.at + 91 * DAY), tick=False):
        listed = printed("rules", "list", "--data", folder)["items"]
    assert next(r for r in listed if r["name"] == "bags")["acts"] == "asks a person (hold)"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("start", "bags"), "U183"),
        (("start", "none", "--labeller", "Ben"), "U080"),
        (("start", "bags", "--labeller", "Ben", "--level", "98"), "U184"),
        (("label", "itm_1", "yes", "--by", "Ben"), "U185"),
        (("stop", "bags"), "U186"),
        (("due", "--by", HOSTILE), "U085"),
    ],
)
def test_errors_have_three_parts(folder: Path, words: tuple[str, ...], code: str) -> None:
    """What, where, and what to do, without anything hostile in it."""
    shown = run("gate", *words, "--data", folder)
    assert shown.exit_code == 2
    assert harmless(shown)
    assert error_of(shown)[0].startswith(code)
    assert len(error_of(shown)) == 3


def test_hostile_posts_are_shown_harmlessly(folder: Path) -> None:
    """No text to be labelled moves the cursor; all items of the sample are looked at."""
    gate(folder, "start", "bags", "--labeller", "Ben")
    for week in range(5):
        recv = rows(folder, "SELECT max(recv) FROM journal")[0][0]
        with time_machine.travel(at(recv + (7 + week) * DAY), tick=False):
            run("clock", "confirm", "--data", folder)
            for each in printed("gate", "due", "--by", "Ben", "--data", folder)["items"][:25]:
                run("gate", "label", each["item"], "yes", "--by", "Ben", "--data", folder)
            if "evil" in gate(folder, "due", "--by", "Ben"):
                return
    seqs = rows(folder, "SELECT count(*) FROM journal WHERE type = '!label'")
    assert seqs[0][0] > 50
