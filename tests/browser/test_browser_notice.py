"""The statement page in a real browser: accessible, narrow, dark, by keyboard, without script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec
import pytest
from playwright.sync_api import Page

from browser.accessibility import axe
from browser.chromium import Pages
from browser.pages_served import READERS, served
from ombud.inforce import Instead
from ombud.statement_page import StatementPage
from web.pretend_community import (
    DECISION,
    HOSTILE,
    PAGE,
    TOKEN,
    PretendCommunity,
    changed,
    filled,
    hostile,
    many,
)

HERE = f"/notice/{TOKEN}"
Scheme = Literal["light", "dark"]


def mixed() -> StatementPage:
    """Five decisions: in force, undone, erased, awaiting publication, not carried out."""
    first, second, third, fourth, fifth = many(5).items
    undone = msgspec.structs.replace(second, state="undone", undone="2026-11-22T11:00:00Z")
    erased = msgspec.structs.replace(third, state="erased", may_appeal=False)
    return filled(
        PAGE,
        (
            first,
            undone,
            erased,
            msgspec.structs.replace(fourth, state="awaiting"),
            msgspec.structs.replace(fifth, state="not carried out"),
        ),
    )


CONTENTS = {
    "usual": PAGE,
    "several": mixed(),
    "hostile": hostile("\n".join(HOSTILE)),
    "replaced": changed(
        state="ended",
        ended="2026-11-22T12:00:00Z",
        instead=(
            Instead(
                "dec_2",
                "spam.links",
                "remove",
                {"en": "Your post is hidden from others.", "vi": "Bài của bạn bị ẩn."},
                None,
                TOKEN,
                2,
            ),
        ),
    ),
    "held elsewhere": changed(again=True),
    "closed": changed(state="ended", ended="2026-11-23T10:00:00Z", may_appeal=False),
}


@pytest.fixture
def community() -> PretendCommunity:
    """A community of one statement page."""
    return PretendCommunity()


@pytest.fixture
def address(community: PretendCommunity) -> Iterator[str]:
    """Where its pages are."""
    with served(community) as found:
        yield found


@pytest.mark.parametrize("content", sorted(CONTENTS))
def test_the_page_is_accessible_for_everybody(
    open_page: Pages, community: PretendCommunity, address: str, content: str
) -> None:
    """Light or dark, English or Vietnamese, wide or narrow: no violation, nothing sticks out."""
    community.page = CONTENTS[content]
    for scheme, width, lang in READERS:
        page = open_page(color_scheme=scheme, viewport=(width, 640), base_url=address)
        page.goto(f"{HERE}?lang={lang}")
        assert page.locator("html").get_attribute("lang") == lang
        assert axe(page) == [], (scheme, width, lang)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_in_force_is_the_heading_and_the_first_link(
    open_page: Pages, community: PretendCommunity, address: str
) -> None:
    """Where something else stands in place of what is over, the keyboard comes to it first."""
    community.page = CONTENTS["replaced"]
    page = open_page(base_url=address)
    page.goto(HERE)
    assert page.locator("h1").inner_text() == "Now in force: Your post is hidden from others."
    assert "Nothing of it remains" not in page.locator("main").inner_text()
    first = page.locator("main a").first
    assert first.get_attribute("href") == f"{HERE}?lang=en#decision-2"
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('main') !== null"):
            break
    assert focused(page) == "Your post is hidden from others."


@pytest.mark.parametrize("path", ["/", "/ledger", "/nowhere", "/notice/nothing"])
def test_the_other_pages_are_accessible(open_page: Pages, address: str, path: str) -> None:
    """Start, public log and errors have no violation either, in both schemes."""
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        page = open_page(color_scheme=scheme, viewport=(320, 640), base_url=address)
        page.goto(path)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def focused(page: Page) -> str:
    """The name of what has the focus."""
    return str(page.evaluate("(e => e.name || e.textContent.trim())(document.activeElement)"))


@pytest.mark.parametrize("scripts", [True, False])
def test_an_appeal_can_be_sent_with_the_keyboard_alone(
    open_page: Pages, community: PretendCommunity, address: str, scripts: bool
) -> None:
    """Tab from the top to the field, write, tab to the button, press it: the appeal stands."""
    page = open_page(java_script_enabled=scripts, base_url=address)
    page.goto(HERE)
    walked = []
    for _ in range(4):
        page.keyboard.press("Tab")
        walked.append(focused(page))
    assert walked == ["Skip to the content", "Tiếng Việt", "text", "Send the appeal"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Tôi không gửi spam.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#decision-1-appeals")
    assert community.appeals == [(TOKEN, DECISION, "Tôi không gửi spam.")]
    shown = page.locator("#decision-1-appeals")
    assert "Your appeal has arrived." in shown.inner_text()
    assert "Tôi không gửi spam." in shown.inner_text()
    assert shown.bounding_box() is not None
    assert not scripts or axe(page) == []


def test_the_focus_can_be_seen(open_page: Pages, address: str) -> None:
    """What has the focus has an outline, in both schemes."""
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        page = open_page(color_scheme=scheme, base_url=address)
        page.goto(HERE)
        for _ in range(4):
            page.keyboard.press("Tab")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid"


def test_skipping_leads_to_the_content(open_page: Pages, address: str) -> None:
    """The first stop of the keyboard goes past the head of the page."""
    page = open_page(base_url=address)
    page.goto(HERE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "text"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_refused_appeal_keeps_the_text(
    open_page: Pages, community: PretendCommunity, address: str, scripts: bool
) -> None:
    """What was written is still in the field, the error is at the top and beside the field."""
    page = open_page(java_script_enabled=scripts, viewport=(320, 640), base_url=address)
    page.goto(HERE + "?lang=vi")
    text = "dài " * 1001
    page.get_by_role("textbox").fill(text + "quá")
    page.get_by_role("button", name="Gửi khiếu nại").press("Enter")
    assert page.get_by_role("alert").is_visible()
    assert "Khiếu nại của bạn có 4007 ký tự" in page.get_by_role("alert").inner_text()
    field = page.get_by_role("textbox")
    assert field.input_value() == text + "quá"
    assert "4007" in str(field.evaluate("e => document.getElementById('wrong-1').textContent"))
    assert not scripts or axe(page) == []
    assert community.appeals == []


def test_the_language_is_switched_by_a_link(open_page: Pages, address: str) -> None:
    """One link, without script, and back."""
    page = open_page(java_script_enabled=False, base_url=address)
    page.goto(HERE)
    page.get_by_role("link", name="Tiếng Việt").click()
    assert page.locator("h1").inner_text().startswith("Bài của bạn đang chờ")
    page.get_by_role("link", name="English").click()
    assert page.locator("h1").inner_text().startswith("Your post waits")


def test_targets_are_large_enough_for_a_thumb(open_page: Pages, address: str) -> None:
    """Language links and the button are at least 44 pixels high on a phone."""
    page = open_page(viewport=(320, 640), base_url=address)
    page.goto(HERE)
    for target in (page.get_by_role("button"), page.locator(".languages a")):
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_a_printed_page_has_the_text_and_no_controls(open_page: Pages, address: str) -> None:
    """On paper the reasons stand, in dark ink, and form and links of the frame do not."""
    page = open_page(color_scheme="dark", base_url=address)
    page.goto(HERE)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.get_by_text("Receipt in the public log").is_visible()
    assert not page.get_by_role("button").is_visible()
    ink = page.locator("body").evaluate("e => getComputedStyle(e).color")
    assert ink == "rgb(27, 36, 44)"


def test_hostile_texts_open_no_way_out(
    open_page: Pages, community: PretendCommunity, address: str
) -> None:
    """Nothing that was written runs, loads or leads anywhere: only our own links are there."""
    community.page = hostile("\n".join(HOSTILE))
    page = open_page(base_url=address)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(HERE)
    assert all(each.startswith(address) for each in asked)
    hrefs = page.locator("a").evaluate_all("all => all.map(e => e.getAttribute('href'))")
    ours = {"#content", HERE, "/ledger", "/transparency"}
    found = {each.partition("?")[0] for each in hrefs}
    assert {each for each in found if not each.startswith(f"{HERE}/receipt/")} == ours
    heading = page.locator("h2").last
    assert heading.evaluate("e => getComputedStyle(e).direction") == "ltr"
