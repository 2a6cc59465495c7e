"""A raid at night: an emergency by one button, a standing order, and the morning after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe
from browser.chromium import Pages
from browser.pages_served import served
from browser.staff_served import Place, first_account
from browser.test_browser_staff import tab_to
from flow.case_desk import COPIED, copies
from flow.small_community import agrees_with_replay, event, line, prepare, rows
from ombud import samples
from ombud.app import Engine
from ombud.doors import Doors
from ombud.entrance import Entrance

SETTINGS = 'procedural_holds = true\nname = "The Riverside"\n'
EMERGENCY = "emergency-posts.rule"
WORDS = {
    "en": ("Declare an emergency", "Give an order about a campaign", "Give the order"),
    "vi": ("Tuyên bố khẩn cấp", "Ra lệnh về một chiến dịch", "Ra lệnh"),
}
ENDS = {
    "en": ("End it and take back all 4", "End the emergency"),
    "vi": ("Kết thúc và thu hồi cả 4", "Kết thúc khẩn cấp"),
}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A community with the shipped rule for emergencies, and one for the same text from many that
    asks a person.
    """
    shipped = samples.files("rules")[EMERGENCY].decode().replace("mode    watch", "mode    live")
    asking = COPIED[1].replace("hold campaign", 'alert "copies"')
    prepare(tmp_path, {EMERGENCY: shipped, COPIED[0]: asking}, SETTINGS)
    with (
        Engine(tmp_path) as engine,
        closing(Doors(engine, "http://localhost")) as doors,
        served(doors, entrance=Entrance(engine)) as address,
    ):
        yield Place(engine, address.replace("127.0.0.1", "localhost"))


def tell(place: Place, posts: list[dict[str, object]]) -> list[str]:
    """What the platform is answered for some posts."""
    answers = place.engine.submit([line(each) for each in posts])
    return [str(getattr(each, "action", each)) for each in answers]


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("vi", "dark")])
def test_a_raid_at_night_by_keyboard_alone(
    open_page: Pages, place: Place, lang: str, theme: str
) -> None:
    """One button holds what newcomers write; an order holds the campaign after the emergency has
    ended; in the morning both are taken back, members were never touched, the past is the same.
    """
    page = open_page(color_scheme="dark" if theme == "dark" else "light", locale=lang)
    first_account(page, place)
    old = [event(f"old{n}", n, text=f"word{n} is here", author={"id": "olga"}) for n in range(5)]
    assert set(tell(place, old)) == {"allow"}
    assert set(tell(place, copies(5))) == {"allow"}
    declare, give, given = WORDS[lang]
    take_back, end = ENDS[lang]
    page.goto(f"{place.address}/orders")
    assert not axe(page)
    press(page, declare, "emergency.begun")
    raid = [
        event(f"raid{n}", 40 + n, text=f"raid {n * 7}", author={"id": f"r{n}"}) for n in range(6)
    ]
    assert set(tell(place, raid)) == {"hold"}
    calm = event("calm", 60, text="the ferry is late", author={"id": "olga"})
    assert tell(place, [calm]) == ["allow"]
    press(page, end, "emergency.ended")
    query = "SELECT id FROM review_case WHERE rule = 'same-text' LIMIT 1"
    ((case,),) = rows(place.engine.folder, query)
    tab_to(page, give, "summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(case)
    press(page, given, "order.given")
    assert not axe(page)
    assert set(tell(place, copies(4, 10))) == {"hold"}
    page.reload()
    press(page, take_back, "order.undo")
    assert not axe(page)
    under = "SELECT count(*), count(undone_by) FROM decision WHERE licence LIKE 'standing order%'"
    assert rows(place.engine.folder, under) == [(4, 4)]
    assert set(tell(place, copies(2, 20))) == {"allow"}
    agrees_with_replay(place.engine)


def press(page: Page, button: str, done: str) -> None:
    """Walk to a button by keyboard, press it, and see that the page says what came of it."""
    tab_to(page, button, "button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders?done={done}")
    expect(page.get_by_role("status").first).to_be_visible()


def test_the_same_without_script(open_page: Pages, place: Place) -> None:
    """Every one of it is a plain form."""
    page = open_page(java_script_enabled=False)
    first_account(page, place)
    tell(place, copies(5))
    ((case,),) = rows(place.engine.folder, "SELECT id FROM review_case")
    page.goto(f"{place.address}/orders")
    page.get_by_role("button", name=WORDS["en"][0]).click()
    page.get_by_text(WORDS["en"][1]).click()
    page.locator("#case").fill(case)
    page.get_by_role("button", name=WORDS["en"][2]).click()
    expect(page.get_by_role("status").first).to_have_text("The order is given.")
    page.get_by_role("button", name=ENDS["en"][1]).click()
    expect(page.get_by_role("status").first).to_have_text("The emergency has ended.")
