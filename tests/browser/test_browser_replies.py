"""A canned reply is chosen, filled in and sent, with an appeal or a decision; from a case to its
order and to looking up its member: by keyboard, without script, in both languages and themes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe
from browser.chromium import Pages
from browser.lived_in import JUDGE, REVIEWER, House, lived_in
from browser.pages_served import READERS
from browser.test_browser_staff import tab_to
from ombud.i18n import SPOKEN
from ombud.web.words import TEXTS

BEGINS = {"en": "It cannot stay as it is", "vi": "Nội dung này không thể để nguyên"}
WRONG = (
    "You are right: this was a mistake of ours. The decision has been taken back. We are sorry for"
    " the trouble it gave you."
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A community in which a bit of everything has happened."""
    with lived_in(tmp_path_factory.mktemp("house")) as found:
        yield found


def text(key: str, lang: str) -> str:
    """A text of ours."""
    return TEXTS[key][lang]


def choose(page: Page, lang: str, name: str) -> None:
    """Choose a reply and have it filled in."""
    page.get_by_label(text("replies.choose", lang)).select_option(name)
    page.get_by_role("button", name=text("replies.do", lang)).click()


@pytest.mark.parametrize(("theme", "width", "lang"), READERS)
@pytest.mark.parametrize("script", [True, False])
def test_a_reply_is_edited_before_it_is_sent(
    open_page: Pages, house: House, theme: Any, width: int, lang: str, script: bool
) -> None:
    """With a blank it is refused; filled in, it stands among the messages."""
    look: dict[str, Any] = {"locale": lang, "color_scheme": theme, "viewport": (width, 800)}
    page = open_page(**look, java_script_enabled=script)
    house.let_in(page, JUDGE)
    page.goto(f"{house.place.address}/appeals/{house.found['appeal']}?lang={lang}")
    choose(page, lang, "tell-us-more")
    page.get_by_role("button", name=text("appeal.do.answer", lang)).click()
    expect(page.get_by_role("alert")).to_contain_text(text("problem.U332.what", lang))
    if script:
        assert not axe(page)
    for each in SPOKEN:
        field = page.locator(f"#text-{each}")
        assert "[[" in field.input_value()
        field.fill(field.input_value().split("[[")[0] + "the link?")
    page.get_by_role("button", name=text("appeal.do.answer", lang)).click()
    expect(page.get_by_role("status").first).to_contain_text(
        text("done.appeal answered", lang)[:10]
    )
    expect(page.locator("#content")).to_contain_text("the link?")


@pytest.mark.parametrize(("theme", "width", "lang"), READERS)
@pytest.mark.parametrize("script", [True, False])
def test_a_case_offers_replies_its_order_and_look_ups(
    open_page: Pages, house: House, theme: Any, width: int, lang: str, script: bool
) -> None:
    """The words stand in their field; the order's form and the look-up's stand filled in."""
    look: dict[str, Any] = {"locale": lang, "color_scheme": theme, "viewport": (width, 800)}
    page = open_page(**look, java_script_enabled=script)
    house.let_in(page, REVIEWER)
    campaign = f"{house.place.address}/cases/{house.found['campaign']}?lang={lang}"
    page.goto(campaign)
    page.get_by_text(text("case.words", lang), exact=True).click()
    choose(page, lang, "how-to-post-it")
    expect(page.locator("#words")).to_have_value(re.compile(BEGINS[lang]))
    if script:
        assert not axe(page)
    page.get_by_role("link", name=text("case.order", lang)).click()
    expect(page.locator("#case")).to_have_value(house.found["campaign"])
    page.goto(campaign)
    page.get_by_role("button", name=text("case.lookup.member", lang)).click()
    expect(page.get_by_label(text("lookup.reason", lang), exact=True)).to_have_value(
        f"{house.found['campaign']}: "
    )
    if script:
        assert not axe(page)


def test_by_keyboard_alone(page: Page, house: House) -> None:
    """From the field of replies to the message."""
    house.let_in(page, JUDGE)
    page.goto(f"{house.place.address}/appeals/{house.found['appeal']}?lang=en")
    tab_to(page, text("replies.choose", "en"), "select")
    page.keyboard.type("We were")
    tab_to(page, text("replies.do", "en"), "button")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.locator("#text-en")).to_have_value(WRONG)
