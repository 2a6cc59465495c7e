"""What was settled is held against the verdicts: no row of a decision can be changed unnoticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from flow.case_desk import DESK_RULES, waiting
from flow.demanded import demand, removed, step
from flow.platform_side import connected
from flow.small_community import NOW, change, check, event, line, prepare, rows
from ombud import settled
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.store.keyfile import NONCE, KeyFile
from ombud.store.sqlite import Store
from ombud.verdicts.community import verdict_digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with two holds, the first of them undone."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        engine.submit([line(event(number, number, text="cheap bags")) for number in (1, 2)])
        first = rows(tmp_path, "SELECT id FROM decision ORDER BY leaf")[0][0]
        assert engine.undo("admin", ids=[first]) == [first]
    assert check(tmp_path).different == 0
    return tmp_path


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE decision SET action = 'remove' WHERE leaf = 1", "its decisions"),
        ("UPDATE decision SET clause = 'x.y' WHERE leaf = 1", "its decisions"),
        ("UPDATE decision SET licence = NULL WHERE leaf = 1", "its decisions"),
        ("UPDATE decision SET until = NULL WHERE leaf = 1", "its decisions"),
        ("DELETE FROM decision WHERE leaf = 1", "its decisions"),
        ("UPDATE decision SET rule = 'other' WHERE leaf = 1", "what belongs to its decision"),
        ("UPDATE decision SET leaf = 0 WHERE leaf = 1", "what belongs to its decision"),
        ("DELETE FROM notice WHERE reason = 'decided'", "what belongs to its decision"),
        ("DELETE FROM outbox WHERE inverse = 0", "what belongs to its decision"),
        (
            "UPDATE decision SET undone_by = NULL, ended = NULL",
            "whether its decision was undone or has ended",
        ),
        (
            "UPDATE decision SET ended = 2 WHERE leaf = 2",
            "whether its decision was undone or has ended",
        ),
    ],
)
def test_a_changed_row_is_found(folder: Path, statement: str, said: str) -> None:
    """Replay names the record whose decision, notice, action, leaf or reversal was changed."""
    change(folder, statement)
    outcome = check(folder)
    assert outcome.different >= 1
    assert said in {each["what"] for each in outcome.differences}


def test_the_author_and_the_content_digest_are_checked_too(folder: Path) -> None:
    """An erasure goes by the author's column, so a changed one is a difference."""
    change(folder, "UPDATE journal SET author = 5 WHERE seq = 2")
    change(folder, "UPDATE journal SET content = NULL WHERE seq = 3")
    found = {each["seq"]: each["what"] for each in check(folder).differences}
    assert found == {2: "its author", 3: "the digest of its content"}


def resealed(folder: Path, decision: str, changed: Callable[[bytes], bytes]) -> None:
    """Whoever has all keys writes another record of a decision."""
    keys = KeyFile(folder / KEY_FILE)
    sealed = rows(folder, "SELECT sealed FROM decision WHERE id = ?", decision)[0][0]
    plain = keys.open_decision(decision, sealed)
    row = keys.file.one("decision_key", (decision,))
    assert plain is not None
    assert row is not None
    again = AESGCM(row[0]).encrypt(NONCE, changed(plain), decision.encode())
    keys.close()
    change(folder, "UPDATE decision SET sealed = ? WHERE id = ?", again, decision)


@pytest.mark.parametrize(
    "changed",
    [
        lambda plain: plain.replace(b"bags", b"rags"),
        lambda plain: bytes(32) + plain[32:],
        lambda plain: plain[:10],
        lambda _: b"",
    ],
    ids=["reasons", "salt", "cut", "nothing"],
)
def test_another_record_than_the_log_commits_to_is_found(
    folder: Path, changed: Callable[[bytes], bytes]
) -> None:
    """Also where whoever changed it has every key: the leaf is of the first one."""
    second = rows(folder, "SELECT id FROM decision ORDER BY leaf")[1][0]
    resealed(folder, second, lambda plain: plain)
    assert check(folder).different == 0
    resealed(folder, second, changed)
    assert [each["what"] for each in check(folder).differences] == ["the record of its decision"]
    change(folder, "UPDATE decision SET sealed = zeroblob(200) WHERE id = ?", second)
    assert check(folder).different == 1


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE decision SET origin = 'own initiative'", "the record of its decision"),
        ("UPDATE decision SET origin = ''", "the record of its decision"),
        ("DELETE FROM demand_decision", "the record of its decision"),
        ("UPDATE demand_decision SET demand = 'dem_other'", "the record of its decision"),
        ("UPDATE decision SET by_role = 'rule'", "the record of its decision"),
        ("DELETE FROM demand", "its demand is not in the register"),
        ("UPDATE demand SET received = received - 1", "its demand"),
        ("UPDATE demand SET kind = 'lawyer'", "its demand"),
        ("UPDATE demand SET binding = 0", "its demand"),
        ("UPDATE demand SET outcome = 'done'", "its demand"),
        ("DELETE FROM demand_step", "its demand"),
        ("DELETE FROM demand_item", "its demand"),
        ("UPDATE demand_item SET record = NULL", "its demand"),
    ],
)
def test_a_demand_cannot_be_taken_out_unnoticed(tmp_path: Path, statement: str, said: str) -> None:
    """Neither out of the register nor out of what it began, by whoever writes SQL."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(event(1, text="buy my things"))
        name = demand(platform.engine, "post/e1", binding=True)
        (case,) = waiting(platform, "demand")
        removed(platform, case)
        step(platform.engine, "answer", name, outcome="refused", why="No clause of ours.")
        folder = platform.folder
    assert check(folder).different == 0
    for (trigger,) in rows(folder, "SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
        change(folder, f"DROP TRIGGER {trigger}")
    change(folder, statement)
    assert said in {each["what"] for each in check(folder).differences}


def test_what_a_control_said_is_what_the_log_commits_to(folder: Path) -> None:
    """Whoever has all keys writes another payload, and its digest: the line is of the first one."""
    seq, payload = rows(folder, "SELECT max(seq), payload FROM journal WHERE type = '!config'")[0]
    change(folder, "UPDATE head SET salted = 0")
    assert check(folder).different == 0
    other = json.dumps({**json.loads(payload), "by": 77}, separators=(",", ":"))
    keys = KeyFile(folder / KEY_FILE, readonly=True)
    digest = verdict_digest(keys.community, other)
    keys.close()
    change(folder, "UPDATE journal SET payload = ?, verdict = ? WHERE seq = ?", other, digest, seq)
    found = {(each["seq"], each["what"]) for each in check(folder).differences}
    assert (seq, "its line in the public log") in found
    change(folder, "UPDATE leaf SET entry = x'00' WHERE position = 0")
    assert "its line in the public log" in {each["what"] for each in check(folder).differences}


def uncommitted(folder: Path) -> list[int]:
    """The controls whose lines do not say what they should."""
    keys = KeyFile(folder / KEY_FILE, readonly=True)
    store = Store(folder / STORE_FILE, readonly=True)
    found = list(settled.uncommitted(store, keys, 1 << 40))
    store.close()
    keys.close()
    return found


def test_lines_of_before_salts_could_be_made_again_are_left_alone(folder: Path) -> None:
    """A store of an earlier program has them; what came since is held against the journal."""
    for position, entry in rows(folder, "SELECT position, entry FROM leaf"):
        told = json.loads(entry)
        told["commitment"] = "0" * 64
        other = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
        change(folder, "UPDATE leaf SET entry = ? WHERE position = ?", other, position)
    assert uncommitted(folder)
    leaves = rows(folder, "SELECT leaves FROM head")[0][0]
    change(folder, "UPDATE head SET salted = ?", leaves)
    assert uncommitted(folder) == []


@pytest.mark.parametrize("mark", [1, 2, 1 << 40])
def test_a_mark_that_was_moved_is_found(folder: Path, mark: int) -> None:
    """Whoever has lines let be that can be opened has moved it: every such line says so."""
    change(folder, "UPDATE head SET salted = ?", mark)
    assert uncommitted(folder)
    assert "its line in the public log" in {each["what"] for each in check(folder).differences}


def test_a_moved_mark_hides_no_change(folder: Path) -> None:
    """Not even where every control was written anew, with its digest, so that none of their lines
    can be opened any more: what was undone has a line that hangs on none of that.
    """
    keys = KeyFile(folder / KEY_FILE, readonly=True)
    query = "SELECT seq, payload FROM journal WHERE payload IS NOT NULL"
    for seq, payload in rows(folder, query):
        other = json.dumps({**json.loads(payload), "more": 1}, separators=(",", ":"))
        digest = verdict_digest(keys.community, other)
        told = (other, digest, seq)
        change(folder, "UPDATE journal SET payload = ?, verdict = ? WHERE seq = ?", *told)
    keys.close()
    change(folder, "UPDATE head SET salted = leaves")
    ((undone,),) = rows(folder, "SELECT seq FROM journal WHERE type = '!undo'")
    assert uncommitted(folder) == [undone]
