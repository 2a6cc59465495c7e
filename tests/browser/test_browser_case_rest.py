"""Never again for this: ticked beside the button that releases, read on the case, and ended; by
keyboard, with and without script, in both languages and themes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.accessibility import axe
from browser.cases_served import MIA, at_desk, post, tell
from browser.chromium import Pages
from browser.lived_in import House
from browser.pages_served import READERS
from browser.test_browser_staff import tab_to
from flow.small_community import rows
from ombud.web.words import TEXTS

TEXT = "cheap shoes \u202e<script>alert(1)</script>"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A community with one case about one post."""
    with at_desk(tmp_path) as found:
        tell(found, post(1, TEXT, "seller"))
        yield found


def text(key: str, lang: str) -> str:
    """A text of ours."""
    return TEXTS[key][lang]


@pytest.mark.parametrize(("theme", "width", "lang"), READERS)
@pytest.mark.parametrize("script", [True, False])
def test_never_again_and_again_after_all(
    open_page: Pages, house: House, theme: Any, width: int, lang: str, script: bool
) -> None:
    """The tick is reached by Tab and set by the space bar; what it did stands on the case."""
    page = open_page(
        locale=lang, color_scheme=theme, viewport=(width, 800), java_script_enabled=script
    )
    house.log_in(page, MIA)
    ((case,),) = rows(house.place.engine.folder, "SELECT id FROM review_case")
    address = f"{house.place.address}/cases/{case}?lang={lang}"
    page.goto(address)
    if script:
        assert axe(page) == []
    tick = page.get_by_label(text("case.rest", lang))
    tab_to(page, text("case.rest", lang), "input")
    page.keyboard.press("Space")
    expect(tick).to_be_checked()
    release = page.locator('button[name="offer"][value="release"]')
    release.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text(text("done.release", lang))
    page.goto(address)
    section = page.get_by_role("region", name=text("case.rests", lang))
    expect(section).to_contain_text(text("case.rests.asked", lang).format(count=0))
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    if script:
        assert axe(page) == []
        assert page.evaluate(wide) <= 0
    section.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text(text("done.asked again", lang))
    expect(section).to_have_count(0)
