"""What a form sent, read within bounds.

This module must never take more than a form of ours can send.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

FORM = "application/x-www-form-urlencoded"
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


def first(sent: Fields, name: str) -> str:
    """The first value of a field; empty where there is none."""
    values = sent.get(name)
    return values[0] if values else ""
