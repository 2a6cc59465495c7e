"""The pipeline: what one group leaves in the store; leaf, decision and body belong together."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import NOW, event, line, prepare, rows, rule
from ombud import config, decisions, journal
from ombud.activation import compiling
from ombud.app import Engine
from ombud.errors import BadData
from ombud.events import decode
from ombud.journal import Control
from ombud.ledger import disclosure
from ombud.pipeline import Pipeline
from outsider import statement


@pytest.fixture
def engine(tmp_path: Path) -> Any:
    """An engine whose thread stands idle: its pipeline is driven by hand."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as opened:
        opened.writer.close()
        yield opened


def run(engine: Engine, *told: dict[str, Any], timeline: str = "") -> Any:
    """Run one group."""
    group = [journal.submission(decode(line(each)), timeline) for each in told]
    return engine.writer.pipeline.run(group, NOW)


def test_a_leaf_commits_to_the_record_that_is_kept(engine: Engine) -> None:
    """What salt and record give part by part, as sealed, is what the public leaf says: an outsider
    who is shown all of it comes to the same.
    """
    decision = run(engine, event(1, text="cheap bags"))[0].decisions[0]
    sealed, position = rows(engine.folder, "SELECT sealed, leaf FROM decision")[0]
    plain = engine.keys.open_decision(decision, sealed)
    assert plain is not None
    leaf = json.loads(
        rows(engine.folder, "SELECT entry FROM leaf WHERE position = ?", position)[0][0]
    )
    parts = decisions.parts(plain[32:])
    opened = json.loads(disclosure.opening(plain[:32], parts, set(parts)))
    assert leaf["commitment"] == statement.commitment(opened)
    assert not opened["kept"]
    record = json.loads(plain[32:])
    assert record["id"] == decision
    assert record["rules"][0]["name"] == leaf["rule"] == "bags"
    assert record["rules"][0]["version"] == leaf["version"]
    assert record["actions"][0]["type"] == leaf["action"] == "hold"
    assert record["automated_decision"] is leaf["automated"] is True
    hashed = rows(engine.folder, "SELECT hash, entry FROM leaf WHERE position = ?", position)[0]
    assert hashed[0] == hashlib.sha256(b"\0" + hashed[1]).digest()


def test_a_body_opens_to_the_canonical_event(engine: Engine) -> None:
    """Undeclared fields are gone, the rest is there, and the journal row holds no text."""
    told = event(1, text="a secret text", author={"id": "ana", "name": "Ana", "email": "a@b.c"})
    run(engine, {**told, "ip": "192.0.2.1"})
    sealed = rows(engine.folder, "SELECT sealed FROM body WHERE seq = 2")[0][0]
    plain = engine.keys.open_body(2, sealed)
    assert plain is not None
    assert json.loads(plain)["data"]["text"] == "a secret text"
    assert b"192.0.2.1" not in plain
    assert b"a@b.c" not in plain
    kept = b"".join(
        part if isinstance(part, bytes) else str(part).encode()
        for part in rows(engine.folder, "SELECT * FROM journal WHERE seq = 2")[0]
    )
    assert b"secret" not in kept
    assert b"ana" not in kept


def test_a_group_is_judged_in_its_order(engine: Engine) -> None:
    """Within one group the third post counts the first two, and a duplicate finds its first."""
    told = [event(n, n, text="one and the same text", author={"id": f"p{n}"}) for n in range(3)]
    found = run(engine, *told, told[0], {**told[1], "subject": "post/x"})
    assert [each.action for each in found[:3]] == ["allow", "allow", "hold"]
    assert [(each.status, each.seq) for each in found] == [
        ("accepted", 2),
        ("accepted", 3),
        ("accepted", 4),
        ("duplicate", 2),
        ("conflict", 3),
    ]


def test_an_event_no_rule_judges_is_journalled(engine: Engine) -> None:
    """A deletion has a row and moves its stream, and nothing else."""
    found = run(engine, event(1, 500, type="post.deleted", text="cheap bags"))[0]
    assert (found.status, found.action, found.decisions) == ("accepted", "allow", ())
    row = rows(engine.folder, "SELECT kind, facts, hits, place FROM journal WHERE seq = 2")[0]
    assert row[:3] == (None, None, None)
    assert rows(engine.folder, "SELECT place FROM stream") == [(row[3],)]


def test_receive_times_grow_whatever_the_clock_does(engine: Engine) -> None:
    """Each record is received at least a microsecond after the one before."""
    pipeline = engine.writer.pipeline
    for number, now in enumerate((NOW, NOW + 50, NOW - 10**12, NOW + 50)):
        pipeline.run([journal.submission(decode(line(event(number))))], now)
    recv = [row[0] - NOW for row in rows(engine.folder, "SELECT recv FROM journal ORDER BY seq")]
    assert recv == [0, 1, 50, 51, 52]


def test_a_fenced_pipeline_keeps_nothing(engine: Engine) -> None:
    """With another writer's epoch in the head, the commit fails whole."""
    engine.store.connection.execute("UPDATE head SET epoch = epoch + 1")
    with pytest.raises(BadData, match="D007"):
        run(engine, event(1, text="cheap bags"))
    for table in ("body", "decision", "notice", "outbox", "review_case"):
        assert rows(engine.folder, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608
    assert rows(engine.folder, "SELECT count(*) FROM journal") == [(1,)]


def test_a_held_flagged_post_is_its_author_s_matter(engine: Engine) -> None:
    """A decision that a flag led to concerns and tells who wrote the flagged post."""
    name, text = rule(
        "flagged",
        "reporter.flags in last 1 day > 0\n  subject.author.accepted posts < 5",
        "reporter.flags in last 1 day  1\n  subject.author.accepted posts  0",
        "reporter.flags in last 1 day  1\n  subject.author.accepted posts  9",
        kinds="flag",
    )
    (engine.folder / "rules" / name).write_text(text)
    wanted = compiling.from_sources(config.read(engine.folder))
    engine.writer.pipeline.run([Control("config", {}, {"active": wanted, "by": "ana"})], NOW)
    told = event(1, type="flag.created", reporter={"id": "rob"})
    told["data"]["reported"] = {"id": "post/7", "author": {"id": "paul", "lang": "vi"}}
    del told["data"]["author"]
    assert run(engine, told)[0].action == "hold"
    token = engine.keys.known_account("chat", "paul")
    assert rows(engine.folder, "SELECT author, lang, state FROM notice") == [
        (token, "vi", "recorded")
    ]
    assert rows(engine.folder, "SELECT author FROM decision") == [(token,)]


def test_an_end_that_reverses_nothing_is_harmless(engine: Engine) -> None:
    """An end of what was undone meanwhile is journalled and changes nothing."""
    decision = run(engine, event(1, text="cheap bags"))[0].decisions[0]
    pipeline: Pipeline = engine.writer.pipeline
    chosen = Control("undo", {}, {"chosen": {"ids": [decision]}, "by": "admin"})
    assert pipeline.run([chosen], NOW)[0].decisions == (decision,)
    assert pipeline.run([Control("ended", {"decisions": [decision]})], NOW)[0].decisions == ()
    assert rows(engine.folder, "SELECT count(*) FROM outbox") == [(2,)]
    assert rows(engine.folder, "SELECT ended = undone_by FROM decision") == [(1,)]
