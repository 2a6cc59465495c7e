"""The pieces that reference pages are made of: a page, a table, a closed list and its prose.

This module must never know what a page is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MARK = "<!-- Written by docs/generate.py: change the program, then run `make reference`. -->"


class Incomplete(Exception):
    """A closed list and the prose that explains it do not fit together."""


def page(title: str, *parts: str) -> str:
    """A page from its parts."""
    return "\n\n".join([f"# {title}", MARK, *(part.strip("\n") for part in parts)]) + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table; cells are escaped, empty ones get a dash."""
    head = list(head)
    lines = [_row(head), _row(["---"] * len(head))]
    return "\n".join([*lines, *(_row(cell or "–" for cell in row) for row in rows)])


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def explained(names: Iterable[str], meanings: Mapping[str, str], what: str) -> None:
    """Hold that prose explains exactly these names."""
    missing, gone = set(names) - set(meanings), set(meanings) - set(names)
    if missing or gone:
        raise Incomplete(
            f"docs/reference_text.py, {what}: explain {sorted(missing)}, drop {sorted(gone)}"
        )
