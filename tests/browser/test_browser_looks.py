"""Second looks in a real browser: by keyboard, without script, for everybody, with hostile content;
what is blurred is reached by keyboard, and nothing is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe, in_every_look
from browser.chromium import Pages
from browser.lived_in import OTHER, REVIEWER, House, lived_in
from browser.pages_served import STORIES
from ombud import casework, clock
from ombud.reading import reading
from ombud.review import drawing
from ombud.staff.care import Care


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A community in which somebody has judged hostile posts, all of which are drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "USUAL", 1000)
        patch.setattr(drawing, "UNDO_WINDOW_OF_PEOPLE", 0)
        folder = tmp_path_factory.mktemp("looks")
        with lived_in(folder) as found:
            _judged(found)
            yield found


def _judged(house: House) -> None:
    engine = house.place.engine
    with reading(engine.folder) as reader:
        cases = reader.casebook().page(
            clock.now(), "en", queue="review", state="open", after="", limit=50
        )
    for each in cases:
        if each["records"] == 1 and each["reason"] == "hold" and not each["claimed_by"]:
            asked = {"case": each["id"], "by": REVIEWER, "outcome": "release", "acts": []}
            casework.perform(engine, "decide case", asked)


def on_looks(page: Page, house: House, query: str = "") -> None:
    """Log in as the other reviewer, and go there."""
    house.log_in(page, OTHER)
    page.goto(f"{house.place.address}/looks{query}")


def test_by_keyboard_alone(open_page: Pages, house: House) -> None:
    """Asked for and answered; the next one comes by itself."""
    page = open_page()
    on_looks(page, house)
    page.get_by_role("button", name="Give me the next one").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Does it break this clause?")).to_be_visible()
    page.get_by_role("button", name="It does", exact=True).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "It does not"
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("Kept. Here is the next one.")


def test_without_script(open_page: Pages, house: House) -> None:
    """All of it is plain forms."""
    page = open_page(java_script_enabled=False)
    on_looks(page, house)
    if page.get_by_role("button", name="Give me the next one").count():
        page.get_by_role("button", name="Give me the next one").click()
    page.get_by_role("button", name="I cannot tell").click()
    expect(page.get_by_role("status").first).to_contain_text("Kept.")


@pytest.mark.parametrize(("colours", "width", "lang"), STORIES)
def test_for_everybody(
    open_page: Pages, house: House, colours: Literal["light", "dark"], width: int, lang: str
) -> None:
    """Nothing that axe finds, nothing wider than the page, no request but to ourselves; blurred
    text is clear under the pointer and where the keyboard is, and only there.
    """
    token = house.place.engine.credentials.token_of(OTHER.lower())
    assert token is not None
    house.place.engine.credentials.set_care(token, Care(blur=True, grey=True))
    page = open_page(color_scheme=colours, locale=lang, viewport=(width, 900))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    on_looks(page, house)
    if not page.locator("blockquote").count():
        page.locator("main form button").first.click()
    text = page.locator("blockquote").last
    expect(text).to_be_visible()
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    for look in in_every_look(page):
        assert axe(page) == [], look
        assert not page.evaluate(wide), look
    filtered = "each => getComputedStyle(each.firstElementChild).filter"
    page.mouse.move(0, 0)
    assert text.evaluate(filtered).startswith("blur")
    text.focus()
    assert text.evaluate(filtered) == "none"
    page.locator("h1").click()
    assert text.evaluate(filtered).startswith("blur")
    text.hover()
    assert text.evaluate(filtered) == "none"
    assert page.evaluate("getComputedStyle(document.documentElement).filter") == "grayscale(1)"
    assert all(each.startswith(house.place.address) for each in asked)
    assert page.title() != "taken"
    house.place.engine.credentials.set_care(token, Care())
