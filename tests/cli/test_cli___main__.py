"""The command line as a module."""

from __future__ import annotations

import subprocess
import sys


def test_the_command_line_runs_as_a_module() -> None:
    """`python -m ombud.cli` is `ombud`, with its help and its exit codes."""
    for words, code in ((("--help",), 0), (("no-such",), 2)):
        asked = [sys.executable, "-m", "ombud.cli", *words]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        assert done.returncode == code
        assert "Usage: ombud" in done.stdout + done.stderr
