"""Every page of the console, in both languages and themes, at two widths, full of hostile content:
axe-core with no rule switched off, no script of others, no request that leaves, nothing that breaks
the page's width. And again without script.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from litestar import Litestar
from playwright.sync_api import Page, Request

from browser.accessibility import axe
from browser.chromium import Pages
from browser.every_page import NOT_SHOWN, SHOWN, Shown
from browser.lived_in import House, lived_in
from browser.pages_served import READERS
from ombud.doors import Doors
from ombud.entrance import Entrance
from ombud.web.pages import application

OWN = ("/notice", "/ledger", "/static")  # of the public, looked at in tests of their own


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
    """Go there, as whoever the table says."""
    if shown.who:
        house.let_in(page, shown.who)
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


@pytest.mark.parametrize("shown", SHOWN, ids=lambda each: each.name.replace(" ", "-"))
def test_a_page_for_everybody(open_page: Pages, house: House, shown: Shown) -> None:
    """For each reader: nothing that axe finds, one heading of the first rank, the title as it was
    written, nothing wider than the page, no request but to ourselves.
    """
    for colours, width, lang in READERS:
        page = open_page(color_scheme=colours, locale=lang, viewport=(width, 900))
        asked: list[str] = []

        def note(request: Request, asked: list[str] = asked) -> None:
            asked.append(request.url)

        page.on("request", note)
        _opened(page, house, shown)
        assert page.locator("html").get_attribute("lang") == lang
        assert page.locator("h1").count() == 1
        assert not axe(page), (shown.name, colours, width, lang)
        assert not _wide(page), (shown.name, width)
        assert "taken" not in page.title()
        assert {url for url in asked if not url.startswith(house.place.address)} == set()
        page.context.close()


@pytest.mark.parametrize("shown", SHOWN, ids=lambda each: each.name.replace(" ", "-"))
def test_a_page_without_script(open_page: Pages, house: House, shown: Shown) -> None:
    """What the page says is there without script, in words: its heading and its way on."""
    page = open_page(java_script_enabled=False)
    _opened(page, house, shown)
    assert page.locator("h1").inner_text().strip()
    assert page.locator("main").inner_text().strip()
