"""Ids of statements: one for each decision that took hold, once, for ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from dsa.filed_community import change, held, standing
from flow.small_community import NOW, event, line, rows
from ombud import backup, filing, staffing
from ombud.app import KEY_FILE, Engine
from ombud.clock import DAY
from ombud.config import STORE_FILE
from ombud.errors import BadUse
from ombud.filing import REFUSED, SENDING, TAKEN, WRITTEN, Filed, Moved
from ombud.rules.vocabulary import ACTIONS


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community with five decisions."""
    held(tmp_path, 5)
    with Engine(tmp_path, now=lambda: NOW, activate=False) as running:
        yield running


def _leaves(engine: Engine) -> list[int]:
    return [int(row[0]) for row in rows(engine.folder, "SELECT leaf FROM filing ORDER BY leaf")]


def _puids(engine: Engine) -> list[str]:
    return [str(row[0]) for row in rows(engine.folder, "SELECT puid FROM filing ORDER BY leaf")]


def test_every_decision_gets_one_id_once(engine: Engine) -> None:
    """Of the letters the database takes, and the same ever after; nobody without the key can tell
    whose one is, or when it was given.
    """
    assert engine.changed(Filed(-1)).touched == 5
    puids = _puids(engine)
    assert len(set(puids)) == 5
    assert all(len(each) == 32 and set(each) <= set("0123456789abcdef") for each in puids)
    assert len({each[:8] for each in puids}) == 5
    assert engine.changed(Filed(-1)).touched == 0
    assert _puids(engine) == puids


def test_an_id_follows_from_its_decision_and_the_key() -> None:
    """The same one whenever it is asked for; of another decision or key it is another. No time is
    in it: the hour of a hold says who it is.
    """
    first = filing.puid(bytes(32), "dec_a")
    assert filing.puid(bytes(32), "dec_a") == first
    others = {filing.puid(bytes(32), "dec_b"), filing.puid(bytes(31) + b"1", "dec_a")}
    assert len({first, *others}) == 3


def test_a_store_put_back_gives_the_same_ids_again(tmp_path: Path) -> None:
    """Of a backup from before anything was filed; what was decided since has others."""
    folder, old, new = tmp_path / "data", tmp_path / "backup", tmp_path / "new"
    held(folder, 3)
    backup.make(folder, old)
    with Engine(folder, now=lambda: NOW, activate=False) as running:
        running.changed(Filed(-1))
        before = _puids(running)
    backup.restore(old, new, folder / KEY_FILE, now=lambda: NOW)
    with Engine(new, now=lambda: NOW + DAY) as running:
        running.ingest([line(event(9, 9, text="cheap bags", author={"id": "p9"}))])
        assert running.changed(Filed(-1)).touched == 4
        assert _puids(running)[:3] == before
        assert len(set(_puids(running))) == 4


def test_only_part_of_the_log_is_gone_through_at_a_time(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies behind the line named, and no more than AT_ONCE lines of it."""
    monkeypatch.setattr(filing, "AT_ONCE", 2)
    first = int(rows(engine.folder, "SELECT min(leaf) FROM decision")[0][0])
    assert engine.changed(Filed(first)).touched == 2
    assert engine.changed(Filed(first - 1)).touched == 1
    assert engine.changed(Filed(first + 2)).touched == 2


@pytest.mark.parametrize(
    ("state", "filed"),
    [
        ("recorded", True),
        ("answered", True),
        ("delivered", True),
        ("confirmed", True),
        ("undeliverable", True),
        ("asked", False),
        ("sending", False),
        ("awaiting publication", False),
        ("withdrawn", False),
        ("failed", False),
    ],
)
def test_what_never_took_hold_is_no_restriction(engine: Engine, state: str, filed: bool) -> None:
    """Taken back before it went out, given up, or still to go: it waits for what becomes of it."""
    change(engine.folder, f"UPDATE outbox SET state = '{state}'")  # noqa: S608
    assert (engine.changed(Filed(-1)).touched == 5) is filed
    change(engine.folder, "UPDATE outbox SET state = 'delivered'")
    assert engine.changed(Filed(-1)).touched == (0 if filed else 5)


def test_only_what_restricts_is_filed(engine: Engine) -> None:
    """A warning takes nothing from anybody; nor does a history beside live traffic."""
    first = "WHERE leaf = (SELECT min(leaf) FROM decision)"
    last = "WHERE leaf = (SELECT max(leaf) FROM decision)"
    change(
        engine.folder,
        f"UPDATE decision SET action = 'warn' {first}",  # noqa: S608
        f"UPDATE decision SET timeline = 'history' {last}",  # noqa: S608
    )
    assert engine.changed(Filed(-1)).touched == 3
    assert set(filing.RESTRICTING) == {name for name, form in ACTIONS.items() if form.restricts}


def test_a_statement_goes_its_way(engine: Engine) -> None:
    """On its way, then taken, refused or back; nothing else, and never from where it is not."""
    engine.changed(Filed(-1))
    leaves = tuple(_leaves(engine))
    assert engine.changed(Moved(leaves, WRITTEN, SENDING)).touched == 5
    assert engine.changed(Moved(leaves, WRITTEN, SENDING)).touched == 0
    assert engine.changed(Moved(leaves[:2], SENDING, TAKEN)).touched == 2
    assert engine.changed(Moved(leaves[2:4], SENDING, REFUSED, "category")).touched == 2
    assert engine.changed(Moved(leaves[4:], SENDING, WRITTEN)).touched == 1
    assert engine.changed(Moved((*leaves[:1], 10_000), SENDING, REFUSED)).touched == 0
    assert standing(engine.folder) == {"taken": 2, "refused": 2, "written": 1}
    assert engine.changed(Moved(leaves, REFUSED, WRITTEN)).touched == 2


@pytest.mark.parametrize(
    ("was", "state"), [(TAKEN, WRITTEN), (WRITTEN, TAKEN), (TAKEN, SENDING), ("", "x")]
)
def test_what_was_taken_stays_taken(engine: Engine, was: str, state: str) -> None:
    """No step leads out of it, and none past the mark that it is on its way."""
    engine.changed(Filed(-1))
    with pytest.raises(BadUse, match="cannot go") as caught:
        engine.changed(Moved(tuple(_leaves(engine)), was, state))
    assert caught.value.code == "U380"
    assert standing(engine.folder) == {"written": 5}


def test_no_more_than_a_batch_moves_at_once(engine: Engine) -> None:
    """A group of the writer stays short."""
    with pytest.raises(BadUse):
        engine.changed(Moved((1,) * 101, WRITTEN, SENDING))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM filing",
        "UPDATE filing SET puid = 'another'",
        "UPDATE filing SET leaf = leaf + 1000",
        "INSERT INTO filing (leaf, puid, made) SELECT leaf, 'another', 1 FROM filing LIMIT 1",
    ],
)
def test_an_id_is_kept_for_ever(engine: Engine, statement: str) -> None:
    """The store itself refuses to drop one, to change one, and to give a decision two."""
    engine.changed(Filed(-1))
    with pytest.raises(apsw.ConstraintError):
        change(engine.folder, statement)


def test_who_may_not_connect_platforms_may_not_file(tmp_path: Path) -> None:
    """Where there are accounts, it takes an admin's permission."""
    held(tmp_path, 2)
    with Engine(tmp_path, now=lambda: NOW) as engine:
        add_people(engine)
        with pytest.raises(BadUse) as caught:
            engine.changed(Filed(-1, "rosa"))
        assert caught.value.code == "U201"
        with pytest.raises(BadUse):
            engine.changed(Moved((1,), WRITTEN, SENDING, by="rosa"))
        assert engine.changed(Filed(-1, "ada")).touched == 2
    assert (tmp_path / STORE_FILE).exists()


def add_people(engine: Engine) -> None:
    """An admin, Ada, and a reviewer, Rosa."""
    for name, role, by in (("Ada", "admin", "admin"), ("Rosa", "reviewer", "ada")):
        staffing.perform(engine, {"change": "added", "name": name, "roles": [role], "by": by})
