"""The morning's two lines on the first page, in the words of the command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import bags
from ombud import digest
from ombud.clock import MINUTE
from ombud.i18n import SPOKEN
from ombud.reading import reading
from web.console.cases_at_hand import at_work, colleague, tell
from web.console.staff_pages import Browser, said


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Ana decides cases, and one waits."""
    with at_work(tmp_path) as found:
        tell(found, bags(1))
        yield found


def lines(browser: Browser, lang: str) -> tuple[str, str]:
    """What `ombud digest` says."""
    with reading(browser.place.engine.folder) as reader:
        return digest.lines(digest.digest(reader.store, browser.place.clock()), lang)


@pytest.mark.parametrize("lang", SPOKEN)
def test_who_comes_in_reads_the_two_lines(browser: Browser, lang: str) -> None:
    """At the top of the queues; not again on each page of them."""
    page = said(browser.get(f"/cases?lang={lang}"))
    for line in lines(browser, lang):
        assert line in page
    waits = lines(browser, lang)[1]
    for other in ("state=closed", "queue=review"):
        assert waits not in said(browser.get(f"/cases?{other}&lang={lang}"))
    assert waits not in said(browser.get(f"/me?lang={lang}"))


def test_who_decides_no_cases_reads_them_on_their_own_page(browser: Browser) -> None:
    """Which is where they begin."""
    colleague(browser, "An", "author")
    assert lines(browser, "en")[1] in said(browser.get("/me"))


def test_they_are_counted_once_a_minute(browser: Browser) -> None:
    """However often somebody looks, and anew then."""
    first = said(browser.get("/cases"))
    assert "Waiting: 1 cases" in first
    tell(browser, bags(2, "lan"))
    assert "Waiting: 1 cases" in said(browser.get("/cases"))
    browser.place.clock.at += MINUTE
    assert "Waiting: 2 cases" in said(browser.get("/cases"))
