"""What is never decided together with others."""

from __future__ import annotations

from typing import Any

import pytest

from flow.small_community import event, line
from ombud.events import decode
from ombud.explain import ThrowAway
from ombud.signals.observation import Observation, kind_of
from ombud.verdicts.apart import apart


@pytest.mark.parametrize(
    ("more", "settled", "why"),
    [
        ({"text": "cheap bags"}, False, None),
        ({"text": "cheap bags"}, True, "established"),
        ({"in_reply_to": {"id": "e1"}}, False, "reply"),
        ({"text": "hm\n > cheap bags"}, False, "quote"),
        ({"text": "[QUOTE=ana]cheap bags"}, False, "quote"),
        ({"text": "<blockquote>cheap bags"}, False, "quote"),
        ({"text": "5 > 3, is it not?"}, False, None),
        ({"in_reply_to": {"id": "e1"}}, True, "established"),
    ],
)
def test_replies_quotes_and_old_accounts_stand_apart(
    more: dict[str, Any], settled: bool, why: str | None
) -> None:
    """Who has been here for long first; a reply may object, a quote shows what others wrote."""
    told = decode(line(event(1, **more)))
    seen = Observation(told, kind_of(told) or "", ThrowAway())
    assert apart(seen, settled=settled) == why
