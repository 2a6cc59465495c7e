"""A wave of spam in a room of a real Synapse, under the shipped rules: held, confirmed by people,
appealed, reversed and posted after all, with a public log that proves it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cli.command_line import printed
from flow.served_platform import wait
from flow.small_community import hold_together, rows
from flow.test_staff_story import Person as Visitor
from ombud import samples, transparency
from ombud.clock import SECOND
from platforms.synapse import CLIENT, Person
from platforms.talk import Talk, talk
from staff.at_the_entrance import PASSWORD

pytestmark = pytest.mark.xdist_group("wave")

OFFER = (
    "Earn five hundred a day from your own home, it is easy and anybody can do it,"
    " write to me today and I will tell you how it is done"
)
ASKING = f"{OFFER}. Has anybody tried whether this is true?"
FIRST = "Annemarie"  # who runs the community
STAFF = {FIRST: "", "Quangminh": "reviewer", "Henrike": "appeals reviewer"}
UNDO_WINDOW = 11 * SECOND  # in which a person can take a decision back before anybody feels it
OPEN = "SELECT id, rule, reason, cluster IS NOT NULL FROM review_case WHERE closed IS NULL"
HELD = "SELECT action, by_role, licence, clause FROM decision WHERE about = seq ORDER BY leaf"


@dataclass
class Wave:
    """The homeserver and the community, who is in the room, and who runs it."""

    here: Talk
    links: dict[str, str] = field(default_factory=dict)  # of each author who was refused
    first: dict[str, str] = field(default_factory=dict)  # the decision by which they were
    people: dict[str, Person] = field(default_factory=dict)

    def comes(self, name: str, text: str) -> int:
        """Somebody nobody has seen before joins and writes; how the homeserver answers."""
        who = self.people[name] = self.here.server.register(name)
        assert who.join(self.here.room).status == 200
        return self.says(name, text)

    def says(self, name: str, text: str) -> int:
        """Somebody writes; where they are refused, they read why, and where to answer."""
        answer = self.people[name].say(self.here.room, text)
        if answer.status == 403:
            told = answer.json
            assert told["org.ombud.action"] == "hold", told
            assert told["org.ombud.notice"] in told["error"]
            self.first[name] = told["org.ombud.decision"]
            self.links[name] = "/notice/" + told["org.ombud.notice"].rpartition("/")[2]
        return answer.status

    def shown(self) -> list[str]:
        """What everybody reads in the room, the oldest first."""
        told = self.here.owner.messages(self.here.room)
        bodies = [each["content"].get("body") for each in told if each["type"] == "m.room.message"]
        return [each for each in reversed(bodies) if each is not None]

    def told(self, name: str) -> list[str]:
        """What the homeserver has told somebody in the name of the community."""
        who = self.people[name]
        rooms = who.ask("GET", f"{CLIENT}/joined_rooms").json["joined_rooms"]
        return [
            str(each["content"].get("body"))
            for room in rooms
            if room != self.here.room
            for each in who.messages(room)
            if each["type"] == "m.room.message"
        ]

    def is_told(self, name: str) -> bool:
        """Whether a message with a link to the reasons has reached somebody."""
        return any("/notice/" in each for each in self.told(name))

    def visitor(self) -> Visitor:
        """A browser of somebody who has no account here."""
        return Visitor(self.here.serving.port)

    def comes_in(self, name: str) -> Visitor:
        """One of the staff comes in by a link: the first one by that for the first account, the
        others are added by the first.
        """
        found, role = self.visitor(), STAFF[name]
        asked = ("staff", "add", name, "--role", role, "--by", FIRST) if role else ("staff", "link")
        made = printed(*asked, "--data", self.here.folder)
        path = re.sub(r"^https?://[^/]+", "", made["link"])
        fields = {"password": PASSWORD} if role else {"name": name, "password": PASSWORD}
        assert found.ask(path, fields)[0] == 303, made
        return found

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What stands in the store."""
        return rows(self.here.folder, query, *values)

    def time_passes(self) -> None:
        """The undo window closes; what happens next lets what waited go out."""
        self.here.serving.shift(self.here.serving.ahead + UNDO_WINDOW)
        event = self.here.owner.say(self.here.room, "The ferry is late again tonight.")
        self.here.seqs(event.json["event_id"])


def sent(who: Visitor, path: str, **fields: str) -> str:
    """A form is sent; where it leads, which must be where something was done."""
    status, where, body = who.ask(path, {"form": who.form(), **fields})
    assert status == 303, (path, fields, re.findall(r'class="problem".*', body))
    assert "done=" in where, where
    return where


def upto(page: str) -> str:
    """The last record that a case's page shows to be decided on."""
    found = re.search(r'name="upto" value="(\d+)"', page)
    assert found is not None
    return found[1]


def the_wave_is_held(wave: Wave) -> str:
    """From the third on; what it is held under accuses nobody. One case has all of it: what waits,
    and apart the two that were out before anybody could know. Its id.
    """
    assert [wave.comes(name, OFFER) for name in ("maren", "tobiah")] == [200, 200]
    late = [wave.comes(name, OFFER) for name in ("yusra", "linh", "oskar")]
    assert [*late, wave.comes("wenzel", ASKING)] == [403] * 4
    assert wave.shown().count(OFFER) == 2
    procedural = ("hold", "rule", "procedural:spam.repeats", "spam.repeats")
    assert wave.rows(HELD) == [procedural] * 4
    ((case, _, reason, campaign),) = wave.rows(OPEN)
    assert (reason, campaign) == ("hold", 1)
    apart = "SELECT apart FROM case_subject WHERE id = ? ORDER BY record"
    assert [each for (each,) in wave.rows(apart, case)] == ["published"] * 2 + [None] * 4
    for link in wave.links.values():
        status, _, page = wave.visitor().ask(link)
        assert status == 200
        assert "This accuses nobody." in page
    return str(case)


def two_people_confirm(wave: Wave, case: str) -> None:
    """One holds on to what waits and orders the same for what comes; what is out is taken away,
    which cannot be undone, and so by two.
    """
    here = f"/cases/{case}"
    first, second = (wave.comes_in(name) for name in (FIRST, "Quangminh"))
    page = first.ask(here)[2]
    assert OFFER in page
    assert page.count("published already") == 2
    sent(first, here, do="decide", offer="hold", record="", upto=upto(page))
    assert sent(first, "/orders", do="give", case=case, action="hold", hours="6").endswith("given")
    for _ in range(2):
        page = first.ask(here)[2]
        record = re.search(r'name="record" value="(\d+)"', page)
        assert record is not None
        offer = {"record": record[1], "upto": upto(page), "offer": "remove"}
        assert "done=proposed" in sent(first, here, do="decide", **offer)
        page = second.ask(here)[2]
        seen = re.search(r'name="proposal" value="([^"]+)"', page)
        assert seen is not None
        assert "done=confirmed" in sent(second, here, do="confirm", proposal=seen[1])
    assert [row[2:] for row in wave.rows(OPEN)] == [("cannot be undone, done", 0)] * 2
    wave.time_passes()
    wait(lambda: OFFER not in wave.shown(), "what was out is still there")
    wait(lambda: wave.is_told("maren") and wave.is_told("tobiah"), "they were told nothing")
    for link in wave.links.values():  # they have it; a second message within the hour would press
        assert "Not a rule but a person decided." in wave.visitor().ask(link)[2]


def what_still_comes_is_held_by_the_order(wave: Wave) -> None:
    """Under another licence, and so they read that a person has ordered it."""
    assert [wave.comes(name, OFFER) for name in ("petra", "ilse")] == [403, 403]
    assert [row[:2] for row in wave.rows(HELD)[-2:]] == [("hold", "rule")] * 2
    assert all(row[2].startswith("standing order:") for row in wave.rows(HELD)[-2:])
    for name in ("petra", "ilse"):
        assert "A person looked at a campaign" in wave.visitor().ask(wave.links[name])[2]
    assert [row[2:] for row in wave.rows(OPEN)][2:] == [("hold", 1)]


def one_appeals_and_posts(wave: Wave) -> None:
    """Somebody who had only asked answers from the page of their notice, without an account.
    Somebody else than who decided reverses it; then what they sent appears, once.
    """
    author, link = wave.visitor(), wave.links["wenzel"]
    page = author.ask(link)[2]
    open_to_appeal = re.findall(r'name="decision" value="([^"]+)"', page)
    (decision,) = set(open_to_appeal) - {wave.first["wenzel"]}  # that of a person, in its place
    told = {"decision": decision, "text": "I only asked whether this is true."}
    assert author.ask(f"{link}/appeal", told)[0] == 303
    judge = wave.comes_in("Henrike")
    found = re.search(r"/appeals/app_[\w-]+", judge.ask("/appeals")[2])
    assert found is not None
    assert told["text"] in judge.ask(found[0])[2]
    said = {"outcome": "reverse", "text-en": "You asked, and sold nothing. Sorry."}
    assert "done=appeal+reversed" in sent(judge, found[0], do="decide", **said)
    wave.time_passes()
    again = "You can send it again"
    wait(lambda: any(again in each for each in wave.told("wenzel")), "not told")
    assert said["text-en"] in author.ask(link)[2]
    assert wave.says("wenzel", ASKING) == 200
    assert wave.shown()[-1] == ASKING
    ((record,),) = wave.rows("SELECT about FROM decision WHERE id = ?", decision)
    late = "SELECT count(*) FROM journal WHERE type = '!publication' AND payload = ?"
    wait(lambda: wave.rows(late, f'{{"record":{record}}}') == [(1,)], "it is another event")
    assert [wave.says("wenzel", ASKING), wave.says("oskar", OFFER)] == [403, 403]


def test_spam_wave_in_a_room(tmp_path: Path) -> None:
    """The shipped rules as they are, on a homeserver that was connected as the how-to says."""
    shipped = {name: text.decode() for name, text in samples.files("rules").items()}
    with talk(tmp_path, shipped) as here:
        wave = Wave(here)
        assert here.owner.say(here.room, "Good evening, everybody.").status == 200
        two_people_confirm(wave, the_wave_is_held(wave))
        what_still_comes_is_held_by_the_order(wave)
        one_appeals_and_posts(wave)
        states = (
            "SELECT kind, action, detail FROM outbox WHERE state IN ('failed', 'undeliverable')"
        )
        assert wave.rows(states) == []
        assert here.serving.stop() == 0
        hold_together(here.folder)
        assert printed("ledger", "verify", here.folder / transparency.FOLDER)["ok"]
        again = printed("replay", "--check", "--data", here.folder)
        assert (again["different"], again["not_recomputable"]) == (0, 0)
        assert again["same"] == again["checked"]
