"""A real browser for tests: Debian's Chromium, driven over pipes, its pages closed after each test.

Chromium reaches nothing but this machine's loopback. A test fails if a script on its pages fails
or breaks the page's content policy, whatever else the test looked at.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    sync_playwright,
)

START_MS = 120_000  # a cold start of Chromium beside other work on two cores
STEP_MS = 60_000  # the longest that one step may take; a step that works takes far less
FLAGS = (
    "--no-sandbox",  # tests run as root in containers, and open only pages of their own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
# Chromium reports each answer of 400 or more as an error; such answers are part of what we test.
NO_ERROR = "Failed to load resource: the server responded with a status of"


NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")  # the first costs the least


def installed() -> str | None:
    """Where the system's Chromium is, if it is there."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def started(path: str) -> Iterator[Browser]:
    """Run Chromium without a window; while it runs, `asyncio.run` fails in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, headless=True, args=list(FLAGS), timeout=START_MS
        )
        yield browser
        browser.close()


class Pages:
    """Opens empty pages, each in a profile of its own, and gathers what goes wrong in them."""

    def __init__(self, browser: Browser) -> None:
        self.errors: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def __call__(
        self,
        *,
        color_scheme: Literal["light", "dark"] = "light",
        locale: str = "en",
        viewport: tuple[int, int] = (1280, 800),
        java_script_enabled: bool = True,
        reduced_motion: Literal["reduce", "no-preference"] = "reduce",
        base_url: str | None = None,
    ) -> Page:
        """Open a page; the viewport is in CSS pixels, the locale sets Accept-Language too."""
        context = self._browser.new_context(
            color_scheme=color_scheme,
            locale=locale,
            viewport=ViewportSize(width=viewport[0], height=viewport[1]),
            java_script_enabled=java_script_enabled,
            reduced_motion=reduced_motion,
            base_url=base_url,
        )
        self._contexts.append(context)
        context.set_default_timeout(STEP_MS)
        return self.tab(context)

    def tab(self, context: BrowserContext) -> Page:
        """One more page in a profile that there is already."""
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._said)
        return page

    def close(self) -> None:
        """Close all pages and their profiles."""
        for context in self._contexts:
            context.close()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(NO_ERROR):
            self.errors.append(message.text)
