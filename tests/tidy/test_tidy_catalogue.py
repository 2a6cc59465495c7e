"""Error codes are there when they are raised: a command loads a part of the program, not all of it.

Whoever raises an error looks its code up in the catalogue, which holds what the modules loaded so
far put there. So a module names only codes that it, or what it imports, puts there.
"""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tidy.source_tree import SOURCE, SOURCES, place, report, tree
from tidy.test_tidy_errors import CODE

# Who names codes and raises none of them.
ONLY_NAMES = {
    "ombud.signals.lists.reading": "problems of lists, which `rules.load` tells",
    "ombud.web.exchange": "the status of each answer",
}


def name_of(path: Path) -> str:
    """A file's module."""
    return ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in SOURCES}


def loads(body: list[ast.stmt]) -> Iterator[str]:
    """What a module imports when it is loaded itself: not in functions, not for types alone."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from loads(node.orelse)
        elif isinstance(node, ast.If | ast.Try | ast.With):
            for part in ("body", "orelse", "finalbody"):
                yield from loads(getattr(node, part, []))


@functools.cache
def loaded(module: str) -> frozenset[str]:
    """All modules of the program that are loaded with one, itself among them."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen or not name:
            continue
        waiting.append(name.rpartition(".")[0])
        if name in MODULES:
            seen.add(name)
            waiting += loads(tree(MODULES[name]).body)
    return frozenset(seen)


def homes() -> dict[str, str]:
    """By code: the module that puts it into the catalogue."""
    return {
        str(each.arg): module
        for module, path in MODULES.items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "catalogue"
        for each in node.keywords
    }


HOMES = homes()


def missing(module: str, path: Path) -> list[str]:
    """The codes that a module names, and that may be unknown when it does."""
    return [
        f"{place(path, node)}: {node.value}, which stands in {HOMES.get(node.value)}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.match(node.value)
        and HOMES.get(node.value) not in loaded(module)
    ]


@pytest.mark.parametrize("module", sorted(MODULES.keys() - ONLY_NAMES))
def test_every_code_is_listed_when_it_is_raised(module: str) -> None:
    """Whatever command runs: a module loads the entry of each code that it names."""
    found = missing(module, MODULES[module])
    assert not found, report("Codes that may be unknown where they are raised:", found)


def test_who_tells_the_problems_of_lists_knows_them() -> None:
    """The modules that only name codes are left out for a reason that holds."""
    assert HOMES["R203"] in loaded("ombud.rules.load")
    assert all(missing(module, MODULES[module]) for module in ONLY_NAMES), "one names all it needs"


def test_what_is_loaded_is_worked_out_as_python_does() -> None:
    """A fresh process that loads a module holds what `loaded` says, or more."""
    for module in ("ombud.factchecks", "ombud.cli", "ombud.web.api"):
        asked = f"import sys, {module}\nprint(*(n for n in sys.modules if n.startswith('ombud')))"
        done = subprocess.run(
            [sys.executable, "-c", asked], capture_output=True, text=True, check=True
        )
        assert loaded(module) <= set(done.stdout.split())


def test_the_check_can_fail() -> None:
    """A code of a module that is not loaded, or loaded only for types or in a function, is seen."""
    lines = (
        "if TYPE_CHECKING:\n    from ombud.store import sqlite\n"
        "def late():\n    from ombud.store import sqlite\n"
    )
    assert list(loads(ast.parse(lines).body)) == []
    assert list(loads(ast.parse("from ombud.store import sqlite").body)) == ["ombud.store.sqlite"]
    assert HOMES["D004"] not in loaded("ombud.config")
    assert HOMES["D003"] == "ombud.errors"
