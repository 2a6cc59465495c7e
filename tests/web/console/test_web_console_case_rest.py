"""On a case's page: never again for this, and that rules ask about it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import bags, copies, flag, shoes
from flow.small_community import event, rows
from web.console.cases_at_hand import act, at_work, decide, led, tell, waiting
from web.console.staff_pages import Browser, said

TICK = 'name="rest" value="yes"'


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Ana, who decides cases."""
    with at_work(tmp_path) as found:
        yield found


def test_what_is_released_is_asked_about_no_more(browser: Browser) -> None:
    """One tick beside the button; the case says so afterwards, how often a rule would have asked,
    and one button ends it.
    """
    post = {**shoes(1), "subject": "post/one"}
    tell(browser, post)
    (case,) = waiting(browser)
    assert TICK in browser.get(f"/cases/{case}").text
    assert led(decide(browser, case, "release", rest="yes"))[1]["done"] == "release"
    page = said(browser.get(f"/cases/{case}"))
    assert "said that this is all right as it is" in page
    assert "Rules would have asked 0 times since." in page
    tell(browser, {**post, "id": "again"})
    assert waiting(browser) == []
    assert "A rule would have asked once since." in said(browser.get(f"/cases/{case}"))
    assert "Hỏi lại về nội dung này" in said(browser.get(f"/cases/{case}?lang=vi"))
    path, told = led(act(browser, case, "again"))
    assert (path, told["done"]) == (f"/cases/{case}", "asked again")
    page = browser.get(f"{path}?done=asked again")
    assert "Rules ask about it again." in said(page)
    assert "Not asked about again" not in said(page)
    tell(browser, {**post, "id": "once more"})
    assert len(waiting(browser)) == 1
    late = act(browser, case, "again")
    assert late.status_code == 422
    assert "is kept from being asked about" in said(late)


def test_the_tick_says_nothing_beside_another_button(browser: Browser) -> None:
    """What is upheld rests never, ticked or not; unticked, nothing does."""
    tell(browser, shoes(1), shoes(2, "bo", 1))
    first, second = waiting(browser)
    assert led(decide(browser, first, "remove", rest="yes"))[1]["done"] == "remove"
    assert led(decide(browser, second, "release"))[1]["done"] == "release"
    assert rows(browser.place.engine.folder, "SELECT * FROM rest") == []


def test_it_is_offered_for_what_can_rest(browser: Browser) -> None:
    """For each post of a campaign, not of a large one, and not for a flag; for what is held it is.
    The page says of how many things it was said.
    """
    tell(browser, *copies(3))
    (campaign,) = waiting(browser)
    assert TICK in browser.get(f"/cases/{campaign}").text
    assert "Of each of these posts by itself" in browser.get(f"/cases/{campaign}").text
    decide(browser, campaign, "release", rest="yes")
    assert "3 posts, each by itself:" in said(browser.get(f"/cases/{campaign}"))
    tell(browser, flag(1, "post/other", "bo", 9))
    (flagged,) = waiting(browser)
    assert TICK not in browser.get(f"/cases/{flagged}").text
    decide(browser, flagged, "release")
    tell(browser, bags(5, at=20), event(6, 21))
    (held,) = waiting(browser)
    assert TICK in browser.get(f"/cases/{held}").text
    decide(browser, held, "release")
    tell(browser, *copies(21, 100))
    (large,) = waiting(browser)
    assert TICK not in browser.get(f"/cases/{large}").text


def test_the_tick_outlives_a_mistake(browser: Browser) -> None:
    """Where a decision is refused the form comes back as it was filled in."""
    tell(browser, shoes(1))
    (case,) = waiting(browser)
    page = decide(browser, case, "no such offer", rest="yes")
    assert page.status_code == 422
    assert f"{TICK} checked" in page.text
