"""Only rooms that the operator named leave Synapse, and of those none that is encrypted or for two.

A string is planted wherever it must not leave from; it is then looked for in every byte that passed
between Synapse and Ombud, in Ombud's folder and log, and in Synapse's log.
"""

from __future__ import annotations

import secrets

from platforms.watched_synapse import Watched


def written(watched: Watched) -> bytes:
    """All that passed and all that was kept."""
    site = watched.site
    files = [each.read_bytes() for each in site.folder.rglob("*") if each.is_file()]
    logs = [site.serving.log.read_bytes(), watched.server.logs().encode()]
    return b"".join([watched.wire.kept, *files, *logs])


def test_nothing_leaves_from_where_nobody_named(watched: Watched) -> None:
    """Direct messages, encrypted rooms, rooms that are not named, files, and rooms that are made
    for oneself.
    """
    planted = f"zebra{secrets.token_hex(8)}"
    ana, bo = watched.somebody("open", "unnamed", "secret"), watched.somebody("open")
    direct = ana.room(preset="trusted_private_chat", is_direct=True, invite=[bo.id], name=planted)
    assert bo.join(direct).status == 200
    for room in (direct, watched.rooms["unnamed"], watched.rooms["secret"]):
        assert ana.say(room, f"{planted} here").status == 200
    assert watched.owner.say(watched.rooms["pair"], f"{planted} you").status == 200
    assert watched.owner.state(watched.rooms["pair"], "m.room.topic", {"topic": planted}).json
    encrypted = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": planted}
    for room in ("secret", "open"):
        sent = ana.send(watched.rooms[room], encrypted, "m.room.encrypted")
        assert sent.status == 200
    first = ana.say(watched.rooms["open"], "hello").json["event_id"]
    reaction = {"m.relates_to": {"rel_type": "m.annotation", "event_id": first, "key": planted}}
    assert ana.send(watched.rooms["open"], reaction, "m.reaction").status == 200
    uri = ana.upload(planted.encode(), "text/plain", f"{planted}.txt").json["content_uri"]
    file = {"msgtype": "m.file", "body": planted, "url": uri}
    assert ana.send(direct, file).status == 200
    assert bo.leave(direct).status == 200

    state = [{"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
    for more in (
        {"preset": "private_chat"},
        {"preset": "public_chat", "visibility": "private"},
        {"visibility": "public", "preset": "public_chat", "initial_state": state},
    ):
        ana.room(**{"name": planted, "topic": planted, **more})
    found = written(watched)
    assert planted.encode() not in found
    for room in (direct, watched.rooms["unnamed"], watched.rooms["pair"], watched.rooms["secret"]):
        assert room.encode() not in watched.wire.kept

    marker = f"marker{secrets.token_hex(8)}"
    assert ana.say(watched.rooms["open"], marker).status == 200
    assert marker.encode() in written(watched)


def test_a_room_that_becomes_encrypted_falls_silent(watched: Watched) -> None:
    """And so does a named room that only two people are left in by invitation."""
    planted = f"zebra{secrets.token_hex(8)}"
    third = watched.server.register(f"third{secrets.token_hex(4)}")
    pair = watched.rooms["pair"]
    assert watched.owner.say(pair, planted).status == 200
    assert planted.encode() not in watched.wire.kept
    assert watched.owner.invite(pair, third.id).status == 200
    assert watched.owner.say(pair, f"{planted} three").status == 200
    assert f"{planted} three".encode() in watched.wire.kept
    algorithm = {"algorithm": "m.megolm.v1.aes-sha2"}
    assert watched.owner.state(pair, "m.room.encryption", algorithm).status == 200
    assert watched.owner.say(pair, f"{planted} four").status == 200
    assert f"{planted} four".encode() not in watched.wire.kept
