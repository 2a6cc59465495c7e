"""The sender: what goes out, what is kept of it, and what happens when a part fails."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from ombud import sender
from ombud.clock import SECOND
from ombud.sender import CALLS_MAX, READ_MAX, Due, Sender
from sending_parts import NOW, OPEN, PATIENCE, Clock, Memory, Receiver, due


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


def by_hand(outbox: Memory, clock: Clock, **receivers: Receiver) -> Sender:
    """A sender whose thread does not run: the test takes its steps."""
    return Sender(outbox, receivers.get, clock.now, steady=clock.steady)


def answer(sender: Sender, calls: int = 1) -> None:
    """Wait until calls have come back, without a step."""
    for _ in range(int(PATIENCE / 0.01)):
        if len(sender._answered) >= calls:
            return
        sender._bell.wait(0.01)
        sender._bell.clear()
    raise AssertionError("no answer came back")


def test_the_attempt_is_committed_before_the_call() -> None:
    """When a call arrives, the store already says `sending`, under the row's own key."""
    rows = [due(number) for number in range(40)]
    with ThreadPoolExecutor(1) as writer:
        outbox, receiver = Memory(rows, writer), Receiver()
        seen: list[tuple[str, str]] = []
        receiver.watch = lambda call: seen.append((outbox.rows[call.key].state, call.type))
        sender = Sender(outbox, {"forum": receiver}.get, lambda: NOW)
        sender.start()
        outbox.wait(lambda: set(outbox.states().values()) == {"delivered"})
        sender.close()
    assert seen == [("sending", "action")] * 40
    assert sorted(call.key for call in receiver.calls) == sorted(outbox.rows)
    for call in receiver.calls:
        assert call.body == b'{"id":"' + call.key.encode() + b'"}'


def test_marks_are_committed_together(clock: Clock) -> None:
    """Eight attempts are one commit, and eight results are one."""
    outbox, receiver = Memory([due(number) for number in range(8)]), Receiver()
    sender = by_hand(outbox, clock, forum=receiver)
    sender.step()
    assert [len(marks) for marks in outbox.committed] == [8]
    assert not receiver.calls
    sender.step()
    answer(sender, 8)
    sender.step()
    assert [{mark.state for mark in marks} for marks in outbox.committed] == [
        {"sending"},
        {"delivered"},
    ]
    assert len(outbox.committed[1]) == 8


def test_a_receiver_that_hangs_holds_up_nobody_else() -> None:
    """Behind a connector that never answers, a hundred rows of another are delivered, though all
    of its own rows were asked before.
    """
    stuck = [due(number) for number in range(2 * READ_MAX)]
    others = [due(5000 + number, connector="mail") for number in range(100)]
    with ThreadPoolExecutor(1) as writer:
        outbox = Memory([*stuck, *others], writer)
        hanging, mail = Receiver(hangs=True), Receiver()
        sender = Sender(outbox, {"forum": hanging, "mail": mail}.get, lambda: NOW)
        sender.start()
        outbox.wait(lambda: all(outbox.rows[row.id].state == "delivered" for row in others))
        hanging.wait(CALLS_MAX)
        hung = [each for each in threading.enumerate() if each.name == "send forum"]
        sender.close(timeout=0)
        hanging.goes_on.set()
    assert len(hanging.calls) == CALLS_MAX
    assert not sender.running
    assert len(hung) == CALLS_MAX
    assert all(each.daemon for each in hung), "the process could not end"


def test_a_lane_goes_in_order() -> None:
    """Actions, their notices and their inverses of one subject arrive in the order of asking,
    whatever is answered.
    """
    rows = [
        due(number, lane=b"a", kind="action" if number % 2 else "notice") for number in range(1, 7)
    ]
    with ThreadPoolExecutor(1) as writer:
        outbox, receiver = Memory(rows, writer), Receiver("retry", "delivered", "refused", "retry")
        clock = Clock()

        def a_minute_later() -> int:
            clock.instant += 60 * SECOND
            return clock.instant

        sender = Sender(outbox, {"forum": receiver}.get, a_minute_later)
        sender.start()
        outbox.wait(lambda: not set(outbox.states().values()) & set(OPEN))
        sender.close()
    came = [call.key for call in receiver.calls]
    actions = [key for key in dict.fromkeys(came) if int(key[4:]) % 2]
    notices = [key for key in dict.fromkeys(came) if not int(key[4:]) % 2]
    assert actions == ["act_1", "act_3", "act_5"]
    assert notices == ["act_2", "act_4", "act_6"]
    last = {key: len(came) - came[::-1].index(key) for key in came}
    for notice in (2, 4, 6):
        assert came.index(f"act_{notice}") >= last[f"act_{notice - 1}"]


def test_an_attempt_that_is_not_kept_does_not_go_out(clock: Clock) -> None:
    """With a full disk nothing is sent; once there is room again, everything is."""
    outbox, receiver = Memory([due(1)]), Receiver()
    outbox.failing["commit"] = RuntimeError("disk full")
    sender = by_hand(outbox, clock, forum=receiver)
    for _ in range(5):
        sender.step()
    assert not receiver.calls
    assert not outbox.committed
    outbox.failing.clear()
    sender.step()
    assert not outbox.committed, "it does not rest"
    clock.seconds += 1
    sender.step()
    sender.step()
    receiver.wait()
    assert outbox.states() == {"act_1": "sending"}


@pytest.mark.parametrize("what", ["commit", "mark"])
def test_a_result_that_is_not_kept_is_kept_later(what: str, clock: Clock) -> None:
    """Where only the result cannot be committed, the call is not repeated: its result waits."""
    outbox, receiver = Memory([due(1)]), Receiver("confirmed")
    sender = by_hand(outbox, clock, forum=receiver)
    sender.step()
    sender.step()
    answer(sender)
    outbox.failing[what] = RuntimeError("disk full")
    for _ in range(4):
        sender.step()
        clock.seconds += 1
    assert outbox.states() == {"act_1": "sending"}
    outbox.failing.clear()
    clock.seconds += 1
    sender.step()
    sender.step()
    assert outbox.states() == {"act_1": "confirmed"}
    assert len(receiver.calls) == 1
    assert not len(sender._schedule)


def test_an_outbox_that_cannot_be_read_is_read_later(clock: Clock) -> None:
    """Trouble with reading ends nothing: the sender rests for a second and looks again."""
    outbox = Memory([due(1)])
    outbox.failing["open"] = RuntimeError("busy")
    sender = by_hand(outbox, clock, forum=Receiver())
    sender.step()
    outbox.failing.clear()
    sender.step()
    assert not outbox.committed
    clock.seconds += 1
    sender.step()
    assert outbox.committed


def test_what_was_withdrawn_meanwhile_does_not_go_out(clock: Clock) -> None:
    """A row that is undone between the look and the commit is not sent."""
    outbox, receiver = Memory([due(1)]), Receiver()
    sender = by_hand(outbox, clock, forum=receiver)
    read = outbox.open

    def undone_after(now: int, busy: frozenset[str], limit: int) -> Sequence[Due]:
        rows = read(now, busy, limit)
        outbox.rows["act_1"] = msgspec.structs.replace(due(1), state="withdrawn")
        return rows

    outbox.open = undone_after  # type: ignore[method-assign]
    for _ in range(3):
        sender.step()
    assert not receiver.calls
    assert outbox.states() == {"act_1": "withdrawn"}
    assert not len(sender._schedule)


def test_what_the_platform_confirmed_meanwhile_stays_confirmed(clock: Clock) -> None:
    """An answer that comes after the platform's own word does not change it."""
    outbox, receiver = Memory([due(1)]), Receiver("retry")
    sender = by_hand(outbox, clock, forum=receiver)
    sender.step()
    sender.step()
    answer(sender)
    outbox.rows["act_1"] = msgspec.structs.replace(outbox.rows["act_1"], state="confirmed")
    sender.step()
    sender.step()
    assert outbox.states() == {"act_1": "confirmed"}
    assert not len(sender._schedule)


def test_what_has_no_body_any_more_has_failed(clock: Clock) -> None:
    """Where nothing is left to send, for instance after an erasure, the row ends."""
    outbox, receiver = Memory([due(1)]), Receiver()
    outbox.empty.add("act_1")
    sender = by_hand(outbox, clock, forum=receiver)
    for _ in range(3):
        sender.step()
    assert outbox.states() == {"act_1": "failed"}
    assert not receiver.calls
    assert not len(sender._schedule)


def test_a_body_that_cannot_be_made_is_tried_again(clock: Clock) -> None:
    """One row that cannot be read is asked again later; the sender goes on."""
    outbox = Memory([due(1)])
    outbox.failing["body"] = RuntimeError("busy")
    sender = by_hand(outbox, clock, forum=Receiver())
    for _ in range(3):
        sender.step()
    assert outbox.states() == {"act_1": "asked"}
    assert outbox.committed[-1][0].detail == "the call could not be made: RuntimeError"
    assert outbox.rows["act_1"].due > NOW


def test_a_connector_that_is_not_there_is_waited_for(clock: Clock) -> None:
    """A row for a connector that the settings do not name is asked again later."""
    outbox = Memory([due(1)])
    sender = by_hand(outbox, clock)
    for _ in range(3):
        sender.step()
    assert outbox.states() == {"act_1": "asked"}
    assert outbox.committed[-1][0].detail == "no connector is called forum"


def test_a_connector_that_raises_is_tried_again(clock: Clock) -> None:
    """A fault in a connector is trouble like any other, and its text is not kept."""
    outbox = Memory([due(1)])
    sender = by_hand(outbox, clock, forum=Receiver("raises"))
    sender.step()
    sender.step()
    answer(sender)
    sender.step()
    assert outbox.states() == {"act_1": "asked"}
    assert outbox.committed[-1][0].detail == "the connector failed: OSError"


def test_closing_waits_for_calls() -> None:
    """A call that is under way at the end comes back and is recorded before the sender ends."""
    with ThreadPoolExecutor(1) as writer:
        outbox, receiver = Memory([due(1)], writer), Receiver(hangs=True)
        sender = Sender(outbox, {"forum": receiver}.get, lambda: NOW)
        sender.start()
        receiver.wait()
        closing = threading.Thread(target=sender.close, args=(PATIENCE,))
        closing.start()
        while sender._ends_at is None:
            closing.join(0.01)
        receiver.goes_on.set()
        closing.join(PATIENCE)
        assert not closing.is_alive()
    assert not sender.running
    assert outbox.states() == {"act_1": "delivered"}


def test_closing_begins_nothing_more(clock: Clock) -> None:
    """After the end has begun no call goes out: neither what is asked nor what was chosen."""
    outbox, receiver = Memory([due(1)]), Receiver()
    sender = by_hand(outbox, clock, forum=receiver)
    sender.step()
    sender.close()
    outbox.rows["act_2"] = due(2)
    for _ in range(3):
        sender.step()
    assert outbox.states() == {"act_1": "sending", "act_2": "asked"}
    assert not receiver.calls
    assert not len(sender._schedule)


def test_what_hangs_at_the_end_is_sent_again_by_the_next() -> None:
    """Closing does not wait for ever; the next sender sends the same key again."""
    with ThreadPoolExecutor(1) as writer:
        outbox, hanging = Memory([due(1)], writer), Receiver(hangs=True)
        first = Sender(outbox, {"forum": hanging}.get, lambda: NOW)
        first.start()
        hanging.wait()
        first.close(timeout=0)
        assert not first.running
        assert outbox.states() == {"act_1": "sending"}
        receiver = Receiver()
        second = Sender(outbox, {"forum": receiver}.get, lambda: NOW)
        second.start()
        outbox.wait(lambda: outbox.states() == {"act_1": "delivered"})
        second.close()
        hanging.goes_on.set()
    assert [call.key for call in (*hanging.calls, *receiver.calls)] == ["act_1", "act_1"]
    assert outbox.rows["act_1"].attempts == 2


def test_a_sender_that_never_started_can_be_closed() -> None:
    """Closing is safe at any time."""
    sender = by_hand(Memory(), Clock())
    sender.close()
    assert not sender.running


def test_news_are_sent_when_the_sender_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is there at the start goes at once, and what is asked later goes after `wake`."""
    monkeypatch.setattr(sender, "LOOK_SECONDS", 3600.0)
    with ThreadPoolExecutor(1) as writer:
        outbox, receiver = Memory([due(1)], writer), Receiver()
        woken = Sender(outbox, {"forum": receiver}.get, lambda: NOW)
        woken.start()
        outbox.wait(lambda: outbox.states() == {"act_1": "delivered"})
        outbox.wait(lambda: not len(woken._schedule))
        outbox.rows["act_2"] = due(2)
        woken.wake()
        outbox.wait(lambda: outbox.states()["act_2"] == "delivered")
        woken.close()
    assert len(receiver.calls) == 2


def test_the_sender_looks_without_being_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """What becomes due while nothing happens is found by itself."""
    monkeypatch.setattr(sender, "LOOK_SECONDS", 0.01)
    clock = Clock()
    with ThreadPoolExecutor(1) as writer:
        outbox = Memory([due(1, due=NOW + SECOND)], writer)
        looking = Sender(outbox, {"forum": Receiver()}.get, clock.now)
        looking.start()
        outbox.wait(lambda: outbox.looks > 1)
        assert outbox.states() == {"act_1": "asked"}
        clock.instant += SECOND
        outbox.wait(lambda: outbox.states() == {"act_1": "delivered"})
        looking.close()


def test_the_fault_points_are_passed_in_order() -> None:
    """A crash test can end the process before the call, after it, and before its result."""
    passed: list[str] = []
    with ThreadPoolExecutor(1) as writer:
        outbox, receiver = Memory([due(1)], writer), Receiver()
        receiver.watch = lambda call: passed.append("call")  # noqa: ARG005
        sender = Sender(outbox, {"forum": receiver}.get, lambda: NOW, passing=passed.append)
        sender.start()
        outbox.wait(lambda: outbox.states() == {"act_1": "delivered"})
        sender.close()
    assert passed == ["sending committed", "call", "sent", "before delivered committed"]
