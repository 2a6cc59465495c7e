"""The pages by which somebody finds what was decided about them: the same for everybody without a
link, and by a link nothing but its list.
"""

from __future__ import annotations

import logging
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from ombud.web import logs
from web.page_elements import Elements
from web.pretend_community import HOSTILE, LIST, TOKEN, PretendCommunity
from web.public_pages import opened, said

HOW, HERE = "/statements", f"/statements/{TOKEN}"


def test_how_to_ask_is_said_for_each_platform(client: TestClient[Any]) -> None:
    """Which account to write to, and who knows people of another platform; what is kept, and what
    nobody needs; no field to type anything into.
    """
    page = client.get(HOW + "?lang=en").text
    text = said(page)
    for part in (
        "On Matrix, by @ombud:talk.example",
        "start a new chat with @ombud:talk.example and write anything",
        "With an account on <b>forum",
        "nobody can find out here whether anything was decided about you",
        "Give it to nobody",
        "That you asked is not written down.",
    ):
        assert part in text, part
    assert "<form" not in page
    assert "<input" not in page
    assert f'href="{HOW}?lang=en"' in client.get("/?lang=en").text
    assert "<h1>Xem những gì đã được quyết định về bạn</h1>" in client.get(HOW + "?lang=vi").text


def test_without_a_platform_people_are_asked(
    community: PretendCommunity, client: TestClient[Any]
) -> None:
    """Nothing is promised that is not there."""
    community.connected = ()
    text = said(client.get(HOW + "?lang=en").text)
    assert "There is no account to write to here." in text
    assert "start a new chat" not in text


def test_the_list_leads_to_each_page(client: TestClient[Any]) -> None:
    """By its clause's title in the reader's language, else in the one there is, which is said."""
    answer = client.get(HERE + "?lang=vi")
    assert answer.status_code == 200
    links = Elements(answer.text).values("a", "href")
    assert f"/notice/{TOKEN}?lang=vi" in links
    assert "/notice/other?lang=vi" in links
    assert "Thành viên mới đăng nhiều liên kết" in answer.text
    assert '<span lang="en">Floods</span>' in answer.text
    text = said(client.get(HERE + "?lang=en").text)
    assert "Decisions: 3. In force now: 1." in text
    assert "until 22 November 2026, 13:00 UTC" in text


def test_an_empty_list_says_so(community: PretendCommunity, client: TestClient[Any]) -> None:
    """Whether nothing is known of an account, or nothing was decided."""
    community.listed = msgspec.structs.replace(LIST, items=(), count=0)
    text = said(client.get(HERE + "?lang=en").text)
    assert "Nothing was decided here about the account that you asked from." in text


def test_a_long_list_is_turned_over(community: PretendCommunity, client: TestClient[Any]) -> None:
    """Both ways; what is no number is the first part."""
    community.listed = msgspec.structs.replace(LIST, parts=3, count=130)
    page = client.get(HERE + "?lang=en&part=2").text
    assert f'href="{HERE}?lang=en&amp;part=1"' in page
    assert f'href="{HERE}?lang=en&amp;part=3"' in page
    assert f'href="{HERE}?lang=vi&amp;part=2"' in page
    for part in ("x", "-1", "0", "1"):
        assert "part=0" not in client.get(f"{HERE}?part={part}").text


@pytest.mark.parametrize("token", ["x", "a" * 300, "%00", "..%2f..", "<b>"])
def test_whatever_opens_no_list_says_the_same(client: TestClient[Any], token: str) -> None:
    """What to do, in both languages, and nothing of what was asked for."""
    answer = client.get(f"/statements/{token}")
    assert answer.status_code == 404
    text = said(answer.text)
    if "/" not in token and "%2f" not in token:
        assert "This link opens no list, or its hour is over." in text
        assert "Liên kết này không mở danh sách nào" in text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]


def test_nothing_is_changed_or_sent_there(client: TestClient[Any]) -> None:
    """The pages are read, and that is all."""
    for path in (HOW, HERE):
        answer = client.post(path, data={"account": "@ana:talk.example"})
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_breaks_nothing(text: str) -> None:
    """What somebody wrote is shown as text."""
    community = PretendCommunity()
    first = msgspec.structs.replace(LIST.items[0], titles={"en": text})
    community.listed = msgspec.structs.replace(LIST, items=(first,))
    with opened(community) as client:
        page = client.get(HERE).text
    assert Elements(page).counts()["script"] == 0
    assert "<img src=x" not in page


def test_a_link_stands_in_no_log(
    community: PretendCommunity, client: TestClient[Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Not when all is well, and not when the page fails."""
    assert logs.path(HERE) == "/statements/-"
    caplog.set_level(logging.DEBUG)
    community.failure = RuntimeError(TOKEN)
    assert client.get(HERE).status_code == 500
    assert all(
        TOKEN not in f"{each.getMessage()}{each.__dict__}"
        for each in caplog.records
        if each.name.startswith("ombud")
    )
