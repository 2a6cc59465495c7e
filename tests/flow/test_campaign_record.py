"""What is kept of a campaign: rows, digests, and what an earlier program has kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from flow.small_community import (
    DAY,
    NOW,
    SETTINGS,
    agrees_with_replay,
    change,
    check,
    hold_together,
    line,
    prepare,
    rows,
)
from flow.test_campaign_members import about, campaign_rule, copy, fine, send
from ombud import pipeline
from ombud.activation import program
from ombud.app import Engine
from ombud.journal import unpack_campaign, unpack_hits


def test_a_verdict_without_members_is_packed_as_it_always_was(tmp_path: Path) -> None:
    """Rows and digests of records that complete no campaign have nothing new in them."""
    with Engine(prepare(tmp_path, campaign_rule()), now=lambda: NOW) as engine:
        send(engine, *(copy(n) for n in range(4)))
    found = [
        row[0] for row in rows(tmp_path, "SELECT hits FROM journal WHERE seq > 1 ORDER BY seq")
    ]
    assert [each and len(msgspec.msgpack.decode(each)) for each in found] == [None, None, 5, 3]
    assert unpack_campaign(found[2]) == ({0: [2, 3]}, 0)
    assert unpack_campaign(found[3]) == ({}, 0)
    assert unpack_hits(found[2]) == unpack_hits(found[3]) == ([0], [], [])


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM decision WHERE about = 2", "its decisions"),
        ("UPDATE decision SET about = 4 WHERE about = 2", "its decisions"),
        ("UPDATE decision SET action = 'remove' WHERE about = 3", "its decisions"),
        ("UPDATE decision SET until = until + 1 WHERE about = 3", "its decisions"),
        (
            "DELETE FROM notice WHERE decision = (SELECT id FROM decision WHERE about = 3)",
            "what belongs to its decision",
        ),
        (
            "DELETE FROM outbox WHERE decision = (SELECT id FROM decision WHERE about = 3)",
            "what belongs to its decision",
        ),
        ("UPDATE decision SET leaf = leaf + 90 WHERE about = 3", "what belongs to its decision"),
    ],
)
def test_a_changed_row_of_a_member_is_found(tmp_path: Path, statement: str, said: str) -> None:
    """Replay holds a member's decision, notice, action and leaf against the verdict too."""
    with Engine(prepare(tmp_path, campaign_rule()), now=lambda: NOW) as engine:
        send(engine, *(copy(n) for n in range(3)))
    assert check(tmp_path).different == 0
    change(tmp_path, statement)
    assert {"seq": 4, "what": said} in check(tmp_path).differences


def test_members_in_a_row_cannot_be_changed(tmp_path: Path) -> None:
    """Neither where replay works them out, nor where it has to go by the row."""
    with Engine(prepare(tmp_path, campaign_rule()), now=lambda: NOW) as engine:
        send(engine, *(copy(n) for n in range(3)))
    told = (0,), (), (), [(0, [2])], 0
    change(tmp_path, "UPDATE journal SET hits = ? WHERE seq = 4", msgspec.msgpack.encode(told))
    assert check(tmp_path).differences == [{"seq": 4, "what": "the members of its campaign"}]
    change(tmp_path, "DELETE FROM body WHERE seq = 4")
    assert check(tmp_path).differences == [
        {"seq": 4, "what": "its verdict, from the recorded facts"}
    ]


def test_an_earlier_programs_campaign_meant_the_record_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its journal is judged as it was; this program's configuration is activated anew at the next
    start, and acts on members from then on.
    """
    folder = prepare(tmp_path, campaign_rule())
    whole = program.named
    earlier = {"campaign"}

    def named(rules: Any) -> dict[str, Any]:
        return {name: each for name, each in whole(rules).items() if name not in earlier}

    monkeypatch.setattr(program, "named", named)
    with Engine(folder, now=lambda: NOW) as engine:
        # what it compiled itself it would act on: it is restored as recorded, which says nothing
        engine.writer._rebuild()
        found = send(engine, *(copy(n) for n in range(3)))
        assert [each.members for each in found] == [(), (), ()]
    monkeypatch.undo()
    outcome = check(folder)
    assert (outcome.different, outcome.not_recomputable) == (0, 0)
    with Engine(folder, now=lambda: NOW) as engine:
        assert rows(folder, "SELECT count(*) FROM journal WHERE type = '!config'") == [(2,)]
        (answer,) = send(engine, copy(9))
        assert answer.members == (2, 3)
        agrees_with_replay(engine)
        hold_together(folder)


def test_an_unlicensed_campaign_is_one_case(tmp_path: Path) -> None:
    """Without a licence nobody is acted on, and a person is asked about the record."""
    folder = prepare(tmp_path, campaign_rule("remove campaign"), SETTINGS)
    with Engine(folder, now=lambda: NOW) as engine:
        assert send(engine, *(copy(n) for n in range(3)))[-1].members == ()
        assert about(folder) == []
        assert rows(folder, "SELECT seq, reason FROM review_case") == [(4, "no licence")]
        fine(engine)


def test_accepted_posts_stay_accepted(tmp_path: Path) -> None:
    """A post that is held later was accepted when it came: that is not taken back."""
    with Engine(prepare(tmp_path, campaign_rule()), now=lambda: NOW) as engine:
        send(engine, *(copy(n) for n in range(3)))
        accepted = "SELECT accepted FROM history WHERE account = ?"
        tokens = [engine.keys.known_account("chat", f"p{n}") for n in range(3)]
        assert [rows(tmp_path, accepted, each)[0][0] for each in tokens] == [1, 1, 0]
        fine(engine)


def test_a_stale_copy_is_no_member_and_completes_nothing(tmp_path: Path) -> None:
    """More than a day behind the community it is in no window, and its counts are unknown."""
    later = 3 * DAY / 1_000_000
    with Engine(prepare(tmp_path, campaign_rule()), now=lambda: NOW + 4 * DAY) as engine:
        found = send(engine, copy(1, later), copy(2, 0), copy(3, later + 1), copy(4, 1))
        assert [each.action for each in found] == ["allow"] * 4
        assert "copies" in found[3].unknown
        fine(engine)


def test_a_campaign_does_not_hold_up_the_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a transaction has made many decisions, the rest of the group comes in another one, in
    its order, and is answered all the same.
    """
    monkeypatch.setattr(pipeline, "DECISIONS_MAX", 3)
    with Engine(prepare(tmp_path, campaign_rule()), now=lambda: NOW) as engine:
        heads: list[int] = []
        engine.writer.committed = lambda: heads.append(engine.writer.pipeline.seq)
        found: list[Any] = engine.submit([line(copy(n)) for n in range(9)])
        assert [each.seq for each in found] == list(range(2, 11))
        assert [each.action for each in found] == ["allow", "allow", *["hold"] * 7]
        assert heads == [4, 7, 10]
        fine(engine)
