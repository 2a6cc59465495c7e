"""Effects: what a control did is a plain value that nobody alters afterwards."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from flow.platform_side import connected
from ombud import ids
from ombud.effects import Effect, Reversal

LANE = b"lane"


def test_an_effect_reverses_nothing_of_itself() -> None:
    """Without more it is a payload: no leaf, no decision taken back, nothing touched."""
    effect = Effect({"a": 1})
    assert (effect.leaf, effect.reversals, effect.reason, effect.touched) == (None, (), "", 0)
    assert effect.fields == {}


def test_effects_cannot_be_altered() -> None:
    """What was worked out in a control is what is settled and journalled."""
    reversal = Reversal(
        "dec_1", "spam.links", "bags", "hold", 7, LANE, "en", "", "chat", "asked", inverse=True
    )
    for value, name in ((Effect({}), "reason"), (reversal, "stood")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, "other")
    assert ids.new_id("dec") != reversal.decision


def test_the_pipeline_is_what_controls_are_carried_out_with(tmp_path: Path) -> None:
    """It has the store, the keys and the community that `Hands` asks for."""
    with connected(tmp_path) as platform:
        pipeline = platform.engine.writer.pipeline
        assert pipeline.store is platform.engine.store
        assert pipeline.keys is platform.engine.keys
        assert pipeline.community.active.names
