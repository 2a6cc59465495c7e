"""Lanes: one job at a time, everybody their own answer, and nothing said of late ones before."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future

import pytest

from ombud import events, journal
from ombud.errors import BadData, OmbudError
from ombud.journal import Control, Submission
from ombud.transaction import Answer
from ombud.web import lanes
from ombud.web.lanes import Deadlines, Found, Lane, Late, hand_in
from web.asked import Stub, wired


def item(number: int) -> Submission:
    """An event on its way."""
    return journal.submission(events.decode(wired(number)))


async def turn() -> None:
    """Let the loop do what waits."""
    for _ in range(6):
        await asyncio.sleep(0)


def ids(stub: Stub) -> list[list[str]]:
    """The events of each job."""
    return [[each.event.id for each in job if isinstance(each, Submission)] for job in stub.jobs]


def run(story: Callable[[], Awaitable[None]]) -> None:
    """Let a story happen on a loop of its own."""

    async def whole() -> None:
        await story()

    asyncio.run(whole())


def test_arrivals_gather_while_a_job_is_under_way() -> None:
    """What comes in one turn is one job; what comes meanwhile is the next one, in order."""

    async def story() -> None:
        stub = Stub(at_once=False)
        lane = Lane(stub, first=False, most=3)
        first = [lane.put(item(number)) for number in (1, 2)]
        await turn()
        later = [lane.put(item(number)) for number in (3, 4, 5, 6)]
        await turn()
        assert ids(stub) == [["1", "2"]]
        assert (lane.busy, len(lane)) == (True, 4)
        stub.finish()
        await turn()
        assert ids(stub) == [["1", "2"], ["3", "4", "5"]]
        assert [future.result() for future in first] == [
            Answer("accepted", 1),
            Answer("accepted", 2),
        ]
        assert not any(future.done() for future in later)
        stub.finish()
        await turn()
        stub.finish()
        await turn()
        assert [future.result() for future in later] == [
            Answer("accepted", number) for number in (3, 4, 5, 6)
        ]
        assert (lane.busy, len(lane)) == (False, 0)
        assert stub.lanes == [False] * 3

    run(story)


def test_a_refused_job_is_told_to_its_own_and_the_next_goes_on() -> None:
    """An error, at the door or after, is everybody's answer of that job, and of no other."""

    async def story() -> None:
        stub = Stub(at_once=False)
        lane = Lane(stub, first=True, most=2)
        stub.refusal = BadData("D012", "queue")
        refused = [lane.put(item(number)) for number in (1, 2)]
        await turn()
        assert [future.result() for future in refused] == [stub.refusal] * 2
        stub.refusal = None
        failed, taken = lane.put(item(3)), []
        await turn()
        taken.append(lane.put(item(4)))
        error = BadData("D011", "store", detail="no room")
        stub.finish(error)
        await turn()
        assert failed.result() is error
        stub.finish()
        await turn()
        assert taken[0].result() == Answer("accepted", 4)
        assert stub.lanes == [True, True]

    run(story)


def test_a_lane_holds_a_known_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond WAITING_MAX nothing is put in the lane, and it is said so."""
    monkeypatch.setattr(lanes, "WAITING_MAX", 2)

    async def story() -> None:
        stub = Stub(at_once=False)
        lane = Lane(stub, first=False, most=9)
        for number in (1, 2):
            lane.put(item(number))
        with pytest.raises(BadData, match="D012"):
            lane.put(item(3))
        await turn()
        assert ids(stub) == [["1", "2"]]

    run(story)


def test_who_was_answered_late_is_told_after_the_verdict() -> None:
    """`late` is called for an item settled as `Late`, once its job is back, also if it failed."""

    async def story() -> None:
        stub = Stub(at_once=False)
        told: list[tuple[str, str]] = []
        lane = Lane(
            stub, first=True, most=9, late=lambda each, late: told.append((each.event.id, late[0]))
        )
        futures = [lane.put(item(number)) for number in (1, 2, 3)]
        await turn()
        futures[0].set_result(Late("refuse"))
        futures[1].cancel()
        await turn()
        assert told == []
        stub.finish()
        await turn()
        assert told == [("1", "refuse")]
        assert futures[2].result() == Answer("accepted", 3)
        again = lane.put(item(4))
        await turn()
        again.set_result(Late("allow"))
        stub.finish(BadData("D011", "store", detail="no room"))
        await turn()
        assert told == [("1", "refuse"), ("4", "allow")]

    run(story)


def answers_of(stub: Stub, job: int) -> list[str]:
    """The identities in a deadline control."""
    (control,) = stub.jobs[job]
    assert isinstance(control, Control)
    assert control.type == "deadline"
    return [bytes.fromhex(each["identity"]).decode() for each in control.payload["answers"]]


def test_one_deadline_control_at_a_time() -> None:
    """Late answers gather while a control is under way; identity and answer are in it."""

    async def story() -> None:
        stub = Stub(at_once=False)
        deadlines = Deadlines(stub, lambda count: pytest.fail(str(count)))
        deadlines.note(b"a", "allow")
        deadlines.note(b"b", "refuse")
        await turn()
        deadlines.note(b"c", "allow")
        await turn()
        assert len(stub.jobs) == 1
        assert len(deadlines) == 1
        (control,) = stub.jobs[0]
        assert isinstance(control, Control)
        assert control.payload == {
            "answers": [
                {"identity": b"a".hex(), "answer": "allow"},
                {"identity": b"b".hex(), "answer": "refuse"},
            ]
        }
        stub.finish()
        await turn()
        assert answers_of(stub, 1) == ["c"]
        stub.finish()
        await turn()
        assert len(deadlines) == 0
        assert stub.lanes == [True, True]

    run(story)


def test_what_cannot_be_journalled_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused or failed control comes again in the same order, and at once when flushed."""
    monkeypatch.setattr(lanes, "AGAIN_SECONDS", 0.001)

    async def story() -> None:
        stub = Stub(at_once=False)
        deadlines = Deadlines(stub, lambda count: pytest.fail(str(count)))
        deadlines.note(b"a", "allow")
        await turn()
        deadlines.note(b"b", "allow")
        stub.finish(BadData("D011", "store", detail="no room"))
        while len(stub.jobs) < 2:
            await asyncio.sleep(0.001)
        assert answers_of(stub, 1) == ["a", "b"]
        monkeypatch.setattr(lanes, "AGAIN_SECONDS", 3600.0)
        stub.finish(BadData("D011", "store", detail="no room"))
        await turn()
        deadlines.note(b"c", "allow")  # waits with the others
        await turn()
        assert len(stub.jobs) == 2
        stub.refusal = BadData("D012", "queue")
        deadlines.flush()
        stub.refusal = None
        deadlines.flush()
        deadlines.flush()  # nothing more to do
        assert answers_of(stub, 2) == ["a", "b", "c"]
        stub.finish()
        await turn()
        assert len(deadlines) == 0

    run(story)


def test_late_answers_are_bounded_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond LATE_MAX the newest are counted as lost instead of kept."""
    monkeypatch.setattr(lanes, "LATE_MAX", 2)
    monkeypatch.setattr(lanes, "AGAIN_SECONDS", 3600.0)

    async def story() -> None:
        stub = Stub(at_once=False)
        lost: list[int] = []
        deadlines = Deadlines(stub, lost.append)
        for name in (b"a", b"b", b"c"):
            deadlines.note(name, "allow")
        assert lost == [1]
        await turn()
        deadlines.note(b"d", "allow")
        stub.finish(BadData("D011", "store", detail="no room"))
        await turn()
        assert lost == [1, 1]
        deadlines.flush()
        assert answers_of(stub, 1) == ["a", "b"]

    run(story)


def test_an_error_of_another_kind_is_told_as_not_taken() -> None:
    """Whatever a job fails with, who asked gets an error of ours, without its words."""

    async def story() -> None:
        stub = Stub(at_once=False)
        found: list[Found] = []
        hand_in(stub, asyncio.get_running_loop(), [item(1)], found.append)
        stub.finish(RuntimeError("something private"))
        await turn()
        (error,) = found
        assert isinstance(error, OmbudError)
        assert error.code == "D011"
        assert "private" not in error.message

    run(story)


def test_an_answer_after_the_loop_ended_hurts_nobody() -> None:
    """The writer's thread goes on when nobody waits any more."""
    stub = Stub(at_once=False)

    async def story() -> None:
        hand_in(stub, asyncio.get_running_loop(), [item(1)], lambda found: pytest.fail(str(found)))

    run(story)
    future: Future[list[Answer]] = stub.futures[0]
    stub.finish()
    assert future.done()
