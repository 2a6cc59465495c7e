"""Blacking out on the pages: how it will read first, then for good, by who is fresh."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ombud.staff.credentials import FRESH
from staff.at_the_entrance import PASSWORD
from web.console.appeal_desk import AppealDesk, appeal_desk
from web.console.staff_pages import said
from web.page_elements import Elements
from web.pretend_community import HOSTILE

NUMBER = "0901 234 567"
TEXT = f"cheap bags, ring {NUMBER} at night"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AppealDesk]:
    """A community in which Chi decides appeals."""
    with appeal_desk(tmp_path) as found:
        yield found


def send(desk: AppealDesk, do: str, words: str = NUMBER, record: Any = 0, **more: str) -> Any:
    """The form of a record."""
    record = record or desk.engine.store.one("last_record")[0]
    fields = {"form": desk.browser.token(), "do": do, "words": words, **more}
    return desk.browser.send(f"/black-out/{record}", fields)


def test_a_number_is_blacked_out_from_an_appeal(desk: AppealDesk) -> None:
    """The link is there, the preview changes nothing, then it is gone: from the page of the appeal,
    from the page of its person, who is told that and when.
    """
    told = desk.held(text=TEXT)
    made = desk.appeal(told, f"I only said {NUMBER}")
    record = desk.engine.store.one("last_record")[0]
    page = desk.browser.get(f"/appeals/{made}")
    assert f'href="/black-out/{record}"' in page.text
    look = send(desk, "look")
    assert look.status_code == 200
    assert "cheap bags, ring ██████ at night" in said(look)
    assert NUMBER in said(desk.browser.get(f"/appeals/{made}"))
    done = send(desk, "for good", record=record)
    assert done.headers["location"] == f"/black-out/{record}?done=blacked+out"
    page = said(desk.browser.get(done.headers["location"]))
    assert "Blacked out, here and wherever else it was kept." in page
    assert "cheap bags, ring ██████ at night" in page
    page = said(desk.browser.get(f"/appeals/{made}"))
    assert "I only said ██████" in page
    assert "Words were blacked out here on" in page
    for lang, words in (
        ("en", "because they expose somebody"),
        ("vi", "thông tin riêng của người"),
    ):
        public = said(desk.browser.get(f"/notice/{desk.token(told)}?lang={lang}"))
        assert words in public
        assert "0901" not in public
        assert "Chi" not in public
    assert desk.send(made, "decide", outcome="reverse").status_code == 303


def test_what_cannot_be_is_told_and_what_was_typed_stays(desk: AppealDesk) -> None:
    """Too short, not there; in the reader's language."""
    desk.appeal(desk.held(text=TEXT))
    page = send(desk, "look", "ab")
    assert page.status_code == 422
    assert "cannot be blacked out" in said(page)
    assert "ab</textarea>" in page.text
    page = send(desk, "look", "0999 999 999")
    assert "None of these words stands here." in said(page)
    assert send(desk, "for good", "0999 999 999").status_code == 422
    assert send(desk, "dance").status_code == 400
    assert send(desk, "look", "").status_code == 422


def test_only_what_stands_in_a_case_can_be_read(desk: AppealDesk) -> None:
    """Any other number is no page, and no post of the community."""
    desk.held(text=TEXT)
    record = desk.engine.store.one("last_record")[0]
    assert desk.browser.get(f"/black-out/{record}").status_code == 404  # a case, and no appeal
    desk.appeal(desk.held("bo"))
    for wrong in ("1", "0", "99", "-1", "٥", "x", "9" * 30, "1.0"):
        assert desk.browser.get(f"/black-out/{wrong}").status_code == 404
        assert send(desk, "for good", record=wrong).status_code == 404
    desk.come_in("Mai", "reviewer")
    assert desk.browser.get(f"/black-out/{record}").status_code == 200


@pytest.mark.parametrize("role", ["admin", "author", "auditor"])
def test_it_is_for_those_who_judge(desk: AppealDesk, role: str) -> None:
    """Nobody else sees it or does it."""
    desk.appeal(desk.held(text=TEXT))
    desk.come_in("Dung", role)
    record = desk.engine.store.one("last_record")[0]
    assert desk.browser.get(f"/black-out/{record}").status_code == 403
    assert send(desk, "for good").status_code == 403


def test_it_needs_somebody_who_has_just_shown_who_they_are(desk: AppealDesk) -> None:
    """The preview says so and has no button; a form sent all the same does nothing."""
    desk.appeal(desk.held(text=TEXT))
    desk.browser.place.clock.at += FRESH
    look = send(desk, "look")
    assert 'value="for good"' not in look.text
    assert "/fresh?next=/black-out/" in look.text
    page = send(desk, "for good")
    assert page.status_code == 403
    assert NUMBER in said(page)
    desk.browser.send("/fresh", {"form": desk.browser.token(), "password": PASSWORD})
    assert send(desk, "for good").status_code == 303


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_break_no_page(desk: AppealDesk, words: str) -> None:
    """In the post and in the form."""
    text = words.encode("utf-8", "replace").decode()
    desk.appeal(desk.held(text=f"cheap bags {text[:8000]}"))
    for page in (desk.browser.get(f"/black-out/{desk.engine.store.one('last_record')[0]}"),
                 send(desk, "look", text[:4000])):  # fmt: skip
        found = Elements(page.text)
        assert not {"script", "img"} & set(found.counts())
        assert len(page.text) < 60_000
