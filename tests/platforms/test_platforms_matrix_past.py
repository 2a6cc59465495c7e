"""A room with ten thousand events of history is connected: nothing of it is judged or kept, and all
of it can be acted on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from flow.served_platform import wait
from flow.small_community import rows
from ombud import samples, session
from ombud.clock import SECOND
from platforms.history import SETTING, put_module, say_much
from platforms.matrix_side import act
from platforms.synapse import ADMIN, CLIENT, Person
from platforms.talk import ACCOUNT, BAGS, RULES, RUMOUR, Talk, talk

pytestmark = pytest.mark.xdist_group("past")

MANY = 10_000
REDACTED = 60
PATIENCE_SECONDS = 300.0  # until Synapse has told or done so much
PLANTED = "said-long-before-anybody-watched"
MEMORY_KIB_MAX = 96 << 10  # what reading all of it may add to the server's memory
REPORTED = {"reported.rule": samples.files("rules")["reported.rule"].decode()}
UNDO_WINDOW = 11 * SECOND


@dataclass
class Past:
    """Both servers; `author` has said all that is there, `first` is the id of the first message."""

    talk: Talk
    author: Person
    first: str
    memory: int  # of Ombud, in KiB, before it was told anything

    def events(self, type_: str) -> list[tuple[int]]:
        """The numbers of all events of a type."""
        return rows(self.talk.folder, "SELECT seq FROM journal WHERE type = ? ORDER BY seq", type_)


def memory(talk: Talk) -> int:
    """The most memory that Ombud has had, in KiB."""
    told = Path(f"/proc/{talk.serving.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", told)
    assert found is not None
    return int(found[1])


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    """The room is there, and full, before it is connected."""
    aside = tmp_path_factory.mktemp("past")
    authors = []

    def fill(owner: Person, room: str) -> None:
        author = owner.server.register("chronicler")
        assert author.join(room).status == 200
        texts = [f"{PLANTED} {number}" for number in range(MANY)]
        texts[100], texts[200] = f"{BAGS} {PLANTED}", f"{RUMOUR} {PLANTED}"
        say_much(author, room, texts)
        authors.append(author)

    made = talk(
        aside / "talk",
        {**RULES, **REPORTED},
        wired=True,
        before=fill,
        folders=[put_module(aside / "module")],
        modules=[SETTING],
    )
    with made as found:
        at = f"{CLIENT}/rooms/{quote(found.room)}/messages?dir=f&limit=20"
        told = authors[0].ask("GET", at).json["chunk"]
        (first, *_) = [each for each in told if each["type"] == "m.room.message"]
        yield Past(found, authors[0], first["event_id"], memory(found))


def test_connecting_reads_nothing_of_it(here: Past) -> None:
    """Synapse tells all of it, and it is let pass: nothing is judged, decided or kept, and no
    memory grows with it. What is said from then on is read.
    """
    talk = here.talk
    new = here.author.say(talk.room, "is anybody watching now?").json["event_id"]
    published = "SELECT count(*) FROM journal WHERE type = '!publication'"
    wait(lambda: rows(talk.folder, published) == [(1,)], "it is not told", PATIENCE_SECONDS)
    talk.seqs(new)
    for number in (0, MANY // 2, MANY - 1):
        assert f"{PLANTED} {number}".encode() in talk.back.kept
    assert len(here.events("post.created")) == 1
    assert here.events("member.joined") == []
    assert rows(talk.folder, "SELECT count(*) FROM decision") == [(0,)]
    assert rows(talk.folder, "SELECT count(*) FROM review_case") == [(0,)]
    assert memory(talk) < here.memory + MEMORY_KIB_MAX
    for path in [*talk.folder.rglob("*"), talk.serving.log]:
        if path.is_file():
            assert PLANTED.encode() not in path.read_bytes(), path


def test_a_report_from_deep_below_comes_before_a_person(here: Past) -> None:
    """Somebody flags the very first message; a person puts a label to it, and takes it away."""
    talk, by = here.talk, here.talk.somebody()
    at = f"{CLIENT}/rooms/{quote(talk.room)}/report/{quote(here.first)}"
    assert by.ask("POST", at, {"reason": "it was never true"}).status == 200
    waiting = "SELECT id FROM review_case WHERE closed IS NULL AND rule = 'reported'"
    wait(lambda: rows(talk.folder, waiting), "no case")
    ((case,),) = rows(talk.folder, waiting)
    acts = [{"action": "label", "text": "disputed"}]
    session.request(talk.folder, "decide case", case=case, outcome="uphold", acts=acts)
    talk.serving.shift(talk.serving.ahead + UNDO_WINDOW)
    wait(lambda: talk.labels(here.first) == ["disputed"], "no label")
    ((decision,),) = rows(talk.folder, "SELECT id FROM decision")
    assert session.request(talk.folder, "undo", ids=[decision]) == [decision]
    wait(lambda: talk.labels(here.first) == [], "the label stayed")


def test_an_old_message_is_acted_on(here: Past) -> None:
    """Far below, also where who joins now is shown nothing of it: what is there is not taken for
    what was never there.
    """
    talk = here.talk
    shown = {"history_visibility": "joined"}
    at = f"{CLIENT}/rooms/{quote(talk.room)}/messages?dir=f&limit=40"
    deep = [each["event_id"] for each in here.author.ask("GET", at).json["chunk"]][-1]
    assert talk.owner.state(talk.room, "m.room.history_visibility", shown).status == 200
    with talk.connector() as connector:
        for _ in range(2):
            done = act(connector, "remove", f"{talk.room}/{deep}", key="act_deep")
            assert done.state == "confirmed", done
            assert not done.detail
    assert "redacted_because" in _event(here, deep)["unsigned"]


def test_many_are_redacted_at_once(here: Past) -> None:
    """An admin takes away much of what somebody wrote: each is read once, and nothing is judged for
    it.
    """
    talk = here.talk
    told = len(here.events("post.created"))
    at = f"{ADMIN}/v1/user/{quote(here.author.id)}/redact"
    asked = {"rooms": [talk.room], "limit": REDACTED}
    task = talk.server.admin.ask("POST", at, asked).json["redact_id"]

    def done() -> bool:
        found = talk.server.admin.ask("GET", f"{ADMIN}/v1/user/redact_status/{task}").json
        assert not found.get("failed_redactions"), found
        return bool(found["status"] == "complete")

    wait(done, "not all were redacted", PATIENCE_SECONDS)
    talk.seqs(talk.owner.say(talk.room, "that was much").json["event_id"])
    assert len(here.events("post.deleted")) == _redactions(here) >= REDACTED
    assert len(here.events("post.created")) == told + 1


def _redactions(here: Past) -> int:
    """How many redactions there are in the room that are not of Ombud's account."""
    query = 'dir=b&limit=1000&filter={"types":["m.room.redaction"],"not_senders":["%s"]}'
    at = f"{CLIENT}/rooms/{quote(here.talk.room)}/messages?"
    found = here.author.ask("GET", at + quote(query % ACCOUNT, "=&")).json
    return len(found["chunk"])


def _event(here: Past, id_: str) -> Any:
    at = f"{CLIENT}/rooms/{quote(here.talk.room)}/event/{quote(id_)}"
    return json.loads(here.author.ask("GET", at).body)
