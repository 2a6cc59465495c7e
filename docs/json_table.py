"""The shape of the tables of `--json` fields.

A path reads `items[].id`; `*` stands for keys that are data, such as rule names. This module must
never know a command.
"""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """One field: its path, its type ("a or b" where it varies), and what it means."""

    path: str
    type: str
    meaning: str


def fields(*rows: tuple[str, str, str]) -> tuple[Field, ...]:
    return tuple(Field(*row) for row in rows)


def under(prefix: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(field._replace(path=prefix + field.path) for field in fields)
