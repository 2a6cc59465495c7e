"""What the public pages tell, as files in the folder that a community publishes.

The same as the pages have as JSON, as of one instant; demands all of them, and not page by page.
This module must never write what no page shows everybody.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ombud import publicrules, transparency
from ombud.demandbook import LATEST
from ombud.reading import Reader, reading

FILES = ("figures.json", "demands.json", "rules.json")


def write_out(folder: Path, out: Path, now: int) -> list[str]:
    """Write them into `out`, as of `now` (microseconds since 1970); their names."""
    with reading(folder) as reader:
        found = _all(reader, now)
    for name, told in found.items():
        content = json.dumps(told, indent=1, ensure_ascii=False).encode("utf-8", "replace")
        transparency.write(out / name, content + b"\n")
    return list(found)


def _all(reader: Reader, now: int) -> dict[str, Any]:
    rules = reader.public_rules().published(now)
    figures = reader.openbook().figures(now) | {"watching": publicrules.watching(rules)}
    return dict(zip(FILES, (figures, {"items": _demands(reader, now)}, rules), strict=True))


def _demands(reader: Reader, now: int) -> list[dict[str, Any]]:
    """The whole register."""
    found: list[dict[str, Any]] = []
    before = LATEST
    while before:
        items, before = reader.openbook().demands(now, before)
        found += items
    return found
