"""The addresses of the staff's pages: who is sent where, and which methods each takes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from litestar.testing import TestClient

from flow.small_community import prepare
from ombud.app import Engine
from ombud.doors import Doors
from ombud.web import logs
from ombud.web.pages import application
from web.console.staff_pages import Browser

PATHS = ("/login", "/logout", "/start/x", "/link/x", "/fresh", "/me", "/staff")


@pytest.mark.parametrize("path", ["/me", "/staff", "/fresh"])
def test_a_stranger_is_sent_to_log_in(browser: Browser, path: str) -> None:
    """For a page and for a form; in the language they asked for."""
    assert browser.get(path).headers["location"] == "/login"
    assert browser.get(path + "?lang=vi").headers["location"] == "/login?lang=vi"
    assert browser.send(path, {"form": "x", "do": "added"}).headers["location"] == "/login"


@pytest.mark.parametrize("path", PATHS)
def test_an_address_takes_the_methods_it_says(browser: Browser, path: str) -> None:
    """Any other is refused, with those that are taken."""
    allowed = "POST" if path == "/logout" else "GET, HEAD, POST"
    for method in ("PUT", "DELETE", "PATCH", *(("GET",) if path == "/logout" else ())):
        answer = browser.client.request(method, path)
        assert answer.status_code == 405
        assert answer.headers["allow"] == allowed
    if path != "/logout":
        assert browser.client.head(path).status_code == browser.get(path).status_code


@pytest.mark.parametrize("path", PATHS)
def test_looking_changes_nothing(browser: Browser, path: str) -> None:
    """No page that is only opened writes a cookie or a record."""
    browser.first()
    before = browser.place.engine.writer.pipeline.seq
    assert "set-cookie" not in browser.get(path).headers
    assert browser.place.engine.writer.pipeline.seq == before


def test_without_accounts_there_are_no_such_pages(tmp_path: Path) -> None:
    """The demo and a folder served otherwise have none of them, and no link to them."""
    with (
        Engine(prepare(tmp_path)) as engine,
        closing(Doors(engine, "http://x")) as doors,
        TestClient(application(doors)) as client,
    ):
        for path in PATHS:
            assert client.get(path).status_code == 404
        assert "/login" not in client.get("/").text


def test_the_start_page_leads_to_it(browser: Browser) -> None:
    """One link, for those who run the community."""
    assert 'href="/login?lang=en"' in browser.get("/").text


@pytest.mark.parametrize("path", PATHS)
def test_no_link_is_logged(path: str) -> None:
    """Of a path only our own words stand in the log; the secret of a link is cut off."""
    assert logs.path(path) == path.replace("/x", "/-")
