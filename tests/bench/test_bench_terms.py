"""A comparison of finders is worth nothing unless both find the same and find something."""

from __future__ import annotations

import pytest
from bench.measure import Row

from bench import terms, workload
from ombud.signals.lists.terms import TermList

MADE = terms.terms(3000)


@pytest.mark.parametrize("language", workload.LANGUAGES)
def test_the_peer_finds_the_same_terms(language: str) -> None:
    """In every message; and most messages into which a term was put have one."""
    told = terms.messages(MADE, 300, language)
    own = terms.ours(TermList("some", tuple(MADE), stars=True))
    assert terms.same(own, terms.peer(MADE), told) >= 140
    assert all(150 < len(each.normal) < 400 for each in told)


def test_other_finds_are_no_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A peer that finds nothing is told of and left out; the rows of others stay."""
    monkeypatch.setattr(terms, "TERMS", 500)
    monkeypatch.setattr(terms, "SITES", 2000)
    monkeypatch.setattr(terms, "MESSAGES", 40)
    honest = {row.name for row in terms.rows(quick=True)}
    monkeypatch.setattr(terms, "peer", lambda _: lambda _: set[str]())
    told = {row.name for row in terms.rows(quick=True)}
    assert {name for name in honest if "message" in name} == honest - told != set()
    assert "other terms" in capsys.readouterr().err


def test_words_end_in_the_peer_where_they_should() -> None:
    """Marks stay with their letter; scripts without spaces have words of one letter."""
    assert terms.within("o", "\u0301")
    assert terms.within("a", "_")
    assert not terms.within("a", "-")
    assert not terms.within("\u8bc8", "\u9a97")
    assert terms.within("\u8bc8", "a")


def test_the_target_is_for_our_own_figure() -> None:
    """Forty microseconds a message, a second for a list: whatever the peer takes."""
    row = Row(terms.FIND.format(count=1, language="x"), 24_999.0, 1.0, 9.0, 3, "", "")
    assert terms.judged(row)["met"] is False
    row = Row(terms.BUILD.format(count=1, order="x"), 1.0, 9.0, 0.1, 3, "", "")
    assert terms.judged(row)["met"] is True
