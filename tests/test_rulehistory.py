"""The versions of a rule: what is one, and what two of them differ in. Who put them in force is
tested beside `rulewriting`.
"""

from __future__ import annotations

from pathlib import Path

from flow.small_community import RULES, prepare
from ombud import rulehistory
from ombud.app import Engine
from ombud.reading import reading
from ombud.rulehistory import COMPARED_MAX, changes


def test_versions_modes_and_gaps(tmp_path: Path) -> None:
    """Another description is no version; gone and come back is."""
    folder = prepare(tmp_path / "community")
    path, text = folder / "rules" / "bags.rule", RULES["bags.rule"]
    with Engine(folder, by="ana") as engine:
        for now in (
            text.replace("A rule of the tests", "Another description"),
            text.replace("mode    live", "mode    watch"),
            text.replace("mode    live", "mode    draft"),
            text,
        ):
            path.write_text(now)
            engine.reload("binh")
    with reading(folder) as reader:
        found = rulehistory.of(reader.store, reader.keys, "bags")
        assert rulehistory.of(reader.store, reader.keys, "nothing") == []
    assert [each.mode for each in found] == ["live", "", "watch", "live"]
    assert [each.by for each in found] == ["binh", "binh", "binh", "ana"]
    assert [bool(each.text) for each in found] == [True, False, True, True]
    assert found[0].version == found[2].version == found[3].version
    assert [each.seq for each in found] == sorted((each.seq for each in found), reverse=True)


def test_changes_are_lines_with_signs() -> None:
    """And nothing is compared that would take long."""
    assert changes("a\nb\nc\n", "a\nx\nc\n") == [
        ("@", "@ -1,3 +1,3 @@"),
        (" ", "a"),
        ("-", "b"),
        ("+", "x"),
        (" ", "c"),
    ]
    assert changes("a", "a") == []
    assert changes("a\n" * COMPARED_MAX, "b") is None
