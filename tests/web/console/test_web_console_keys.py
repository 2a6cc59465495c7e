"""Keys of one's own: one table for all that shows or handles them, changed or switched off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import shoes
from ombud import staffing
from ombud.review.offers import NAMES
from ombud.web.console import keys
from ombud.web.console.keys import KEYS
from web.console.cases_at_hand import at_work, colleague, led, tell, waiting
from web.console.staff_pages import Browser, said

REPOSITORY = Path(__file__).parents[3]
SCRIPT = REPOSITORY / "src" / "ombud" / "web" / "static" / "case.js"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Ana, who decides cases."""
    with at_work(tmp_path) as found:
        yield found


def keep(browser: Browser, changed: Mapping[str, str], *, on: bool = True) -> Any:
    """Send the form with some keys changed."""
    fields = {f"key {each.name}": changed.get(each.name, each.key) for each in KEYS}
    chosen = {"on": "on"} if on else {}
    return browser.send("/keys", {"form": browser.token(), **fields, **chosen})


def shortcuts(browser: Browser, path: str) -> dict[str, str]:
    """The keys on a page, with what else is said of the element."""
    found = re.findall(r'data-shortcut="(.)" aria-keyshortcuts="(.)"', browser.get(path).text)
    assert all(one == other for one, other in found)
    return dict(found)


def test_every_key_does_one_thing() -> None:
    """No key twice, no name twice, a digit for each decision in its place."""
    assert len({each.key for each in KEYS}) == len({each.name for each in KEYS}) == len(KEYS)
    assert all(keys.possible(each.key) for each in KEYS)
    assert [each.key for each in KEYS[: len(NAMES)]] == [str(n) for n in range(1, 10)]
    assert keys.clash({each.name: each.key for each in KEYS}) == ""


@pytest.mark.parametrize("key", ["", " ", "N", "ab", "é", "\n", "đ", "\x7f"])
def test_what_no_keyboard_has_alone_is_no_key(key: str) -> None:
    """A key is one sign that can be typed everywhere, and no capital."""
    assert not keys.possible(key)


def test_the_script_knows_no_key_by_itself() -> None:
    """It takes them from the page; but for where two signs are on a keyboard of another script."""
    text = SCRIPT.read_text(encoding="utf-8")
    quoted = set(re.findall(r'"(.)"', text))
    assert quoted <= {".", "/", "?", "p"}  # and the name of an element
    assert "eval" not in text


def test_pages_show_the_keys_that_work_there(browser: Browser) -> None:
    """On the case: each decision, and the rest of the table; in the queue: the next one."""
    tell(browser, shoes(1))
    (case,) = waiting(browser)
    on_case = set(shortcuts(browser, f"/cases/{case}"))
    assert on_case >= {"1", "3", "4", "5", "6", "7", "8", "9", "n", "e", ".", "/", "?"}
    assert set(shortcuts(browser, "/cases")) == {"n", "/", "?"}
    text = said(browser.get(f"/cases/{case}"))
    assert "6 Remove it" in text
    for each in KEYS:
        assert f'name="key {each.name}" value="{each.key}"' in browser.get("/keys").text


def test_changed_keys_are_ones_own(browser: Browser) -> None:
    """Another key, one switched off, all switched off, and as at first; nobody else's change."""
    tell(browser, shoes(1))
    (case,) = waiting(browser)
    assert led(keep(browser, {"remove": "k", "warn": ""})) == ("/keys", {"done": "keys"})
    found = set(shortcuts(browser, f"/cases/{case}"))
    assert "k" in found
    assert not {"6", "3"} & found
    keep(browser, {}, on=False)
    assert shortcuts(browser, f"/cases/{case}") == {}
    assert "<kbd>" not in browser.get(f"/cases/{case}").text
    cookie = browser.client.cookies["ombud"]
    colleague(browser, "Bình", "reviewer")
    assert "6" in shortcuts(browser, f"/cases/{case}")
    browser.client.cookies.set("ombud", cookie)
    browser.send("/keys", {"form": browser.token(), "do": "first"})
    engine = browser.place.engine
    assert all(not engine.credentials.shortcuts(token) for token in engine.staff)


@pytest.mark.parametrize("changed", [{"remove": "1"}, {"remove": "N"}, {"remove": "é"}])
def test_what_cannot_be_a_key_is_told_and_kept_in_the_form(
    browser: Browser, changed: dict[str, str]
) -> None:
    """Nothing has changed, and what was typed is still there."""
    page = keep(browser, changed)
    assert page.status_code == 422
    assert "not kept" in said(page)
    assert f'name="key remove" value="{changed["remove"]}"' in page.text
    engine = browser.place.engine
    assert all(not engine.credentials.shortcuts(token) for token in engine.staff)


def test_keys_go_with_their_person(browser: Browser) -> None:
    """Nothing of them is left once somebody is removed; strangers see no page."""
    colleague(browser, "Bình", "reviewer")
    keep(browser, {"remove": "k"})
    engine = browser.place.engine
    token = staffing.token(engine, "Bình")
    assert engine.credentials.shortcuts(token) == {"remove": "k"}
    staffing.change(engine, "removed", "Bình", "admin")
    assert engine.credentials.shortcuts(token) == {}
    browser.forget()
    assert browser.get("/keys").headers["location"] == "/login"
    page = browser.send("/keys", {"form": "x", "do": "first"})
    assert page.headers["location"] == "/login"


def test_which_key_is_there_twice_is_said(browser: Browser) -> None:
    """By name, and both fields are marked; nothing is marked where nothing was wrong."""
    sent = {f"key {each.name}": each.key for each in keys.KEYS}
    page = browser.send("/keys", {**sent, "form": browser.token(), "on": "on", "key hold": "u"})
    assert page.status_code == 422
    assert "or is there twice: u" in said(page)
    assert page.text.count('aria-invalid="true"') == 2
    assert "aria-invalid" not in browser.get("/keys").text


def test_a_key_that_somebody_chose_is_theirs_when_another_thing_has_it_at_first(
    browser: Browser,
) -> None:
    """Whoever gave it away before there was that thing: it does one thing, and the form says so."""
    token = next(iter(browser.place.engine.staff))
    browser.place.engine.credentials.set_shortcuts(token, {"remove": "r"})
    found = keys.chosen({"remove": "r"})
    assert (found["remove"], found["appeal reverse"]) == ("r", "")
    assert keys.clash(found) == ""
    page = browser.get("/keys").text
    assert 'name="key appeal reverse" value=""' in page
    assert 'name="key remove" value="r"' in page
