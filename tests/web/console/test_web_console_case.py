"""One case on its page: all that a judgement needs, one button a decision, on to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import bags, copies, flag, shoes
from flow.small_community import change, event, rows
from ombud import casework, desk
from ombud.controls import staff
from staff.at_the_entrance import PASSWORD
from web.console.cases_at_hand import act, at_work, colleague, confirm, decide, led, tell, waiting
from web.console.staff_pages import Browser, said
from web.page_elements import Elements
from web.pretend_community import HOSTILE

SECOND = 1_000_000


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Ana, who decides cases."""
    with at_work(tmp_path) as found:
        yield found


def standing(browser: Browser) -> list[tuple[str, str, bool]]:
    """Every decision: action, by whom, whether it was undone."""
    query = "SELECT action, by_role, undone_by IS NOT NULL FROM decision ORDER BY leaf"
    return [(row[0], row[1], bool(row[2])) for row in rows(browser.place.engine.folder, query)]


def test_the_page_says_all_that_a_person_needs(browser: Browser) -> None:
    """What was said and where, to whom; why it is here with each value; who that is, without any
    score; what was done before; the clause's text; what can be done.
    """
    room = {"id": "hall", "name": "The great hall"}
    tell(browser, event("asked", 0, text="Any offers?", author={"id": "kim", "name": "Kim"}))
    tell(browser, bags("old", "ana", 5))
    more = {"room": room, "in_reply_to": {"id": "easked", "author": {"id": "kim"}}}
    links = [{"url": "https://shop.example/a", "shown": "here"}]
    tell(browser, event(2, 60, text="cheap shoes", author={"id": "ana"}, links=links, **more))
    (case,) = waiting(browser, "no licence")
    page = browser.get(f"/cases/{case}")
    assert page.status_code == 200
    text = said(page)
    for words in (
        "cheap shoes",
        "The great hall",
        "An answer to",
        "https://shop.example/a shown as here",
        "A rule fired that may not act by itself.",
        "A rule of the tests.",
        "text contains",
        "Known here for less than a day. Posts that were accepted: 1.",
        "hold, spam.links, by a rule in force",
        "It answers another post",
    ):
        assert words in text, (words, text)
    assert "Kim" in text
    assert "score" not in text.lower()
    shown = Elements(page.text)
    assert not {"img", "video", "audio", "iframe"} & set(shown.counts())
    assert 'href="https://shop' not in page.text
    assert re.findall(r'name="offer" value="([^"]*)"', page.text) == [
        *("release", "warn", "sensitive", "hold", "remove"),
        *("remove and warn", "remove and ban", "remove and suspend", "otherwise"),
    ]


def test_a_decision_leads_to_the_next_case_which_is_taken(browser: Browser) -> None:
    """One button: decided, the next one is mine, and undoing is at hand until it is too late."""
    tell(browser, *(shoes(n, f"person{n}", n) for n in range(3)))
    first, second, _ = waiting(browser)
    act(browser, first, "claim")
    path, told = led(decide(browser, first, "remove"))
    assert path == f"/cases/{second}"
    assert told == {"done": "remove", "undo": first}
    page = browser.get(f"{path}?done=remove&undo={first}")
    assert "Decided: removed." in said(page)
    assert f'action="/cases/{first}"' in page.text
    assert "This case is yours" in said(page)
    assert standing(browser) == [("remove", "reviewer", False)]
    path, told = led(act(browser, first, "undo", at=second))
    assert (path, told) == (f"/cases/{first}", {"done": "taken back"})
    assert standing(browser) == [("remove", "reviewer", True)]
    assert "This case is yours" in said(browser.get(path))
    assert "This case is yours" not in said(browser.get(f"/cases/{second}"))
    decide(browser, first, "release")
    browser.place.clock.at += 11 * SECOND
    assert "can be taken back" not in said(browser.get(f"/cases/{second}?undo={first}"))
    late = act(browser, first, "undo", at=second)
    assert late.status_code == 422
    assert "cannot be taken back here any more" in said(late)


def test_every_offer_can_be_decided(browser: Browser) -> None:
    """Of what is held, of what a person is asked about, of what only has to be seen: no button of
    the page is refused.
    """
    tell(browser, *(bags(f"b{n}", f"held{n}", n) for n in range(9)))
    tell(browser, *(shoes(f"s{n}", f"asked{n}", 20 + n) for n in range(9)))
    for reason in ("hold", "no licence"):
        (case, *_) = waiting(browser, reason)
        offers = re.findall(r'name="offer" value="([^"]*)"', browser.get(f"/cases/{case}").text)
        for offer, each in zip(offers[:-1], waiting(browser, reason), strict=False):
            assert led(decide(browser, each, offer))[1]["done"] == offer, offer
    assert {each[0] for each in standing(browser)} >= {"remove", "suspend", "ban from room", "warn"}


def test_passing_over_goes_along_the_order(browser: Browser) -> None:
    """Each of them once, then from the front again; what was passed is free for others."""
    tell(browser, *(shoes(n, f"person{n}", n) for n in range(3)))
    order = waiting(browser)
    at, seen = order[0], []
    act(browser, at, "claim")
    for _ in range(3):
        path, _told = led(act(browser, at, "next"))
        at = path.rpartition("/")[2]
        seen.append(at)
    assert seen == [*order[1:], order[0]]
    page = said(browser.get(f"/cases/{order[1]}"))
    assert "Take this case" in page


def test_the_last_case_leads_back_to_the_queue(browser: Browser) -> None:
    """Where nothing waits any more, the page of the queue says so and can undo."""
    tell(browser, shoes(1))
    (case,) = waiting(browser)
    path, told = led(decide(browser, case, "release"))
    assert (path, told["queue"], told["undo"]) == ("/cases", "review", case)
    page = browser.get(f"/cases?queue=review&done=release&undo={case}")
    assert 'name="do" value="undo"' in page.text
    assert led(act(browser, case, "undo", at=""))[0] == f"/cases/{case}"


def test_what_somebody_else_has_can_be_read_and_not_decided(browser: Browser) -> None:
    """It says who has it and until when; a form that is sent all the same is refused."""
    tell(browser, shoes(1))
    (case,) = waiting(browser)
    act(browser, case, "claim")
    colleague(browser, "Bình", "reviewer")
    page = browser.get(f"/cases/{case}")
    assert "Ana has this case until" in said(page)
    assert 'name="offer"' not in page.text
    ((record,),) = rows(browser.place.engine.folder, "SELECT record FROM case_subject")
    refused = act(browser, case, "decide", offer="release", record=record, upto=record)
    assert refused.status_code == 422
    assert "Somebody else has this case" in said(refused)
    browser.place.clock.at += desk.LEASE + SECOND
    assert "has this case" not in said(browser.get(f"/cases/{case}"))
    assert led(decide(browser, case, "release"))[1]["done"] == "release"


def test_a_campaign_is_decided_as_one_and_outliers_by_themselves(browser: Browser) -> None:
    """All that are alike by one button; a reply and a quote are left out and come one by one; what
    joined after the page was shown is not judged unseen.
    """
    tell(browser, *copies(5))
    tell(browser, *copies(1, 5, in_reply_to={"id": "x"}))
    (case,) = waiting(browser, "hold")
    page = browser.get(f"/cases/{case}")
    assert "about 5 records of 5 people" in said(page)
    assert "One more is decided by itself" in said(page)
    upto = re.search(r'name="upto" value="([^"]*)"', page.text)
    assert upto is not None
    tell(browser, *copies(1, 6))
    path, told = led(act(browser, case, "decide", offer="remove", record="", upto=upto[1]))
    assert (path, told["done"]) == (f"/cases/{case}", "remove")
    assert sum(each[0] == "remove" for each in standing(browser)) == 5
    assert "about" not in said(browser.get(path)).partition("Your decision")[2][:40]
    decide(browser, case, "remove")  # the one that joined
    page = browser.get(path)
    assert "It answers another post" in said(page)
    decide(browser, case, "release")
    assert waiting(browser) == []


def test_many_need_two_people(browser: Browser) -> None:
    """Beyond twenty: shown anew, proposed, seen in full by somebody else and confirmed by them; who
    proposed cannot.
    """
    tell(browser, *copies(30))
    (case,) = waiting(browser, "hold")
    browser.place.clock.at += 6 * 60 * SECOND
    page = browser.get(f"/cases/{case}")
    assert "first show once more that it is you" in said(page)
    stale = decide(browser, case, "remove")
    assert stale.status_code == 403
    assert f'href="/fresh?next=/cases/{case}"' in stale.text
    browser.send("/fresh", {"form": browser.token(), "password": PASSWORD, "next": "/me"})
    words = {"words": "Advertising.", "words_lang": "en"}
    assert led(decide(browser, case, "remove", **words))[1]["done"] == "proposed"
    page = browser.get(f"/cases/{case}")
    assert "Ana wants this done about 30 records" in said(page)
    assert 'value="confirm"' not in page.text
    assert act(browser, case, "confirm").status_code == 422
    colleague(browser, "Bình", "reviewer")
    page = browser.get(f"/cases/{case}")
    assert 'value="confirm"' in page.text
    assert "Advertising." in said(page)
    assert 'value="alone"' not in page.text
    assert act(browser, case, "alone").status_code == 422
    assert led(confirm(browser, case))[1]["done"] == "confirmed"
    assert sum(each[0] == "remove" for each in standing(browser)) == 30
    assert led(act(browser, case, "undo", at=""))[1] == {"done": "taken back"}
    assert sum(each == ("remove", "reviewer", False) for each in standing(browser)) == 0


def test_what_nobody_saw_nobody_confirms(browser: Browser) -> None:
    """Who proposed puts something else in its place meanwhile: it is shown, not done."""
    tell(browser, *copies(30))
    (case,) = waiting(browser, "hold")
    decide(browser, case, "remove")
    colleague(browser, "Lou", "reviewer")
    page = browser.get(f"/cases/{case}")
    harder = [{"action": "remove"}, {"action": "suspend", "on": "author"}]
    asked = {"outcome": "uphold", "acts": harder, "everything": True, "fresh": True}
    casework.perform(browser.place.engine, "decide case", {"case": case, "by": "Ana", **asked})
    refused = confirm(browser, case, page)
    assert refused.status_code == 422
    assert "Something else is proposed now" in said(refused)
    assert act(browser, case, "confirm").status_code == 422  # nor whoever saw none
    assert not any(each[0] == "suspend" for each in standing(browser))
    assert led(confirm(browser, case, refused))[1]["done"] == "confirmed"
    assert sum(each[0] == "suspend" for each in standing(browser)) == 30


def test_who_is_alone_may_do_what_can_be_taken_back(browser: Browser) -> None:
    """And it is marked as done by one person."""
    tell(browser, *copies(30))
    (case,) = waiting(browser, "hold")
    decide(browser, case, "remove")
    assert led(act(browser, case, "alone"))[1]["done"] == "alone"
    assert rows(browser.place.engine.folder, "SELECT alone, authors FROM review") == [(1, 30)]


def test_what_is_not_decided_is_passed_on(browser: Browser) -> None:
    """Notes that end, assigned, put aside with its return, urgent, split and merged."""
    tell(browser, *copies(4), shoes("x", "kim"))
    (campaign,), (asked,) = waiting(browser, "hold"), waiting(browser, "no licence")
    assert led(act(browser, asked, "note", note="Ask Kim.", lasts="day"))[1]["done"] == "noted"
    assert "Ask Kim." in said(browser.get(f"/cases/{asked}"))
    assert act(browser, asked, "note", note=" ", lasts="day").status_code == 422
    assert led(act(browser, asked, "assign", to="Ana"))[1]["done"] == "assigned"
    assert asked in browser.get("/cases?state=assigned").text
    assert led(act(browser, asked, "assign", to=""))[1]["done"] == "assigned"
    assert led(act(browser, asked, "snooze", until="3 days"))[1]["done"] == "snoozed"
    page = said(browser.get(f"/cases/{asked}"))
    assert "comes back" in page
    assert led(act(browser, asked, "snooze", until=""))[1]["done"] == "woken"
    assert led(act(browser, asked, "urge"))[1]["done"] == "urged"
    assert waiting(browser)[0] == asked
    assert "somebody should look within 5 minutes" in said(browser.get(f"/cases/{asked}"))
    records = re.findall(r'name="record" value="(\d+)">', browser.get(f"/cases/{campaign}").text)
    path, told = led(act(browser, campaign, "split", record=records[-1]))
    assert told["done"] == "split"
    made = path.rpartition("/")[2]
    assert made != campaign
    path, told = led(act(browser, made, "merge", into=f"http://x.example/cases/{campaign}?lang=vi"))
    assert (path, told["done"]) == (f"/cases/{campaign}", "merged")
    assert act(browser, campaign, "merge", into="nothing").status_code == 422


def test_something_else_is_put_together_by_a_form(browser: Browser) -> None:
    """An action on each of post and author, with an end and a text; what is refused says why."""
    tell(browser, bags(1), bags(2, "kim", 1))
    first, second = waiting(browser)
    more = {"act_this": "label", "length": "week", "text": "Advertising"}
    _, told = led(decide(browser, first, "otherwise", act_author="suspend", **more))
    assert told["done"] == "otherwise"
    assert [each[0] for each in standing(browser)][2:] == ["label", "suspend"]
    refused = decide(browser, second, "otherwise", act_author="suspend")
    assert refused.status_code == 422
    assert "what is held needs a decision about itself" in said(refused)
    assert decide(browser, second, "otherwise", act_this="nonsense").status_code == 422
    assert decide(browser, second, "otherwise").status_code == 422


def test_a_report_says_what_was_reported_and_never_by_whom(browser: Browser) -> None:
    """Its reason stands there, who flagged does not."""
    tell(browser, event(5, 0, text="an unkind word", author={"id": "ana", "name": "Ana B."}))
    told = flag(1, "e5", "secretive-person", 10)
    told["data"]["reason"] = "unkind"
    tell(browser, told)
    (case,) = waiting(browser)
    page = browser.get(f"/cases/{case}")
    assert "an unkind word" in said(page)
    assert "unkind" in said(page).partition("The reason that was given")[2][:20]
    assert "secretive" not in page.text


def test_nobody_sees_what_they_may_not(browser: Browser) -> None:
    """Neither strangers, nor other roles, nor who is kept to other queues."""
    tell(browser, shoes(1))
    (case,) = waiting(browser)
    assert browser.get("/cases/cas_none").status_code == 404
    assert act(browser, "cas_none", "claim").status_code == 404
    assert act(browser, case, "promote").status_code == 400
    assert browser.send(f"/cases/{case}", {"form": "x", "do": "claim"}).status_code == 403
    colleague(browser, "Chi", "auditor")
    assert browser.get(f"/cases/{case}").status_code == 403
    assert act(browser, case, "decide", offer="release").status_code == 403
    assert browser.get("/cases").status_code == 403
    browser.forget()
    assert browser.get(f"/cases/{case}").headers["location"] == "/login"
    assert waiting(browser) == [case]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_content_breaks_no_page(browser: Browser, text: str) -> None:
    """The page has the elements that it has with plain words, in both languages."""
    plain = text.encode("utf-8", "replace").decode().replace("\0", " ")
    who = {"id": "ana", "name": plain[:400]}
    tell(browser, event(1, 0, text=f"cheap shoes {plain}", author=who))
    tell(browser, event(2, 5, text="cheap shoes again", author={"id": "kim", "name": "Kim"}))
    hostile, harmless = waiting(browser)
    for lang in ("en", "vi"):
        page = browser.get(f"/cases/{hostile}?lang={lang}")
        assert page.status_code == 200
        assert len(page.text) < 80_000
        counts = Elements(page.text).counts()
        expected = Elements(browser.get(f"/cases/{harmless}?lang={lang}").text).counts()
        expected["option"] += text.count("http://")  # a site that can be put on a list
        assert counts == expected


def test_a_large_case_is_shown_in_parts(browser: Browser) -> None:
    """However many records: a page shows a few of them and leads to the next ones."""
    tell(browser, *copies(120))
    (case, *_) = waiting(browser, "hold")
    page = browser.get(f"/cases/{case}")
    assert page.text.count("/cases/" + case + "?record=") == 24
    assert len(page.text) < 120_000
    (more,) = re.findall(rf'href="(/cases/{case}\?after=\d+)#others"', page.text)
    assert browser.get(more).text.count("?record=") == 25


def test_what_cannot_be_taken_back_leads_to_what_was_done(browser: Browser) -> None:
    """By when somebody else looks at it, and where it was decided; overdue is said as such."""
    tell(browser, shoes(1))
    (case,) = waiting(browser)
    decide(browser, case, "remove")
    folder = browser.place.engine.folder
    again = (
        "INSERT INTO review_case (id, seq, opened, clause, queue, reason)"
        " SELECT 'cas_again', seq, time, 'spam.links', 'review', 'cannot be undone, done'"
        " FROM review"
    )
    change(folder, again)
    refused = decide(browser, "cas_again", "seen")
    assert refused.status_code == 422
    assert "does not look at it once more" in said(refused)
    page = browser.get("/cases/cas_again")
    assert "Somebody else than who decided it looks at it by" in said(page)
    assert f'href="/cases/{case}' in page.text
    browser.place.clock.at += 73 * 3600 * SECOND
    browser.log_in()
    assert "Overdue: somebody else" in said(browser.get("/cases/cas_again"))


def test_who_decides_about_their_own_account_is_told_why_not(browser: Browser) -> None:
    """In plain words, and nothing is decided; the page stays."""
    browser.place.add("Bình", "reviewer")
    ana = browser.place.entrance.members()[0][0]
    account = {"platform": "chat", "account": "ana"}
    browser.place.engine.control(staff.asked("bound", ana, ana, **account))
    tell(browser, bags(1))
    (case,) = waiting(browser, "hold")
    page = decide(browser, case, "release")
    assert page.status_code == 422
    assert "This is about an account by which you are heard" in said(page)
    assert standing(browser) == [("hold", "rule", False)]
