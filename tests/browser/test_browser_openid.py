"""Coming in by a provider in a real browser: by keyboard, without script, and as it is read out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe, in_every_look
from browser.chromium import Pages
from browser.pages_served import STORIES
from browser.staff_served import Place, first_account, staffed
from browser.test_browser_staff import tab_to
from staff.openid_provider import CLIENT, SECRET, Provider, providing
from test_sign_on import SETTINGS


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A community without accounts."""
    with staffed(tmp_path) as found:
        yield found


@pytest.fixture
def provider(place: Place) -> Iterator[Provider]:
    """A provider, which the community asks from now on."""
    folder = place.engine.folder
    with providing(f"{place.address}/openid/back") as made:
        (folder / "secret").write_text(SECRET)
        more = SETTINGS.format(issuer=made.issuer, client=CLIENT) + 'name = "the lighthouse"\n'
        settings = folder / "ombud.toml"
        settings.write_text(settings.read_text() + more)
        place.engine.reload()
        yield made


def log_in_there(page: Page, user: str) -> None:
    """On the provider's page, by keyboard."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Provider")
    page.get_by_label("User").focus()
    page.keyboard.type(user)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_link_then_the_provider_alone_then_fresh(
    open_page: Pages, place: Place, provider: Provider, script: bool
) -> None:
    """By keyboard: the link binds, the log-in page leads there and back, a fresh proof goes on to
    the page that asked for it. Cookies come along as browsers send them.
    """
    assert provider.issuer
    first_account(open_page(), place)
    link = place.add("Bình", "admin")
    page = open_page(java_script_enabled=script)
    page.goto(place.address + link)
    tab_to(page, "Log in there from now on", "button")
    page.keyboard.press("Enter")
    log_in_there(page, "binh")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bình")
    expect(page.get_by_text("You can come in this way.")).to_be_visible()

    tab_to(page, "Log out", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("You are logged out.")
    tab_to(page, "Go there to log in", "button")
    page.keyboard.press("Enter")
    log_in_there(page, "binh")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bình")

    page.goto(f"{place.address}/fresh?next=/staff")
    tab_to(page, "Log in there again", "button")
    page.keyboard.press("Enter")
    log_in_there(page, "binh")
    page.wait_for_url("**/staff?done=proven")
    expect(page.get_by_role("status").first).to_be_visible()

    page.goto(f"{place.address}/me")
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="Go there to log in").click()
    log_in_there(page, "somebody else")
    expect(page.get_by_role("alert")).to_contain_text("Nobody was let in this way.")


@pytest.mark.parametrize(("colours", "width", "lang"), STORIES)
def test_the_pages_around_a_provider_for_everybody(
    open_page: Pages,
    place: Place,
    provider: Provider,
    colours: Literal["light", "dark"],
    width: int,
    lang: str,
) -> None:
    """No rule of axe is broken, on any of them, in both languages and themes."""
    page = open_page(color_scheme=colours, locale=lang, viewport=(width, 900))
    first_account(page, place)
    link = place.add("Bình", "admin")
    for path in ("/me", "/fresh?next=/me"):
        page.goto(place.address + path)
        for look in in_every_look(page):
            assert axe(page) == [], (path, look)
    page.context.clear_cookies()
    for path in ("/login", link, "/openid/back?state=none"):
        page.goto(place.address + path)
        for look in in_every_look(page):
            assert axe(page) == [], (path, look)
    provider.broken = 500
    page.goto(f"{place.address}/login")
    page.locator('form[action^="/openid"] button').click()
    expect(page.get_by_role("alert")).to_be_visible()
    for look in in_every_look(page):
        assert axe(page) == [], look
