"""Figures: what was counted, in Prometheus's words, and nobody's name."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ombud.web.metrics import BOUNDS, Metrics


def read(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """The figures as another program reads them: by name and labels."""
    text = metrics.exposition().decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_counts() -> None:
    """Events by status, checks by answer and whether degraded, requests by door and status."""
    metrics = Metrics()
    metrics.events.update(accepted=3, rejected=1)
    metrics.checks["hold", False] += 2
    metrics.checks["refuse", True] += 1
    metrics.request("events", 200, 0.001)
    metrics.request("events", 0, 0.001)
    metrics.request("check", 1, 0.001)  # no status of HTTP, but not "yes" either
    metrics.late_lost = 5
    metrics.waiting = {"checks": 7}
    metrics.engine = {"cases_open": 3.0}
    found = read(metrics)
    assert found["ombud_events_total", (("status", "accepted"),)] == 3
    assert found["ombud_events_total", (("status", "rejected"),)] == 1
    assert found["ombud_checks_total", (("answer", "hold"), ("degraded", "no"))] == 2
    assert found["ombud_checks_total", (("answer", "refuse"), ("degraded", "yes"))] == 1
    assert found["ombud_requests_total", (("door", "events"), ("status", "200"))] == 1
    assert found["ombud_requests_total", (("door", "events"), ("status", "0"))] == 1
    assert found["ombud_requests_total", (("door", "check"), ("status", "1"))] == 1
    assert found["ombud_late_answers_lost_total", ()] == 5
    assert found["ombud_waiting_items", (("lane", "checks"),)] == 7
    assert found["ombud_cases_open", ()] == 3
    assert found["process_resident_memory_bytes", ()] > 1e6
    assert found["process_cpu_seconds_total", ()] > 0


@pytest.mark.parametrize(("seconds", "bound"), [(0.001, "0.001"), (0.0011, "0.0025"), (99, "+Inf")])
def test_durations(seconds: float, bound: str) -> None:
    """A duration counts in its bucket and in all wider ones."""
    metrics = Metrics()
    metrics.request("check", 200, seconds)
    found = read(metrics)
    buckets = [*map(str, BOUNDS), "+Inf"]
    for each in buckets:
        inside = buckets.index(each) >= buckets.index(bound)
        labels = (("door", "check"), ("le", each))
        assert found["ombud_request_seconds_bucket", labels] == inside
    assert found["ombud_request_seconds_count", (("door", "check"),)] == 1
    assert found["ombud_request_seconds_sum", (("door", "check"),)] == seconds


def test_each_server_counts_for_itself() -> None:
    """Two servers in one process do not share figures."""
    one, other = Metrics(), Metrics()
    one.events["accepted"] += 1
    assert ("ombud_events_total", (("status", "accepted"),)) not in read(other)
