"""The reason of a flag: one word for the many ways to write it; empty where none was told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ombud.model import Data, Event
from ombud.signals.declare import SIGNALS
from ombud.signals.observation import Observation
from signals.test_signals_memory import Tokens


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("Private-Data", "private data"),
        ("private_data", "private data"),
        (" private  data ", "private data"),
        ("DỮ LIỆU RIÊNG", "dữ liệu riêng"),
        ("spam", "spam"),
        ("-", ""),
        (None, ""),
    ],
)
def test_the_reason_is_read_as_a_name(told: str | None, found: str) -> None:
    """Case, hyphens, underscores and spaces make no difference."""
    now = datetime.now(UTC)
    event = Event(id="1", source="chat/a", type="flag.created", time=now, data=Data(reason=told))
    assert SIGNALS["flag.reason"].compute(Observation(event, "flag", Tokens())) == found
