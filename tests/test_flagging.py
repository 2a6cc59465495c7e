"""A running server asks homeservers what was reported: kept once, whatever ends in between."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flow.served_platform import wait
from flow.small_community import prepare, rows
from ombud import clock, homeserver, session
from ombud.app import Engine
from ombud.connectors import matrix_reports, matrix_scope
from ombud.connectors.matrix_client import Client, Said
from ombud.doors import Doors
from ombud.flagging import Flagging
from ombud.homeserver import Wanted

WANTED = Wanted("http://127.0.0.1:1", "hs", ["!a"], allow=["127.0.0.1"])
KEPT = "SELECT count(*) FROM journal WHERE type = 'flag.created'"


def report(number: int) -> dict[str, Any]:
    """A report of a message, made just now."""
    told = {"id": number, "received_ts": clock.now() // 1000, "room_id": "!a"}
    return {**told, "event_id": f"$e{number}", "user_id": "@bo:hs", "sender": "@ana:hs"}


@pytest.fixture(autouse=True)
def open_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room is public."""
    found = matrix_scope.Room(encrypted=False, public=True)
    monkeypatch.setattr(matrix_scope, "look", lambda *_: found)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the homeserver would tell of messages, newest first."""
    reports: list[Any] = []

    def pages(self: Client, path: str, **_: Any) -> Iterator[Any]:  # noqa: ARG001
        yield from reports if path == matrix_reports.MESSAGES.path else []

    monkeypatch.setattr(Client, "pages", pages)
    return reports


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community that a homeserver is connected to."""
    with session.engine(prepare(tmp_path / "data")) as running:
        homeserver.connect(running, "talk", WANTED)
        yield running


def test_a_report_is_kept_once(engine: Engine, told: list[Any]) -> None:
    """By one process and by the next one; what is new is added."""
    settings = engine.settings.matrix["talk"]
    with closing(Doors(engine, "http://a.example")) as doors:
        first, second = Flagging(doors), Flagging(doors)
        told[:] = [report(2), report(1)]
        assert [first.look("talk", settings) for _ in range(2)] == [2, 0]
        assert second.look("talk", settings) == 0
        told.insert(0, report(3))
        assert (second.look("talk", settings), first.look("talk", settings)) == (1, 0)
        assert rows(engine.folder, KEPT) == [(3,)]


def test_a_homeserver_that_is_away_is_asked_again(engine: Engine, told: list[Any]) -> None:
    """Nothing is read up to where it broke off; a platform without a token is left."""
    settings = engine.settings.matrix["talk"]
    with closing(Doors(engine, "http://a.example")) as doors:
        flagging = Flagging(doors)
        told[:] = [report(1), Said(0, trouble="away")]
        assert flagging.look("talk", settings) == 0
        assert rows(engine.folder, KEPT) == [(0,)]
        told.pop()
        assert flagging.look("talk", settings) == 1
        assert flagging.look("other", settings) == 0


def test_it_asks_by_itself_and_ends(engine: Engine, told: list[Any]) -> None:
    """On its own thread, from start to close."""
    told[:] = [report(1)]
    with closing(Doors(engine, "http://a.example")) as doors:
        with closing(Flagging(doors)) as flagging:
            flagging.start()
            wait(lambda: rows(engine.folder, KEPT) == [(1,)], "nobody asked")
        assert not flagging._thread.is_alive()


def test_one_that_does_not_answer_holds_up_no_other(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one homeserver is still being waited for, what another one tells is kept."""
    homeserver.connect(engine, "slow", WANTED._replace(url="http://127.0.0.1:2"))
    begun, over = threading.Event(), threading.Event()

    def pages(self: Client, path: str, **_: Any) -> Iterator[Any]:
        if self._place.port == 2:
            begun.set()
            assert over.wait(60)
        elif path == matrix_reports.MESSAGES.path:
            yield report(1)

    monkeypatch.setattr(Client, "pages", pages)
    with closing(Doors(engine, "http://a.example")) as doors, closing(Flagging(doors)) as flagging:
        flagging.start()
        assert begun.wait(60)
        wait(lambda: rows(engine.folder, KEPT) == [(1,)], "it waits behind the other")
        over.set()
