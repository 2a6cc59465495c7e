"""The server's log: one JSON object a line, for a machine to read.

Every line has time, level and event; a request's line has its method, path, status, milliseconds,
key name and id. Nothing else of a request is written: no query, no header, no content, and of its
path only words that the program itself uses, so that no token and no account id stands in a log.
What other libraries log is cut to its fixed part. This module must never write an exception's
message: it may hold anything.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

import msgspec

from ombud import clock

LOGGER = logging.getLogger("ombud")
LEVELS = ("debug", "info", "warning")
EVENT_LENGTH_MAX = 120
FRAMES_MAX = 12

# The words a path is made of; every other part of a path is somebody's.
WORDS = frozenset(
    {
        "",
        "account",
        "accounts",
        "actions",
        "appeal",
        "appeals",
        "back",
        "black-out",
        "capabilities",
        "cases",
        "check",
        "checkpoint",
        "connections",
        "demands",
        "demo",
        "edit",
        "entries",
        "erasure",
        "events",
        "favicon.ico",
        "fresh",
        "health",
        "history",
        "incidents",
        "keys",
        "labels",
        "ledger",
        "link",
        "lists",
        "log",
        "login",
        "logout",
        "looks",
        "lookup",
        "me",
        "metrics",
        "new",
        "notice",
        "openapi.json",
        "opening",
        "openid",
        "orders",
        "quality",
        "ready",
        "records",
        "retention",
        "robots.txt",
        "rules",
        "staff",
        "start",
        "statements",
        "static",
        "tile",
        "v1",
        "wall",
    }
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
PARTS_MAX = 8

_ANY_PATH = re.compile(r"/\S+|\S+://\S+|'[^']*'|\"[^\"]*\"")
_encode = msgspec.json.Encoder().encode


def path(sent: str) -> str:
    """A path as it is logged: what is not one of WORDS is cut off."""
    parts = sent.split("/", PARTS_MAX)[:PARTS_MAX]
    return "/".join(part if part in WORDS else "-" for part in parts)


def method(sent: str) -> str:
    """A method as it is logged."""
    return sent if sent in METHODS else "-"


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": clock.rfc3339(int(record.created * 1_000_000)),
            "level": record.levelname.lower(),
            "event": _event(record),
        }
        fields: Mapping[str, Any] = getattr(record, "fields", {})
        line.update(fields)
        if not record.name.startswith("ombud"):
            line["logger"] = record.name
        if record.exc_info and record.exc_info[0] is not None:
            line["fault"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])[-FRAMES_MAX:]
            line["at"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
        return _encode(line).decode()


def _event(record: logging.LogRecord) -> str:
    """What happened: the fixed words of the message, without what was filled in."""
    said = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    first = said.partition("\n")[0]
    if not record.name.startswith("ombud"):
        first = _ANY_PATH.sub("-", first)
    return first[:EVENT_LENGTH_MAX]


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send every log of this process to one stream (standard error), from one of LEVELS on."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    LOGGER.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.WARNING)


def say(level: int, event: str, **fields: object) -> None:
    """One line of our own. `event` is fixed words; what varies and may be known is a field."""
    if LOGGER.isEnabledFor(level):
        LOGGER.log(level, event, extra={"fields": fields})


def fault(event: str, **fields: object) -> None:
    """One line about the exception that is being handled: its type and place, not its message."""
    LOGGER.error(event, exc_info=True, extra={"fields": fields})
