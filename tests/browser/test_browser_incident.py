"""From a case to the file of its incident, on paper, saved and handed over; a raid's night as a
file: by keyboard alone, without script, in both languages and themes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe, in_every_look
from browser.chromium import Pages
from browser.lived_in import AUDITOR, OTHER, REVIEWER, House, lived_in
from browser.pages_served import STORIES
from browser.test_browser_staff import tab_to
from ombud.web.words import TEXTS

WHY = "The next crew has to know what happened <script>alert(1)</script> \u202enihton."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A community in which a bit of everything has happened."""
    with lived_in(tmp_path_factory.mktemp("house")) as found:
        yield found


def text(key: str, lang: str) -> str:
    """A text of ours."""
    return TEXTS[key][lang]


def asked(page: Page, house: House, lang: str) -> None:
    """The form, with the hours that have passed."""
    page.goto(f"{house.place.address}/incidents?lang={lang}")
    now = datetime.now(UTC)
    for name, at in (("since", now - timedelta(hours=4)), ("until", now + timedelta(hours=1))):
        page.get_by_label(text(f"incidents.{name}", lang)).fill(f"{at:%Y-%m-%dT%H:%M}")
    page.get_by_label(text("incidents.reason", lang), exact=True).fill(WHY)
    page.get_by_role("button", name=text("incidents.do", lang)).click()
    page.wait_for_url("**/incidents/look_*")


@pytest.mark.parametrize(("theme", "width", "lang"), STORIES)
@pytest.mark.parametrize("script", [True, False])
def test_a_night_is_read_saved_and_handed_over(
    open_page: Pages, house: House, tmp_path: Path, theme: Any, width: int, lang: str, script: bool
) -> None:
    """Refused without a reason; then the file, on paper without forms, saved; then it is hers."""
    look: dict[str, Any] = {"locale": lang, "color_scheme": theme, "viewport": (width, 800)}
    page = open_page(**look, java_script_enabled=script)
    house.let_in(page, REVIEWER)
    page.goto(f"{house.place.address}/incidents?lang={lang}&case={house.found['campaign']}")
    page.get_by_role("button", name=text("incidents.do", lang)).click()
    expect(page.get_by_role("alert")).to_contain_text(text("problem.U271.what", lang).split("{")[0])
    asked(page, house, lang)
    expect(page.get_by_role("heading", level=1)).to_have_text(text("incident.heading", lang))
    expect(page.locator(".timeline > li").first).to_be_visible()
    page.emulate_media(media="print")
    for hidden in ("nav.places", "form", "summary", ".saved"):
        expect(page.locator(hidden).first).to_be_hidden()
    page.emulate_media(media="screen")
    with page.expect_download() as download:
        page.get_by_role("link", name=text("incident.save.markdown", lang)).click()
    download.value.save_as(tmp_path / "saved.md")
    saved = (tmp_path / "saved.md").read_text(encoding="utf-8")
    assert saved.startswith(f"# {text('incident.heading', lang)}")
    assert not {REVIEWER, OTHER} & set(saved.split())
    page.get_by_text(text("incident.hand", lang), exact=True).first.click()
    page.get_by_label(text("incident.hand.to", lang), exact=True).select_option(OTHER)
    page.get_by_label(text("incident.hand.note", lang)).fill("Ask the ferry people.")
    page.get_by_role("button", name=text("incident.hand.do", lang)).click()
    expect(page.get_by_role("status").first).to_contain_text(text("done.incident handed", lang)[:8])
    expect(page.locator("#content")).to_contain_text("Ask the ferry people.")


def test_by_keyboard_alone(page: Page, house: House) -> None:
    """From a case, which is assigned, to its file and to whom it goes."""
    house.let_in(page, REVIEWER)
    page.goto(f"{house.place.address}/cases/{house.found['case']}")
    tab_to(page, text("incident.link", "en"), "a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents?case=*")
    tab_to(page, text("incidents.reason", "en"), "textarea")
    page.keyboard.type("So that the next crew knows.")
    tab_to(page, text("incidents.do", "en"), "button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/look_*")
    tab_to(page, text("incident.hand", "en"), "summary")
    page.keyboard.press("Enter")
    tab_to(page, text("incident.hand.to", "en"), "select")
    page.keyboard.type(OTHER)
    tab_to(page, text("incident.hand.do", "en"), "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Handed over")


@pytest.mark.parametrize(("theme", "width", "lang"), STORIES)
def test_axe_finds_nothing(
    open_page: Pages, house: House, theme: Any, width: int, lang: str
) -> None:
    """On the form with a problem, on the file with its form open, and on an auditor's."""
    look: dict[str, Any] = {"locale": lang, "color_scheme": theme, "viewport": (width, 800)}
    for who in (REVIEWER, AUDITOR):
        page = open_page(**look)
        house.let_in(page, who)
        page.goto(f"{house.place.address}/incidents?lang={lang}")
        page.get_by_role("button", name=text("incidents.do", lang)).click()
        expect(page.get_by_role("alert")).to_be_visible()
        for seen in in_every_look(page):
            assert not axe(page), seen
        asked(page, house, lang)
        if page.locator("summary").count():
            page.locator("summary").first.click()
        for seen in in_every_look(page):
            assert not axe(page), seen
