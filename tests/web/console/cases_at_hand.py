"""Cases before somebody who is logged in, for the tests of the queues and of the case page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flow.case_desk import DESK_RULES
from flow.small_community import SETTINGS, line, prepare, rows
from staff.at_the_entrance import PASSWORD
from web.console.staff_pages import NAMED, Browser, open_pages


@contextmanager
def at_work(folder: Path, *, rules: dict[str, str] | None = None) -> Iterator[Browser]:
    """Ana runs the community and decides cases, and is in."""
    prepare(folder, {**DESK_RULES, **(rules or {})}, SETTINGS + NAMED)
    with open_pages(folder) as browser:
        browser.first()
        yield browser


def tell(browser: Browser, *events: dict[str, Any]) -> None:
    """Things happen on the platform."""
    for answer in browser.place.engine.submit([line(each) for each in events]):
        assert not isinstance(answer, Exception), answer


def waiting(browser: Browser, reason: str | None = None) -> list[str]:
    """The open cases in their order."""
    query = "SELECT id FROM review_case WHERE closed IS NULL AND (?1 IS NULL OR reason = ?1)"
    found = rows(browser.place.engine.folder, query + " ORDER BY place, id", reason)
    return [str(row[0]) for row in found]


def act(browser: Browser, case: str, do: str, lang: str = "", **more: Any) -> Any:
    """One of the forms of a case's page."""
    fields = {"form": browser.token(), "do": do, **more}
    return browser.send(f"/cases/{case}{lang}", fields)


def confirm(browser: Browser, case: str, page: Any = None) -> Any:
    """The button of a second person, on the page that they see or saw."""
    shown = browser.get(f"/cases/{case}") if page is None else page
    form = re.search(r'value="confirm">.*?name="proposal" value="([^"]*)"', shown.text, re.DOTALL)
    assert form is not None
    return act(browser, case, "confirm", proposal=form[1])


def decide(browser: Browser, case: str, offer: str, **more: Any) -> Any:
    """The button of a decision, with what the page's form carries along."""
    page = browser.get(f"/cases/{case}" + (f"?record={more['record']}" if "record" in more else ""))
    sent = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page.text)
        for name in ("record", "upto", "proposal")
    }
    kept = {name: found[1] for name, found in sent.items() if found}
    return act(browser, case, "decide", **{"offer": offer, **kept, **more})


def led(page: Any) -> tuple[str, dict[str, str]]:
    """Where an answer leads: the path, and what its query says."""
    assert page.status_code == 303, page.text
    parts = urlsplit(page.headers["location"])
    return parts.path, {name: each[0] for name, each in parse_qs(parts.query).items()}


def colleague(browser: Browser, name: str, *roles: str) -> str:
    """Somebody else who is in from now on, in the same browser; the cookie of who was before."""
    before = browser.client.cookies["ombud"]
    link = browser.place.add(name, *roles)
    browser.forget()
    browser.send(f"/link/{link}", {"password": PASSWORD})
    return before
