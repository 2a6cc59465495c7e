"""Cases at the console in a real browser: fifty by keyboard alone, a campaign with two people, the
keyboards of other languages, and all of it without script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe
from browser.cases_served import BINH, MIA, at_desk, campaign, heading, judged, offers
from browser.chromium import Pages
from browser.lived_in import House
from flow.small_community import rows
from ombud.staff.credentials import FRESH, Session

LOOKS = (("en", "light"), ("vi", "dark"))
UNDONE = {"en": "Taken back: all is as before.", "vi": "Đã rút lại: mọi thứ như trước."}
NOTHING = {"en": "Nothing waits here.", "vi": "Không có vụ nào đang chờ ở đây."}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A community with two reviewers."""
    with at_desk(tmp_path) as found:
        yield found


def press(page: Page, key: str) -> None:
    """Press a key, and wait until its answer is there and the next heading has the focus."""
    page.evaluate("document.getElementById('case').dataset.before = 'yes'")
    page.keyboard.press(key)
    page.wait_for_function(
        "() => { const at = document.getElementById('case');"
        " return (!at && location.pathname === '/cases')"
        " || (at && !at.dataset.before && document.activeElement === at) }"
    )


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
def test_fifty_cases_by_keyboard(open_page: Pages, house: House, lang: str, theme: str) -> None:
    """Nothing but keys, from logging in to the end: every case once, one taken back and decided
    again, focus and words at each step, and what was decided is what was pressed.
    """
    offers(house, 50)
    page = open_page(color_scheme=theme, locale=lang)  # type: ignore[arg-type]
    house.log_in(page, MIA)
    page.goto(f"{house.place.address}/cases")
    page.keyboard.press("n")
    page.wait_for_url("**/cases/cas_*")
    assert axe(page) == []
    seen: list[str] = []
    wanted = []
    for number in range(50):
        page.wait_for_function("() => document.getElementById('case')")
        seen.append(page.url.partition("?")[0])
        key, outcome = (("1", "released"), ("6", "upheld"), ("3", "upheld"))[number % 3]
        if number == 20:  # a slip: undone at once, and decided as it was meant
            press(page, "9")
            assert heading(page) != seen[-1]
            press(page, "u")
            assert heading(page) == seen[-1]
            expect(page.locator("#content [role=status]").first).to_have_text(UNDONE[lang])
            assert UNDONE[lang] in page.locator(".spoken").inner_text()
        press(page, key)
        wanted.append(outcome)
    page.wait_for_url(lambda url: "/cases?" in url)
    expect(page.get_by_text(NOTHING[lang])).to_be_visible()
    assert len(set(seen)) == 50
    found = judged(house)
    assert [each[0] for each in found] == wanted
    assert {each[2] for each in found} == {1}
    double = "SELECT record FROM reviewed WHERE undone IS NULL GROUP BY record HAVING count(*) > 1"
    assert rows(house.place.engine.folder, double) == []
    assert axe(page) == []


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
def test_a_campaign_with_two_people_and_its_undoing(
    open_page: Pages, house: House, lang: str, theme: str
) -> None:
    """Thirty people by one key: proposed by one, seen and confirmed by another, taken back within
    the window; who objects is left out and comes by itself.
    """
    campaign(house, 30)
    ((case,),) = rows(house.place.engine.folder, "SELECT id FROM review_case WHERE reason = 'hold'")
    one, other = (
        open_page(color_scheme=theme, locale=lang)  # type: ignore[arg-type]
        for _ in range(2)
    )
    for page, name in ((one, MIA), (other, BINH)):
        house.log_in(page, name)
        page.goto(f"{house.place.address}/cases/{case}")
    expect(one.locator("#decide ~ p").first).to_contain_text("30")
    assert axe(one) == []
    press(one, "6")
    other.reload()
    expect(other.locator("#proposal")).to_be_visible()
    expect(other.locator("section.note").first).to_contain_text("Mia")
    assert axe(other) == []
    press(other, "c")
    removed = "SELECT count(*) FROM decision WHERE action = 'remove' AND undone_by IS NULL"
    assert rows(house.place.engine.folder, removed) == [(30,)]
    expect(other.locator("#decide ~ p").first).to_be_visible()  # the one who objects
    press(other, "u")
    assert rows(house.place.engine.folder, removed) == [(0,)]
    assert judged(house) == []
    assert axe(other) == []


def test_who_has_not_shown_themselves_lately_is_asked_to(
    open_page: Pages, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A campaign says so at once, by a link that leads back to it."""
    campaign(house, 30)
    page = open_page()
    house.log_in(page, MIA)
    monkeypatch.setattr(house.place.engine.credentials, "session", _stale(house))
    page.goto(f"{house.place.address}/cases?lang=en")
    page.locator(".cards a").first.click()
    expect(page.get_by_text("first show once more that it is you")).to_be_visible()
    page.keyboard.press("6")
    expect(page.get_by_role("alert")).to_contain_text("some minutes")
    assert judged(house) == []


def _stale(house: House) -> Callable[[str, int], Session | None]:
    """Sessions as they would be minutes later."""
    asked = house.place.engine.credentials.session

    def session(token: str, now: int) -> Session | None:
        found = asked(token, now)
        return None if found is None else found._replace(proven=found.proven - FRESH)

    return session


def test_keys_go_by_letter_and_else_by_place(open_page: Pages, house: House) -> None:
    """Where another script is typed the place of the key counts, where a Latin letter is typed the
    letter does. Nothing happens while something is composed, with a modifier, in a field, or for a
    key that is held down.
    """
    offers(house, 4)
    page = open_page()
    house.log_in(page, MIA)
    page.goto(f"{house.place.address}/cases")
    page.keyboard.press("n")
    page.wait_for_url("**/cases/cas_*")
    first = page.url

    def sent(**event: object) -> None:
        page.evaluate(
            "event => document.body.dispatchEvent("
            "new KeyboardEvent('keydown', {bubbles: true, cancelable: true, ...event}))",
            event,
        )

    sent(key="1", code="Digit1", isComposing=True)
    sent(key="1", code="Digit1", ctrlKey=True)
    sent(key="1", code="Digit1", altKey=True)
    sent(key="1", code="Digit1", metaKey=True)
    sent(key="1", code="Digit1", repeat=True)
    sent(key="N", code="KeyN", shiftKey=True)
    sent(key="b", code="KeyN")  # Dvorak: a "b" is typed where others have their "n"
    page.locator("#note").focus()
    page.keyboard.press("1")
    assert page.locator("#note").input_value() == "1"
    page.locator("h1").focus()
    assert page.url == first
    assert judged(house) == []
    sent(key="т", code="KeyN")  # Russian: the key with an "n" on it
    page.wait_for_function("first => location.href !== first", arg=first)
    second = page.url
    page.wait_for_function("() => document.activeElement.id === 'case'")
    sent(key="&", code="Digit1")  # French: a digit without shift
    page.wait_for_function("second => location.href !== second", arg=second)
    assert [each[0] for each in judged(house)] == ["released"]
    page.wait_for_function("() => document.activeElement.id === 'case'")
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press(".")
    assert page.evaluate("document.activeElement.id") == "note"
    page.locator("h1").focus()
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.id") == "to"
    page.locator("h1").focus()
    page.keyboard.press("/")
    page.keyboard.type(first)
    page.keyboard.press("Enter")
    page.wait_for_url(first.partition("?")[0] + "*")


def test_keys_are_ones_own(open_page: Pages, house: House) -> None:
    """Changed, they are what the buttons show and what works; switched off, none does anything."""
    offers(house, 3)
    page = open_page()
    house.log_in(page, MIA)
    page.goto(f"{house.place.address}/keys")
    page.get_by_label("Remove it", exact=True).fill("x")
    page.get_by_label("It does not break the clause: leave it").fill("")
    page.get_by_role("button", name="Keep these keys").click()
    page.goto(f"{house.place.address}/cases")
    page.keyboard.press("n")
    page.wait_for_url("**/cases/cas_*")
    assert page.get_by_role("button", name="x Remove it", exact=True).count() == 1
    page.keyboard.press("6")
    page.keyboard.press("1")
    assert judged(house) == []
    press(page, "x")
    assert judged(house) == [("upheld", "remove", 1)]
    page.goto(f"{house.place.address}/keys")
    page.get_by_label("Use single keys").uncheck()
    page.get_by_role("button", name="Keep these keys").click()
    page.goto(f"{house.place.address}/cases")
    page.keyboard.press("n")
    assert page.locator("kbd").count() == 0
    assert page.url.endswith("/cases")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_cases_are_decided_without_script(open_page: Pages, house: House, lang: str) -> None:
    """Two cases by plain forms, the second taken back and decided again; noted and passed on."""
    offers(house, 3)
    page = open_page(java_script_enabled=False, locale=lang)
    house.log_in(page, MIA)
    page.goto(f"{house.place.address}/cases")
    page.locator("main form button").first.click()
    page.wait_for_url("**/cases/cas_*")
    page.locator("button[value=release]").click()
    page.locator("button[value=remove]").click()
    assert [each[:2] for each in judged(house)] == [("released", None), ("upheld", "remove")]
    page.locator(".undo button").click()
    expect(page.locator("[role=status]").first).to_have_text(UNDONE[lang])
    page.locator("#note").fill("Ngữ cảnh")
    page.locator("form:has(#note) button").click()
    expect(page.locator("#content")).to_contain_text("Ngữ cảnh")
    page.locator("#pass summary").click()
    page.locator("#until").select_option("day")
    page.locator("form:has(#until) button").click()
    assert len(judged(house)) == 1
