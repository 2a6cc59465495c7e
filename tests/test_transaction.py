"""The rows of one group: gathered in order, and in the store only after the commit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ombud import clock, notices
from ombud.actions import Asked
from ombud.activation.active import EMPTY
from ombud.ledger import leaf, tree
from ombud.notices import Notice, Page, Told
from ombud.store.sqlite import Store
from ombud.transaction import Answer, Transaction
from ombud.verdicts.community import Community

DAY_3 = 3 * clock.DAY
KEY = bytes(range(32))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    store = Store(tmp_path / "ombud.db")
    store.prepare("tests.example/log", tree.Frontier().encode())
    yield store
    store.close()


def begun(seq: int = 0, recv: int = 0) -> Transaction:
    """A transaction that goes on from a head."""
    return Transaction(seq=seq, recv=recv, leaves=0, config=0)


def test_each_record_comes_after_the_one_before() -> None:
    """`seq` rises by one; `recv` is the clock, or a microsecond more where that stood still."""
    tx = begun(7, 1000)
    places = []
    for now in (2000, 2000, 1, 5000):
        tx.order(now)
        places.append((tx.seq, tx.recv))
    assert places == [(8, 2000), (9, 2001), (10, 2002), (11, 5000)]


def test_a_leaf_says_the_day_and_stands_at_its_place() -> None:
    """A leaf has the UTC day of receipt, the commitment, the next position, and its own hash."""
    tx = begun(5, DAY_3)
    for number in range(3):
        tx.leaf("decision", bytes([number]) * 32, clause="spam.links", action="hold")
    assert tx.leaves == 3
    assert [entry[:2] for entry in tx.entries] == [(0, 5), (1, 5), (2, 5)]
    seen = set()
    for number, (_, _, entry, hashed) in enumerate(tx.entries):
        told = json.loads(entry)
        assert (told["type"], told["day"], told["action"]) == ("decision", "1970-01-04", "hold")
        assert told["commitment"] == (bytes([number]) * 32).hex()
        assert hashed == tx.hashes[number] == tree.leaf_hash(entry)
        assert leaf.parse_leaf(entry).id == told["id"]
        seen.add(told["id"])
    assert len(seen) == 3


def gathered() -> Transaction:
    """A transaction with a notice and an action that belong to a decision."""
    tx = begun(4, DAY_3)
    page = Page("stm_1", "", 99, "spam.links", "vi", DAY_3, first="do_3")
    notice = Notice("no_1", "dec_1", 99, "vi", "decided", "recorded", "stm_1", "do_3")
    message = Asked("do_3", "dec_1", b"post/1", "notice", kind="notice", statement="stm_1")
    tx.ask(Asked("do_1", "dec_1", b"post/1", "hold", connector="chat", state="asked", due=7))
    tx.tell(Told(notice, page, opens=True, message=message), KEY)
    tx.ask(Asked("do_2", "dec_1", b"post/1", "hold", inverse=True))
    tx.leaf("undo", bytes(32), clause="spam.links", action="hold")
    return tx


def test_what_is_written_can_be_read_again(store: Store) -> None:
    """Notices, actions and leaves reach the store as they were told, each with its record."""
    tx = gathered()
    with store.transaction():
        tx.write_decisions(store)
    assert store.all("notices_of_decision", ("dec_1",)) == [
        ("no_1", "decided", "vi", "recorded", "stm_1", None)
    ]
    assert store.all("actions_of_decision", ("dec_1",)) == [
        ("do_1", "hold", 0, "asked", "chat", b"post/1", 0, None, ""),
        ("do_2", "hold", 1, "recorded", "", b"post/1", 0, None, ""),
    ]
    page = ("stm_1", "", 99, "spam.links", "vi", DAY_3, "do_3", None)
    assert store.one("statement", ("stm_1",)) == page
    token = notices.token(KEY, "stm_1")
    assert store.one("statement_by_token", (notices.token_digest(KEY, token),)) == page
    assert store.one("statement_by_token", (token.encode(),)) is None
    message = store.one("outbox", ("do_3",))
    assert message is not None
    assert message[1:9] == ("notice", "", b"post/1", "dec_1", "stm_1", "notice", 0, "recorded")
    assert store.all("leaves", (0, 10)) == [(tx.entries[0][2], tx.hashes[0])]


def test_what_is_not_committed_is_not_there(store: Store) -> None:
    """A transaction writes all or nothing: it never commits by itself."""

    def broken_off() -> None:
        with store.transaction():
            gathered().write_decisions(store)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert store.all("notices_of_decision", ("dec_1",)) == []
    assert store.all("leaves", (0, 10)) == []


def test_the_head_moves_only_for_the_writer_that_holds_it(store: Store) -> None:
    """With the epoch of the store the head moves; with another's nothing changes."""
    tx, edge = begun(3, 77), tree.Frontier()
    assert tx.move_head(store, edge, epoch=0)
    head = store.one("head")
    assert head is not None
    assert head[1:6] == (0, 3, 77, 0, 0)
    later = begun(9, 99)
    assert not later.move_head(store, edge, epoch=1)
    assert store.one("head") == head


def test_only_what_changed_of_the_state_is_written(store: Store) -> None:
    """Histories that moved and streams that were touched go to the store, and no others."""
    community = Community(bytes(32), EMPTY)
    community.remember(11, "", 500, accepted=True)
    community.changed.clear()  # in the store already
    community.remember(12, "old", 600, accepted=False)
    live, old = community.timeline(""), community.timeline("old")
    live.streams["chat/hall"], old.streams["chat/hall"] = 500, 600
    tx = begun()
    nothing = (None,) * 17
    tx.records += [(*nothing[:4], "old", "chat/hall", *nothing[6:]), nothing]
    with store.transaction():
        tx.write_state(store, community)
    assert store.one("history", ("", 11)) is None
    assert store.one("history", ("old", 12)) == (600, 600, 0)
    assert store.all("streams") == [("old", "chat/hall", 600)]


def test_an_answer_is_plain_unless_something_was_done() -> None:
    """An answer without more allows, and names no rule and no decision."""
    answer = Answer("accepted", 1)
    assert (answer.action, answer.decisions, answer.fired) == ("allow", (), ())
    assert (answer.unknown, answer.touched) == ((), 0)


def test_withdrawing_takes_what_was_not_tried(store: Store) -> None:
    """Unsent action and message go, with the page's promise of it; what was tried stays."""
    tx = begun(4, DAY_3)
    for number, state in enumerate(("asked", "awaiting publication", "sending", "answered")):
        tx.ask(Asked(f"do_{number}", f"dec_{number}", b"lane", "hold", state=state))
        page = Page(f"stm_{number}", "", 99, "spam.links", "vi", DAY_3, first=f"me_{number}")
        notice = Notice(
            f"no_{number}", f"dec_{number}", 99, "vi", "decided", "recorded", page.id, page.first
        )
        message = Asked(
            f"me_{number}", f"dec_{number}", b"lane", "notice", state=state, kind="notice"
        )
        tx.tell(Told(notice, page, opens=True, message=message), KEY)
        tx.withdraw(store, f"dec_{number}")
    with store.transaction():
        tx.write_decisions(store)
        for write in tx.later:
            write()
    found = {each[0]: (each[6], each[9]) for each in store.all("outbox_listed", LISTED)}
    gone, sent = ("withdrawn", DAY_3), {"do_2": ("sending", None), "do_3": ("answered", None)}
    assert {row: found[row] for row in sorted(found) if row[:2] == "do"} == {
        "do_0": gone,
        "do_1": gone,
        **sent,
    }
    assert [found[f"me_{number}"][0] for number in range(4)] == [
        "withdrawn",
        "withdrawn",
        "sending",
        "answered",
    ]
    promised = [store.one("statement", (f"stm_{number}",)) for number in range(4)]
    assert [each[6] for each in promised if each] == [None, None, "me_2", "me_3"]


LISTED = {"state": None, "limit": 100}
