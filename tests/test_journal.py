"""Journal rows: what goes in comes out, equal contents have equal digests, controls are closed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud import journal
from ombud.journal import Control
from ombud.model import Account, Data, Event, Link, Media, Reply, Room, Server, Value

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
    """The identity rests on both, not on their concatenation, under the community's key."""
    pairs = [("ab", "1"), ("a", "b1"), ("a", "1"), ("ab", "2")]
    assert len({journal.identity(KEY, *each) for each in pairs}) == 4
    assert journal.identity(KEY, "a", "1") == journal.identity(KEY, "a", "1")
    assert journal.identity(bytes(32), "a", "1") != journal.identity(KEY, "a", "1")


def test_a_publication_has_an_identity_of_its_own() -> None:
    """It follows from the check's, and is neither the check's nor any event's."""
    checked = journal.identity(KEY, "a", "1")
    own = journal.publication(KEY, checked)
    assert own == journal.publication(KEY, checked) != checked
    assert own != journal.publication(KEY, journal.identity(KEY, "a", "2"))


def post(**data: Any) -> Event:
    """A post with everything that a publication must share."""
    whole = {
        "author": Account(id="ana"),
        "room": Room(id="hall"),
        "text": "a",
        "links": (Link(url="http://a.example"),),
        "media": (Media(id="m"),),
        **data,
    }
    return Event(
        id="1", source="forum", type="post.created", time=datetime.now(UTC), data=Data(**whole)
    )


@pytest.mark.parametrize(
    "other",
    [
        {"author": Account(id="bo")},
        {"author": None},
        {"room": Room(id="yard")},
        {"text": "b"},
        {"text": None},
        {"links": ()},
        {"links": None},
        {"links": (Link(url="http://a.example", shown="b"),)},
        {"media": (Media(id="n"),)},
        {"media": (Media(sha256="0"),)},
        {"in_reply_to": Reply(id="post/1")},
    ],
)
def test_a_publication_shares_what_readers_see(other: dict[str, Any]) -> None:
    """Kind, author, room, text, links, media: where one differs, it is not what was checked."""
    assert journal.published(KEY, post(**other)) != journal.published(KEY, post())


def test_a_file_is_known_by_its_id() -> None:
    """Who asked knew its digest, and the stream does not; another file has another id."""
    known = post(media=(Media(id="m", type="image/png", sha256="0"),))
    assert journal.published(KEY, post(media=(Media(id="m"),))) == journal.published(KEY, known)
    assert journal.published(KEY, post(media=(Media(id="n"),))) != journal.published(KEY, known)
    nameless = post(media=(Media(sha256="0"),))
    assert journal.published(KEY, nameless) != journal.published(KEY, post(media=(Media(),)))


def test_a_publication_may_differ_in_the_rest() -> None:
    """Id, time, subject, names, mentions and the check's id are not compared."""
    other = post(
        author=Account(id="ana", name="Ana", lang="vi"),
        room=Room(id="hall", name="Hall"),
        mentions=(Account(id="bo"),),
        server=Server(id="s.example"),
        check_id="1",
    )
    told = Event(
        id="2",
        source="forum",
        type="post.created",
        time=datetime(2026, 1, 1, tzinfo=UTC),
        subject="post/2",
        data=other.data,
    )
    assert journal.published(KEY, told) == journal.published(KEY, post())
    assert journal.published(bytes(32), told) != journal.published(KEY, post())


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
