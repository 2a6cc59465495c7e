"""Files that somebody named are opened in one place, `files`: nothing else opens to read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tidy.source_tree import SOURCE, SOURCES, place, report, tree

READS = frozenset({"open", "read_bytes", "read_text"})

# Who opens besides, and why nobody outside can have named what is opened.
EXCEPTIONS = {
    "files.py": "the place",
    "model_folder.py": "the folders above a model, each without following a link",
    "pictures.py": "bytes in memory, by the library's own function",
    "local_socket.py": "the folder of the socket",
    "rulefiles.py": "the folder of rules; a new file, beside the one whose place it takes",
    "writer.py": "the lock",
    "dsa/submission.py": "its own lock, beside the store",
    "backup.py": "a file or folder it has made itself, to have it on the disk",
    "store/sqlite.py": "packaged statements; an empty file before it is opened",
    "signals/links.py": "a packaged table",
    "signals/language.py": "a packaged model",
    "signals/views.py": "a packaged table",
    "signals/learned/neutral.py": "a packaged table",
    "signals/learned/shipped.py": "packaged models",
    "signals/learned/tones.py": "a packaged table",
    "samples/__init__.py": "packaged samples",
    "staff/leaked.py": "a packaged list",
    "web/site.py": "packaged styles and scripts",
    "web/words.py": "packaged words",
}
NO_FILES = frozenset({"outbox", "_outbox"})  # whose `open` says which rows wait


def opening(path: Path) -> Iterator[ast.Call]:
    """Where a module opens or reads a file; what is opened to be written apart."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        named = function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
        if named not in READS:
            continue
        if isinstance(function, ast.Attribute) and ast.unparse(function).split(".")[-2] in NO_FILES:
            continue
        modes = [each.value for each in node.args if isinstance(each, ast.Constant)]
        if named == "open" and modes in (["wb"], ["xb"]):
            continue
        yield node


def test_only_one_module_opens_what_somebody_named() -> None:
    """Every other that opens at all is listed with a reason."""
    found = [
        place(path, node)
        for path in SOURCES
        if str(path.relative_to(SOURCE)) not in EXCEPTIONS
        for node in opening(path)
    ]
    assert not found, report("Opened past `files`, which knows pipes and devices:", found)


def test_every_exception_is_needed() -> None:
    """A module that opens nothing any more is listed no more."""
    found = [name for name in EXCEPTIONS if not list(opening(SOURCE / name))]
    assert not found, report("Listed for nothing:", found)


def test_the_check_sees_what_it_should(tmp_path: Path) -> None:
    """Each way to open is found: the check can fail."""
    path = tmp_path / "opens.py"
    path.write_text(
        "open('x')\npath.open('rb')\npath.open()\npath.read_bytes()\nos.open(path, 0)\n"
        "path.read_text(encoding='utf-8')\npath.open('wb')\nself._outbox.open(1)\n"
    )
    assert [node.lineno for node in opening(path)] == [1, 2, 3, 4, 5, 6]
