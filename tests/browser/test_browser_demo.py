"""The live demo in a real browser: it follows the simulation, and waits while somebody reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe
from browser.chromium import Pages
from browser.pages_served import READERS, served
from web.pretend_community import HOSTILE, PretendCommunity, demo_state

SECOND_MS = 1000


class Simulation:
    """A simulation that goes one further each time it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.texts: tuple[str, ...] = ("Good morning!", "Chào cả nhà", "LAST CHANCE", "hello 42")
        self.done = False
        self.failing = False

    def __call__(self) -> Mapping[str, Any]:
        """What it says now."""
        if self.failing:
            raise RuntimeError
        self.asked += 1
        state = demo_state(self.texts)
        state["totals"]["events"] = self.asked
        return {**state, "done": self.done}


@pytest.fixture
def simulation() -> Simulation:
    """What the page shows."""
    return Simulation()


@pytest.fixture
def address(simulation: Simulation) -> Iterator[str]:
    """Where the page is."""
    with served(PretendCommunity(), demo=simulation) as found:
        yield found


@pytest.fixture
def lively(open_page: Pages, address: str) -> Page:
    """The page of somebody who does not mind motion, with a clock that the test moves."""
    page = open_page(reduced_motion="no-preference", base_url=address)
    page.clock.install()
    page.goto("/")
    told(page, "follows it")
    return page


def told(page: Page, words: str) -> None:
    """Wait until the page says so of itself."""
    expect(page.locator("#told")).to_contain_text(words)


def events(page: Page) -> str:
    """The sentence with the number of events."""
    return page.get_by_text(" events, ").inner_text()


def moved(page: Page, before: str) -> None:
    """Let a second pass, and see that the page has moved on."""
    page.clock.run_for(SECOND_MS)
    expect(page.get_by_text(" events, ")).not_to_have_text(before)


def still(page: Page, simulation: Simulation) -> None:
    """Let five seconds pass, and see that the page has asked for nothing."""
    page.wait_for_timeout(300)  # a request that was on its way before may still arrive
    asked, before = simulation.asked, events(page)
    page.clock.run_for(5 * SECOND_MS)
    assert simulation.asked == asked
    assert events(page) == before


@pytest.mark.parametrize("texts", ["usual", "hostile"])
def test_the_demo_is_accessible_for_everybody(
    open_page: Pages, simulation: Simulation, address: str, texts: str
) -> None:
    """Light or dark, English or Vietnamese, wide or narrow: no violation, nothing sticks out."""
    if texts == "hostile":
        simulation.texts = HOSTILE
    for scheme, width, lang in READERS:
        page = open_page(color_scheme=scheme, viewport=(width, 640), base_url=address)
        page.goto(f"/?lang={lang}")
        page.locator("summary").first.click()
        assert axe(page) == [], (scheme, width, lang)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_follows_the_simulation(lively: Page) -> None:
    """Each second the figures are renewed, and a table that was opened stays open."""
    lively.locator("#shares-table summary").click()
    lively.locator("h1").click()  # away from the table, which would be reading
    for _ in range(3):
        moved(lively, events(lively))
    assert lively.locator("#shares-table").get_attribute("open") is not None


def test_the_page_can_be_paused(lively: Page, simulation: Simulation) -> None:
    """A button stops the page where it is, and starts it again, by keyboard."""
    lively.get_by_role("button", name="Pause").press("Enter")
    told(lively, "Paused.")
    still(lively, simulation)
    before = events(lively)
    lively.get_by_role("button", name="Continue").press("Enter")
    moved(lively, before)


def test_nothing_moves_under_the_pointer(lively: Page, simulation: Simulation) -> None:
    """While the pointer is over the stream nothing is renewed; when it goes, the page goes on."""
    moved(lively, events(lively))
    lively.locator("#stream").hover()
    lively.clock.run_for(SECOND_MS)
    told(lively, "Waiting while you read.")
    still(lively, simulation)
    before = events(lively)
    lively.locator("h1").hover()
    moved(lively, before)


def test_nothing_moves_while_the_focus_is_inside(lively: Page, simulation: Simulation) -> None:
    """Who has walked to a notice's link by keyboard keeps it."""
    link = lively.locator("#stream a").first
    link.focus()
    lively.clock.run_for(SECOND_MS)
    told(lively, "Waiting while you read.")
    still(lively, simulation)
    expect(link).to_be_focused()


def test_nothing_moves_for_who_asked_for_less_motion(
    open_page: Pages, simulation: Simulation, address: str
) -> None:
    """With reduced motion the page begins paused, and says so."""
    page = open_page(reduced_motion="reduce", base_url=address)
    page.clock.install()
    page.goto("/")
    told(page, "Paused.")
    still(page, simulation)


def test_a_hidden_tab_asks_for_nothing(lively: Page, simulation: Simulation) -> None:
    """A page that nobody sees does no work."""
    moved(lively, events(lively))
    lively.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    still(lively, simulation)


def test_the_page_stops_when_the_simulation_has_ended(lively: Page, simulation: Simulation) -> None:
    """The last state is shown, the button goes, and nothing is asked any more."""
    simulation.done = True
    lively.clock.run_for(SECOND_MS)
    told(lively, "The simulation has ended.")
    expect(lively.locator("#pause")).to_be_hidden()
    still(lively, simulation)


def test_a_simulation_that_does_not_answer_is_waited_for(
    lively: Page, simulation: Simulation
) -> None:
    """Trouble is told, what was shown stays, and the page goes on when it is over."""
    before = events(lively)
    simulation.failing = True
    lively.clock.run_for(SECOND_MS)
    told(lively, "does not answer")
    simulation.failing = False
    moved(lively, before)


def test_without_script_the_page_is_whole(
    open_page: Pages, simulation: Simulation, address: str
) -> None:
    """Without script the same figures stand there, no button that does nothing, and the browser
    is told to come again.
    """
    page = open_page(java_script_enabled=False, base_url=address)
    page.goto("/?lang=vi")
    assert "38 trong 52 bài có hại" in page.inner_text("main")
    assert not page.locator("#pause").is_visible()
    asked = simulation.asked
    with page.expect_navigation():
        assert page.locator("noscript").count() == 1
    assert simulation.asked > asked


def test_everything_is_reached_by_keyboard(open_page: Pages, address: str) -> None:
    """Tab goes from language to button, log, tables and notices, in the order of the page."""
    page = open_page(base_url=address)
    page.goto("/")
    told(page, "Paused.")
    walked = []
    for _ in range(8):
        page.keyboard.press("Tab")
        walked.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert walked == [
        "Skip to the content",
        "Tiếng Việt",
        "Continue",
        "cd" * 32,
        "The same as a table",
        "Hour by hour, as a table",
        "What the person is told",
        "What the person is told",
    ]
