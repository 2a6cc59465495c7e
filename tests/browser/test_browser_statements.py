"""How to find what was decided about oneself, and the list, in a real browser: accessible, narrow,
dark, by keyboard, without script.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from browser.accessibility import axe
from browser.chromium import Pages
from browser.pages_served import READERS, served
from ombud.statement_list import StatementList
from web.pretend_community import HOSTILE, LIST, TOKEN, PretendCommunity

HERE = f"/statements/{TOKEN}"
WORST = msgspec.structs.replace(LIST.items[0], titles={"en": "\n".join(HOSTILE)})
LISTS = {
    "usual": LIST,
    "empty": msgspec.structs.replace(LIST, items=(), count=0),
    "long": msgspec.structs.replace(LIST, parts=3, count=130),
    "hostile": msgspec.structs.replace(LIST, items=(WORST, *LIST.items)),
}


@pytest.fixture
def community() -> PretendCommunity:
    """A community with a list."""
    return PretendCommunity()


@pytest.fixture
def address(community: PretendCommunity) -> Iterator[str]:
    """Where its pages are."""
    with served(community) as found:
        yield found


@pytest.mark.parametrize("listed", sorted(LISTS))
def test_the_list_is_accessible_for_everybody(
    open_page: Pages, community: PretendCommunity, address: str, listed: str
) -> None:
    """Light or dark, English or Vietnamese, wide or narrow: no violation, nothing sticks out."""
    found: StatementList = LISTS[listed]
    community.listed = found
    looked(open_page, address, HERE)


@pytest.mark.parametrize("path", ["/statements", "/statements/nothing"])
def test_the_way_to_it_is_accessible(open_page: Pages, address: str, path: str) -> None:
    """How to ask, and what is said where a link opens nothing."""
    looked(open_page, address, path)


def looked(open_page: Pages, address: str, path: str) -> None:
    """Look at a page as each reader does."""
    for scheme, width, lang in READERS:
        page = open_page(color_scheme=scheme, viewport=(width, 640), base_url=address)
        page.goto(f"{path}?lang={lang}")
        assert page.locator("html").get_attribute("lang") == lang
        assert axe(page) == [], (scheme, width, lang)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scripts", [True, False])
def test_by_keyboard_from_the_start_to_a_statement(
    open_page: Pages, address: str, scripts: bool
) -> None:
    """From the start page to how to ask; and from the list to what was decided."""
    page = open_page(java_script_enabled=scripts, base_url=address)
    page.goto("/?lang=en")
    page.get_by_role("link", name="Find what was decided about you").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/statements?lang=en")
    assert page.locator("h1").inner_text() == "Find what was decided about you"
    page.goto(f"{HERE}?lang=en")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/notice/{TOKEN}?lang=en")
    assert "Your post waits" in page.locator("h1").first.inner_text()
