"""Docstrings: what a module is for, what a public thing does, what a test claims."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tidy.source_tree import (
    EVERY_FILE,
    SOURCES,
    TEST_FILES,
    Function,
    functions,
    place,
    report,
    tree,
)

# A declared signal says what it means in its declaration, in two languages; a command in its help.
DECLARED_BY = frozenset({"signal"})


def test_every_module_says_what_it_is_for() -> None:
    """A module opens with a docstring."""
    found = [place(path) for path in EVERY_FILE if not ast.get_docstring(tree(path))]
    assert not found, report("Modules without a docstring:", found)


def test_every_public_function_and_class_has_a_docstring() -> None:
    """Functions, methods and classes without a leading underscore say what they do."""
    found = [
        f"{place(path, node)}: {node.name}"
        for path in SOURCES
        for node in _public(tree(path).body)
        if not ast.get_docstring(node)
    ]
    assert not found, report("Public functions and classes without a docstring:", found)


def _public(body: list[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    for node in body:
        if not isinstance(node, ast.ClassDef | Function) or node.name.startswith("_"):
            continue
        if _decorators(node) & (DECLARED_BY | {"overload"}):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            yield from _public(node.body)


def _decorators(node: Function | ast.ClassDef) -> set[str]:
    found = set()
    for decorator in node.decorator_list:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        found.add(named.attr if isinstance(named, ast.Attribute) else getattr(named, "id", ""))
    return found


def test_every_test_states_its_claim() -> None:
    """A test has a docstring that says what is true when it passes."""
    found = [
        f"{place(path, node)}: {node.name}"
        for path in TEST_FILES
        for node in functions(path)
        if node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert not found, report("Tests without a docstring:", found)


def test_docstrings_end_as_sentences() -> None:
    """A docstring's first line ends like a sentence, or leads on to what follows."""

    def bad(path: Path) -> Iterator[str]:
        for node in (tree(path), *_public(tree(path).body)):
            first = (ast.get_docstring(node) or ".").partition("\n\n")[0].strip()
            if not first.endswith((".", "?", ":", "!", "`")):
                yield f"{place(path, node)}: {first[:60]}"

    found = [each for path in SOURCES for each in bad(path)]
    assert not found, report("Docstrings whose first paragraph ends in mid-air:", found)
