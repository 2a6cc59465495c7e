"""How figures are taken must be right before any figure is."""

from __future__ import annotations

from bench.measure import rates


def test_the_ratio_is_the_median_of_the_rounds_ratios() -> None:
    """Rounds are compared pair by pair, so that drift between rounds does not count."""
    ours, peer = iter([10.0, 100.0, 1000.0]), iter([5.0, 100.0, 250.0])
    row = rates(
        "x", lambda: next(ours), lambda: next(peer), rounds=3, unit="per second", peer_is="y"
    )
    assert (row.ours, row.peer, row.ratio, row.rounds) == (100.0, 100.0, 2.0, 3)
