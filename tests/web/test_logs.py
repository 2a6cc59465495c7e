"""The log: one JSON object a line, and nothing in it that was not meant for it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from ombud.web import logs

PLANTED = "planted-7f3a"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Every log of this process, until the test is over."""
    root = logging.getLogger()
    named = [logging.getLogger(name) for name in ("ombud", "uvicorn", "uvicorn.error")]
    before = (root.handlers[:], root.level, [logger.level for logger in named])
    found = io.StringIO()
    logs.configure("debug", found)
    yield found
    root.handlers[:], root.level = before[0], before[1]
    for logger, level in zip(named, before[2], strict=True):
        logger.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """What was logged."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line(stream: io.StringIO) -> None:
    """Time, level, event and the fields that were given."""
    logs.say(logging.INFO, "request", status=200, ms=1.5, key="forum")
    (line,) = lines(stream)
    assert line.pop("time").endswith("Z")
    assert line == {"level": "info", "event": "request", "status": 200, "ms": 1.5, "key": "forum"}


def test_levels(stream: io.StringIO) -> None:
    """Below the level nothing is written."""
    logs.configure("warning", stream)
    logs.say(logging.INFO, "request")
    logs.say(logging.WARNING, "trouble")
    assert [line["event"] for line in lines(stream)] == ["trouble"]


def test_an_exception_without_its_words(stream: io.StringIO) -> None:
    """Type and place of an exception are written, never its message."""
    try:
        raise ValueError(PLANTED)
    except ValueError:
        logs.fault("request failed", id="a-1")
    (line,) = lines(stream)
    assert (line["fault"], line["id"]) == ("ValueError", "a-1")
    assert line["at"][-1].startswith("test_logs.py:")
    assert PLANTED not in stream.getvalue()


@pytest.mark.parametrize(
    "name", ["uvicorn.error", "uvicorn.access", "asyncio", "litestar", "other"]
)
def test_the_log_of_others(name: str, stream: io.StringIO) -> None:
    """What libraries log comes as JSON too, without paths and what they filled in."""
    logger = logging.getLogger(name)
    logger.warning("failed for %s", PLANTED)
    logger.warning(f"at /notice/{PLANTED} and 'https://x.example/{PLANTED}'")
    logger.error(f"Task exception was never retrieved\nfuture: {PLANTED}")
    logger.error(ValueError(PLANTED))
    try:
        raise KeyError(PLANTED)
    except KeyError:
        logger.exception("Exception in ASGI application\n")
    found = lines(stream)
    assert len(found) == 5
    assert all(line["logger"] == name for line in found)
    assert PLANTED not in stream.getvalue()
    assert found[2]["event"] == "Task exception was never retrieved"
    assert found[4]["fault"] == "KeyError"


@pytest.mark.parametrize(
    ("sent", "logged"),
    [
        ("/v1/events", "/v1/events"),
        ("/", "/"),
        (f"/notice/{PLANTED}", "/notice/-"),
        (f"/notice/{PLANTED}/appeal", "/notice/-/appeal"),
        (f"/v1/actions/{PLANTED}", "/v1/actions/-"),
        (f"/{PLANTED}", "/-"),
        ("/ledger/tile/0/x001/067", "/ledger/tile/-/-/-"),
        ("/" + "v1/" * 99, "/v1/v1/v1/v1/v1/v1/v1"),
        ("/notice\n/appeal\x1b", "/-/-"),
    ],
)
def test_paths(sent: str, logged: str) -> None:
    """Of a path only the program's own words are written, and not many of them."""
    assert logs.path(sent) == logged


def test_methods() -> None:
    """A method that nobody knows is not repeated."""
    assert logs.method("GET") == "GET"
    assert logs.method(PLANTED) == "-"
