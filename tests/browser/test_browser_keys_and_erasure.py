"""Connections and erasure in a real browser: by keyboard, without script, and read out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe, in_every_look
from browser.chromium import Pages
from browser.pages_served import STORIES
from browser.staff_served import PASSWORD, Place, first_account, staffed
from browser.test_browser_staff import tab_to
from flow.small_community import event, line, rows
from ombud.errors import BadEvent

EVE = "<b>eve</b> \"evil\" 'x' \u05d0\u05d1 e\u0301"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A community with somebody in it whose account has a hostile id."""
    with staffed(tmp_path) as found:
        told = [event(each, each, author={"id": EVE}, text="cheap bags") for each in range(3)]
        assert not [
            each
            for each in found.engine.submit([line(each) for each in told])
            if isinstance(each, BadEvent)
        ]
        yield found


def made_stale(place: Place, page: Page) -> None:
    """So long ago that they showed who they are that it counts no more."""
    with place.engine.credentials.writing() as file:
        file.connection.execute("UPDATE session SET proven = 0")
    page.reload()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_platform_a_key_and_their_end(open_page: Pages, place: Place, script: bool) -> None:
    """By keyboard: shown again who it is, connected, one more key, and that revoked."""
    page = open_page(java_script_enabled=script)
    first_account(page, place)
    page.goto(f"{place.address}/connections")
    made_stale(place, page)
    tab_to(page, "Show that it is you", "a")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/fresh" in url)
    tab_to(page, "Password", "input")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connections")

    tab_to(page, "Name", "input")
    page.keyboard.type("forum")
    tab_to(page, "Where webhooks are sent", "input")
    page.keyboard.type("https://forum.example/ombud")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Shown this once")
    expect(page.locator("code.secret")).to_have_count(2)

    tab_to(page, "Name of the program", "input")
    page.keyboard.type("bot")
    tab_to(page, "Sources it speaks for", "textarea")
    page.keyboard.type("forum/*")
    tab_to(page, "Make the key", "button")
    page.keyboard.press("Enter")
    expect(page.locator("code.secret")).to_have_count(1)
    page.goto(f"{place.address}/connections")
    expect(page.locator("code.secret")).to_have_count(0)
    tab_to(page, "Revoke bot", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("opens nothing any more")
    assert len(place.engine.access) == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_account_is_erased_by_typing_it(open_page: Pages, place: Place, script: bool) -> None:
    """By keyboard; two more presses of the same button erase nothing."""
    page = open_page(java_script_enabled=script)
    first_account(page, place)
    page.goto(f"{place.address}/erasure")
    tab_to(page, "Platform", "input")
    page.keyboard.type("chat")
    tab_to(page, "Account", "input")
    page.keyboard.insert_text(EVE)
    tab_to(page, "Look what there is", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What stays, and why")).to_be_visible()
    assert page.url == f"{place.address}/erasure"

    for _ in range(2):
        tab_to(page, "Type the account once more", "input")
        page.keyboard.type("yes")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Nothing was erased.")
    erasures = "SELECT count(*) FROM journal WHERE type = '!erasure'"
    assert rows(place.engine.folder, erasures) == [(0,)]

    tab_to(page, "Type the account once more", "input")
    page.keyboard.insert_text(EVE)
    tab_to(page, "Erase it for good", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("The account is erased.")
    assert rows(place.engine.folder, erasures) == [(1,)]


@pytest.mark.parametrize(("colours", "width", "lang"), STORIES)
def test_both_pages_for_everybody(
    open_page: Pages,
    place: Place,
    colours: Literal["light", "dark"],
    width: int,
    lang: str,
) -> None:
    """No rule of axe is broken, whatever is on them; nothing is wider than the window."""
    page = open_page(color_scheme=colours, locale=lang, viewport=(width, 900))
    first_account(page, place)
    page.goto(f"{place.address}/connections")
    page.locator("#platform-name").fill("forum")
    page.locator("#url").fill("https://forum.example/" + "long/" * 60)
    page.locator("#connect ~ form button").click()
    expect(page.locator("code.secret")).to_have_count(2)
    seen(page)
    page.goto(f"{place.address}/erasure")
    page.locator("#platform").fill("chat")
    page.locator("#account").fill(EVE)
    page.locator("#account ~ button").click()
    expect(page.locator("#typed")).to_be_visible()
    seen(page)
    made_stale(place, page)
    page.goto(f"{place.address}/connections")
    seen(page)


def seen(page: Page) -> None:
    """What axe and the width of a page say."""
    for look in in_every_look(page):
        assert axe(page) == [], look
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), look
