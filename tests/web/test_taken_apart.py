"""A transaction of any length is read event by event, whoever makes it long."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.web.taken_apart import EVENT_MAX, PIECE_MAX, Apart

_text = st.text(st.sampled_from('"\\{}[]ế,:a\n'), max_size=6)
_value = st.recursive(
    st.none() | st.integers() | _text | st.just("events"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=6,
)
_event = st.dictionaries(_text | st.just("events"), _value, max_size=4)


def apart(sent: bytes, size: int = 1 << 16) -> Apart:
    """Taken apart as it comes in, so many bytes at a time; never much is held."""
    found = Apart()
    for at in range(0, len(sent), size):
        found.feed(sent[at : at + size])
        assert 0 <= found.held <= PIECE_MAX + size + 3 * EVENT_MAX
    return found


@given(
    st.lists(_event, max_size=4),
    st.dictionaries(_text, _value, max_size=3),
    st.integers(min_value=1, max_value=40),
    st.booleans(),
)
def test_the_events_are_those_that_a_reader_of_json_finds(
    sent: list[dict[str, Any]], other: dict[str, Any], size: int, spaced: bool
) -> None:
    """Wherever it is cut, whatever stands beside them, and however it is written."""
    whole = {**other, "events": sent, "later": other}
    indent = 1 if spaced else None
    content = json.dumps(whole, ensure_ascii=spaced, indent=indent).encode()
    found = apart(content, size)
    assert json.loads(found.content()) == {"events": sent}
    assert (found.left, found.held) == (0, sum(map(len, found._found)))


def test_what_stands_beside_an_invitation_makes_nothing_too_long() -> None:
    """The room's state goes, the event stays; so do those around it."""
    beside = [{"type": "m.room.name", "content": {"name": "x" * (EVENT_MAX * 2)}}]
    invited = {"type": "m.room.member", "unsigned": {"invite_room_state": beside, "age": 1}}
    sent = [{"a": 1}, invited, {"b": 2}]
    found = apart(json.dumps({"events": sent}).encode())
    kept = {"type": "m.room.member", "unsigned": {"age": 1}}
    assert msgspec.json.decode(found.content())["events"] == [{"a": 1}, kept, {"b": 2}]
    assert found.left == 0


@pytest.mark.parametrize("size", [EVENT_MAX + 1, PIECE_MAX + 1])
def test_what_is_longer_than_an_event_can_be_is_left_out_alone(size: int) -> None:
    """And said to be."""
    sent = [{"a": 1}, {"b": "x" * size}, {"c": 2}]
    found = apart(json.dumps({"events": sent}).encode())
    assert json.loads(found.content())["events"] == [{"a": 1}, {"c": 2}]
    assert found.left == 1
