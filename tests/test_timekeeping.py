"""A clock that is far ahead ends nothing, at a start and while an engine runs, until it is
confirmed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import DAY, RULES, change, check, event, line, prepare, rows
from ombud import backup, clock, journal, retention, session, staffing, timekeeping
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.errors import BadUse
from ombud.staff import people
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

SECOND = 1_000_000
TODAY = 1_795_341_600_000_000
YEARS = 10 * 365 * DAY


class Machine:
    """A machine whose clock may say anything, and on which time passes all the same."""

    def __init__(self) -> None:
        self.says, self.passed = TODAY, 1_000.0

    def pass_time(self, seconds: float) -> None:
        self.says += int(seconds * SECOND)
        self.passed += seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(clock, "now", lambda: made.says)
    monkeypatch.setattr(clock, "passing", lambda: made.passed)
    return made


def held(folder: Path) -> list[tuple[object, ...]]:
    """What can end: bodies, and holds that are in force."""
    kept = rows(folder, "SELECT count(*) FROM body")
    return kept + rows(folder, "SELECT count(*) FROM decision WHERE ended IS NULL")


def started(folder: Path) -> Engine:
    """A community with something in it that ends."""
    engine = Engine(prepare(folder, RULES))
    engine.submit([line(event(1, 1, text="cheap bags")), line(event(2, 2))])
    assert held(folder) == [(2,), (1,)]
    return engine


def test_a_clock_that_jumps_while_it_runs_ends_nothing(tmp_path: Path, machine: Machine) -> None:
    """Neither texts nor holds; and what comes meanwhile is dated as time passes. Once somebody says
    that the clock is right, all that has ended goes.
    """
    with started(tmp_path) as engine:
        machine.says += YEARS
        machine.passed += 60
        assert retention.perform(engine)["bodies"] == 0
        engine.submit([line(event(3, 3))])
        assert held(tmp_path) == [(3,), (1,)]
        (recv,) = rows(tmp_path, "SELECT max(recv) FROM journal")[0]
        assert TODAY + 60 * SECOND <= recv < TODAY + 61 * SECOND
        assert engine.wall.ahead == YEARS - 60 * SECOND
        assert session.perform(engine, "confirm clock", {})["was_ahead_days"] == 3649
        assert engine.wall.ahead == 0
        engine.submit([line(event(4, 4))])
        assert retention.perform(engine)["bodies"] == 2  # about the held one a case is open
        assert held(tmp_path) == [(2,), (0,)]


def test_a_clock_that_comes_back_is_believed_again(tmp_path: Path, machine: Machine) -> None:
    """Nobody has to say anything, and nothing was dated by it."""
    with started(tmp_path) as engine:
        machine.says += YEARS
        engine.submit([line(event(3, 3))])
        machine.says -= YEARS
        machine.pass_time(5)
        engine.submit([line(event(4, 4))])
        assert engine.wall.ahead == 0
        (recv,) = rows(tmp_path, "SELECT max(recv) FROM journal")[0]
        assert TODAY + 5 * SECOND <= recv < TODAY + 6 * SECOND


def test_a_start_long_after_the_last_run_is_refused(tmp_path: Path, machine: Machine) -> None:
    """Whatever would start it; nothing has changed then. Within seven days it starts."""
    started(tmp_path).close()
    machine.pass_time(7 * 86_400)
    Engine(tmp_path).close()
    before = rows(tmp_path, "SELECT * FROM head"), held(tmp_path)
    machine.pass_time(7 * 86_400 + 1)
    with pytest.raises(BadUse, match="U457") as refused:
        session.request(tmp_path, "retain")
    assert "2026-12-06T10:00:01Z" in refused.value.message
    assert "ombud clock confirm" in refused.value.hint
    assert (rows(tmp_path, "SELECT * FROM head"), held(tmp_path)) == before
    session.confirm_clock(tmp_path)
    assert session.request(tmp_path, "retain")["bodies"] == 0
    machine.pass_time(7 * 86_400)
    Engine(tmp_path).close()


def test_a_quiet_community_that_runs_is_not_refused(tmp_path: Path, machine: Machine) -> None:
    """What counts is when it ran, not when something last came: weeks without an event, and a
    process that was killed afterwards.
    """
    engine = started(tmp_path)
    for _ in range(5):
        machine.pass_time(6 * 86_400)
        engine.publish()  # as by itself, every hour
    (seen,) = rows(tmp_path, "SELECT seen FROM head")[0]
    assert seen == machine.says
    engine._close_all()  # without an orderly end
    machine.pass_time(86_400)
    Engine(tmp_path).close()


def test_a_store_that_never_ran_so_starts(tmp_path: Path, machine: Machine) -> None:
    """One that an earlier program left has nothing to go by."""
    started(tmp_path).close()
    change(tmp_path, "UPDATE head SET seen = 0")
    machine.pass_time(YEARS / SECOND)
    Engine(tmp_path).close()
    assert rows(tmp_path, "SELECT seen FROM head") == [(machine.says,)]


def test_who_restores_an_old_backup_has_said_so(tmp_path: Path, machine: Machine) -> None:
    """It starts, and goes on from there."""
    started(tmp_path / "old").close()
    backup.make(tmp_path / "old", tmp_path / "backup")
    machine.pass_time(60 * 86_400)
    backup.restore(tmp_path / "backup", tmp_path / "new", tmp_path / "old" / KEY_FILE)
    Engine(tmp_path / "new").close()


def confirmed(folder: Path) -> list[tuple[object, ...]]:
    """Who has confirmed the clock, and how far ahead it was, as the journal tells it."""
    found: list[tuple[object, ...]] = []
    store = Store(folder / STORE_FILE, readonly=True)
    keys = KeyFile(folder / KEY_FILE, readonly=True)
    for _, _, payload in store.all("controls", ("!clock",)):
        told = journal.read_json(payload)
        found.append((people.name_of(keys, told["by"]), told["ahead"] // DAY))
    keys.close()
    store.close()
    return found


def test_who_confirmed_the_clock_stands_in_the_journal(tmp_path: Path, machine: Machine) -> None:
    """At a start and while an engine runs, with how far ahead it was."""
    with started(tmp_path) as engine:
        staffing.change(engine, "added", "Mia", "admin", roles=["admin"])
        machine.says += YEARS
        assert session.perform(engine, "confirm clock", {"by": "Mia"})["was_ahead_days"] == 3650
        assert confirmed(tmp_path) == [("mia", 3650)]
    machine.pass_time(60 * 86_400)
    assert session.confirm_clock(tmp_path, "Mia")["was_ahead_days"] == 60
    assert confirmed(tmp_path) == [("mia", 3650), ("mia", 60)]
    assert check(tmp_path).different == 0


def test_who_may_not_confirms_nothing(tmp_path: Path, machine: Machine) -> None:
    """Neither a running engine's clock nor one's own: nothing has started, nothing has ended."""
    with started(tmp_path) as engine:
        staffing.change(engine, "added", "Mia", "admin", roles=["admin"])
        staffing.change(engine, "added", "Bo", "admin", roles=["reviewer"])
        machine.says += YEARS
        with pytest.raises(BadUse, match="U201"):
            session.perform(engine, "confirm clock", {"by": "Bo"})
        assert retention.perform(engine)["bodies"] == 0
        machine.says -= YEARS
    machine.pass_time(60 * 86_400)
    before = rows(tmp_path, "SELECT * FROM head"), held(tmp_path)
    with pytest.raises(BadUse, match="U201"):
        session.confirm_clock(tmp_path, "Bo")
    assert (rows(tmp_path, "SELECT * FROM head"), held(tmp_path)) == before
    assert confirmed(tmp_path) == []


@pytest.mark.usefixtures("machine")
def test_how_it_stands_is_told(tmp_path: Path) -> None:
    """Before anything starts."""
    started(tmp_path).close()
    store = Store(tmp_path / STORE_FILE, readonly=True)
    try:
        assert timekeeping.shown(store, TODAY + 7 * DAY) == {
            "now": "2026-11-29T10:00:00Z",
            "last_seen": "2026-11-22T10:00:00Z",
            "believed": True,
        }
        assert not timekeeping.shown(store, TODAY + 7 * DAY + 1)["believed"]
    finally:
        store.close()
