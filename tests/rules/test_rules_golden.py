"""What authors of rules and policies are told, word for word."""

from __future__ import annotations

import re

import pytest

from ombud.errors import CATALOGUE
from rules import rules_golden_cases

CASES = tuple(rules_golden_cases.cases())


@pytest.mark.parametrize(
    ("kind", "given", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_diagnostics_are_word_for_word_as_written_down(
    kind: str, given: str, expected: str
) -> None:
    """Each case gives exactly the diagnostics that stand beside it."""
    assert rules_golden_cases.told(kind, given) == expected


def test_every_case_of_the_files_is_run() -> None:
    """No case is lost to a slip in the Markdown."""
    files = rules_golden_cases.FOLDER.glob("*.md")
    answers = sum(file.read_text().count("\n```text\n") for file in files)
    assert len(CASES) == answers >= 180


def test_every_code_has_a_case() -> None:
    """Nobody is told anything that was not written down, and read, here."""
    told = {code for *_, answer in CASES for code in re.findall(r"^(R\d{3})  ", answer, re.M)}
    assert told == {code for code in CATALOGUE if code.startswith("R")}
