"""Retention runs beside a running engine: by itself, in turns, and empties the logs behind it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from flow.small_community import (
    DAY,
    NOW,
    RULES,
    change,
    check,
    event,
    hold_together,
    line,
    prepare,
    rows,
)
from ombud.app import KEY_FILE, Engine
from ombud.config import BODY_DAYS
from ombud.errors import BadUse
from ombud.retention import Retention, days_kept, perform, settings_days, shown
from ombud.store.sqlite import Connection

COUNT = 300


@pytest.fixture
def clock() -> list[int]:
    return [NOW]


def told(first: int, count: int) -> bytes:
    return b"".join(line(event(f"n{n}", n / 10)) for n in range(first, first + count))


def keys_in(folder: Path) -> list[bytes]:
    file = Connection(folder / KEY_FILE, readonly=True, queries={"all": "SELECT key FROM body_key"})
    try:
        return [row[0] for row in file.all("all")]
    finally:
        file.close()


def lying(folder: Path, wanted: list[bytes]) -> list[str]:
    """In which files of a folder any of these bytes stand."""
    found = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [name for name, kept in found.items() for each in wanted if each in kept]


def test_it_runs_by_itself(tmp_path: Path, clock: list[int]) -> None:
    """Bodies go while the engine works, and their keys stand in no file any more."""
    with Engine(prepare(tmp_path, {}), now=lambda: clock[0]) as engine:
        engine.ingest([told(0, COUNT)])
        keys = keys_in(tmp_path)
        assert len(keys) == COUNT
        assert lying(tmp_path, keys)
        part = Retention(engine, every=0.05)
        part.start()
        clock[0] += 31 * DAY
        engine.ingest([told(COUNT, 10)])
        until = time.monotonic() + 30
        while len(keys_in(tmp_path)) > 10 and time.monotonic() < until:
            time.sleep(0.05)
        part.close()
        gone = [key for key in keys if key not in keys_in(tmp_path)]
        assert len(gone) == COUNT
        assert lying(tmp_path, gone) == []
    assert lying(tmp_path, gone) == []
    assert check(tmp_path).differences == []
    hold_together(tmp_path)


def test_it_ends_with_its_turn(tmp_path: Path, clock: list[int]) -> None:
    """A close in the middle leaves what is left for the next look."""
    with Engine(prepare(tmp_path, {}), now=lambda: clock[0]) as engine:
        engine.ingest([told(0, 4 * COUNT)])
        clock[0] += 31 * DAY
        part = Retention(engine)
        part._ended.set()
        assert part.look() == {}
        assert perform(engine)["bodies"] == 4 * COUNT


def test_two_at_once_do_it_once(tmp_path: Path, clock: list[int]) -> None:
    """By itself and by command at the same moment."""
    with Engine(prepare(tmp_path, {}), now=lambda: clock[0]) as engine:
        engine.ingest([told(0, 4 * COUNT)])
        clock[0] += 31 * DAY
        found: list[int] = []
        looks = [
            threading.Thread(target=lambda: found.append(perform(engine)["bodies"])) for _ in "ab"
        ]
        for each in looks:
            each.start()
        for each in looks:
            each.join()
        assert sum(found) == 4 * COUNT


def test_what_was_kept_is_looked_at_again_after_a_day(tmp_path: Path, clock: list[int]) -> None:
    """Within a day only what is behind the last look; after one everything."""
    with Engine(prepare(tmp_path, RULES), now=lambda: clock[0]) as engine:
        engine.submit([line(event(1, 1, text="cheap bags")), line(event(2, 2))])
        part = Retention(engine)
        clock[0] += 31 * DAY
        assert part.look() == {"bodies": 1}
        change(tmp_path, "UPDATE review_case SET closed = 1")
        change(tmp_path, "DELETE FROM decision")
        clock[0] += DAY // 2
        assert part.look() == {}
        clock[0] += DAY
        assert part.look() == {"bodies": 1}


def test_the_days_are_those_in_force(tmp_path: Path, clock: list[int]) -> None:
    """By the settings where they were activated, else by the file; a broken one ends nothing."""
    assert settings_days(tmp_path) == BODY_DAYS
    folder = prepare(tmp_path, {}, settings="body_days = 90\n")
    with Engine(folder, now=lambda: clock[0]) as engine:
        assert days_kept(engine) == 90
        engine.ingest([told(0, 5)])
        clock[0] += 60 * DAY
        assert perform(engine)["bodies"] == 0
    with Engine(folder, now=lambda: clock[0], activate=False) as engine:
        assert days_kept(engine) == 90
        (folder / "ombud.toml").write_text("body_days = 3\n", encoding="utf-8")
        with pytest.raises(BadUse, match="U001"):
            perform(engine)
    assert rows(folder, "SELECT count(*) FROM body") == [(5,)]


def test_what_is_kept_is_told(tmp_path: Path, clock: list[int]) -> None:
    """How many, since when, and how many for longer than their days."""
    with Engine(prepare(tmp_path, RULES), now=lambda: clock[0]) as engine:
        engine.submit([line(event(1, 1, text="cheap bags")), line(event(2, 2))])
        clock[0] += 31 * DAY
        engine.submit([line(event(3, 3))])
        perform(engine)
        found = shown(engine.store, 30, clock[0])
    assert found == {
        "body_days": 30,
        "bodies": 2,
        "oldest": "2026-03-02T12:00:00.000001Z",
        "over_age": 1,
    }
