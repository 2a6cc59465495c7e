"""What a pasted link, handle or id finds: only what is known, and only exactly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.small_community import event, line, prepare, rule
from ombud import finding
from ombud.app import Engine
from ombud.finding import Found
from ombud.staff import people

SLOW = rule(
    "busy",
    "room.posts in last 10 minutes > 2",
    "room.posts in last 10 minutes  3",
    "room.posts in last 10 minutes  2",
    clause="flood.burst",
    then="slow room",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A community of two platforms, with people of the same id on both."""
    folder = prepare(tmp_path_factory.mktemp("found"), {})
    with Engine(folder) as opened:
        told = [
            event(1, author={"id": "ana@social.example"}, server={"id": "Social.Example"}),
            event(2, source="forum/t/12", author={"id": "acct_9"}, room={"id": "12"}),
            event("/3 ü", author={"id": "acct_9"}, room={"id": "yard"}),
        ]
        opened.submit([line(each) for each in told])
        people.person(opened.keys, "Mia")
        yield opened


def find(engine: Engine, pasted: str) -> list[tuple[str, str, str]]:
    """Kind, platform and name of all that is found."""
    active = engine.writer.pipeline.community.active
    return [each[:3] for each in finding.find(engine.store, engine.keys, active, pasted)]


@pytest.mark.parametrize(
    ("pasted", "wanted"),
    [
        ("https://chat.example/chat/hall/e1", ("post", "chat/hall", "e1")),
        ("https://forum.example/topic/e2?x=1#reply", ("post", "forum/t/12", "e2")),
        ("https://forum.example/read?post=e2", ("post", "forum/t/12", "e2")),
        ("https://forum.example/topic#e2", ("post", "forum/t/12", "e2")),
        ("<https://chat.example/p/e1>", ("post", "chat/hall", "e1")),
        ("chat/hall e1", ("post", "chat/hall", "e1")),
        ("  e1 ", ("post", "chat/hall", "e1")),
        ("@ana@social.example", ("member", "chat", "ana@social.example")),
        ("https://social.example/@ana@social.example", ("member", "chat", "ana@social.example")),
        ("https://forum.example/u/acct_9", ("member", "forum", "acct_9")),
        ("forum/t/12", ("room", "forum", "t/12")),
        ("social.example", ("server", "", "social.example")),
        ("https://chat.example/p/e%2F3%20%C3%BC", ("post", "chat/hall", "e/3 ü")),
    ],
)
def test_what_is_known_is_found(engine: Engine, pasted: str, wanted: tuple[str, str, str]) -> None:
    """Wherever in a link the id stands."""
    assert wanted in find(engine, pasted)


def test_all_that_can_be_meant_is_told_once(engine: Engine) -> None:
    """An id of two platforms is two people, and neither is taken for the other."""
    assert find(engine, "acct_9") == [("member", "chat", "acct_9"), ("member", "forum", "acct_9")]


def test_a_link_to_a_post_means_the_post(engine: Engine) -> None:
    """Though room and author stand in it too."""
    pasted = "https://forum.example/u/acct_9/t/12/e2"
    assert find(engine, pasted) == [("post", "forum/t/12", "e2")]


@pytest.mark.parametrize(
    "pasted",
    ["", " ", "https://", "https://[", "ana", "e1x", "E1", "Mia", "mia", "x" * 5000, "\ud800", "/"],
)
def test_nothing_else_is_found(engine: Engine, pasted: str) -> None:
    """Nothing that only looks like it, and nobody who runs the community."""
    assert find(engine, pasted) == []


@given(st.text(max_size=400) | st.text(alphabet="/:@#?&=%. e1", max_size=200))
def test_any_text_gives_bounded_parts(pasted: str) -> None:
    """However it is written; the longest paste is cut."""
    parts = finding.candidates(pasted)
    assert len(parts) <= finding.CANDIDATES_MAX
    assert all(0 < len(each) <= finding.ID_LENGTH_MAX for each in parts)
    assert len(set(parts)) == len(parts)


def test_a_room_is_known_by_what_was_decided_on_it(tmp_path: Path) -> None:
    """Though no source is called like it."""
    with Engine(prepare(tmp_path, dict([SLOW]))) as engine:
        assert find(engine, "hall") == []
        engine.submit([line(event(n, n, source="chat")) for n in range(4)])
        assert find(engine, "hall") == [("room", "chat", "hall")]


def test_found_is_bounded(tmp_path: Path) -> None:
    """An id that many sources use."""
    with Engine(prepare(tmp_path, {})) as engine:
        many = [event(1, n, source=f"chat/{n:02}", author={"id": "e1"}) for n in range(30)]
        engine.submit([line(each) for each in many])
        found = find(engine, "e1")
        assert len(found) == finding.FOUND_MAX
        assert Found("post", "chat/00", "e1")[:3] in found
