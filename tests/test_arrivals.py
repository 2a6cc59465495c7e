"""Arrivals: whether an event is new, the same again, another one, or the publication of a check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ombud import arrivals, journal
from ombud.arrivals import Arrival
from ombud.effects import Hands
from ombud.journal import Submission
from ombud.ledger import tree
from ombud.model import Account, Data, Event
from ombud.signals.observation import Observation, kind_of
from ombud.store.sqlite import Store
from ombud.transaction import Answer, Known, Transaction

KEY = bytes(range(32))
HELD_BEFORE = ("forum", "hold")  # what is held there was never there


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store that knows nothing yet."""
    store = Store(tmp_path / "ombud.db")
    store.prepare("tests.example/log", tree.Frontier().encode())
    yield store
    store.close()


def item(id_: str = "1", *, check: bool = False, **data: Any) -> Submission:
    """A post of ana's."""
    event = Event(
        id=id_,
        source="forum/hall",
        type="post.created",
        time=datetime(2026, 3, 1, tzinfo=UTC),
        data=Data(**{"author": Account(id="ana"), "text": "a", **data}),
    )
    return journal.submission(event, check=check)


class Names:
    """Tokens of accounts (signals.observation.Tokens): ana is 1, everybody else 2."""

    def account(self, platform: str, account: str) -> int:  # noqa: ARG002
        """The token of an account."""
        return 1 if account == "ana" else 2

    def of(self, space: str, value: str) -> int:  # noqa: ARG002
        """The token of anything else."""
        return 3


def arrive(store: Store, tx: Transaction, what: Submission) -> Arrival:
    """How an event arrives."""
    seen = Observation(what.event, kind_of(what.event) or "", Names())
    active = SimpleNamespace(only_before=lambda platform, action: (platform, action) == HELD_BEFORE)
    hands = SimpleNamespace(
        store=store,
        keys=SimpleNamespace(community=KEY),
        community=SimpleNamespace(active=active),
    )
    content = journal.content(KEY, what.canonical)
    return arrivals.arrive(cast(Hands, hands), tx, what, content, seen)


def keep(
    tx: Transaction, arrival: Arrival, what: Submission, answer: Answer, via: str = ""
) -> None:
    """Have an event stand in the group as the pipeline would."""
    published = journal.published(KEY, what.event) if via == "check" else None
    content = journal.content(KEY, what.canonical)
    known = Known(answer.seq, content, via, published, 1, "post", None, answer)
    tx.identities[arrival.identity] = known
    if arrival.used is not None:
        tx.identities[arrival.used] = known


def row(store: Store, arrival: Arrival, what: Submission, seq: int, via: str = "") -> None:
    """Have an event stand in the store."""
    published = journal.published(KEY, what.event) if via == "check" else None
    content = journal.content(KEY, what.canonical)
    told = ("post.created", "post", "", "forum/hall", 1, 1, 1, arrival.identity, content, 1)
    store.run("add_record", (seq, seq, *told, *(None,) * 5, via, published))


HELD = Answer("accepted", 7, "hold", ("dec_1",), "stm_1", ("bags",))


def test_a_new_event_has_no_answer_yet(store: Store) -> None:
    """It is to be judged, under the identity of its source and id."""
    found = arrive(store, Transaction(0, 0, 0, 0), item())
    assert found == Arrival(journal.identity(KEY, "forum/hall", "1"))


@pytest.mark.parametrize("stored", [True, False])
def test_the_same_again_is_answered(store: Store, stored: bool) -> None:
    """From this group with its answer, from the journal with what still stands of it."""
    tx = Transaction(0, 0, 0, 0)
    first = arrive(store, tx, item())
    if stored:
        row(store, first, item(), 7)
    else:
        keep(tx, first, item(), HELD)
    again = arrive(store, tx, item()).answer
    assert again is not None
    assert (again.status, again.seq) == ("duplicate", 7)
    assert again.decisions == (() if stored else ("dec_1",))
    assert again.fired == ()  # hits are counted once
    other = arrive(store, tx, item(text="b")).answer
    assert other == Answer("conflict", 7)


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_a_check_s_publication_is_found(store: Store, stored: bool, named: bool) -> None:
    """By its own id or by `check_id`; what comes after it is held against it, not the check."""
    tx = Transaction(0, 0, 0, 0)
    asked = item(check=True)
    first = arrive(store, tx, asked)
    if stored:
        row(store, first, asked, 7, "check")
    else:
        keep(tx, first, asked, HELD, "check")
    told = item("2", check_id="1") if named else item()
    found = arrive(store, tx, told)
    assert found.answer is None
    assert found.checked is not None
    assert (found.checked.seq, found.checked.via) == (7, "check")
    mark = journal.publication(KEY, first.identity)
    own = journal.identity(KEY, "forum/hall", "2") if named else mark
    assert (found.identity, found.used) == (own, mark)
    keep(tx, found, told, Answer("published", 8, "hold"))
    again = arrive(store, tx, told)
    assert again.answer is not None
    assert (again.answer.status, again.answer.seq) == ("duplicate", 8)
    assert again.answer.action == "hold"
    changed = arrive(store, tx, item("2", check_id="1", text="b") if named else item(text="b"))
    assert changed.answer == Answer("conflict", 8)


def test_a_check_is_published_once(store: Store) -> None:
    """A second event that names a used check is an event of its own."""
    tx = Transaction(0, 0, 0, 0)
    asked = item(check=True)
    keep(tx, arrive(store, tx, asked), asked, HELD, "check")
    first = item("2", check_id="1")
    keep(tx, arrive(store, tx, first), first, Answer("published", 8, "hold"))
    second = arrive(store, tx, item("3", check_id="1"))
    assert second == Arrival(journal.identity(KEY, "forum/hall", "3"))
    late = arrive(store, tx, item())
    assert late.answer is not None
    assert (late.answer.status, late.answer.seq) == ("conflict", 8)


@pytest.mark.parametrize("named", [True, False])
def test_nobody_publishes_somebody_else_s_check(store: Store, named: bool) -> None:
    """Another author's event under a check's id is a conflict; one that names it is its own. The
    check stays open for whom it is of.
    """
    tx = Transaction(0, 0, 0, 0)
    asked = item(check=True)
    keep(tx, arrive(store, tx, asked), asked, HELD, "check")
    bo = Account(id="bo")
    if named:
        found = arrive(store, tx, item("2", check_id="1", author=bo))
        assert found == Arrival(journal.identity(KEY, "forum/hall", "2"))
    else:
        assert arrive(store, tx, item(author=bo)).answer == Answer("conflict", 7)
    assert arrive(store, tx, item()).checked is not None


def test_what_is_named_and_says_otherwise_is_an_event_of_its_own(store: Store) -> None:
    """`check_id` with another text: judged under its own id, by the rules for what it is."""
    tx = Transaction(0, 0, 0, 0)
    asked = item(check=True)
    keep(tx, arrive(store, tx, asked), asked, HELD, "check")
    found = arrive(store, tx, item("2", check_id="1", text="b"))
    assert found == Arrival(journal.identity(KEY, "forum/hall", "2"))


def test_what_was_judged_anew_answers_for_itself(store: Store) -> None:
    """What was published otherwise than checked has a verdict of its own, and gives that again."""
    tx = Transaction(0, 0, 0, 0)
    asked, told = item(check=True), item(text="b")
    keep(tx, arrive(store, tx, asked), asked, HELD, "check")
    found = arrive(store, tx, told)
    keep(tx, found, told, Answer("accepted", 8, "allow"), "publication")
    again = arrive(store, tx, told).answer
    assert again is not None
    assert (again.status, again.seq, again.action, again.decisions) == ("duplicate", 8, "allow", ())


def test_asking_is_no_publication(store: Store) -> None:
    """A check again, and a check that names another check, are compared as what they are."""
    tx = Transaction(0, 0, 0, 0)
    asked = item(check=True)
    keep(tx, arrive(store, tx, asked), asked, HELD, "check")
    again = arrive(store, tx, asked).answer
    assert again is not None
    assert (again.status, again.action) == ("duplicate", "hold")
    named = arrive(store, tx, item("2", check=True, check_id="1"))
    assert named == Arrival(journal.identity(KEY, "forum/hall", "2"), via="check")


def test_only_a_check_can_be_named(store: Store) -> None:
    """`check_id` of an event that was no check, or of nothing, makes an event of its own."""
    tx = Transaction(0, 0, 0, 0)
    keep(tx, arrive(store, tx, item()), item(), HELD)
    for named in ("1", "unknown"):
        found = arrive(store, tx, item("2", check_id=named))
        assert found == Arrival(journal.identity(KEY, "forum/hall", "2"))


def test_what_was_erased_is_the_same_again(store: Store) -> None:
    """Without a digest to compare, whatever comes under the identity is a duplicate."""
    tx = Transaction(0, 0, 0, 0)
    first = arrive(store, tx, item())
    tx.identities[first.identity] = Known(7, None, "", None)
    found = arrive(store, tx, item(text="b")).answer
    assert found == Answer("duplicate", 7)


def decided(store: Store, id_: str, action: str, **ends: int) -> None:
    """A decision of record 7 with its notice."""
    made = (id_, 7, 7, "", b"lane", 1, "spam.links", "bags", "rule", action, None, None, b"")
    kept = ("this", "text", "en", "own initiative", None)
    store.run("add_decision", (*made, len(store.all("reversals")), 7, *kept))
    notice = (f"ntc_{id_}", id_, 7, 1, "en", "decided", "recorded", f"stm_{id_}", None)
    store.run("add_notice", notice)
    for name, seq in ends.items():
        store.run(name, {"id": id_, "seq": seq})


def test_the_answer_is_what_still_stands(store: Store) -> None:
    """The strongest of what was neither undone nor has ended, with the page it is told on."""
    known = Known(7, b"", "", None)
    decided(store, "dec_over", "remove", end_decision=8)
    decided(store, "dec_undone", "remove", undo_decision=9)
    assert arrivals.standing(store, known) == Answer("duplicate", 7)
    decided(store, "dec_1", "hold")
    decided(store, "dec_2", "warn")
    found = arrivals.standing(store, known)
    assert (found.action, set(found.decisions)) == ("hold", {"dec_1", "dec_2"})
    assert found.statement in ("stm_dec_1", "stm_dec_2")


@pytest.mark.parametrize("named", [True, False])
def test_it_is_known_whether_something_was_told(store: Store, named: bool) -> None:
    """An event, a check, and what the stream then said of the check, under its id or another."""
    tx, asked = Transaction(0, 0, 0, 0), item(check=True)
    identity = journal.identity(KEY, "forum/hall", "1")
    assert arrivals.told(store, KEY, identity) == "unknown"
    row(store, arrive(store, tx, asked), asked, 7, "check")
    assert arrivals.told(store, KEY, identity) == "asked"
    found = arrive(store, tx, item("2", check_id="1") if named else item())
    marked = ("!publication", None, "", None, None, None, 1, found.identity, None, None)
    store.run("add_record", (8, 8, *marked, *(None,) * 5, "", found.used))
    assert arrivals.told(store, KEY, identity) == "told"
    assert arrivals.told(store, KEY, found.identity) == "told"
