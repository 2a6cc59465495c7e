"""The bench of the module measures messages that were asked about, beside others that were not."""

from __future__ import annotations

from bench import synapse as bench
from platforms.synapse import Synapse
from platforms.watched_synapse import Watched


def test_both_are_measured_and_one_of_them_asks(watched: Watched, synapse: Synapse) -> None:
    """Every row is there; each message of ours, and none of the peer's, came before Ombud."""
    pair = bench.pair_of(watched, synapse, 2)
    before = len(watched.journal("post.created"))
    rows = {row.name: row for row in bench.measured(pair, 1, (1, 2))}
    asked = watched.journal("post.created")[before:]
    assert asked == ["check"] * 2 * bench.IN_TURN * (1 + 2)
    assert set(bench.TARGETS) <= set(rows)
    assert len(rows) == 4 + len(bench.TARGETS)
    plain = rows["1 message, 1 sender, median"]
    assert plain.ours > 0
    assert plain.peer > 0
    told = bench.judged(rows["added to one message, 1 sender, median"])
    assert told["met"] is (told["ours"] <= told["peer"])
    assert "met" not in bench.judged(plain)


def test_ninety_nine_of_a_hundred_do_not_exceed_it() -> None:
    """The slowest of a hundred apart."""
    assert bench.ninety_nine([float(each) for each in range(100)]) == 99.0
    assert bench.ninety_nine([float(each) for each in range(200)]) == 198.0
    assert bench.ninety_nine([1.0]) == 1.0
