"""Generated pages say what the program says."""

from __future__ import annotations

import subprocess
import sys

from tidy.source_tree import ROOT


def generate(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the generator as `make` does."""
    program = [sys.executable, str(ROOT / "docs" / "generate.py"), *arguments]
    return subprocess.run(program, capture_output=True, text=True, check=False)


def test_the_reference_pages_are_up_to_date() -> None:
    """Each generated page is what the program would write now; `make reference` mends it."""
    done = generate("--check")
    assert done.returncode == 0, done.stderr


def test_an_unknown_argument_writes_nothing() -> None:
    """A misspelt `--check` does not write the pages it was meant to look at."""
    done = generate("--chek")
    assert done.returncode == 2
    assert "usage" in done.stderr
