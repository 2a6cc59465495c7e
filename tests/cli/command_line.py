"""Runs `ombud` as a person does, and looks at what a terminal would get."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from ombud.cli import main

# moves the cursor, colours, rings, turns the text around, hides in between
HOSTILE = "\x1b[2J\x1b[31m\x07\u202eevil\u2066\u200b\x9b\r"


def run(*words: object) -> Result:
    """One call of `ombud`; an exception that is no answer fails the test."""
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def printed(*words: object) -> Any:
    """The one JSON object that a command prints with `--json`, whatever its exit code."""
    return json.loads(run(*words, "--json").stdout)


def harmless(shown: Result) -> bool:
    """Whether nothing printed could move a terminal's cursor or turn its text around."""
    return all(char.isprintable() or char == "\n" for char in shown.output)


def error_of(shown: Result) -> list[str]:
    """The lines of an error, without their indentation; nothing may be on standard output."""
    assert not shown.stdout
    return [line.strip() for line in shown.stderr.splitlines()]
