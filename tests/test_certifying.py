"""What is asked of an engine for a rule's certificate."""

from __future__ import annotations

from pathlib import Path

from flow.certified_community import drawn, due, grown
from flow.small_community import rows
from ombud import certifying
from ombud.app import Engine


def test_requests_begin_label_and_stop(tmp_path: Path) -> None:
    """The requests of a command or a page do what the functions do, one control each, in the name
    of who asks; nobody's name is the admin's.
    """
    clock = grown(tmp_path, 6)
    with Engine(tmp_path, now=clock) as engine:
        asked = {"rule": "bags", "labellers": ["Ben"], "by": "Ana", "level": 950}
        certifying.perform(engine, "begin labelling", asked)
        drawn(engine)
        item = due(engine, "Ben")[0]["item"]
        certifying.perform(engine, "label", {"item": item, "said": "yes", "by": "Ben"})
        assert item not in {each["item"] for each in due(engine, "Ben")}
        certifying.perform(engine, "stop labelling", {"rule": "bags"})
        assert not due(engine, "Ben")
    types = [row[0] for row in rows(tmp_path, "SELECT type FROM journal ORDER BY seq")]
    of_ours = [each for each in types if each in ("!population", "!draw", "!label", "!labelling")]
    assert of_ours == ["!population", "!draw", "!label", "!labelling"]
