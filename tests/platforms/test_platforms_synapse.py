"""The homeserver the tests run is a real one: what they build on holds before anything is added."""

from __future__ import annotations

from platforms.synapse import ADMIN, Synapse


def test_what_one_says_the_other_reads(synapse: Synapse) -> None:
    """Two people register, meet in a room and read each other; the admin sees both."""
    ana, bo = synapse.register("ana"), synapse.register("bo")
    room = ana.room(name="Plain")
    assert bo.join(room).status == 200
    since = bo.sync()["next_batch"]
    said = ana.say(room, "good morning")
    assert said.status == 200
    (read,) = bo.sync(since, seconds=10)["rooms"]["join"][room]["timeline"]["events"]
    assert (read["event_id"], read["content"]["body"]) == (said.json["event_id"], "good morning")
    assert synapse.log_in("bo").id == bo.id
    told = synapse.admin.ask("GET", f"{ADMIN}/v2/users/{bo.id}")
    assert told.json["name"] == bo.id
    assert bo.ask("GET", f"{ADMIN}/v2/users/{bo.id}").status == 403
