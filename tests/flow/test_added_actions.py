"""Of several actions on one post the strongest is done; warnings and labels come beside it."""

from __future__ import annotations

from pathlib import Path

from flow.small_community import NOW, RULES, check, event, hold_together, line, prepare, rule
from ombud.app import Engine
from ombud.reading import reading
from ombud.transaction import Answer

WARN = rule(
    "shouting",
    'text contains "bags"',
    'text "bags"',
    'text "thanks"',
    clause="flood.burst",
    then="warn this",
)


def test_a_warning_comes_beside_a_hold(tmp_path: Path) -> None:
    """Two decisions with their own statements; the post's answer is the hold; replay agrees."""
    with Engine(prepare(tmp_path, {**RULES, **dict([WARN])}), now=lambda: NOW) as engine:
        (answer,) = engine.submit([line(event(1, 1, text="cheap bags"))])
    assert isinstance(answer, Answer)
    assert (answer.action, len(answer.decisions)) == ("hold", 2)
    with reading(tmp_path) as reader:
        made = reader.decisions()
    assert {each["actions"][0]["type"]: each["clause"] for each in made} == {
        "hold": "spam.links",
        "warn": "flood.burst",
    }
    hold_together(tmp_path)
    assert check(tmp_path).different == 0
