"""What comes from elsewhere is let into no list on which a rule would then rest alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.listed_community import change, listed
from flow.small_community import NOW
from ombud.app import Engine
from ombud.controls import elsewhere
from ombud.errors import BadUse


def test_the_rules_that_would_rest_on_it_are_named(tmp_path: Path) -> None:
    """Those that do more than hold; a list that only holds may take in anything."""
    folder = listed(tmp_path / "folder")
    people = folder / "rules" / "people.rule"
    people.write_text(people.read_text().replace("hold this", "remove this"))
    with Engine(folder, now=lambda: NOW) as engine:
        community = engine.writer.pipeline.community
        assert elsewhere.resting(community.active, {}, {"bad words": True}) == []
        assert elsewhere.resting(community.active, {}, {"known people": True}) == ["people"]
        elsewhere.bearable(community, "bad words")
        with pytest.raises(BadUse) as refused:
            elsewhere.bearable(community, "known people")
        assert refused.value.code == "U097"
        assert refused.value.arguments["rules"] == "people"
        change(engine, "add", "bad words", "slots", source="a forum")
        known = {name: one.imported for name, one in community.lists.items()}
        assert elsewhere.resting(community.active, known, known) == []
