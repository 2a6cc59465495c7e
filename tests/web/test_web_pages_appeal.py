"""The form of an appeal: kept as it was sent, refused with a reason, never lost from the field."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import TestClient

from ombud.errors import OmbudError
from ombud.web import notice
from ombud.web.pages import APPEAL_LENGTH_MAX, BODY_BYTES_MAX
from web.pretend_community import DECISION, TOKEN, PretendCommunity, changed, many
from web.public_pages import FORM, HERE, opened


def send(client: TestClient[Any], text: str = "It was a joke.", **fields: str) -> Any:
    """Send the form of an appeal."""
    return client.post(f"{HERE}/appeal", data={"decision": DECISION, "text": text, **fields})


def test_an_appeal_is_kept_and_then_stands_on_the_page(
    community: PretendCommunity, client: TestClient[Any]
) -> None:
    """Sending leads back to the page, which shows the appeal from what was stored."""
    response = send(client, "  Tôi không gửi spam.\r\nThật đấy. ", lang="vi")
    assert response.status_code == 303
    assert response.headers["location"] == f"{HERE}?lang=vi&part=1#decision-1-appeals"
    assert community.appeals == [(TOKEN, DECISION, "Tôi không gửi spam.\nThật đấy.")]
    page = client.get(response.headers["location"]).text
    assert "Chúng tôi đã nhận được khiếu nại của bạn." in page
    assert ">Tôi không gửi spam.\nThật đấy.</blockquote>" in page
    assert 'id="decision-1-appeals"' in page


def test_texts_are_taken_in_composed_form(
    community: PretendCommunity, client: TestClient[Any]
) -> None:
    """A letter typed as letter and mark is kept as one letter, and counted as one."""
    assert send(client, "e\u0301" * APPEAL_LENGTH_MAX).status_code == 303
    assert community.appeals[0][2] == "\u00e9" * APPEAL_LENGTH_MAX


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "There is no text in your appeal."),
        (" \r\n\t ", "There is no text in your appeal."),
        ("x" * 4001, "Your appeal has 4001 characters; at most 4000 can be taken."),
    ],
)
def test_a_text_of_the_wrong_length_comes_back(
    community: PretendCommunity, client: TestClient[Any], text: str, what: str
) -> None:
    """What is wrong, where, and what to do, with the text still in the field."""
    response = send(client, text)
    assert response.status_code == 422
    assert what in response.text
    assert "In the appeal below." in response.text
    assert text.strip() in response.text
    assert 'aria-invalid="true"' in response.text
    assert "<title>Your appeal was not sent yet" in response.text
    assert community.appeals == []


@pytest.mark.parametrize(
    ("answer", "status", "what"),
    [
        ("closed", 409, "This decision cannot be appealed here any more."),
        ("too many", 409, "as often as can be taken"),
        ("unknown", 422, "The decision you meant is not on this page."),
    ],
)
def test_a_refusal_says_why_and_keeps_the_text(
    community: PretendCommunity, client: TestClient[Any], answer: str, status: int, what: str
) -> None:
    """What the community answers is told in words, and nothing has to be written twice."""
    community.answer = answer
    response = send(client, "my <b>words</b> }}{{")
    assert response.status_code == status
    assert what in response.text
    assert "my &lt;b&gt;words&lt;/b&gt; }}{{" in response.text


def test_a_closed_decision_gives_the_text_back_to_copy(community: PretendCommunity) -> None:
    """Where there is no form any more, the text stands in a field of its own."""
    community.page, community.answer = changed(may_appeal=False), "closed"
    with opened(community) as client:
        response = send(client, "my words")
    assert '<textarea id="kept"' in response.text
    assert "my words" in response.text


def test_trouble_in_the_store_keeps_the_text(
    community: PretendCommunity, client: TestClient[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An appeal that cannot be stored now is not lost from the field."""

    def fail(*_: str) -> str:
        raise OmbudError("E010")

    monkeypatch.setattr(community, "appeal", fail)
    response = send(client, "my words")
    assert response.status_code == 503
    assert "Your appeal could not be stored just now." in response.text
    assert "my words" in response.text


def test_an_appeal_of_another_decision_is_not_taken(
    community: PretendCommunity, client: TestClient[Any]
) -> None:
    """A decision that is not on the page cannot be appealed through it."""
    response = send(client, "my words", decision="dec_other")
    assert response.status_code == 422
    assert "The decision you meant is not on this page." in response.text
    assert community.appeals == []


def test_an_unknown_link_takes_no_appeal(
    community: PretendCommunity, client: TestClient[Any]
) -> None:
    """Without a page there is nothing to appeal."""
    response = client.post("/notice/nothing/appeal", data={"decision": DECISION, "text": "x"})
    assert response.status_code == 404
    assert community.appeals == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"decision": "x"}', "application/json", 415),
        (b"text=x", "", 415),
        (b"text=x", "multipart/form-data; boundary=x", 415),
        (b"text=" + b"x" * BODY_BYTES_MAX, FORM, 413),
        (b"&".join(b"a=1" for _ in range(1000)), FORM, 400),
        (b"text=\xff\xfe", FORM, 400),
        (b"", FORM, 422),
        (b"decision=%FF%FE&text=%00", FORM, 422),
    ],
)
def test_only_the_form_of_the_page_is_taken(
    community: PretendCommunity, client: TestClient[Any], body: bytes, kind: str, status: int
) -> None:
    """Other types, too much and nonsense are refused with a plain page."""
    response = client.post(f"{HERE}/appeal", content=body, headers={"content-type": kind})
    assert response.status_code == status
    assert "<h1" in response.text
    assert community.appeals == []


def test_the_longest_appeal_fits_the_form(
    community: PretendCommunity, client: TestClient[Any]
) -> None:
    """Four thousand characters of any script are taken as a browser sends them."""
    assert send(client, "😀" * APPEAL_LENGTH_MAX).status_code == 303
    assert community.appeals[0][2] == "😀" * APPEAL_LENGTH_MAX


def test_an_appeal_in_a_later_part_leads_back_to_it() -> None:
    """Whoever appeals the sixtieth decision comes back to the sixtieth decision."""
    with opened(PretendCommunity(many(60))) as client:
        response = send(client, decision="dec_59")
        assert response.headers["location"] == f"{HERE}?lang=en&part=2#decision-60-appeals"
        assert 'id="decision-60-appeals"' in client.get(response.headers["location"]).text


def test_a_token_cannot_lead_elsewhere() -> None:
    """Where a browser is sent after an appeal is always a page of ours."""
    assert notice.address("//evil.example/\r\nx") == "/notice/%2F%2Fevil.example%2F%0D%0Ax"
