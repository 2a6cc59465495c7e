"""The API over a real engine or a pretended one, until the end of a story: for tests of it."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from flow.small_community import prepare
from ombud.access import PlatformKey, digest
from ombud.app import Engine
from ombud.controls import programs
from ombud.doors import Doors
from ombud.web.api import Api
from ombud.web.exchange import App
from ombud.web.front import Front
from ombud.web.lanes import Engine as Inside
from ombud.web.metrics import Metrics
from web.asked import KEY, event

LINES = "application/x-ndjson"
ARRAY = "application/cloudevents-batch+json"


@asynccontextmanager
async def opened(engine: Inside, metrics: Metrics | None = None) -> AsyncIterator[Front]:
    """The API over an engine, until the end of the story."""
    counted = metrics or Metrics()
    api = Api(engine, counted)
    yield Front(api, counted)
    await api.close()


def over(
    engine: Inside, story: Callable[[App], Awaitable[None]], metrics: Metrics | None = None
) -> None:
    """Let a story happen."""

    async def whole() -> None:
        async with opened(engine, metrics) as front:
            await asyncio.wait_for(story(front), 60)

    asyncio.run(whole())


KEYS = {
    KEY: PlatformKey(name="all", sources=("chat/*",)),
    "omb_posts": PlatformKey(
        name="posts", sources=("chat/hall",), kinds=("post",), doors=("events", "check")
    ),
    "omb_report": PlatformKey(name="report", sources=("chat/*",), doors=("report",)),
}


@contextmanager
def real(folder: Path, settings: str = "") -> Iterator[Doors]:
    """The doors of a real engine over a new community, with KEYS."""
    prepare(folder, settings="procedural_holds = true\n" + settings)
    with Engine(folder) as engine:
        for name, key in KEYS.items():
            engine.control(programs.made(key, digest(name)))
        doors = Doors(engine, "http://127.0.0.1:1")
        try:
            yield doors
        finally:
            doors.close()


_numbers = itertools.count(1000)


def fresh(**more: Any) -> dict[str, Any]:
    """An event that nobody has sent yet."""
    return event(next(_numbers), **more)


def bad_bags(**more: Any) -> dict[str, Any]:
    """An event that a rule holds."""
    author = {"id": f"acct-{next(_numbers)}", "lang": "en"}
    return fresh(data={"text": "cheap bags", "author": author}, **more)


def body(*told: dict[str, Any]) -> bytes:
    """One event as JSON, several as an array."""
    return json.dumps(told[0] if len(told) == 1 else told).encode()
