"""The pure core does no I/O, reads no clock, and draws nothing: time and facts are arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tidy.source_tree import SOURCE, SOURCES, place, report, tree

CORE_MODULES = ("events.py",)
CORE_FOLDERS = ("signals", "rules", "ledger", "windows")
CORE = [
    path
    for path in SOURCES
    if (inside := path.relative_to(SOURCE)).parts[0] in CORE_FOLDERS or str(inside) in CORE_MODULES
]

IMPORTS = frozenset(
    {"apsw", "asyncio", "fcntl", "glob", "http", "io", "multiprocessing", "os", "pathlib"}
    | {"platform", "queue", "random", "requests", "secrets", "select", "selectors", "shutil"}
    | {"signal", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time"}
    | {"urllib", "uuid"}
)
CALLS = frozenset({"open", "input", "print", "exec", "eval", "compile", "__import__"})
METHODS = frozenset(
    {"now", "today", "utcnow", "read_text", "read_bytes", "write_text", "write_bytes", "open"}
    | {"urandom", "new_id", "generate"}
)

# Why some of it stands in the core all the same.
EXCEPTIONS = {
    ("rules/plan.py", "exec"): "the plan is Python made here from checked trees, never from text",
    ("rules/plan.py", "compile"): "as above",
    ("signals/views.py", "read_bytes"): "the confusables, a packaged table checked by its digest",
    ("signals/learned/neutral.py", "read_bytes"): "a packaged table checked by its digest",
    ("signals/language.py", "read_bytes"): "a packaged model checked by its digest",
    ("signals/learned/shipped.py", "read_bytes"): "packaged models checked by their digests",
    ("signals/learned/tones.py", "read_bytes"): "a packaged table checked by its digest",
    ("signals/links.py", "read_bytes"): "the suffixes, a packaged table checked by its digest",
    ("signals/links.py", "read_text"): "the suffixes, a packaged table",
}


def impure(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """What in a module could read the world or change it, by name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for name in node.names:
                if name.name.partition(".")[0] in IMPORTS:
                    yield name.name, node
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            module = node.module or ""
            if module.partition(".")[0] in IMPORTS:
                yield module, node
            for name in node.names:
                if (module, name.name) in {("ombud.clock", "now"), ("ombud.ids", "new_id")}:
                    yield name.name, node
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in CALLS:
                yield node.func.id, node
            elif isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
                yield node.func.attr, node


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_core_reads_no_clock_no_file_and_no_dice(path: Path) -> None:
    """No import and no call by which the same input could give another answer."""
    inside = str(path.relative_to(SOURCE))
    found = [
        f"{place(path, node)}: {name}"
        for name, node in impure(path)
        if (inside, name) not in EXCEPTIONS
    ]
    assert not found, report("Not pure:", found)


def test_the_check_sees_what_it_should(tmp_path: Path) -> None:
    """Each way to be impure is found: the check can fail."""
    path = tmp_path / "impure.py"
    path.write_text(
        "import time, os.path\nfrom random import choice\nfrom pathlib import Path\n"
        "from datetime import datetime\nfrom ombud.clock import now\n"
        "datetime.now()\nopen('x')\nPath('x').read_text()\n"
    )
    assert [name for name, _ in impure(path)] == [
        "time",
        "os.path",
        "random",
        "pathlib",
        "now",
        "now",
        "open",
        "read_text",
    ]
    path.with_name("pure.py").write_text("from datetime import UTC, datetime\ndatetime.max\n")
    assert not list(impure(path.with_name("pure.py")))
