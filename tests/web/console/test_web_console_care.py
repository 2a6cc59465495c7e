"""The part of one's own page that spares one: one's own choice, one's own counts, nobody else's."""

from __future__ import annotations

import re

import pytest

from ombud.clock import HOUR
from ombud.staff import care
from ombud.staff.care import SPARABLE, Care
from ombud.staff.credentials import Credentials
from ombud.staff.roles import FIRST, ROLES
from ombud.web.console.places import PLACES, open_to
from web.console.staff_pages import Browser, said

ADMITTED = frozenset[str]().union(*(ROLES[each] for each in FIRST)).__contains__


def kept(browser: Browser) -> Credentials:
    """What the key file keeps."""
    return browser.place.engine.credentials


def own(browser: Browser, name: str = "ana") -> int:
    """Somebody's token."""
    found = kept(browser).token_of(name)
    assert found is not None
    return found


def saw(browser: Browser, token: int, harm: str, times: int = 1) -> None:
    """Something is put before somebody, now."""
    keys = browser.place.engine.keys
    keys.begin()
    for _ in range(times):
        care.saw(keys, token, harm, browser.place.clock.at)
    keys.flush()


def choose(browser: Browser, **fields: object) -> str:
    """Send the form; where it leads."""
    asked = {"form": browser.token(), "do": "care", **fields}
    return str(browser.send("/me", asked).headers["location"])  # type: ignore[arg-type]


def test_a_choice_is_kept_and_shown(browser: Browser) -> None:
    """Harms, blur, grey and pause come back as they were sent; what is left out is off."""
    browser.first()
    told = choose(browser, spared=["hate", "threats"], blur="on", pause="40")
    assert told == "/me?done=care"
    wanted = Care(blur=True, grey=False, pause=40, spared=frozenset(["hate", "threats"]))
    assert kept(browser).care(own(browser)) == wanted
    page = browser.get(told).text
    assert "It holds from the next thing on" in page
    ticked = re.findall(r'name="(spared|blur|grey)" value="([^"]*)"[^>]* checked', page)
    assert ticked == [("spared", "threats"), ("spared", "hate"), ("blur", "on")]
    assert 'value="40"' in page
    choose(browser)
    assert kept(browser).care(own(browser)) == Care()


@pytest.mark.parametrize("pause", ["", "x", "-4", "4.5", "\u0664", "9" * 50, "<script>"])
def test_what_is_no_number_proposes_nothing(browser: Browser, pause: str) -> None:
    """And what is far too large is the largest there is; harms are of the closed list."""
    browser.first()
    choose(browser, pause=pause, spared=["form", "context", "<b>", "hate"])
    found = kept(browser).care(own(browser))
    assert found.pause == (care.PAUSE_MAX if pause.startswith("9") else 0)
    assert found.spared == {"hate"}


def test_pages_are_blurred_and_grey_for_their_person_alone(browser: Browser) -> None:
    """On every page of theirs, by an attribute; not on the login page, nor for anybody else."""
    browser.first()
    assert "data-blur" not in browser.get("/me").text
    choose(browser, blur="on", grey="on")
    for place in open_to(ADMITTED):
        assert 'data-blur="on" data-grey="on"' in browser.get(place.path).text
    browser.forget()
    assert "data-grey" not in browser.get("/login").text
    browser.client.cookies.set("ombud", browser.place.newcomer("Bình", "admin").cookie)
    assert "data-blur" not in browser.get("/me").text


def test_what_was_shown_is_told_to_its_person(browser: Browser) -> None:
    """By harm in words, the most first; nothing where nothing was."""
    browser.first()
    assert "Nothing in the last seven days." in said(browser.get("/me"))
    for harm, times in (("hate", 2), ("scam", 5), ("", 1)):
        saw(browser, own(browser), harm, times)
    page = said(browser.get("/me"))
    assert "scams 5 hate 2 no harm named 1" in page
    assert "lừa đảo 5 thù ghét 2 không nêu loại gây hại 1" in said(browser.get("/me?lang=vi"))


def test_a_pause_is_proposed_when_one_asked_for_it(browser: Browser) -> None:
    """After so many within two hours, on every page, and not before; it ends by itself."""
    browser.first()
    saw(browser, own(browser), "hate", 3)
    assert "moment for a pause" not in said(browser.get("/me"))
    choose(browser, pause="4")
    assert "moment for a pause" not in said(browser.get("/me"))
    saw(browser, own(browser), "spam")
    for place in open_to(ADMITTED):
        page = said(browser.get(place.path))
        assert "4 things were put before you since 2 March 2026" in page
    browser.place.clock.at += 2 * HOUR
    assert "moment for a pause" not in said(browser.get("/me"))


def test_no_page_of_anybody_else_tells_it(browser: Browser) -> None:
    """All that an admin can look at reads the same, whatever somebody chose and was shown; and no
    form takes whom it is about.
    """
    browser.first()
    token = browser.place.visitor(browser.place.newcomer("Mia", "reviewer")).token
    addresses = [place.path for place in PLACES]
    clean = [re.sub(r'name="form" value="[^"]*"', "", browser.get(each).text) for each in addresses]
    kept(browser).set_care(token, Care(True, True, 1, frozenset(SPARABLE)))
    saw(browser, token, "threats", 77)
    for query in ("", f"?token={token}", f"?who={token}", "?name=Mia"):
        found = [browser.get(each + query) for each in addresses]
        shown = [re.sub(r'name="form" value="[^"]*"', "", page.text) for page in found]
        assert shown == clean
    choose(browser, who=str(token), token=str(token), name="Mia", spared=["spam"])
    assert kept(browser).care(token).spared == frozenset(SPARABLE)
