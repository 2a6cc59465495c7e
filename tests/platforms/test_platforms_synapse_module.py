"""Before publication, on a real Synapse: what is refused reaches its author with the reasons."""

from __future__ import annotations

import hashlib
import urllib.request

from flow.served_platform import wait
from ombud.connectors import matrix_accounts, matrix_content
from ombud.connectors.matrix_accounts import RATE
from platforms.synapse import Answer
from platforms.watched_synapse import BAGS, Watched


def page(link: str) -> str:
    """What a notice's link shows."""
    with urllib.request.urlopen(f"{link}?lang=en", timeout=30) as answer:  # noqa: S310
        found: bytes = answer.read()
        return found.decode()


def test_a_refusal_reaches_its_author_with_the_link(watched: Watched) -> None:
    """The client shows why it was held and where to answer; nobody else ever sees the message."""
    ana = watched.somebody("open")
    refused = ana.say(watched.rooms["open"], f"{BAGS} here")
    assert refused.status == 403
    told = refused.json
    assert told["errcode"] == "M_FORBIDDEN"
    assert told["org.ombud.action"] == "hold"
    assert told["org.ombud.decision"].startswith("dec_")
    assert told["org.ombud.notice"] in told["error"]
    assert "A person will look at it." in page(told["org.ombud.notice"])
    said = [each["content"].get("body") for each in watched.owner.messages(watched.rooms["open"])]
    assert f"{BAGS} here" not in said


def test_what_is_allowed_appears(watched: Watched) -> None:
    """As if nobody had been asked."""
    ana = watched.somebody("open")
    said = ana.say(watched.rooms["open"], "good morning")
    assert said.status == 200
    texts = [each["content"].get("body") for each in watched.owner.messages(watched.rooms["open"])]
    assert "good morning" in texts


def test_what_the_homeserver_tells_later_is_the_publication(watched: Watched) -> None:
    """Of a message by its id, of a join and an invitation by what they are about: each is one
    event, asked about and then published, and counted once.
    """
    kinds = ("member.joined", "post.created", "member.invited")
    ana, guest = watched.somebody(), watched.somebody()
    before = {each: len(watched.journal(each)) for each in kinds}
    assert ana.join(watched.rooms["open"]).status == 200
    assert ana.say(watched.rooms["open"], "good evening").status == 200
    assert ana.invite(watched.rooms["open"], guest.id).status == 200
    records = [watched.last(each) for each in kinds]
    wait(lambda: all(map(watched.published, records)), "what was asked about is not published")
    for each in kinds:
        assert watched.journal(each)[before[each] :] == ["check"]


def refused(answer: Answer) -> str:
    """The notice of a refusal that says why."""
    assert answer.status == 403, answer
    assert answer.json["org.ombud.action"] == "hold", answer
    link: str = answer.json["org.ombud.notice"]
    assert link in answer.json["error"]
    return link


def test_an_edit_a_topic_and_a_formatted_text_are_checked(watched: Watched) -> None:
    """What people see is checked, wherever it stands."""
    room, ana = watched.rooms["open"], watched.somebody("open")
    first = ana.say(room, "morning").json["event_id"]
    new = {"msgtype": "m.text", "body": f"{BAGS}!"}
    relation = {"rel_type": "m.replace", "event_id": first}
    assert refused(ana.say(room, "* x", **{"m.new_content": new, "m.relates_to": relation}))
    html = {"format": "org.matrix.custom.html", "formatted_body": f"<b>cheap</b> {BAGS[6:]}"}
    assert refused(ana.say(room, "hello", **html))
    assert refused(watched.owner.state(room, "m.room.topic", {"topic": f"{BAGS} here"}))
    assert ana.say(room, "morning all").status == 200


def test_a_held_join_reaches_whoever_wanted_in(watched: Watched) -> None:
    """And they are not in the room; in a room that is not named they are free to be."""
    ana = watched.somebody(name="admin")
    for room in ("open", "shut"):
        refused(ana.join(watched.rooms[room]))
        assert ana.say(watched.rooms[room], "here I am").status == 403
    assert ana.join(watched.rooms["unnamed"]).status == 200


def test_a_join_is_asked_about_once(watched: Watched) -> None:
    """Not again for whoever is in the room already, nor in a room that is not named."""
    before = len(watched.journal("member.joined"))
    ana = watched.somebody("open", "unnamed")
    assert ana.join(watched.rooms["open"]).status == 200
    assert watched.journal("member.joined")[before:] == ["check"]


def test_a_name_is_changed_without_being_refused_in_silence(watched: Watched) -> None:
    """Synapse asks the same hook when a member's name changes, and would tell them nothing."""
    ana = watched.somebody("open")
    at = f"/_matrix/client/v3/profile/{ana.id}/displayname"
    assert ana.ask("PUT", at, {"displayname": "admin"}).status == 200
    state = f"/_matrix/client/v3/rooms/{watched.rooms['open']}/state/m.room.member/{ana.id}"
    wait(lambda: ana.ask("GET", state).json["displayname"] == "admin", "it is not changed")
    guest = watched.somebody()
    refused(ana.invite(watched.rooms["open"], guest.id))
    assert watched.rooms["open"] not in guest.sync().get("rooms", {}).get("invite", {})


def test_an_invitation_that_is_allowed_arrives(watched: Watched) -> None:
    """And was asked about, once."""
    ana, guest = watched.somebody("open"), watched.somebody()
    before = len(watched.journal("member.invited"))
    assert ana.invite(watched.rooms["open"], guest.id).status == 200
    assert watched.journal("member.invited")[before:] == ["check"]
    assert watched.rooms["open"] in guest.sync()["rooms"]["invite"]


def test_a_public_room_is_checked_by_its_name(watched: Watched) -> None:
    """One that is to stand in the public list; a private one is its members' own business."""
    ana = watched.somebody()
    made = {"preset": "public_chat", "visibility": "public", "name": f"{BAGS} market"}
    at = "/_matrix/client/v3/createRoom"
    refused(ana.ask("POST", at, made))
    assert ana.ask("POST", at, {**made, "name": "Gardening"}).status == 200
    assert ana.ask("POST", at, {**made, "visibility": "private"}).status == 200


def test_a_room_of_the_public_list_is_checked_whenever_it_is_called_so(watched: Watched) -> None:
    """Renamed, given another topic, or put into the list afterwards; taken out as one likes, and in
    rooms that nobody finds one may call things as one likes.
    """
    ana = watched.somebody()
    mine, listed = ana.room(name=f"{BAGS} here"), ana.room(name="Gardening", visibility="public")
    at = "/_matrix/client/v3/directory/list/room/"
    refused(ana.state(listed, "m.room.name", {"name": f"{BAGS} market"}))
    refused(ana.state(listed, "m.room.topic", {"topic": BAGS}))
    refused(ana.ask("PUT", at + mine, {"visibility": "public"}))
    assert ana.state(mine, "m.room.topic", {"topic": BAGS}).status == 200
    assert ana.state(listed, "m.room.name", {"name": "Roses"}).status == 200
    assert ana.ask("PUT", at + listed, {"visibility": "private"}).status == 200
    assert ana.state(listed, "m.room.name", {"name": f"{BAGS} market"}).status == 200


def test_a_file_is_checked_with_what_shows_it(watched: Watched) -> None:
    """Its digest goes with the message, and the homeserver's later copy, which has none, is the
    publication all the same.
    """
    ana, room = watched.somebody("open"), watched.rooms["open"]
    content = b"\x89PNG\r\n\x1a\n" + ana.id.encode()
    uri = ana.upload(content).json["content_uri"]
    watched.wire.forget()
    shown = ana.send(room, {"msgtype": "m.image", "body": "a cat", "url": uri})
    assert shown.status == 200
    assert hashlib.sha256(content).hexdigest().encode() in watched.wire.kept
    record = watched.last("post.created")
    wait(lambda: watched.published(record), "it is not published")
    assert watched.last("post.created") == record


def test_every_file_of_this_server_is_checked_wherever_it_is_shown(watched: Watched) -> None:
    """An edit's, behind more of this server and of others than are looked up; one in a gallery, and
    one in a field that nobody knows. What is told is what Ombud reads.
    """
    ana, room = watched.somebody("open"), watched.rooms["open"]
    contents = [f"{place} of {ana.id}".encode() for place in ("edit", "gallery", "field")]
    edit, gallery, field = (ana.upload(each).json["content_uri"] for each in contents)
    first = ana.say(room, "hello").json["event_id"]
    decoys = "".join(f'<img src="mxc://far.example/{number}">' for number in range(20))
    new = {"msgtype": "m.image", "body": "a cat", "url": edit, "itemtypes": [{"url": gallery}]}
    watched.wire.forget()
    content = {
        "msgtype": "m.text",
        "body": "* a cat",
        "formatted_body": decoys,
        "x.y": {"z": [field]},
        "m.new_content": new,
        "m.relates_to": {"rel_type": "m.replace", "event_id": first},
    }
    assert ana.send(room, content).status == 200
    for each in contents:
        assert hashlib.sha256(each).hexdigest().encode() in watched.wire.kept
    shown = matrix_content.said(content).files
    assert {edit, gallery, field} <= set(shown)
    server = edit.removeprefix("mxc://").partition("/")[0]
    many = {f"x.{number}": f"mxc://{server}/a{number}" for number in range(100)}
    watched.wire.forget()
    assert ana.send(room, {**many, "msgtype": "m.image", "body": "a", "url": edit}).status == 200
    assert hashlib.sha256(contents[0]).hexdigest().encode() in watched.wire.kept


def test_whoever_is_limited_writes_slowly(watched: Watched) -> None:
    """One message in ten seconds, where the admin API alone knows one a second; whoever has
    another rate, or none, is not slowed down.
    """
    room, (ana, bo, other) = watched.rooms["open"], [watched.somebody("open") for _ in range(3)]
    for who, rate in ((ana, RATE), (bo, {**RATE, "burst_count": 2})):
        at = matrix_accounts.LIMIT.format(who.id)
        assert watched.server.admin.ask("POST", at, rate).status == 200
    wait(lambda: ana.say(room, "one").status == 200, "coming in is one message a second")
    wait(lambda: ana.say(room, "two").status != 429, "Synapse's own rate is one a second")
    turned = ana.say(room, "two").json
    assert (turned["errcode"], turned["org.ombud.action"]) == ("M_LIMIT_EXCEEDED", "later")
    assert 1000 < turned["retry_after_ms"] < 10_000
    for text in ("one", "two", "three"):
        wait(lambda: bo.say(room, text).status == 200, "somebody else is slowed down")  # noqa: B023
    assert {other.say(room, "more").status for _ in range(4)} == {200}
    assert watched.server.admin.ask("DELETE", matrix_accounts.LIMIT.format(ana.id)).status == 200
    assert ana.say(room, "three").status == 200


def test_in_the_other_language(watched: Watched) -> None:
    """The room of the second module, whose operator speaks Vietnamese."""
    told = watched.somebody("shut").say(watched.rooms["shut"], f"{BAGS} đây")
    assert told.json["error"].startswith("Nội dung này đang chờ người xem xét.")
    refused(told)
