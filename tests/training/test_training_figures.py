"""Figures agree with scikit-learn's, and with counting by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from ombud.training import figures

PAIRS = [(100, False), (200, True), (600, False), (700, True), (700, True), (900, True)]
MANY = st.lists(st.tuples(st.integers(0, 1000), st.booleans()), min_size=2, max_size=60).filter(
    lambda pairs: len({harm for _, harm in pairs}) == 2
)


@given(MANY)
def test_figures_are_those_of_scikit_learn(pairs: list[tuple[int, bool]]) -> None:
    """AUROC, F1 and balanced accuracy, ties included."""
    truth, scores = [harm for _, harm in pairs], [score for score, _ in pairs]
    said = [score >= 500 for score in scores]
    assert figures.auroc(pairs) == pytest.approx(metrics.roc_auc_score(truth, scores))
    assert figures.f1(pairs) == pytest.approx(metrics.f1_score(truth, said))
    macro = metrics.f1_score(truth, said, average="macro")
    assert figures.macro_f1(pairs) == pytest.approx(macro)
    balanced = metrics.balanced_accuracy_score(truth, said)
    assert figures.balanced_accuracy(pairs) == pytest.approx(balanced)


def test_what_cannot_be_said_is_none() -> None:
    """With one class only there is no order to judge."""
    assert figures.auroc([(1, True)]) is None
    assert figures.balanced_accuracy([(1, True)]) is None
    assert figures.f1([(1, False)]) is None
    assert figures.macro_f1([(1, False)]) is None
    assert figures.precision_at_recall([(1, False)], 0.5) is None
    assert figures.ece([]) is None


def test_precision_at_recall_takes_equal_scores_together() -> None:
    """The threshold cannot stand between two equal scores."""
    assert figures.precision_at_recall(PAIRS, 0.25) == (1.0, 900)
    assert figures.precision_at_recall(PAIRS, 0.5) == (1.0, 700)
    assert figures.precision_at_recall(PAIRS, 1.0) == (4 / 5, 200)


def test_calibration_is_held_against_what_came_true() -> None:
    """By tenths of the scale, each weighed by its rows."""
    assert figures.reliability([(50, False), (60, True), (1000, True)]) == [
        (2, 55, 500),
        (1, 1000, 1000),
    ]
    assert figures.ece([(50, False), (60, True), (1000, True)]) == pytest.approx(0.445 * 2 / 3)


def test_an_interval_holds_the_figure_and_narrows() -> None:
    """Many rows tell more than few; the seed makes it the same again."""
    few, many = figures.interval(PAIRS * 3, figures.f1), figures.interval(PAIRS * 60, figures.f1)
    assert few == figures.interval(PAIRS * 3, figures.f1)
    assert few[0] <= many[0] <= (figures.f1(PAIRS) or 0) <= many[1] <= few[1]
    assert figures.interval([(1, True)] * 5, figures.auroc) == (0.0, 1.0)
