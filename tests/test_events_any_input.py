"""Events from any bytes at all, in batches and in streams of lines."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud import events
from ombud.errors import BadEvent
from ombud.model import (
    EVENT_BYTES_MAX,
    KIND_OF_TYPE,
    Account,
    Before,
    Data,
    Event,
    Link,
    Media,
    Reply,
    Reported,
    Room,
    Server,
)
from wire import MINIMAL, wire

# --- any event, any bytes ------------------------------------------------------------------------

moments = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC)
)
identifiers = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20).filter(
    str.isprintable
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
accounts = st.builds(
    Account,
    id=identifiers,
    name=st.none() | texts,
    created=st.none() | moments,
    lang=st.none() | st.just("vi"),
    roles=st.lists(identifiers, max_size=2).map(tuple),
)
links = st.lists(st.builds(Link, url=texts, shown=st.none() | texts), max_size=3).map(tuple)
whole_events = st.builds(
    Event,
    id=identifiers,
    source=identifiers,
    type=st.sampled_from(sorted(KIND_OF_TYPE)),
    time=moments,
    subject=st.none() | identifiers,
    data=st.builds(
        Data,
        author=st.none() | accounts,
        text=st.none() | texts,
        room=st.none() | st.builds(Room, id=identifiers, name=st.none() | texts),
        server=st.none() | st.builds(Server, id=identifiers, created=st.none() | moments),
        in_reply_to=st.none() | st.builds(Reply, id=identifiers, author=st.none() | accounts),
        mentions=st.none() | st.lists(accounts, max_size=2).map(tuple),
        links=st.none() | links,
        media=st.none() | st.lists(st.builds(Media, id=identifiers), max_size=2).map(tuple),
        before=st.none() | st.builds(Before, text=texts, links=links, time=moments),
        reporter=st.none() | accounts,
        reported=st.none()
        | identifiers
        | st.builds(Reported, id=identifiers, author=st.none() | accounts),
        reason=st.none() | texts,
        check_id=st.none() | identifiers,
    ),
)


@given(whole_events)
@settings(deadline=None, max_examples=150)
def test_decode_undoes_encode(event: Event) -> None:
    """Every event comes back from its canonical form as it was, and with the same form."""
    again = events.decode(events.encode(event))
    assert again == event
    assert events.encode(again) == events.encode(event)


@given(whole_events, st.integers(-14 * 60, 14 * 60))
@settings(deadline=None, max_examples=50)
def test_canonical_form_does_not_depend_on_the_zone(event: Event, minutes: int) -> None:
    """The same instant under any offset gives the same canonical bytes."""
    zone = timezone(timedelta(minutes=minutes))
    body = json.loads(events.encode(event))
    body["time"] = event.time.astimezone(zone).isoformat()
    assert events.encode(events.decode(json.dumps(body).encode())) == events.encode(event)


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_an_event_or_refused(line: bytes) -> None:
    """No bytes raise anything but BadEvent."""
    assert isinstance(events.attempt(line), (Event, BadEvent))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(Data.__struct_fields__) | st.text(max_size=5), inner)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(Event.__struct_fields__), json_values))
@settings(deadline=None, max_examples=200)
def test_any_json_is_an_event_or_refused(body: dict[str, object]) -> None:
    """No JSON in an event's fields raises anything but BadEvent, and errors carry a place."""
    answer = events.attempt(json.dumps({**MINIMAL, **body}).encode())
    assert isinstance(answer, Event) or answer.where.startswith("$")


# --- batches --------------------------------------------------------------------------------------


def test_a_bad_event_in_a_batch_is_refused_alone() -> None:
    """The neighbours of a bad event are taken; the error says which element it was."""
    batch = b"[" + b",".join([wire(id="1"), wire(id=5), b"7", wire(id="4")]) + b"]"
    answers = events.decode_batch(batch)
    assert [isinstance(each, Event) for each in answers] == [True, False, False, True]
    errors = [each for each in answers if isinstance(each, BadEvent)]
    assert [error.where for error in errors] == ["$[1].id", "$[2]"]


@pytest.mark.parametrize("content", [b"{}", b"", b"[1, ", b'"x"', b"[" * 200_000])
def test_what_is_no_batch_is_refused_as_a_whole(content: bytes) -> None:
    """Content that is no JSON array is one error."""
    with pytest.raises(BadEvent) as caught:
        events.decode_batch(content)
    assert caught.value.code == "E001"


def test_batches_are_bounded() -> None:
    """More events than a batch may hold, or more bytes, are refused as a whole."""
    assert len(events.decode_batch(b"[" + b",".join([b"1"] * events.BATCH_MAX) + b"]")) == 1000
    with pytest.raises(BadEvent) as caught:
        events.decode_batch(b"[" + b",".join([b"1"] * (events.BATCH_MAX + 1)) + b"]")
    assert caught.value.code == "E005"
    with pytest.raises(BadEvent) as caught:
        events.decode_batch(b" " * (16 * EVENT_BYTES_MAX + 1))
    assert caught.value.code == "E003"


# --- streams --------------------------------------------------------------------------------------


def read(*chunks: bytes) -> list[tuple[int, bytes | None]]:
    """Number and content of each line."""
    return [(line.number, line.content) for line in events.lines(chunks)]


def test_lines_are_numbered_and_empty_ones_passed_over() -> None:
    """Empty lines are no events but count; a last line needs no newline."""
    assert read(b"a\n\n  \r\nb\r\n", b"c") == [(1, b"a"), (4, b"b\r"), (5, b"c")]
    assert read() == read(b"") == read(b"\n\n") == []


def test_a_line_of_fifty_megabytes_takes_bounded_memory() -> None:
    """A line too long to be an event is counted, not kept; those around it are read."""
    piece = b"x" * 65_536

    def chunks() -> Iterator[bytes]:
        yield b"first\n"
        for _ in range(800):
            yield piece
        yield b"\nlast"

    tracemalloc.start()
    try:
        found = list(events.lines(chunks()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [(line.number, line.content, line.size) for line in found] == [
        (1, b"first", 5),
        (2, None, 800 * 65_536),
        (3, b"last", 4),
    ]
    assert peak < 4 * EVENT_BYTES_MAX


def test_the_longest_line_is_kept_and_one_byte_more_is_not() -> None:
    """The bound of a line is the bound of an event."""
    assert read(b"x" * EVENT_BYTES_MAX + b"\ny")[0][1] == b"x" * EVENT_BYTES_MAX
    assert read(b"x" * (EVENT_BYTES_MAX + 1) + b"\ny") == [(1, None), (2, b"y")]
    assert read(b"x" * EVENT_BYTES_MAX, b"x", b"\ny") == [(1, None), (2, b"y")]


@given(st.binary(max_size=200).map(lambda raw: raw.replace(b"q", b"\n")), st.data())
@settings(deadline=None, max_examples=200)
def test_where_chunks_are_cut_changes_nothing(content: bytes, data: st.DataObject) -> None:
    """The lines of a stream are those of its bytes, however they arrive."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=6)))
    chunks = [content[a:b] for a, b in zip([0, *cuts], [*cuts, len(content)], strict=True)]
    expected = [
        (number, line) for number, line in enumerate(content.split(b"\n"), start=1) if line.strip()
    ]
    assert read(*chunks) == expected
