"""An undoing on a real Synapse takes back what Ombud did, and leaves what people did."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

import pytest

from ombud.connectors import matrix_client
from ombud.connectors.matrix_before import LEFT, NOT_OURS, PARTLY
from ombud.connectors.matrix_rooms import BY_OTHERS, NOT_IN
from platforms.matrix_side import Side, act, tell
from platforms.synapse import ADMIN, CLIENT, Person

pytestmark = pytest.mark.xdist_group("matrix")

LEVELS, RULES = "m.room.power_levels", "m.room.join_rules"
POLL = "org.matrix.msc3381.poll.start"
ASKED = {POLL: {"question": {"org.matrix.msc1767.text": "so?"}, "answers": []}}


def done(outcome: Any, detail: str = "") -> None:
    """The homeserver says that it is done, and no more than that is said."""
    assert (outcome.state, outcome.detail) == ("confirmed", detail), outcome


def put(matrix: Side, type_: str, **changes: Any) -> dict[str, Any]:
    """A moderator changes a piece of state as clients do: read, change, write all of it."""
    said = {**matrix.state(type_), **changes}
    assert matrix.owner.state(matrix.room, type_, said).status == 200
    return said


def poll(matrix: Side, who: Person) -> int:
    """Somebody asks a question in the room; how the homeserver answers."""
    return who.send(matrix.room, ASKED, POLL).status


def test_a_lock_shuts_every_door(matrix: Side) -> None:
    """Also for what the room lets everybody send by name; then all stands as before."""
    connector, who, subject = matrix.connector(), matrix.somebody(), f"room/{matrix.room}"
    events = {**matrix.state(LEVELS)["events"], POLL: 0, "m.room.topic": 0}
    before = put(matrix, LEVELS, events=events)
    assert poll(matrix, who) == 200
    done(act(connector, "lock", subject))
    assert poll(matrix, who) == 403
    assert who.state(matrix.room, "m.room.topic", {"topic": "x"}).status == 403
    assert who.say(matrix.room, "x").status == 403
    done(act(connector, "lock", subject, inverse=True))
    assert matrix.state(LEVELS) == before
    assert poll(matrix, who) == 200


def test_what_a_moderator_sets_meanwhile_stays(matrix: Side) -> None:
    """What still stands as Ombud set it comes back, the rest does not, and it is said."""
    connector, subject = matrix.connector(), f"room/{matrix.room}"
    before = matrix.state(LEVELS)
    events = {**before["events"], POLL: 0}
    put(matrix, LEVELS, events=events)
    done(act(connector, "lock", subject))
    put(matrix, LEVELS, events_default=100, kick=75)
    done(act(connector, "lock", subject, inverse=True), PARTLY)
    now = matrix.state(LEVELS)
    assert (now["events_default"], now["kick"], now["events"][POLL]) == (100, 75, 0)
    assert matrix.owner.state(matrix.room, LEVELS, before).status == 200
    open_ = put(matrix, RULES, join_rule="public")
    done(act(connector, "require approval", subject))
    closed = put(matrix, RULES, join_rule="invite")
    done(act(connector, "require approval", subject, inverse=True), LEFT)
    assert matrix.state(RULES) == closed
    assert matrix.owner.state(matrix.room, RULES, open_).status == 200


def test_a_memory_that_somebody_plants_means_nothing(matrix: Side) -> None:
    """What stands in the room dictates neither a lock nor what comes after it."""
    connector, who, subject = matrix.connector(), matrix.somebody(), f"room/{matrix.room}"
    before = matrix.state(LEVELS)
    planted = {"events_default": 0, "events": {LEVELS: 0, "m.room.tombstone": 0}}
    there = put(matrix, LEVELS, **{"org.ombud.before": planted})
    done(act(connector, "lock", subject))
    assert who.say(matrix.room, "x").status == 403
    done(act(connector, "lock", subject, inverse=True))
    assert matrix.state(LEVELS) == there
    assert matrix.owner.state(matrix.room, LEVELS, before).status == 200


def test_what_moderators_had_done_before_stays(matrix: Side) -> None:
    """A ban, a suspension and a rate that somebody else had set outlive Ombud's undoing."""
    connector, who, admin = matrix.connector(), matrix.somebody(), matrix.server.admin
    account = f"account/{who.id}"
    told: dict[str, Any] = {"params": {"room": matrix.room}}
    out = f"{CLIENT}/rooms/{quote(matrix.room)}/ban"
    assert matrix.owner.ask("POST", out, {"user_id": who.id}).status == 200
    done(act(connector, "ban from room", account, **told))
    done(act(connector, "ban from room", account, inverse=True, **told), BY_OTHERS)
    assert matrix.state("m.room.member", who.id)["membership"] == "ban"
    admin.ask("PUT", f"{ADMIN}/v1/suspend/{quote(who.id)}", {"suspend": True})
    done(act(connector, "suspend", account), NOT_OURS)
    done(act(connector, "suspend", account, inverse=True), NOT_OURS)
    assert who.say(matrix.other, "x").status == 403
    at = f"{ADMIN}/v1/users/{quote(who.id)}/override_ratelimit"
    rate = {"messages_per_second": 0, "burst_count": 0}
    assert admin.ask("POST", at, rate).status == 200
    done(act(connector, "limit", account))
    assert admin.ask("GET", at).json != rate
    done(act(connector, "limit", account, inverse=True))
    assert admin.ask("GET", at).json == rate


def test_a_ban_that_a_moderator_takes_over_stays(matrix: Side) -> None:
    """Whoever bans somebody anew after Ombud did means it."""
    connector, who = matrix.connector(), matrix.somebody()
    account = f"account/{who.id}"
    told: dict[str, Any] = {"params": {"room": matrix.room}}
    done(act(connector, "ban from room", account, **told))
    out = f"{CLIENT}/rooms/{quote(matrix.room)}/ban"
    mine = {"user_id": who.id, "reason": "and by me"}
    assert matrix.owner.ask("POST", out, mine).status == 200
    done(act(connector, "ban from room", account, inverse=True, **told), BY_OTHERS)
    assert matrix.state("m.room.member", who.id)["membership"] == "ban"


def test_a_label_goes_from_under_many(matrix: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is known by its id, however many reactions stand before it; where the id is not known and
    not all can be looked through, it is not said to be gone.
    """
    monkeypatch.setattr(matrix_client, "PAGES_MAX", 1)
    connector, who = matrix.connector(), matrix.somebody()
    event = matrix.said(who)
    subject = f"{matrix.room}/{event}"
    told: dict[str, Any] = {"params": {"text": "disputed"}}
    done(act(connector, "label", subject, **told))
    (made,) = [each["event_id"] for each in matrix.rest(event, "m.annotation")]
    for number in range(101):
        relation = {"rel_type": "m.annotation", "event_id": event, "key": str(number)}
        assert who.send(matrix.room, {"m.relates_to": relation}, "m.reaction").status == 200
    lost: dict[str, Any] = {"params": {"text": "disputed", "": "its memory was lost"}}
    outcome = act(connector, "label", subject, inverse=True, **lost)
    assert (outcome.state, outcome.detail[:4]) == ("refused", "U523")
    done(act(connector, "label", subject, inverse=True, **told))
    assert matrix.event(made)["content"] == {}


def test_who_was_not_let_in_is_held_by_nothing(matrix: Side) -> None:
    """A person holds on to a join: they are away, and nothing fails. Who is in is not held, and an
    account that was put out does not know who is.
    """
    connector, who = matrix.connector(), matrix.somebody()
    stranger = matrix.server.register(f"away{secrets.token_hex(4)}")
    done(act(connector, "hold", f"{matrix.room}/{stranger.id}"), NOT_IN.detail)
    assert act(connector, "hold", f"{matrix.room}/{who.id}").state == "refused"
    assert act(connector, "hold", f"{matrix.nowhere}/{stranger.id}").state == "refused"
    out = f"{CLIENT}/rooms/{quote(matrix.room)}/kick"
    assert matrix.owner.ask("POST", out, {"user_id": matrix.account.id}).status == 200
    assert stranger.join(matrix.room).status == 200
    try:
        outcome = act(connector, "hold", f"{matrix.room}/{stranger.id}")
        lock = act(connector, "lock", f"room/{matrix.room}")
    finally:
        assert matrix.account.join(matrix.room).status == 200
    assert [(each.state, each.detail[:4]) for each in (outcome, lock)] == [("retry", "U476")] * 2


def test_a_release_that_nobody_hears_of_is_not_delivered(matrix: Side) -> None:
    """It is told as the message to its author is: refused, tried again, or undeliverable."""
    connector, who, admin = matrix.connector(), matrix.somebody(), matrix.server.admin
    told: dict[str, Any] = {
        "inverse": True,
        "account": who.id,
        "statement": "https://talk.example/notice/T",
    }
    at = f"{ADMIN}/v2/users/{matrix.account.id}"
    assert admin.ask("PUT", at, {"admin": False}).status == 200
    try:
        outcome = act(connector, "hold", f"{matrix.room}/$gone", **told)
        notice = tell(connector, who.id, text="x")
    finally:
        assert admin.ask("PUT", at, {"admin": True}).status == 200
    assert outcome.state == notice.state
    assert outcome.state in ("refused", "retry")
    assert admin.ask("POST", f"{ADMIN}/v1/deactivate/{who.id}", {"erase": False}).status == 200
    assert act(connector, "hold", f"{matrix.room}/$gone", **told).state == "undeliverable"
