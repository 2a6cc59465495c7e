"""From the page of a case to a list: what stands in the post, on watch, with the case as source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import flag
from flow.small_community import event
from ombud import listwork
from ombud.reading import reading
from web.console.cases_at_hand import act, at_work, colleague, tell, waiting
from web.console.staff_pages import Browser, said
from web.page_elements import Elements
from web.pretend_community import HOSTILE

TEXT = "cheap shoes at https://a.shop.example/x"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Ana, who decides cases and may change lists; there is a list of bad sites."""
    with at_work(tmp_path) as found:
        asked = {"change": "add", "name": "bad sites", "term": "first.example", "new": True}
        listwork.change_list(found.place.engine, {**asked, "by": "Ana"}, b"")
        yield found


def case_of(browser: Browser, text: str = TEXT, who: str = "ana") -> str:
    """A case about a post."""
    tell(browser, event(1, 0, text=text, author={"id": who}))
    return waiting(browser)[0]


def add(browser: Browser, case: str, entry: str, **more: str) -> Any:
    """Its form."""
    page = browser.get(f"/cases/{case}").text
    record = re.search(
        r'name="do" value="list">\s*<input type="hidden" name="record" value="(\d+)', page
    )
    kept = {"record": record[1]} if record else {}
    return act(browser, case, "list", **{"list": "bad sites", "entry": entry, **kept, **more})


def entries(browser: Browser) -> list[dict[str, Any]]:
    """What the list has."""
    engine = browser.place.engine
    with reading(engine.folder) as reader:
        found = reader.term_list("bad sites", engine.now(), state=None, limit=100, skip=0)
    return [each for each in found["items"] if each["term"] != "first.example"]


@pytest.mark.parametrize(
    ("entry", "words", "term"),
    [
        ("site shop.example", "", "shop.example"),
        ("account ana", "", "ana"),
        ("words", "cheap shoes", "cheap shoes"),
    ],
)
def test_what_stands_in_the_post_begins_on_watch(
    browser: Browser, entry: str, words: str, term: str
) -> None:
    """A site, the account, words; the list's page leads back to the case."""
    case = case_of(browser)
    assert "Add to a list" in said(browser.get(f"/cases/{case}"))
    done = add(browser, case, entry, words=words)
    assert done.headers["location"] == f"/cases/{case}?done=list+add"
    assert "It begins on watch." in said(browser.get(done.headers["location"]))
    (made,) = entries(browser)
    assert (made["term"], made["state"], made["source"]) == (term, "watch", f"case {case}")
    page = browser.get("/lists/bad%20sites")
    assert f'href="/cases/{case}"' in page.text
    assert not browser.place.engine.writer.pipeline.community.lists["bad sites"].imported


def test_what_does_not_is_refused(browser: Browser) -> None:
    """Another site, another record, no list; nothing is added."""
    case = case_of(browser)
    for entry in ("site other.example", "account binh", "words", "", "x y"):
        page = add(browser, case, entry)
        assert page.status_code == 422
        assert "nothing like it" in said(page)
    assert "nothing like it" in said(add(browser, case, "account ana", record="999"))
    assert "no such list" in said(add(browser, case, "account ana", list="nothing"))
    assert entries(browser) == []


def test_it_is_for_who_may_change_lists(browser: Browser) -> None:
    """Nobody else sees the form, or sends one."""
    case = case_of(browser)
    colleague(browser, "Bình", "appeals reviewer")
    assert "to-list" not in browser.get(f"/cases/{case}").text
    assert add(browser, case, "account ana").status_code == 403
    assert entries(browser) == []


def test_of_a_report_nothing_is_offered(browser: Browser) -> None:
    """Not who made it."""
    tell(browser, flag(1, "e1", "kim"))
    (case,) = waiting(browser)
    assert "to-list" not in browser.get(f"/cases/{case}").text
    assert "nothing like it" in said(add(browser, case, "account kim", record="3"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_posts_break_no_form(browser: Browser, text: str) -> None:
    """Shown as text, whatever the account is called."""
    written = text.encode("utf-8", "replace").decode()
    case = case_of(browser, f"cheap shoes {written}", "<b>ana</b>\"' onclick=x")
    page = browser.get(f"/cases/{case}")
    assert page.status_code == 200
    assert not {"script", "img"} & set(Elements(page.text.partition('id="to-list"')[2]).counts())
