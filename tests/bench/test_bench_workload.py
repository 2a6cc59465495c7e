"""The workload must be the same for everybody, and be taken as it is by the engine."""

from __future__ import annotations

import pytest

from bench import workload
from ombud import events, samples
from ombud.rules.load import load


@pytest.mark.parametrize("language", sorted(workload.LANGUAGES))
def test_the_same_seed_gives_the_same_events_and_all_are_taken(language: str) -> None:
    """Every line decodes, and two makings are equal."""
    lines = workload.lines(language, 50)
    assert lines == workload.lines(language, 50)
    assert [events.decode(line).id for line in lines] == [f"e{n}" for n in range(50)]


def test_texts_of_the_ascii_workload_are_ascii() -> None:
    """The ASCII figure is measured on ASCII texts."""
    said = [events.decode(line).data.text or "" for line in workload.lines("ascii", 50)]
    assert all(text.isascii() for text in said)


def test_fifty_rules_are_fifty_rules_without_errors() -> None:
    """The figure says 50 rules, and that many take part."""
    policies, lists = samples.files("policies"), samples.files("lists")
    loaded = load(workload.fifty(), policies, lists)
    assert loaded.ok
    assert len(loaded.rules) == 50
