"""What rules on watch hit is counted in public: events by version, and nothing of what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flow.case_desk import DESK_RULES, bags
from flow.platform_side import connected
from flow.small_community import rows
from ombud import publicrules
from ombud.reading import reading

WATCH = {"bags.rule": DESK_RULES["bags.rule"].replace("mode    live", "mode    watch")}
CHANGED = WATCH["bags.rule"].replace("hold this", "hold this for 12 hours")


def told(folder: Path) -> dict[str, Any]:
    """What the public figures say of the one rule on watch."""
    with reading(folder) as reader:
        (found,) = publicrules.watching(reader.public_rules().published(0))
    return found


def test_hits_on_watch_are_counted_in_public(tmp_path: Path) -> None:
    """None; a few, of which no number is told; six; not those of an older version, nor what came
    twice or was played through on another timeline.
    """
    with connected(tmp_path / "data", rules=WATCH) as platform:
        folder = platform.folder
        assert (told(folder)["hits"], told(folder)["hits_since"]) == (0, None)
        platform.stream(*(bags(number, f"p{number}") for number in range(4)))
        platform.stream(bags(0, "p0"), {**bags(90), "id": "elsewhere"}, timeline="trial")
        assert told(folder)["hits"] is None
        assert told(folder)["hits_since"] is None
        platform.clock[0] += 3_600_000_000
        platform.stream(bags(4, "p4"), bags(5, "p5"), bags(0, "p0"))
        assert told(folder)["hits"] == 6
        assert told(folder)["hits_since"].startswith("2026-03-02T12:00:00")
        assert rows(folder, "SELECT count(*) FROM decision") == [(0,)]
        (folder / "rules" / "bags.rule").write_text(CHANGED)
        platform.engine.reload()
        assert told(folder)["hits"] == 0
        platform.stream(bags(7, "p7"))
        assert told(folder)["hits"] is None


def test_a_rule_that_acts_is_not_counted_as_watching(tmp_path: Path) -> None:
    """What it does stands in the public log."""
    with connected(tmp_path / "data", rules={"bags.rule": DESK_RULES["bags.rule"]}) as platform:
        platform.stream(*(bags(number, f"p{number}") for number in range(6)))
        assert rows(platform.folder, "SELECT * FROM watch_hit") == []
