"""Canned replies in the forms: chosen, filled in, edited, sent; never sent by being chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import bags
from flow.small_community import rows
from web.console.appeal_desk import AppealDesk, appeal_desk
from web.console.cases_at_hand import at_work, decide, led, tell, waiting
from web.console.staff_pages import Browser, said
from web.pretend_community import HOSTILE

STANDS = "The decision stands, for this reason: [[why, in a sentence]]"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AppealDesk]:
    """A community in which Chi decides appeals."""
    with appeal_desk(tmp_path) as found:
        yield found


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Ana decides cases, and one waits."""
    with at_work(tmp_path) as found:
        tell(found, bags(1))
        yield found


def field(page: Any, name: str) -> str:
    """What stands in a field."""
    found = re.search(rf'<textarea [^>]*name="{name}"[^>]*>\n([^<]*)</textarea>', page.text)
    assert found
    return found[1]


def test_a_reply_fills_the_form_of_an_appeal_in_both_languages(desk: AppealDesk) -> None:
    """And keeps what else was chosen; nothing is sent until it is, and not with a blank."""
    made = desk.appeal(desk.held())
    before = desk.engine.writer.pipeline.seq
    page = desk.send(made, "reply", reply="it-stands", outcome="uphold")
    assert page.status_code == 200
    assert STANDS in field(page, "text-en")
    assert "Quyết định giữ nguyên" in field(page, "text-vi")
    assert re.search(r'value="uphold" checked', page.text)
    assert re.search(r'value="it-stands"[^>]* selected', page.text)
    got = desk.browser.get(f"/appeals/{made}?reply=it-stands")
    assert STANDS in field(got, "text-en")
    sent = {"text-en": field(page, "text-en"), "text-vi": "", "outcome": "uphold"}
    for do in ("decide", "answer", "preview"):
        refused = desk.send(made, do, **sent)
        assert refused.status_code == 422
        assert "a blank to be filled in" in said(refused)
        assert STANDS in field(refused, "text-en")
    assert desk.engine.writer.pipeline.seq == before
    sent["text-en"] = sent["text-en"].replace("[[why, in a sentence]]", "it is an offer.")
    assert desk.send(made, "decide", **sent).status_code == 303
    assert "for this reason: it is an offer." in said(desk.browser.get(f"/appeals/{made}"))


def test_a_reply_that_there_is_not_fills_nothing(desk: AppealDesk) -> None:
    """Nor does a path."""
    made = desk.appeal(desk.held())
    for odd in ("none", "../ombud", "", *HOSTILE[:3]):
        page = desk.send(made, "reply", **{"reply": odd, "text-en": "Mine."})
        assert page.status_code == 200
        assert field(page, "text-en") == "Mine."


def test_a_reply_fills_the_words_of_a_decision(browser: Browser) -> None:
    """In the page's language; edited it is sent; with a blank it is refused and stays."""
    (case,) = waiting(browser)
    page = browser.get(f"/cases/{case}?reply=how-to-post-it&lang=vi")
    assert "Nội dung này không thể để nguyên" in field(page, "words")
    assert re.search(r'<option value="vi" selected>', page.text)
    words = field(browser.get(f"/cases/{case}?reply=how-to-post-it"), "words")
    refused = decide(browser, case, "release", words=words, words_lang="en")
    assert refused.status_code == 422
    assert words in field(refused, "words")
    filled = words.replace("[[what breaks the rule]]", "the link.")
    assert led(decide(browser, case, "release", words=filled, words_lang="en"))[0]
    assert rows(browser.place.engine.folder, "SELECT count(*) FROM review") == [(1,)]


def test_bad_files_are_said_and_hostile_titles_stay_text(desk: AppealDesk) -> None:
    """A title is the operator's; still it is escaped."""
    folder = desk.engine.folder / "replies"
    (folder / "odd.en.md").write_text("no title", encoding="utf-8")
    (folder / "hostile.en.md").write_text("# <script>x</script>\n<b>y</b>", encoding="utf-8")
    page = desk.browser.get(f"/appeals/{desk.appeal(desk.held())}?reply=hostile")
    assert "cannot be used: 1" in said(page)
    assert "<script>x" not in page.text
    assert "<b>y" not in page.text
