"""Appeals by keys: from the list to an outcome, the words, the preview and the decision; the same
table as on cases, changed and switched off. And what is told on the pages of keys and queues.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe
from browser.chromium import Pages
from browser.lived_in import JUDGE, REVIEWER, House, lived_in
from browser.pages_served import READERS
from ombud.web.words import TEXTS


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A community in which a bit of everything has happened; three appeals wait."""
    with lived_in(tmp_path_factory.mktemp("house")) as found:
        yield found


def first(page: Page, house: House) -> None:
    """The first appeal of the list, by a key."""
    house.let_in(page, JUDGE)
    page.goto(f"{house.place.address}/appeals")
    page.keyboard.press("n")
    page.wait_for_url("**/appeals/app_*")


def test_an_appeal_is_decided_by_keys_alone(page: Page, house: House) -> None:
    """An outcome is chosen by one and sends nothing; in a field no key does anything."""
    first(page, house)
    for key, outcome in (("h", "uphold"), ("o", "omit"), ("r", "reverse")):
        page.keyboard.press(key)
        expect(page.locator(f"#outcome-{outcome}")).to_be_checked()
        expect(page.locator(f"#outcome-{outcome}")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("m")
    expect(page.locator("textarea").first).to_be_focused()
    page.keyboard.type("so sorry: h, o, r and s are letters here")
    expect(page.locator("#outcome-reverse")).to_be_checked()
    page.locator("h1").click()
    page.keyboard.press("v")
    expect(page.locator(".preview").first).to_be_visible()
    expect(page.locator("#outcome-reverse")).to_be_checked()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text(TEXTS["key.appeal.reverse"]["en"])
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("s")
    expect(page.get_by_role("status").first).to_contain_text(
        TEXTS["done.appeal reversed"]["en"][:12]
    )
    page.keyboard.press("n")
    page.wait_for_url("**/appeals")


def test_they_are_changed_and_switched_off(page: Page, house: House) -> None:
    """On the same page as those of cases; then the old key does nothing."""
    first(page, house)
    page.goto(f"{house.place.address}/keys")
    field = page.get_by_label(TEXTS["key.appeal.uphold"]["en"])
    field.fill("k")
    page.get_by_role("button", name=TEXTS["keys.keep"]["en"]).click()
    first(page, house)
    page.keyboard.press("h")
    expect(page.locator("#outcome-uphold")).not_to_be_checked()
    page.keyboard.press("k")
    expect(page.locator("#outcome-uphold")).to_be_checked()
    page.goto(f"{house.place.address}/keys")
    page.locator("#on").uncheck()
    page.get_by_role("button", name=TEXTS["keys.keep"]["en"]).click()
    for path in ("/appeals", f"/appeals/{house.found['appeal']}"):
        page.goto(house.place.address + path)
        expect(page.locator("[data-shortcut]")).to_have_count(0)
        expect(page.locator("kbd")).to_have_count(0)
    page.goto(f"{house.place.address}/keys")
    page.get_by_role("button", name=TEXTS["keys.first"]["en"]).click()


@pytest.mark.parametrize(("theme", "width", "lang"), READERS)
def test_axe_finds_nothing_where_a_problem_is_shown(
    open_page: Pages, house: House, theme: Any, width: int, lang: str
) -> None:
    """On the queues, on the keys with one key twice, on an appeal with nothing chosen."""
    look: dict[str, Any] = {"locale": lang, "color_scheme": theme, "viewport": (width, 800)}
    page = open_page(**look)
    house.let_in(page, REVIEWER)
    page.goto(f"{house.place.address}/cases?go=nowhere&lang={lang}")
    expect(page.get_by_role("alert")).to_be_visible()
    assert not axe(page)
    page.goto(f"{house.place.address}/keys?lang={lang}")
    page.get_by_label(TEXTS["key.next"][lang]).fill("1")
    page.get_by_role("button", name=TEXTS["keys.keep"][lang]).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert not axe(page)
    judge = open_page(**look)
    house.let_in(judge, JUDGE)
    judge.goto(f"{house.place.address}/appeals/{house.found['appeal']}?lang={lang}")
    judge.locator("button[value=decide]").click()
    expect(judge.get_by_role("alert")).to_be_visible()
    assert not axe(judge)
