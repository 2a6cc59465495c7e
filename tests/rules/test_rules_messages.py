"""The catalogue of what can be wrong."""

from __future__ import annotations

import re
from pathlib import Path

import ombud.rules
import ombud.signals.lists
from ombud.errors import CATALOGUE
from ombud.rules import messages

SOURCE = "\n".join(
    file.read_text()
    for package in (ombud.rules, ombud.signals.lists)
    for file in Path(*package.__path__).glob("*.py")
    if file.name != "messages.py"
)
CODES = {code for code in CATALOGUE if code.startswith("R")}


def test_every_code_is_used_and_every_used_code_is_there() -> None:
    """No message is dead, and no problem is without one."""
    assert messages.__doc__ is not None
    assert set(re.findall(r"\bR\d{3}\b", SOURCE)) == CODES


def test_messages_are_sentences() -> None:
    """What is wrong is one sentence; what to do begins like one."""
    for code in CODES:
        entry = CATALOGUE[code]
        assert entry.message.endswith((".", "{message}")), code
        assert entry.hint == "" or entry.hint[0].isupper() or entry.hint[0] in "{`", code
