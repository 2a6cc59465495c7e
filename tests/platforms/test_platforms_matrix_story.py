"""A real Synapse, connected as the how-to says, and a real Ombud: what happens in the room is read
once and in order, what is decided is done, and neither side's end loses anything.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from flow.served_platform import wait
from flow.small_community import rows
from ombud import session
from ombud.reading import Reader, reading
from platforms.synapse import CLIENT, Person
from platforms.talk import BAGS, RUMOUR, Talk, talk

pytestmark = pytest.mark.xdist_group("talk")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """Both servers, connected."""
    with talk(tmp_path_factory.mktemp("talk")) as made:
        yield made


def test_the_check_says_what_is_missing_until_nothing_is(here: Talk) -> None:
    """Before the restart the application service; then the account's powers; then nothing."""
    first, second, third = here.looked
    assert [each.what for each in first if each.lack] == [
        f"the application service, as @ombud:{here.server.name}"
    ]
    assert first[-1].code == "U474"
    lacking = [each.what for each in second if each.lack]
    assert lacking[0].endswith("is an admin of the homeserver")
    assert lacking[1] == f"{here.room}: power level 100"
    assert [each for each in third if each.lack] == []
    assert third[-1].what == "the way from the homeserver to Ombud"


def test_what_happens_in_the_room_is_read(here: Talk) -> None:
    """A join, a post, an answer, an edit, a new name, a redaction: each once, in this order."""
    who, room = here.somebody(), here.room
    before = here.last()
    first = who.say(room, "good morning").json["event_id"]
    relation = {"m.in_reply_to": {"event_id": first}}
    reply = who.say(room, "and to you", **{"m.relates_to": relation}).json["event_id"]
    edited = {
        "m.new_content": {"msgtype": "m.text", "body": "good evening"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": first},
    }
    edit = who.say(room, "* good evening", **edited).json["event_id"]
    at = f"{CLIENT}/profile/{quote(who.id)}/displayname"
    assert who.ask("PUT", at, {"displayname": "Somebody Else"}).status == 200
    gone = who.ask("PUT", f"{CLIENT}/rooms/{quote(room)}/redact/{quote(reply)}/r1", {})
    seqs = here.seqs(first, reply, edit, gone.json["event_id"])
    assert seqs == sorted(seqs)
    assert seqs[0] > before - 2
    kinds = dict(rows(here.folder, "SELECT seq, kind FROM journal"))
    assert [kinds[each] for each in seqs] == ["post", "reply", "edit", None]
    wait(lambda: "account.updated" in here.types(before), "the new name was not read")
    joins = "SELECT count(*) FROM journal WHERE type = 'member.joined' AND seq <= ?"
    assert rows(here.folder, joins, seqs[0])[0][0] >= 1


def test_nothing_of_what_was_not_named_arrives(here: Talk) -> None:
    """A string said in another room, to one person and as if encrypted stands nowhere: in no
    file of the community, in no line of its log.
    """
    planted = f"planted-{secrets.token_hex(8)}"
    who, friend = here.somebody(), here.server.register("friend")
    assert who.join(here.nowhere).status == 200
    direct = who.room(preset="trusted_private_chat", is_direct=True, invite=[friend.id])
    assert friend.join(direct).status == 200
    for room in (here.nowhere, direct):
        assert who.say(room, planted).status == 200
    cipher = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": planted}
    assert who.send(here.room, cipher, "m.room.encrypted").status == 200
    here.seqs(who.say(here.room, "after all of it").json["event_id"])
    for path in [*here.folder.rglob("*"), here.serving.log]:
        if path.is_file():
            assert planted.encode() not in path.read_bytes(), path


def test_what_members_report_is_read_once(here: Talk) -> None:
    """A message and a person: who flagged, what, by whom and why; of other rooms nothing. After a
    start of Ombud's nothing is read again.
    """
    who, by = here.somebody(), here.somebody()
    stranger = here.server.register("stranger")
    event = who.say(here.room, "report me").json["event_id"]
    hidden = here.owner.say(here.nowhere, "not me").json["event_id"]

    there = f"rooms/{quote(here.nowhere)}/report/{quote(hidden)}"
    told = here.owner.ask("POST", f"{CLIENT}/{there}", {"reason": "hidden reason"})
    assert told.status == 200
    at = f"{CLIENT}/rooms/{quote(here.room)}/report/{quote(event)}"
    assert by.ask("POST", at, {"reason": "rude"}).status == 200
    for each, reason in ((stranger, "hidden reason"), (who, "a bad name")):
        at = f"{CLIENT}/users/{quote(each.id)}/report"
        assert by.ask("POST", at, {"reason": reason}).status == 200
    flags = "SELECT seq FROM journal WHERE type = 'flag.created' ORDER BY seq"
    wait(lambda: len(rows(here.folder, flags)) == 2, "the reports were not read")
    with reading(here.folder) as reader:
        read = [plain_of(reader, seq) for (seq,) in rows(here.folder, flags)]
    message, person = read
    assert message["reporter"]["id"] == by.id
    assert message["reported"] == {"id": f"{here.room}/{event}", "author": {"id": who.id}}
    assert (message["reason"], message["room"]["id"]) == ("rude", here.room)
    assert person["reported"] == {"id": f"account/{who.id}", "author": {"id": who.id}}
    here.serving.stop()
    here.serving.start()
    at = f"{CLIENT}/rooms/{quote(here.room)}/report/{quote(event)}"
    assert who.ask("POST", at, {"reason": "once more"}).status == 200
    wait(lambda: len(rows(here.folder, flags)) == 3, "the last report was not read")


def plain_of(reader: Reader, seq: int) -> Any:
    """What an event said."""
    ((sealed,),) = rows(reader.folder, "SELECT sealed FROM body WHERE seq = ?", seq)
    content = reader.keys.open_body(seq, sealed)
    assert content is not None
    return json.loads(content)["data"]


def test_what_is_held_is_told_with_its_link(here: Talk) -> None:
    """The author is refused with the link of the notice; nobody else sees anything of it."""
    who = here.somebody()
    refused = who.say(here.room, f"{BAGS} here")
    assert refused.status == 403
    assert "/notice/" in refused.json["org.ombud.notice"]
    assert BAGS not in str(here.owner.messages(here.room))
    session.request(here.folder, "decide case", case=waiting(here, "bags"), outcome="release")
    wait(lambda: any("send it again" in each for each in notices(who)), "not told of the release")


def notices(who: Person) -> list[str]:
    """What the homeserver has told somebody."""
    joined = who.ask("GET", f"{CLIENT}/joined_rooms").json["joined_rooms"]
    return [
        str(each["content"].get("body"))
        for room in joined
        for each in who.messages(room)
        if each["sender"].startswith("@notices:") and each["type"] == "m.room.message"
    ]


def waiting(here: Talk, rule: str) -> str:
    """The case that a rule has opened."""
    query = "SELECT id FROM review_case WHERE closed IS NULL AND rule = ?"
    wait(lambda: rows(here.folder, query, rule), "no case")
    ((case,),) = rows(here.folder, query, rule)
    return str(case)


def decided(here: Talk, event: str) -> str:
    """A person labels what a rule put before them; the decision."""
    (seq,) = here.seqs(event)
    acts = [{"action": "label", "text": "disputed"}]
    case = waiting(here, "rumour")
    session.request(here.folder, "decide case", case=case, outcome="uphold", acts=acts)
    ((decision,),) = rows(here.folder, "SELECT id FROM decision WHERE about = ?", seq)
    return str(decision)


def test_what_is_decided_while_the_homeserver_is_away_is_done_once(here: Talk) -> None:
    """A person's label comes with a notice. It is taken back while Synapse is down, and goes once
    Synapse is there.
    """
    who = here.somebody()
    event = who.say(here.room, f"he did it, {RUMOUR}").json["event_id"]
    decision = decided(here, event)
    wait(lambda: here.labels(event) == ["disputed"], "no label")
    wait(lambda: any("/notice/" in each for each in notices(who)), "no notice")
    here.server.kill()
    try:
        assert session.request(here.folder, "undo", ids=[decision]) == [decision]
        query = "SELECT state, attempts FROM outbox WHERE decision = ? AND inverse = 1"
        wait(lambda: rows(here.folder, query, decision)[0][1] >= 1, "nothing was tried")
        assert rows(here.folder, query, decision)[0][0] in ("asked", "sending")
    finally:
        here.server.start()
    wait(lambda: here.labels(event) == [], "the label stayed")
    wait(lambda: rows(here.folder, query, decision)[0][0] == "confirmed", "not confirmed")


@pytest.mark.parametrize("fault", ["", "committed:3"])
def test_while_ombud_is_away_nothing_is_lost(here: Talk, fault: str) -> None:
    """What is said meanwhile is read afterwards, in order and once; also where Ombud ends between
    keeping a transaction and saying so.
    """
    who = here.somebody()
    here.seqs(who.say(here.room, "before").json["event_id"])
    if fault:
        here.serving.stop()
        here.serving.start(OMBUD_FAULT=fault)
    else:
        here.serving.kill()
    said = []
    for number in range(12):
        answer = who.say(here.room, f"meanwhile {number}")
        assert answer.status == 200, answer
        said.append(answer.json["event_id"])
    if fault:
        here.serving.wait_for_death()
    here.serving.start()
    seqs = here.seqs(*said)
    assert seqs == sorted(seqs)
    here.seqs(who.say(here.room, "afterwards").json["event_id"])


def test_the_homeserver_begins_again_where_it_was(here: Talk) -> None:
    """Synapse is killed while it tells; what it told is not told twice, and nothing is left out."""
    who = here.somebody()
    said = [who.say(here.room, f"number {number}").json["event_id"] for number in range(6)]
    here.server.kill()
    here.server.start()
    said += [who.say(here.room, f"later {number}").json["event_id"] for number in range(3)]
    seqs = here.seqs(*said)
    assert seqs == sorted(seqs)


def test_the_check_says_that_nothing_is_asked(here: Talk) -> None:
    """The module is there and Ombud is not: and nobody but an admin is told."""
    assert here.somebody().ask("GET", "/_synapse/client/ombud").status == 403
    here.serving.stop()
    try:
        codes = {each.code for each in here.check()}
    finally:
        here.serving.start()
    assert "U510" in codes
    assert "U510" not in {each.code for each in here.check()}


def test_the_check_says_that_a_room_was_replaced(here: Talk) -> None:
    """Whoever moved on to the new room is not moderated there. The last of the tests."""
    gone = {"body": "moved", "replacement_room": here.nowhere}
    assert here.owner.state(here.room, "m.room.tombstone", gone).status == 200
    (lack,) = [each.lack for each in here.check() if each.code == "U511"]
    assert lack is not None
    assert here.nowhere in lack.message
