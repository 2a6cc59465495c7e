"""The page of the queues: order with its reasons, filters, pages, taking the next case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import HELD, bags, shoes
from ombud import staffing
from web.console.cases_at_hand import act, at_work, colleague, decide, led, tell, waiting
from web.console.staff_pages import Browser, said
from web.page_elements import Elements

BAGS = {HELD[0]: HELD[1].replace("hold this", 'hold this for review in queue "bags & <b>co</b>"')}
NAMED_SO = "bags & <b>co</b>"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Ana, who decides cases of two queues."""
    with at_work(tmp_path, rules=BAGS) as found:
        yield found


def listed(page: str) -> list[str]:
    """The cases on a page, in its order."""
    return re.findall(r'<h3><a href="/cases/(cas_[\w-]+)', page)


def test_it_comes_first_and_says_how_much_waits(browser: Browser) -> None:
    """Each queue with its numbers; each case with the sentence why it stands there, in the order;
    no text of any post.
    """
    tell(browser, *(shoes(n, f"p{n}", n) for n in range(3)), bags("b", "kim", 9))
    page = browser.get("/cases")
    assert listed(page.text) == waiting(browser)
    text = said(page)
    assert "review 3 waiting" in text
    assert f"{NAMED_SO} 1 waiting" in text
    assert text.count("somebody should look") == 4
    assert "cheap" not in text
    assert "b" not in Elements(page.text).counts()
    assert page.text.index('href="/cases"') < page.text.index('href="/staff"')


def test_how_often_somebody_was_called_is_said(tmp_path: Path) -> None:
    """Beside the queue: the messages of a day, and what was folded into them."""
    urgent = {HELD[0]: HELD[1].replace("hold this", "hold this as urgent")}
    with at_work(tmp_path, rules=urgent) as browser:
        tell(browser, *(bags(n, f"p{n}", n) for n in range(9)))
        text = said(browser.get("/cases"))
        assert "review 9 waiting, 9 urgent" in text
        assert "Messages that called moderators within a day: 2. Folded into them: 7 more." in text


def test_a_queue_and_a_state_narrow_the_list(browser: Browser) -> None:
    """One queue alone, what is mine, put aside or closed, and the addresses keep both."""
    tell(browser, *(shoes(n, f"p{n}", n) for n in range(4)), bags("b", "kim", 9))
    (bag,) = waiting(browser, "hold")
    first, second, third, fourth = waiting(browser, "no licence")
    narrowed = browser.get("/cases?queue=bags+%26+%3Cb%3Eco%3C%2Fb%3E")
    assert listed(narrowed.text) == [bag]
    assert "queue=bags%20%26%20%3Cb%3Eco%3C/b%3E" in narrowed.text
    act(browser, first, "claim")
    act(browser, second, "assign", to="Ana")
    act(browser, third, "snooze", until="day")
    decide(browser, fourth, "release")
    assert listed(browser.get("/cases?state=held").text)[0] == first
    assert listed(browser.get("/cases?state=assigned").text) == [second]
    assert listed(browser.get("/cases?state=snoozed").text) == [third]
    assert listed(browser.get("/cases?state=closed").text) == [fourth]
    assert listed(browser.get("/cases?state=closed&queue=elsewhere").text) == []
    assert "yours until" in said(browser.get("/cases"))
    assert browser.get("/cases?state=nonsense").status_code == 200


def test_pages_follow_each_other_without_gap(browser: Browser) -> None:
    """Fifty a page; the last one leads back to the beginning; an unknown place is none."""
    tell(browser, *(shoes(n, f"p{n}", n) for n in range(53)))
    page = browser.get("/cases?lang=vi")
    found = listed(page.text)
    assert len(found) == 50
    (more,) = re.findall(r'rel="next" href="([^"]+)"', page.text)
    rest = browser.get(more.replace("&amp;", "&"))
    assert listed(rest.text) == waiting(browser)[50:]
    assert 'rel="next"' not in rest.text
    assert browser.get("/cases?after=cas_none").status_code == 404


def test_the_next_case_is_taken_and_opened(browser: Browser) -> None:
    """The first in the order; of one queue where that is shown; nothing where nothing waits."""
    tell(browser, shoes(1), bags("b", "kim", 9))
    form = {"form": browser.token(), "queue": NAMED_SO}
    path, _ = led(browser.send("/cases", form))
    assert path == f"/cases/{waiting(browser, 'hold')[0]}"
    assert "This case is yours" in said(browser.get(path))
    path, _ = led(browser.send("/cases", {**form, "queue": ""}))
    assert path == f"/cases/{waiting(browser, 'no licence')[0]}"
    path, told = led(browser.send("/cases", {**form, "queue": ""}))
    assert (path, told) == ("/cases", {"done": "nothing waits"})
    assert "Nothing waits just now." in said(browser.get("/cases?done=nothing+waits"))


def test_who_is_kept_to_a_queue_sees_no_other(browser: Browser) -> None:
    """Neither in the numbers nor in the list nor by its name; the next case is one of theirs."""
    tell(browser, shoes(1), bags("b", "kim", 9))
    (bag,) = waiting(browser, "hold")
    (asked,) = waiting(browser, "no licence")
    colleague(browser, "Nam", "reviewer")
    engine = browser.place.engine
    given = {"roles": ["reviewer"], "queues": [NAMED_SO]}
    staffing.change(engine, "roles", "Nam", "admin", **given)
    page = browser.get("/cases")
    assert listed(page.text) == [bag]
    assert "review" not in said(page).partition("Queues")[2].split("Waiting")[0]
    assert browser.get("/cases?queue=review").status_code == 403
    assert browser.get(f"/cases/{asked}").status_code == 403
    assert act(browser, asked, "claim").status_code == 403
    path, _ = led(browser.send("/cases", {"form": browser.token(), "queue": ""}))
    assert path == f"/cases/{bag}"


def test_what_may_not_be_taken_says_why(browser: Browser) -> None:
    """Twenty at once is all that one person has."""
    tell(browser, *(shoes(n, f"p{n}", n) for n in range(21)))
    form = {"form": browser.token(), "queue": ""}
    for _ in range(20):
        browser.send("/cases", form)
    full = browser.send("/cases?lang=vi", form)
    assert full.status_code == 422
    assert "số vụ tối đa" in said(full)
