"""A homeserver that answers slowly, in drips or not at all, and an Ombud that does: nobody else
waits for it, and what was asked is done once and in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from connectors.receiver import Receiver
from flow.served_platform import Program, wait
from flow.small_community import event, rows
from ombud import clock, session
from ombud.clock import SECOND
from platforms.synapse import Person
from platforms.talk import BAGS, RUMOUR, Talk, talk

pytestmark = pytest.mark.xdist_group("slow")

POSTS = 10  # more than there are calls to one connector at one time
UNDO_WINDOW = 11 * SECOND
OF_TALK = "SELECT state, attempts, detail FROM outbox WHERE connector = 'talk' AND kind = 'action'"
OPEN = "SELECT id FROM review_case WHERE closed IS NULL AND rule = 'rumour'"
WORDS = ("ferry", "garden", "kettle", "marble", "orchid", "pepper", "quartz", "ribbon", "saddle")


@dataclass
class Slow:
    """Both servers with wires between them, and another platform beside, with a key of its own."""

    talk: Talk
    chat: Receiver
    key: str

    def everybody(self, number: int) -> str:
        """Something different each time."""
        return " ".join(WORDS[(number * step) % len(WORDS)] for step in (1, 2, 3, 5, 7))

    def decided(self, who: Person) -> list[str]:
        """Posts of somebody, each of which a person has labelled, and the time to take that back is
        over; their ids.
        """
        said = []
        for number in range(POSTS):
            text = f"{self.everybody(number)} {RUMOUR} {self.everybody(number + 3)} {number}"
            said.append(who.say(self.talk.room, text).json["event_id"])
        self.talk.seqs(*said)
        for (case,) in rows(self.talk.folder, OPEN):
            acts = [{"action": "label", "text": "disputed"}]
            session.request(self.talk.folder, "decide case", case=case, outcome="uphold", acts=acts)
        self.talk.serving.shift(self.talk.serving.ahead + UNDO_WINDOW)
        return said

    def waiting(self) -> list[tuple[str, int, str]]:
        """What is asked of the homeserver and not done: state, attempts, what went wrong."""
        asked = rows(self.talk.folder, OF_TALK + " AND state IN ('asked', 'sending')")
        return [(state, attempts, detail) for state, attempts, detail in asked]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slow]:
    """All three."""
    aside = tmp_path_factory.mktemp("slow")
    chat = Receiver(aside / "chat")
    try:
        with talk(aside / "talk", wired=True, section="timeout_seconds = 1\n") as made:
            asked = {"name": "chat", "url": chat.url, "allow": ["127.0.0.1"]}
            key = session.begin(made.folder, "connect", **asked)["key"]
            made.read()
            yield Slow(made, chat, key)
    finally:
        chat.kill()


@pytest.fixture(autouse=True)
def mended(here: Slow) -> Iterator[None]:
    """Whatever a test does to the wires is undone."""
    yield
    for each in (here.talk.there, here.talk.back):
        each.be("through")


@pytest.mark.parametrize("mode", ["deaf", "drip", "half"])
def test_a_slow_homeserver_holds_up_nobody_else(here: Slow, mode: str) -> None:
    """Another platform's events, checks and actions go on; what the homeserver is asked ends by a
    deadline and is asked again. Then each label is there once, and each person told once.
    """
    talk, who = here.talk, here.talk.somebody()
    talk.there.be(mode)
    said = here.decided(who)
    wait(lambda: any(attempts for _, attempts, _ in here.waiting()), "nothing was tried")
    done = len(here.chat.did())
    with closing(Program(talk.serving, key=here.key)) as chat:
        for number in range(5):
            told = {"time": clock.rfc3339(talk.serving.now())}
            asked = {**event(f"{mode}{number}", text=f"{BAGS} {mode}{number}"), **told}
            answer = chat.post("/v1/check", {**asked, "id": f"asked-{mode}{number}"}).json
            assert (answer["action"], answer["degraded"]) == ("hold", False)
            assert chat.post("/v1/events", asked).json["status"] == "accepted"
        assert who.say(talk.room, f"{BAGS} for everybody").json["org.ombud.action"] == "hold"
    wait(lambda: len(here.chat.did()) >= done + 5, "the other platform was asked for nothing")
    assert len(here.waiting()) == POSTS
    wait(lambda: any("within 1 seconds" in why for *_, why in here.waiting()), "no deadline")
    talk.there.be("through")
    wait(lambda: not here.waiting(), "not done")
    assert [talk.labels(each) for each in said] == [["disputed"]] * POSTS
    failed = "SELECT count(*) FROM outbox WHERE state = 'failed'"
    assert rows(talk.folder, failed) == [(0,)]


def test_each_in_its_turn_however_slow(here: Slow) -> None:
    """A label and its undoing, while every answer comes late: it is there, and then it is not."""
    talk, who = here.talk, here.talk.somebody()
    talk.there.be("slow")
    event_id = here.decided(who)[0]
    wait(lambda: talk.labels(event_id) == ["disputed"], "no label")
    (seq,) = talk.seqs(event_id)
    ((decision,),) = rows(talk.folder, "SELECT id FROM decision WHERE about = ?", seq)
    assert session.request(talk.folder, "undo", ids=[decision]) == [decision]
    wait(lambda: talk.labels(event_id) == [], "the label stayed")
    query = "SELECT state FROM outbox WHERE decision = ? AND kind = 'action' ORDER BY rowid"
    wait(
        lambda: rows(talk.folder, query, decision) == [("confirmed",)] * 2,
        "not both are confirmed",
    )


@pytest.mark.parametrize("mode", ["deaf", "drip", "half", "slow"])
def test_a_slow_ombud_keeps_nobody_from_writing(here: Slow, mode: str) -> None:
    """People write and others read it, whatever becomes of what Synapse asks and tells; what it
    could not tell is read afterwards, once and in order.
    """
    talk, who = here.talk, here.talk.somebody()
    talk.back.be(mode)
    answers = [who.say(talk.room, f"good evening {number}") for number in range(4)]
    assert [each.status for each in answers] == [200] * 4
    said = [each.json["event_id"] for each in answers]
    shown = [each["event_id"] for each in talk.owner.messages(talk.room)]
    assert [each for each in reversed(shown) if each in said] == said
    talk.back.be("through")
    seqs = talk.seqs(*said)
    assert seqs == sorted(seqs)
