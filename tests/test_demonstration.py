"""The demonstration: in its own folder only, always the same, counted honestly, watched live."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import hold_together, rows
from ombud import demonstration, simulate
from ombud.app import Engine
from ombud.doors import Doors
from ombud.errors import BadData, BadEvent, BadUse
from ombud.simulate import adaptive, campaigns, tally, twins
from ombud.transaction import Answer

EVENTS = 400


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """One run: its folder, and what it told."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    return folder, demonstration.run(folder, EVENTS, 1)


def late(folder: Path) -> set[str]:
    """The decisions about posts that had been let through, as of one campaign with a later one."""
    return {row[0] for row in rows(folder, "SELECT id FROM decision WHERE about != seq")}


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
    every = EVENTS + found["adaptive"]["posts"]  # it never came to warming up an account
    assert (found["accepted"], found["duplicate"]) == (every, 0)
    assert (found["conflict"], found["rejected"], found["errors"]) == (0, 0, [])
    assert sum(found["by_action"].values()) == found["harmful"] + found["benign"] == every
    done = sum(count for action, count in found["by_action"].items() if action != "allow")
    rooms = sum(each["subject"].startswith("room/") for each in found["decisions"])
    assert len(found["decisions"]) - rooms - len(late(folder)) == done
    assert done > rooms > 0  # a raided room beside its joins
    assert late(folder)
    assert found["ledger"]["size"] == found["ledger"]["published"] >= done
    assert 0 < found["caught"] < found["harmful"]  # no run hides what was missed
    assert 0 <= found["touched"] <= found["benign"]
    hold_together(folder)


def test_truth_is_held_against_the_decisions(made: tuple[Path, dict[str, Any]]) -> None:
    """Caught and wrongly touched are the events with a decided subject, in whole and by kind."""
    found = made[1]
    happened = list(simulate.generate(1, EVENTS, demonstration.START))
    decided = {each["subject"] for each in found["decisions"]}
    spam = found["adaptive"]
    harmful = [each for each in happened if each.truth != "benign"]
    touched = [
        each for each in happened if each.truth == "benign" and each.event["subject"] in decided
    ]
    caught = [each for each in harmful if each.event["subject"] in decided]
    spammed = {f"post/sim-1-{EVENTS + number:06d}" for number in range(1, spam["posts"] + 1)}
    assert found["harmful"] == len(harmful) + spam["posts"]
    assert found["caught"] == len(caught) + len(spammed & decided)
    assert found["touched"] == len(touched)
    for kind, row in found["campaigns"].items():
        if kind != adaptive.CAMPAIGN:
            assert row["events"] == sum(each.campaign == kind for each in harmful)
            assert row["caught"] == sum(each.campaign == kind for each in caught)
    for kind, counts in found["twins"].items():
        assert counts["events"] == sum(each.campaign == kind for each in happened)
        assert counts["touched"] == sum(each.campaign == kind for each in touched)
    assert found["campaigns"][adaptive.CAMPAIGN]["caught"] == len(spammed & decided)


def test_each_campaign_says_when_it_was_noticed(made: tuple[Path, dict[str, Any]]) -> None:
    """A campaign of which anything was caught has a time to detection, every other one has none."""
    kinds = made[1]["campaigns"]
    assert set(kinds) == {*campaigns.CAMPAIGNS, adaptive.CAMPAIGN}
    assert set(made[1]["twins"]) == set(twins.TWINS)
    for row in kinds.values():
        times = [row["first_caught_after_events"], row["first_caught_after_seconds"]]
        assert (None in times) == (row["caught"] == 0)
        assert row["runs_caught"] <= row["runs"] <= row["events"]
    raid, burst = kinds["join-raid"], kinds["newcomer-flood"]
    assert raid["first_caught_after_events"] == 10  # more than ten that look alike
    assert burst["first_caught_after_events"] == 10  # more than ten


def test_the_allowed_bot_is_left_alone(made: tuple[Path, dict[str, Any]]) -> None:
    """The bot stands in the demonstration's list of helpers, so its links wait for nobody."""
    assert made[1]["twins"]["timetable"] == {"events": twins.TIMETABLES, "touched": 0}


def test_the_spammer_learns_and_gets_through(made: tuple[Path, dict[str, Any]]) -> None:
    """Its first posts are caught; what it changes after a notice lets more through, and is told."""
    found = made[1]["adaptive"]
    assert found["finished"]
    assert found["before"]["caught"] == found["before"]["posts"] == 1
    assert found["after"]["caught"] / found["after"]["posts"] < 0.5
    assert found["stages"][0]["changed"] == {}
    assert all(each["changed"] for each in found["stages"][1:])
    assert len(found["stages"]) > 2
    assert sum(each["posts"] for each in found["stages"]) == found["posts"]
    caught = sum(each["caught"] for each in found["stages"])
    assert found["through"] == found["posts"] - caught
    assert caught == made[1]["campaigns"][adaptive.CAMPAIGN]["caught"]


def test_the_spammer_goes_by_the_words_of_its_notices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who understands no word of the notices changes nothing, is caught each time, and gives up."""
    monkeypatch.setattr(adaptive, "CUES", {})
    found = demonstration.run(tmp_path / "data", 200, 1)["adaptive"]
    assert found["posts"] == adaptive.IN_VAIN
    assert found["through"] == 0
    assert len(found["stages"]) == 1


def test_every_statement_about_spam_says_what_to_change(
    made: tuple[Path, dict[str, Any]],
) -> None:
    """In both languages the reasons of a hold name something that a reader can change."""
    told = [
        (each["lang"], "\n".join(each["statement"]))
        for each in made[1]["decisions"]
        if any("(spam." in line for line in each["statement"])
    ]
    assert {lang for lang, _ in told} == {"en", "vi"}
    for _, statement in told:
        assert adaptive.changed(adaptive.Way(), adaptive.lessons(statement)) != adaptive.Way()


def test_decisions_are_told_in_order_and_in_their_language(
    made: tuple[Path, dict[str, Any]],
) -> None:
    """Statements come in the order of the events, those of a campaign's members when it is
    complete, each in its person's language.
    """
    folder, found = made
    happened = [each.event["subject"] for each in simulate.generate(1, EVENTS, demonstration.START)]
    at_once = [each for each in found["decisions"] if each["id"] not in late(folder)]
    subjects = [each["subject"] for each in at_once]
    order = [happened.index(each) for each in subjects if each in happened]
    assert len(order) > 10
    assert order == sorted(order)
    assert {each["lang"] for each in found["decisions"]} == {"en", "vi"}
    for each in found["decisions"]:
        appeal = {"en": "you can appeal until", "vi": "bạn có thể khiếu nại đến"}[each["lang"]]
        assert appeal in each["statement"][-1]


# --- step by step ---------------------------------------------------------------------------------


class Lenient:
    """An engine that allows everything but refuses the lines it is told to."""

    folder = Path("nowhere")

    def __init__(self, *refused: int) -> None:
        self.lines = 0
        self.most = 0
        self.refused = refused

    def submit(self, lines: Sequence[bytes], timeline: str = "") -> list[Answer | BadEvent]:
        """Allow each line."""
        assert timeline == ""
        answers: list[Answer | BadEvent] = []
        for _ in lines:
            self.lines += 1
            refused = self.lines in self.refused
            answers.append(BadEvent("E010") if refused else Answer("accepted", self.lines))
        self.most = max(self.most, len(lines))
        return answers


def watched(folder: Path, events: int, most: int) -> list[dict[str, Any]]:
    """The states before and after each step of a run."""
    demonstration.prepare(folder)
    with Engine(folder) as running:
        doors = Doors(running, "http://127.0.0.1:8000")
        community = demonstration.Demonstration(running, events, 1, doors.link)
        states = [community.state()]
        while community.step(most):
            states.append(community.state())
        doors.close()
    return states


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The states of one run, step by step."""
    return watched(tmp_path_factory.mktemp("live") / "data", EVENTS, 37)


def test_steps_come_to_the_same_as_one_run(
    states: list[dict[str, Any]], made: tuple[Path, dict[str, Any]]
) -> None:
    """However a run is cut into steps, the end is what `run` tells."""
    totals, found = states[-1]["totals"], made[1]
    assert totals["events"] == found["accepted"]
    assert totals["decisions"] == len(found["decisions"])
    assert totals["held"] == found["by_action"]["hold"] + len(late(made[0]))
    for name in ("caught", "harmful", "touched", "benign"):
        assert totals[name] == found[name]
    for name in ("campaigns", "twins", "adaptive"):
        assert states[-1][name] == found[name]


def test_a_state_is_plain_json_from_the_start(states: list[dict[str, Any]]) -> None:
    """Before the first step all is zero; every state survives a trip through JSON."""
    assert set(states[0]["totals"].values()) == {0}
    assert (states[0]["recent"], states[0]["hours"], states[0]["done"]) == ([], [], False)
    for each in states:
        assert json.loads(json.dumps(each)) == each
    assert states[-1]["done"]


def test_states_grow_step_by_step(states: list[dict[str, Any]]) -> None:
    """No step lets more happen than asked, no count falls, and time never goes back."""
    for before, after in itertools.pairwise(states):
        happened = after["totals"]["events"] - before["totals"]["events"]
        assert 0 < happened <= 37
        assert all(before["totals"][name] <= count for name, count in after["totals"].items())
        assert before["time"] <= after["time"]


def test_hours_add_up_to_the_totals(states: list[dict[str, Any]]) -> None:
    """What the chart shows is what happened, hour by hour of two days."""
    hours, totals = states[-1]["hours"], states[-1]["totals"]
    assert 40 < len(hours) <= tally.HOURS
    for name in ("events", "harmful", "caught", "touched"):
        assert sum(each[name] for each in hours) == totals[name]


def test_what_is_kept_of_events_is_bounded(states: list[dict[str, Any]]) -> None:
    """The newest fifty events, newest first, as the event and the answer had them."""
    recent = states[-1]["recent"]
    assert len(recent) == demonstration.RECENT
    assert max(len(each["recent"]) for each in states) == demonstration.RECENT
    times = [each["time"] for each in recent]
    assert times == sorted(times, reverse=True)
    happened = {
        each.event["time"]: each for each in simulate.generate(1, EVENTS, demonstration.START)
    }
    for each in recent:
        known = happened.get(each["time"])
        if known is not None and known.campaign == each["campaign"]:
            assert each["text"] == known.event["data"].get("text")
            assert each["truth"] == known.truth
            assert each["author"] == known.event["data"]["author"]["name"]


def test_a_decision_comes_with_the_page_of_its_statement(
    states: list[dict[str, Any]], made: tuple[Path, dict[str, Any]]
) -> None:
    """What was held has a decision and the address of its person's page; what was allowed has
    neither.
    """
    seen = {each["time"]: each for state in states for each in state["recent"]}
    held = [each for each in seen.values() if each["action"] != "allow"]
    assert len(held) == states[-1]["totals"]["held"] - len(late(made[0])) > 10
    assert all(each["decision"].startswith("dec_") for each in held)
    assert len({each["decision"] for each in held}) == len(held)
    assert all("/notice/" in each["link"] for each in held)
    readers = {(each["link"], each["author"]) for each in held}
    assert len(readers) == len({each["link"] for each in held}) > 10  # a page is one person's
    for each in seen.values():
        if each["action"] == "allow":
            assert (each["decision"], each["link"]) == (None, None)


def test_where_nothing_is_done_nothing_is_caught() -> None:
    """An engine that allows everything catches nobody, touches nobody and teaches nobody."""
    lenient = Lenient()
    community = demonstration.Demonstration(lenient, 400, 1)
    while community.step(100):
        pass
    found = community.found()
    assert (found["caught"], found["touched"]) == (0, 0)
    assert {row["first_caught_after_seconds"] for row in found["campaigns"].values()} == {None}
    assert found["adaptive"]["through"] == found["adaptive"]["posts"] == adaptive.POSTS
    assert found["adaptive"]["after"] == {"posts": 0, "caught": 0}
    assert lenient.lines == 400 + adaptive.POSTS
    assert lenient.most <= 100
    assert not community.step()


def test_what_the_engine_refuses_is_told_and_not_counted() -> None:
    """A refused event stands in the summary and in no count against the truth."""
    community = demonstration.Demonstration(Lenient(2, 5), 50, 1)
    while community.step(10):
        pass
    counts = community.found()
    every = 50 + adaptive.POSTS
    assert (community.summary.accepted, community.summary.rejected) == (every - 2, 2)
    assert counts["harmful"] + counts["benign"] == every - 2


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
