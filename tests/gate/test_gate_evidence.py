"""The sequential tests: the published table, scipy as an oracle, and the promise itself."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from ombud.gate import evidence

# The design's table of labels needed, looked at after every label: by level, for so many wrong.
NEEDED = {
    900: {0: 43, 1: 66, 3: 103, 5: 137, 10: 212},
    950: {0: 88, 1: 134, 3: 210, 5: 277, 10: 430},
    980: {0: 224, 1: 340, 3: 531, 5: 700, 10: 1084},
    990: {0: 449, 1: 683, 3: 1065, 5: 1404, 10: 2174},
}
levels = st.sampled_from(sorted(NEEDED))
counts = st.integers(0, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("level", sorted(NEEDED))
def test_the_table_comes_out(level: int) -> None:
    """As many labels as the table says, and not one fewer."""
    for wrong, needed in NEEDED[level].items():
        assert evidence.labels_needed(wrong, level) == needed
        assert evidence.certifies(needed - wrong, needed, level)
        assert not evidence.certifies(needed - 1 - wrong, needed - 1, level)


def test_what_labels_prove_lies_between_two_levels() -> None:
    """The highest that they certify and the lowest that they raise an alarm at; nothing of none."""
    for level, needed in NEEDED.items():
        for wrong, labels in needed.items():
            assert evidence.between(labels - wrong, labels)[0] >= level
            assert evidence.between(labels - 1 - wrong, labels - 1)[0] < level
    assert evidence.between(0, 0) == (0, 1000)
    levels = range(1, 1000)
    for right, labels in ((50, 50), (100, 120), (0, 60), (135, 137)):
        above, below = evidence.between(right, labels)
        certified = [each for each in levels if evidence.certifies(right, labels, each)]
        alarming = [each for each in levels if evidence.alarms(right, labels, each)]
        assert above == max(certified, default=0) <= right * 1000 / labels
        assert below == min(alarming, default=1000) >= right * 1000 / labels


@given(counts, levels)
@settings(deadline=None, max_examples=300)
def test_evidence_agrees_with_scipy(found: tuple[int, int], level: int) -> None:
    """Both integrals by the incomplete beta function of another library."""
    right, labels = found
    p = level / 1000
    whole = special.betaln(right + 1, labels - right + 1)
    here = right * math.log(p) + (labels - right) * math.log1p(-p)
    above = special.betaincc(right + 1, labels - right + 1, p)
    below = special.betainc(right + 1, labels - right + 1, p)
    for tail, width, ours in (
        (above, math.log1p(-p), evidence.log_evidence(right, labels, level)),
        (below, math.log(p), evidence.log_counter_evidence(right, labels, level)),
    ):
        if tail > 1e-250:  # it has no logarithms of smaller ones
            theirs = whole + math.log(tail) - width - here
            assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-8)


@given(st.integers(1, 400), st.data(), levels)
@settings(deadline=None)
def test_of_a_rule_at_its_bound_the_evidence_is_a_fair_game(
    labels: int, data: st.DataObject, level: int
) -> None:
    """One more label changes the evidence by nothing in the mean, if the precision is the bound:
    that is why one may look after each of them.
    """
    right = data.draw(st.integers(0, labels))
    p = level / 1000
    for log_evidence in (evidence.log_evidence, evidence.log_counter_evidence):
        now = log_evidence(right, labels, level)
        up = log_evidence(right + 1, labels + 1, level) - now
        down = log_evidence(right, labels + 1, level) - now
        assert p * math.exp(up) + (1 - p) * math.exp(down) == pytest.approx(1, rel=1e-7)


@given(counts, levels)
@settings(deadline=None)
def test_what_is_passed_over_as_hopeless_is(found: tuple[int, int], level: int) -> None:
    """The short cuts of both tests say what the evidence says."""
    certain = evidence.log_evidence(*found, level) >= evidence.ENOUGH
    assert evidence.certifies(*found, level) is certain
    certain = evidence.log_counter_evidence(*found, level) >= evidence.ENOUGH
    assert evidence.alarms(*found, level) is certain


def chance_of_certifying(size: int, wrong: int, level: int) -> float:
    """The exact chance that hits drawn one by one from `size`, of which `wrong` are wrong, are ever
    certified on the way.
    """
    at = {0: 1.0}  # by the number of wrong ones drawn
    ever = 0.0
    for drawn in range(1, size + 1):
        after: dict[int, float] = {}
        for found, chance in at.items():
            left, bad = size - drawn + 1, wrong - found
            for more, part in ((1, bad / left), (0, (left - bad) / left)):
                if part > 0:
                    after[found + more] = after.get(found + more, 0.0) + chance * part
        for found in [each for each in after if evidence.certifies(drawn - each, drawn, level)]:
            ever += after.pop(found)
        at = after
    return ever


@pytest.mark.parametrize(("size", "level"), [(100, 900), (200, 950), (400, 950), (300, 980)])
def test_a_small_population_is_not_certified_by_chance(size: int, level: int) -> None:
    """Drawn without replacement from a population at its bound, with a look after each label: the
    exact chance of a false certificate, over all orders, is below 5 %.
    """
    assert chance_of_certifying(size, size * (1000 - level) // 1000, level) < evidence.ALPHA


@given(st.integers(0, 40), st.integers(0, 1500), levels)
@settings(deadline=None)
def test_one_more_right_label_never_takes_it_away(wrong: int, right: int, level: int) -> None:
    """What is certified stays so with a right label, what is not alarming stays so too; one more
    wrong label does the reverse.
    """
    labels = wrong + right
    grown = evidence.log_evidence(right + 1, labels + 1, level)
    assert grown >= evidence.log_evidence(right, labels, level) - 1e-9
    assert evidence.log_evidence(right, labels + 1, level) <= grown
    fallen = evidence.log_counter_evidence(right + 1, labels + 1, level)
    assert fallen <= evidence.log_counter_evidence(right, labels, level) + 1e-9


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(deadline=None)
def test_the_lower_bound_is_that_of_clopper_and_pearson(found: tuple[int, int]) -> None:
    """As scipy has it, and never rounded up; `share_exceeds` says the same without it."""
    hits, among = found
    exact = stats.beta.ppf(evidence.ALPHA, hits, among - hits + 1) if hits else 0.0
    ours = evidence.lower_bound(hits, among)
    assert ours == pytest.approx(exact, abs=1e-9)
    for share in (20, 50, 100):
        if abs(exact - share / 1000) > 1e-7:
            assert evidence.share_exceeds(hits, among, share) == (exact > share / 1000)


@given(counts, st.floats(0.001, 0.999))
@settings(deadline=None)
def test_tails_are_binomial(found: tuple[int, int], p: float) -> None:
    """Both sides against scipy, where its own figure is not rounded to nothing."""
    k, n = found
    for ours, theirs in (
        (evidence.log_at_most(k, n, p), special.bdtr(k, n, p)),
        (evidence.log_at_least(k, n, p), special.bdtrc(k - 1, n, p) if k else 1.0),
    ):
        if theirs > 1e-250:
            assert ours == pytest.approx(math.log(theirs), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("wrong", [(-1, 1, 950), (2, 1, 950), (1, 1, 0), (1, 1, 1000)])
def test_what_cannot_be_is_refused(wrong: tuple[int, int, int]) -> None:
    """More right labels than labels, or a bound that is none, is an error and no evidence."""
    with pytest.raises(ValueError, match="against"):
        evidence.log_evidence(*wrong)
    with pytest.raises(ValueError, match="against"):
        evidence.log_counter_evidence(*wrong)


def test_impossible_overturns_are_refused() -> None:
    """Of 3 actions 4 cannot have been undone."""
    with pytest.raises(ValueError, match="4 of 3"):
        evidence.share_exceeds(4, 3, 50)
    with pytest.raises(ValueError, match="4 of 3"):
        evidence.lower_bound(4, 3)


def test_nothing_proves_nothing() -> None:
    """Without labels there is neither evidence nor an alarm."""
    assert evidence.log_evidence(0, 0, 950) == pytest.approx(0)
    assert evidence.log_counter_evidence(0, 0, 950) == pytest.approx(0)
    assert not evidence.share_exceeds(0, 0, 50)


def test_more_than_can_be_labelled_is_said_as_such() -> None:
    """With too many wrong ones the search ends at its bound."""
    assert evidence.labels_needed(1000, 990) == evidence.LABELS_MAX
