"""The tests' own browser works: it draws, it judges accessibility, it does without scripts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Error, Page

from browser.accessibility import axe
from browser.chromium import Pages, installed, started

POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self'; script-src 'self'; style-src 'self'"
)
CLEAN = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Hàng đợi</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css">
<script src="/script.js" defer></script></head><body><main><h1>Hàng đợi xét duyệt</h1>
<p id="said">Chưa có gì.</p><form action="/next"><button>Tiếp</button></form></main></body></html>
"""
FLAWED = """<!doctype html><html lang="en"><head><title>Flawed</title>
<link rel="stylesheet" href="/pale.css"></head><body><main><h1>Queue</h1>
<p>Hardly to be read.</p><img src="/none.png"></main></body></html>"""
FILES = {
    "/": ("text/html; charset=utf-8", CLEAN),
    "/flawed": ("text/html; charset=utf-8", FLAWED),
    "/next": ("text/html; charset=utf-8", "<!doctype html><title>Next</title><h1>Next</h1>"),
    "/unruly": ("text/html; charset=utf-8", "<!doctype html><script>document.title=1</script>"),
    "/failing": ("text/html; charset=utf-8", "<!doctype html><script src='/fails.js'></script>"),
    "/style.css": (
        "text/css",
        """:root {color-scheme: light dark; background: light-dark(#fff, #111);
        color: light-dark(#111, #fff)}""",
    ),
    "/pale.css": ("text/css", "p {color: #ddd; background: #fff}"),
    "/script.js": ("text/javascript", "document.getElementById('said').textContent = 'xong'"),
    "/fails.js": ("text/javascript", "nowhere()"),
}


class Answer(BaseHTTPRequestHandler):
    """Answers with one of the few files above, under a content policy as strict as ours."""

    def do_GET(self) -> None:
        """Send the file, or 404."""
        kind, text = FILES.get(self.path.partition("?")[0], ("text/plain", ""))
        body = text.encode()
        self.send_response(200 if body else 404)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-security-policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Keep the tests' output quiet."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a small site on this machine."""
    with serving() as found:
        yield found


@contextmanager
def serving() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_chromium_draws_a_page(page: Page, address: str) -> None:
    """Text, style and script of a page all reach the browser, from this machine alone."""
    page.goto(address)
    assert page.get_by_role("heading").inner_text() == "Hàng đợi xét duyệt"
    assert page.inner_text("#said") == "xong"
    assert page.locator("html").evaluate("each => getComputedStyle(each).color") == (
        "rgb(17, 17, 17)"
    )


def test_a_page_can_be_dark(open_page: Pages, address: str) -> None:
    """Who prefers dark pages gets the dark colours, and a narrow window is narrow."""
    page = open_page(color_scheme="dark", viewport=(320, 640), base_url=address)
    page.goto("/")
    assert page.locator("html").evaluate("each => getComputedStyle(each).color") == (
        "rgb(255, 255, 255)"
    )
    assert page.evaluate("innerWidth") == 320


def test_a_page_speaks_the_language_of_its_reader(open_page: Pages, address: str) -> None:
    """The locale reaches the server in Accept-Language and the page in navigator.language."""
    page = open_page(locale="vi")
    with page.expect_request(address + "/") as asked:
        page.goto(address)
    assert asked.value.all_headers()["accept-language"].startswith("vi")
    assert page.evaluate("navigator.language") == "vi"


def test_axe_finds_what_is_wrong(page: Page, address: str) -> None:
    """A picture without words and pale text are found, each with its place."""
    page.goto(address + "/flawed")
    found = {each.rule: each.places for each in axe(page)}
    assert found == {"color-contrast": ("p",), "image-alt": ("img",)}


def test_axe_finds_nothing_wrong_with_a_clean_page(page: Page, address: str) -> None:
    """A page that is in order has no violation, and a strict content policy is no obstacle."""
    page.goto(address)
    assert axe(page) == []


def test_axe_judges_a_page_whose_scripts_are_blocked(page: Page, address: str) -> None:
    """What a page holds before its scripts run can be judged, by keeping them from loading."""
    page.route("**/*.js", lambda route: route.fulfill(body=""))
    page.goto(address)
    assert page.inner_text("#said") == "Chưa có gì."
    assert axe(page) == []


def test_axe_refuses_a_page_without_scripts(open_page: Pages, address: str) -> None:
    """Where scripts are off axe says that it cannot run, and does not wait for ever."""
    page = open_page(java_script_enabled=False)
    page.goto(address)
    with pytest.raises(ValueError, match="with scripts"):
        axe(page)


def test_a_page_works_without_scripts(open_page: Pages, address: str) -> None:
    """Where scripts are off none runs, and a form still leads on."""
    page = open_page(java_script_enabled=False)
    page.goto(address)
    assert page.inner_text("#said") == "Chưa có gì."
    page.get_by_role("button").press("Enter")
    assert page.get_by_role("heading").inner_text() == "Next"


@pytest.mark.parametrize(
    ("path", "complaint"), [("/unruly", "Content Security Policy"), ("/failing", "nowhere")]
)
def test_a_script_that_goes_wrong_is_noticed(
    browser: Browser, address: str, path: str, complaint: str
) -> None:
    """A script that fails, or that the content policy forbids, is an error of the page."""
    pages = Pages(browser)
    pages().goto(address + path)
    pages.close()
    assert [each for each in pages.errors if complaint in each] == pages.errors != []


def test_the_browser_reaches_no_other_machine(page: Page) -> None:
    """A name that is not this machine's leads nowhere."""
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://elsewhere.example/")


def test_event_loops_work_when_the_browser_is_gone() -> None:
    """A browser that is closed leaves the thread as it was: `asyncio.run` works in it."""

    def play() -> int:
        path = installed()
        assert path is not None
        with started(path) as browser:
            assert browser.is_connected()
        return asyncio.run(asyncio.sleep(0, result=7))

    results: list[int] = []
    thread = threading.Thread(target=lambda: results.append(play()))
    thread.start()
    thread.join()
    assert results == [7]
