"""Sizes: nothing is longer than a reader can hold in mind."""

from __future__ import annotations

from tidy.source_tree import EVERY_FILE, functions, place, report, text

MODULE_LINES = 400
FUNCTION_LINES = 60
COLUMNS = 100


def test_no_module_is_longer_than_400_lines() -> None:
    """A stage that outgrows one module becomes a folder."""
    found = [
        f"{place(path)}: {lines} lines"
        for path in EVERY_FILE
        if (lines := text(path).count("\n")) > MODULE_LINES
    ]
    assert not found, report(f"Modules of more than {MODULE_LINES} lines:", found)


def test_no_function_is_longer_than_60_lines() -> None:
    """A function fits a screen, its docstring included."""
    found = [
        f"{place(path, node)}: {node.name} has {lines} lines"
        for path in EVERY_FILE
        for node in functions(path)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not found, report(f"Functions of more than {FUNCTION_LINES} lines:", found)


def test_no_line_is_longer_than_100_columns() -> None:
    """Lines can be read side by side, in comments and docstrings too."""
    found = [
        f"{place(path)}:{number}: {len(line)} columns"
        for path in EVERY_FILE
        for number, line in enumerate(text(path).splitlines(), start=1)
        if len(line) > COLUMNS
    ]
    assert not found, report(f"Lines of more than {COLUMNS} columns:", found)
