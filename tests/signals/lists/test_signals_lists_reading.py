"""List files: lines, what is wrong with them, and lists that include others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.clock import from_datetime
from ombud.signals.lists import TermList, reading
from ombud.signals.lists.reading import PLAIN, parse, together


def test_a_file_is_read() -> None:
    """Terms, comments, sources, expiries, BOM, CRLF and empty lines are understood."""
    content = (
        "\ufeff# our list\r\n\r\nfree money\r\n  spaced  \t somewhere \r\n"
        "bad.example\timport of May\t2027-01-31\r\n\\#hashtag\r\nx\t\t2027-01-31T12:00:00+02:00"
    )
    terms, problems = parse("some", content.encode())
    assert problems == ()
    assert terms.name == "some"
    assert terms.terms == ("free money", "spaced", "bad.example", "#hashtag", "x")
    assert terms.sources == {"spaced": "somewhere", "bad.example": "import of May"}
    assert terms.expires == {
        "bad.example": from_datetime(datetime(2027, 1, 31, tzinfo=UTC)),
        "x": from_datetime(datetime(2027, 1, 31, 10, tzinfo=UTC)),
    }


def test_each_problem_has_its_line_and_code() -> None:
    """A line with an error is left out and told; the other lines count."""
    content = b"\n".join(
        [
            b"good",
            b"\xff\xfe bad",
            b"x" * (reading.LINE_MAX + 1),
            b"term\tsource\tsoon",
            b"term\tsource\t2027-02-31",
            b"a\tb\tc\td",
            b"\xe2\x80\x8b",
            b"\tsource",
            b"ab*",
            b"include:  ",
            b"also good",
        ]
    )
    terms, problems = parse("some", content)
    assert terms.terms == ("good", "also good")
    assert [(problem.line, problem.code) for problem in problems] == [
        (2, "R204"),
        (3, "R205"),
        (4, "R208"),
        (5, "R208"),
        (6, "R206"),
        (7, "R211"),
        (7, "R207"),
        (8, "R207"),
        (9, "R210"),
        (10, "R212"),
    ]


@pytest.mark.parametrize("unseen", ["\u202e", "\x00", "\u2066", "\x07", "\u200f"])
def test_what_cannot_be_seen_is_told_and_does_not_count(unseen: str) -> None:
    """Bidirectional overrides and control characters are a warning; the term is the seen one."""
    terms, (problem,) = parse("some", f"good\nba{unseen}d\n".encode())
    assert (problem.line, problem.code, problem.warning) == (2, "R211", True)
    assert terms.has("bad") or terms.has("ba d")


def test_joiners_are_no_warning() -> None:
    """Emoji and Persian words are written with them."""
    assert parse("some", "👩\u200d💻\nمی\u200cروم".encode())[1] == ()


def test_the_problems_of_one_file_are_bounded() -> None:
    """A file of rubbish is told with its first problems and not read on."""
    terms, problems = parse("some", b"\xff\n" * 10_000 + b"good")
    assert len(problems) == reading.PROBLEMS_MAX
    assert terms.terms == ()


def test_the_size_of_a_list_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list with too many entries keeps the first ones; one of too many bytes keeps nothing."""
    monkeypatch.setattr(reading, "ENTRIES_MAX", 3)
    terms, problems = parse("some", b"a\nb\na\nc\nd\ne")
    assert terms.terms == ("a", "b", "c")
    assert [(problem.line, problem.code) for problem in problems] == [(5, "R209")]
    monkeypatch.setattr(reading, "BYTES_MAX", 4)
    terms, problems = parse("some", b"a\nb\nc")
    assert terms.terms == ()
    assert [problem.code for problem in problems] == ["R203"]


def test_the_later_end_of_a_term_listed_twice_counts() -> None:
    """Of two expiries the later one counts, and none is the latest; the first source stands."""
    both, _ = parse(
        "some",
        b"a\tx\t2027-01-02\na\ty\t2027-03-02\nb\t\t2027-01-02\nb\nc\nc\t\t2027-01-02",
    )
    assert both.terms == ("a", "b", "c")
    assert both.expires == {"a": from_datetime(datetime(2027, 3, 2, tzinfo=UTC))}
    assert both.sources == {"a": "x"}


def test_an_older_program_knew_no_stars_and_no_includes() -> None:
    """Read in the first form, such lines are terms, with the digest they had then."""
    content = b"viagr*\ninclude: others\nab*\n\xe2\x80\xaehidden\n"
    terms, problems = parse("some", content, PLAIN)
    assert problems == ()
    assert terms.terms == ("viagr*", "include: others", "ab*", "\u202ehidden")
    assert not terms.includes
    assert not terms.find("viagra", None, None, None)
    assert terms.find("viagr* here", None, None, None) == ("viagr*",)
    assert terms.digest != TermList("some", terms.terms, stars=True).digest
    plain = parse("some", b"viagra\n", PLAIN)[0]
    assert plain.digest == parse("some", b"viagra\n")[0].digest


def test_an_unchanged_list_is_not_read_again() -> None:
    """The same bytes under the same name give the very list that is in use, compiled parts and
    all; another name, form or content does not.
    """
    first, _ = parse("some", b"a\nb")
    assert parse("some", b"a\nb")[0] is first
    assert parse("other", b"a\nb")[0] is not first
    assert parse("some", b"a\nb", PLAIN)[0] is not first
    assert parse("some", b"a\nc")[0] is not first
    told = parse("some", b"a\nx*")
    assert parse("some", b"a\nx*")[1] == told[1] != ()


# --- includes -------------------------------------------------------------------------------------


def lists(**written: str) -> dict[str, TermList]:
    """Lists by name from what their files say."""
    return {name: parse(name, text.encode())[0] for name, text in written.items()}


def test_a_list_takes_in_another_one() -> None:
    """Its entries, their sources and ends, and those of the lists that one includes."""
    made, wrong = together(
        lists(
            one="a\ninclude:  two ",
            two="b\tfrom elsewhere\ninclude: three\n\\include: x",
            three="c\t\t2027-01-02",
        )
    )
    assert wrong == []
    end = from_datetime(datetime(2027, 1, 2, tzinfo=UTC))
    before, after = made["one"].active(end - 1), made["one"].active(end)
    assert [before.has(each) for each in ("a", "b", "c", "include: x")] == [True] * 4
    assert [after.has(each) for each in ("a", "b", "c")] == [True, True, False]
    assert not made["two"].active(0).has("a")
    assert made["one"].imported
    assert made["two"].imported
    assert not made["three"].imported


def test_a_circle_is_told_with_its_way_round() -> None:
    """The line that closes the circle is told and left out; the rest still holds."""
    made, wrong = together(
        lists(a="include: b", b="x\ninclude: c", c="y\ninclude: a", d="include: d\nz")
    )
    assert [(each.name, each.included, each.code, dict(each.arguments)) for each in wrong] == [
        ("c", "a", "R214", {"chain": "a > b > c > a"}),
        ("d", "d", "R214", {"chain": "d > d"}),
    ]
    assert made["a"].active(0).has("y")
    assert made["d"].active(0).has("z")


def test_an_unknown_list_is_told() -> None:
    """A list of the store is known, another one is not."""
    _, wrong = together(lists(a="include: b\ninclude: c"), {"b": True})
    assert [(each.name, each.included, each.code) for each in wrong] == [("a", "c", "R213")]


def test_all_that_is_included_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound of one list holds for it with all it includes, each once."""
    monkeypatch.setattr(reading, "ENTRIES_MAX", 4)
    some = lists(a="1\ninclude: b\ninclude: c", b="2\n3\ninclude: c", c="4")
    assert together(some)[1] == []
    (wrong,) = together({**some, **lists(c="4\n5")})[1]
    assert (wrong.name, wrong.code, wrong.arguments["found"]) == ("a", "R215", 5)


def test_a_long_chain_of_lists_is_no_burden() -> None:
    """Two thousand lists, each including the next one, and a circle over all of them."""
    written = {
        f"l{n}": TermList(f"l{n}", (f"t{n}",), stars=True, includes={f"l{(n + 1) % 2000}": 1})
        for n in range(2000)
    }
    made, wrong = together(written)
    assert [each.code for each in wrong] == ["R214"]
    assert made["l0"].active(0).has("t1999")


@given(st.dictionaries(st.sampled_from("abcde"), st.lists(st.sampled_from("abcdef")), max_size=5))
def test_any_includes_give_lists_without_circles(edges: dict[str, list[str]]) -> None:
    """Every list can be asked, and reaches exactly what it can be led to."""
    written = {
        name: TermList(name, (name,), stars=True, includes=dict.fromkeys(others, 1))
        for name, others in edges.items()
    }
    made, _ = together(written)
    for name, kept in made.items():
        assert len(kept.reach) == len({each.name for each in kept.reach})
        assert kept.active(0).has(name)
        assert all(kept not in each.reach for each in kept.includes)
