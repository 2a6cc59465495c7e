"""The day-one rules on rows of sets: what they need to know, and in which order they see them."""

from __future__ import annotations

from evaluation.spam_sets import Text

from evaluation import spam_rules
from flow.spam_rows import SETS


def test_day_one_rules_go_by_repetition_and_need_authors() -> None:
    """The same offer by many newcomers within minutes is found, the same rows without authors are
    not, and ordinary posts are left alone.
    """
    wave = [
        Text(f"WIN big prizes now http://prize.example/{n}", True, f"u{n}", "r", 1_400_000_000 + n)
        for n in range(12)
    ]
    quiet = [
        Text(
            each.text.replace("http://a.example", "indeed"),
            False,
            f"q{n}",
            "r",
            1_400_100_000 + 3600 * n,
        )
        for n, each in enumerate(SETS["one"]["test"][:20])
    ]
    active = spam_rules.pack()
    hits = spam_rules.hits([*wave, *quiet], active)
    assert sum(hits[:12]) >= 6
    assert not any(hits[12:])


def test_rows_without_a_time_come_behind_those_of_their_room() -> None:
    """In the order they stand in; where nothing is known, a minute apart."""
    rows = [
        Text("a", spam=False, room="r", at=None),
        Text("b", spam=False, room="r", at=200),
        Text("c", spam=False, room="r", at=100),
        Text("d", spam=False),
    ]
    placed = spam_rules._ordered(rows)
    assert placed == [(2, 100), (1, 200), (0, 200), (3, spam_rules.FIRST + 180)]
