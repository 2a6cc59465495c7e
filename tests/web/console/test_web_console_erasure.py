"""The page of erasure: looked at first, typed out, while fresh; nothing of it in an address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import event, line, rows
from ombud.staff.credentials import FRESH
from web.console.staff_pages import NAMED as NAMED_SO
from web.console.staff_pages import Browser, open_pages, said

NAMED = {"platform": "chat", "account": "eve"}


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Ana is in; somebody wrote something, and it was held."""
    with open_pages(tmp_path, f"procedural_holds = true\n{NAMED_SO}") as opened:
        opened.first()
        told = [event(each, each, author={"id": "eve"}, text="cheap bags") for each in range(3)]
        opened.place.engine.submit([line(each) for each in told])
        yield opened


def send(browser: Browser, do: str, **fields: str) -> Any:
    """A form of the page."""
    return browser.send("/erasure", {"form": browser.token("/me"), "do": do, **NAMED, **fields})


def erased(browser: Browser) -> list[dict[str, Any]]:
    """What the journal says of erasures."""
    query = "SELECT payload FROM journal WHERE type = '!erasure'"
    return [json.loads(row[0]) for row in rows(browser.place.engine.folder, query)]


def test_what_will_be_gone_and_what_stays_is_told_first(browser: Browser) -> None:
    """With how much there is; nothing is erased, and no text of theirs is shown."""
    page = send(browser, "look")
    assert page.status_code == 200
    told = said(page)
    assert "eve of chat" in told
    assert "Decisions about it: 3, of which still in force: 3." in told
    for part in ("What will be gone", "What stays, and why", "Something decided"):
        assert part in told
    assert "cheap bags" not in told
    assert erased(browser) == []


def test_it_is_erased_once_it_was_typed_out(browser: Browser) -> None:
    """By who is in; afterwards nobody knows the account."""
    done = send(browser, "erase", typed=" eve ")
    assert done.headers["location"] == "/erasure?done=erased"
    (payload,) = erased(browser)
    assert payload["by"] == browser.place.entrance.members()[0][0]
    assert len(payload["seqs"]) == 3
    again = send(browser, "look")
    assert again.status_code == 422
    assert "No such account is known here." in said(again)
    assert send(browser, "erase", typed="eve").status_code == 422
    assert len(erased(browser)) == 1


@pytest.mark.parametrize("typed", ["", "Eve", "ev", "eve2", "yes", "chat/eve"])
def test_another_word_erases_nothing(browser: Browser, typed: str) -> None:
    """It must be the account, letter by letter; the page is there again."""
    page = send(browser, "erase", typed=typed)
    assert page.status_code == 422
    assert "Nothing was erased." in said(page)
    assert 'name="typed"' in page.text
    assert erased(browser) == []


def test_it_needs_a_fresh_proof(browser: Browser) -> None:
    """Looking does not."""
    token = browser.token()
    browser.place.clock.at += FRESH
    page = browser.send("/erasure", {"form": token, "do": "look", **NAMED})
    assert page.status_code == 200
    assert 'name="typed"' not in page.text
    assert 'href="/fresh?next=/erasure"' in page.text
    page = browser.send("/erasure", {"form": token, "do": "erase", **NAMED, "typed": "eve"})
    assert page.status_code == 403
    assert erased(browser) == []


@pytest.mark.parametrize("role", ["author", "reviewer", "appeals reviewer", "auditor"])
def test_it_is_for_who_may(browser: Browser, role: str) -> None:
    """Others cannot even look whether somebody is known."""
    browser.place.newcomer("Bình", role)
    browser.forget()
    browser.log_in("Bình")
    assert browser.get("/erasure").status_code == 403
    for do in ("look", "erase"):
        assert send(browser, do, typed="eve").status_code == 403
    assert 'href="/erasure"' not in browser.get("/me").text
    assert erased(browser) == []


def test_a_page_that_is_opened_changes_and_tells_nothing(browser: Browser) -> None:
    """Whatever its address says."""
    page = browser.get("/erasure?do=erase&platform=chat&account=eve&typed=eve")
    assert page.status_code == 200
    assert "eve of chat" not in said(page)
    assert erased(browser) == []
    assert send(browser, "other").status_code == 400


def test_hostile_names_are_shown_as_they_stand(browser: Browser) -> None:
    """Markup, reversals and what is far too long."""
    for account in ("<script>alert(1)</script>", "\u202eeve", "x" * 10_000):
        page = send(browser, "look", account=account)
        assert page.status_code == 422
        assert "<script>alert" not in page.text
        assert "\u202e" not in said(page)
        assert len(page.text) < 20_000
