"""Rooms come to a connection and go, on a real Synapse: what is refused, what is read afterwards,
and a room that was upgraded, which must not end in silence.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from cli.command_line import printed
from flow.served_platform import wait
from flow.small_community import rows
from flow.test_staff_story import Person as Visitor
from ombud import config, homecheck, homerooms, inforce, reading, session
from ombud.errors import OmbudError
from platforms.synapse import ADMIN, CLIENT, Person
from platforms.talk import ACCOUNT, RUMOUR, Talk, talk, told
from staff.at_the_entrance import PASSWORD

ENCRYPTED = [{"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """Both servers, as the how-to sets them up."""
    with talk(tmp_path_factory.mktemp("rooms")) as made:
        yield made


def change(here: Talk, room: str, *, add: bool, leave: int = 0) -> dict[str, Any]:
    """What `ombud connect room` asks of the running server."""
    asked = {"name": "talk", "room": room, "add": add, "leave": leave}
    done: dict[str, Any] = session.request(here.folder, "room", **asked)
    return done


def refused(here: Talk, room: str) -> str:
    """Why a room cannot be added; everything stays as it was."""
    paths = [here.folder / "ombud.toml", *sorted(here.folder.glob("talk-*.yaml"))]
    before = [path.read_bytes() for path in paths]
    with pytest.raises(OmbudError) as caught:
        change(here, room, add=True)
    assert [path.read_bytes() for path in paths] == before
    return caught.value.code


def copied(here: Talk, done: dict[str, Any]) -> None:
    """What the command says comes next: copies, and a restart."""
    service, module = (Path(each["path"]) for each in done["files"])
    assert all(each["written"] for each in done["files"])
    (copy,) = here.server.settings["app_service_config_files"]
    shutil.copy(service, copy)
    here.server.settings |= told(str(module))
    here.server.kill()
    here.server.start()


def lacks(here: Talk) -> dict[str, OmbudError]:
    """What the check says is missing, by code."""
    return {each.code: each.lack for each in here.check() if each.lack is not None}


def empowered(owner: Person, room: str) -> None:
    """Ombud's account gets its power from whoever owns the room."""
    at = f"{CLIENT}/rooms/{quote(room)}/state/m.room.power_levels"
    levels = owner.ask("GET", at).json
    levels["users"][ACCOUNT] = 100
    assert owner.state(room, "m.room.power_levels", levels).status == 200


def read(here: Talk, who: Person, room: str) -> int:
    """How much is read of what somebody says in a room."""
    query = "SELECT count(*) FROM journal WHERE type = 'post.created'"
    ((before,),) = rows(here.folder, query)
    assert who.say(room, "good morning").status == 200
    here.seqs(here.owner.say(here.room, "after it").json["event_id"])
    return int(rows(here.folder, query)[0][0]) - int(before) - 1


def test_what_would_not_be_read_is_not_added(here: Talk) -> None:
    """An encrypted room, one of two people, one that nobody knows: in plain words, whether Ombud's
    account is in it or not; with a third person it is added.
    """
    guest, third = here.somebody(), here.somebody()
    secret = here.owner.room(preset="private_chat", initial_state=ENCRYPTED)
    assert refused(here, secret) == "U507"
    assert refused(here, here.owner.room(initial_state=ENCRYPTED)) == "U507"
    pair = here.owner.room(preset="trusted_private_chat", is_direct=True, invite=[guest.id])
    assert guest.join(pair).status == 200
    assert refused(here, pair) == "U490"
    account = Person(
        here.server, ACCOUNT, told(str(here.folder / "talk-appservice.yaml"))["as_token"]
    )
    assert here.owner.invite(pair, ACCOUNT).status == 200
    assert account.join(pair).status == 200
    assert refused(here, pair) == "U490"
    assert refused(here, "!nobody:hs.localhost") == "U485"
    assert refused(here, "#nobody:hs.localhost") == "U485"
    assert refused(here, here.room) == "U495"
    here.owner.invite(pair, third.id)
    assert third.join(pair).status == 200
    assert change(here, pair, add=True)["room"] == pair
    assert change(here, pair, add=False)["room"] == pair


def test_what_cannot_be_known_is_not_added(here: Talk) -> None:
    """A closed room that the account is not in, while it is no admin; an open one can be known."""
    closed, open_ = here.owner.room(preset="private_chat"), here.owner.room()
    at = f"{ADMIN}/v2/users/{quote(ACCOUNT)}"
    assert here.server.admin.ask("PUT", at, {"admin": False}).status == 200
    try:
        assert refused(here, closed) == "U493"
        change(here, open_, add=True)
        change(here, open_, add=False)
    finally:
        assert here.server.admin.ask("PUT", at, {"admin": True}).status == 200


def test_a_room_is_added_and_taken_out(here: Talk) -> None:
    """By its alias: the check says what is missing until Synapse has the copies; then what is said
    there is read, and after it was taken out no more.
    """
    room = here.owner.room(room_alias_name="garden")
    done = change(here, "#garden:hs.localhost", add=True)
    assert done["room"] == room
    missing = lacks(here)
    assert room in missing["U510"].message  # the module does not name it yet
    assert "U477" in missing  # joined by the check itself, without power
    copied(here, done)
    empowered(here.owner, room)
    assert lacks(here) == {}
    who = here.somebody()
    assert who.join(room).status == 200
    assert read(here, who, room) == 1
    copied(here, change(here, room, add=False))
    assert lacks(here) == {}
    assert read(here, who, room) == 0


def labelled(here: Talk, who: Person, room: str) -> tuple[str, str]:
    """Somebody says something in a room, and a person labels it; the event and the decision."""
    event = str(who.say(room, f"he did it, {RUMOUR} {who.id}").json["event_id"])
    query = "SELECT id FROM review_case WHERE closed IS NULL AND rule = 'rumour'"
    wait(lambda: rows(here.folder, query), "no case")
    ((case,),) = rows(here.folder, query)
    acts = [{"action": "label", "text": "disputed"}]
    done = session.request(here.folder, "decide case", case=case, outcome="uphold", acts=acts)
    wait(lambda: labels(here, room, event) == ["disputed"], "no label")
    return event, str(done["decisions"][0])


def labels(here: Talk, room: str, event: str) -> list[str]:
    """What stands below a message by Ombud's account."""
    at = f"/_matrix/client/v1/rooms/{quote(room)}/relations/{quote(event)}/m.annotation"
    told = here.owner.ask("GET", at).json["chunk"]
    return [e["content"]["m.relates_to"]["key"] for e in told if e["sender"] == ACCOUNT]


def inverse(here: Talk, decision: str) -> tuple[str, str]:
    """Where the undoing of a decision stands, and why."""
    query = "SELECT state, detail FROM outbox WHERE decision = ? AND inverse = 1"
    ((state, detail),) = rows(here.folder, query, decision)
    return str(state), str(detail)


def test_what_is_in_force_in_a_room_keeps_it_until_somebody_says_that_it_stays(here: Talk) -> None:
    """A label stands there: refused, undone, and gone from the room; then another, which stays by
    somebody's word. Undone afterwards it stands as before, and page and outbox say so; once the
    room is back, what failed is tried again and done.
    """
    room = here.owner.room()
    copied(here, change(here, room, add=True))
    here.check()
    empowered(here.owner, room)
    who = here.somebody()
    assert who.join(room).status == 200
    first, decision = labelled(here, who, room)
    with pytest.raises(OmbudError, match="U452"):
        change(here, room, add=False)
    assert room in (here.folder / "ombud.toml").read_text()
    assert session.request(here.folder, "undo", ids=[decision]) == [decision]
    wait(lambda: labels(here, room, first) == [], "the label stayed")
    wait(lambda: inverse(here, decision)[0] == "confirmed", "not confirmed")
    second, decision = labelled(here, who, room)
    change(here, room, add=False, leave=1)
    query = "SELECT json_extract(payload, '$.left') FROM journal WHERE type = '!access'"
    assert rows(here.folder, f"{query} ORDER BY seq DESC LIMIT 1") == [('{"label":1}',)]
    assert session.request(here.folder, "undo", ids=[decision]) == [decision]
    wait(lambda: inverse(here, decision)[0] == "failed", "it did not fail")
    assert "no room that the settings name" in inverse(here, decision)[1]
    assert labels(here, room, second) == ["disputed"]
    with reading.reading(here.folder) as reader:
        assert inforce.not_lifted(reader.store, decision)
    change(here, room, add=True)
    query = "SELECT id FROM outbox WHERE decision = ? AND inverse = 1"
    ((key,),) = rows(here.folder, query, decision)
    assert session.request(here.folder, "retry", id=key)
    wait(lambda: labels(here, room, second) == [], "the label stayed")
    with reading.reading(here.folder) as reader:
        wait(lambda: inverse(here, decision)[0] == "confirmed", "not confirmed")
        assert not inforce.not_lifted(reader.store, decision)
    change(here, room, add=False)


@pytest.mark.parametrize("point", ["room noted", "room journalled", "room settings written"])
def test_a_command_that_is_killed_is_made_whole(here: Talk, point: str, tmp_path: Path) -> None:
    """On a copy of the community at which nobody works: a room of the homeserver is added, the
    process ends over it, and the same command ends in settings and journal that agree.
    """
    room, folder = here.owner.room(), tmp_path / "data"
    backup_of(here, folder)
    words = ["-m", "ombud.cli", "connect", "room", "add", "talk", room, "--data", str(folder)]
    env = {**os.environ, "OMBUD_FAULT": f"{point}:1"}
    killed = subprocess.run([sys.executable, *words], env=env, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    query = "SELECT count(*) FROM journal WHERE json_extract(payload, '$.room') = ?"
    journalled = rows(folder, query, room) == [(1,)]
    assert journalled is (point != "room noted")
    subprocess.run([sys.executable, *words], capture_output=True, check=True)
    assert rows(folder, query, room) == [(1,)]
    assert room in {each["room"] for each in homerooms.listing(folder)}


def backup_of(here: Talk, folder: Path) -> None:
    """The community's folder as it is between two writes, without what belongs to its process."""
    here.serving.kill()
    try:
        shutil.copytree(here.folder, folder, ignore=shutil.ignore_patterns("*.sock", "lock"))
    finally:
        here.serving.start()


def admin(here: Talk) -> Visitor:
    """Who runs the community, logged in at the console."""
    link = str(printed("staff", "link", "--data", here.folder)["link"])
    visitor = Visitor(here.serving.port)
    asked = {"name": "Ana", "password": PASSWORD}
    assert visitor.ask(link[link.index("/start/") :], asked)[0] == 303
    return visitor


def looked(here: Talk) -> list[homecheck.Finding]:
    """What a running server finds by itself, which only looks."""
    settings = config.parse_settings((here.folder / "ombud.toml").read_bytes()).matrix["talk"]
    with reading.reading(here.folder) as reader:
        return homecheck.look(settings, reader.keys, "talk")


def test_a_room_that_was_upgraded_is_told_and_added_by_a_person_only(here: Talk) -> None:
    """The check names the room in its place and the command that adds it, a page of the console has
    a button for it; nothing adds it alone; once it is added nothing is left to say.
    """
    visitor = admin(here)
    assert "was replaced" not in visitor.ask("/me")[2]
    at = f"{CLIENT}/rooms/{quote(here.room)}/upgrade"
    there = here.owner.ask("POST", at, {"new_version": "12"}).json["replacement_room"]
    assert ":" not in there
    lack = lacks(here)["U511"]
    assert there in lack.message
    assert f"ombud connect room add talk '{there}'" in lack.hint
    form = {"form": visitor.form(), "name": "talk"}
    assert visitor.ask("/connections", {**form, "do": "look"})[0] == 303
    wait(lambda: "was replaced" in visitor.ask("/me")[2], "nobody is told")
    assert there in visitor.ask("/connections")[2]
    assert there not in (here.folder / "ombud.toml").read_text()
    status, _, page = visitor.ask("/connections", {**form, "do": "room-add", "room": there})
    assert (status, "Restart Synapse." in page) == (200, True)
    assert there in (here.folder / "ombud.toml").read_text()
    joined = f"{there}: joined"
    assert [each.code for each in looked(here) if each.what == joined] == ["U476"]
    assert [each.code for each in looked(here) if each.what == joined] == ["U476"]  # it only looked
    files = [
        {"path": str(here.folder / f"talk-{what}.yaml"), "written": True}
        for what in ("appservice", "module")
    ]
    copied(here, {"files": files})
    found = here.check()
    assert f"{here.room}: replaced by {there}, which is moderated" in [each.what for each in found]
    assert [each.code for each in found if each.code == "U511"] == []
    assert [each.lack for each in found if each.what == joined] == [None]
    wait(lambda: "was replaced" not in visitor.ask("/me")[2], "it is still told")


def test_a_room_in_its_place_that_is_none_is_not_offered(here: Talk) -> None:
    """Whoever may end a room may name anything in its place: no command is made of that."""
    room = here.owner.room()
    change(here, room, add=True)
    for there in ("!a'; rm -rf ~ #:hs", "not a room", "!" + "a" * 300):
        gone = {"body": "moved", "replacement_room": there}
        assert here.owner.state(room, "m.room.tombstone", gone).status == 200
        lack = lacks(here)["U499"]
        assert there not in f"{lack.message} {lack.hint}"
        assert room in lack.message
