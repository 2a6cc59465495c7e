"""What a form sent, read within bounds.

This module must never take more than a form of ours can send.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

FORM = "application/x-www-form-urlencoded"
NUMBER_MAX = (1 << 63) - 1  # the largest that the store holds
Fields = Mapping[str, Sequence[str]]


def is_form(content_type: str) -> bool:
    """Whether a content type is a form's."""
    return content_type.partition(";")[0].strip().lower() == FORM


def fields(body: bytes, most: int) -> Fields | None:
    """The values of each field, at most so many in all; None where it cannot be read."""
    try:
        return parse_qs(
            body.decode("ascii"), keep_blank_values=True, errors="replace", max_num_fields=most
        )
    except ValueError:
        return None


def number(text: str, most: int = NUMBER_MAX) -> int | None:
    """A whole number that a form or an address says, from 0 to `most`; None for all else."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(NUMBER_MAX))):
        return None
    found = int(text)
    return found if found <= most else None


def first(sent: Fields, name: str) -> str:
    """The first value of a field; empty where there is none."""
    values = sent.get(name)
    return values[0] if values else ""
