"""The wall in a real browser: it renews itself and can be stopped, by keyboard, or by its link."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from browser.chromium import Pages
from browser.lived_in import AUDITOR, House, lived_in
from flow.small_community import event, line


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A community in which a bit of everything has happened."""
    with lived_in(tmp_path_factory.mktemp("wall")) as found:
        yield found


def received(page: Page) -> int:
    """How much the chart says was received in 24 hours."""
    words = page.locator("section[aria-labelledby=chart-received] p.about").inner_text()
    return int(words.partition(": ")[2].partition(" ")[0])


def one_more(house: House, number: int) -> None:
    """Something happens."""
    house.place.engine.submit([line(event(f"wall{number}", text="Good morning."))])


def test_it_renews_itself_and_can_be_stopped(open_page: Pages, house: House) -> None:
    """By keyboard: stopped it stays as it is, and going again it is renewed at once; an open
    table stays open.
    """
    page = open_page(reduced_motion="no-preference")
    house.log_in(page, AUDITOR)
    page.goto(f"{house.place.address}/wall")
    told, button = page.locator("#told"), page.locator("#pause")
    expect(told).to_have_text("Renewed every 30 seconds.")
    page.locator("#table-received summary").click()
    before = received(page)
    one_more(house, 1)
    button.focus()
    page.keyboard.press("Enter")
    expect(told).to_have_text("Not renewed.")
    expect(button).to_have_text("Renew by itself")
    assert received(page) == before
    page.keyboard.press("Enter")
    expect(page.locator("section[aria-labelledby=chart-received] p.about")).to_contain_text(
        f": {before + 1} in all"
    )
    assert page.locator("#table-received").get_attribute("open") is not None
    assert page.evaluate("document.activeElement.id") == "pause"


def test_it_waits_while_somebody_reads(open_page: Pages, house: House) -> None:
    """Nothing is taken away from under the keyboard's focus."""
    page = open_page(reduced_motion="no-preference")
    page.clock.install()
    house.log_in(page, AUDITOR)
    page.goto(f"{house.place.address}/wall")
    page.locator("#table-cases summary").focus()
    before = received(page)
    one_more(house, 2)
    page.clock.run_for(31_000)
    expect(page.locator("#told")).to_have_text("Waits while you read.")
    assert received(page) == before
    page.locator("#pause").focus()
    page.clock.run_for(31_000)
    expect(page.locator("section[aria-labelledby=chart-received] p.about")).to_contain_text(
        f": {before + 1} in all"
    )


def test_who_is_logged_out_is_told(open_page: Pages, house: House) -> None:
    """The figures stay, and it says that they were not fetched."""
    page = open_page(reduced_motion="no-preference")
    page.clock.install()
    house.log_in(page, AUDITOR)
    page.goto(f"{house.place.address}/wall")
    page.context.clear_cookies()
    page.clock.run_for(31_000)
    expect(page.locator("#told")).to_contain_text("could not be fetched")
    assert received(page) > 0


def test_who_wants_less_motion_begins_with_it_stopped(open_page: Pages, house: House) -> None:
    """It is the reader who sets it going."""
    page = open_page(reduced_motion="reduce")
    house.log_in(page, AUDITOR)
    page.goto(f"{house.place.address}/wall")
    expect(page.locator("#told")).to_have_text("Not renewed.")


def test_without_script_it_is_renewed_by_its_link(open_page: Pages, house: House) -> None:
    """And no button stands there that would do nothing."""
    page = open_page(java_script_enabled=False)
    house.log_in(page, AUDITOR)
    page.goto(f"{house.place.address}/wall")
    assert page.locator("#pause:visible").count() == 0
    before = received(page)
    one_more(house, 3)
    page.get_by_role("link", name="Look again").click()
    assert received(page) == before + 1
