"""Hostile texts on the statement page: whatever is written, the page keeps its shape."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.statement_page import AppealMade, Fact, Receipt, StatementPage
from ombud.web import pages, words
from web.page_elements import Elements
from web.pretend_community import HOSTILE, ITEM, PAGE, TOKEN, PretendCommunity, changed, hostile
from web.public_pages import HERE, opened


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    """Markup is shown, nothing becomes a link, and the page keeps its shape."""
    with opened(PretendCommunity(hostile("harmless"))) as client:
        plain = Elements(client.get(HERE).text)
    with opened(PretendCommunity(hostile(text))) as client:
        response = client.get(HERE)
        found = Elements(response.text)
    assert response.status_code == 200
    assert found.shape() == plain.shape()
    assert found.ends == plain.ends
    assert found.others == plain.others == ["doctype html"]
    assert found.values("a", "href") == plain.values("a", "href")
    assert not words.UNSEEN.search(response.text)


texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=()), min_size=1)
)
spoken = st.fixed_dictionaries({"en": texts, "vi": texts})


@st.composite
def filled(draw: st.DrawFn) -> StatementPage:
    """A page with any text in every place that holds text of somebody else or of an operator."""
    item = msgspec.structs.replace(
        ITEM,
        decision=draw(texts),
        subject=draw(texts),
        what=draw(spoken),
        why=draw(spoken),
        facts=(Fact(said=draw(spoken), matched=(draw(texts), draw(texts))),),
        rules=((draw(texts), draw(texts)),),
        policy_version=draw(texts),
        origin=draw(texts),
        delivery=draw(texts),
        licence=draw(texts),
        appeals=(AppealMade(time="2026-11-22T12:00:00Z", text=draw(texts), state=draw(texts)),),
        receipt=Receipt(origin=draw(texts), leaf=1, published=False, witnesses=draw(texts)),
    )
    return msgspec.structs.replace(
        PAGE,
        community=draw(texts),
        clause=draw(texts),
        titles=draw(spoken),
        texts=draw(spoken),
        items=(item,),
    )


SHOWN = pages.Pages(PretendCommunity())
HARMLESS = msgspec.structs.replace(
    hostile("harmless"),
    texts={"en": "harmless", "vi": "harmless"},
    titles={"en": "harmless", "vi": "harmless"},
)


@settings(max_examples=60, deadline=None)
@given(filled(), st.sampled_from(["en", "vi"]))
def test_no_text_changes_the_shape_of_the_page(page: StatementPage, lang: str) -> None:
    """Whatever texts stand in a page, it has the elements it has with harmless ones."""
    usual = changed(
        HARMLESS,
        what={"en": "a", "vi": "a"},
        facts=(Fact(said={"en": "a", "vi": "a"}, matched=("b", "c")),),
        receipt=page.items[0].receipt,
        licence="procedural:x" if (page.items[0].licence or "").partition(":")[0] else None,
    )
    shapes = []
    for each in (page, usual):
        response = SHOWN._statement(each, TOKEN, lang)
        assert isinstance(response.content, bytes)
        shapes.append(Elements(response.content.decode()))
    assert shapes[0].shape() == shapes[1].shape()
    assert shapes[0].others == shapes[1].others
