"""Events as they come over the wire, and the refusals they get."""

from __future__ import annotations

import json

import pytest

from ombud import events
from ombud.errors import BadEvent

MINIMAL = {
    "id": "1",
    "source": "forum/general",
    "type": "post.created",
    "time": "2026-11-22T10:00:00Z",
}


def wire(data: object = None, **more: object) -> bytes:
    """A minimal event with some `data` and other envelope fields, as it comes over the wire."""
    body: dict[str, object] = {**MINIMAL, **more}
    if data is not None:
        body["data"] = data
    return json.dumps(body).encode()


def refusal(line: bytes) -> BadEvent:
    """The error a line is refused with."""
    with pytest.raises(BadEvent) as caught:
        events.decode(line)
    return caught.value
