"""The wall as a page: for everybody on the staff, in words, a table beside each chart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, bags, shoes
from flow.small_community import line, prepare
from ombud import session
from ombud.clock import HOUR, MINUTE
from ombud.web.console.wall import CHARTS, rate, waited
from ombud.web.site import READ
from web.console.staff_pages import NAMED, Browser, open_pages, said


@pytest.fixture
def busy(tmp_path: Path) -> object:
    """A browser at a community in which something happened."""
    prepare(tmp_path, DESK_RULES, "procedural_holds = true\n" + NAMED)
    with open_pages(tmp_path) as found:
        found.first()
        told = [bags(1), shoes(2, "bo"), shoes(3, "cy")]
        found.place.engine.submit([line(each) for each in told])
        yield found


def test_it_is_for_everybody_on_the_staff_and_nobody_else(busy: Browser) -> None:
    """An auditor sees it; a stranger is sent to log in; a form is not taken."""
    busy.forget()
    assert busy.get("/wall").headers["location"] == "/login"
    busy.client.cookies.set("ombud", busy.place.newcomer("Dung", "auditor").cookie)
    assert busy.get("/wall").status_code == 200
    assert 'href="/wall" aria-current="page"' in busy.get("/wall").text
    assert busy.send("/wall", {"form": busy.token()}).status_code == 405
    assert len(READ) == 2


def test_it_says_in_words_what_it_draws(busy: Browser) -> None:
    """Each chart has its sums in a sentence and its figures in a table."""
    page = busy.get("/wall")
    text = said(page)
    assert "Held by a rule: 1 in all, 1 in the fullest hour." in text
    assert "Opened: 3 in all, 3 in the fullest hour." in text
    assert page.text.count("<svg") == page.text.count("<details") == len(CHARTS)
    for chart in CHARTS:
        table = page.text.partition(f'id="table-{chart.name}"')[2].partition("</table>")[0]
        assert table.count("<tr>") == 25
        assert table.count('class="number"') == 25 * len(chart.columns)
    assert re.search(r"review\s+3\s+0\s+", text), text
    assert "bags 1" in text


def test_states_are_told(busy: Browser) -> None:
    """Duty and emergency: never said, on with their end, off."""
    text = said(busy.get("/wall"))
    assert "Nobody has ever said who is on duty" in text
    assert "No emergency" in text
    for name in ("duty", "emergency"):
        session.perform(busy.place.engine, name, {"begins": True, "by": "Ana"})
    text = said(busy.get("/wall"))
    assert "Somebody is on duty until 2 March 2026, 20:00 UTC" in text
    assert "Emergency until 2 March 2026, 18:00 UTC" in text
    busy.place.clock.at += 9 * HOUR
    text = said(busy.get("/wall"))
    assert "Nobody is on duty" in text
    assert "No emergency" in text


def test_it_names_nobody(busy: Browser) -> None:
    """Neither of the staff nor of those who wrote; its own person's name is not on it."""
    page = busy.get("/wall").text
    for name in ("Ana", "ana", "bo", "cy"):
        assert not re.search(rf"\b{name}\b", page)


def test_it_works_without_script(busy: Browser) -> None:
    """The link renews it; what script would do is hidden until it runs; in Vietnamese too."""
    page = busy.get("/wall?lang=vi")
    assert 'href="/wall?lang=vi"' in page.text
    assert re.search(r'<button id="pause"[^>]* hidden>', page.text)
    assert "script-src 'self'; connect-src 'self'" in page.headers["content-security-policy"]
    assert "Quy tắc giữ lại: tổng cộng 1" in said(page)


@pytest.mark.parametrize(
    ("count", "lang", "said"),
    [
        (0, "en", "0.0"),
        (9.94, "en", "9.9"),
        (9.94, "vi", "9,9"),
        (10, "vi", "10"),
        (1e3, "en", "1000"),
    ],
)
def test_a_rate_is_written_as_the_language_does(count: float, lang: str, said: str) -> None:
    """To a tenth while it is small."""
    assert rate(count, lang) == said


def test_waiting_is_told_to_the_minute() -> None:
    """Nothing shorter is told."""
    assert waited(MINUTE - 1, "en") == waited(-5, "en") == "less than a minute"
    assert waited(MINUTE, "en") == "1 minute"
    assert waited(3 * HOUR + MINUTE - 1, "en") == "3 hours"
