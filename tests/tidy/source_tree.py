"""The files that the house rules are about, read once."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "ombud"
TESTS = ROOT / "tests"

SOURCES = sorted(SOURCE.rglob("*.py"))
TEST_FILES = sorted(TESTS.rglob("*.py"))
OTHERS = sorted(
    path
    for folder in ("bench", "docs", "evaluation", "connectors-synapse/ombud_synapse")
    for path in (ROOT / folder).glob("*.py")
)
EVERY_FILE = [*SOURCES, *TEST_FILES, *OTHERS]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@functools.cache
def text(path: Path) -> str:
    """A file's text."""
    return path.read_text(encoding="utf-8")


@functools.cache
def tree(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(text(path), str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where something stands, as an editor can jump to."""
    line = getattr(node, "lineno", None)
    return f"{path.relative_to(ROOT)}" + (f":{line}" if line else "")


def functions(path: Path) -> list[Function]:
    """All functions and methods of a file, nested ones included."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


def report(rule: str, found: list[str]) -> str:
    """What a test says: the rule, then each place that breaks it."""
    return "\n".join([rule, *(f"  {each}" for each in found)])
