"""Every page of the console, in both languages, and each in both themes and at two widths, full of
hostile content: axe-core with no rule switched off, no script of others, no request that leaves,
nothing that breaks the page's width. And again without script.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from litestar import Litestar
from playwright.sync_api import Browser, BrowserContext, Page, Request

from browser.accessibility import axe, in_every_look
from browser.chromium import Pages
from browser.every_page import NOT_SHOWN, SHOWN, Shown
from browser.lived_in import House, lived_in
from ombud.doors import Doors
from ombud.entrance import Entrance
from ombud.i18n import SPOKEN
from ombud.web.pages import application

OWN = ("/notice", "/statements", "/ledger", "/static")  # looked at in their own tests


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A community in which a bit of everything has happened."""
    with lived_in(tmp_path_factory.mktemp("house")) as found:
        yield found


def test_no_page_is_missing(house: House) -> None:
    """Each address of the console that shows something stands in the table, and no other."""
    doors = house.doors
    assert isinstance(doors, Doors)
    pages = cast("Litestar", application(doors, entrance=Entrance(house.place.engine)))
    paths = {
        each.path for each in pages.routes if each.path != "/" and not each.path.startswith(OWN)
    }
    assert {each.route() for each in SHOWN} | set(NOT_SHOWN) == paths


def _opened(page: Page, house: House, shown: Shown) -> None:
    """Go there, and see that it is there."""
    answer = page.goto(shown.address(house))
    assert answer is not None
    assert answer.status == 200, (shown.name, answer.status)
    assert page.url.startswith(shown.address(house)), page.url


def _wide(page: Page) -> str:
    """What reaches over the page's right edge, if anything does."""
    return str(
        page.evaluate(
            "() => { const wide = document.documentElement.clientWidth;"
            " if (document.documentElement.scrollWidth <= wide) return '';"
            " return [...document.querySelectorAll('body *')].filter("
            "each => each.getBoundingClientRect().right > wide + 1).slice(0, 3)"
            ".map(each => each.outerHTML.slice(0, 120)).join(' | ') }"
        )
    )


class Visits:
    """Whoever looks at the pages: each person keeps one profile for each language, in which they
    are logged in, and opens every page in a tab of its own.
    """

    def __init__(self, browser: Browser, house: House) -> None:
        self.house = house
        self.pages = Pages(browser)
        self._profiles: dict[tuple[str, str, bool], BrowserContext] = {}

    def tab(self, who: str, lang: str, *, script: bool = True) -> Page:
        """An empty tab of somebody ("" for a stranger), watched for errors."""
        known = self._profiles.get((who, lang, script))
        if known is not None:
            return self.pages.tab(known)
        page = self.pages(locale=lang, java_script_enabled=script)
        if who:
            self.house.let_in(page, who)
            self._profiles[who, lang, script] = page.context
        return page


@pytest.fixture(scope="module")
def visits(browser: Browser, house: House) -> Iterator[Visits]:
    """Everybody's profiles, for all pages of this file."""
    made = Visits(browser, house)
    yield made
    made.pages.close()


@pytest.fixture
def no_error(visits: Visits) -> Iterator[None]:
    """No script of a page fails, and none breaks its policy."""
    visits.pages.errors.clear()
    yield
    assert not visits.pages.errors, visits.pages.errors


@pytest.mark.usefixtures("no_error")
@pytest.mark.parametrize("shown", SHOWN, ids=lambda each: each.name.replace(" ", "-"))
def test_a_page_for_everybody(visits: Visits, house: House, shown: Shown) -> None:
    """In each language, theme and width: nothing that axe finds, one heading of the first rank, the
    title as it was written, nothing wider than the page, no request but to ourselves.
    """
    for lang in SPOKEN:
        page = visits.tab(shown.who, lang)
        asked: list[str] = []

        def note(request: Request, asked: list[str] = asked) -> None:
            asked.append(request.url)

        page.on("request", note)
        _opened(page, house, shown)
        assert page.locator("html").get_attribute("lang") == lang
        assert page.locator("h1").count() == 1
        for look in in_every_look(page):
            assert not axe(page), (shown.name, look, lang)
            assert not _wide(page), (shown.name, look, lang)
        assert "taken" not in page.title()
        assert {url for url in asked if not url.startswith(house.place.address)} == set()
        page.close()


@pytest.mark.usefixtures("no_error")
@pytest.mark.parametrize("shown", SHOWN, ids=lambda each: each.name.replace(" ", "-"))
def test_a_page_without_script(visits: Visits, house: House, shown: Shown) -> None:
    """What the page says is there without script, in words: its heading and its way on."""
    page = visits.tab(shown.who, "en", script=False)
    _opened(page, house, shown)
    assert page.locator("h1").inner_text().strip()
    assert page.locator("main").inner_text().strip()
    page.close()
