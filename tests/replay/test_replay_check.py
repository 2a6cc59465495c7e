"""Replay: what it counts and names, another program's signals, and that it never writes.

The stories over whole pasts stand in `flow/test_whole_pasts.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from flow.small_community import NOW, check, crowd, event, line, prepare, replayed, rows
from flow.test_whole_pasts import NEW_RULES
from ombud.activation import program
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.replay import records
from ombud.replay.check import Replay
from ombud.rules.checked import CheckedRule
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.windows import counts as windows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community with a past."""
    made = prepare(tmp_path_factory.mktemp("past"))
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(map(line, crowd(111, 120)))])
    return made


def test_replay_writes_nothing(folder: Path) -> None:
    """Not a byte of the data folder changes, and twice gives the same outcome."""

    def state() -> dict[str, str]:
        return {
            str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*")
            if path.is_file() and not path.name.endswith(("-shm", "-wal"))
        }

    before = state()
    assert check(folder) == check(folder)
    assert state() == before


def test_another_program_judges_from_facts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signals that this program has in another version are not run: recorded facts are judged."""
    here = program.named

    def other(rules: Iterable[CheckedRule]) -> dict[str, Any]:
        return {**here(rules), "unicode": "other"}

    monkeypatch.setattr(program, "named", other)
    outcome = check(folder)
    unjudged = rows(folder, "SELECT count(*) FROM journal WHERE kind IS NULL")[0][0]
    assert (outcome.different, outcome.not_recomputable) == (0, 0)
    assert (outcome.same, outcome.from_facts) == (unjudged, 121 - unjudged)


@pytest.mark.parametrize("step", [1, 7, 30, 50])
def test_what_is_erased_beside_a_check_is_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """An account with records that were read already, were fetched, and are still to come is erased
    while the check goes on; a new rule and another erasure fill windows again after that.
    """
    made = prepare(tmp_path)
    file = made / "rules" / "bags.rule"
    with Engine(made, now=lambda: NOW) as engine:
        engine.submit([line(each) for each in crowd(111, 60)])
        engine.submit([line(event("odd", 100, author={"id": "odd"}, text="hello"))])
        file.write_text(file.read_text().replace("thanks", "thank you"))
        engine.reload()
        engine.erase("chat", "odd")
        engine.submit([line(each) for each in crowd(111, 60, first=60)])
        monkeypatch.setattr(records, "STEP", step)
        store = Store(made / STORE_FILE, readonly=True)
        keys = KeyFile(made / KEY_FILE, readonly=True)
        erased: list[int] = []

        def beside(seq: int) -> None:
            if seq >= 30 and not erased:
                erased.append(engine.erase("chat", "person3"))

        try:
            outcome = Replay(store, keys).check(beside)
        finally:
            store.close()
            keys.close()
    assert erased[0] > 5
    assert outcome.differences == []
    assert outcome.from_facts > 0


def test_facts_are_found_by_their_names(folder: Path) -> None:
    """Where this program numbers facts otherwise, the names of the journal are gone by."""
    run = replayed(folder)
    record = next(each for each in _records(run, folder) if each.facts)
    names = run.slots
    told = run._recorded(record)
    assert told
    run.slots = ["nothing", *names]
    shifted = run._recorded(record)
    assert shifted is None or shifted == {slot - 1: value for slot, value in told.items()}
    run.slots = ["unheard of"] * len(names)
    assert run._recorded(record) is None


def _records(run: Replay, folder: Path) -> list[Any]:
    from ombud.journal import Record

    assert run.outcome.different == 0
    columns = ", ".join(Record.__dataclass_fields__).removesuffix(", sealed")
    return [Record(*row) for row in rows(folder, f"SELECT {columns} FROM journal")]  # noqa: S608


def test_what_an_erased_entry_had_pushed_out_is_no_difference(tmp_path: Path) -> None:
    """A full window lost an entry to a later one, which is erased since: told as a gap."""
    name = "look-alikes.rule"
    folder = prepare(tmp_path, {name: NEW_RULES[name]})
    came = [
        (1, 900, "ana", "Walter Egg", "chat/a"),
        (2, 910, "ben", "Zoe Tran", "chat/a"),
        (3, 100, "cy", "Igor Blum", "chat/b"),
    ]
    with mock.patch.object(windows, "CAP", 5):
        with Engine(folder, now=lambda: NOW) as engine:
            for n, at, who, called, source in came:
                author = {"id": who, "name": called}
                told = event(n, at, type="member.joined", source=source, author=author)
                engine.submit([line(told)])
            engine.erase("chat", "ben")
        outcome = replayed(folder).outcome
    assert outcome.differences == []
    assert outcome.from_facts == 2


def test_what_is_undone_beside_a_check_is_no_difference(tmp_path: Path) -> None:
    """A check speaks of the journal as it stood when it began, whatever is done meanwhile."""
    folder = prepare(tmp_path)
    known = records.last
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(n, text=f"cheap bags {n}")) for n in range(3)])

        def begun(store: Store) -> int:
            seq = known(store)
            assert len(engine.undo("admin", rule="bags")) == 3
            return seq

        with mock.patch.object(records, "last", begun):
            assert replayed(folder).outcome.differences == []
        assert replayed(folder).outcome.differences == []
