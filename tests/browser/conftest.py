"""The fixtures of the browser tests: `browser`, `open_page` and `page`.

Chromium is started for each file of tests and not once for all: Playwright keeps an event loop
running in the thread that started it, and the tests after these need `asyncio.run` to work there.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from browser import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = chromium.installed()
    if path is None:
        pytest.fail(
            "There is no Chromium on PATH, which the tests in tests/browser drive. "
            "`make test` as root installs it on Debian.",
            pytrace=False,
        )
    with chromium.started(path) as found:
        yield found


@pytest.fixture
def open_page(browser: Browser) -> Iterator[chromium.Pages]:
    """Opens pages for people of many kinds; fails the test if a script on one of them fails."""
    pages = chromium.Pages(browser)
    yield pages
    pages.close()
    assert not pages.errors, pages.errors


@pytest.fixture
def page(open_page: chromium.Pages) -> Page:
    """An empty page as most people have it: light, English, wide, with scripts."""
    return open_page()
