"""The wall's figures: as a count of everything says, by the hour, and no slower for what waits."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flow.case_desk import DESK_RULES, ask, bags, copies, decide, shoes, waiting
from flow.platform_side import Platform, connected
from flow.small_community import event, rows
from ombud import wall
from ombud.clock import HOUR, MINUTE
from ombud.store.sqlite import Store
from ombud.wall import COUNTED_MAX, HOURS, Figures, Wall


def look(platform: Platform, figures: Figures | None = None) -> Wall:
    """The wall as it is now."""
    return (figures or Figures()).wall(platform.engine.store, platform.clock[0])


def counted(platform: Platform, told: Wall) -> list[tuple[int, ...]]:
    """The same by plain counts over whole tables."""
    folder = platform.folder
    recv = [row[0] for row in rows(folder, "SELECT recv FROM journal")]
    at: dict[int, int] = dict(rows(folder, "SELECT seq, recv FROM journal"))
    decided = rows(folder, "SELECT seq, rule, action FROM decision")
    cases = rows(folder, "SELECT opened, closed FROM review_case")
    asked = rows(folder, "SELECT seq FROM outbox WHERE kind = 'action'")
    found: list[tuple[int, ...]] = []
    for begun in (hour.begun for hour in told.hours):

        def within(instant: int | None, begun: int = begun) -> bool:
            return instant is not None and begun <= instant < begun + HOUR

        kinds = Counter(
            "people" if rule is None else "held" if action == "hold" else "other"
            for seq, rule, action in decided
            if within(at[seq])
        )
        found.append(
            (
                begun,
                sum(map(within, recv)),
                kinds["held"],
                kinds["other"],
                kinds["people"],
                sum(within(opened) for opened, _ in cases),
                sum(within(closed) for _, closed in cases),
                sum(within(at[seq]) for (seq,) in asked),
            )
        )
    return found


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["bags", "shoes", "copies", "decide", "talk", "fail"]),
        st.integers(0, 90 * MINUTE),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=15, deadline=None)
@given(steps=STEPS)
def test_any_course_is_counted_as_it_was(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever happened in whichever hours: each figure is what a count of everything gives, asked
    once at the end or looked at all along.
    """
    with connected(tmp_path_factory.mktemp("wall"), rules=DESK_RULES) as platform:
        watched = Figures()
        for number, (step, later) in enumerate(steps):
            platform.clock[0] += later
            _do(platform, step, number)
            look(platform, watched)
        platform.clock[0] += 5 * MINUTE
        told = look(platform)
        assert [tuple(hour) for hour in told.hours] == counted(platform, told)
        assert look(platform, watched) == told
        assert len(told.hours) == HOURS
        query = "SELECT rule, count(*) FROM decision WHERE rule IS NOT NULL GROUP BY rule"
        assert dict(told.rules) == dict(rows(platform.folder, query))
        failed = rows(platform.folder, "SELECT count(*) FROM outbox WHERE state = 'failed'")
        assert [(told.failed,)] == failed
        oldest = "SELECT queue, count(*), min(opened) FROM review_case WHERE closed IS NULL"
        found = rows(platform.folder, oldest + " GROUP BY queue ORDER BY queue")
        assert [(each.name, each.open, each.oldest) for each in told.queues] == found


def _do(platform: Platform, step: str, number: int) -> None:
    if step == "bags":
        platform.stream(bags(number, f"b{number}"))
    elif step == "shoes":
        platform.stream(shoes(number, f"s{number}"))
    elif step == "talk":
        platform.stream(event(f"t{number}", text="Good morning."))
    elif step == "copies":
        platform.stream(*copies(4, first=10 * number))
    elif step == "fail":
        platform.deliver("failed")
    elif held := waiting(platform, "hold"):
        decide(platform, held[0], "release", everything=True)


def test_what_is_late_is_told(tmp_path: Path) -> None:
    """Beyond the time by which somebody should have looked, and nobody has put it off."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(shoes(1, "ana"), shoes(2, "bo"))
        assert [each.late for each in look(platform).queues] == [0]
        platform.clock[0] += 7 * HOUR
        assert [(each.open, each.late) for each in look(platform).queues] == [(2, 2)]
        ask(platform, "snooze", waiting(platform)[0], until=platform.clock[0] + HOUR)
        assert [(each.open, each.late) for each in look(platform).queues] == [(2, 1)]


def test_events_a_minute_are_of_the_last_ten(tmp_path: Path) -> None:
    """Received within them; what came before is not in it, and an empty store has none."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.clock[0] += HOUR
        assert look(platform).minute == 0
        platform.stream(*(event(n, text="Good morning.") for n in range(30)))
        assert look(platform).minute == 3
        platform.clock[0] += 11 * MINUTE
        assert look(platform).minute == 0


def test_an_hour_that_is_over_is_counted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one under way each time; what is older than a day is let go."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        figures, asked = Figures(), Counter[int]()
        real = wall._counted

        def noted(store: Store, begun: int) -> Any:
            asked[begun] += 1
            return real(store, begun)

        monkeypatch.setattr(wall, "_counted", noted)
        platform.clock[0] += 2 * MINUTE
        for _ in range(3):
            look(platform, figures)
        assert sorted(asked.values()) == [1] * 23 + [3]
        platform.clock[0] += 30 * HOUR
        look(platform, figures)
        assert len(figures._kept) == HOURS - 1


def test_it_does_no_more_with_a_hundred_thousand_cases(tmp_path: Path) -> None:
    """What waits is counted up to a bound: SQLite takes hardly more steps for a hundred times as
    many.
    """
    took = {}
    for cases in (1_000, 100_000):
        store = Store(tmp_path / f"{cases}.db")
        assert store.prepare("log.example", b"")
        now = 480_000 * HOUR
        with store.transaction():
            store.connection.executemany(
                "INSERT INTO review_case (id, seq, opened, clause, queue, urgent, reason, place)"
                " VALUES (?, 1, ?, 'spam.links', ?, 0, 'hold', ?)",
                (
                    (f"c{n}", now - 30 * HOUR - n, ("review", "hall")[n % 2], now - 20 * HOUR - n)
                    for n in range(cases)
                ),
            )
        figures = Figures()
        told = figures.wall(store, now)
        most = min(cases // 2, COUNTED_MAX)
        assert [(each.open, each.late) for each in told.queues] == [(most, most)] * 2
        took[cases] = _steps(figures, store, now)
        store.close()
    assert 0 < took[100_000] < 4 * took[1_000], took


def _steps(figures: Figures, store: Store, now: int) -> int:
    """Of how many hundreds of steps of SQLite's machine the wall is made."""
    steps = 0

    def step() -> bool:
        nonlocal steps
        steps += 1
        return False

    store.connection.set_progress_handler(step, 100)
    figures.wall(store, now)
    store.connection.set_progress_handler(None)
    return steps
