"""Changes of lists that cannot be made: nothing is journalled, and what runs goes on."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.listed_community import LISTS, all_agree, change, listed, said
from flow.small_community import (
    NOW,
    rows,
)
from ombud.app import Engine
from ombud.controls import lists
from ombud.errors import BadUse
from ombud.journal import Control
from ombud.signals.lists import reading
from ombud.signals.lists.terms import key
from ombud.track import Sudden


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community that has lists."""
    return listed(tmp_path / "folder")


def opened(folder: Path) -> Engine:
    """Its engine, at a clock that stands still."""
    return Engine(folder, now=lambda: NOW)


REFUSED = [
    ("add", "bad word", "x", {}, "U090"),
    ("add", "Bad Words", "x", {"new": True}, "U091"),
    ("add", "a" * 101, "x", {"new": True}, "U091"),
    ("remove", "bad words", "nothing", {}, "U093"),
    ("remove", "bad words", "free money", {}, "U093"),  # stands in the list that is included
    ("quarantine", "bad words", "nothing", {}, "U093"),
    ("release", "bad words", "casino", {}, "U095"),
    ("remove", "nowhere", "x", {"new": True}, "U090"),
    ("add", "bad words", "x", {"expires": "2020-01-01"}, "U098"),
    ("add", "bad words", "x", {"expires": "2026-03-02T12:00:00Z"}, "U098"),  # now
]


@pytest.mark.parametrize(("do", "name", "term", "more", "code"), REFUSED)
def test_what_cannot_be_done_is_refused(
    folder: Path, do: str, name: str, term: str, more: dict[str, Any], code: str
) -> None:
    """Nothing is journalled, and what runs goes on."""
    with opened(folder) as engine:
        memory = engine.writer.pipeline
        with pytest.raises(BadUse) as caught:
            change(engine, do, name, term, **more)
        assert caught.value.code == code
        assert said(engine, "hello") == set()
        assert engine.writer.pipeline is memory  # the writer was not even asked
        assert rows(folder, "SELECT 1 FROM journal WHERE type = '!list'") == []
        assert said(engine, "casino") == {"words"}
        all_agree(engine)


@pytest.mark.parametrize("term", ["", " ", "a\tb", "a\nb", "ab*", "x" * 1001, "\u200b", "a\u202eb"])
def test_what_can_be_no_entry_is_refused(term: str) -> None:
    """One visible line of bounded length, with enough letters beside a star."""
    with pytest.raises(BadUse) as caught:
        lists.line("bad words", term)
    assert caught.value.code == "U092"
    assert term[:20].strip() not in str(caught.value) or len(term) < 3 or term == "ab*"


def test_bad_sources_and_ends_are_refused() -> None:
    """A source is one short line, an end a date or time."""
    for more in ({"source": "a\tb"}, {"source": "x" * 201}, {"expires": "soon"}):
        with pytest.raises(BadUse):
            lists.line("bad words", "term", **more)


@given(st.text(max_size=30), st.text(alphabet="ab ", max_size=5))
def test_a_line_is_read_as_it_was_meant(term: str, source: str) -> None:
    """Whatever begins like a comment or an include is a term all the same; who writes the sign
    for that, as in a file, means the same term.
    """
    with suppress(BadUse):
        about = lists.line("some", term, source)
        meant = term.strip()
        meant = meant[1:] if meant.startswith(("\\#", "\\include:")) else meant
        assert [key(each) for each in about.listed.terms] == [key(meant)]
        again, problems = reading.parse("some", about.content)
        assert not problems
        assert again.terms == about.listed.terms
        assert set(again.sources.values()) <= {source.strip()}


def test_the_size_of_a_list_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File and store together."""
    with opened(folder) as engine:
        monkeypatch.setattr(reading, "ENTRIES_MAX", 3)
        change(engine, "add", "bad words", "third")
        with pytest.raises(BadUse) as caught:
            change(engine, "add", "bad words", "fourth")
        assert caught.value.code == "U096"


def test_a_full_list_has_room_for_what_was_taken_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the file says and what was added alike; an entry that is added again takes its own
    place; nobody gets more room by taking out twice or by adding to what was taken out.
    """
    with opened(folder) as engine:
        monkeypatch.setattr(reading, "ENTRIES_MAX", 3)

        def full() -> None:
            for do, about in (
                ("add", lists.line("bad words", "fifth")),
                ("import", lists.file_of("bad words", b"third", "May")),  # beside what is there
            ):
                with pytest.raises(BadUse) as caught:
                    engine.change_list(do, "bad words", about)
                assert caught.value.code == "U096"

        change(engine, "add", "bad words", "third")
        full()
        change(engine, "add", "bad words", "THIRD", expires="2027-01-01")
        change(engine, "add", "bad words", "Casino")  # of the file
        full()
        change(engine, "remove", "bad words", "third")
        change(engine, "add", "bad words", "fourth")
        full()
        change(engine, "remove", "bad words", "viagr*")
        change(engine, "add", "bad words", "third")
        full()
        for term in ("third", "fourth", "casino"):
            change(engine, "remove", "bad words", term)
        three = lists.file_of("bad words", b"one\ntwo\nthree", "May")
        assert engine.change_list("import", "bad words", three).touched == 3
        full()
        all_agree(engine)


def test_what_has_ended_does_not_stand_any_more(folder: Path) -> None:
    """Of the file and of the store: it can be neither taken out nor quarantined; a moment before
    it can.
    """
    path, now = folder / "lists" / "bad-words.txt", [NOW - 1000]  # each record takes one
    path.write_text(LISTS["bad-words.txt"] + "ending\t\t2026-03-02T12:00:00Z\n")
    with Engine(folder, now=lambda: now[0]) as engine:
        change(engine, "add", "bad words", "added", expires="2026-03-02T12:00:00Z")
        for term in ("ending", "added"):
            change(engine, "quarantine", "bad words", term)
            change(engine, "release", "bad words", term)
        now[0] = NOW
        for do in ("quarantine", "remove"):
            for term in ("ending", "added"):
                with pytest.raises(BadUse) as caught:
                    change(engine, do, "bad words", term)
                assert caught.value.code == "U093"
        all_agree(engine)


def test_an_entry_in_quarantine_is_not_put_there_again(folder: Path) -> None:
    """Neither by a person nor by what matched meanwhile: no second control and no second case."""
    with opened(folder) as engine:
        community = engine.writer.pipeline.community

        def sudden(entry: str) -> Control | None:
            found = Sudden("bad words", entry, "words", "spam.links")
            return lists.sudden(community, found, NOW)

        first = sudden("casino")
        assert first is not None
        engine.control(first)
        assert sudden("casino") is None
        assert sudden("viagr*") is not None
        with pytest.raises(BadUse) as caught:
            change(engine, "quarantine", "bad words", "casino")
        assert caught.value.code == "U094"
        change(engine, "release", "bad words", "casino")
        assert sudden("casino") is not None
    assert rows(folder, "SELECT count(*) FROM review_case") == [(1,)]
