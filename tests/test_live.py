"""The live demonstration: at its pace, to its end, and only in a folder of its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flow.served_platform import wait
from flow.small_community import hold_together, prepare, rows
from ombud import demonstration, simulate
from ombud.app import Engine
from ombud.demonstration import Demonstration
from ombud.doors import Doors
from ombud.errors import BadData, BadUse
from ombud.live import STEPS_PER_SECOND_MAX, Live
from ombud.server import of_demonstration
from ombud.transaction import Answer
from ombud.web.demo import State

EVENTS = 60
FAST = 10_000.0
PATIENCE_SECONDS = 60
Make = Callable[[int, float], Live]


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    """The doors of a demonstration that has not begun."""
    folder = tmp_path / "demo"
    demonstration.prepare(folder)
    with Engine(folder) as engine:
        made = Doors(engine, "http://127.0.0.1:8420")
        yield made
        made.close()


@pytest.fixture
def make(doors: Doors) -> Iterator[Make]:
    """Makes demonstrations of so many events at such a rate, and closes them."""
    made: list[Live] = []

    def live(events: int, rate: float) -> Live:
        made.append(Live(doors, events, 1, rate))
        return made[-1]

    yield live
    for each in made:
        each.close()


def test_the_page_can_read_the_state(make: Make) -> None:
    """Before, during and after: strictly what `web.demo.State` takes, with nothing left out."""
    live = make(EVENTS, FAST)
    states = [live.state()]
    live.start()
    wait(lambda: live.state()["totals"]["events"], "nothing happens")
    states.append(live.state())
    wait(lambda: live.state()["done"], "it does not end")
    states.append(live.state())
    for state in states:
        assert set(State.__struct_fields__) <= set(state)
        assert json.loads(json.dumps(state)) == state
        read = msgspec.convert(state, State, strict=True)
        assert read.ledger is not None
        assert read.totals.events == state["totals"]["events"]
    assert [state["done"] for state in states[::2]] == [False, True]
    assert states[0]["totals"]["events"] == states[0]["ledger"]["size"] - 1 == 0
    assert states[-1]["ledger"]["size"] > 1


def test_everything_planned_happens_and_then_it_ends(make: Make, doors: Doors) -> None:
    """Each planned event once, beside what the spammer posts; the engine's answers hold."""
    live = make(EVENTS, FAST)
    live.start()
    live._thread.join(PATIENCE_SECONDS)
    assert not live._thread.is_alive()
    state = live.state()
    assert state["done"]
    assert state["totals"]["events"] == EVENTS + state["adaptive"]["posts"]
    assert judged(doors) == state["totals"]["events"]
    hold_together(doors.engine.folder)


def judged(doors: Doors) -> int:
    """How many events stand in the journal."""
    query = "SELECT count(*) FROM journal WHERE identity IS NOT NULL"
    count: int = rows(doors.engine.folder, query)[0][0]
    return count


class Paced:
    """An event that nobody sets, and a step that does nothing: they note how long is waited and
    how much happens."""

    def __init__(self, turns: int) -> None:
        self.waits: list[float] = []
        self.steps: list[int] = []
        self._turns = turns

    def wait(self, seconds: float) -> bool:
        """Note it; the end after so many turns."""
        self.waits.append(seconds)
        return len(self.waits) > self._turns

    def step(self, most: int) -> bool:
        """Note it."""
        self.steps.append(most)
        return True


@pytest.mark.parametrize("rate", [0.1, 1.0, 4.0, 9.0, 10.0, 25.0, 333.0, 10_000.0])
def test_events_happen_at_the_pace_that_was_asked_for(rate: float, make: Make) -> None:
    """So many a second, one by one while that is possible; where there are many, in few steps."""
    live, paced = make(EVENTS, rate), Paced(5)
    live._ended, live._demonstration = paced, paced  # type: ignore[assignment]
    live._run()
    assert len(paced.steps) == 5
    assert sum(paced.steps) / sum(paced.waits[:5]) == pytest.approx(rate)
    assert 5 / sum(paced.waits[:5]) <= 1.5 * STEPS_PER_SECOND_MAX
    if rate <= STEPS_PER_SECOND_MAX:
        assert set(paced.steps) == {1}
    live._ended = threading.Event()


def test_close_stops_it_between_two_events(make: Make, doors: Doors) -> None:
    """What is under way is finished, nothing more happens, and whoever watches still can."""
    live = make(5_000, FAST / 100)
    live.start()
    wait(lambda: live.state()["totals"]["events"], "nothing happens")
    live.close()
    assert not live._thread.is_alive()
    state = live.state()
    assert not state["done"]
    assert judged(doors) == state["totals"]["events"] < 5_000
    assert live.state() == state


def test_close_before_the_beginning(make: Make, doors: Doors) -> None:
    """A demonstration that never began is closed like any other, and does not begin afterwards."""
    live = make(EVENTS, FAST)
    live.close()
    live.start()
    live._thread.join(PATIENCE_SECONDS)
    assert judged(doors) == 0


def test_a_writer_that_is_busy_is_asked_again(
    make: Make, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it did not take happens afterwards, in its order: no event is passed over."""
    submit, refusals = doors.engine.submit, ["D012", "D011", "D012"]
    sent: list[list[bytes]] = []

    def now_and_then(lines: Sequence[bytes], timeline: str = "") -> list[Any]:
        sent.append(list(lines))
        if refusals and len(sent) > 1:
            raise BadData(refusals.pop(), "queue", detail="full", limit=1)
        return submit(lines, timeline)

    monkeypatch.setattr(doors.engine, "submit", now_and_then)
    live = make(EVENTS, 100.0)
    live.start()
    wait(lambda: live.state()["done"], "it does not end")
    assert sent[1] == sent[2] == sent[3] == sent[4]
    taken = [json.loads(line)["id"] for batch in (sent[0], *sent[4:]) for line in batch]
    assert len(taken) == len(set(taken)) == live.state()["totals"]["events"]
    planned = {each.event["id"] for each in simulate.generate(1, EVENTS, demonstration.START)}
    assert planned <= set(taken)
    assert live.state()["totals"]["events"] == judged(doors)


def test_it_is_not_over_while_something_waits() -> None:
    """Where the last events could not be handed in, the end has not come."""

    class Full:
        """An engine that takes nothing."""

        folder = Path("nowhere")

        def submit(self, lines: Sequence[bytes], timeline: str = "") -> list[Answer | Any]:
            """Refuse."""
            assert timeline == ""
            raise BadData("D012", "queue", limit=len(lines))

    community = Demonstration(Full(), 3, 1)
    for _ in range(5):
        with pytest.raises(BadData, match="D012"):
            community.step(10_000)
    assert not community.state()["done"]
    assert community.state()["totals"]["events"] == 0


def test_never_in_the_folder_of_a_real_community(tmp_path: Path) -> None:
    """U009 before anything is opened, and every file stays as it is."""
    folder = prepare(tmp_path / "real")
    with Engine(folder):
        pass
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(BadUse, match="U009") as caught:
        of_demonstration(folder, "127.0.0.1", 0, events=EVENTS, seed=1, rate=FAST)
    assert caught.value.where == str(folder)
    assert caught.value.hint
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
