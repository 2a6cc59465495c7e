"""What the page says of an appeal: clocks, what was written both ways, how it ended, by whom."""

from __future__ import annotations

from typing import Any

import pytest

from ombud.statement_page import AppealMade, Said
from web.pretend_community import PretendCommunity, changed
from web.public_pages import HERE, opened, said

MADE = AppealMade(
    time="2026-11-22T12:00:00Z",
    text="It was a quotation.",
    state="open",
    due="2026-11-29T12:00:00Z",
    messages=(
        Said(time="2026-11-23T09:00:00Z", role="appeals reviewer", said={"und": "Of what?"}),
        Said(
            time="2026-11-23T10:00:00Z",
            role="person",
            said={"en": "Of an advert.", "vi": "Một quảng cáo."},
        ),
    ),
)


def page(appeal: AppealMade, lang: str = "en", **more: Any) -> str:
    """The text of a page with one appeal."""
    community = PretendCommunity(changed(appeals=(appeal,), **more))
    with opened(community) as client:
        return said(client.get(f"{HERE}?lang={lang}").text)


def test_an_open_appeal_tells_its_clock_and_every_word() -> None:
    """When it is due, who wrote what: staff by their role alone, the person as themselves."""
    text = page(MADE)
    for part in (
        "not decided yet",
        "We want to decide it by 29 November 2026, 12:00 UTC.",
        "Answer by the community’s staff (reviewer of appeals) on 23 November 2026, 09:00 UTC",
        "Of what?",
        "You added on 23 November 2026, 10:00 UTC",
        "Of an advert.",
    ):
        assert part in text, part
    assert "A person will decide, and the answer will stand on this page." in text


@pytest.mark.parametrize(
    ("outcome", "en", "vi"),
    [
        ("upheld", "the decision stands", "quyết định giữ nguyên"),
        ("partial", "you were right in part", "bạn đúng một phần"),
        ("reversed", "the decision was taken back", "quyết định đã được hủy"),
        ("omitted", "closed without a decision", "đóng mà không có quyết định"),
    ],
)
def test_how_it_ended_is_said_in_both_languages(outcome: str, en: str, vi: str) -> None:
    """With the instant; the promise that somebody will decide is gone then."""
    ended = AppealMade(
        time=MADE.time, text=MADE.text, state=outcome, decided="2026-11-24T12:00:00Z"
    )
    assert en in page(ended)
    assert "Decided on 24 November 2026, 12:00 UTC." in page(ended)
    assert "Your appeal has arrived" in page(MADE)
    assert "Your appeal has arrived" not in page(ended)
    assert vi in page(ended, "vi")


def test_that_one_person_did_it_alone_is_said() -> None:
    """Of whoever decided, and of whoever reconsidered their own decision."""
    ended = AppealMade(
        time=MADE.time,
        text=MADE.text,
        state="upheld",
        decided="2026-11-24T12:00:00Z",
        same_person=True,
    )
    text = page(ended, by="reviewer", one_person=True)
    assert "There was nobody else: the person who stood behind the decision" in text
    assert "one person: a second one should have confirmed it, and there was none" in text
    assert "one person" not in page(MADE, by="reviewer")


def test_no_written_word_breaks_the_page() -> None:
    """Markup in a message is text, and its direction stays inside."""
    text = '<script>alert(1)</script>"\u202e'
    made = AppealMade(
        time=MADE.time,
        text=text,
        state="open",
        messages=(Said(MADE.time, "person", {"und": text}),),
    )
    community = PretendCommunity(changed(appeals=(made,)))
    with opened(community) as client:
        html = client.get(HERE).text
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;") >= 2
