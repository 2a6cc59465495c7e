"""The public pages: nothing leaks, nothing breaks, nothing is changed by looking."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from ombud.errors import OmbudError
from ombud.statement_page import Item
from ombud.web import words
from ombud.web.site import HEADERS
from web.page_elements import Elements
from web.pretend_community import (
    PAGE,
    TOKEN,
    PretendCommunity,
    changed,
    filled,
    hostile,
    many,
)
from web.public_pages import HERE, opened, said

# --- what is told ---------------------------------------------------------------------------------


def test_the_first_sentence_says_what_happened(client: TestClient[Any]) -> None:
    """The heading is what was done, and the next sentence that it is temporary."""
    text = said(client.get(HERE).text)
    assert (
        "Your post waits for a person to look at it, until 23 November 2026, 10:00 UTC at the "
        "latest. This is temporary. It ends by itself; you need not do anything for that."
    ) in text
    assert "2026-11-23 10:00" not in text


def test_everything_that_is_owed_is_told(client: TestClient[Any]) -> None:
    """What, why, by whom, under which clause, with which leave, until when, and its receipt."""
    text = said(client.get(HERE).text)
    for part in (
        "A person will look at your post before others see it",
        "how many links there are: 2 (links.count >= 2)",
        "http://a.example",
        "Several links by newcomers spam.links",
        "In the first three days, a post by a new member holds at most one link.",
        "The published rule new-member-links (version 3f9a1c5e7b2d), by itself",
        "Finding itautomatically",
        "Deciding itautomatically, without a person",
        "it may hold something for a short time until a person has looked",
        "the platform says that it is done",
        "Decided22 November 2026, 10:00 UTC",
        "You can appeal until24 May 2027, 10:00 UTC",
        "community.example/log",
        "Number of the entry41",
        "published; it covers this entry",
        "self-attested",
        "you may turn to a court",
        "This page is not legal advice.",
    ):
        assert part in text, part


def test_the_page_speaks_the_readers_language(client: TestClient[Any]) -> None:
    """The page's own language, unless the address asks for another; quotes say theirs."""
    english, vietnamese = client.get(HERE), client.get(HERE + "?lang=vi")
    assert english.headers["content-language"] == "en"
    assert '<html lang="vi"' in vietnamese.text
    assert "Bài của bạn đang chờ người kiểm duyệt xem" in vietnamese.text
    assert f'href="{HERE}?lang=en"' in vietnamese.text
    assert client.get(HERE, headers={"accept-language": "vi"}).text == english.text
    assert '<html lang="en"' in client.get(HERE + "?lang=%3Cscript%3E").text


def test_a_text_in_another_language_says_so() -> None:
    """Where a text is not translated, the one there is stands with its language."""
    page = msgspec.structs.replace(PAGE, titles={"en": "Links"}, texts={"en": "At most one."})
    with opened(PretendCommunity(page)) as client:
        found = client.get(HERE + "?lang=vi").text
    assert '<blockquote class="written" lang="en" dir="auto">At most one.</blockquote>' in found


def test_withheld_words_are_said_to_be_withheld() -> None:
    """A clause that keeps its words back says that it does, and until when."""
    with opened(PretendCommunity(changed(facts=(), words_withheld=True))) as client:
        assert "kept back until you appeal" in said(client.get(HERE).text)


def test_a_person_appears_as_a_role() -> None:
    """Who of the staff decided is told by role."""
    page = changed(by="appeals reviewer", automated_decision=False, licence=None, rules=())
    with opened(PretendCommunity(page)) as client:
        assert "A person, as reviewer of appeals" in said(client.get(HERE).text)


@pytest.mark.parametrize(
    "state",
    ["ended", "undone", "withdrawn", "awaiting", "not carried out", "erased", "unheard of"],
)
def test_every_state_has_a_page(state: str) -> None:
    """Whatever became of a decision, its page stands in every language."""
    page = changed(state=state, ended="2026-11-23T10:00:00Z")
    with opened(PretendCommunity(page)) as client:
        for lang in ("en", "vi"):
            assert client.get(f"{HERE}?lang={lang}").status_code == 200


def test_an_erased_decision_says_nothing_else() -> None:
    """Of an erased decision neither reasons nor words are shown, even if they came along."""
    with opened(PretendCommunity(changed(state="erased"))) as client:
        text = said(client.get(HERE).text)
    assert "This record was erased." in text
    assert "a.example" not in text
    assert "Number of the entry41" in text


def test_the_least_that_a_record_can_hold_is_a_page() -> None:
    """A record without anything optional is shown, with no gaps that look like answers."""
    bare = Item(
        decision="dec_1", state="in force", clause="x.y", action="hold", time="", by="reviewer"
    )
    page = msgspec.structs.replace(PAGE, items=(bare,), titles={}, texts={})
    with opened(PretendCommunity(page)) as client:
        response = client.get(HERE)
    assert response.status_code == 200
    assert "The text of this rule is not at hand" in said(response.text)
    assert "not on record" in response.text


def test_several_decisions_stand_under_one_summary() -> None:
    """The heading counts them, each has its own form, and the clause stands once."""
    page = many(3)
    page = filled(page, (*page.items[:2], msgspec.structs.replace(page.items[2], state="undone")))
    with opened(PretendCommunity(page)) as client:
        found = client.get(HERE).text
    text = said(found)
    assert "3 decisions concern you. In force now: 2. Each of those in force is temporary" in text
    assert Elements(found).values("input", "value")[::2] == ["dec_0", "dec_1", "dec_2"]
    assert text.count("In the first three days") == 1


@pytest.mark.parametrize(
    ("state", "lang", "words"),
    [
        ("awaiting", "en", ("takes effect only if the post is", "Nothing is restricted now.")),
        ("awaiting", "vi", ("chỉ có hiệu lực nếu bài được đăng", "Hiện không có gì bị hạn chế.")),
        ("not carried out", "en", ("The platform has not done", "most likely not in force")),
        ("not carried out", "vi", ("nền tảng chưa thực hiện", "nhiều khả năng nó không có")),
    ],
)
def test_what_is_not_in_force_is_not_said_to_be(
    state: str, lang: str, words: tuple[str, str]
) -> None:
    """Neither the first sentences of a decision nor the count or list of several say so."""
    two = many(2)
    for page in (
        changed(state=state),
        filled(two, (two.items[0], msgspec.structs.replace(two.items[1], state=state))),
    ):
        with opened(PretendCommunity(page)) as client:
            text = said(client.get(f"{HERE}?lang={lang}").text)
        assert all(each in text for each in words)
        if page.count == 2:
            assert {"en": "In force now: 1.", "vi": "Đang có hiệu lực: 1."}[lang] in text
        else:
            assert {"en": "This is temporary", "vi": "chỉ là tạm thời"}[lang] not in text


def test_a_long_page_comes_in_parts() -> None:
    """Every decision can be reached, and a part that is not there is the nearest one."""
    with opened(PretendCommunity(many(120))) as client:
        assert "Decisions 1 to 50 of 120" in said(client.get(HERE).text)
        assert f'href="{HERE}?lang=en&amp;part=2"' in client.get(HERE).text
        for part, shown in (("3", "101 to 120"), ("99", "101 to 120"), ("0", "1 to 50")):
            assert shown in said(client.get(f"{HERE}?part={part}").text)
        for nonsense in ("-1", "x", "9" * 5000, "١"):
            assert "1 to 50" in said(client.get(HERE, params={"part": nonsense}).text)


# --- nothing leaks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", HERE),
        ("GET", "/notice/nothing"),
        ("GET", "/"),
        ("GET", "/ledger"),
        ("GET", "/nowhere"),
        ("POST", "/"),
        ("POST", f"{HERE}/appeal"),
        ("HEAD", HERE),
    ],
)
def test_every_answer_has_strict_headers(client: TestClient[Any], method: str, path: str) -> None:
    """Page or error, each answer has the headers that keep it to itself."""
    headers = client.request(method, path).headers
    for name, value in HEADERS.items():
        assert headers.get_list(name.decode()) == [value.decode()]
    assert "script-src" not in headers["content-security-policy"]
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "set-cookie" not in headers


def test_a_preview_shows_nothing_of_what_was_written() -> None:
    """Title and head are our own words; there is nothing for a preview to quote."""
    with opened(PretendCommunity(hostile("BUY NOW"))) as client:
        head = client.get(HERE).text.partition("</head>")[0]
    assert "BUY NOW" not in head
    assert "og:" not in head
    assert "<title>What was decided, and why – The Riverside</title>" in head
    assert '<meta name="robots" content="noindex, nofollow">' in head


def test_whose_fact_checks_are_shown_is_public(client: TestClient[Any]) -> None:
    """On the start page, in both languages; a site's name is text and nothing else."""
    for lang, heading in (("en", "Whose fact-checks we may show"), ("vi", "Nguồn kiểm chứng")):
        page = client.get(f"/?lang={lang}").text
        assert heading in page
        assert "<li>checks.example</li>" in page
        assert "<b>kiemchung" not in page


def test_looking_changes_nothing(community: PretendCommunity, client: TestClient[Any]) -> None:
    """GET and HEAD only read, and reading twice gives the same."""
    assert client.get(HERE).text == client.get(HERE).text
    assert client.head(HERE).text == ""
    assert client.get(f"{HERE}/appeal").status_code == 405
    assert community.appeals == []
    assert community.page == PAGE


@pytest.mark.parametrize("token", ["nothing", "x" * 5000, "%00", "%F0%9F%98%80", "..%2f.."])
def test_an_unknown_link_says_what_may_be_wrong(client: TestClient[Any], token: str) -> None:
    """A link that leads nowhere is a page in both languages, and does not repeat the token."""
    response = client.get(f"/notice/{token}")
    assert response.status_code == 404
    if "%2f" not in token:
        assert "The link may have been cut off" in said(response.text)
        assert "Có thể liên kết đã bị cắt mất một phần" in response.text
    assert token not in response.text


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/nowhere", "GET", 404), (HERE, "DELETE", 405), ("/ledger", "PUT", 405)],
)
def test_errors_are_plain_pages_in_both_languages(
    client: TestClient[Any], path: str, method: str, status: int
) -> None:
    """What is wrong and what to do, the reader's language first."""
    response = client.request(method, path, headers={"accept-language": "vi"})
    assert response.status_code == status
    headings = [text for tag, text in _headings(response.text)]
    assert headings == [words.TEXTS[f"error.{status}.what"][lang] for lang in ("vi", "en")]
    assert (response.headers.get("allow") is not None) == (status == 405)


def _headings(page: str) -> list[tuple[str, str]]:
    found = []
    for tag in ("h1", "h2"):
        for each in page.split(f"<{tag}>")[1:]:
            found.append((tag, each.partition("<")[0]))
    return found


def test_what_fails_is_not_shown(
    community: PretendCommunity, client: TestClient[Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A failure is a plain page; neither it nor the log has the message, the token or a trace."""
    community.failure = ValueError(f"no row for {TOKEN}")
    with caplog.at_level(logging.DEBUG, "ombud"):
        response = client.get(HERE)
    assert response.status_code == 500
    assert "Something went wrong on our side." in response.text
    assert "ValueError" not in response.text
    for text in (response.text, caplog.text):
        assert TOKEN not in text
        assert "Traceback" not in text
    (fields,) = [each.fields for each in caplog.records if hasattr(each, "fields")]
    assert fields["fault"] == "ValueError"
    assert fields["at"].startswith("pretend_community.py:")
    assert TOKEN not in str(fields)


def test_a_store_that_cannot_be_read_is_a_page(
    community: PretendCommunity, client: TestClient[Any]
) -> None:
    """An error of ours is told as passing trouble, with its code in the log only."""
    community.failure = OmbudError("E010")
    response = client.get(HERE)
    assert response.status_code == 503
    assert "E010" not in response.text


# --- start and static files -----------------------------------------------------------------------


def test_the_start_page_says_what_this_is(client: TestClient[Any]) -> None:
    """What Ombud does here, with ways to the log and to the state of the service."""
    page = client.get("/").text
    assert "keeps the community&#39;s own space free of spam" in page
    assert {"/ledger?lang=en", "/health"} <= set(Elements(page).values("a", "href"))


def test_static_files_can_be_kept_by_their_digest(client: TestClient[Any]) -> None:
    """The page names its style by digest, which may be kept for ever; without it for a minute."""
    (style,) = [
        href for href in Elements(client.get("/").text).values("link", "href") if "css" in href
    ]
    kept = client.get(style)
    assert kept.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in kept.headers["cache-control"]
    assert client.get(style.partition("?")[0]).headers["cache-control"] == "public, max-age=60"
    for path in ("nothing.css", "../pages.py", "..%2fpages.py", "%2e%2e/site.py"):
        assert client.get(f"/static/{path}").status_code == 404
