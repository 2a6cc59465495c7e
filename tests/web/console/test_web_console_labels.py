"""The page on which people label: one item, one clause, three answers, and nothing that tells what
a rule said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from flow.certified_community import Clock, certified, drawn, grown
from ombud import certifying, staffing
from ombud.app import Engine
from ombud.doors import Doors
from ombud.entrance import Entrance
from ombud.web.console.labels import TEXT_SHOWN_MAX
from ombud.web.pages import application
from staff.at_the_entrance import PASSWORD, Place
from web.console.staff_pages import HERE, Browser, said
from web.page_elements import Elements


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A community in which Ben labels what Ana's rule hits."""
    clock: Clock = grown(tmp_path, 6)
    with Engine(tmp_path, now=clock) as engine, closing(Doors(engine, HERE)) as doors:
        for name, roles in (("Ana", ("admin", "author")), ("Ben", ("reviewer",))):
            staffing.change(engine, "added", name, "admin" if name == "Ana" else "Ana",
                            roles=list(roles))  # fmt: skip
        certifying.begin(engine, "bags", ["Ben"], "Ana", 950)
        drawn(engine)
        entrance = Entrance(engine, now=clock, steady=lambda: clock.at / 1e6)
        pages = application(doors, entrance=entrance)
        with TestClient(pages, base_url=HERE, raise_server_exceptions=False) as client:
            client.follow_redirects = False
            found = Browser(client, Place(engine, entrance))
            link = staffing.link(engine, "Ben", clock())[0]
            assert found.send(link, {"password": PASSWORD}).status_code == 303
            yield found


def answer(browser: Browser, value: str, **more: Any) -> Any:
    """One of the three buttons."""
    page = browser.get("/labels")
    fields = dict(re.findall(r'name="(form|item)" value="([^"]*)"', page.text))
    return browser.send("/labels", {**fields, "said": value, **more})


def item(browser: Browser) -> str:
    """Which item is shown."""
    return str(re.findall(r'name="item" value="([^"]*)"', browser.get("/labels").text)[0])


def test_one_item_after_the_other(browser: Browser) -> None:
    """With the clause beside it, how many wait, and what is left of the week; to the end."""
    page = browser.get("/labels")
    told = said(page)
    assert "Waiting for you: 50." in told
    assert "Of the 50 items that the community labels in a week, 50" in told
    assert "Several links by newcomers" in told
    assert "bags.rule" not in page.text
    assert len(re.findall(r"\b(?:hit|bags live|fired)\b", told)) == 1  # of the sentence above
    keys = re.findall(r'value="(\w+)" class="plain" data-shortcut="(.)"', page.text)
    assert keys == [("yes", "b"), ("no", "d"), ("unclear", "i")]
    first = item(browser)
    assert answer(browser, "yes").headers["location"] == "/labels?done=label+yes"
    assert item(browser) != first
    assert "Kept: unclear." in said(browser.get(answer(browser, "unclear").headers["location"]))
    assert answer(browser, "no").status_code == 303
    assert "Waiting for you: 47." in said(browser.get("/labels"))
    assert "Đang chờ bạn: 47." in said(browser.get("/labels?lang=vi"))


def test_an_answer_is_taken_once_and_of_who_is_asked(browser: Browser) -> None:
    """Twice, of another, or of nothing there is: nothing is kept, and the page says why."""
    shown = item(browser)
    answer(browser, "yes")
    page = answer(browser, "no", item=shown)
    assert page.status_code == 422
    assert "not waiting for you any more" in said(page)
    assert answer(browser, "no", item="x" * 5000).status_code == 422
    assert answer(browser, "perhaps").status_code == 400
    engine = browser.place.engine
    browser.forget()
    browser.send(staffing.link(engine, "Ana", engine.now())[0], {"password": PASSWORD})
    assert "Nothing waits for you." in said(browser.get("/labels"))
    fields = {"form": browser.token(), "item": shown, "said": "yes"}
    assert browser.send("/labels", fields).status_code == 422
    browser.forget()
    assert browser.get("/labels").headers["location"] == "/login"


def test_a_weeks_labels_end_with_words(browser: Browser) -> None:
    """And the rule has its certificate by then, or not; nobody is told on this page."""
    for _ in range(50):
        text = said(browser.get("/labels"))
        assert answer(browser, "yes" if "cheap bags" in text else "no").status_code == 303
    page = browser.get("/labels")
    assert "used up" in said(page)
    assert 'name="said"' not in page.text
    assert not certified(browser.place.engine)


def test_what_is_long_or_hostile_stays_text(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut, escaped, its links no links, its pictures not loaded."""
    hostile = "<img src=x>\u202e<script>x</script>" + "z\u0335" * TEXT_SHOWN_MAX
    content = {
        "name": hostile,
        "text": hostile,
        "links": ["javascript:alert(1)"] * 1000,
        "media": 3,
        "before": hostile,
    }
    monkeypatch.setattr("ombud.labelling.evidence.content", lambda _: content)
    page = browser.get("/labels")
    counts = Elements(page.text).counts()
    assert "img" not in counts
    assert counts["script"] == 2  # our own, in the head
    assert 'href="javascript' not in page.text
    assert len(page.text) < 350_000
    assert "more characters are not shown" in said(page)
    monkeypatch.setattr("ombud.labelling.evidence.content", lambda _: None)
    assert "Answer: unclear." in said(browser.get("/labels"))
