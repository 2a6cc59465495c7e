"""A community that an earlier program wrote: each of its records means today what it meant then."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from flow.small_community import agrees_with_replay, check, hold_together, rows
from ombud.activation import compiling, program, standing
from ombud.app import Engine
from ombud.controls.config import compiled
from ombud.errors import BadData
from ombud.reading import reading
from ombud.rules import policy, trial
from ombud.rules import refuse as rule_refuse
from ombud.rules.diagnostic import Report
from ombud.rules.tree import Place
from ombud.signals import drawn_letters, lookalike
from ombud.signals.declare import SIGNALS, Signal
from ombud.store.sqlite import Store
from store.recorded_community import CONFIGS, LAST, rebuild

FROM_FACTS = 7  # bodies that were erased, and who names the erased account, when it was recorded


@pytest.fixture(autouse=True)
def likeness(monkeypatch: pytest.MonkeyPatch) -> None:
    """How names are compared and what a skeleton undoes has changed since, on purpose, and each
    recorded configuration rests on it. Taken as unchanged here, so that everything else is held
    from the bodies; `test_what_was_otherwise_is_taken_from_the_facts` holds the rest.
    """
    monkeypatch.setattr(lookalike, "VERSION", 1)
    monkeypatch.setattr(drawn_letters, "VERSION", 1)


@pytest.fixture
def community(tmp_path: Path) -> Path:
    """The recorded community, its store brought up to this program's schema."""
    folder = rebuild(tmp_path / "community")
    with Engine(folder, now=lambda: LAST, activate=False):
        pass
    return folder


def payloads(folder: Path) -> list[dict[str, Any]]:
    """The recorded configurations."""
    query = "SELECT payload FROM journal WHERE type = '!config' ORDER BY seq"
    return [json.loads(row[0]) for row in rows(folder, query)]


def test_every_recorded_digest_comes_out_again(community: Path) -> None:
    """All of it is the same; from facts only what was so already; nothing differs or is lost."""
    outcome = check(community)
    assert outcome.differences == []
    assert (outcome.different, outcome.not_recomputable) == (0, 0)
    assert outcome.from_facts == FROM_FACTS
    assert outcome.same == outcome.checked - FROM_FACTS > 50


@pytest.mark.parametrize("changed", [lookalike, drawn_letters])
def test_what_was_otherwise_is_taken_from_the_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: ModuleType
) -> None:
    """As this program compares names, and as it undoes letters, what was judged comes out by its
    recorded facts: nothing differs, and nothing is called the same that is not.
    """
    kept = drawn_letters if changed is lookalike else lookalike
    monkeypatch.undo()
    assert changed.__dict__["VERSION"] > 1
    monkeypatch.setattr(kept, "VERSION", 1)
    folder = rebuild(tmp_path / "community")
    with Engine(folder, now=lambda: LAST, activate=False):
        pass
    outcome = check(folder)
    assert (outcome.different, outcome.not_recomputable) == (0, 0)
    assert outcome.from_facts > FROM_FACTS


def test_everything_that_was_possible_is_in_it(community: Path) -> None:
    """The dump would prove little without every kind of event, control, hit and unknown fact."""
    kinds = {row[0] for row in rows(community, "SELECT DISTINCT kind FROM journal")}
    assert kinds >= {"post", "reply", "edit", "registration", "profile", "join", "upload", "flag"}
    types = {row[0] for row in rows(community, "SELECT DISTINCT type FROM journal")}
    assert {each for each in types if each.startswith("!")} == {
        "!config", "!deadline", "!ended", "!erasure", "!publication", "!undo",
    }  # fmt: skip
    assert len(payloads(community)) == CONFIGS
    assert {row[0] for row in rows(community, "SELECT DISTINCT timeline FROM journal")} == {
        "",
        "history",
    }
    assert all(payload["manifest"]["capabilities"] for payload in payloads(community))
    slots = " ".join(payloads(community)[0]["slots"])
    for words in ("share of", "resembles list", "in list", "contains", "matches", "starts with"):
        assert words in slots


def as_asked(folder: Path) -> None:
    """Do what the changelog asks of operators: newcomers end where the established begin."""
    for path in (folder / "rules").glob("*.rule"):
        path.write_text(path.read_text().replace("accepted posts < 30", "accepted posts < 20"))


def test_it_goes_on(community: Path) -> None:
    """With a rule that is refused by now it does not start, and nothing has changed; once that is
    mended it opens, its past unchanged and its log whole.
    """
    query = "SELECT seq, verdict, facts, entries, hits, payload FROM journal ORDER BY seq"
    before = rows(community, query)
    with pytest.raises(compiling.BadRulesFound) as refused:
        Engine(community, now=lambda: LAST)
    assert {each.code for each in refused.value.diagnostics} == {"R074"}
    assert rows(community, query) == before
    as_asked(community)
    with Engine(community, now=lambda: LAST) as engine:
        assert rows(community, query)[: len(before)] == before
        agrees_with_replay(engine)
    hold_together(community)
    with reading(community) as reader:
        assert [each for each in reader.decisions() if each.get("erased")]
        for each in reader.decisions():
            reader.statement(each["id"], "vi")


def test_what_watched_before_has_its_time_from_the_first_start_on(community: Path) -> None:
    """What the earlier program activated has no end and no author, however late it is; the first
    activation by this one sets both.
    """
    with Engine(community, now=lambda: LAST, activate=False) as engine:
        active = engine.writer.pipeline.community.active
        assert active.at(LAST + 10 * standing.WATCH) is active
        assert {active.approved(rule) for rule in range(len(active.names))} == {None}
    as_asked(community)
    with Engine(community, now=lambda: LAST, by="Ana") as engine:
        active = engine.writer.pipeline.community.active
        received = rows(community, "SELECT max(recv) FROM journal WHERE type = '!config'")[0][0]
        assert active.standing["quick-joins"].until == received + standing.WATCH
        assert active.standing["bags"].until is None  # it acts
        assert {active.approved(rule) for rule in range(len(active.names))} == {False}
        agrees_with_replay(engine)


def test_its_rules_have_the_versions_they_had(community: Path) -> None:
    """This program gives each recorded rule and clause the version that was recorded, and finds
    nothing that it would compute otherwise.
    """
    store = Store(community / "ombud.db", readonly=True)
    for payload in payloads(community):
        active = compiled(store, payload)
        manifest = payload["manifest"]
        assert active.digest == payload["config"] == compiling.digest(manifest)
        assert active.otherwise == ()
        recorded = {name: version for name, (version, _) in manifest["rules"].items()}
        assert dict(zip(active.names, active.versions, strict=True)) == recorded
        computed = {rule.name: rule.version for rule in active.rules if not rule.likens}
        assert len(computed) > 5
        assert computed.items() <= recorded.items()
        assert list(active.plan.slots) == payload["slots"]
        assert {str(number) for number in active.shapes} == set(payload["windows"])
    store.close()


# --- a program that has changed since -------------------------------------------------------------


def declared(signal: str, **changes: Any) -> Signal:
    """A signal of this program, changed."""
    return replace(SIGNALS[signal], **changes)


def test_a_new_signal_changes_nothing(community: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program with one signal more judges the past from the bodies as before."""
    monkeypatch.setitem(SIGNALS, "author.shoe size", declared("text", name="author.shoe size"))
    assert check(community).from_facts == FROM_FACTS


def test_a_signal_that_no_rule_reads_may_change(
    community: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what a configuration reads needs to be as it was."""
    monkeypatch.setitem(SIGNALS, "server.age", declared("server.age", version=2))
    assert check(community).from_facts == FROM_FACTS


@pytest.mark.parametrize("name", ["links.count", "author.accepted posts", "links.any"])
def test_a_changed_signal_is_checked_from_facts(
    community: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What reads a signal that is computed otherwise now is judged from the recorded facts, under
    the recorded versions: every digest comes out, none by a body.
    """
    monkeypatch.setitem(SIGNALS, name, declared(name, version=2))
    outcome = check(community)
    assert outcome.differences == []
    assert (outcome.different, outcome.not_recomputable) == (0, 0)
    judged = rows(community, "SELECT count(*) FROM journal WHERE kind IS NOT NULL")[0][0]
    assert outcome.from_facts == judged


@pytest.mark.parametrize(
    "table", ["unicode", "python", "confusables", "skeleton", "suffixes", "phrases"]
)
def test_another_table_is_checked_from_facts(
    community: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    """Every text rests on the tables: under others nothing is called the same."""
    here = program.named

    def elsewhere(rules: Any) -> dict[str, Any]:
        return {**here(rules), table: "another"}

    monkeypatch.setattr(program, "named", elsewhere)
    outcome = check(community)
    assert (outcome.different, outcome.not_recomputable) == (0, 0)
    assert outcome.from_facts > FROM_FACTS


def test_a_stricter_check_makes_nothing_unreadable(
    community: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every rule, clause and example is refused today, the past comes out all the same, and
    the community opens; only a new activation is refused.
    """
    nowhere = Place(1, 1, 1)

    def refuse(report: Report, *_: Any) -> None:
        report.add("R075", nowhere, action="anything")

    monkeypatch.setattr(rule_refuse, "actions", refuse)
    monkeypatch.setattr(trial, "report_failed", refuse)
    monkeypatch.setattr(policy, "TEXT_LENGTH_MAX", 1)
    outcome = check(community)
    assert (outcome.different, outcome.not_recomputable) == (0, 0)
    assert outcome.from_facts == FROM_FACTS
    with Engine(community, now=lambda: LAST, activate=False) as engine:
        agrees_with_replay(engine)
        with pytest.raises(compiling.BadRulesFound):
            engine.reload()


def test_a_list_that_is_not_the_recorded_one_is_refused(community: Path) -> None:
    """No list is taken for another: a verdict would rest on words that were never there."""
    store = Store(community / "ombud.db")
    with store.transaction():
        store.connection.execute("UPDATE content SET bytes = CAST(bytes || x'0a' AS BLOB)")
    store.close()
    with pytest.raises(BadData, match="D017"):
        Engine(community, now=lambda: LAST, activate=False)
    assert check(community).different == 1
