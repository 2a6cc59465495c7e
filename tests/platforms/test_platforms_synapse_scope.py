"""Only rooms that the operator named leave Synapse, and of those none that is encrypted or for two.

A string is planted wherever it must not leave from; it is then looked for in every byte that passed
between Synapse and Ombud, in Ombud's folder and log, and in Synapse's log.
"""

from __future__ import annotations

import secrets
import time
from contextlib import closing
from urllib.parse import quote

from flow.served_platform import wait
from flow.small_community import rows
from ombud.app import KEY_FILE
from ombud.store.keyfile import KeyFile
from platforms.synapse import CLIENT
from platforms.watched_synapse import Watched

LOOKED_SECONDS = 2.5  # in which reports are looked at twice


def written(watched: Watched) -> bytes:
    """All that passed and all that was kept."""
    site = watched.site
    files = [each.read_bytes() for each in site.folder.rglob("*") if each.is_file()]
    logs = [site.serving.log.read_bytes(), watched.server.logs().encode()]
    return b"".join([watched.wire.kept, *files, *logs])


def after(watched: Watched) -> None:
    """What is said now has been read; so what was said before was read too, or dropped."""
    assert watched.somebody("open").say(watched.rooms["open"], "after all of it").status == 200
    record = watched.last("post.created")
    wait(lambda: watched.published(record), "it is not read")


def kept(watched: Watched, text: str) -> bool:
    """Whether a text stands in a body that is kept, sealed as it may be."""
    with closing(KeyFile(watched.site.folder / KEY_FILE, readonly=True)) as keys:
        bodies = rows(watched.site.folder, "SELECT seq, sealed FROM body")
        opened = [keys.open_body(seq, sealed) for seq, sealed in bodies]
    return any(text.encode() in each for each in opened if each)


def test_nothing_leaves_from_where_nobody_named(watched: Watched) -> None:
    """Direct messages, encrypted rooms, rooms that are not named, files, and rooms that are made
    for oneself.
    """
    planted = f"zebra{secrets.token_hex(8)}"
    ana, bo = watched.somebody("open", "unnamed", "secret"), watched.somebody("open")
    direct = ana.room(preset="trusted_private_chat", is_direct=True, invite=[bo.id], name=planted)
    assert bo.join(direct).status == 200
    for room in (direct, watched.rooms["unnamed"], watched.rooms["secret"]):
        first = ana.say(room, f"{planted} here").json["event_id"]
        relation = {"rel_type": "m.annotation", "event_id": first, "key": planted}
        assert ana.send(room, {"m.relates_to": relation}, "m.reaction").status == 200
    assert watched.owner.say(watched.rooms["pair"], f"{planted} you").status == 200
    assert watched.owner.state(watched.rooms["pair"], "m.room.topic", {"topic": planted}).json
    encrypted = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": planted}
    for room in ("secret", "open"):
        sent = ana.send(watched.rooms[room], encrypted, "m.room.encrypted")
        assert sent.status == 200
    first = ana.say(watched.rooms["open"], "hello").json["event_id"]
    vote = {
        "m.relates_to": {"rel_type": "m.reference", "event_id": first},
        "m.selections": [planted],
    }
    assert ana.send(watched.rooms["open"], vote, "m.poll.response").status == 200
    uri = ana.upload(planted.encode(), "text/plain", f"{planted}.txt").json["content_uri"]
    file = {"msgtype": "m.file", "body": planted, "url": uri}
    assert ana.send(direct, file).status == 200
    assert bo.leave(direct).status == 200
    why = {"reason": planted}
    at = f"{CLIENT}/rooms/{quote(watched.rooms['secret'])}/leave"
    assert ana.ask("POST", at, why).status == 200

    state = [{"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
    for more in (
        {"preset": "private_chat"},
        {"preset": "public_chat", "visibility": "private"},
        {"visibility": "public", "preset": "public_chat", "initial_state": state},
    ):
        ana.room(**{"name": planted, "topic": planted, **more})
    reported = watched.owner.say(watched.rooms["pair"], f"{planted} two").json["event_id"]
    at = f"{CLIENT}/rooms/{quote(watched.rooms['pair'])}/report/{quote(reported)}"
    assert watched.owner.ask("POST", at, {"reason": planted}).status == 200
    time.sleep(LOOKED_SECONDS)
    after(watched)
    found = written(watched)
    assert not kept(watched, planted)
    assert planted.encode() not in found
    for room in (direct, watched.rooms["unnamed"], watched.rooms["pair"], watched.rooms["secret"]):
        assert room.encode() not in watched.wire.kept

    marker = f"marker{secrets.token_hex(8)}"
    assert ana.say(watched.rooms["open"], marker).status == 200
    assert marker.encode() in written(watched)
    assert kept(watched, marker)


def test_a_room_that_becomes_encrypted_falls_silent(watched: Watched) -> None:
    """And so does a named room that only two people are left in by invitation, at once, whatever
    bots are in it too: nothing is asked, and nothing is read.
    """
    planted = f"zebra{secrets.token_hex(8)}"
    third = watched.server.register(f"third{secrets.token_hex(4)}")
    pair = watched.rooms["pair"]

    def says(text: str) -> bool:
        assert watched.owner.say(pair, f"{planted} {text}").status == 200
        after(watched)
        asked, read = f"{planted} {text}".encode() in watched.wire.kept, kept(watched, text)
        assert asked == read
        return asked

    assert not says("for you only")
    assert watched.owner.invite(pair, third.id).status == 200
    assert not says("nobody has come yet")
    assert third.join(pair).status == 200
    assert says("the three of us")
    assert third.leave(pair).status == 200
    assert not says("the two of us")
    assert watched.owner.invite(pair, third.id).status == 200
    assert third.join(pair).status == 200
    assert says("back again")
    algorithm = {"algorithm": "m.megolm.v1.aes-sha2"}
    assert watched.owner.state(pair, "m.room.encryption", algorithm).status == 200
    assert not says("under a seal")
