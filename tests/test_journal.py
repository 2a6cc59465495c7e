"""Journal rows: what goes in comes out, equal contents have equal digests, controls are closed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud import journal
from ombud.journal import Control
from ombud.model import Data, Event, Value

KEY = bytes(range(32))
TOKENS = st.integers(0, 2**63 - 1)


def event(identifier: str = "1", source: str = "forum", text: str = "a") -> Event:
    """A small event."""
    return Event(
        id=identifier,
        source=source,
        type="post.created",
        time=datetime(2026, 11, 22, tzinfo=UTC),
        data=Data(text=text),
    )


def test_the_list_of_controls_is_closed() -> None:
    """The journal takes no control that the list does not name."""
    for name in journal.CONTROLS:
        assert Control(name, {}).type == name
    with pytest.raises(ValueError, match="is no control"):
        Control("promotion", {})


values = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=9)


@given(
    st.dictionaries(st.integers(0, 2**32), values | st.lists(st.text(max_size=5)).map(tuple)),
    st.lists(st.tuples(st.integers(0, 2**32 - 1), TOKENS, TOKENS)),
    st.tuples(st.lists(TOKENS), st.lists(TOKENS), st.lists(st.text(max_size=9))),
)
@settings(deadline=None)
def test_packing_loses_nothing(
    facts: dict[int, Value],
    entries: list[tuple[int, int, int]],
    hits: tuple[list[int], list[int], list[str]],
) -> None:
    """Facts, window entries and hits come back as they were; none at all take no room."""
    found = journal.unpack_facts(journal.pack_facts(facts))
    assert {slot: tuple(v) if isinstance(v, list) else v for slot, v in found.items()} == facts
    assert journal.unpack_entries(journal.pack_entries(entries)) == entries
    packed = journal.pack_hits(tuple(hits[0]), tuple(hits[1]), tuple(hits[2]))
    assert journal.unpack_hits(packed) == hits
    assert (packed is None) == (hits == ([], [], []))
    assert journal.pack_facts({}) is journal.pack_entries([]) is None


def test_source_and_id_make_an_event_the_same() -> None:
    """The identity rests on both, not on their concatenation, nor on the content."""
    same = {journal.identity(KEY, event(text=text)) for text in ("a", "b")}
    assert len(same) == 1
    different = {
        journal.identity(KEY, each)
        for each in (event("1", "ab"), event("b1", "a"), event("1", "a"), event("2", "ab"))
    }
    assert len(different) == 4
    assert journal.identity(bytes(32), event()) != journal.identity(KEY, event())


def test_equal_content_has_equal_digests() -> None:
    """The digest of the content follows the canonical form, under the community's key."""
    one, two = journal.submission(event()), journal.submission(event())
    other = journal.submission(event(text="b"))
    assert journal.content(KEY, one.canonical) == journal.content(KEY, two.canonical)
    assert journal.content(KEY, one.canonical) != journal.content(KEY, other.canonical)
    assert journal.content(bytes(32), one.canonical) != journal.content(KEY, one.canonical)


def test_canonical_json_does_not_depend_on_order() -> None:
    """Equal values have equal text, without white space."""
    assert journal.canonical_json({"b": 1, "a": [2]}) == '{"a":[2],"b":1}'
    assert journal.canonical_json({"a": [2], "b": 1}) == '{"a":[2],"b":1}'
