"""From a case to a list, and a second person confirms the entry: by keyboard alone, without script,
in both languages and themes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe
from browser.cases_served import BINH, MIA, at_desk, post, tell
from browser.chromium import Pages
from browser.lived_in import House
from browser.pages_served import READERS
from browser.test_browser_staff import tab_to
from flow.small_community import rows
from ombud import listwork
from ombud.web.words import TEXTS

TEXT = "cheap shoes at https://a.shop.example/x \u202e<script>alert(1)</script>"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A community with two who decide cases and may change lists."""
    with at_desk(tmp_path) as found:
        engine = found.place.engine
        asked = {"change": "add", "name": "bad sites", "term": "first.example", "new": True}
        listwork.change_list(engine, {**asked, "by": MIA}, b"")
        tell(found, post(1, TEXT, "seller"))
        yield found


def text(key: str, lang: str, **given: object) -> str:
    """A text of ours."""
    return TEXTS[key][lang].format(**given)


def case_of(house: House) -> str:
    """The address of the one case."""
    ((found,),) = rows(house.place.engine.folder, "SELECT id FROM review_case")
    return f"{house.place.address}/cases/{found}"


def entry(page: Page, term: str) -> Any:
    """The card of an entry on the list's page."""
    return page.locator("main .cards > li").filter(has_text=term)


@pytest.mark.parametrize(("theme", "width", "lang"), READERS)
@pytest.mark.parametrize("script", [True, False])
def test_from_a_case_to_a_list_and_confirmed(
    open_page: Pages, house: House, theme: Any, width: int, lang: str, script: bool
) -> None:
    """Whoever added it is told that somebody else confirms it; the other one does."""
    look: dict[str, Any] = {"locale": lang, "color_scheme": theme, "viewport": (width, 800)}
    page = open_page(**look, java_script_enabled=script)
    house.log_in(page, MIA)
    page.goto(f"{case_of(house)}?lang={lang}")
    page.locator("#to-list summary").click()
    page.get_by_label(text("case.list.entry", lang)).select_option("site shop.example")
    page.get_by_label(text("case.list.name", lang)).select_option("bad sites")
    if script:
        assert axe(page) == []
    page.get_by_role("button", name=text("case.list.do", lang)).click()
    expect(page.get_by_role("status").first).to_contain_text(text("done.list add", lang))
    page.goto(f"{house.place.address}/lists/bad%20sites?lang={lang}")
    expect(entry(page, "shop.example")).to_contain_text(text("lists.state.watch", lang))
    if script:
        assert axe(page) == []
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    if script:
        assert page.evaluate(wide) <= 0
    entry(page, "shop.example").get_by_role("button", name=text("lists.confirm", lang)).click()
    expect(page.get_by_role("alert")).to_contain_text(text("problem.U321.what", lang))

    other = open_page(**look, java_script_enabled=script)
    house.log_in(other, BINH)
    other.goto(f"{house.place.address}/lists/bad%20sites?lang={lang}")
    entry(other, "shop.example").get_by_role("button", name=text("lists.confirm", lang)).click()
    expect(other.get_by_role("status").first).to_contain_text(text("done.list confirm", lang))
    expect(entry(other, "shop.example")).to_contain_text(text("lists.state.counts", lang))


def test_by_keyboard_alone(open_page: Pages, house: House) -> None:
    """The details, each field and the button are reached by Tab, and show where the focus is."""
    page = open_page()
    house.log_in(page, MIA)
    page.goto(case_of(house))
    tab_to(page, "Add to a list", "summary")
    page.keyboard.press("Enter")
    tab_to(page, "What of this post", "select")
    page.keyboard.type("words")
    tab_to(page, "Words of the text", "input")
    page.keyboard.type("cheap shoes")
    tab_to(page, "Into which list", "select")
    page.keyboard.type("bad sites")
    tab_to(page, "Add it to the list", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("It begins on watch.")
    page.goto(f"{house.place.address}/lists/bad%20sites")
    expect(entry(page, "cheap shoes")).to_contain_text("on watch")
