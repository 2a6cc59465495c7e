"""From notice to appeal to reversal, in a real browser: a person reads why something of theirs is
hidden, appeals from their page, a reviewer of appeals takes the decision back by keyboard alone,
the person's page tells it, and so hears whoever had flagged it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe, in_every_look
from browser.chromium import Pages
from browser.pages_served import STORIES, served
from browser.staff_served import PASSWORD
from flow.case_desk import DESK_RULES, FLAGGED, bags, decide, flag, waiting
from flow.platform_side import CONNECTED, SECOND, Platform, all_holds, connected
from flow.small_community import rows
from ombud import clock, staffing
from ombud.entrance import Entrance

STAFF = {"Thảo": ("admin",), "Bình": ("reviewer",), "Chi": ("appeals reviewer",)}
MARKS = "".join(chr(0x300 + number) for number in range(48))
HOSTILE = (
    "\u202egnp.exe\u202c <script>document.title='taken'</script> javascript:alert(1) "
    "<img src=//x.example/a.png> \u2066hidden " + ("Z" + MARKS) * 77
)[:4000]
SAID = {"en": "You were quoting an advert. Sorry.", "vi": "Bạn chỉ trích dẫn quảng cáo. Xin lỗi."}


@dataclass(frozen=True, slots=True)
class Story:
    """The community, where its pages are, and the path of the person's page."""

    platform: Platform
    address: str
    notice: str
    decision: str


@contextmanager
def begun(folder: Path, lang: str) -> Iterator[Story]:
    """A post of ana's was held, flagged by bo, and removed by a reviewer; all are told."""
    ask = FLAGGED[1].replace('alert "flags"', 'alert "flags" for review in queue "review"')
    rules = {**DESK_RULES, FLAGGED[0]: ask}  # so that the report joins the case of the hold
    with connected(folder, rules=rules, settings=CONNECTED, clock=[clock.now()]) as platform:
        entrance = Entrance(platform.engine)
        for name, roles in STAFF.items():
            staffing.change(platform.engine, "added", name, "admin", roles=list(roles))
            link = staffing.link(platform.engine, name, clock.now())[0]
            entrance.use_link(link.rpartition("/")[2], PASSWORD, "")
        post = bags(1)
        post["data"]["author"]["lang"] = lang
        platform.stream(post, flag(1, "post/e1", "bo", 1))
        (case,) = waiting(platform)
        made = decide(platform, case, "uphold", "remove", everything=True, by="Bình")
        platform.clock[0] += 11 * SECOND
        sent = platform.deliver()
        assert [each["outcome"] for each in sent if each["type"] == "answer"] == ["upheld"]
        decision = made["decisions"][0]
        statement = platform.engine.store.one("statement_of_decision", (decision,))
        assert statement is not None
        with served(platform.doors, entrance=entrance) as address:
            found = address.replace("127.0.0.1", "localhost")
            yield Story(platform, found, f"/notice/{platform.token(statement[0])}", decision)


def tab_to(page: Page, wanted: str) -> None:
    """Walk by keyboard alone to what a selector names, and see that its focus shows."""
    for _ in range(80):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "wanted => { const at = document.activeElement;"
            " return [at.matches(wanted), getComputedStyle(at).outlineStyle] }",
            wanted,
        )
        if told[0]:
            assert told[1] != "none", wanted
            return
    pytest.fail(f"the keyboard does not reach {wanted}")


def looked_at(page: Page, *, scripts: bool = True) -> None:
    """Nothing that axe finds, nothing that sticks out, nothing that was run."""
    for look in in_every_look(page):
        assert not scripts or axe(page) == [], (page.url, look)
        assert page.evaluate("document.documentElement.scrollWidth") <= look[1], (page.url, look)
    assert page.title() != "taken"
    assert page.locator("h1").count() == 1
    assert "\u202e" not in page.locator("main").inner_text()


def appealed(page: Page, story: Story, lang: str, *, scripts: bool = True) -> None:
    """The person reads their page and appeals, by keyboard alone."""
    page.goto(story.address + story.notice)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    looked_at(page, scripts=scripts)
    number = page.locator(f"input[name=decision][value='{story.decision}']").locator("..")
    field = number.locator("textarea").get_attribute("id")
    summary = page.locator("details", has=page.locator(f"#{field}"))
    if summary.count():
        tab_to(page, f"details:has(#{field}) > summary")
        page.keyboard.press("Enter")
    tab_to(page, f"#{field}")
    page.keyboard.insert_text(HOSTILE)
    tab_to(page, f"form:has(#{field}) button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/notice/*-appeals")
    looked_at(page, scripts=scripts)


def reversed_by_keyboard(page: Page, story: Story, lang: str, *, scripts: bool = True) -> None:
    """Chi finds the appeal, writes in both languages, sees what will be read, and reverses."""
    page.goto(f"{story.address}/login")
    tab_to(page, "#name")
    page.keyboard.type("Chi")
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/me*")
    tab_to(page, "nav a[href^='/appeals']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/appeals*")
    expect(page.locator("html")).to_have_attribute("lang", lang)
    looked_at(page, scripts=scripts)
    tab_to(page, "main .cards a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/appeals/app_*")
    looked_at(page, scripts=scripts)
    assert "document.title='taken'" in page.locator("#person + p + blockquote").inner_text()
    tab_to(page, "[name=outcome]")
    page.keyboard.press("Space")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    assert page.locator("#outcome-reverse").is_checked()
    for each, words in SAID.items():
        tab_to(page, f"#text-{each}")
        page.keyboard.insert_text(words)
    tab_to(page, "button[value=preview]")
    page.keyboard.press("Enter")
    expect(page.locator(".preview")).to_have_count(2)
    for words in SAID.values():
        expect(page.locator(".preview", has_text=words)).to_have_count(1)
    looked_at(page, scripts=scripts)
    tab_to(page, "button[value=decide]")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=appeal*")
    expect(page.get_by_role("status").first).to_be_visible()
    looked_at(page, scripts=scripts)


def told(page: Page, story: Story, lang: str, *, scripts: bool = True) -> None:
    """The person's page tells the outcome and that nothing of it remains; who flagged hears."""
    page.goto(story.address + story.notice)
    text = page.locator("main").inner_text()
    assert SAID[lang] in text
    assert {"en": "you were right", "vi": "bạn đúng: quyết định đã được hủy"}[lang] in text
    assert {"en": "It was undone on", "vi": "Được hủy lúc"}[lang] in text
    assert "Chi" not in text.replace("Chi tiết", "")
    looked_at(page, scripts=scripts)
    (row,) = rows(story.platform.folder, "SELECT undone_by FROM decision WHERE id = ?",
                  story.decision)  # fmt: skip
    assert row[0] is not None
    story.platform.clock[0] += 3601 * SECOND
    sent = story.platform.deliver()
    heard = [(each["account"], each["outcome"]) for each in sent if each["type"] == "answer"]
    assert heard == [("bo", "reversed")]
    lifted = [(each["action"], each["inverse"]) for each in sent if each["type"] == "action"]
    assert ("remove", True) in lifted
    all_holds(story.platform)


@pytest.mark.parametrize("reader", STORIES, ids=lambda each: "-".join(map(str, each)))
def test_from_notice_to_appeal_to_reversal(
    open_page: Pages,
    tmp_path: Path,
    reader: tuple[Literal["light", "dark"], int, str],
) -> None:
    """In both languages and themes, wide and narrow, by keyboard alone, axe on every page in it."""
    colours, width, lang = reader
    with begun(tmp_path, lang) as story:
        looks = {"color_scheme": colours, "locale": lang, "viewport": (width, 900)}
        person, judge = open_page(**looks), open_page(**looks)  # type: ignore[arg-type]
        appealed(person, story, lang)
        reversed_by_keyboard(judge, story, lang)
        told(person, story, lang)


def test_the_same_without_script(open_page: Pages, tmp_path: Path) -> None:
    """No page of the story needs one."""
    with begun(tmp_path, "en") as story:
        person, judge = (open_page(java_script_enabled=False) for _ in range(2))
        appealed(person, story, "en", scripts=False)
        reversed_by_keyboard(judge, story, "en", scripts=False)
        told(person, story, "en", scripts=False)
