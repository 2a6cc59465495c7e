"""Certificates and audits through the gate: a short run of what the page tells at length.

What is promised is held here too: fixed seeds, fewer runs, the same code.
"""

from __future__ import annotations

import random
import statistics
from pathlib import Path

import pytest

from evaluation import certificates, figures
from ombud.gate.certificate import LASTS

RUNS = 120


def test_false_certificates_stay_below_one_in_twenty() -> None:
    """A rule exactly at its bound, looked at after every label: at most 5 %; the bound that is made
    for one look is passed far more often on the same labels.
    """
    chance = random.Random(41)
    found = [certificates.sample(0.95, 950, chance, hits=400) for _ in range(RUNS)]
    false = sum(each.hits is not None for each in found)
    assert false <= RUNS * 5 // 100
    assert sum(each.peeking for each in found) > 2 * RUNS * 5 // 100


def test_98_percent_is_measured_with_two_labellers() -> None:
    """One can never prove it: a run with one would find no false certificate whatever the test is.
    Of a rule that is never wrong every run ends with a certificate, by the 224th hit or soon after.
    """
    chance = random.Random(46)
    found = [certificates.sample(1.0, 980, chance, hits=260) for _ in range(3)]
    assert all(each.hits is not None and 224 <= each.hits <= 260 for each in found)


def test_a_good_rule_is_certified_in_weeks() -> None:
    """At 99 % within some hundred hits, and never before the 88th; fifty items a week."""
    chance = random.Random(42)
    found = [certificates.sample(0.99, 950, chance, hits=600) for _ in range(40)]
    hits = [each.hits for each in found if each.hits is not None]
    assert len(hits) > 30
    assert min(hits) >= 88
    assert 100 <= statistics.median(hits) <= 200
    assert all(each.weeks >= each.hits // 50 for each in found if each.hits is not None)


@pytest.mark.parametrize(("truth", "least", "most"), [(0.85, 25, 100), (0.80, 12, 48)])
def test_a_bad_rule_is_demoted_as_fast_as_the_reference(
    truth: float, least: int, most: int
) -> None:
    """Half to twice the median of the reference table (51 and 24 audit labels)."""
    chance = random.Random(43)
    found = [certificates.audit(truth, 950, chance) for _ in range(RUNS)]
    assert {each.why for each in found} == {"audit"}
    assert least <= statistics.median(each.labels for each in found) <= most


def test_a_rule_at_its_bound_is_rarely_demoted() -> None:
    """False alarms in 300 audit labels: at most 5 %."""
    chance = random.Random(44)
    found = [certificates.audit(0.95, 950, chance, most=300) for _ in range(60)]
    assert sum(each.why == "audit" for each in found) <= 3


def test_a_certificate_ends_by_itself_where_it_is_not_clean() -> None:
    """At 90 % of truth it is demoted, or not renewed: after 90 days none of forty goes on."""
    chance = random.Random(45)
    found = [certificates.audit(0.90, 950, chance, lasts=LASTS) for _ in range(40)]
    assert {each.why for each in found} <= {"audit", "expired"}
    assert all(each.weeks <= 13 for each in found)


def test_the_section_has_every_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run so short that it says nothing, for the shape of the page."""
    monkeypatch.setattr(certificates, "QUICK", 10)
    said = certificates.evaluate(tmp_path, quick=True)
    assert said.count("\n| --- |") == 3
    assert "| 95 % |" in said
    assert "10 runs where a table does not say" in said
    for truth in (*certificates.WRONG, *certificates.AUDITS):
        assert f"| {100 * truth:g} % |" in said
    assert figures.rate(0, 10).value == 0


def test_a_gate_that_owes_something_else_measures_nothing() -> None:
    """The run ends with an error, and with no figure."""
    gate = certificates.Gate(random.Random(1))
    gate.begin(10, 950)
    gate.register.samples["s"].spent = True  # it owes no seed any more
    with pytest.raises(RuntimeError, match="owes something else"):
        gate.begin(5, 950)
