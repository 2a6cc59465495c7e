"""Whatever command a text names, there is: advice that cannot be followed is a dead end."""

from __future__ import annotations

import re
from pathlib import Path

import click

from ombud.cli import main
from tidy.source_tree import ROOT, SOURCE

NAMED = re.compile(r"[`“]ombud ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*(?=[\s`”]))*)")
TEXTS = (*SOURCE.rglob("*.py"), *SOURCE.rglob("*.toml"), *SOURCE.rglob("*.html"))
PAGES = (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))


def is_one(words: list[str]) -> bool:
    """Whether these words lead to a command or to a group of them; arguments may follow."""
    found: click.Command = main
    for word in words:
        if not isinstance(found, click.Group):
            return True
        further = found.get_command(click.Context(found), word)
        if further is None:
            return False
        found = further
    return True


def named(path: Path) -> list[str]:
    """The commands that a file names between quotes."""
    text = " ".join(path.read_text("utf-8").split())
    return NAMED.findall(text)


def test_every_command_that_is_named_there_is() -> None:
    """In errors and on pages as in the documents."""
    told = {(path, each) for path in (*TEXTS, *PAGES) for each in named(path)}
    assert len(told) > 100
    wrong = [
        f"{path.relative_to(ROOT)}: ombud {each}" for path, each in told if not is_one(each.split())
    ]
    assert not sorted(wrong)


def test_what_is_no_command_is_seen() -> None:
    """The check above sees it."""
    assert is_one(["connect", "reload"])
    assert is_one(["erase", "somebody"])
    assert not is_one(["reload"])
    assert not is_one(["connect", "again"])
