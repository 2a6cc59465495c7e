"""Published fact-checks through the whole flow: a case for a person, and nothing else."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flow.claims_community import CLAIMS_FILE, CONTEXT_RULES, MADE, RULE, showing, sources
from flow.small_community import NOW, event, line, prepare, rows
from ombud.activation import compiling
from ombud.activation.active import Proposal
from ombud.app import Engine
from ombud.config import STORE_FILE
from ombud.doors import Doors
from ombud.errors import BadRules
from ombud.gate import Answer, Kind, Licence
from ombud.reading import Reader
from ombud.signals.factchecks.claim import write_lines
from ombud.verdicts.campaigns import Found, Occasion
from ombud.verdicts.choices import choose
from signals.factchecks.checks_made import FISH, TRAIN

POSTS = [
    event(1, 0, text=f"{TRAIN}. I was told so."),
    event(2, 10, text=f"{FISH} is a hoax, do not try it"),
    event(3, 20, text="the tunnel was closed again this morning"),
    event(4, 30, text=f"{TRAIN}? No: https://checks.example/claims/0"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community to which all posts have come."""
    made = showing(tmp_path / "folder")
    told(made, POSTS)
    return made


def told(folder: Path, posts: list[dict[str, Any]]) -> list[Any]:
    """What a community answers to posts."""
    with Engine(folder, now=lambda: NOW) as engine:
        return engine.submit([line(each) for each in posts])


def waiting(folder: Path) -> list[dict[str, Any]]:
    """The cases that propose context, as the console will get them."""
    with closing(Reader(folder)) as reader:
        return reader.contexts(100)


def test_a_match_opens_a_case_with_all_that_a_person_needs(folder: Path) -> None:
    """The claim, whose rating, where, when, how like, and the label in both languages."""
    (case,) = waiting(folder)
    assert (case["record"], case["rule"], case["clause"], case["queue"]) == (
        *(2, "show-fact-checks", "context.sources", "sources"),
    )
    (proposed,) = case["proposed"]
    assert (proposed["claim"].claim, proposed["claim"].publisher) == (TRAIN, "Example Checks")
    assert proposed["sure"]
    assert proposed["label"] == {
        "en": f"About this claim: Fact-check by Example Checks, 2026-05-04. The claim: “{TRAIN}”"
        " Their rating: “False”. https://checks.example/claims/0",
        "vi": f"About this claim: Kiểm chứng của Example Checks, 2026-05-04. Tuyên bố: “{TRAIN}”"
        " Đánh giá của họ: “False”. https://checks.example/claims/0",
    }


def test_texts_nearly_the_same_are_one_case_with_their_cluster(tmp_path: Path) -> None:
    """Where the rule asks about repeats; else no cluster is told."""
    repeats = "\n  author.accepted posts < 5\n  text.repeats in last 1 day >= 1"
    asking = RULE.replace("claims.match\n\nthen", f"claims.match{repeats}\n\nthen").replace(
        "claims.match  yes",
        "claims.match  yes\n  author.accepted posts  0\n  text.repeats in last 1 day  1",
    )
    made = showing(tmp_path / "asking")
    (made / "rules" / "show-fact-checks.rule").write_text(asking, encoding="utf-8")
    same = f"{TRAIN}. I was told so by somebody who works there"
    told(made, [event(n, n, text=text) for n, text in enumerate((same, f"{same} today", FISH), 1)])
    found = {case["record"]: (case["cluster"], case["cluster_cases"]) for case in waiting(made)}
    assert found == {2: (2, 1), 4: (4, 1)}
    assert {case["cluster"] for case in waiting(showing_plain(tmp_path))} == {None}


def showing_plain(tmp_path: Path) -> Path:
    """A community whose rule does not ask about repeats."""
    made = showing(tmp_path / "plain")
    told(made, POSTS)
    return made


def test_nothing_is_attached_without_a_person(folder: Path) -> None:
    """No decision, no action, no notice, no statement, no line of the log but the start's; the
    author's post counts as accepted, and the answer is "allow".
    """
    assert rows(folder, "SELECT reason, decision FROM review_case") == [("people only", None)]
    for counted in (
        *("SELECT count(*) FROM decision", "SELECT count(*) FROM outbox"),
        *("SELECT count(*) FROM notice", "SELECT count(*) FROM statement"),
    ):
        assert rows(folder, counted) == [(0,)]
    assert rows(folder, "SELECT accepted FROM history") == [(4,)]
    again = told(folder, [POSTS[0]])
    assert [(each.status, each.action) for each in again] == [("duplicate", "allow")]


def test_the_gate_refuses_what_the_compiler_did_not() -> None:
    """Another program's compiler may let a rule hold by a fact-check; the gate asks a person."""
    active = compiling.from_sources(sources(CONTEXT_RULES, {"a.jsonl": CLAIMS_FILE}))
    licence = Licence("procedural:x", Kind.PROCEDURAL, "context.sources")
    for action in ("hold", "warn", "label", "slow", "remove", "suspend"):
        forged = Proposal(0, action, "this", "context.sources", None, False, None, "x")
        wrong = replace(active, proposals=((forged,),), licences=(licence,))
        now = Occasion("", "chat", NOW, NOW, 1, NOW, None, None)
        choice = choose(wrong, (0,), now, {}, lambda _: Found())
        assert choice.chosen == ()
        assert [each.reason for each in choice.asked] == [Answer.NEVER.value]


def test_replay_judges_by_the_claims_of_then(folder: Path) -> None:
    """After other claims are in force, and after the files are gone, the past is the same."""
    (folder / "claims" / "made.jsonl").write_bytes(write_lines(MADE[1:]))
    with Engine(folder, now=lambda: NOW + 1_000_000) as engine:
        engine.submit([line(event(5, 40, text=TRAIN)), line(event(6, 50, text=FISH))])
    shutil.rmtree(folder / "claims")
    with closing(Reader(folder)) as reader:
        outcome = reader.replay_check()
    assert (outcome.different, outcome.from_facts, outcome.not_recomputable) == (0, 0, 0)
    assert outcome.same == outcome.checked
    claims = [case["proposed"][0]["claim"].claim for case in waiting(folder)]
    assert sorted(claims) == sorted([TRAIN, FISH])


def test_importing_takes_effect_with_a_reload_alone(folder: Path) -> None:
    """A file that lies there is not in force before somebody activates it; then it is recorded."""
    with Engine(folder, now=lambda: NOW + 1_000_000) as engine:
        (folder / "claims" / "made.jsonl").write_bytes(write_lines(MADE[1:]))
        engine.submit([line(event(7, 60, text=TRAIN))])
        assert engine.reload() is True
        engine.submit([line(event(8, 70, text=TRAIN))])
        assert engine.reload() is False
    assert [case["record"] for case in waiting(folder)] == [6, 2]


def test_who_is_erased_is_erased_from_the_case(folder: Path) -> None:
    """The case stays, so that nothing vanishes unseen, and says nothing of the post any more."""
    with Engine(folder, now=lambda: NOW + 1_000_000) as engine:
        engine.erase("chat", "ana")
    (case,) = waiting(folder)
    assert (case["gone"], case["proposed"], case["subject"]) == (True, [], None)


def test_without_claims_the_rule_is_unknown_and_counted(tmp_path: Path) -> None:
    """A rule that asks before anything was imported says so by every post."""
    answers = told(showing(tmp_path / "folder", claims=None), POSTS[:1])
    assert answers[0].unknown == ("show-fact-checks",)
    assert answers[0].fired == ()


def test_a_rule_that_holds_by_a_fact_check_stops_the_start(tmp_path: Path) -> None:
    """Refused with its place; nothing is begun."""
    folder = showing(tmp_path / "folder")
    wrong = RULE.replace(
        'context this for review in queue "sources" "About this claim:"', "hold this"
    )
    (folder / "rules" / "show-fact-checks.rule").write_text(wrong, encoding="utf-8")
    with pytest.raises(BadRules) as caught:
        Engine(folder, now=lambda: NOW)
    found: Any = caught.value
    assert [(each.code, each.line) for each in found.diagnostics] == [("R097", 12)]
    assert not (folder / STORE_FILE).exists()


def test_whose_fact_checks_may_be_shown_is_told_in_public(folder: Path, tmp_path: Path) -> None:
    """The sites of the claims that are in force, and none where no rule asks."""
    with Engine(folder, now=lambda: NOW) as engine, closing(Doors(engine, "http://x")) as doors:
        assert doors.publishers() == ("checks.example",)
    other = tmp_path / "other"
    prepare(other, {})
    with Engine(other, now=lambda: NOW) as engine, closing(Doors(engine, "http://x")) as doors:
        assert doors.publishers() == ()
