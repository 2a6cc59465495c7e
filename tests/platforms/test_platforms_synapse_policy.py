"""Rooms of other servers: their servers ask the operator's one, which asks Ombud, and signs."""

from __future__ import annotations

import secrets
import urllib.request
from collections.abc import Iterator

import pytest

from flow.served_platform import wait
from flow.small_community import rows
from platforms.federated import Federated, ask_to_sign, enter, federated, message
from platforms.synapse import Person
from platforms.watched_synapse import BAGS


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federated]:
    """Two servers that federate, one of them with the module."""
    with federated(tmp_path_factory.mktemp("federated")) as made:
        yield made


def seen(who: Person, room: str) -> list[str]:
    """What somebody has been able to read in a room."""
    return [str(each["content"].get("body")) for each in who.messages(room)]


def test_somebody_elsewhere_is_refused_with_the_link(both: Federated) -> None:
    """The author's own client says why; nobody on either server sees it, and what is allowed
    arrives.
    """
    refused = both.owner.say(both.room, f"{BAGS} far away")
    assert refused.status == 400
    assert refused.json["errcode"] == "M_FORBIDDEN"
    assert refused.json["org.ombud.action"] == "hold"
    link = refused.json["org.ombud.notice"]
    assert link in refused.json["error"]
    with urllib.request.urlopen(f"{link}?lang=en", timeout=30) as page:  # noqa: S310
        assert "A person will look at it." in page.read().decode()
    assert both.owner.say(both.room, "good morning").status == 200
    wait(lambda: "good morning" in seen(both.watcher, both.room), "it does not arrive")
    for who in (both.owner, both.watcher):
        assert f"{BAGS} far away" not in seen(who, both.room)


def test_a_far_server_is_not_believed_about_time(both: Federated) -> None:
    """What was asked about is of now, and says nothing of how old the account is."""
    query = "SELECT count(*) FROM journal WHERE type = 'post.created' AND via = 'check'"
    before = rows(both.site.folder, query)[0][0]
    both.wire.forget()
    assert both.owner.say(both.room, "another morning").status == 200
    assert rows(both.site.folder, query)[0][0] == before + 1
    assert b'"created"' not in both.wire.kept


def test_what_is_not_asked_about_is_signed(both: Federated) -> None:
    """Signs as reactions, votes, members, what is encrypted: they go on, and nothing leaves."""
    planted = f"zebra{secrets.token_hex(8)}"
    first = both.owner.say(both.room, "hello").json["event_id"]
    both.wire.forget()
    relation = {"rel_type": "m.annotation", "event_id": first, "key": "👍"}
    assert both.owner.send(both.room, {"m.relates_to": relation}, "m.reaction").status == 200
    vote = {
        "m.relates_to": {"rel_type": "m.reference", "event_id": first},
        "m.selections": [planted],
    }
    assert both.owner.send(both.room, vote, "m.poll.response").status == 200
    sealed = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": planted}
    assert both.owner.send(both.room, sealed, "m.room.encrypted").status == 200
    assert both.far.register(f"new{secrets.token_hex(4)}").join(both.room).status == 200
    assert both.wire.kept == b""


def test_a_room_that_nobody_named_is_not_looked_after(both: Federated) -> None:
    """Whoever points a room at the server gets no signature, and nothing of it leaves."""
    both.wire.forget()
    refused = both.owner.say(both.plain, "hello")
    assert (refused.status, refused.json["errcode"]) == (400, "M_FORBIDDEN")
    assert both.wire.kept == b""


def test_people_of_the_server_itself_are_asked_about_once(both: Federated) -> None:
    """Their messages were checked when they were sent: the far server gets its signature."""
    other = both.near.register(f"near{secrets.token_hex(4)}")
    enter(other, both.room, both.far.name)
    refused = other.say(both.room, f"{BAGS} nearby")
    assert (refused.status, refused.json["org.ombud.action"]) == (403, "hold")
    both.wire.forget()
    assert other.say(both.room, "good evening").status == 200
    wait(lambda: "good evening" in seen(both.owner, both.room), "it does not arrive")
    assert both.wire.kept.count(b"good evening") == 1


def test_without_ombud_the_far_room_does_as_the_hook_says(both: Federated) -> None:
    """Here: nothing is signed, by the deadline; once it is back, all goes on."""
    both.wire.be("deaf")
    try:
        told = both.owner.say(both.room, "is anybody there")
    finally:
        both.wire.be("through")
    assert (told.status, told.json["org.ombud.action"]) == (400, "later")
    assert both.owner.say(both.room, "somebody is there").status == 200


def test_only_what_its_authors_server_has_signed_is_looked_at(both: Federated) -> None:
    """A server that puts words into somebody's mouth, or changes them on the way, is not answered,
    and nothing is asked; nor is whoever is no server at all.
    """
    honest = message(both, both.owner.id, "honest")
    status, told = ask_to_sign(both, honest)
    assert (status, list(told[both.near.name])) == (200, ["ed25519:policy_server"])
    both.wire.forget()
    changed = {**honest, "content": {"msgtype": "m.text", "body": "changed"}}
    assert ask_to_sign(both, changed)[0] == 400
    foreign = message(both, "@somebody:localhost:1", "foreign")
    assert ask_to_sign(both, foreign)[0] == 400
    lent = {"localhost:1": foreign["signatures"][both.far.name]}
    assert ask_to_sign(both, {**foreign, "signatures": lent})[0] == 401
    assert both.near.ask("POST", "/_matrix/policy/v1/sign", honest).status == 401
    assert both.wire.kept == b""


def test_an_event_is_asked_about_once(both: Federated) -> None:
    """Every server of a room may ask about it: all hear the same."""
    held = message(both, both.owner.id, f"{BAGS} once")
    both.wire.forget()
    first, again = ask_to_sign(both, held), ask_to_sign(both, held)
    assert (first[0], first[1]["org.ombud.action"]) == (400, "hold")
    assert again == first
    assert both.wire.kept.count(b"POST /v1/check") == 1


def test_reasons_go_to_the_authors_own_server_alone(both: Federated) -> None:
    """Another server of the room hears that it is refused, and no more."""
    held = message(both, both.owner.id, f"{BAGS} for others")
    status, told = ask_to_sign(both, held, by=both.near)
    assert status == 400
    assert "/notice/" not in str(told)
    assert set(told) == {"errcode", "error"}
    assert "/notice/" in ask_to_sign(both, held)[1]["error"]


def test_what_could_not_be_asked_in_time_is_asked_anew(both: Federated) -> None:
    """That nobody answered is not remembered of an event."""
    event = message(both, both.owner.id, "asked twice")
    both.wire.be("deaf")
    try:
        assert ask_to_sign(both, event)[1]["org.ombud.action"] == "later"
    finally:
        both.wire.be("through")
    assert ask_to_sign(both, event)[0] == 200


def test_nothing_is_asked_about_strangers(both: Federated) -> None:
    """Of accounts that are not, and of those who have left the room: refused, unasked, and nothing
    is kept; whoever has just come in is known in a moment.
    """
    left = both.far.register(f"left{secrets.token_hex(4)}")
    assert left.join(both.room).status == 200
    assert left.say(both.room, "hello and goodbye").status == 200
    assert left.leave(both.room).status == 200
    there = f"/_matrix/client/v3/rooms/{both.room}/joined_members"

    def gone() -> bool:
        return left.id not in both.watcher.ask("GET", there).body.decode()

    wait(gone, "it is not told")
    asked = "SELECT count(*) FROM journal WHERE via = 'check'"
    before = rows(both.site.folder, asked)
    both.wire.forget()
    for who in (f"@puppet:{both.far.name}", left.id):
        status, told = ask_to_sign(both, message(both, who, "a sentence"))
        assert (status, told["errcode"]) == (400, "M_FORBIDDEN")
    assert both.wire.kept == b""
    assert rows(both.site.folder, asked) == before


def test_a_server_that_the_room_shuts_out_is_not_answered(both: Federated) -> None:
    """By its server ACL, whoever of it speaks. The last of the tests: nothing passes after it."""
    acl = {"allow": ["*"], "deny": ["localhost"], "allow_ip_literals": True}
    event = message(both, both.owner.id, "shut out")
    assert both.owner.state(both.room, "m.room.server_acl", acl).status == 200
    at = f"/_matrix/client/v3/rooms/{both.room}/state/m.room.server_acl"
    wait(lambda: both.watcher.ask("GET", at).status == 200, "it is not told")
    both.wire.forget()
    assert ask_to_sign(both, event)[0] == 403
    assert both.wire.kept == b""
