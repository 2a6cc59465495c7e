"""What cannot be read in a transaction costs nothing else of it, however it came about."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.rooms_told import Rooms, state, told
from ombud.connectors import matrix_events
from ombud.controls import programs
from ombud.doors import Doors
from ombud.web import transactions
from ombud.web.exchange import App
from web.asked import ask
from web.over_engine import over, real
from web.test_transactions import ROOM, SECTION, kept, put, said

POISON = {"body": "x", "msgtype": "m.text", "m.new_content": {"msgtype": ["m.text"]}}


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """A real engine with a homeserver, at which the room is public."""
    server, folder = Rooms(), tmp_path_factory.mktemp("spared") / "data"
    server.rooms = {ROOM: state("public")}
    with told(server) as url, real(folder, SECTION.format(url=url)) as found:
        found.engine.control(programs.signed("chat", bytes(32)))
        yield found


def test_odd_kinds_are_read_like_none(doors: Doors) -> None:
    """Synapse takes a list for the kind of what a message is replaced by, and for a sticker's."""
    odd = (
        said(content=POISON),
        said(type="m.sticker", content={**POISON, "msgtype": ["m.text"], "url": "mxc://hs/a"}),
        said(type=["m.room.message"]),
        said(type={"m.room.message": 1}),
    )
    before = kept(doors)

    async def story(app: App) -> None:
        answer = await put(app, *odd, said())
        assert (answer.status, answer.json) == (200, {})

    over(doors, story)
    assert kept(doors) - before == 3


def test_an_event_that_reading_fails_at_costs_itself_alone(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is raised: a homeserver would send the transaction again for ever. The log says what
    and where, and nothing that was said.
    """
    mapped = matrix_events.mapped

    def fails(event: dict[str, Any], *given: Any, **named: Any) -> Any:
        if event["content"]["body"] == "planted":
            raise TypeError("planted")
        return mapped(event, *given, **named)

    monkeypatch.setattr(matrix_events, "mapped", fails)
    before = kept(doors)

    async def story(app: App) -> None:
        answer = await put(app, said(), said("planted"), said())
        assert (answer.status, answer.json) == (200, {})

    with caplog.at_level(logging.ERROR):
        over(doors, story)
    assert kept(doors) - before == 2
    (line,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert line.getMessage() == "an event could not be read"


def test_a_text_that_never_ends_is_read_once() -> None:
    """Every quotation mark of it was tried as the beginning of another: 84 kB took two minutes,
    and this would take days.
    """
    deep = b"[" * 2000 + b"]" * 2000
    endless = b'{"events":[' + deep + b',"' + b'\\"' * 1_000_000
    assert transactions._shallow(endless) == endless.replace(deep, b"[" * 98 + b"null" + b"]" * 98)


def test_it_is_refused_as_none(doors: Doors) -> None:
    """With an error in three parts."""
    endless = b'{"events":[' + b"[" * 2000 + b"]" * 2000 + b',"' + b'\\"' * 100_000

    async def story(app: App) -> None:
        answer = await ask(app, "PUT", "/_matrix/app/v1/transactions/1", endless)
        assert answer.status == 422
        assert json.dumps(answer.json).count("U483") == 1

    over(doors, story)
