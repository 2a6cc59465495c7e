"""The pages of demands: entered, confirmed, answered, kept secret; by who may, while fresh."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import event
from ombud.clock import DAY, rfc3339
from ombud.staff.credentials import FRESH
from web.console.cases_at_hand import at_work, colleague, decide, led, tell, waiting
from web.console.staff_pages import Browser, said

TOLD = {
    "who": "Landesamt <b>x</b>",
    "kind": "authority",
    "words": "Take it down. <script>x</script>",
    "binding": "yes",
    "asks": "act",
    "country": "de",
    "items": "post/e1\n\nhttps://talk.example/\u202enobody\n",
    "clause": "spam.links",
}


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Ana runs the community; somebody wrote something."""
    with at_work(tmp_path) as found:
        tell(found, event(1, text="buy my things"))
        yield found


def send(browser: Browser, path: str = "/demands", **more: str) -> Any:
    """A form of the pages."""
    return browser.send(path, {"form": browser.token(), **more})


def test_a_demand_is_entered_and_its_case_stands_on_its_page(browser: Browser) -> None:
    """With what was found of what it names; text stays text."""
    path, query = led(send(browser, **TOLD))
    assert query == {"done": "demand.added"}
    page = browser.get(path)
    (case,) = waiting(browser, "demand")
    assert f'href="/cases/{case}"' in page.text
    assert "<script>x" not in page.text
    assert "<b>x</b>" not in page.text
    assert "not known here" in said(page)
    assert "Landesamt" in said(browser.get("/demands"))
    assert "A demand from outside led here." in said(browser.get(f"/cases/{case}"))
    assert "Landesamt" in said(browser.get(f"/cases/{case}"))


def test_it_is_confirmed_answered_and_kept_secret(browser: Browser) -> None:
    """Each by its button; once done the button is gone."""
    path, _ = led(send(browser, **TOLD))
    assert led(send(browser, path, do="confirm"))[1] == {"done": "demand.confirm"}
    assert 'value="confirm"' not in browser.get(path).text
    until = "2999-01-01"
    assert send(browser, path, do="secret", until=until, why="Act 1").status_code == 422
    answered = send(browser, path, do="answer", outcome="refused", why="No clause of ours.")
    assert led(answered)[1] == {"done": "demand.answer"}
    page = browser.get(path)
    assert 'value="answer"' not in page.text
    assert "No clause of ours." in said(page)
    assert send(browser, path, do="answer", outcome="done", why="x").status_code == 422
    assert send(browser, path, do="nothing").status_code == 400


def test_what_people_can_read_of_offers_no_secrecy(browser: Browser) -> None:
    """Before anything was decided it does; and a form that was open meanwhile is told why not."""
    path, _ = led(send(browser, **TOLD))
    assert 'value="secret"' in browser.get(path).text
    (case,) = waiting(browser, "demand")
    assert led(decide(browser, case, "remove"))[1]["done"] == "remove"
    assert 'value="secret"' not in browser.get(path).text
    until = rfc3339(browser.place.clock() + DAY)
    refused = send(browser, path, do="secret", until=until, why="Act 1")
    assert refused.status_code == 422
    assert "cannot be kept secret any more" in said(refused)


def test_what_was_typed_stays_where_it_cannot_be_entered(browser: Browser) -> None:
    """And why is told."""
    page = send(browser, **{**TOLD, "country": "Germany", "received": "soon"})
    assert page.status_code == 422
    assert "This is no demand that can be entered." in said(page)
    assert "post/e1" in page.text
    assert 'value="soon"' in page.text


def test_only_who_may_and_only_while_fresh(browser: Browser) -> None:
    """A reviewer sees no register; an admin shows again who they are."""
    token = browser.token()
    browser.place.clock.at += FRESH
    page = browser.send("/demands", {"form": token, **TOLD})
    assert page.status_code == 403
    assert 'href="/fresh?next=/demands"' in page.text
    colleague(browser, "Dung", "reviewer")
    assert browser.get("/demands").status_code == 403
    assert send(browser, **TOLD).status_code == 403


@pytest.mark.parametrize("name", ["none", "%00", "dem_" + "x" * 3000, "%ed%a0%80"])
def test_a_demand_that_is_none_is_not_found(browser: Browser, name: str) -> None:
    """Whatever the address says."""
    assert browser.get(f"/demands/{name}").status_code == 404
