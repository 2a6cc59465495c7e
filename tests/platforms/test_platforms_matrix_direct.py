"""Whom no server notice reaches is told in a room of their own, over two Synapses that federate."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import msgspec
import pytest

from flow.served_platform import SECRET, wait
from flow.small_community import rows
from ombud import clock, session
from ombud.config import MatrixConnector as Settings
from ombud.connectors import matrix_direct
from ombud.connectors.matrix import Asked, MatrixConnector
from ombud.connectors.matrix_direct import Asking
from platforms.direct import accept, chat, invitations, invited, link_of, page, told
from platforms.federated import RUMOUR, Federated, enter, federated
from platforms.matrix_side import act, ids, side, tell
from platforms.synapse import ADMIN, CLIENT, HOST, Person
from platforms.watched_synapse import BAGS

pytestmark = pytest.mark.xdist_group("direct")

TOLD = {
    "title": "Talk: a <decision>",
    "text": "Bài viết của bạn đang chờ.",
    "link": "https://talk.example/notice/TOKEN",
}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federated]:
    """Two servers that federate, and Ombud's account at one of them."""
    with federated(tmp_path_factory.mktemp("direct")) as made:
        yield made


@pytest.fixture
def connector(both: Federated) -> Iterator[MatrixConnector]:
    """What the sender sends by."""
    with closing(connected(both)) as made:
        yield made


def connected(both: Federated) -> MatrixConnector:
    """A connector of its own, as the sender makes one."""
    settings = {
        "url": both.near.url,
        "server": both.near.name,
        "rooms": [both.room],
        "allow": [HOST],
    }
    return MatrixConnector(msgspec.convert(settings, Settings), SECRET)


def somebody(both: Federated) -> Person:
    """Somebody with an account at the far server."""
    return both.far.register(f"far{secrets.token_hex(4)}")


def test_somebody_of_another_server_is_invited_once(
    both: Federated, connector: MatrixConnector
) -> None:
    """The invitation says it all, and so does the room once they are in it; more is told there."""
    who, key = somebody(both), ids()
    outcomes = [tell(connector, who.id, key=key, **TOLD) for _ in range(2)]
    assert [each.state for each in outcomes] == ["sent", "sent"], outcomes
    ((room, event),) = invitations(who).items()
    assert event["sender"] == both.account.id
    assert event["content"]["is_direct"] is True
    assert event["content"]["reason"] == "\n\n".join(TOLD.values())
    accept(who, room, both.near.name)
    wait(lambda: told(who, room) == ["\n\n".join(TOLD.values())], "nothing is there")
    assert tell(connector, who.id, title="Talk", text="More").state == "delivered"
    wait(lambda: told(who, room)[1:] == ["Talk\n\nMore"], "nothing more is there")
    assert invitations(who) == {}
    at = f"{CLIENT}/rooms/{quote(room)}/state/m.room.encryption"
    assert both.account.ask("GET", at).status == 404


def test_whoever_left_or_declined_is_not_invited_again(
    both: Federated, connector: MatrixConnector
) -> None:
    """It is said of them that nothing reaches them; their room stays the only one."""
    joined, declined = somebody(both), somebody(both)
    for who in (joined, declined):
        assert tell(connector, who.id, **TOLD).state == "sent"
        room = invited(who)
        if who is joined:
            accept(who, room, both.near.name)
        assert who.leave(room).status == 200
        wait_until_gone(both, room, who)
        outcome = tell(connector, who.id, **TOLD)
        assert outcome.state == "undeliverable"
        assert "left" in outcome.detail
        assert invitations(who) == {}


def test_whose_server_refuses_is_not_asked_again(
    both: Federated, connector: MatrixConnector
) -> None:
    """Nor is what is no account at all."""
    who = somebody(both)
    at = f"{CLIENT}/user/{quote(who.id)}/account_data/m.invite_permission_config"
    assert who.ask("PUT", at, {"default_action": "block"}).status == 200
    assert tell(connector, who.id, **TOLD).state == "undeliverable"
    assert who.ask("PUT", at, {"default_action": "allow"}).status == 200
    for account in (who.id, "@bo", "bo", "@a b:c", "@a:b c", None, ""):
        outcome = tell(connector, account, **TOLD)
        assert outcome.state == "undeliverable", (account, outcome)
    assert invitations(who) == {}


def test_only_so_many_people_are_invited_within_an_hour(
    both: Federated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest waits; whoever is in their room is told all the same, and so is who asked."""
    monkeypatch.setattr(matrix_direct, "ROOMS_AN_HOUR", 1)
    first, second = somebody(both), somebody(both)
    with closing(connected(both)) as one:
        assert tell(one, first.id, **TOLD).state == "sent"
        waits = tell(one, second.id, **TOLD)
        assert (waits.state, waits.unreached) == ("retry", True)
        assert 0 < (waits.wait or 0) <= 3600
        assert tell(one, first.id, **TOLD).state == "sent"
        told_ = Asked(type="asked", key=ids(), title="Talk", text="Look", now=clock.now())
        assert one.answer(Asking(second.id), told_).state == "sent"
    assert invitations(second)


def test_nobody_but_the_account_rules_such_a_room(
    both: Federated, connector: MatrixConnector
) -> None:
    """Whoever is told can let nobody else in to read it, and changes nothing there."""
    who, friend = somebody(both), somebody(both)
    assert tell(connector, who.id, **TOLD).state == "sent"
    room = invited(who)
    accept(who, room, both.near.name)
    assert who.invite(room, friend.id).status == 403
    assert who.state(room, "m.room.join_rules", {"join_rule": "public"}).status == 403
    for other in (friend, both.watcher):
        found = other.ask("POST", f"{CLIENT}/join/{quote(room)}?via={quote(both.near.name)}", {})
        assert found.status == 403


def test_who_writes_is_answered_with_a_link_and_nothing_of_it_is_kept(both: Federated) -> None:
    """A chat that is begun, encrypted or not, and a word in one's own room: each is answered there
    with a link to the list; what was written stands in no file and in no line of the log.
    """
    planted, who = f"planted-{secrets.token_hex(8)}", somebody(both)
    encrypted = [{"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
    theirs = chat(who, both.account.id, name=planted, initial_state=encrypted)
    assert who.say(theirs, planted).status == 200
    room = invited(who)
    accept(who, room, both.near.name)
    wait(lambda: told(who, room), "no answer")
    assert "Nothing was decided here" in page(link_of(told(who, room)[0]))
    assert who.say(room, planted).status == 200
    wait(lambda: len(told(who, room)) == 2, "no second answer")
    assert link_of(told(who, room)[1]) != link_of(told(who, room)[0])
    for path in [*both.site.folder.rglob("*"), both.site.serving.log]:
        if path.is_file():
            content = path.read_bytes()
            assert planted.encode() not in content, path
            assert who.id.encode() not in content, path


def test_nobody_asks_for_somebody_else(both: Federated, connector: MatrixConnector) -> None:
    """Into a group, or somebody else's room, no answer comes; nor does one who was invited by a
    third get any.
    """
    who, other = somebody(both), somebody(both)
    group = who.room(invite=[both.account.id])  # not a chat for two
    assert who.say(group, "hello").status == 200
    assert tell(connector, other.id, **TOLD).state == "sent"
    room = invited(other)
    told_ = Asked(type="asked", key=ids(), title="Talk", text="Look", now=clock.now())
    assert connector.answer(Asking(who.id, room), told_).state == "refused"
    accept(other, room, both.near.name)
    assert chat(who, both.account.id)
    accept(who, invited(who), both.near.name)
    assert [each for each in told(other, room) if "Look" in each] == []


def test_without_server_notices_everybody_is_told_so(tmp_path: Path) -> None:
    """People of the homeserver itself too, in rooms that are not encrypted where others would be;
    whoever is suspended cannot accept, and it is not said that they were told. Where an admin took
    the room away nobody is invited anew, but who asks.
    """
    more = {"server_notices": None, "encryption_enabled_by_default_for_room_type": "invite"}
    with side(tmp_path, **more) as here:
        connector, who, kept = here.connector(), here.somebody(), here.somebody()
        for each in (who, kept):
            assert tell(connector, each.id, **TOLD).state == "sent"
        room = invited(who)
        accept(who, room, here.server.name)
        assert tell(connector, who.id, **TOLD).state == "delivered"
        at = f"{CLIENT}/rooms/{quote(room)}/state/m.room.encryption"
        assert here.account.ask("GET", at).status == 404
        assert act(connector, "suspend", f"account/{kept.id}").state == "confirmed"
        found = kept.ask("POST", f"{CLIENT}/join/{quote(invited(kept))}", {})
        assert found.json["errcode"] == "M_USER_SUSPENDED"
        assert tell(connector, kept.id, **TOLD).state == "sent"
        at = f"{ADMIN}/v1/rooms/{quote(room)}"
        assert here.server.admin.ask("DELETE", at, {"purge": True}).status == 200
        assert tell(connector, who.id, **TOLD).state == "undeliverable"
        told_ = Asked(type="asked", key=ids(), title="Talk", text="Look", now=clock.now())
        assert connector.answer(Asking(who.id), told_).state == "sent"
        assert invited(who) != room


def last_case(both: Federated, name: str) -> str:
    """The case that a rule has opened last."""
    query = "SELECT id FROM review_case WHERE closed IS NULL AND rule = ? ORDER BY rowid DESC"
    wait(lambda: rows(both.site.folder, query, name), "no case")
    return str(rows(both.site.folder, query, name)[0][0])


def test_who_was_refused_by_a_far_room_hears_that_it_was_let_go(both: Federated) -> None:
    """Refused by the policy server; when a person releases it, they are invited and read so."""
    who = somebody(both)
    enter(who, both.room, both.far.name)
    refused = who.say(both.room, f"{BAGS} from afar")
    assert refused.status == 400
    case = last_case(both, "bags")
    session.request(both.site.folder, "decide case", case=case, outcome="release")
    room = invited(who)
    accept(who, room, both.near.name)
    wait(lambda: any("You can send it again" in each for each in told(who, room)), "not told")
    assert link_of(told(who, room)[0]) == refused.json["org.ombud.notice"]
    assert who.say(both.room, f"{BAGS} from afar").status == 200


def test_who_is_banned_from_a_far_room_is_told_and_appeals(both: Federated) -> None:
    """The whole way: a person decides, they are invited, read it, open the link, and appeal; all of
    it is found again by asking.
    """
    who, folder = somebody(both), both.site.folder
    enter(who, both.room, both.far.name)
    assert who.say(both.room, f"he did it, {RUMOUR}").status == 200
    case, acts = last_case(both, "rumour"), [{"action": "ban from room"}]
    session.request(folder, "decide case", case=case, outcome="uphold", acts=acts)
    room = invited(who)
    query = "SELECT state, detail FROM outbox WHERE kind = 'notice' ORDER BY rowid DESC LIMIT 1"
    wait(lambda: rows(folder, query)[0][0] == "sent", "it is not said that it was sent")
    accept(who, room, both.near.name)
    wait(lambda: told(who, room), "nothing is there")
    wait(lambda: rows(folder, query)[0][0] == "delivered", "it is not said that they have it")
    link = link_of(told(who, room)[0])
    (decision,) = re.findall(r'name="decision" value="(dec_[^"]+)"', page(link))
    form = urlencode({"decision": decision, "text": "It was a joke.", "lang": "en"}).encode()
    with urlopen(Request(f"{link}/appeal", form), timeout=30) as answered:  # noqa: S310
        assert "It was a joke." in answered.read().decode()
    assert who.say(room, "I have lost the link").status == 200
    wait(lambda: any("/statements/" in each for each in told(who, room)), "no list")
    assert link in page(link_of(told(who, room)[-1]))


def test_whom_nothing_reached_finds_it_by_asking(
    both: Federated, connector: MatrixConnector
) -> None:
    """Of somebody who declined it is said, and counted in public, that nothing reached them; they
    start a chat, and the list has the statement.
    """
    who, folder = somebody(both), both.site.folder
    assert tell(connector, who.id, **TOLD).state == "sent"
    room = invited(who)
    assert who.leave(room).status == 200
    wait_until_gone(both, room, who)
    enter(who, both.room, both.far.name)
    assert who.say(both.room, f"again the {RUMOUR}").status == 200
    case, acts = last_case(both, "rumour"), [{"action": "ban from room"}]
    session.request(folder, "decide case", case=case, outcome="uphold", acts=acts)
    query = "SELECT state, line FROM outbox WHERE kind = 'notice' ORDER BY rowid DESC LIMIT 1"
    wait(lambda: rows(folder, query)[0][0] == "undeliverable", "it is not said")
    assert rows(folder, query)[0][1] is not None
    assert chat(who, both.account.id)
    assert invited(who) == room
    accept(who, room, both.near.name)
    wait(lambda: any("/statements/" in each for each in told(who, room)), "no list")
    listed = page(link_of(told(who, room)[-1]))
    (link,) = set(re.findall(r'href="(http[^"]+/notice/[\w-]+)', listed))
    assert 'name="decision"' in page(link)


def test_whose_server_is_down_is_told_later_or_finds_it(both: Federated) -> None:
    """Not now, and at last `undeliverable`, not failed; meanwhile their server is left alone. Once
    it is back its people can ask.
    """
    who = somebody(both)
    both.far.kill()
    try:
        with closing(connected(both)) as one:
            outcomes = [tell(one, who.id, **TOLD) for _ in range(2)]
    finally:
        both.far.start()
    assert [(each.state, each.unreached) for each in outcomes] == [("retry", True)] * 2
    assert "could not be reached a moment ago" in outcomes[1].detail
    assert chat(who, both.account.id)
    room = invited(who)
    accept(who, room, both.near.name)
    wait(lambda: any("/statements/" in each for each in told(who, room)), "no list")


def wait_until_gone(both: Federated, room: str, who: Person) -> None:
    """Wait until the near server knows that somebody has left."""
    at = f"{CLIENT}/rooms/{quote(room)}/state/m.room.member/{quote(who.id)}"
    wait(lambda: both.account.ask("GET", at).json.get("membership") == "leave", "still there")
