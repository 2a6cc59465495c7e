"""A day of Mia's that the other stories leave out: a queue says how often it called somebody, a
case says what findings add up to and is decided so, and her own page says what was put before her
and when a pause was due. By keyboard, with script and without, in both languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe, in_every_look
from browser.cases_served import BINH, MIA, at_desk, post, tell
from browser.chromium import Pages
from browser.lived_in import House
from browser.pages_served import STORIES
from browser.test_browser_staff import tab_to
from flow.case_desk import DESK_RULES
from flow.small_community import rows, rule
from ombud import casework
from ombud.web.words import TEXTS

URGENT = rule(
    "knives",
    'text contains "cheap knives"',
    'text "cheap knives"',
    'text "thanks"',
    then='alert "urgent" as urgent',
)
STRIKES = """
[strikes.actions]
remove = 2

[strikes.thresholds.suspend]
weight = 4
days = 14
"""
OPEN = "SELECT id FROM review_case WHERE closed IS NULL AND reason = ? ORDER BY rowid"
HOSTILE = "\u202e<script>document.title = 'taken'</script>"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Somebody was found twice to have broken a clause, and three urgent posts called for Mia."""
    with at_desk(tmp_path, {**DESK_RULES, URGENT[0]: URGENT[1]}, STRIKES) as found:
        tell(found, *(post(n, f"cheap shoes {n} {HOSTILE}", "seller") for n in "ab"))
        for (case,) in rows(found.place.engine.folder, OPEN, "no licence"):
            asked = {
                "case": case,
                "by": BINH,
                "outcome": "uphold",
                "acts": [{"action": "remove"}],
            }
            casework.perform(found.place.engine, "decide case", asked)
        tell(found, *(post(f"k{n}", f"cheap knives {n}", f"cutler{n}") for n in range(3)))
        yield found


def text(key: str, lang: str, **given: Any) -> str:
    """A text of ours."""
    return TEXTS[key][lang].format(**given)


def looked(page: Page, house: House, *, scripts: bool) -> None:
    """Nothing that axe finds, nothing wider than the page, nothing runs that somebody wrote."""
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    for look in in_every_look(page) if scripts else ():
        assert axe(page) == [], (page.url, look)
        assert not page.evaluate(wide), (page.url, look)
    assert page.title() != "taken"
    assert page.url.startswith(house.place.address)


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(("theme", "width", "lang"), STORIES)
def test_calls_strikes_and_a_pause(
    open_page: Pages, house: House, theme: Any, width: int, lang: str, scripts: bool
) -> None:
    """The sentences are there, what is proposed is one button, and a pause is what she chose."""
    page = open_page(
        locale=lang, color_scheme=theme, viewport=(width, 800), java_script_enabled=scripts
    )
    house.log_in(page, MIA)
    page.goto(f"{house.place.address}/cases?lang={lang}")
    queue = page.locator("li", has_text=text("cases.called", lang, count=2))
    expect(queue.first).to_contain_text(text("cases.folded", lang, count=1))
    looked(page, house, scripts=scripts)

    page.get_by_role("button", name=text("cases.next", lang)).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/cas_*")

    ((case,),) = rows(house.place.engine.folder, OPEN, "strikes")
    page.goto(f"{house.place.address}/cases/{case}?lang={lang}")
    expect(page.locator("main")).to_contain_text(text("strikes.weighed", lang, weight=4))
    expect(page.locator("main")).to_contain_text("14")
    looked(page, house, scripts=scripts)
    page.locator('button[name="offer"][value="strikes"]').focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text(text("done.strikes", lang))
    made = "SELECT count(*) FROM decision WHERE action = 'suspend'"
    assert rows(house.place.engine.folder, made) == [(1,)]

    page.goto(f"{house.place.address}/me?lang={lang}#care")
    seen = page.get_by_role("table", name=text("care.seen.caption", lang))
    expect(seen).to_contain_text(text("harm.spam", lang))
    looked(page, house, scripts=scripts)
    page.get_by_label(text("care.pause.after", lang)).fill("1")
    tab_to(page, text("care.keep", lang), "button")
    page.keyboard.press("Enter")
    said = max(text("care.pause.one", lang, since="|").split("|"), key=len)
    expect(page.locator("p.note[role=status]", has_text=said.strip())).to_be_visible()
    looked(page, house, scripts=scripts)
