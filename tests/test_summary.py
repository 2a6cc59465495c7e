"""The counts of a stream: each answer once, under the right names, and only the first errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.errors import BadEvent, BadUse
from ombud.summary import ERRORS_SHOWN, Summary
from ombud.transaction import Answer

names = st.lists(st.sampled_from(("a", "b", "c")), max_size=3, unique=True).map(tuple)
answers = st.builds(
    Answer,
    status=st.sampled_from(("accepted", "duplicate", "conflict")),
    seq=st.just(1),
    action=st.sampled_from(("allow", "hold", "warn")),
    fired=names,
    unknown=names,
)


@given(st.lists(answers, max_size=60))
def test_each_answer_is_counted_once(given_answers: list[Answer]) -> None:
    """Statuses add up to the stream; rules and actions are those of the accepted events only."""
    summary = Summary()
    for line, answer in enumerate(given_answers, start=1):
        summary.count(answer, line)
    statuses = Counter(each.status for each in given_answers)
    assert summary.accepted == statuses["accepted"]
    assert summary.duplicate == statuses["duplicate"]
    assert summary.conflict == statuses["conflict"]
    assert summary.rejected == 0
    accepted = [each for each in given_answers if each.status == "accepted"]
    assert summary.by_action == Counter(each.action for each in accepted)
    assert summary.hits_by_rule == Counter(rule for each in accepted for rule in each.fired)
    assert summary.unknown_by_rule == Counter(rule for each in accepted for rule in each.unknown)
    conflicts = [line for line, each in enumerate(given_answers, 1) if each.status == "conflict"]
    assert [each["line"] for each in summary.errors] == conflicts[:ERRORS_SHOWN]


def test_a_conflict_tells_where_and_what_to_do() -> None:
    """A conflict is kept as an error on its line."""
    summary = Summary()
    summary.count(Answer("conflict", 3), 17)
    assert summary.errors == [{"line": 17, **BadEvent("E008", "$.id").as_json()}]


def test_only_the_first_errors_are_kept() -> None:
    """Every refused event is counted, and as many errors are kept as are shown, in order."""
    summary = Summary()
    for line in range(1, ERRORS_SHOWN + 10):
        summary.reject(line, BadEvent("E010", f"$.{line}"))
    assert summary.rejected == ERRORS_SHOWN + 9
    assert [each["line"] for each in summary.errors] == list(range(1, ERRORS_SHOWN + 1))


def test_a_batch_that_was_not_taken_is_one_error() -> None:
    """Of events refused together all are counted and one error is kept, also from elsewhere."""
    summary = Summary()
    summary.reject(5, BadUse("U010", "x", decision="x"), 512)
    told = {"code": "D003", "message": "m", "where": "w", "hint": "h"}
    summary.refuse(600, told, 3)
    assert summary.rejected == 515
    assert [each["line"] for each in summary.errors] == [5, 600]
    assert summary.errors[1] == {"line": 600, **told}


def stream(error: Exception) -> Iterator[int]:
    """Two values, then an error."""
    yield 1
    yield 2
    raise error


def test_a_stream_counts_as_far_as_it_goes() -> None:
    """What came before a break is handed on; the break is one error at line 0."""
    summary = Summary()
    broken = BadEvent("E011", "$", detail="it ends too early")
    assert list(summary.until_broken(stream(broken))) == [1, 2]
    assert (summary.rejected, summary.errors) == (1, [{"line": 0, **broken.as_json()}])
    with pytest.raises(ZeroDivisionError):
        list(summary.until_broken(stream(ZeroDivisionError())))


def test_two_summaries_share_nothing() -> None:
    """Counting in one summary leaves a new one empty."""
    first, second = Summary(), Summary()
    first.count(Answer("accepted", 1, fired=("a",)), 1)
    first.count(Answer("conflict", 1), 2)
    assert second.as_json() == {
        **dict.fromkeys(("accepted", "duplicate", "conflict", "rejected"), 0),
        **{name: {} for name in ("hits_by_rule", "unknown_by_rule", "by_action")},
        "errors": [],
    }
    assert first.as_json()["hits_by_rule"] == {"a": 1}
