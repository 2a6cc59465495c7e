"""A wave of spam in a room of a real Synapse, under the shipped rules: held, confirmed by people,
appealed, reversed and posted after all, with a public log that proves it. Whoever is in the room
writes through the homeserver, everybody else works in a real browser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe, in_every_look
from browser.chromium import Pages
from browser.staff_served import PASSWORD
from browser.test_browser_cases import press
from cli.command_line import printed
from flow.served_platform import wait
from flow.small_community import hold_together, rows
from ombud import samples, transparency
from ombud.clock import SECOND
from platforms.synapse import CLIENT, Person
from platforms.talk import Talk, talk

pytestmark = pytest.mark.xdist_group("wave")

OFFER = (
    "Earn five hundred a day from your own home, it is easy and anybody can do it,"
    " write to me today and I will tell you how it is done"
    " <script>document.title='taken'</script> \u202egnp.exe\u202c " + "Z" * 120
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

    def goes(self, page: Page, path: str) -> None:
        """Somebody opens an address of the community's pages."""
        page.goto(f"http://localhost:{self.here.serving.port}{path}")

    def comes_in(self, page: Page, name: str) -> Page:
        """One of the staff comes in by a link: the first one by that for the first account, the
        others are added by the first.
        """
        role = STAFF[name]
        asked = ("staff", "add", name, "--role", role, "--by", FIRST) if role else ("staff", "link")
        made = printed(*asked, "--data", self.here.folder)
        self.goes(page, re.sub(r"^https?://[^/]+", "", made["link"]))
        if not role:
            page.locator("#name").fill(name)
        page.locator("#password").fill(PASSWORD)
        page.locator("main button").first.press("Enter")
        page.wait_for_url("**/me*")
        return page

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What stands in the store."""
        return rows(self.here.folder, query, *values)

    def time_passes(self) -> None:
        """The undo window closes; what happens next lets what waited go out."""
        self.here.serving.shift(self.here.serving.ahead + UNDO_WINDOW)
        event = self.here.owner.say(self.here.room, "The ferry is late again tonight.")
        self.here.seqs(event.json["event_id"])


def looked_at(page: Page) -> None:
    """Nothing that axe finds, nothing that sticks out, nothing of a stranger's that was run."""
    for look in in_every_look(page):
        assert axe(page) == [], (page.url, look)
        assert page.evaluate("document.documentElement.scrollWidth") <= look[1], (page.url, look)
    assert page.title() != "taken"


def key_of(page: Page, button: str) -> str:
    """The key that is shown on a button."""
    key = page.locator(button).get_attribute("data-shortcut")
    assert key is not None
    return key


def the_wave_is_held(wave: Wave, author: Page) -> str:
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
        wave.goes(author, link)
        expect(author.get_by_text("This accuses nobody.")).to_be_visible()
    looked_at(author)
    return str(case)


def two_people_confirm(wave: Wave, case: str, first: Page, second: Page) -> None:
    """One holds on to what waits and orders the same for what comes; what is out is taken away,
    which cannot be undone, and so by two. All of it by the keys that the page names.
    """
    wave.comes_in(first, FIRST)
    wave.comes_in(second, "Quangminh")
    wave.goes(first, "/cases")
    first.locator(".cards a").first.press("Enter")
    first.wait_for_url(f"**/cases/{case}*")
    expect(first.locator("#said ~ blockquote").first).to_contain_text("Earn five hundred a day")
    expect(first.locator("#others ~ form .state", has_text="published already")).to_have_count(2)
    looked_at(first)
    press(first, key_of(first, "[name=offer][value=hold]"))
    wave.goes(first, f"/cases/{case}")
    first.locator("a[href^='/orders?case=']").press("Enter")
    first.wait_for_url("**/orders?case=*")
    first.locator("#action").select_option("hold")
    looked_at(first)
    first.get_by_role("button", name="Give the order").press("Enter")
    expect(first.get_by_role("status").first).to_have_text("The order is given.")
    for _ in range(2):
        wave.goes(first, f"/cases/{case}")
        expect(first.locator("#decide ~ p").first).to_contain_text("published")
        expect(first.locator("[name=offer][value=hold]")).to_have_count(0)  # it is out
        expect(first.locator("#why ~ p").first).to_contain_text("Nothing has been done about it")
        press(first, key_of(first, "[name=offer][value=remove]"))
        wave.goes(second, f"/cases/{case}")
        expect(second.locator("#proposal")).to_be_visible()
        looked_at(second)
        press(second, key_of(second, "form button[data-shortcut=c]"))
    assert [row[2:] for row in wave.rows(OPEN)] == [("cannot be undone, done", 0)] * 2
    wave.time_passes()
    wait(lambda: OFFER not in wave.shown(), "what was out is still there")
    wait(lambda: wave.is_told("maren") and wave.is_told("tobiah"), "they were told nothing")


def what_still_comes_is_held_by_the_order(wave: Wave, author: Page) -> None:
    """Under another licence, and so they read that a person has ordered it. Who had been refused
    before reads that a person decided; a second message within the hour would press.
    """
    for link in [*wave.links.values()]:
        wave.goes(author, link)
        expect(author.get_by_text("Not a rule but a person decided.")).to_be_visible()
    assert [wave.comes(name, OFFER) for name in ("petra", "ilse")] == [403, 403]
    assert [row[:2] for row in wave.rows(HELD)[-2:]] == [("hold", "rule")] * 2
    assert all(row[2].startswith("standing order:") for row in wave.rows(HELD)[-2:])
    for name in ("petra", "ilse"):
        wave.goes(author, wave.links[name])
        expect(author.get_by_text("A person looked at a campaign").first).to_be_visible()
    assert [row[2:] for row in wave.rows(OPEN)][2:] == [("hold", 1)]


def one_appeals_and_posts(wave: Wave, author: Page, judge: Page) -> None:
    """Somebody who had only asked answers from the page of their notice, without an account.
    Somebody else than who decided reverses it; then what they sent appears, once.
    """
    wave.goes(author, wave.links["wenzel"])
    offered = author.locator("input[name=decision]")
    (decision,) = {each.input_value() for each in offered.all()} - {wave.first["wenzel"]}
    form = author.locator(f"form:has(input[value='{decision}'])")  # of what a person decided
    if not form.locator("textarea").is_visible():
        author.locator("details", has=form).locator("summary").press("Enter")
    form.locator("textarea").fill("I only asked whether this is true.")
    form.get_by_role("button").press("Enter")
    author.wait_for_url("**-appeals")
    expect(author.get_by_text("Your appeal has arrived.")).to_be_visible()
    looked_at(author)
    wave.comes_in(judge, "Henrike")
    wave.goes(judge, "/appeals")
    judge.locator("main .cards a").first.press("Enter")
    judge.wait_for_url("**/appeals/app_*")
    expect(judge.locator("#person + p + blockquote")).to_contain_text("I only asked whether")
    judge.locator("#outcome-reverse").check()
    judge.locator("#text-en").fill("You asked, and sold nothing. Sorry.")
    looked_at(judge)
    judge.locator("button[value=decide]").press("Enter")
    judge.wait_for_url("**done=appeal*")
    wave.time_passes()
    again = "You can send it again"
    wait(lambda: any(again in each for each in wave.told("wenzel")), "not told")
    author.reload()
    expect(author.get_by_text("You asked, and sold nothing. Sorry.")).to_be_visible()
    looked_at(author)
    assert wave.says("wenzel", ASKING) == 200
    assert wave.shown()[-1] == ASKING
    ((record,),) = wave.rows("SELECT about FROM decision WHERE id = ?", decision)
    late = "SELECT count(*) FROM journal WHERE type = '!publication' AND payload = ?"
    wait(lambda: wave.rows(late, f'{{"record":{record}}}') == [(1,)], "it is another event")
    assert [wave.says("wenzel", ASKING), wave.says("oskar", OFFER)] == [403, 403]


def test_spam_wave_in_a_room(open_page: Pages, tmp_path: Path) -> None:
    """The shipped rules as they are, on a homeserver that was connected as the how-to says; what
    people do, they do in their browsers.
    """
    author, first, second, judge = (open_page() for _ in range(4))
    shipped = {name: text.decode() for name, text in samples.files("rules").items()}
    with talk(tmp_path, shipped) as here:
        wave = Wave(here)
        assert here.owner.say(here.room, "Good evening, everybody.").status == 200
        case = the_wave_is_held(wave, author)
        two_people_confirm(wave, case, first, second)
        what_still_comes_is_held_by_the_order(wave, author)
        one_appeals_and_posts(wave, author, judge)
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
