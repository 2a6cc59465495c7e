"""The page of emergency, duty and standing orders: begun, told, ended, by who may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import bags, copies
from flow.small_community import rows
from web.console.cases_at_hand import at_work, colleague, led, tell, waiting
from web.console.staff_pages import Browser


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Ana decides cases, and a campaign waits."""
    with at_work(tmp_path) as found:
        tell(found, *copies(5))
        yield found


def send(browser: Browser, do: str, **more: Any) -> Any:
    """One of the page's forms."""
    return browser.send("/orders", {"form": browser.token("/orders"), "do": do, **more})


@pytest.mark.parametrize("name", ["duty", "emergency"])
def test_a_state_is_begun_and_ended_by_one_button(browser: Browser, name: str) -> None:
    """For as long as was chosen; the page says until when, and ends it."""
    assert f'value="end {name}"' not in browser.get("/orders").text
    assert led(send(browser, f"begin {name}", hours="3")) == ("/orders", {"done": f"{name}.begun"})
    state = browser.place.engine.writer.pipeline.community.states[name]
    began = rows(
        browser.place.engine.folder, "SELECT recv FROM journal WHERE type = ?1", f"!{name}"
    )
    assert state - began[0][0] == 3 * 3_600_000_000
    assert f'value="end {name}"' in browser.get("/orders").text
    assert led(send(browser, f"end {name}"))[1] == {"done": f"{name}.ended"}
    assert f'value="end {name}"' not in browser.get("/orders").text


def test_an_order_is_given_from_a_case_and_undone(browser: Browser) -> None:
    """By the case's address; what is done under it is counted, and taken back by one button."""
    (case,) = waiting(browser)
    place = f"http://localhost.local/cases/{case}?lang=vi"
    assert led(send(browser, "give", case=place, action="hold", hours="1"))[1]["done"] == (
        "order.given"
    )
    tell(browser, *copies(2, 10))
    page = browser.get("/orders").text
    order = re.findall(r'name="order" value="(ord_[^"]+)"', page)[0]
    assert "take back all 2" in page
    assert led(send(browser, "undo", order=order))[1]["done"] == "order.undo"
    assert "take back" not in browser.get("/orders").text
    assert send(browser, "end", order=order).status_code == 422


def test_what_cannot_be_ordered_is_told_and_what_was_typed_stays(browser: Browser) -> None:
    """More than a hold without a decision, a case that is not there, a form of nobody's."""
    (case,) = waiting(browser)
    refused = send(browser, "give", case=case, action="remove", hours="6")
    assert refused.status_code == 422
    assert "has decided the campaign so" in refused.text
    assert f'value="{case}"' in refused.text
    hostile = '"><script>x</script>\u202e'
    assert "<script>x" not in send(browser, "give", case=hostile, action="hold").text
    assert send(browser, "nothing there is").status_code == 400
    assert send(browser, "end emergency").status_code == 422


def test_who_may_not_sees_no_form_and_is_refused(browser: Browser) -> None:
    """An auditor reads how things stand, and changes nothing."""
    colleague(browser, "Dung", "auditor")
    page = browser.get("/orders").text
    assert 'name="do"' not in page
    before = browser.place.engine.writer.pipeline.seq
    for do in ("begin emergency", "begin duty"):
        assert send_as_seen(browser, do).status_code in (403, 422)
    assert browser.place.engine.writer.pipeline.seq == before


def send_as_seen(browser: Browser, do: str) -> Any:
    """A form that the page does not show."""
    return browser.send("/orders", {"form": browser.token("/me"), "do": do, "hours": "1"})


def test_after_some_minutes_an_order_asks_who_it_is(browser: Browser) -> None:
    """An emergency does not: it must be one key in a raid."""
    (case,) = waiting(browser)
    browser.place.clock.at += 6 * 60 * 1_000_000
    assert "/fresh?next=/orders" in send(browser, "give", case=case, action="hold").text
    assert led(send(browser, "begin emergency"))[1]["done"] == "emergency.begun"


def test_a_campaign_leads_to_its_order_filled_in(browser: Browser) -> None:
    """A link on the case, which changes nothing; what is no campaign has none. Auditors see it."""
    (case,) = waiting(browser)
    link = re.findall(r'href="(/orders\?case=[^"#]+)#orders"', browser.get(f"/cases/{case}").text)
    before = browser.place.engine.writer.pipeline.seq
    page = browser.get(link[0]).text
    assert re.search(rf'<details open>.*?name="case"[^>]*value="{case}"', page, re.DOTALL)
    assert browser.place.engine.writer.pipeline.seq == before
    tell(browser, bags(90, "lan", 90))
    alone = next(each for each in waiting(browser) if each != case)
    assert "/orders?case=" not in browser.get(f"/cases/{alone}").text
    assert "<script>x" not in browser.get('/orders?case="><script>x</script>').text
    send(browser, "give", case=case, action="hold", hours="1")
    colleague(browser, "Dung", "auditor")
    assert "standing order" in browser.get("/records").text
