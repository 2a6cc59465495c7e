"""Where somebody can go: the table, and what of it stands on a page."""

from __future__ import annotations

from ombud.staff.roles import PERMISSIONS
from ombud.web.console.places import PLACES, open_to
from ombud.web.words import TEXTS
from web.console.staff_pages import Browser


def test_every_place_has_a_name_and_a_permission_there_is() -> None:
    """No place without words in every language, none behind a permission that nobody knows."""
    for each in PLACES:
        assert each.word in TEXTS
        assert not each.permission or each.permission in PERMISSIONS
    assert len({each.path for each in PLACES}) == len(PLACES)


def test_nobody_is_shown_what_they_may_not() -> None:
    """Who may do nothing sees the places of everybody alone."""
    everybodys = ["/orders", "/wall", "/labels", "/rules", "/me"]
    assert [each.path for each in open_to(lambda _: False)] == everybodys
    assert open_to(lambda _: True) == list(PLACES)


def test_a_page_shows_where_one_is(browser: Browser) -> None:
    """Of all links at the top, the one of this page says that it is."""
    browser.first()
    assert browser.get("/staff").text.count('href="/staff" aria-current="page"') == 1
    assert 'href="/staff" aria-current' not in browser.get("/me").text
