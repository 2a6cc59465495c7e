"""The writer: who may write, what goes into a group, and what happens to a group that fails."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from flow.small_community import event, line
from ombud import writer
from ombud.activation.active import EMPTY
from ombud.errors import BadData
from ombud.events import decode
from ombud.journal import Control, Submission, submission
from ombud.signals.lists.changes import Changes
from ombud.track import Sudden
from ombud.transaction import Answer
from ombud.verdicts.community import Community
from ombud.writer import BUSY_MEMORY, GROUP_BUSY, GROUP_MAX, JOBS_MAX, Job, Lock, Writer


def posts(count: int) -> list[Submission]:
    """Some submissions."""
    return [submission(decode(line(event(number)))) for number in range(count)]


class Empty:
    """A store in which nothing is owed."""

    def one(self, name: str, wanted: object) -> None:
        """There is no row."""


class Pretend:
    """A pipeline that only remembers its groups, and fails when told to."""

    made = 0

    def __init__(self, groups: list[int], failing: list[Exception]) -> None:
        type(self).made += 1
        self.groups, self.failing = groups, failing
        self.ends: list[tuple[int, str]] = []
        self.sudden: dict[tuple[str, str], Sudden] = {}
        self.told: set[int] = set()
        self.community = Community(b"key", EMPTY)
        self.store, self.recv = Empty(), 0
        self.most = GROUP_MAX

    def run(self, group: Sequence[Submission | Control], now: int) -> list[Answer]:  # noqa: ARG002
        """Remember a group by its size, a control as 0."""
        if self.failing:
            raise self.failing.pop(0)
        self.groups.append(0 if isinstance(group[0], Control) else len(group))
        return [Answer("accepted", 1)] * min(self.most, len(group))


@pytest.fixture
def groups() -> list[int]:
    """The sizes of the groups that were run."""
    return []


@pytest.fixture
def failing() -> list[Exception]:
    """The errors that the next groups meet."""
    return []


@pytest.fixture
def idle(groups: list[int], failing: list[Exception]) -> Writer:
    """A writer whose thread has not begun."""

    def make() -> Any:
        return Pretend(groups, failing)

    return Writer(make, lambda: 0)


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    """The second is refused until the first gives it back."""
    first = Lock(tmp_path)
    with pytest.raises(BadData, match="D010"):
        Lock(tmp_path)
    first.close()
    Lock(tmp_path).close()


def test_a_control_is_taken_alone() -> None:
    """From mixed items a job gives events up to the next control, and then that control alone."""
    mixed: list[Submission | Control] = [*posts(3), Control("undo", {}), *posts(2)]
    job, sizes = Job(mixed), []
    while len(job.answers) < len(mixed):
        taken = job.take(2)
        sizes.append(len(taken))
        job.answers += [Answer("accepted", 1)] * len(taken)
    assert sizes == [2, 1, 1, 2]


def test_groups_are_large_and_small_while_somebody_waits(idle: Writer, groups: list[int]) -> None:
    """512 events a group otherwise, 32 while a check waits; controls come first, each alone."""
    long = idle.submit(posts(GROUP_MAX + 10))
    idle.step()
    assert groups == [GROUP_MAX]
    assert not long.done()
    check = idle.submit(posts(1), first=True)
    control = idle.submit([Control("undo", {})], first=True)
    idle.step()
    assert groups[1:] == [1]
    assert check.done()
    assert not control.done()
    idle.step()
    idle.step()
    assert groups[2:] == [0, 10]
    assert len(long.result(0)) == GROUP_MAX + 10
    idle.submit(posts(GROUP_BUSY * 3))
    idle.step()
    assert groups[4:] == [GROUP_BUSY], "a check may come again at any moment"
    idle._first_came -= BUSY_MEMORY
    idle.step()
    assert groups[5:] == [2 * GROUP_BUSY]
    idle.submit(posts(GROUP_BUSY * 2), first=True)
    idle.submit(posts(5))
    for _ in range(3):
        idle.step()
    assert groups[6:] == [GROUP_BUSY, GROUP_BUSY, 5]


def test_a_full_lane_says_so(idle: Writer) -> None:
    """Who does not want to wait is told that the queue is full; the other lane is still open."""
    for _ in range(JOBS_MAX):
        idle.submit(posts(1))
    with pytest.raises(BadData, match="D012"):
        idle.submit(posts(1), wait=False)
    idle.submit(posts(1), first=True, wait=False)


def test_a_failed_group_is_refused_and_memory_made_anew(
    idle: Writer, failing: list[Exception], groups: list[int]
) -> None:
    """Everybody in the group gets the error, the pipeline is replaced, the next group is run."""
    failing.append(OSError("no room"))
    before = idle.pipeline
    first, second = idle.submit(posts(2)), idle.submit(posts(3))
    idle.step()
    for future in (first, second):
        with pytest.raises(BadData, match=r"D011.*no room"):
            future.result(0)
    assert idle.pipeline is not before
    again = idle.submit(posts(2))
    idle.step()
    assert len(again.result(0)) == 2
    assert groups == [2]


def test_nothing_is_taken_while_memory_cannot_be_made(
    groups: list[int], failing: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where building anew fails too, every group is refused until it succeeds."""
    broken = [False]

    def make() -> Any:
        if broken[0]:
            raise BadData("D007", "head")
        return Pretend(groups, failing)

    idle = Writer(make, lambda: 0)
    failing.append(ValueError("odd"))
    broken[0] = True
    for code in ("D011", "D007", "D007"):
        future = idle.submit(posts(1))
        idle.step()
        with pytest.raises(BadData, match=code):
            future.result(0)
    broken[0] = False
    future = idle.submit(posts(1))
    idle.step()
    assert len(future.result(0)) == 1
    monkeypatch.undo()


def test_what_has_ended_is_journalled_first(
    idle: Writer, groups: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a group, ends that have come are a control of their own; so they are with none."""
    monkeypatch.setattr(idle, "_now", lambda: 10)
    idle.pipeline.ends = [(5, "dec_a"), (11, "dec_b")]
    idle.submit(posts(4))
    idle.step()
    assert groups == [0, 4]
    idle.pipeline.recv = 11
    idle.step()
    assert groups == [0, 4, 0]
    assert idle.pipeline.ends == []


def test_closing_finishes_what_waits(idle: Writer, groups: list[int]) -> None:
    """What was handed in before the end is done, what comes after is refused; callers are freed."""
    futures = [idle.submit(posts(1)) for _ in range(JOBS_MAX)]
    refused: list[str] = []

    def late() -> None:
        try:
            idle.submit(posts(1)).result(10)
        except BadData as error:
            refused.append(error.code)

    waiting = threading.Thread(target=late)
    waiting.start()
    idle.start()
    idle.close()
    waiting.join()
    assert all(each.done() for each in futures)
    assert sum(groups) + len(refused) == JOBS_MAX + 1
    with pytest.raises(BadData, match="D011"):
        idle.submit(posts(1))
    assert writer.IDLE_SECONDS <= 1


def test_the_head_of_the_log_is_published_once_an_hour(
    idle: Writer, failing: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before an hour has passed, then once; a failure is no reason to stop."""
    assert not failing
    published: list[int] = []
    moment = [0]

    def publish() -> None:
        published.append(moment[0])
        raise OSError("no room")

    monkeypatch.setattr(idle, "_now", lambda: moment[0])
    monkeypatch.setattr(idle, "_publish", publish)
    for moment[0] in (1, writer.PUBLISH_EVERY - 1, writer.PUBLISH_EVERY, writer.PUBLISH_EVERY + 1):
        idle.step()
    assert published == [writer.PUBLISH_EVERY]


def test_what_a_transaction_left_comes_in_the_next(idle: Writer, groups: list[int]) -> None:
    """A pipeline that answers less than it was given has taken so much; the rest keeps its order,
    and a check goes before it.
    """
    idle.pipeline.most = 3  # type: ignore[attr-defined]
    first, second = idle.submit(posts(5)), idle.submit(posts(2))
    idle.step()
    assert not first.done()
    check = idle.submit(posts(1), first=True)
    idle.step()
    assert (check.done(), first.done(), second.done()) == (True, True, False)
    idle.step()
    assert len(first.result(0)) == 5
    assert len(second.result(0)) == 2
    assert groups == [7, 5, 2]


def test_sudden_entries_are_quarantined_right_after_their_group(
    idle: Writer, groups: list[int]
) -> None:
    """Each by a control of its own, before what waits; one that is there already by none."""
    pipeline = cast(Pretend, idle.pipeline)
    for word in ("casino", "slots", "poker"):
        pipeline.sudden["words", word] = Sudden("words", word, "rule", "spam.links")
    pipeline.community.lists["words"] = Changes("words", quarantine={"poker": 1})
    idle.submit(posts(3))
    idle.step()
    assert groups == [3, 0, 0]
    assert not pipeline.sudden
