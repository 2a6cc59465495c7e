"""Notices: who is told, on which page, by which message, in which words."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from ombud import actions, notices
from ombud.actions import Asked, Door
from ombud.clock import HOUR, SECOND
from ombud.decisions import ActionDone, Decision, Reasons
from ombud.notices import Page, Told

NOW = 10 * HOUR
KEY = bytes(range(32))


def action(door: Door = Door("chat"), by: str = "rule", now: int = NOW) -> Asked:  # noqa: B008
    """A hold that is asked for."""
    return actions.ask("dec_1", b"lane", "hold", "this", door, by, now)


def tell(asked: Asked, page: Page | None = None, author: int | None = 77, **more: Any) -> Told:
    """Tell one person of it."""
    given = {"timeline": "", "now": NOW, "lang": "vi", "reason": "decided", **more}
    return notices.tell(asked, author, clause="spam.links", page=page, **given)


def test_the_first_message_stands_behind_its_action() -> None:
    """Same lane, same state, due with it: it can neither overtake nor outlive its action."""
    for door in (Door("chat"), Door("chat", check=True), Door("chat", "2019")):
        asked = action(door, by="admin")
        told = tell(asked)
        assert told.message is not None
        assert told.page is not None
        assert told.opens
        assert (told.message.lane, told.message.due) == (asked.lane, asked.due)
        assert (told.message.state, told.message.connector) == (asked.state, "chat")
        assert (told.message.kind, told.message.statement) == ("notice", told.page.id)
        assert told.page.first == told.message.id == told.notice.message
        assert told.page.more is None
        assert told.notice.statement == told.page.id


def test_the_one_more_comes_at_the_hour_s_end() -> None:
    """Later items of the page share one message, in a lane of the page's own."""
    first = tell(action())
    assert first.page is not None
    second = tell(action(), first.page)
    assert second.message is not None
    assert second.page is not None
    assert not second.opens
    assert second.message.due == NOW + HOUR
    assert second.message.lane == first.page.id.encode()
    third = tell(action(), second.page)
    assert third.message is None
    assert third.notice.message == second.message.id
    assert third.page == second.page


def test_the_one_more_waits_for_the_undo_window() -> None:
    """Decided by a person in the hour's last seconds: not told before the window has ended."""
    first = tell(action())
    late = NOW + HOUR - SECOND
    second = tell(action(by="admin", now=late), first.page)
    assert second.message is not None
    assert second.message.due == late + 10 * SECOND > NOW + HOUR


def test_a_second_item_at_a_check_is_told_by_its_answer() -> None:
    """The answer brings the page's link: its message goes only if the answer came too late, and
    the hour's one more message is still free.
    """
    first = tell(action(Door("chat", check=True)))
    second = tell(action(Door("chat", check=True)), first.page)
    assert second.message is not None
    assert second.page is not None
    assert (second.message.state, second.page.more) == (actions.ANSWERED, None)
    assert second.notice.message == second.message.id


def test_what_was_never_felt_is_told_on_the_page_only() -> None:
    """A withdrawn inverse brings no message; nor does anything where no platform is connected."""
    withdrawn = actions.take_back("dec_1", b"lane", "hold", "chat", actions.ASKED, NOW)
    for asked in (withdrawn, action(Door())):
        told = tell(asked)
        assert told.message is None
        assert told.page is not None
        assert told.page.first is None
        assert (told.notice.state, told.notice.statement) == (notices.RECORDED, told.page.id)


@pytest.mark.parametrize("nobody", [None, 0])
def test_nobody_to_tell_is_said_and_not_hidden(nobody: int | None) -> None:
    """Where the event names nobody, or somebody erased, the notice is there and undeliverable."""
    told = tell(action(), author=nobody)
    assert told.notice.state == notices.UNDELIVERABLE
    assert (told.page, told.message, told.notice.statement) == (None, None, None)


def test_history_is_told_on_its_own_page() -> None:
    """Its page carries the timeline, and its later items send nothing either."""
    old = Door("chat", "2019")
    first = tell(action(old), timeline="2019")
    second = tell(action(old), first.page, timeline="2019")
    assert first.page is not None
    assert second.message is not None
    assert first.page.timeline == "2019"
    assert second.message.state == actions.RECORDED


def test_a_link_s_token_is_256_bits_of_the_community_s() -> None:
    """Both halves depend on page and key; what is kept of it is neither of them."""
    made = notices.token(KEY, "stm_1")
    raw = base64.urlsafe_b64decode(made + "=")
    assert len(raw) == 32
    assert raw[:16] != raw[16:]
    for other in (notices.token(KEY, "stm_2"), notices.token(bytes(32), "stm_1")):
        apart = base64.urlsafe_b64decode(other + "=")
        assert raw[:16] != apart[:16]
        assert raw[16:] != apart[16:]
    kept = notices.token_digest(KEY, made)
    assert kept not in raw
    assert kept != notices.token_digest(bytes(32), made)
    assert made == notices.token(KEY, "stm_1")
    assert notices.token_digest(KEY, "\udcff") != kept


RECORD = Decision(
    id="dec_1",
    time="2026-03-02T12:00:00Z",
    subject="post/1",
    clause="spam.links",
    policy_version="v",
    rules=(),
    by="rule",
    licence=None,
    actions=(ActionDone("hold", "this"),),
    automated_detection=True,
    automated_decision=True,
    reasons=Reasons(what={"en": "What.", "vi": "Gì."}, why={"en": "Why."}),
    appeal_until="2026-09-02T12:00:00Z",
    origin="own initiative",
)
TITLE = {"en": "Links", "vi": "Liên kết"}


def said(lang: str, reason: str = "decided", *, more: bool = False, record: Any = RECORD) -> str:
    """Subject and text of a message, as one text."""
    return "\n".join(notices.words("Talk", TITLE, lang, record, reason, more=more))


def test_a_message_says_what_and_why_in_its_language() -> None:
    """Community, clause, what was done, the rule's words; English where the rule has no others."""
    english, vietnamese = said("en"), said("vi")
    assert english.startswith("Talk: ")
    assert all(part in english for part in ("Links", "What.", "Why."))
    assert all(part in vietnamese for part in ("Liên kết", "Gì.", "Why."))
    silent = replace_reasons(why={})
    assert said("en", record=silent).count("\n") == english.count("\n") - 1


def replace_reasons(**changed: Any) -> Decision:
    """The decision with other reasons."""
    values = {name: getattr(RECORD, name) for name in RECORD.__struct_fields__}
    kept = {"what": RECORD.reasons.what, "why": RECORD.reasons.why, **changed}
    return Decision(**{**values, "reasons": Reasons(**kept)})


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_each_reason_has_words_of_its_own(lang: str) -> None:
    """Decided, undone, ended, more of it, erased: five different texts in either language."""
    found = [
        said(lang),
        said(lang, "undone"),
        said(lang, "ended"),
        said(lang, more=True),
        said(lang, record=None),
    ]
    assert len(set(found)) == 5
    assert all("{" not in each for each in found)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_another_decision_that_stands_is_said(lang: str) -> None:
    """Where the platform lifts nothing, since another decision keeps it, the message says so, and
    still what became of this one.
    """
    lifted = notices.words("Talk", TITLE, lang, RECORD, "ended", more=False)
    kept = notices.words("Talk", TITLE, lang, RECORD, "ended", more=False, still=True)
    assert set(lifted[1].split("\n")) < set(kept[1].split("\n"))


def test_a_page_is_a_value() -> None:
    """Pages are compared and changed as values: the one that is open is never altered."""
    page = Page("stm_1", "", 77, "spam.links", "en", NOW)
    tell(action(), page)
    assert page == replace(page)
    assert page.first is None
