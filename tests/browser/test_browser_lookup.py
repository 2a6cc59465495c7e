"""From a pasted link to a reason, to the post, to a case; and the auditor sees who looked, and why:
by keyboard alone, without script, in both languages and themes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe, in_every_look
from browser.chromium import Pages
from browser.lived_in import AUDITOR, HOSTILE_NAME, OTHER, House, lived_in
from browser.pages_served import STORIES
from browser.test_browser_staff import tab_to
from ombud.web.words import TEXTS

LINK = "https://chat.example/chat/hall/talk1?from=mail#top"
OTHER_LINK = "https://chat.example/chat/hall/talk6"
WHY = "A neighbour asked whether this is an offer <script>alert(1)</script> \u202egnihton."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A community in which a bit of everything has happened."""
    with lived_in(tmp_path_factory.mktemp("house")) as found:
        yield found


def text(key: str, lang: str) -> str:
    """A text of ours."""
    return TEXTS[key][lang]


def ask(page: Page, house: House, lang: str, what: str = LINK, why: str = WHY) -> None:
    """Fill the form in and send it."""
    page.goto(f"{house.place.address}/lookup?lang={lang}")
    page.get_by_label(text("lookup.what", lang)).fill(what)
    page.get_by_label(text("lookup.reason", lang), exact=True).fill(why)
    page.get_by_role("button", name=text("lookup.do", lang)).click()


@pytest.mark.parametrize(("theme", "width", "lang"), STORIES)
@pytest.mark.parametrize("script", [True, False])
def test_from_a_link_to_a_case_and_to_the_auditor(
    open_page: Pages, house: House, theme: Any, width: int, lang: str, script: bool
) -> None:
    """First no reason, which is refused; then a reason, the post, a policy: the case is theirs."""
    look: dict[str, Any] = {"locale": lang, "color_scheme": theme, "viewport": (width, 800)}
    page = open_page(**look, java_script_enabled=script)
    house.log_in(page, OTHER)
    ask(page, house, lang, what=OTHER_LINK, why="")  # about nobody in a case of theirs
    expect(page.get_by_role("alert")).to_contain_text(text("problem.U271.what", lang))
    expect(page.get_by_label(text("lookup.what", lang))).to_have_value(OTHER_LINK)
    ask(page, house, lang)
    page.wait_for_url("**/lookup/look_*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("neighbour1")
    expect(page.get_by_text("My tomatoes have black spots")).to_be_visible()
    for seen in in_every_look(page) if script else ():
        assert axe(page) == [], seen
    page.get_by_label(text("lookup.clause", lang)).select_option("spam.links")
    page.get_by_role("button", name=text("lookup.open", lang)).click()
    page.wait_for_url("**/cases/cas_*")
    expect(page.get_by_text("My tomatoes have black spots").first).to_be_visible()
    expect(page.locator("main")).to_contain_text(text("asked.looked up", lang))
    address = page.url

    auditor = open_page(**look, java_script_enabled=script)
    house.log_in(auditor, AUDITOR)
    auditor.goto(f"{house.place.address}/records?lang={lang}")
    first = auditor.locator("main .cards > li").first
    expect(first).to_contain_text(OTHER)
    expect(first).to_contain_text("A neighbour asked whether this is an offer")
    assert "tomatoes" not in auditor.content()
    refused = auditor.goto(address)
    assert refused is not None
    assert refused.status == 403


def test_by_keyboard_alone(open_page: Pages, house: House) -> None:
    """Each field, the policy and the buttons are reached by Tab, and show where the focus is."""
    page = open_page()
    house.log_in(page, OTHER)
    page.goto(f"{house.place.address}/lookup")
    tab_to(page, "Link, handle or id", "input")
    page.keyboard.type("chat/hall talk2")
    tab_to(page, "Why you look", "textarea")
    page.keyboard.type("Somebody asked whether it was removed.")
    tab_to(page, "Look up", "button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lookup/look_*")
    tab_to(page, "Which policy is it about?", "select")
    page.keyboard.type("Shortened")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Open a case", "button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases/cas_"))


def test_a_member_of_a_hostile_name_is_shown_as_text(open_page: Pages, house: House) -> None:
    """What they are called and what they wrote stays in its place, and leads nowhere."""
    page = open_page(viewport=(360, 740))
    house.log_in(page, OTHER)
    for number in range(4):
        ask(page, house, "en", what=f"hostile{number}")
        page.wait_for_url("**/lookup/look_*")
        assert page.title() != "taken"
        assert axe(page) == []
        wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0
    assert HOSTILE_NAME not in page.content()
    links = page.eval_on_selector_all("main a", "all => all.map(each => each.getAttribute('href'))")
    assert all(each.startswith(("/", "#")) for each in links)
