"""What people are told: one page for a person, clause and hour, two messages at most, none of it
anybody else's text.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from flow.platform_side import (
    ADDRESS,
    HOUR,
    SECOND,
    all_holds,
    connected,
)
from flow.small_community import DAY, NOW, event, rows
from ombud import notices

MINUTE = 60 * SECOND


def bags(number: int | str, who: str = "ana", **more: Any) -> dict[str, Any]:
    """A post that is held under `spam.links`."""
    return event(number, **{"text": "cheap bags", "author": {"id": who}, **more})


def again(number: int | str, who: str = "ana") -> dict[str, Any]:
    """A post that is warned about under the same clause."""
    return event(number, text="mind you", author={"id": who})


def messages(sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What of it was a message."""
    return [each for each in sent if each["type"] == "notice"]


# --- how often somebody is told -------------------------------------------------------------------


def test_two_messages_an_hour_and_no_third(tmp_path: Path) -> None:
    """The first with its action, one more at the hour's end, and everything on one page at once."""
    with connected(tmp_path) as platform:
        (first,) = platform.stream(bags(1))
        assert [each["type"] for each in platform.deliver()] == ["action", "notice"]
        for number in range(2, 7):
            platform.clock[0] += 5 * MINUTE
            (answer,) = platform.stream(bags(number))
            assert answer.statement == first.statement
            assert messages(platform.deliver()) == []
            assert len(platform.page(first.statement).items) == number
        platform.clock[0] = NOW + HOUR + SECOND
        (more,) = platform.deliver()
        assert more["type"] == "notice"
        assert "more decisions about you" in more["text"]
        assert more["link"] == platform.doors.link(first.statement)
        platform.clock[0] += DAY // 2
        assert platform.deliver() == []
        all_holds(platform)


def test_the_first_message_goes_with_its_action_in_one_group_too(tmp_path: Path) -> None:
    """Ten holds in one group are ten actions, one page, and two messages."""
    with connected(tmp_path) as platform:
        found = platform.stream(*(bags(number) for number in range(10)))
        assert len({each.statement for each in found}) == 1
        assert len(messages(platform.deliver())) == 1
        platform.clock[0] += HOUR + SECOND
        assert len(messages(platform.deliver())) == 1
        all_holds(platform)


@pytest.mark.parametrize("together", [True, False])
def test_clause_person_hour_and_history_have_pages_of_their_own(
    tmp_path: Path, together: bool
) -> None:
    """One page each, with a link of its own that only its person's items stand on."""
    with connected(tmp_path) as platform:
        told = [bags(1), bags(2, "bo"), again(3)]
        groups = [told] if together else [[each] for each in told]
        found = [answer for group in groups for answer in platform.stream(*group)]
        assert found[0].statement == found[2].statement
        same: dict[str, Any] = {"text": "look here, same text"}
        platform.stream(*(event(f"r{who}", author={"id": who}, **same) for who in ("bo", "cy")))
        found += platform.stream(event("r", **same))
        assert rows(tmp_path, "SELECT clause FROM decision ORDER BY seq DESC LIMIT 1") == [
            ("spam.repeats",)
        ]
        found += platform.stream(bags("old"), timeline="2019")
        platform.clock[0] += HOUR + SECOND
        found += platform.stream(bags("next"))
        pages = [found[number].statement for number in (0, 1, 3, 4, 5)]
        assert all(pages)
        assert len(set(pages)) == 5
        links = {platform.doors.link(each) for each in pages}
        assert len(links) == 5
        decisions = [{item.decision for item in platform.page(each).items} for each in pages]
        assert sum(map(len, decisions)) == len(set.union(*decisions)) == 6
        assert platform.page(found[4].statement).items[0].delivery == "recorded"
        all_holds(platform)


def test_a_page_closes_after_an_hour(tmp_path: Path) -> None:
    """A microsecond before the hour's end it is the same page, at the hour's end a new one."""
    with connected(tmp_path) as platform:
        (first,) = platform.stream(bags(1))
        opened = rows(tmp_path, "SELECT opened FROM statement")[0][0]
        platform.clock[0] = opened + HOUR - 1
        assert platform.stream(bags(2))[0].statement == first.statement
        platform.clock[0] = opened + HOUR
        assert platform.stream(bags(3))[0].statement != first.statement


def test_nobody_to_tell_is_shown_and_counted(tmp_path: Path) -> None:
    """An event without an author: the notice is there and undeliverable, on no page."""
    told = bags(1)
    del told["data"]["author"]
    with connected(tmp_path) as platform:
        (answer,) = platform.stream(told)
        assert (answer.action, answer.statement) == ("hold", "")
        assert rows(tmp_path, "SELECT state, statement, message FROM notice") == [
            ("undeliverable", None, None)
        ]
        assert messages(platform.deliver()) == []
        all_holds(platform)


def test_an_answer_brings_the_link_and_no_message_does(tmp_path: Path) -> None:
    """Held at a check: told by the answer; the second in the hour needs no message either."""
    with connected(tmp_path) as platform:
        first, second = platform.check(bags(1), bags(2))
        assert first.statement == second.statement != ""
        platform.clock[0] += 2 * HOUR
        assert platform.deliver() == []
        assert platform.states(kind="notice") == [("notice", False, "answered")] * 2
        all_holds(platform)


# --- taken back before it was felt ----------------------------------------------------------------


def test_a_message_stays_for_the_others_it_tells_of(tmp_path: Path) -> None:
    """One of two later decisions is undone in time: the hour's message still goes for the other."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        platform.deliver()
        second, third = platform.stream(bags(2), bags(3))
        platform.engine.undo("admin", ids=list(second.decisions))
        platform.clock[0] += HOUR + SECOND
        assert len(messages(platform.deliver())) == 1
        page = platform.page(third.statement)
        assert [item.state for item in page.items] == ["in force", "withdrawn", "in force"]
        all_holds(platform)


@pytest.mark.parametrize("together", [True, False])
def test_a_message_goes_with_the_last_it_tells_of(tmp_path: Path, together: bool) -> None:
    """All later decisions are undone in time: nobody is told that there were more."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        platform.deliver()
        found = platform.stream(bags(2), bags(3), bags(4))
        ids = [each.decisions[0] for each in found]
        for chosen in [ids] if together else [[each] for each in ids]:
            platform.engine.undo("admin", ids=chosen)
        platform.clock[0] += HOUR + SECOND
        assert platform.deliver() == []
        platform.clock[0] = NOW + HOUR // 2
        platform.stream(bags(5))
        assert messages(platform.deliver()) == []
        platform.clock[0] = NOW + HOUR + SECOND
        assert len(messages(platform.deliver())) == 1
        all_holds(platform)


def test_after_a_withdrawn_first_message_the_next_is_told_at_once(tmp_path: Path) -> None:
    """What nobody was told of does not use up the hour's first message."""
    with connected(tmp_path) as platform:
        (first,) = platform.stream(bags(1))
        platform.engine.undo("admin", ids=list(first.decisions))
        assert platform.deliver() == []
        (second,) = platform.stream(bags(2))
        assert second.statement == first.statement
        assert [each["type"] for each in platform.deliver()] == ["action", "notice"]
        all_holds(platform)


# --- the link and its page ------------------------------------------------------------------------


def everything_at_rest(folder: Path) -> bytes:
    """Every byte of the data folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_link_is_256_bits_that_lie_nowhere(tmp_path: Path) -> None:
    """Its token is in no file, raw or encoded; two pages have nothing in common in theirs."""
    with connected(tmp_path) as platform:
        found = platform.stream(bags(1), bags(2, "bo"))
        platform.deliver()
        tokens = [platform.token(each.statement) for each in found]
        raw = [base64.urlsafe_b64decode(each + "=") for each in tokens]
        assert [len(each) for each in raw] == [32, 32]
        assert platform.doors.link(found[0].statement) == f"{ADDRESS}/notice/{tokens[0]}"
        assert not set(_parts(raw[0])) & set(_parts(raw[1]))
        platform.engine.store.forget_log()
        lying = everything_at_rest(tmp_path)
        for token, plain in zip(tokens, raw, strict=True):
            assert token.encode() not in lying
            assert not any(part in lying for part in _parts(plain))
            assert plain.hex().encode() not in lying
        kept = rows(tmp_path, "SELECT token FROM statement")
        assert [each[0] in lying for each in kept] == [True, True]


def _parts(token: bytes) -> list[bytes]:
    return [token[at : at + 16] for at in (0, 16)]


def test_a_link_needs_the_community_s_key(tmp_path: Path) -> None:
    """Who knows every id in the store but not the key cannot make a link; another key another."""
    with connected(tmp_path) as platform:
        (answer,) = platform.stream(bags(1))
        token = platform.token(answer.statement)
        for guess in (answer.statement, answer.decisions[0], "", "\udcff", token[:-1], token * 99):
            assert platform.page_of(guess) is None
        for key in (bytes(32), b"\1" * 32):
            assert platform.page_of(notices.token(key, answer.statement)) is None
        assert platform.page_of(token) is not None


def test_a_page_says_what_stands(tmp_path: Path) -> None:
    """In force, ended, undone: with clause, rule, facts, words, clocks, delivery and receipt."""
    with connected(tmp_path) as platform:
        (answer,) = platform.stream(bags(1))
        platform.deliver("confirmed")
        page = platform.page(answer.statement)
        assert (page.community, page.lang, page.clause) == ("Talk", "en", "spam.links")
        assert page.titles["en"] == "Several links by newcomers"
        assert set(page.texts) == {"en", "vi"}
        (item,) = page.items
        assert (item.state, item.action, item.by, item.subject) == (
            "in force",
            "hold",
            "rule",
            "post/e1",
        )
        assert [name for name, _ in item.rules] == ["bags"]
        assert [each.matched for each in item.facts] == [("cheap bags",)]
        assert (item.automated_detection, item.automated_decision) == (True, True)
        assert (item.delivery, item.may_appeal, item.appeals) == ("confirmed", True, ())
        assert item.until is not None
        assert item.told is not None
        assert item.receipt is not None
        assert (item.receipt.leaf, item.receipt.published) == (1, False)
        platform.engine.publish()
        (item,) = platform.page(answer.statement).items
        assert item.receipt is not None
        assert item.receipt.published
        platform.clock[0] += 25 * HOUR
        assert platform.page(answer.statement).items[0].state == "ended"  # before the record of it
        platform.stream(event(2, 90_000))
        (item,) = platform.page(answer.statement).items
        assert (item.state, item.undone) == ("ended", None)
        assert item.ended is not None
        platform.engine.undo("admin", rule="bags")
        (item,) = platform.page(answer.statement).items
        assert (item.state, item.may_appeal) == ("undone", False)
        assert item.undone is not None


def test_a_failed_message_told_nobody(tmp_path: Path) -> None:
    """The page says when the message arrived; where it did not, it says nothing of the kind."""
    with connected(tmp_path) as platform:
        (answer,) = platform.stream(bags(1))
        assert platform.page(answer.statement).items[0].told is None
        message = platform.outbox(kind="notice")[0]["id"]
        platform.mark(message, "sending")
        platform.mark(message, "failed")
        assert platform.page(answer.statement).items[0].told is None


def test_a_page_keeps_the_wording_of_its_day(tmp_path: Path) -> None:
    """After the community has changed the clause, the old decision shows the old text."""
    with connected(tmp_path) as platform:
        (answer,) = platform.stream(bags(1))
        before = platform.page(answer.statement)
        policy = tmp_path / "policies" / "spam.md"
        text = policy.read_text().replace("Several links by newcomers", "Links, new wording")
        policy.write_text(text)
        assert platform.engine.reload()
        after = platform.page(answer.statement)
        assert after.titles == before.titles
        platform.clock[0] += DAY
        (later,) = platform.stream(bags(2, at=2 * 86_400))
        assert platform.page(later.statement).titles["en"] == "Links, new wording"
        assert platform.page(answer.statement).titles == before.titles
        all_holds(platform)


def test_an_erased_page_says_erased(tmp_path: Path) -> None:
    """The link still leads to a page; of the decision only what the public log says is left."""
    with connected(tmp_path) as platform:
        (answer,) = platform.stream(bags(1))
        token = platform.token(answer.statement)
        platform.engine.erase("chat", "ana")
        page = platform.page_of(token)
        assert page is not None
        (item,) = page.items
        assert (item.state, item.subject, item.facts, item.may_appeal) == ("erased", "", (), False)
        assert item.receipt is not None
        assert platform.doors.statements_of("chat", "ana") == []


def test_a_platform_can_look_up_its_own_accounts(tmp_path: Path) -> None:
    """The pages of one account, newest first, by their links; another platform's ana is another."""
    with connected(tmp_path) as platform:
        (first,) = platform.stream(bags(1))
        platform.clock[0] += HOUR + SECOND
        second, _ = platform.stream(bags(2), bags(3, "bo"))
        found = platform.doors.statements_of("chat", "ana")
        assert [(link, clause) for link, clause, _ in found] == [
            (platform.doors.link(each.statement), "spam.links") for each in (second, first)
        ]
        assert [opened for _, _, opened in found] == [NOW + HOUR + SECOND, NOW + 1]
        assert platform.doors.statements_of("forum", "ana") == []
        assert platform.doors.statements_of("chat", "nobody") == []


def test_a_page_knows_no_names_but_its_person_s(tmp_path: Path) -> None:
    """Who flagged and who else was there stands on no page."""
    flag = event("flag", type="flag.created", reporter={"id": "rob-the-reporter"})
    flag["data"]["reported"] = {"id": "post/7", "author": {"id": "ana"}}
    del flag["data"]["author"]
    with connected(tmp_path) as platform:
        (answer,) = platform.stream(bags(1, mentions=[{"id": "zoe", "name": "Zoe"}]))
        platform.stream(flag)
        shown = repr(platform.page(answer.statement))
        for name in ("zoe", "Zoe", "rob-the-reporter", "'ana'"):
            assert name not in shown
