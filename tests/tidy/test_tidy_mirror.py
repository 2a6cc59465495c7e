"""Tests mirror the source: who looks for the tests of a module finds them by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidy.source_tree import SOURCE, SOURCES, TEST_FILES, TESTS, place, report

# Modules without a test file of their own, and where their claims are held instead.
EXCEPTIONS = {
    "connectors/matrix.py": "on a real homeserver: tests/platforms/test_platforms_matrix_*.py",
    "connectors/matrix_accounts.py": "the same: tests/platforms/test_platforms_matrix_undo.py",
    "connectors/matrix_files.py": "the same: tests/platforms/test_platforms_matrix_files.py",
    "listphrases.py": "sentences only: tests/test_i18n.py holds that each language has every one",
    "orderphrases.py": "sentences only: tests/test_i18n.py holds that each language has every one",
    "model.py": "types only: tests/test_events.py holds every bound",
    "phrases.py": "sentences only: tests/test_i18n.py holds that each language has every one",
    "rules/vocabulary.py": "closed lists only: tests/test_gate.py and tests/rules use them",
}


def expected(path: Path) -> tuple[Path, Path]:
    """Where the tests of a module may stand: `tests/a/test_b.py` or `tests/a/test_a_b.py`."""
    inside = path.relative_to(SOURCE)
    folder = TESTS / inside.parent
    long = "_".join([*inside.parent.parts, inside.stem])
    return folder / f"test_{inside.stem}.py", folder / f"test_{long}.py"


def has_code(path: Path) -> bool:
    """Whether there is anything to test: an `__init__` only explains and gathers."""
    return path.name != "__init__.py"


def test_every_module_has_a_test_file_of_its_name() -> None:
    """For `src/ombud/a/b.py` there is `tests/a/test_b.py` or `tests/a/test_a_b.py`."""
    found = [
        f"{place(path)}: no {expected(path)[0].relative_to(TESTS.parent)}"
        for path in SOURCES
        if has_code(path)
        and str(path.relative_to(SOURCE)) not in EXCEPTIONS
        and not any(each.exists() for each in expected(path))
    ]
    assert not found, report("Modules without a test file of their name:", found)


@pytest.mark.parametrize("name", sorted(EXCEPTIONS))
def test_exceptions_are_of_use(name: str) -> None:
    """An exception names a module that is there and has indeed no test file of its own."""
    assert (SOURCE / name).exists(), f"{name} is gone: drop its exception"
    assert not any(each.exists() for each in expected(SOURCE / name)), f"{name} has tests now"


def test_no_two_test_files_share_a_name() -> None:
    """Without packages in `tests`, pytest needs each file's name to be unique."""
    seen: dict[str, Path] = {}
    found = []
    for path in TEST_FILES:
        if path.name == "conftest.py":
            continue  # pytest gives this name, one a folder
        if path.name in seen:
            found.append(f"{place(path)} and {place(seen[path.name])}")
        seen[path.name] = path
    assert not found, report("Test files of one name:", found)
