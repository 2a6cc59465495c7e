"""ClaimReview as publishers write it: every shape, and every way to be wrong."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.errors import BadData
from ombud.signals.factchecks import reading
from ombud.signals.factchecks.claim import read_lines, write_lines
from signals.factchecks.checks_made import FISH, TRAIN, review


def read(document: Any, **more: Any) -> reading.Taken:
    """What a document holds."""
    return reading.read(json.dumps(document).encode(), **more)


def test_one_item_with_all_that_is_shown_and_without_who_claimed_it() -> None:
    """The publisher's words are kept as they are; the person who made the claim is not."""
    (found,) = read(review(headline="No seawater in the tunnel")).claims
    assert (found.claim, found.publisher, found.rating) == (TRAIN, "Example Checks", "False")
    assert (found.url, found.date, found.lang) == (
        *("https://checks.example/claims/1", "2026-05-04", "en"),
    )
    assert found.headline == "No seawater in the tunnel"
    assert b"Ana" not in write_lines([found])


@pytest.mark.parametrize(
    "shape",
    [
        lambda items: items,
        lambda items: {"@type": "DataFeed", "dataFeedElement": items},
        lambda items: {
            "@type": "DataFeed",
            "dataFeedElement": [
                {"@type": "DataFeedItem", "dateCreated": "2026-05-04", "item": [each]}
                for each in items
            ],
        },
        lambda items: {"@context": "https://schema.org", "@graph": items},
    ],
)
def test_every_shape_is_looked_into(shape: Any) -> None:
    """Arrays, DataFeed with and without items around, and a graph hold the same."""
    items = [review(), review(FISH, url="https://checks.example/2")]
    assert [each.claim for each in read(shape(items)).claims] == [TRAIN, FISH]


def test_one_a_line() -> None:
    """JSON lines, empty ones between; a broken line is told by its number in the file and costs no
    other.
    """
    lines = [json.dumps(review()), "", "{broken", json.dumps([review(FISH)])]
    found = reading.read("\n".join(lines).encode())
    assert [each.claim for each in found.claims] == [TRAIN, FISH]
    assert (found.refused, found.problems[0].where) == (1, "line 3")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"@type": "Review"}, ""),
        ({"@type": None}, ""),
        ({"claimReviewed": ""}, ".claimReviewed"),
        ({"claimReviewed": ["a"]}, ".claimReviewed"),
        ({"claimReviewed": "x" * 1001}, ".claimReviewed"),
        ({"claimReviewed": "\u202e\u200b"}, ".claimReviewed"),
        ({"author": None}, ".author"),
        ({"author": {"name": 7}}, ".author"),
        ({"reviewRating": None}, ".reviewRating"),
        ({"reviewRating": {"ratingValue": 2}}, ".reviewRating"),
        ({"reviewRating": {"ratingValue": 2, "bestRating": "five"}}, ".reviewRating"),
        ({"reviewRating": {"ratingValue": 10**40, "bestRating": 5}}, ".reviewRating"),
        ({"url": None}, ".url"),
        ({"url": "javascript:alert(1)"}, ".url"),
        ({"url": "https://user:secret@checks.example/"}, ".url"),
        ({"url": "https://" + "x" * 3000}, ".url"),
        ({"url": "https://"}, ".url"),
        ({"datePublished": "soon"}, ".datePublished"),
        ({"datePublished": "2026-02-30"}, ".datePublished"),
    ],
)
def test_a_bad_item_is_told_in_three_parts_and_costs_no_other(
    change: dict[str, Any], field: str
) -> None:
    """What is wrong, where, and what to do; the good one beside it is taken."""
    found = read([review(**change), review(FISH)])
    assert [each.claim for each in found.claims] == [FISH]
    (problem,) = found.problems
    assert (problem.code, problem.where, found.refused) == ("D060", f"$[0]{field}", 1)
    assert problem.message
    assert problem.hint


def test_what_publishers_leave_out_or_write_otherwise() -> None:
    """No date, no language, several authors, a scale for a rating, full names of types."""
    found = read(
        {
            **review(
                author=[{"name": "First Checks"}, {"name": "Second"}],
                reviewRating={"ratingValue": 2, "bestRating": "5"},
                datePublished=None,
                inLanguage={"@type": "Language", "alternateName": "vi-VN"},
            ),
            "@type": ["https://schema.org/ClaimReview"],
        }
    ).claims[0]
    assert (found.publisher, found.rating, found.date, found.lang) == (
        *("First Checks", "2 / 5", "", "vi"),
    )
    assert read(review(author=None, publisher="Plain Checks")).claims[0].publisher == "Plain Checks"
    assert read(review(datePublished="2026-05-04T10:00:00Z")).claims[0].date == "2026-05-04"
    assert read(review(inLanguage="the King's")).claims[0].lang == ""


def test_only_the_publishers_that_were_asked_for() -> None:
    """By the site of the fact-check, whatever name it gives itself; the others are counted."""
    items = [review(), review(FISH, url="https://elsewhere.example/1")]
    found = read(items, publishers=("checks.example",))
    assert ([each.claim for each in found.claims], found.others) == ([TRAIN], 1)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"\xff\xfe{}", b"[" * 100_000, b"{\n{\n", b'{"a":1}}', b"nonsense\nmore"],
)
def test_what_is_no_document_is_refused_as_a_whole(content: bytes) -> None:
    """Pages, other encodings, endless nesting: one error, in its parts."""
    with pytest.raises(BadData) as caught:
        reading.read(content)
    assert caught.value.code == "D061"


def test_many_bad_items_are_counted_and_a_few_told() -> None:
    """Ten thousand refused items give a bounded report."""
    found = read([{"@type": "Thing"}] * 10_000)
    assert (found.refused, len(found.problems)) == (10_000, reading.PROBLEMS_MAX)


def test_depth_is_bounded() -> None:
    """A container in a container, too often, is an item that is none."""
    deep: Any = review()
    for _ in range(reading.DEPTH_MAX + 1):
        deep = [deep]
    assert read(deep).claims == ()
    assert read([[[review()]]]).claims


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=10,
)
FIELDS = ("@type", "claimReviewed", "author", "reviewRating", "url", "datePublished", "inLanguage")


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_whatever_stands_in_a_field_the_good_one_is_taken(wrong: dict[str, Any]) -> None:
    """Any JSON in any field is taken or told, never raised; what is taken can be kept."""
    found = read([review(**wrong), review(FISH, url="https://checks.example/2")])
    assert FISH in [each.claim for each in found.claims]
    assert len(found.claims) + found.refused == 2
    assert set(read_lines(write_lines(found.claims)).claims) == set(found.claims)


def taken_apart(found: Any, where: str = "$", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The items of a document that was decoded as a whole: what reading one by one must give."""
    if isinstance(found, list) and depth < reading.DEPTH_MAX:
        for number, each in enumerate(found):
            yield from taken_apart(each, f"{where}[{number}]", depth + 1)
        return
    if isinstance(found, dict) and depth < reading.DEPTH_MAX:
        for inner in ("@graph", "dataFeedElement", "item"):
            if inner in found:
                yield from taken_apart(found[inner], f"{where}.{inner}", depth + 1)
                return
    yield where, found


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text('ab"\\[]{},:é \n', max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["@type", "@graph", "dataFeedElement", "item", "x"]), inner, max_size=3
        )
    ),
    max_leaves=25,
)


@settings(max_examples=300)
@given(ANY_JSON, st.sampled_from([None, 1]), st.booleans())
def test_items_are_those_of_the_document_decoded_as_a_whole(
    document: Any, indent: int | None, plain: bool
) -> None:
    """Read one by one, with any spaces, signs within texts, and escapes: the same, in order."""
    content = json.dumps(document, indent=indent, ensure_ascii=plain).encode()
    assert list(reading._documents(content)) == list(taken_apart(document))


MEASURED = """
import sys
from ombud.errors import BadData
from ombud.signals.factchecks import reading
start, part, end = (each.encode() for each in sys.argv[1:])
reading.TOKENS_MAX, reading.ITEMS_MAX = reading.TOKENS_MAX // 8, reading.ITEMS_MAX // 8
content = start + part * ((3 << 19) // len(part)) + end
try:
    found = reading.read(content)
    print("read", found.refused, end=" ")
except BadData as error:
    print(error.code, 0, end=" ")
told = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(told["VmHWM"].split()[0]) // 1024)
"""


@pytest.mark.parametrize(
    ("start", "part", "end"),
    [
        ("[", "[],", "[]]"),
        ("[", "{},", "{}]"),
        ("[", '{"":0},', "{}]"),
        ("[", "1.5,", "0]"),
        ("[[", "[[]],", "[]]]"),
        ('{"@type":"ClaimReview","x":[', "[],", "[]]}"),
        ('{"@graph":[', '"",', "0]}"),
        ("", "{}\n", ""),
        ("{}\n", "x\n", ""),
    ],
)
def test_a_document_of_small_parts_takes_no_more_memory_than_a_large_one(
    start: str, part: str, end: str
) -> None:
    """12 MB of empty arrays took 330 MB when it was decoded as a whole. Here all is an eighth of
    that: the document, how many parts and items it may have, and what it may take.
    """
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, start, part, end],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    came, refused, most = done.stdout.split()
    assert (came, refused) in (("D061", "0"), ("read", "1"))
    assert int(most) < 45, most


def test_a_document_has_a_largest_number_of_items_and_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beyond it the whole is refused: nobody takes a part of a feed for all of it."""
    monkeypatch.setattr(reading, "ITEMS_MAX", 2)
    assert len(read([review(), review(FISH)]).claims) == 2
    with pytest.raises(BadData, match=r"D061 .*more than 2 items"):
        read([review(), review(FISH), review()])
    monkeypatch.setattr(reading, "TOKENS_MAX", 20)
    with pytest.raises(BadData, match=r"D061 .*more than 20 parts"):
        read([review(), review(FISH)])


def test_one_item_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """A larger one is told and costs no other."""
    monkeypatch.setattr(reading, "ITEM_BYTES_MAX", 2000)
    found = read([review(articleBody="x" * 2000), review(FISH)])
    assert [each.claim for each in found.claims] == [FISH]
    assert "larger than 2000 bytes" in found.problems[0].message


@pytest.mark.parametrize("bad", [b'{"\xff": 1}', b'{"@type": "\xff"}', b'"\xff"'])
def test_bytes_that_are_no_text_cost_their_item_alone(bad: bytes) -> None:
    """Wherever they stand."""
    content = b"[" + bad + b"," + json.dumps(review(FISH)).encode() + b"]"
    found = reading.read(content)
    assert ([each.claim for each in found.claims], found.refused) == ([FISH], 1)


@pytest.mark.parametrize("depth", [100, 400, 900])
def test_nesting_costs_its_item_or_the_document(depth: int) -> None:
    """Whatever Python bears: an error in three parts, never another."""
    content = b"[" + b"[" * depth + b"]" * depth + b"," + json.dumps(review()).encode() + b"]"
    with contextlib.suppress(BadData):
        assert [each.claim for each in reading.read(content).claims] == [TRAIN]
