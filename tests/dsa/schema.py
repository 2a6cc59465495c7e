"""The published schema of a statement of reasons, as a validator with formats switched on.

The files in `published/` were written for Ombud from the validation code of the EU's database, with
their examples. Nothing here comes from `ombud`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

PUBLISHED = Path(__file__).parent / "published"


def read(name: str) -> Any:
    """A file of the published ones."""
    return json.loads((PUBLISHED / name).read_text(encoding="utf-8"))


@cache
def validator(name: str) -> Any:
    """A validator: "statement-of-reasons", "statement-of-reasons.strict" or "statements-batch"."""
    known = {
        schema["$id"]: schema
        for path in PUBLISHED.glob("*.schema.json")
        for schema in [json.loads(path.read_text(encoding="utf-8"))]
    }
    registry = jsonschema_rs.Registry(list(known.items()))
    return jsonschema_rs.validator_for(
        read(f"{name}.schema.json"), registry=registry, validate_formats=True
    )


def faults(statement: object, name: str = "statement-of-reasons.strict") -> list[str]:
    """What is wrong with a statement, in words; nothing where it may be sent."""
    return [error.message for error in validator(name).iter_errors(statement)]
