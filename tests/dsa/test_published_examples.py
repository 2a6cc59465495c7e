"""The validator that the other tests go by refuses what the published examples say it should."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dsa.schema import PUBLISHED, faults

STRICT, BASE = "statement-of-reasons.strict", "statement-of-reasons"


def _examples(folder: str) -> list[Any]:
    paths = sorted((PUBLISHED / "examples" / folder).glob("[0-9]*.json"))
    return [pytest.param(json.loads(path.read_text("utf-8")), id=path.stem) for path in paths]


@pytest.mark.parametrize("example", _examples("valid"))
def test_what_is_valid_is_taken(example: object) -> None:
    """Every valid example stands before both schemas."""
    assert faults(example, BASE) == []
    assert faults(example, STRICT) == []


@pytest.mark.parametrize("example", _examples("invalid"))
def test_what_breaks_the_schema_is_refused(example: object) -> None:
    """Every invalid example is refused by both."""
    assert faults(example, BASE)
    assert faults(example, STRICT)


@pytest.mark.parametrize("example", _examples("strict-invalid"))
def test_what_would_be_dropped_is_refused_by_the_strict_one_alone(example: object) -> None:
    """What the server takes and silently drops is refused before it is sent."""
    assert faults(example, BASE) == []
    assert faults(example, STRICT)


def test_there_are_examples() -> None:
    """None of the above ran over nothing."""
    assert [len(_examples(each)) for each in ("valid", "invalid", "strict-invalid")] == [20, 20, 8]
