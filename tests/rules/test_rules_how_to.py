"""The rule that the page about emergencies shows: it loads, and its examples come out right."""

from __future__ import annotations

import re
from pathlib import Path

from ombud import samples
from ombud.rules.load import load

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "declare-an-emergency.md"


def test_the_rule_of_the_page_can_be_copied() -> None:
    """Beside the sample policies and lists, without a warning."""
    (text,) = re.findall(r"^```\n(rule .*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    file = text.split()[1] + ".rule"
    found = load({file: text.encode()}, samples.files("policies"), samples.files("lists"))
    assert [each for each in found.diagnostics if each.severity != "information"] == []
    assert found.ok
