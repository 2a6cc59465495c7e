"""The moderators' room on one's own page, in a real browser: a code by keyboard, shown once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe, in_every_look
from browser.chromium import Pages
from browser.pages_served import served
from browser.staff_served import NAME, Place, first_account
from browser.test_browser_staff import tab_to
from flow.small_community import prepare
from ombud import staffing
from ombud.app import Engine
from ombud.doors import Doors
from ombud.entrance import Entrance
from ombud.staff import people

SECTION = """
[matrix.{name}]
url = "http://127.0.0.1:9"
server = "{name}.example"
rooms = ["!hall:{name}.example"]
staff_room = "!moderators:{name}.example"
allow = ["127.0.0.1"]
"""
SETTINGS = 'name = "The Riverside"\n' + SECTION.format(name="talk") + SECTION.format(name="club")
LONG = "@" + "n" * 120 + "-" + "w" * 60 + ":talk.example"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A community with two homeservers that each have a moderators' room."""
    prepare(tmp_path, settings=SETTINGS)
    with (
        Engine(tmp_path) as engine,
        closing(Doors(engine, "http://localhost")) as doors,
        served(doors, entrance=Entrance(engine)) as address,
    ):
        yield Place(engine, address.replace("127.0.0.1", "localhost"))


def fits(page: Page) -> None:
    """In both themes, wide and narrow, nothing is wrong and nothing sticks out."""
    for theme, width in in_every_look(page):
        assert axe(page) == [], (theme, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (theme, width)


def bound(place: Place) -> None:
    """As the room would, once the code was sent there: the account is bound."""
    token = place.engine.credentials.token_of(people.called(NAME))
    assert token is not None
    staffing.change(place.engine, "bound", token, token, platform="talk", account=LONG)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_each_stand_of_it_is_accessible_for_everybody(
    open_page: Pages, place: Place, lang: str
) -> None:
    """Nothing asked, a code shown, a code waited for, an account bound, however long it is: no
    violation, light or dark, wide or narrow, in either language.
    """
    page = open_page(locale=lang)
    first_account(page, place)
    page.goto(f"{place.address}/me?lang={lang}")
    fits(page)
    page.locator("#chat-platform").select_option("talk")
    page.locator("#chat-account").fill(LONG)
    page.locator("section[aria-labelledby=chat] button").click()
    assert page.locator("section[aria-labelledby=chat] code").count() == 1
    fits(page)
    page.goto(f"{place.address}/me?lang={lang}")
    assert page.locator("section[aria-labelledby=chat] code").count() == 0
    fits(page)
    bound(place)
    page.reload()
    assert LONG in page.locator("section[aria-labelledby=chat]").inner_text()
    fits(page)


def test_by_keyboard_alone_to_the_code_and_out_again(open_page: Pages, place: Place) -> None:
    """Tab to the room, the account and the button; what was asked for is where the focus goes on;
    an account that is none says so; what was bound is let go of.
    """
    page = open_page()
    first_account(page, place)
    tab_to(page, "Homeserver", "select")
    page.keyboard.press("t")
    tab_to(page, "Your whole Matrix id, for example @ana:example.org", "input")
    page.keyboard.type("@thao:talk.example")
    page.keyboard.press("Enter")
    code = page.locator("section[aria-labelledby=chat] code")
    expect(code).to_contain_text("!ombud code ")
    assert page.locator("section[aria-labelledby=chat] [role=status]").count() == 1
    assert "@thao:talk.example" in page.locator("section[aria-labelledby=chat]").inner_text()
    bound(place)
    page.goto(f"{place.address}/me")
    tab_to(page, "Be heard by it no more", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_be_visible()
    assert page.locator("#chat-account").count() == 1
