"""The page of platforms and keys: for who may, while fresh; what is made is shown once."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from flow.small_community import change, rows
from ombud.access import digest
from ombud.staff.credentials import FRESH
from web.console.staff_pages import Browser, said

SHOWN = re.compile(r'<code class="secret">([^<]+)</code>')
HTTP = {"do": "connect", "name": "chat", "url": "https://chat.example/hook", "allow": "127.0.0.1"}
KEY = {"do": "key", "name": "bot", "sources": "chat/*\nforum\n", "door": "check", "kind": "post"}


@pytest.fixture(autouse=True)
def _first(browser: Browser) -> None:
    """Ana is in."""
    browser.first()


def send(browser: Browser, fields: dict[str, Any]) -> Any:
    """A form of the page."""
    return browser.send("/connections", {"form": browser.token("/me"), **fields})


def journalled(browser: Browser) -> list[dict[str, Any]]:
    """What the journal says of keys."""
    query = "SELECT payload FROM journal WHERE type = '!access' ORDER BY seq"
    return [json.loads(row[0]) for row in rows(browser.place.engine.folder, query)]


def test_a_platform_is_connected_and_its_key_shown_once(browser: Browser) -> None:
    """With the secret of its webhooks; both open what they are for, and are nowhere again."""
    page = send(browser, HTTP)
    key, secret = SHOWN.findall(page.text)
    assert digest(key) in browser.place.engine.access
    assert browser.place.engine.keys.key("webhook chat").hex() == secret
    assert "Shown this once" in said(page)
    assert page.headers["cache-control"] == "no-store"
    again = browser.get("/connections").text
    assert "https://chat.example/hook" in again
    assert key not in again
    assert secret not in again
    whose = browser.place.entrance.members()[0][0]
    assert [(each["do"], each["by"]) for each in journalled(browser)] == [
        ("key made", whose),
        ("secret made", whose),
    ]


def test_a_key_is_made_and_revoked(browser: Browser) -> None:
    """Bound to what was chosen; revoked, it opens nothing, and its name is free."""
    (key,) = SHOWN.findall(send(browser, KEY).text)
    grants = browser.place.engine.access[digest(key)]
    assert grants.sources == ("chat/*", "forum")
    assert (grants.doors, grants.kinds) == (("check",), ("post",))
    page = said(browser.get("/connections"))
    assert "Revoke bot" in page
    assert "chat/*" in page
    done = send(browser, {"do": "revoke", "name": "bot"})
    assert done.headers["location"] == "/connections?done=revoked"
    assert browser.place.engine.access == {}
    assert "revoked" in said(browser.get("/connections"))
    assert send(browser, {"do": "revoke", "name": "bot"}).status_code == 422
    assert send(browser, KEY).status_code == 200


def test_what_waits_for_a_platform_is_shown_with_its_reason(browser: Browser) -> None:
    """Beside the platform, in the words of whoever refused it; never as what they could be."""
    send(browser, HTTP)
    folder = browser.place.engine.folder
    assert "tried again" not in said(browser.get("/connections"))
    statement = (
        "INSERT INTO outbox (id, decision, seq, lane, action, state, connector, due, attempts,"
        " began, detail) VALUES ('a', 'd', 1, x'00', 'hold', 'asked', 'chat', 1, 2, 1, ?)"
    )
    change(folder, statement, "U475: @ombud:hs is <b>no</b> admin.")
    page = browser.get("/connections")
    assert "Tried in vain, and tried again: 1" in said(page)
    assert "U475: @ombud:hs is &lt;b&gt;no&lt;/b&gt; admin." in page.text


def test_a_new_secret_takes_the_place_of_the_old(browser: Browser) -> None:
    """For a platform that is connected."""
    (_, first) = SHOWN.findall(send(browser, HTTP).text)
    (second,) = SHOWN.findall(send(browser, {"do": "secret", "name": "chat"}).text)
    assert first != second
    assert browser.place.engine.keys.key("webhook chat").hex() == second


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({**HTTP, "name": "a b"}, "cannot be the name"),
        ({**HTTP, "url": "ftp://chat.example"}, "cannot be made so"),
        ({**HTTP, "url": "https://user:word@chat.example"}, "Nothing can be sent"),
        ({**HTTP, "allow": "nonsense"}, "cannot be read"),
        ({**KEY, "sources": ""}, "cannot be made so"),
        ({**KEY, "sources": "fo*rum"}, "cannot be made so"),
        ({**KEY, "name": "\u202ebot"}, "cannot be the name"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(
    browser: Browser, fields: dict[str, str], told: str
) -> None:
    """Nothing is half made: no key, no section."""
    page = send(browser, fields)
    assert page.status_code == 422
    assert told in said(page)
    assert journalled(browser) == []
    assert browser.place.engine.settings.connectors == {}
    kept = next(fields[name] for name in ("url", "sources") if name in fields)
    assert html.escape(kept.split("\n")[0]) in page.text


def test_edited_rules_are_told_and_nothing_is_connected(browser: Browser) -> None:
    """Rules that cannot be read stand in the way, and no key is left open."""
    folder = browser.place.engine.folder / "rules"
    (folder / "broken.rule").write_text("rule\n")
    page = send(browser, HTTP)
    assert page.status_code == 422
    assert "ombud rules check" in said(page)
    assert browser.place.engine.access == {}


def test_it_needs_a_fresh_proof(browser: Browser) -> None:
    """Whatever is sent; the page shows no form, and where to show it."""
    token = browser.token()
    browser.place.clock.at += FRESH
    page = browser.get("/connections")
    assert 'href="/fresh?next=/connections"' in page.text
    assert "<button>" not in page.text.partition("<main")[2]
    for fields in (HTTP, KEY, {"do": "secret", "name": "x"}, {"do": "revoke", "name": "x"}):
        assert browser.send("/connections", {"form": token, **fields}).status_code == 403
    assert journalled(browser) == []


@pytest.mark.parametrize("role", ["author", "reviewer", "appeals reviewer", "auditor"])
def test_it_is_for_who_may(browser: Browser, role: str) -> None:
    """Others find neither the page nor its name among the places."""
    browser.place.newcomer("Bình", role)
    browser.forget()
    browser.log_in("Bình")
    assert browser.get("/connections").status_code == 403
    assert send(browser, KEY).status_code == 403
    assert 'href="/connections"' not in browser.get("/me").text
    assert journalled(browser) == []


def test_nothing_else_is_asked_for(browser: Browser) -> None:
    """No other request of the engine can be reached by this form."""
    for do in ("", "erase", "reload", "connect key"):
        assert send(browser, {"do": do, "name": "x"}).status_code == 400
