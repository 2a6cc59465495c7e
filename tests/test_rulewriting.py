"""Rules written, given another mode and put back: whose they are, what is refused, what stays."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import RULES, agrees_with_replay, event, line, prepare, rows
from ombud import listwork, rulefiles, rulehistory, rulewriting, session, staffing
from ombud.app import Engine
from ombud.errors import BadRules, BadUse, OmbudError
from ombud.reading import reading
from ombud.staff import people

NEW = RULES["bags.rule"].replace("rule bags", "rule shoes").replace("cheap bags", "cheap shoes")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community with two authors."""
    with Engine(prepare(tmp_path / "community"), by="ana") as found:
        for name, role in (("ana", "admin"), ("binh", "author"), ("chi", "author")):
            staffing.change(found, "added", name, "ana", roles=[role, "author"])
        yield found


def ask(engine: Engine, do: str, by: str = "binh", **asked: Any) -> Any:
    """Have it done, from the state of the file that there is unless told otherwise."""
    named = asked.get("rule") or rulefiles.called(asked.get("text", ""))
    asked.setdefault("shown", rulewriting.text_of(engine.folder, named)[1])
    return session.perform(engine, do, {**asked, "by": by})


def refused(code: str, engine: Engine, do: str, **asked: Any) -> OmbudError:
    """The refusal; neither files nor what is in force have changed."""
    before = {each.name: each.read_bytes() for each in (engine.folder / "rules").iterdir()}
    digest = engine.writer.pipeline.community.active.digest
    with pytest.raises(OmbudError) as caught:
        ask(engine, do, **asked)
    assert caught.value.code == code
    assert {e.name: e.read_bytes() for e in (engine.folder / "rules").iterdir()} == before
    assert engine.writer.pipeline.community.active.digest == digest
    return caught.value


def author(engine: Engine, rule: str) -> str | None:
    """Who wrote the version in force."""
    known = engine.writer.pipeline.community.active.standing[rule]
    return people.name_of(engine.keys, known.author)


def history(engine: Engine, rule: str) -> list[rulehistory.Version]:
    """The versions of a rule."""
    with reading(engine.folder) as reader:
        return rulehistory.of(reader.store, reader.keys, rule)


def test_a_new_rule_judges_and_is_its_authors(engine: Engine) -> None:
    """At once, and it stands in the folder for the next start."""
    done = ask(engine, "write rule", text=NEW.replace("\n", "\r\n"))
    assert done == {"rule": "shoes", "file": "shoes.rule", "activated": True}
    assert (engine.folder / "rules" / "shoes.rule").read_text() == NEW
    assert author(engine, "shoes") == "binh"
    assert author(engine, "bags") == "ana"
    (answer,) = engine.submit([line(event(1, text="cheap shoes"))])
    assert getattr(answer, "action", "") == "hold"
    agrees_with_replay(engine)


def test_the_second_pair_of_eyes_is_somebody_else(engine: Engine) -> None:
    """Also where a third has given the rule another mode since."""
    ask(engine, "write rule", text=NEW)
    ask(engine, "rule mode", rule="shoes", mode="watch", by="chi")
    assert author(engine, "shoes") == "binh"
    with pytest.raises(BadUse) as caught:
        session.perform(engine, "approve", {"rule": "shoes", "by": "binh"})
    assert caught.value.code == "U082"
    session.perform(engine, "approve", {"rule": "shoes", "by": "chi"})


def test_a_mode_changes_nothing_else(engine: Engine) -> None:
    """A paused rule judges nothing and its file keeps its words."""
    before = (engine.folder / "rules" / "bags.rule").read_text()
    ask(engine, "rule mode", rule="bags", mode="draft")
    assert (engine.folder / "rules" / "bags.rule").read_text() == before.replace(
        "mode    live", "mode    draft"
    )
    assert "bags" not in engine.writer.pipeline.community.active.names
    ask(engine, "rule mode", rule="bags", mode="live")
    assert author(engine, "bags") == "ana"
    refused("U285", engine, "rule mode", rule="bags", mode="loud")
    refused("U080", engine, "rule mode", rule="nothing", mode="live", shown="")
    agrees_with_replay(engine)


def test_an_earlier_version_comes_back(engine: Engine) -> None:
    """As a new activation, and its author stays who wrote it."""
    before = (engine.folder / "rules" / "bags.rule").read_text()
    other = before.replace("cheap bags", "cheap hats")
    ask(engine, "write rule", rule="bags", text=other)
    assert author(engine, "bags") == "binh"
    newest, first = history(engine, "bags")
    assert (newest.by, first.by) == ("binh", "ana")
    assert (newest.text, first.text) == (other, before)
    ask(engine, "restore rule", rule="bags", seq=first.seq, by="chi")
    assert (engine.folder / "rules" / "bags.rule").read_text() == before
    assert author(engine, "bags") == "ana"
    assert [each.by for each in history(engine, "bags")] == ["chi", "binh", "ana"]
    refused("U284", engine, "restore rule", rule="bags", seq=first.seq + 1)
    agrees_with_replay(engine)


def test_a_text_with_errors_is_never_written(engine: Engine) -> None:
    """The diagnostics come with the refusal, whatever mode it says."""
    for mode in ("live", "draft"):
        bad = NEW.replace("mode    live", f"mode    {mode}").replace("contains", "contain")
        error = refused("D013", engine, "write rule", text=bad)
        assert isinstance(error, BadRules)
        assert getattr(error, "diagnostics")  # noqa: B009


def test_what_somebody_changed_meanwhile_is_not_overwritten(engine: Engine) -> None:
    """Not on the disk and not through another page."""
    shown = rulewriting.text_of(engine.folder, "bags")[1]
    other = RULES["bags.rule"].replace("cheap bags", "cheap hats")
    ask(engine, "write rule", rule="bags", text=other, by="chi")
    refused("U282", engine, "write rule", rule="bags", text=RULES["bags.rule"], shown=shown)
    refused("U282", engine, "write rule", text=other, shown="")


def test_only_the_one_rule_comes_into_force(engine: Engine) -> None:
    """What somebody else has left in the folder would be theirs who pressed the button."""
    (engine.folder / "rules" / "shoes.rule").write_text(NEW)
    error = refused("U283", engine, "rule mode", rule="bags", mode="watch")
    assert "shoes" in error.message
    engine.reload("chi")
    ask(engine, "rule mode", rule="bags", mode="watch")
    assert author(engine, "shoes") == "chi"
    for policy in (engine.folder / "policies").iterdir():
        policy.write_text(policy.read_text().replace("24 hours", "23 hours"))
    assert "clauses" in refused("U283", engine, "rule mode", rule="bags", mode="live").message
    engine.reload("chi")
    (engine.folder / "ombud.toml").write_text("procedural_holds = false\n")
    refused("U283", engine, "rule mode", rule="bags", mode="live")


def test_a_list_changed_in_the_store_is_in_force(engine: Engine) -> None:
    """And so keeps nobody from writing a rule."""
    asked = {"change": "add", "name": "our own sites", "term": "a.example", "by": "chi"}
    listwork.change_list(engine, asked, b"")
    ask(engine, "write rule", text=NEW)
    listwork.change_list(engine, {**asked, "term": "b.example"}, b"")
    ask(engine, "rule mode", rule="shoes", mode="watch")


def test_after_a_restart_rules_are_written_as_before(tmp_path: Path) -> None:
    """What is in force was then read from the journal, not from the folder: that is no change that
    nobody has put in force. One that somebody makes meanwhile still is.
    """
    with Engine(prepare(tmp_path / "community"), by="ana") as first:
        staffing.change(first, "added", "ana", "ana", roles=["admin", "author"])
        staffing.change(first, "added", "binh", "ana", roles=["author"])
    with Engine(tmp_path / "community") as again:
        ask(again, "write rule", text=NEW)
        ask(again, "rule mode", rule="shoes", mode="watch")
        settings = again.folder / "ombud.toml"
        settings.write_text(settings.read_text() + 'name = "Another"\n')
        refused("U283", again, "rule mode", rule="shoes", mode="live")
    with Engine(tmp_path / "community", by="ana") as third:
        ask(third, "rule mode", rule="shoes", mode="live")


def test_a_rule_keeps_its_name_and_its_place(engine: Engine) -> None:
    """And a new one gets no name that is a page's or another's file."""
    refused("U286", engine, "write rule", rule="bags", text=NEW)
    refused("U280", engine, "write rule", text=NEW.replace("rule shoes", "rule new"))
    (engine.folder / "rules" / "hats.rule").write_text(NEW.replace("mode    live", "mode    draft"))
    refused("U280", engine, "write rule", text=NEW.replace("rule shoes", "rule hats"))


def test_who_may_not_write_rules_is_refused(engine: Engine) -> None:
    """Before anything is read."""
    staffing.change(engine, "added", "dung", "ana", roles=["reviewer"])
    refused("U201", engine, "write rule", text=NEW, by="dung")
    refused("U200", engine, "write rule", text=NEW, by="nobody")


def test_what_the_writer_refuses_leaves_the_file(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal behind the check puts it back as it was, or takes it away."""

    def no(*_: object, **__: object) -> bool:
        raise BadUse("U089", "rules", rules="shoes")

    monkeypatch.setattr(engine, "reload", no)
    refused("U089", engine, "write rule", text=NEW)
    refused("U089", engine, "rule mode", rule="bags", mode="watch")


def test_a_check_tells_what_the_command_line_tells(engine: Engine) -> None:
    """With line and column; also of a text that names no rule, or is one of another's."""
    (found,) = rulewriting.checked(engine.folder, "bags", RULES["bags.rule"])
    assert (found.code, found.severity) == ("R038", "warning")
    wrong = RULES["bags.rule"].replace("text contains", "txt contains")
    found = next(e for e in rulewriting.checked(engine.folder, "bags", wrong) if e.line == 9)
    assert (found.code, found.severity, found.column) == ("R003", "error", 3)
    assert {each.code for each in rulewriting.checked(engine.folder, "", "")} >= {"R016"}
    with pytest.raises(BadUse):
        rulewriting.checked(engine.folder, "bags", NEW)
    assert rows(engine.folder, "SELECT count(*) FROM journal WHERE type = '!config'")[0][0] == 1


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "when\n" + '  text contains "a"\n' * 3000,
        "when\n" + '  text matches "(a|b){1,30}(c+d?)+"\n' * 1500,
        '"' * 60_000,
        "\u202e\0\ud800" * 9000,
        "when\n" + "  author.accepted postz < 1\n" * 2000,
        'should catch "x"\n  text "a"\n' * 1500,
    ],
    ids=["long", "lines", "patterns", "quotes", "unseen", "mistyped", "examples"],
)
def test_no_text_is_dear_to_check(engine: Engine, text: str) -> None:
    """Three seconds of a processor at most, and a bounded answer."""
    begun = time.thread_time()
    found = rulewriting.checked(engine.folder, "", NEW.partition("when")[0] + text)
    assert time.thread_time() - begun < 3
    assert 0 < len(found) <= 100
