"""Checks before publication: one judgement, one answer; what is published is held against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flow.platform_side import CONNECTED, HOUR, all_holds, asked, connected, happened
from flow.small_community import NOW, SETTINGS, event, rows
from ombud.journal import Control

BAGS: dict[str, Any] = {"text": "cheap bags"}
MIND: dict[str, Any] = {"text": "mind you"}


def held(number: int | str, **more: Any) -> dict[str, Any]:
    """A post that is held; its author is its own where nothing else is said."""
    return event(number, **{"author": {"id": f"p{number}"}, **BAGS, **more})


def published(told: dict[str, Any], **data: Any) -> dict[str, Any]:
    """The same post as the stream tells it, with other or more data."""
    return {**told, "data": {**told["data"], **data}}


def counts(folder: Path) -> dict[str, int]:
    """How many records of each type and way there are."""
    found = rows(folder, "SELECT type || via, count(*) FROM journal GROUP BY 1")
    return dict(found)


@pytest.mark.parametrize("together", [True, False])
def test_what_is_published_as_it_was_checked_is_one_event(tmp_path: Path, together: bool) -> None:
    """Published: the check's answer, one control, no second judgement; again it is a duplicate."""
    told = held(1)
    with connected(tmp_path) as platform:
        if together:
            first, then, again = platform.group(asked(told), happened(told), happened(told))
        else:
            (first,) = platform.check(told)
            (then,) = platform.stream(told)
            (again,) = platform.stream(told)
        assert (first.status, first.action) == ("accepted", "hold")
        assert first.decisions
        assert first.statement
        assert (then.status, again.status) == ("published", "duplicate")
        assert then.seq == again.seq == first.seq + 1
        for answer in (then, again):
            assert (answer.action, answer.decisions) == ("hold", first.decisions)
            assert answer.statement == first.statement
        assert counts(tmp_path) == {"!config": 1, "post.createdcheck": 1, "!publication": 1}
        (payload,) = rows(tmp_path, "SELECT payload FROM journal WHERE type = '!publication'")
        assert json.loads(payload[0]) == {"record": first.seq}
        assert rows(tmp_path, "SELECT count(*) FROM decision") == [(1,)]
        all_holds(platform)
    with connected(tmp_path) as platform:
        assert platform.stream(told)[0] == then.__class__(
            "duplicate", then.seq, "hold", first.decisions, first.statement
        )
        assert platform.check(told)[0].seq == first.seq
        all_holds(platform)


def test_a_publication_is_not_counted_again(tmp_path: Path) -> None:
    """Checked and published six times is six posts: the seventh check is the first too many."""
    with connected(tmp_path) as platform:
        for number in range(6):
            told = event(number, number, text=f"hm {number}")
            assert platform.check(told)[0].action == "allow"
            assert platform.stream(told)[0].status == "published"
        assert platform.check(event(6, 6, text="hm 6"))[0].fired == ("busy-room",)
        token = platform.engine.keys.known_account("chat", "ana")
        assert rows(tmp_path, "SELECT accepted FROM history WHERE account = ?", token) == [(6,)]
        all_holds(platform)


@pytest.mark.parametrize(
    "change",
    [
        {"time": "2026-02-01T00:00:00Z"},
        {"time": "2026-03-01T12:00:09Z"},
        {"subject": "post/1"},
    ],
)
def test_time_and_subject_are_not_compared(tmp_path: Path, change: dict[str, Any]) -> None:
    """A publication may come late or stale and name its subject: it is the same post."""
    told = held(1)
    with connected(tmp_path) as platform:
        platform.check(told)
        assert platform.stream({**told, **change})[0].status == "published"
        all_holds(platform)


def test_names_and_mentions_are_not_compared(tmp_path: Path) -> None:
    """What else the platform says of the people is no other post."""
    told = held(1)
    more = published(told, author={"id": "p1", "name": "P."}, mentions=[{"id": "bo"}])
    with connected(tmp_path) as platform:
        platform.check(told)
        assert platform.stream(more)[0].status == "published"


def test_a_check_can_be_named_by_the_later_event(tmp_path: Path) -> None:
    """Where the stream uses another id, `data.check_id` says which check it was."""
    told = held("asked")
    posted = {**published(told, check_id="easked"), "id": "posted"}
    edited = published(posted, text="cheap bags!!")
    with connected(tmp_path) as platform:
        (first,) = platform.check(told)
        (then,) = platform.stream(posted)
        assert (then.status, then.decisions) == ("published", first.decisions)
        again, conflict = platform.stream(posted, edited)
        assert (again.status, conflict.status) == ("duplicate", "conflict")
        elsewhere = {**posted, "id": "other", "source": "forum/hall"}
        assert platform.stream(elsewhere)[0].status == "accepted"
        unknown = published({**told, "id": "unknown"}, check_id="nobody-asked")
        assert platform.stream(unknown)[0].status == "accepted"
        all_holds(platform)


def test_what_is_named_and_says_otherwise_is_replayed(tmp_path: Path) -> None:
    """Published under another id and otherwise than checked: judged once, and replay agrees."""
    told = held("asked")
    posted = {**published(told, check_id="easked", text="cheap bags, two"), "id": "posted"}
    with connected(tmp_path) as platform:
        platform.check(told)
        assert [each.status for each in platform.stream(posted, posted)] == [
            "accepted",
            "duplicate",
        ]
        all_holds(platform)


def test_asked_again_it_is_a_duplicate(tmp_path: Path) -> None:
    """The same check has the same answer, before and after publication; another text none."""
    told = held(1)
    with connected(tmp_path) as platform:
        first, again = platform.group(asked(told), asked(told))
        platform.stream(told)
        (later,) = platform.check(told)
        for answer in (again, later):
            assert (answer.status, answer.seq, answer.action) == ("duplicate", first.seq, "hold")
            assert (answer.decisions, answer.statement) == (first.decisions, first.statement)
        assert platform.check(published(told, text="other"))[0].status == "conflict"
        all_holds(platform)


def test_a_check_after_the_event_is_a_duplicate(tmp_path: Path) -> None:
    """What the stream has told already is not judged again by asking."""
    told = held(1)
    with connected(tmp_path) as platform:
        (first,) = platform.stream(told)
        (later,) = platform.check(told)
        assert (later.status, later.seq, later.action) == ("duplicate", first.seq, "hold")
        assert later.decisions == first.decisions
        assert platform.stream(told)[0].status == "duplicate"
        all_holds(platform)


def test_what_no_longer_stands_is_no_longer_answered(tmp_path: Path) -> None:
    """After an undo or its end a hold is not answered again, on either door."""
    undone, over = held(1), held(2)
    with connected(tmp_path) as platform:
        (first,) = platform.check(undone)
        platform.engine.undo("admin", ids=list(first.decisions))
        assert (platform.check(undone)[0].action, platform.stream(undone)[0].action) == (
            "allow",
            "allow",
        )
        platform.check(over)
        platform.clock[0] += 25 * HOUR
        platform.stream(event(3, 90_000))
        assert platform.check(over)[0].action == "allow"
        assert platform.stream(over)[0].action == "allow"
        all_holds(platform)


def test_an_erased_check_stays_one_event(tmp_path: Path) -> None:
    """After the erasure its publication is recognised and neither judged nor counted."""
    before, after = held(1), held(2, author={"id": "p1"})
    with connected(tmp_path) as platform:
        platform.check(before, after)
        platform.stream(before)
        platform.engine.erase("chat", "p1")
        assert platform.stream(before)[0].status == "duplicate"
        assert platform.stream(after)[0].status == "published"
        assert platform.check(before)[0].status == "duplicate"
        assert counts(tmp_path)["!publication"] == 2
        all_holds(platform)
        assert platform.doors.gauges()["journal_records"] == 6


def test_an_erasure_takes_the_digest_of_what_was_published(tmp_path: Path) -> None:
    """No digest of a person's words is left in the journal, in the publication's row neither."""
    told, edited = held(1), held(2, author={"id": "p1"})
    with connected(tmp_path) as platform:
        platform.check(told, edited, held(3))
        platform.stream(told, published(edited, text="cheap bags, two"), held(3))
        platform.engine.erase("chat", "p1")
        digests = "SELECT count(*) FROM journal WHERE content IS NOT NULL"
        assert rows(tmp_path, digests) == [(2,)]
        assert rows(tmp_path, f"{digests} AND seq IN (4, 7)") == [(2,)]
        all_holds(platform)


# --- what is sent ---------------------------------------------------------------------------------


def test_a_hold_that_slipped_through_is_asked_for(tmp_path: Path) -> None:
    """Carried by the answer it is not sent; once it is published all the same, it is, and so is the
    message: whoever could publish has not read in an answer why they could not.
    """
    told = held(1)
    with connected(tmp_path) as platform:
        platform.check(told)
        assert platform.states() == [
            ("hold", False, "answered"),
            ("notice", False, "answered"),
        ]
        assert platform.deliver() == []
        platform.stream(told)
        assert platform.states()[0] == ("hold", False, "asked")
        assert platform.states()[1] == ("notice", False, "asked")
        sent, told_of = platform.deliver()
        assert (sent["action"], sent["subject"], sent["inverse"]) == ("hold", "post/e1", False)
        assert (told_of["type"], told_of["decision"]) == ("notice", sent["decision"])
        platform.stream(told)
        assert platform.states()[0] == ("hold", False, "delivered")
        all_holds(platform)


@pytest.mark.parametrize("reversed_by", ["undo", "end"])
def test_what_was_reversed_is_not_sent_after_publication(tmp_path: Path, reversed_by: str) -> None:
    """Held by the answer and taken back: the release goes out, and publication sends nothing."""
    told = held(1)
    with connected(tmp_path) as platform:
        platform.check(told)
        if reversed_by == "undo":
            platform.engine.undo("admin", rule="bags")
        else:
            platform.clock[0] += 25 * HOUR
            platform.stream(event("later", 90_000))
        platform.stream(told)
        sent = [each for each in platform.deliver() if each["type"] == "action"]
        assert [(each["action"], each["inverse"]) for each in sent] == [("hold", True)]
        assert platform.outbox(kind="action")[0]["state"] == "answered"
        all_holds(platform)


def test_what_an_answer_cannot_carry_awaits_publication(tmp_path: Path) -> None:
    """A warning and its message go out once the post is there, and not before."""
    told = event(1, **MIND)
    with connected(tmp_path) as platform:
        (first,) = platform.check(told)
        assert first.action == "warn"
        assert platform.states() == [
            ("warn", False, "awaiting publication"),
            ("notice", False, "awaiting publication"),
        ]
        assert platform.deliver() == []
        platform.stream(told)
        assert [(each["type"], each["account"]) for each in platform.deliver()] == [
            ("action", "ana"),
            ("notice", "ana"),
        ]
        all_holds(platform)


def test_an_abandoned_post_is_acted_on_by_nothing(tmp_path: Path) -> None:
    """Undone before it was published: action, message and inverse are withdrawn."""
    told = event(1, **MIND)
    with connected(tmp_path) as platform:
        platform.check(told)
        platform.engine.undo("admin", rule="mind")
        platform.stream(told)
        assert platform.deliver() == []
        assert {each["state"] for each in platform.outbox()} == {"withdrawn"}
        all_holds(platform)


def deadline(platform: Any, told: dict[str, Any], answer: str) -> None:
    """Journal that the server answered by the hook's choice."""
    identity = platform.doors.identity(told["source"], told["id"]).hex()
    platform.group(Control("deadline", {"answers": [{"identity": identity, "answer": answer}]}))


def test_without_a_connector_everything_is_recorded(tmp_path: Path) -> None:
    """No platform is connected: nothing is ever carried out or sent, and that is on record."""
    assert "connectors" in CONNECTED
    with connected(tmp_path, settings=SETTINGS) as platform:
        told = held(1)
        assert platform.check(told)[0].action == "hold"
        platform.check(event(2, **MIND))
        deadline(platform, told, "allow")
        platform.stream(told, event(2, **MIND))
        platform.engine.undo("admin", rule="bags")
        assert {each["state"] for each in platform.outbox()} == {"recorded"}
        assert {each["connector"] for each in platform.outbox()} == {""}
        assert platform.outbox(kind="notice") == []
        assert platform.deliver() == []
        all_holds(platform)


def test_a_refused_posts_check_stays_in_its_place(tmp_path: Path) -> None:
    """Checks of one group are answered in order, each for its own event."""
    with connected(tmp_path) as platform:
        found = platform.check(held(1), event(2), event(3, **MIND), held(4))
        assert [each.action for each in found] == ["hold", "allow", "warn", "hold"]
        assert [each.seq for each in found] == [2, 3, 4, 5]
        assert rows(tmp_path, "SELECT recv FROM journal WHERE seq = 2") == [(NOW + 1,)]
