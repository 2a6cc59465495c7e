"""A homeserver that is killed while it tells, and an Ombud that reads what was never told: once, in
order, and nothing besides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from flow.served_platform import wait
from flow.small_community import rows
from ombud import session
from ombud.clock import SECOND
from platforms.synapse import ADMIN, CLIENT, Person
from platforms.talk import ACCOUNT, RUMOUR, Talk, plain, talk

pytestmark = pytest.mark.xdist_group("missed")

PLANTED = "said-before-anybody-watched"
UNDO_WINDOW = 11 * SECOND
MANY = 150  # more than stand on one page, or go into one transaction
OPEN = "SELECT id FROM review_case WHERE closed IS NULL AND rule = 'rumour'"


def before(owner: Person, room: str) -> None:
    """What was said in the room before it was connected."""
    for number in range(3):
        assert owner.say(room, f"{PLANTED} {number}").status == 200


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """Both servers, with wires between them."""
    section = "timeout_seconds = 5\n"
    with talk(tmp_path_factory.mktemp("missed"), wired=True, section=section, before=before) as it:
        it.read()
        yield it


def told(here: Talk, event: str) -> bool:
    """Whether an event came by the stream, as far as Synapse sent it."""
    return event.encode() in here.back.kept


def killed(here: Talk) -> None:
    """Synapse is killed while a transaction of its own is not answered, and starts again."""
    here.server.kill()
    here.back.be("through")
    here.back.forget()
    here.server.start()


def redact(who: Person, room: str, event: str) -> str:
    """Take a message away; the redaction's id."""
    at = f"{CLIENT}/rooms/{quote(room)}/redact/{quote(event)}/{event[1:9]}"
    id_: str = who.ask("PUT", at, {}).json["event_id"]
    return id_


def restarted(here: Talk, **settings: Any) -> None:
    """Synapse ends and begins again, with these settings."""
    here.server.kill()
    here.server.settings |= settings
    here.server.start()


def test_what_a_killed_homeserver_did_not_tell_is_read(here: Talk) -> None:
    """Messages, a redaction, a join and a leaving with a reason, which stood in its memory or in a
    transaction that nobody answered: each is in the journal once, in order, and what a person
    decides about such a message is done.
    """
    who, room = here.somebody(), here.room
    first = who.say(room, "before all of it").json["event_id"]
    here.seqs(first)
    here.back.be("deaf")
    stuck = who.say(room, "the one that is on its way").json["event_id"]
    wait(lambda: told(here, stuck), "it tells nothing")
    after = here.last()
    came = here.somebody()
    said = [who.say(room, f"unheard {number}").json["event_id"] for number in range(3)]
    rumour = who.say(room, f"unheard, {RUMOUR}").json["event_id"]
    gone = redact(who, room, first)
    assert who.ask("POST", f"{CLIENT}/rooms/{quote(room)}/leave", {"reason": "bye"}).status == 200
    killed(here)
    seqs = here.seqs(stuck, *said, rumour, gone)
    assert seqs == sorted(seqs)
    posts = ["post.created"] * (len(said) + 1)
    wait(lambda: len(here.types(after)) >= len(posts) + 4, f"{came.id} or {who.id} was not seen")
    assert here.types(after) == ["post.created", "member.joined", *posts, "post.deleted", posts[0]]
    ((case,),) = rows(here.folder, OPEN)
    acts = [{"action": "label", "text": "disputed"}]
    session.request(here.folder, "decide case", case=case, outcome="uphold", acts=acts)
    here.serving.shift(here.serving.ahead + UNDO_WINDOW)
    wait(lambda: here.labels(rumour) == ["disputed"], "no label")


def test_what_was_decided_about_a_message_that_was_never_told_is_done(here: Talk) -> None:
    """Synapse asks Ombud and is answered; the telling alone comes to nothing. What a person decides
    before the message was read waits for it, and is done then.
    """
    who, room, modules = here.somebody(), here.room, here.server.settings["modules"]
    here.seqs(who.say(room, "before all of it").json["event_id"])
    direct = plain(modules).replace(here.back.url, f"http://127.0.0.1:{here.serving.port}")
    restarted(here, modules=json.loads(direct))
    after = here.last()
    here.back.be("deaf")
    stuck = who.say(room, "the one that is on its way").json["event_id"]
    wait(lambda: told(here, stuck), "it tells nothing")
    rumour = who.say(room, f"and that {RUMOUR}").json["event_id"]
    wait(lambda: rows(here.folder, OPEN), "no case")
    ((case,),) = rows(here.folder, OPEN)
    acts = [{"action": "label", "text": "disputed"}]
    session.request(here.folder, "decide case", case=case, outcome="uphold", acts=acts)
    here.serving.shift(here.serving.ahead + UNDO_WINDOW)
    waits = "SELECT state FROM outbox WHERE kind = 'action' AND seq > ?"
    assert rows(here.folder, waits, after) == [("awaiting publication",)]
    here.server.settings |= {"modules": modules}
    killed(here)
    here.seqs(stuck, rumour)
    wait(lambda: here.labels(rumour) == ["disputed"], "no label")
    assert here.types(after) == ["post.created", "post.created"]


def test_more_than_a_page_is_read_when_ombud_starts(here: Talk) -> None:
    """What nobody asked about, and more than stands on a page or in a transaction: all of it, in
    order, also where Ombud was killed in between.
    """
    who = here.somebody()
    here.seqs(who.say(here.room, "before all of it").json["event_id"])
    modules, after = here.server.settings["modules"], here.last()
    restarted(here, modules=[])
    here.back.be("deaf")
    said = [who.say(here.room, f"many {number}").json["event_id"] for number in range(MANY)]
    wait(lambda: told(here, said[0]), "it tells nothing")
    here.server.settings |= {"modules": modules}
    here.serving.kill()
    killed(here)
    here.serving.start()
    seqs = here.seqs(*said)
    assert seqs == sorted(seqs)
    assert here.types(after) == ["post.created"] * MANY


def test_nothing_that_was_said_before_is_read(here: Talk) -> None:
    """Not what stands before the connection; and not what stands in a room before it is named,
    where Ombud's account was all the while, and something is told of it since.
    """
    other, admin = here.owner.room(), here.server.admin
    at = f"{ADMIN}/v1/join/{quote(other)}"
    assert here.owner.invite(other, admin.id).status == 200
    assert admin.join(other).status == 200
    assert admin.ask("POST", at, {"user_id": ACCOUNT}).status == 200
    before(here.owner, other)
    session.request(here.folder, "room", name="talk", room=other, add=True)
    of_other = "SELECT count(*) FROM journal WHERE source = ?"
    assert here.owner.say(other, "now somebody watches").status == 200
    wait(lambda: rows(here.folder, of_other, f"talk/{other}") == [(1,)], "nothing of it is told")
    for _ in range(2):
        here.serving.stop()
        here.serving.start()
        lost = here.owner.say(here.room, "afterwards").json["event_id"]
        here.seqs(lost)
    assert rows(here.folder, of_other, f"talk/{other}") == [(1,)]
    for path in [*here.folder.rglob("*"), here.serving.log]:
        if path.is_file():
            assert PLANTED.encode() not in path.read_bytes(), path
