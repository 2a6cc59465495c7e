"""The lines in which claims are kept."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals.factchecks import claim as claims
from ombud.signals.factchecks.claim import Claim, read_lines, write_lines
from signals.factchecks.checks_made import CLAIMS, FISH, claim

LINE = msgspec.json.encode(claim(FISH))


def test_lines_give_what_was_written_in_one_order() -> None:
    """The same claims are the same bytes, in whatever order they came; each stands once."""
    made = [claim(text, number) for number, text in enumerate(CLAIMS)]
    content = write_lines(made)
    assert write_lines(reversed(made)) == content
    assert set(read_lines(content).claims) == set(made)
    assert len(read_lines(content + content).claims) == len(made)


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"\xff\xfe",
        b"[" * 20_000,
        b"null",
        LINE[:-1] + b',"claimant":"Ana"}',
        LINE.replace(b"https", b"javascript"),
        LINE.replace(b"2026-05-04", b"yesterday"),
        LINE.replace(b"False", b""),
        LINE.replace(b"False", b"\\u001b[2J"),
        LINE.replace(b"False", b"\\u202efalse"),
        b" " * claims.LINE_BYTES_MAX + LINE,
    ],
)
def test_a_bad_line_costs_no_other(bad: bytes) -> None:
    """It is left out and told by its number; its neighbours stay. A claimant is no field."""
    other = msgspec.json.encode(claim(CLAIMS[0]))
    found = read_lines(b"\n".join([other, bad, LINE]))
    assert [each.claim for each in found.claims] == [CLAIMS[0], FISH]
    assert found.broken == (2,)


def test_there_is_a_largest_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is beyond it counts as left out, so that nobody takes it for read."""
    monkeypatch.setattr(claims, "CLAIMS_MAX", 2)
    found = read_lines(write_lines(claim(text, n) for n, text in enumerate(CLAIMS)))
    assert (len(found.claims), found.broken) == (2, (3,))


def test_an_id_stands_for_address_and_words() -> None:
    """The rating of a claim may change; what was checked, and where, may not."""
    assert claim(FISH).id == claim(FISH, rating="True", date="2026-06-01").id
    assert len({claim(FISH).id, claim(FISH, 2).id, claim(CLAIMS[0]).id}) == 3
    assert "claimant" not in Claim.__struct_fields__


@given(st.binary(max_size=400))
def test_any_bytes_can_be_read(content: bytes) -> None:
    """Nothing raises; every line is a claim or is told."""
    found = read_lines(content)
    assert len(found.claims) + len(found.broken) <= content.count(b"\n") + 1


def test_a_file_of_nothing_but_lines_is_read_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the largest number of lines nothing is read, and that is told."""
    monkeypatch.setattr(claims, "LINES_MAX", 3)
    good = write_lines([Claim(claim="a", publisher="b", rating="c", url="https://d.example/")])
    found = read_lines(b"x\n\n\nx\n" + good + b"x\n" * 50)
    assert (len(found.claims), found.broken) == (1, (1, 4, 6))
