"""The summary of a stream: everything counted, a few errors kept, and a broken stream told once."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.errors import BadEvent
from ombud.summary import ERRORS_SHOWN, Summary
from ombud.transaction import Answer


def test_answers_are_counted_by_status_rule_and_action() -> None:
    """Only what was judged now counts for rules and actions; a conflict is told with its line."""
    summary = Summary()
    held = Answer("accepted", 1, "hold", ("dec_1",), ("a", "b"), ("c",))
    for number, each in enumerate(
        [held, held, Answer("accepted", 2), Answer("duplicate", 1, "hold"), Answer("conflict", 1)]
    ):
        summary.count(each, number)
    assert (summary.accepted, summary.duplicate, summary.conflict) == (3, 1, 1)
    assert summary.hits_by_rule == {"a": 2, "b": 2}
    assert summary.unknown_by_rule == {"c": 2}
    assert summary.by_action == {"hold": 2, "allow": 1}
    assert [(each["line"], each["code"]) for each in summary.errors] == [(4, "E008")]


def test_the_first_errors_are_kept_and_all_are_counted() -> None:
    """However many lines are bad, the summary stays small."""
    summary = Summary()
    for number in range(ERRORS_SHOWN * 3):
        summary.reject(number, BadEvent("E010", "$"), 2)
    assert summary.rejected == ERRORS_SHOWN * 6
    assert [each["line"] for each in summary.errors] == list(range(ERRORS_SHOWN))
    assert summary.as_json()["rejected"] == ERRORS_SHOWN * 6


def test_a_stream_ends_where_it_breaks() -> None:
    """What came before the break comes through, and the break is one error."""
    summary = Summary()

    def broken() -> Iterator[int]:
        yield 1
        yield 2
        raise BadEvent("E011", "$", detail="torn")

    assert list(summary.until_broken(broken())) == [1, 2]
    assert [(each["line"], each["code"]) for each in summary.errors] == [(0, "E011")]
    assert list(Summary().until_broken([3])) == [3]
