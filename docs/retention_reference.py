"""The page about what is kept and until when, from the program's one table.

This module must never name an end by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from markdown_pieces import page, table

from ombud.ends import BESIDE, KEYS, STORE, Table

INTRODUCTION = """
What Ombud keeps of people, where, and when each of it ends. `ombud serve` looks every hour for what
has ended and lets go of it, in turns that leave the writer free; `ombud retention run` does so at
once. What was sealed dies with its key, in every copy there is: the key goes first, then the row,
and the logs that could still hold it are emptied. Pages that were freed are overwritten.

`ombud retention show` tells how many bodies are kept, since when, and how many of them for longer
than by their age. `body_days` in `ombud.toml` says for how many days bodies are kept: 7 to 400.

A token is a random number that stands for an account; which one, the key file alone knows, until
the account [is erased](../how-to/erase-an-account.md). A keyed digest tells nothing to whoever has
no key file. The journal has no end, since every verdict has to be worked out again from it; it
holds no text and no name.
"""
STORE_SAID = """
## In the store (`ombud.db`)
"""
KEYS_SAID = """
## In the key file (`ombud.keys`)

Never part of a backup.
"""
PLAIN_SAID = """
## Columns that hold nothing of anybody

Numbers, instants, places in the log, words of the operator and of the program.
"""


def _rows(tables: Mapping[str, Table]) -> Iterator[tuple[str, str, str]]:
    for name, kept in tables.items():
        for row in kept.kept:
            named = ", ".join(f"`{each}`" for each in row.columns)
            yield f"`{name}`: {named}", row.what, row.end


def _plain() -> Iterator[tuple[str, str]]:
    for name, kept in (*STORE.items(), *KEYS.items()):
        if kept.plain:
            yield f"`{name}`", ", ".join(f"`{each}`" for each in kept.plain)


def retention_page() -> str:
    """Every column of both files."""
    head = ["where", "what it is", "when it ends"]
    return page(
        "What is kept, and until when",
        INTRODUCTION,
        STORE_SAID,
        table(head, _rows(STORE)),
        KEYS_SAID,
        table(head, _rows(KEYS)),
        "## Beside the two files",
        table(["what", "when it ends"], BESIDE),
        PLAIN_SAID,
        table(["table", "columns"], _plain()),
    )
