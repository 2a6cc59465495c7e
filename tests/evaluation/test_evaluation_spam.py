"""The evaluation of spam: its section on invented rows, and what no model may see."""

from __future__ import annotations

import pytest
from evaluation.spam_sets import Text

from evaluation import spam, spam_models, spam_sets
from flow.spam_rows import SETS
from ombud.training import figures as measures


def test_no_model_sees_a_test_row() -> None:
    """Thresholds come out the same whatever stands in test."""
    one = {"one": SETS["one"]}
    other = {"one": {**SETS["one"], "test": [Text("x", spam=True)]}}
    assert spam.chosen(one) == spam.chosen(other)


def test_both_methods_learn_what_is_there_to_learn() -> None:
    """On invented rows, which are easy, both are nearly always right."""
    for method in spam.METHODS:
        score = spam.METHODS[method](SETS["one"]["train"])
        found = spam_models.pairs(score, SETS["one"]["test"])
        assert (measures.auroc(found) or 0) > 0.95
    assert spam_models.plain(SETS["one"]["train"])([]) == []


@pytest.fixture(scope="module")
def section() -> str:
    """The section on invented rows."""
    thresholds = spam.chosen(SETS)
    posts = [Text(each.text, spam=False, room="r", at=5) for each in SETS["one"]["test"]]
    return spam.section(SETS, posts, thresholds, quick=True)


def test_the_section_has_its_baselines_beside_ours_and_quotes_nothing(section: str) -> None:
    """Each set with each method, all tables, and no word of a text."""
    for name in SETS:
        for method in ("everything is spam", "day-one rules", "ours", "tf-idf"):
            assert f"| {name} | {method} |" in section
    for method in spam.METHODS:
        assert f"| {method} | {spam.POOLED} |" in section
    assert "| one | others' | 200 |" in section
    words = {
        word for split in SETS.values() for each in split["test"] for word in each.text.split()
    }
    assert not any(
        f" {word} " in section for word in words - set(spam._SAID.split()) if len(word) > 8
    )


def test_thresholds_are_there_for_every_set_and_method() -> None:
    """What is committed covers what is told."""
    for method in spam.METHODS:
        assert set(spam.THRESHOLDS[method]) == {*spam_sets.SETS, spam.POOLED}
