"""The look-up control: what it asks, what it keeps and under what, and what an erasure leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flow.case_desk import DESK_RULES, bags, flag
from flow.small_community import agrees_with_replay, event, hold_together, line, prepare, rows
from ombud import casework, daywork, staffing
from ombud.app import Engine
from ombud.controls import lookup
from ombud.errors import BadUse

WHY = "A neighbour wrote to us about it."


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community with a reviewer, an author of rules and an auditor; Ana posted, Lan flagged."""
    with Engine(prepare(tmp_path, DESK_RULES)) as opened:
        for name, *roles in (("Thu", "admin"), ("mia", "reviewer"), ("Uyên", "author")):
            staffing.change(opened, "added", name, "admin", roles=roles)
        told = [event(1, text="hello"), bags(2, at=1), flag(3, "post/e1", "lan", 2)]
        opened.submit([line(each) for each in told])
        yield opened


def look(engine: Engine, kind: str = "member", by: str = "mia", **about: Any) -> str:
    """One look-up; its id."""
    asked = {"platform": "chat", "name": "ana", "reason": WHY, **about}
    done = daywork.perform(engine, "look up", {"kind": kind, "by": by, **asked})
    return str(done["look"])


def refused(code: str, engine: Engine, **asked: Any) -> BadUse:
    """The refusal that a look-up meets; nothing is journalled, and there is nothing to see."""
    before = rows(engine.folder, "SELECT max(seq) FROM journal")
    with pytest.raises(BadUse) as caught:
        look(engine, **asked)
    assert caught.value.code == code
    assert rows(engine.folder, "SELECT max(seq) FROM journal") == before
    assert not rows(engine.folder, "SELECT id FROM lookup")
    return caught.value


def payloads(engine: Engine) -> list[dict[str, Any]]:
    """What the journal has of look-ups."""
    found = rows(engine.folder, "SELECT payload FROM journal WHERE type = '!lookup' ORDER BY seq")
    return [json.loads(each[0]) for each in found]


def test_the_journal_has_tokens_and_no_names_or_reasons(engine: Engine) -> None:
    """Who looked, at whom and when stands there, as tokens; the reason is sealed elsewhere."""
    made = look(engine)
    (payload,) = payloads(engine)
    who = engine.keys.known_account("chat", "ana")
    mia = staffing.token(engine, "mia")
    assert payload == {
        "look": made,
        "by": mia,
        "kind": "member",
        "about": who,
        "record": None,
        "case": None,
    }
    whole = b"".join(each.read_bytes() for each in engine.folder.glob("ombud.db*"))
    assert WHY.encode() not in whole
    ((key, sealed),) = rows(engine.folder, "SELECT id, sealed FROM lookup")
    plain = engine.keys.open_decision(key, sealed)
    assert plain is not None
    assert msgspec.json.decode(plain, type=lookup.Reason) == lookup.Reason(WHY)
    agrees_with_replay(engine)
    hold_together(engine.folder)


@pytest.mark.parametrize("reason", ["", "too short", " " * 30, "x" * 501, "nine" + "\u0301" * 0])
def test_a_reason_has_its_bounds(engine: Engine, reason: str) -> None:
    """Without a case, nothing shorter than a sentence is taken, and nothing longer than read."""
    assert "10" in refused("U271", engine, reason=reason).message


@pytest.mark.parametrize("reason", ["x" * 10, "x" * 500])
def test_a_reason_at_its_bounds_is_taken(engine: Engine, reason: str) -> None:
    """The bounds themselves are within."""
    assert look(engine, reason=reason)


def test_only_who_may_look_up_does(engine: Engine) -> None:
    """A permission of its own: writers of rules have it not."""
    refused("U201", engine, by="Uyên")
    refused("U200", engine, by="nobody here")


@pytest.mark.parametrize(
    "about",
    [
        {"name": "nobody"},
        {"platform": "forum"},
        {"platform": "\0staff", "name": "mia"},
        {"kind": "post", "record": 0},
        {"kind": "post", "record": 1},
        {"kind": "post", "record": 10_000},
        {"kind": "planet"},
        {"kind": "room", "name": ""},
        {"kind": "room", "name": "x" * 300},
    ],
)
def test_what_is_not_known_is_not_looked_up(engine: Engine, about: dict[str, Any]) -> None:
    """Neither unknown accounts, nor those who run the community, nor controls."""
    refused("U270", engine, **about)


def test_a_case_of_ones_own_is_the_reason(engine: Engine) -> None:
    """While it is claimed or assigned, and about them; not somebody else's, nor one let go."""
    refused("U271", engine, reason="")
    ((case,),) = rows(engine.folder, "SELECT id FROM review_case WHERE reason = 'hold'")
    casework.perform(engine, "claim case", {"case": case, "by": "mia"})
    staffing.change(engine, "added", "Bình", "admin", roles=["reviewer"])
    with pytest.raises(BadUse):
        look(engine, by="Bình", reason="")
    look(engine, reason="")
    assert payloads(engine)[-1]["case"] == case
    ((record,),) = rows(engine.folder, "SELECT record FROM case_subject WHERE id = ?", case)
    look(engine, "post", record=record, reason="")
    assert payloads(engine)[-1]["case"] == case
    with pytest.raises(BadUse):
        look(engine, "room", name="hall", reason="")
    casework.perform(engine, "give case back", {"case": case, "by": "mia"})
    with pytest.raises(BadUse):
        look(engine, reason="")
    casework.perform(engine, "assign case", {"case": case, "by": "mia", "to": "Bình"})
    look(engine, by="Bình", reason="")
    assert payloads(engine)[-1]["case"] == case
    agrees_with_replay(engine)


def test_an_erasure_takes_look_ups_along(engine: Engine) -> None:
    """Of whoever was looked up, by name or by a post of theirs, and of a flag that they sent."""
    kept = look(engine, "room", name="hall")
    query = "SELECT seq FROM journal WHERE kind = ? ORDER BY seq"
    ((post, *_), *_), ((flagged, *_),) = (
        rows(engine.folder, query, each) for each in ("post", "flag")
    )
    gone = [look(engine), look(engine, "post", record=post), look(engine, "post", record=flagged)]
    assert [each["about"] is None for each in payloads(engine)] == [True, False, False, False]
    engine.erase("chat", "ana")
    left = dict(rows(engine.folder, "SELECT id, sealed IS NOT NULL FROM lookup"))
    assert left == {kept: 1, **dict.fromkeys(gone, 0)}
    assert not rows(engine.folder, "SELECT 1 FROM lookup WHERE about IS NOT NULL")
    assert not any(engine.keys.has_decision_key(each) for each in gone)
    assert engine.keys.has_decision_key(kept)
    agrees_with_replay(engine)


def test_who_sent_a_flag_takes_the_look_up_of_it_along(engine: Engine) -> None:
    """The record is theirs, though it is about somebody else."""
    ((flagged,),) = rows(engine.folder, "SELECT seq FROM journal WHERE kind = 'flag'")
    made = look(engine, "post", record=flagged)
    engine.erase("chat", "lan")
    assert not engine.keys.has_decision_key(made)
    assert rows(engine.folder, "SELECT sealed, record FROM lookup") == [(None, None)]
    agrees_with_replay(engine)
