"""Lists change while rules run, and every telling of the journal agrees on what they held."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flow.listed_community import LISTS, all_agree, change, confirm, listed, said, take_in
from flow.small_community import (
    NOW,
    check,
    hold_together,
    rows,
    tallies,
)
from flow.small_community import change as tamper
from flow.test_crash import KILLED, write
from ombud import config
from ombud.activation import compiling
from ombud.app import Engine
from ombud.controls import lists
from ombud.errors import BadRules, BadUse
from ombud.journal import Control
from ombud.staff.people import ADMIN


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community that has lists."""
    return listed(tmp_path / "folder")


def opened(folder: Path) -> Engine:
    """Its engine, at a clock that stands still."""
    return Engine(folder, now=lambda: NOW)


def test_a_change_holds_for_every_record_after_it(folder: Path) -> None:
    """Words, sites, people, names and exemptions: added, taken out, added again."""
    with opened(folder) as engine:
        assert said(engine, "Viagra!") == {"words"}
        assert said(engine, "free money") == {"words"}  # from the list that is included
        assert said(engine, "slots") == set()
        change(engine, "add", "bad words", "slot*")
        assert said(engine, "slots") == {"words"}
        change(engine, "remove", "bad words", "VIAGR*")
        assert said(engine, "Viagra!") == set()
        change(engine, "remove", "more words", "free money")
        assert said(engine, "free money") == set()
        change(engine, "add", "bad words", "viagr*")
        assert said(engine, "Viagra!") == {"words"}
        change(engine, "add", "bad sites", "new.example")
        assert said(engine, "see http://www.new.example/a") == {"sites"}
        change(engine, "remove", "known people", "person2")
        assert said(engine, "hello", id="person2") == set()
        assert said(engine, "hello", id="person1") == {"people"}
        assert said(engine, "hello", name="ana nguyen") == {"names"}
        change(engine, "remove", "our names", "ana nguyen")
        assert said(engine, "hello", name="ana nguyen") == set()
        assert said(engine, "bags") == {"exempt"}
        change(engine, "add", "let through", "somebody")
        assert said(engine, "bags") == set()
        all_agree(engine)
    with opened(folder) as engine:
        all_agree(engine)
        assert said(engine, "slots") == {"words"}
    assert rows(folder, "SELECT count(*) FROM journal WHERE type = '!config'") == [(1,)]
    assert check(folder).differences == []
    hold_together(folder)


def test_an_entry_ends_by_itself(folder: Path) -> None:
    """Events before its end are judged with it, later ones without."""
    now = [NOW - 86_400_000_000]
    with Engine(folder, now=lambda: now[0]) as engine:
        change(engine, "add", "bad words", "slots", expires="2026-03-01T13:00:00Z")
        now[0] = NOW
        assert said(engine, "slots", at=3599) == {"words"}
        assert said(engine, "slots", at=3600) == set()
        all_agree(engine)


def test_an_import_is_taken_whole(folder: Path) -> None:
    """Each line has where it comes from; its own source stands; the journal names a digest only."""
    content = b"# head\nslots\nroulette\tour friends\t2027-01-01\n\\#win\n"
    with opened(folder) as engine:
        assert take_in(engine, "bad words", content, "a list of May").touched == 3
        assert said(engine, "slots") == said(engine, "a #win today") == {"words"}
        kept = engine.writer.pipeline.community.lists["bad words"]
        assert [entry[:2] for entry in kept.entries()] == [
            ("slots", "a list of May"),
            ("roulette", "our friends"),
            ("#win", "a list of May"),
        ]
        all_agree(engine)
    ((payload,),) = rows(folder, "SELECT payload FROM journal WHERE type = '!list' LIMIT 1")
    assert set(json.loads(payload)) == {"by", "content", "do", "form", "imported", "list", "watch"}
    assert "slots" not in payload


@pytest.mark.parametrize(
    "content",
    [b"good\nx\ty\tz\tw\n", b"\xff", b"", b"# nothing\n", b"include: staff\n", b"ab*\n"],
)
def test_a_broken_file_is_not_imported(folder: Path, content: bytes) -> None:
    """One bad line refuses all of it, and nothing is journalled."""
    with opened(folder), pytest.raises(BadUse) as caught:
        lists.file_of("bad words", content, "somewhere")
    assert caught.value.code == "U092"
    assert rows(folder, "SELECT 1 FROM journal WHERE type = '!list'") == []


def test_the_last_word_is_the_stores_until_it_says_otherwise(folder: Path) -> None:
    """What was taken out stays out when the file is edited; what was added stays."""
    file = folder / "lists" / "bad-words.txt"
    with opened(folder) as engine:
        change(engine, "remove", "bad words", "casino")
        change(engine, "add", "bad words", "slots")
        file.write_text(LISTS["bad-words.txt"] + "roulette\n")
        assert engine.reload()
        assert said(engine, "roulette") == set()  # on watch
        confirm(engine, "bad words", "roulette")
        assert said(engine, "casino") == set()
        assert said(engine, "slots") == said(engine, "roulette") == {"words"}
        file.write_text("roulette\n")
        assert engine.reload()
        file.write_text(LISTS["bad-words.txt"])
        assert engine.reload()
        assert said(engine, "casino") == set()
        change(engine, "add", "bad words", "casino")
        assert said(engine, "casino") == {"words"}
        all_agree(engine)
    with opened(folder) as engine:
        all_agree(engine)
    assert check(folder).differences == []


def test_a_broken_list_refuses_the_whole_reload(folder: Path) -> None:
    """All problems are told; the running lists stay, changes of the store included."""
    with opened(folder) as engine:
        change(engine, "add", "bad words", "slots")
        (folder / "lists" / "more-words.txt").write_text("fine\ninclude: bad words\n")
        (folder / "lists" / "bad-sites.txt").write_bytes(b"fine.example\n\xff\n")
        with pytest.raises(BadRules) as caught:
            engine.reload()
        told = {each.code for each in caught.value.diagnostics}  # type: ignore[attr-defined]
        assert told == {"R204", "R214"}
        assert said(engine, "slots") == said(engine, "free money") == {"words"}
        assert said(engine, "http://fine.example") == set()
        all_agree(engine)


def test_a_list_may_stand_in_the_store_alone(folder: Path) -> None:
    """Begun with --new, asked by a rule from the next reload on, and known to other lists."""
    rule = (folder / "rules" / "words.rule").read_text()
    with opened(folder) as engine:
        change(engine, "add", "new words", "slots", new=True)
        for file, old, new in (("slots.rule", "bad words", "new words"),):
            text = rule.replace(old, new).replace("rule words", "rule slots")
            (folder / "rules" / file).write_text(text)
        (folder / "lists" / "more-words.txt").write_text("include: new words\n")
        assert engine.reload()
        assert said(engine, "slots") == {"slots", "words"}
        change(engine, "remove", "new words", "slots")
        assert said(engine, "slots") == set()
        all_agree(engine)
    with opened(folder) as engine:
        change(engine, "add", "new words", "slots")
        assert said(engine, "slots") == {"slots", "words"}
        all_agree(engine)


def test_no_rule_comes_to_rest_on_what_came_from_elsewhere(folder: Path) -> None:
    """R073 holds for the store as well: such entries are refused, not the next start."""
    path = folder / "rules" / "people.rule"
    path.write_text(path.read_text().replace("hold this", "limit author for 1 hour"))
    path.write_text(path.read_text().replace("  text.length > 1\n", ""))
    with opened(folder) as engine:
        for do in ("add", "import"):
            about = lists.file_of("known people", b"person9", "a list of May")
            with pytest.raises(BadUse) as caught:
                engine.change_list(do, "known people", about)
            assert caught.value.code == "U097"
        change(engine, "add", "known people", "person9")
        take_in(engine, "bad words", b"slots", "May")
        all_agree(engine)
    with opened(folder) as engine:
        assert said(engine, "hello", id="person9") == {"people"}


def test_a_rule_cannot_rest_on_imported_entries_of_the_store(folder: Path) -> None:
    """What was imported first is known when a rule is checked later."""
    with opened(folder) as engine:
        about = lists.file_of("known people", b"person9", "a list of May")
        engine.change_list("import", "known people", about)
        path = folder / "rules" / "people.rule"
        path.write_text(path.read_text().replace("hold this", "limit author for 1 hour"))
        path.write_text(path.read_text().replace("  text.length > 1\n", ""))
        with pytest.raises(BadRules) as caught:
            engine.reload()
        told = {each.code for each in caught.value.diagnostics}  # type: ignore[attr-defined]
        assert told == {"R073"}


def test_every_change_is_in_the_digest_and_in_the_public_log(folder: Path) -> None:
    """A line that says no more than that the configuration is another one."""
    with opened(folder) as engine:
        before = engine.writer.pipeline.community.active
        change(engine, "add", "bad words", "secretword")
        after = engine.writer.pipeline.community.active
        assert before.digest != after.digest
        assert after.manifest["lists"]["bad words"] == [before.manifest["lists"]["bad words"], 3]
        assert after.plan is before.plan
        assert not engine.reload()
    leaves = [json.loads(row[0]) for row in rows(folder, "SELECT entry FROM leaf")]
    assert [each["type"] for each in leaves] == ["config", "config", "config"]
    assert leaves[2]["version"] == after.digest
    assert [each.get("outcome") for each in leaves] == [None, None, "one person"]
    assert not any("secret" in json.dumps(each) for each in leaves)
    assert sum(tallies(folder).values()) == 3


def test_a_change_may_come_between_compiling_and_activating(folder: Path) -> None:
    """What was compiled before it is activated with what the list is by then."""
    with opened(folder) as engine:
        (folder / "lists" / "bad-words.txt").write_text("casino\n")
        wanted = compiling.from_sources(config.read(folder))
        change(engine, "add", "bad words", "slots")
        engine.control(Control("config", {}, {"active": wanted, "by": ADMIN}))
        manifest = engine.writer.pipeline.community.active.manifest
        assert manifest["lists"]["bad words"][1] == 3
        assert said(engine, "slots") == {"words"}
        assert not engine.reload()
        all_agree(engine)
    with opened(folder) as engine:
        all_agree(engine)


def test_a_change_of_a_long_list_touches_nothing_long(folder: Path) -> None:
    """The compiled parts of what is written are the same objects before and after."""
    with opened(folder) as engine:
        said(engine, "casino")
        written = engine.writer.pipeline.community.active.lists["bad words"].written
        parts = {name: written.__dict__[name] for name in ("words", "first_end")}
        change(engine, "add", "bad words", "slots")
        assert said(engine, "slots") == {"words"}
        active = engine.writer.pipeline.community.active
        assert active.lists["bad words"].written is written
        assert all(written.__dict__[name] is part for name, part in parts.items())


def test_a_kill_at_any_point_leaves_a_change_whole_or_undone(folder: Path) -> None:
    """Before the commit nothing has changed; after it everything has."""
    with opened(folder) as engine:
        assert said(engine, "hello", id="slots") == set()
    for point, there in (("journal written", False), ("before commit", False), ("committed", True)):
        assert write(folder, [b"!add known-people slots\n"], f"{point}:1") == KILLED
        with opened(folder) as engine:
            if there:
                confirm(engine, "known people", "slots")
            assert (said(engine, "hello", id="slots") == {"people"}) is there
            all_agree(engine)


def test_a_failed_commit_leaves_the_lists_as_they_were(folder: Path) -> None:
    """Memory is built anew from the store: what was not committed is not there."""
    with opened(folder) as engine:
        community = engine.writer.pipeline.community

        def fail(point: str) -> None:
            if point == "before commit":
                raise OSError("no room")

        engine.writer.pipeline.fault = fail
        with pytest.raises(Exception, match="not taken"):
            change(engine, "add", "bad words", "slots")
        assert said(engine, "slots") == set()
        assert engine.writer.pipeline.community is not community
        all_agree(engine)


def test_tampering_with_a_list_is_found(folder: Path) -> None:
    """Another line under the digest of a change: replay stops there instead of guessing."""
    with opened(folder) as engine:
        change(engine, "add", "bad words", "slots", watch=True)
        said(engine, "slots")
    tamper(folder, "UPDATE content SET bytes = x'61' WHERE bytes = x'736c6f7473'")
    outcome = check(folder)
    assert [each["what"] for each in outcome.differences] == ["the control cannot be read"]
    assert outcome.not_recomputable == 1
