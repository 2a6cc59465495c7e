"""Promise 11: trying rules on the past cannot list people, and leaves a mark each time.

The command is run as an operator runs it, in every form, and its whole output is searched for
whatever could lead to a person.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from cli.command_line import printed, run
from flow.serving_process import Serving
from flow.small_community import (
    NOW,
    RULES,
    agrees_with_replay,
    change,
    event,
    hold_together,
    line,
    prepare,
    rows,
    rule,
    tallies,
)
from ombud import auditing
from ombud.app import KEY_FILE, Engine
from ombud.replay.sample import PEOPLE_MIN, SAMPLE_MAX

PEOPLE = 60
WATCHED = "watched-all"


def said(number: int) -> dict[str, Any]:
    """A post whose every word about a person can be recognised."""
    who = {"id": f"accountof{number}", "name": f"Nameof{number}", "lang": "en"}
    text = f"wordsof{number} cheap bags at http://linkof{number}.example/x"
    posted = event(f"vent-{number}", number * 1000, author=who, text=text)
    posted["subject"] = f"post/subjectof{number}"
    posted["data"]["room"] = {"id": f"roomof{number}"}
    return posted


def anybody(name: str, mode: str) -> dict[str, str]:
    """A rule that hits everybody."""
    made = rule(
        name,
        "text.length > 3\n  author.accepted posts >= 0",
        'text "hello"\n  author.accepted posts  0',
        'text "hi"\n  author.accepted posts  0',
    )
    return {made[0]: made[1].replace("mode    live", f"mode    {mode}")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty people who posted once each, under a rule that watches all of them."""
    book = {"bags.rule": RULES["bags.rule"], **anybody(WATCHED, "watch")}
    found = prepare(tmp_path_factory.mktemp("people"), book)
    with Engine(found, now=lambda: NOW) as engine:
        engine.submit([line(said(number)) for number in range(PEOPLE)])
    return found


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a rule that hits everybody anew."""
    place = tmp_path_factory.mktemp("other")
    for name, text in anybody("everybody", "live").items():
        (place / name).write_text(text)
    return place


def labels(place: Path) -> Path:
    """Labels that name every event by its id."""
    file = place / "labels.ndjson"
    told = [
        {"source": "chat/hall", "id": f"event-{n}", "clause": "spam.links", "breaks": n % 2 == 0}
        for n in range(PEOPLE)
    ]
    file.write_text("\n".join(map(json.dumps, told)))
    return file


def secrets_of(folder: Path) -> set[str]:
    """Everything that could lead to a person: accounts, names, ids, words, tokens, keys, seqs'
    digests.
    """
    found: set[str] = set()
    for row in chain(
        rows(folder, "SELECT author, hex(identity), hex(content), hex(verdict) FROM journal"),
        rows(folder, "SELECT id, hex(subject) FROM decision"),
        rows(folder, "SELECT id, hex(token) FROM statement"),
        rows(folder, "SELECT id FROM review_case"),
        rows(folder, "SELECT id FROM outbox"),
    ):
        found |= {str(each).lower() for each in row if each}
    return {each for each in found if len(each) > 5}


PERSONAL = re.compile(r"(accountof|nameof|wordsof|linkof|subjectof|roomof|event-|vent-)\d", re.I)


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("words", [("replay",), ("rules", "watch"), ("ledger", "runs")])
def test_no_output_leads_to_a_person(
    folder: Path, other: Path, tmp_path: Path, words: tuple[str, ...], as_json: bool
) -> None:
    """No account, name, id, text, link, room, token or digest, in words or as JSON."""
    more: list[object] = ["--rules", other, "--labels", labels(tmp_path)]
    if words == ("rules", "watch"):
        more = ["--labels", labels(tmp_path)]
    if words == ("ledger", "runs"):
        run("replay", "--rules", other, "--data", folder)
        more = []
    shown = run(*words, *more, "--data", folder, *(["--json"] if as_json else []))
    assert shown.exit_code == 0
    text = shown.output.lower()
    assert "runs" in words or text.count("person-") >= SAMPLE_MAX
    assert not PERSONAL.search(text)
    assert not [each for each in secrets_of(folder) if each in text]
    keys = rows(folder, "SELECT 1")  # the store is there
    assert keys


def test_a_sample_is_capped_and_its_names_are_of_one_run(folder: Path, other: Path) -> None:
    """At most twenty of sixty; the same seed draws the same cases under other names."""
    for words in (("replay", "--rules", other), ("rules", "watch")):
        first, second = (printed(*words, "--seed", 5, "--data", folder)["sample"] for _ in range(2))
        assert len(first) == len(second) == SAMPLE_MAX
        names = [{each["person"] for each in sample} for sample in (first, second)]
        assert len(names[0]) == len(names[1]) == SAMPLE_MAX
        assert not names[0] & names[1]
        for each in first:
            assert set(each) == {"person", "rule", "change", "kind", "facts"}


def test_a_narrow_rule_shows_nobody(folder: Path, tmp_path: Path) -> None:
    """A list of fewer than five people is refused, and of a rule that hits so few nothing is told:
    no case, no count, whether somebody was hit or not.
    """
    for count in (1, PEOPLE_MIN - 1, PEOPLE_MIN):
        lists = tmp_path / f"lists{count}"
        place = tmp_path / f"rules{count}"
        lists.mkdir()
        place.mkdir()
        (lists / "some.txt").write_text("".join(f"accountof{n}\n" for n in range(count)))
        name, text = rule(
            "narrow",
            'text.length > 3\n  author in list "some"',
            'text "hello"\n  author in list "some"  yes',
            'text "hi"\n  author in list "some"  yes',
        )
        (place / name).write_text(text)
        words = ("replay", "--rules", place, "--lists", lists, "--data", folder)
        if count < PEOPLE_MIN:
            refused = run(*words)
            assert (refused.exit_code, refused.stdout) == (2, "")
            assert 'U110  The list "some" names' in refused.stderr
            continue
        found = printed(*words)
        assert found["items"][0]["people"] == count
        assert len(found["sample"]) == count
        for each in found["sample"]:  # the list's condition, which names people, is not shown
            assert [fact["condition"] for fact in each["facts"]] == ["text.length > 3"]


def test_a_book_of_narrow_rules_lists_nobody(folder: Path, tmp_path: Path) -> None:
    """Who wrote what, asked by hundreds of rules in one run: lists filled up with people who do not
    exist, words and numbers that fit one, labels of one event, expectations. Whoever is asked
    about, every answer is the same.
    """
    lists, place = tmp_path / "lists", tmp_path / "rules"
    lists.mkdir()
    place.mkdir()
    for who in range(20):
        (lists / f"only{who}.txt").write_text(f"accountof{who}\nno1\nno2\nno3\nno4\n")
        for word in range(8):
            name, text = rule(
                f"did{who}-write{word}",
                f'text contains "wordsof{word}"\n  author in list "only{who}"',
                f'text "wordsof{word}"\n  author in list "only{who}"  yes',
                f'text "hi"\n  author in list "only{who}"  yes',
            )
            (place / name).write_text(text)
    one = tmp_path / "one.ndjson"
    label = {"source": "chat/hall", "id": "event-3", "clause": "spam.links", "breaks": True}
    one.write_text(json.dumps(label))
    asked: list[object] = []
    for measure in ("hits", "people", "new hits", "established people", "precision"):
        for who in range(5):
            asked += ["--expect", f"{measure} of did{who}-write3 <= 0"]
    words = ("replay", "--rules", place, "--lists", lists, "--labels", one, *asked)
    shown = run(*words, "--data", folder, "--json")
    assert shown.exit_code == 1
    found = json.loads(shown.stdout)
    told = [
        {key: each[key] for key in each if key not in ("name", "version")}
        for each in found["items"]
    ]
    assert len(told) == 160
    assert all(each == told[0] for each in told)
    assert told[0]["few"]
    assert {told[0][name] for name in ("hits", "new", "gone", "alone", "people", "members")} == {
        None
    }
    assert {each["met"] for each in found["expectations"]} == {False}
    assert {each["found"] for each in found["expectations"]} == {None}
    totals = found["totals"]
    assert (totals["by_action"], totals["by_clause"]) == ({}, {})
    assert {value for name, value in totals.items() if not name.startswith("by_")} == {None}
    assert found["sample"] == []


def test_every_run_adds_one_line_and_the_log_verifies(folder: Path, other: Path) -> None:
    """Each of several runs of both kinds; reading the list of runs adds none, nor does a check."""
    before = tallies(folder)["replay", None, None, None]
    size = printed("ledger", "head", "--data", folder)["size"]
    for count, words in enumerate(
        (("replay", "--rules", other), ("rules", "watch"), ("replay", "--rules", other)), start=1
    ):
        leaf = printed(*words, "--data", folder)["run"]["leaf"]
        assert leaf == size + count - 1
        assert tallies(folder)["replay", None, None, None] == before + count
    printed("ledger", "runs", "--data", folder)
    assert printed("replay", "--check", "--data", folder)["different"] == 0
    assert tallies(folder)["replay", None, None, None] == before + 3
    hold_together(folder)
    with Engine(folder, now=lambda: NOW) as engine:
        agrees_with_replay(engine)


def test_a_killed_run_leaves_everything_as_it_was(folder: Path, other: Path) -> None:
    """Killed at any moment, a run has printed nothing without its line, and the store is whole."""
    command = [sys.executable, "-c", "from ombud.cli import main; main()"]
    command += ["replay", "--rules", str(other), "--data", str(folder), "--json"]
    for wait in (0.2, 0.5, 0.8, 1.1, 1.4):
        before = tallies(folder)["replay", None, None, None]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            time.sleep(wait)
            os.kill(process.pid, signal.SIGKILL)
            told, _ = process.communicate()
        with Engine(folder, now=lambda: NOW) as engine:
            agrees_with_replay(engine)
        assert auditing.check(str(folder / "ledger"), auditing.Trust())["ok"]
        after = tallies(folder)["replay", None, None, None]
        assert after - before == 1 if told else after - before in (0, 1)
        hold_together(folder)


def test_beside_a_server_a_run_takes_nothing_from_it(
    folder: Path, other: Path, tmp_path: Path
) -> None:
    """The server goes on, writes the run's line, and ends well; the run reads beside it."""
    serving = Serving(folder, tmp_path)
    serving.start()
    try:
        for words in (("replay", "--rules", other), ("rules", "watch")):
            place = printed(*words, "--data", folder)["run"]["leaf"]
            (entry,) = rows(folder, "SELECT entry FROM leaf WHERE position = ?", place)
            assert json.loads(entry[0])["type"] == "replay"
    finally:
        assert serving.stop() == 0, serving.told()
    assert auditing.check(str(folder / "ledger"), auditing.Trust())["ok"]
    hold_together(folder)


def test_bodies_whose_keys_are_gone_are_left_out(tmp_path: Path, other: Path) -> None:
    """They are counted and not judged; the run ends well."""
    found = prepare(tmp_path, {"bags.rule": RULES["bags.rule"]})
    with Engine(found, now=lambda: NOW) as engine:
        engine.submit([line(said(number)) for number in range(PEOPLE)])
    change(found, "DELETE FROM body_key WHERE seq % 3 = 0", file=KEY_FILE)
    told = printed("replay", "--rules", other, "--data", found)
    assert told["judged"] + told["without_body"] == PEOPLE
    assert told["without_body"] == 20
