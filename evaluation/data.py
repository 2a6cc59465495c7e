"""Where the data sets are, and their rows. They lie outside the repository, never in it.

The folder is named by OMBUD_EVALUATION_DATA, or is `../shared/data` beside the repository. Rows
marked `leak` are dropped. This module must never write, nor copy a row anywhere.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import zstandard

ROOT = Path(__file__).resolve().parents[1]
VARIABLE = "OMBUD_EVALUATION_DATA"
SPLITS = ("train", "dev", "test")

Row = Mapping[str, Any]


def folder() -> Path | None:
    """The folder of the data sets; None where there is none."""
    named = os.environ.get(VARIABLE)
    found = Path(named) if named else ROOT.parent / "shared" / "data"
    return found if found.is_dir() else None


def rows(data: Path, name: str, splits: tuple[str, ...] = SPLITS) -> Iterator[Row]:
    """The rows of some splits of a set, in order."""
    for split in splits:
        yield from lines(data / name / f"{split}.jsonl.zst")


def lines(file: Path) -> Iterator[Row]:
    """The rows of one file."""
    with file.open("rb") as packed:
        stream = zstandard.ZstdDecompressor().stream_reader(packed)
        for line in io.TextIOWrapper(stream, encoding="utf-8"):
            row = json.loads(line)
            if not row.get("leak"):
                yield row
