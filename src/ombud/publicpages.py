"""What the public pages tell, as files in the folder that a community publishes.

The same as the pages have as JSON, as of one instant; demands all of them, and not page by page.
This module must never write what no page shows everybody.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ombud import publicrules, transparency
from ombud.auditing import REGISTER
from ombud.reading import Reader, reading

FILES = ("figures.json", REGISTER, "rules.json")


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
    return dict(
        zip(FILES, (figures, {"items": reader.openbook().register(now)}, rules), strict=True)
    )
