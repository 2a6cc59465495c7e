"""On a real Synapse: what clients show of a message is what is judged, whatever it is put into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from connectors import matrix_bypasses as bypasses
from connectors.matrix_bypasses import POLL, Content, text
from flow.served_platform import wait
from flow.small_community import rows, rule
from platforms import watched_synapse
from platforms.synapse import Answer
from platforms.watched_synapse import Watched

ROOM_MEMBER = "/_matrix/client/v3/rooms/{}/state/m.room.member/{}"
LINKS = rule(
    "links", "links.count >= 1", "links.count 1", "links.count 0", kinds="post, edit, reply"
)
BAGS = rule(
    "bags",
    'text contains "cheap bags"',
    'text "cheap bags"',
    'text "a"',
    kinds="post, edit, reply, room",
)
TRIES = 5


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Both servers, with a live rule on a text and one on links."""
    kept = dict(watched_synapse.RULES)
    watched_synapse.RULES.update([LINKS, BAGS])
    try:
        with watched_synapse.watched(tmp_path_factory.mktemp("words")) as found:
            yield found
    finally:
        watched_synapse.RULES.clear()
        watched_synapse.RULES.update(kept)


def passed(sent: Callable[[Content], Answer], contents: dict[str, Content]) -> list[str]:
    """What was not held. What was not judged in time is sent again, as its author is told to."""
    found = []
    for name, content in contents.items():
        for _ in range(TRIES):
            answer = sent(content)
            if answer.json.get("org.ombud.action") != "later":
                break
        if (answer.status, answer.json.get("org.ombud.action")) != (403, "hold"):
            found.append(name)
    return found


def test_no_message_passes_by_what_it_is_put_into(strict: Watched) -> None:
    """By a rule on its words or by one on its links; an ordinary one passes."""
    room, ana = strict.rooms["shut"], strict.somebody("shut")
    first = ana.say(room, "morning").json["event_id"]
    started = ana.send(room, {POLL: {"question": {"m.text": "hi"}, "answers": []}}, POLL)
    assert started.status == 200
    messages = {**bypasses.in_messages(first), **bypasses.with_links()}
    assert passed(lambda each: ana.send(room, each), messages) == []
    polls = bypasses.in_polls(started.json["event_id"])
    assert passed(lambda each: ana.send(room, each, POLL), polls) == []
    topics = bypasses.in_topics()
    assert passed(lambda each: strict.owner.state(room, "m.room.topic", each), topics) == []
    assert ana.send(room, text("good evening, all")).status == 200


def test_a_sticker_without_words_is_a_post(strict: Watched) -> None:
    """Its picture is among what is judged."""
    room, ana = strict.rooms["open"], strict.somebody("open")
    assert ana.send(room, {"url": bypasses.FILE, "info": {}}, "m.sticker").status == 200
    record = strict.last("post.created")
    wait(lambda: strict.published(record), "it is not published")


def test_who_joins_under_a_name_of_their_own_is_judged_by_it(strict: Watched) -> None:
    """Synapse asks with the name of the profile; its stream tells the other one."""
    room, who = strict.rooms["open"], strict.somebody()
    query = "SELECT count(*) FROM decision AS d JOIN journal AS j ON j.seq = d.about"
    query += " WHERE j.type = 'member.joined'"
    before = rows(strict.site.folder, query)
    joins = {"membership": "join", "displayname": "admin"}
    assert who.ask("PUT", ROOM_MEMBER.format(room, who.id), joins).status == 200
    wait(lambda: rows(strict.site.folder, query) != before, "nobody looked at the name")


def test_a_long_name_does_not_open_the_door(strict: Watched) -> None:
    """Whoever is called so in a room is held for what they say all the same."""
    room, who = strict.rooms["shut"], strict.somebody("shut")
    called = {"membership": "join", "displayname": "a" * 600}
    who.ask("PUT", ROOM_MEMBER.format(room, who.id), called)
    assert passed(lambda each: who.send(room, each), {"it": text(f"{bypasses.BAGS} here")}) == []


def test_no_reaction_and_no_end_of_a_poll_passes(strict: Watched) -> None:
    """Words in a reaction, the name of its picture and what a poll ends with are held before they
    are there; a sign alone is nobody's business, and plain words pass.
    """
    room, ana = strict.rooms["shut"], strict.somebody("shut")
    first = ana.say(room, "morning").json["event_id"]

    def reacted(key: str, **more: str) -> Content:
        relation = {"rel_type": "m.annotation", "event_id": first, "key": key}
        return {"m.relates_to": relation, **more}

    reactions = {
        "words": reacted(bypasses.BAGS),
        "the name of a picture": reacted(bypasses.FILE, shortcode=bypasses.BAGS),
    }
    assert passed(lambda each: ana.send(room, each, "m.reaction"), reactions) == []
    asked = strict.journal("post.created")
    assert ana.send(room, reacted("👍"), "m.reaction").status == 200
    assert strict.journal("post.created") == asked
    assert ana.send(room, reacted("lovely"), "m.reaction").status == 200
    record = strict.last("post.created")
    wait(lambda: strict.published(record), "the reaction is not published")
    started = ana.send(room, {POLL: {"question": {"m.text": "hi"}, "answers": []}}, POLL)
    relation = {"rel_type": "m.reference", "event_id": started.json["event_id"]}
    ends = {"the end": {"m.relates_to": relation, "m.text": [{"body": bypasses.BAGS}]}}
    end = POLL.replace("start", "end")
    assert passed(lambda each: ana.send(room, each, end), ends) == []


def test_a_room_s_picture_is_asked_about(strict: Watched) -> None:
    """Its file is among what is judged before it hangs over the room."""
    room = strict.rooms["shut"]
    asked = strict.owner.state(room, "m.room.avatar", {"url": bypasses.FILE})
    assert asked.status == 200
    record = strict.last("post.created")
    wait(lambda: strict.published(record), "it is not published")


def test_what_takes_away_or_leaves_is_read_and_never_stopped(strict: Watched) -> None:
    """The reason of a redaction, a kick, a leaving and a ban goes through, whatever it says, and
    somebody looks at each.
    """
    room = strict.rooms["open"]
    ana, bo, cleo = strict.somebody("open"), strict.somebody("open"), strict.somebody("open")
    said = {"reason": bypasses.BAGS}
    looked = "SELECT count(*) FROM decision AS d JOIN journal AS j ON j.seq = d.about"
    looked += " WHERE j.type = 'post.created' AND j.via = ''"

    def another(before: object) -> bool:
        return rows(strict.site.folder, looked) != before

    first = ana.say(room, "morning").json["event_id"]
    gone = f"/_matrix/client/v3/rooms/{room}/redact/{first}/one"
    leaves = f"/_matrix/client/v3/rooms/{room}/leave"
    kicks = f"/_matrix/client/v3/rooms/{room}/kick"
    bans = f"/_matrix/client/v3/rooms/{room}/ban"
    for who, method, path, content in (
        (ana, "PUT", gone, said),
        (ana, "POST", leaves, said),
        (strict.owner, "POST", kicks, {**said, "user_id": bo.id}),
        (strict.owner, "POST", bans, {**said, "user_id": cleo.id}),
    ):
        before = rows(strict.site.folder, looked)
        assert who.ask(method, path, content).status == 200, path
        wait(partial(another, before), f"nobody looked at {path}")
    wait(lambda: "" in strict.journal("post.deleted"), "the deletion is not told")
