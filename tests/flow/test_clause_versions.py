"""A clause binds from the day it was published: a later version never reaches back."""

from __future__ import annotations

from pathlib import Path

from flow.small_community import NOW, check, event, line, prepare
from ombud.app import Engine
from ombud.transaction import Answer

HOUR = 3_600_000_000


def answer(engine: Engine, number: int, at: float) -> Answer:
    """The answer to a post that a rule fires on, `at` seconds after the start."""
    found = engine.submit([line(event(number, at, text="cheap bags"))])[0]
    assert isinstance(found, Answer)
    assert found.fired == ("bags",)
    return found


def test_a_changed_clause_never_acts_on_what_was_posted_before_it(tmp_path: Path) -> None:
    """After a clause is rewritten, its rules hit older posts without holding them; newer they
    hold, and replay says the same.
    """
    moment = [NOW]
    with Engine(prepare(tmp_path), now=lambda: moment[0]) as engine:
        assert answer(engine, 1, 10).action == "hold"
        policy = tmp_path / "policies" / "spam.md"
        text = policy.read_text(encoding="utf-8")
        policy.write_text(text.replace("at most one link", "one link at most"), encoding="utf-8")
        assert policy.read_text(encoding="utf-8") != text
        moment[0] += HOUR
        assert engine.reload()
        assert answer(engine, 2, 20).action == "allow"
        moment[0] += 2 * HOUR
        assert answer(engine, 3, 86_400 + 7_200).action == "hold"
    assert check(tmp_path).different == 0
