"""Who stands behind a rule: in its decisions, in public, and never by name where others look."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from flow.small_community import (
    DAY,
    NOW,
    agrees_with_replay,
    event,
    hold_together,
    line,
    prepare,
    rows,
    rule,
)
from ombud import decisions, rulebook
from ombud.app import Engine
from ombud.cli import main
from ombud.doors import Doors
from ombud.reading import reading

BAGS = dict([rule("bags", 'text contains "cheap bags"', 'text "cheap bags"', 'text "thanks"')])
ALONE = {"en": "nobody else has approved it yet", "vi": "chưa được người nào khác phê duyệt"}
AUTHOR, SECOND = "annemarie", "quangminh"


def hit(engine: Engine, number: int) -> str:
    """One post that the rule holds; the decision."""
    answer: Any = engine.submit([line(event(number, number, text="cheap bags"))])[0]
    assert answer.action == "hold"
    (decision,) = answer.decisions
    return str(decision)


def leaves(folder: Path) -> list[dict[str, Any]]:
    """The lines of the public log about decisions, in order."""
    found = [json.loads(row[0]) for row in rows(folder, "SELECT entry FROM leaf ORDER BY position")]
    return [each for each in found if each["type"] == "decision"]


def listed(folder: Path, now: int = NOW) -> Mapping[str, Any]:
    """The rule as `ombud rules list` tells of it."""
    return next(each for each in rulebook.listing(folder, now) if each["name"] == "bags")


def test_a_decision_says_whether_one_person_stands_behind_its_rule(tmp_path: Path) -> None:
    """Before an approval the record, the statement, the page and the public log say "one person";
    after it they do not; a new version says it again. No digest of a verdict knows of it.
    """
    folder = prepare(tmp_path, BAGS)
    with Engine(folder, now=lambda: NOW, by=AUTHOR) as engine:
        made = [hit(engine, 1)]
        engine.approve("bags", SECOND)
        made.append(hit(engine, 2))
        changed = BAGS["bags.rule"].replace("for     post", "for     post, edit")
        (folder / "rules" / "bags.rule").write_text(changed, encoding="utf-8")
        assert engine.reload()
        made.append(hit(engine, 3))
        with reading(folder) as reader:
            shown = [reader.decision(each)["rules"][0]["approved"] for each in made]
            assert shown == [False, True, False]
            for lang, words in ALONE.items():
                said = [words in "\n".join(reader.statement(each, lang)) for each in made]
                assert said == [True, False, True]
        outcomes = [leaf.get("outcome") for leaf in leaves(folder)]
        assert outcomes == ["one person", None, "one person"]
        with closing(Doors(engine, "http://127.0.0.1")) as doors:
            page = doors.statement_page(_token(doors, made[0]))
            assert page is not None
            assert sorted(each.one_person for each in page.items) == [False, True, True]
            assert AUTHOR not in repr(page)
            assert SECOND not in repr(page)
        agrees_with_replay(engine)
    hold_together(folder)


def _token(doors: Doors, decision: str) -> str:
    told = doors.engine.store.one("statement_of_decision", (decision,))
    assert told is not None
    return doors.link(told[0]).rpartition("/")[2]


def test_approving_changes_no_digest(tmp_path: Path) -> None:
    """The same post is the same verdict whoever stands behind the rule."""
    folder = prepare(tmp_path, BAGS)
    query = "SELECT verdict FROM journal WHERE kind = 'post' ORDER BY seq"
    with Engine(folder, now=lambda: NOW) as engine:
        hit(engine, 1)
        engine.approve("bags", SECOND)
        hit(engine, 2)
    first, second = rows(folder, query)
    assert first == second


def test_removing_a_rule_and_putting_it_back_buys_nothing(tmp_path: Path) -> None:
    """Author, approvals and the end of its watch are those the version had: after its file was
    gone, or said something else, was approved or renewed meanwhile, and after a new start.
    """
    text = BAGS["bags.rule"].replace("mode    live", "mode    watch")
    folder, at = prepare(tmp_path, {"bags.rule": text}), [NOW]
    file = folder / "rules" / "bags.rule"

    def opened(by: str) -> Engine:
        return Engine(folder, now=lambda: at[0], by=by)

    def stands(engine: Engine) -> Any:
        return engine.writer.pipeline.community.active.standing["bags"]

    with opened(AUTHOR) as engine:
        first = stands(engine)
        engine.approve("bags", SECOND)
        at[0] += 10 * DAY
        engine.renew("bags", SECOND)
        known = stands(engine)
        assert known.until >= first.until + 10 * DAY
        file.unlink()
        at[0] += 20 * DAY
        assert engine.reload(SECOND)
        assert "bags" not in engine.writer.pipeline.community.active.standing
        agrees_with_replay(engine)
    file.write_text(text, encoding="utf-8")
    with opened(SECOND) as engine:
        engine.reload(SECOND)
        assert stands(engine) == known
        engine.approve("bags", "third")
        known = stands(engine)
        file.write_text(text.replace("for     post", "for     post, edit"), encoding="utf-8")
        assert engine.reload(SECOND)
        assert (stands(engine).author, stands(engine).approved) != (known.author, known.approved)
        file.write_text(text, encoding="utf-8")
        assert engine.reload(SECOND)
        assert stands(engine) == known
        at[0] += 400 * DAY
        file.unlink()
        assert engine.reload(SECOND)
        file.write_text(text, encoding="utf-8")
        assert engine.reload(SECOND)
        answer: Any = engine.submit([line(event(1, 430 * 86400, text="cheap bags"))])[0]
        assert not answer.fired
        agrees_with_replay(engine)
    hold_together(folder)


def test_names_are_in_the_key_file_alone(tmp_path: Path) -> None:
    """Not in the store, not in the public files, not in the statement of reasons."""
    folder = prepare(tmp_path, BAGS)
    with Engine(folder, now=lambda: NOW, by=AUTHOR) as engine:
        hit(engine, 1)
        engine.approve("bags", SECOND)
        hit(engine, 2)
        for seq, sealed in rows(folder, "SELECT id, sealed FROM decision"):
            plain = engine.keys.open_decision(seq, sealed)
            assert plain is not None
            assert AUTHOR not in repr(decisions.opened(plain))
    for path in folder.rglob("*"):
        if path.is_file() and "ombud.keys" not in path.name:
            content = path.read_bytes().lower()
            assert AUTHOR.encode() not in content, path
            assert SECOND.encode() not in content, path
    assert listed(folder)["author"] == AUTHOR
    assert listed(folder)["approved_by"] == [SECOND]


def test_the_list_shows_who_stands_behind_a_rule_and_until_when_it_watches(tmp_path: Path) -> None:
    """In force or not, one person or approved, watching, ending soon, ended."""
    text = BAGS["bags.rule"].replace("mode    live", "mode    watch")
    folder = prepare(tmp_path, {"bags.rule": text})
    unknown: dict[str, Any] = {"author": None, "approved_by": [], "eyes": None, "watch": None}
    assert unknown.items() <= listed(folder).items()
    with Engine(folder, now=lambda: NOW, by=AUTHOR):
        pass
    for day, watch in ((0, "watching"), (75, "watching"), (77, "ends soon"), (91, "ended")):
        known = listed(folder, NOW + day * DAY)
        assert (known["author"], known["eyes"], known["watch"]) == (AUTHOR, "one person", watch)
        ending = rulebook.ending(folder, NOW + day * DAY)
        wanted = [] if watch == "watching" else ["bags"]
        assert [each["rule"] for each in ending if each["rule"] == "bags"] == wanted
    (folder / "rules" / "bags.rule").write_text(text.replace("cheap bags", "cheap hats"))
    assert unknown.items() <= listed(folder).items()  # what is written there is not in force


def test_by_the_command_line(tmp_path: Path) -> None:
    """Author by --by, approval by somebody else, refusal in three parts, and what is shown."""
    folder = prepare(tmp_path / "data", BAGS)
    file = tmp_path / "events.ndjson"
    file.write_bytes(line(event(1)))

    def run(*words: object) -> Any:
        told = [*map(str, words), "--data", str(folder)]
        return CliRunner().invoke(main, told, catch_exceptions=False)

    assert run("ingest", file, "--by", AUTHOR).exit_code == 0
    assert f"one person: {AUTHOR}" in run("rules", "list").stdout
    refused = run("rules", "approve", "bags", "--by", AUTHOR.upper())
    assert refused.exit_code == 2
    assert "U082" in refused.stderr
    assert "where: bags" in refused.stderr
    assert "Let somebody else read" in refused.stderr
    assert run("rules", "approve", "bags", "--by", SECOND).exit_code == 0
    assert f"by {AUTHOR}, approved by {SECOND}" in run("rules", "list").stdout
    assert run("rules", "renew", "bags").exit_code == 2  # it does not watch
    assert run("rules", "approve", "bags").exit_code == 2  # who has read it?
