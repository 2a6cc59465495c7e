"""How rules stand, as data: by which licence each action would be done, who stands behind it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flow.small_community import DAY, NOW, RULES, prepare
from ombud import config, rulestanding
from ombud.app import Engine
from ombud.gate import Kind, Licence
from ombud.staff import people

THEN = {
    "hold this for 48 hours": ("hold", rulestanding.ASKS),
    "suspend author": ("suspend", rulestanding.NEVER),
    "warn author": ("warn", rulestanding.FREE),
    "hold this": ("hold", Kind.PROCEDURAL.value),
    'alert "look"': ("alert", rulestanding.FREE),
}


@pytest.mark.parametrize("then", THEN)
def test_by_which_licence(tmp_path: Path, then: str) -> None:
    """What judging would say, told as data."""
    text = RULES["bags.rule"].replace("hold this", then)
    with Engine(prepare(tmp_path, {"bags.rule": text}), by="ana", now=lambda: NOW) as engine:
        active = engine.writer.pipeline.community.active
        (told,) = rulestanding.all_of(active, (), engine.keys, NOW)
        (asked,) = told["asks"]
        assert (asked["action"], asked["by"]) == THEN[then]
        if asked["by"] == Kind.PROCEDURAL.value:
            assert (asked["hours"], asked["cap"]) == (24, 200)
        assert (told["name"], told["mode"], told["acting"]) == ("bags", "live", True)
        assert told["author"] == "ana"
        assert told["authored"] == people.person(engine.keys, "ana")
        assert told["eyes"] == "one person"
        assert rulestanding.one(active, (), engine.keys, NOW, "bags") == told
        assert rulestanding.one(active, (), engine.keys, NOW, "nothing") is None


def test_a_certificate_counts_until_it_ends(tmp_path: Path) -> None:
    """For this version of this rule."""
    text = RULES["bags.rule"].replace("hold this", "hold this for 48 hours")
    with Engine(prepare(tmp_path, {"bags.rule": text}), now=lambda: NOW) as engine:
        active = engine.writer.pipeline.community.active
        licence = Licence(
            id="cert_x",
            kind=Kind.CERTIFICATE,
            clause="spam.links",
            rule="bags",
            version=active.versions[0],
            hold=3 * DAY,
            cap=40,
            level=950,
            until=NOW + DAY,
        )

        def by(given: Licence, now: int) -> dict[str, object]:
            (told,) = rulestanding.all_of(active, (given,), engine.keys, now)
            found: dict[str, object] = told["asks"][0]
            return found

        told = by(licence, NOW)
        assert told["by"] == "certificate"
        assert (told["level"], told["hours"], told["cap"]) == (95, 48, 40)
        assert told["until"] == NOW + DAY
        assert by(licence, NOW + DAY)["by"] == rulestanding.ASKS
        assert by(replace(licence, version="x"), NOW)["by"] == rulestanding.ASKS


def test_who_gave_no_name_is_not_named(tmp_path: Path) -> None:
    """And drafts are those of the files that nothing is in force of."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        active = engine.writer.pipeline.community.active
        told = rulestanding.one(active, (), engine.keys, NOW, "bags")
        assert told is not None
        assert told["author"] == ""
        drafts = rulestanding.drafts(config.read(engine.folder), active)
        names = [each["name"] for each in drafts]
        assert "first-post-links" in names
        assert not set(names) & set(active.names)
        assert {each["mode"] for each in drafts} == {"draft"}
