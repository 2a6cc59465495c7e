"""Run evaluations: `python -m evaluation [NAME] [--data DIR] [--quick] [--write]`; all without a
name.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from evaluation import data, hosts, private

PAGE = data.ROOT / "docs" / "reference" / "evaluation.md"
INTRODUCTION = """# Evaluation

Written by `make eval`; do not edit. How well the shipped signals do on public data, with what a
simpler method does on the same beside it. Intervals are 95 %, by a seeded bootstrap. Thresholds
were committed before the run. Bad figures stay. What each set is, and its licence, stands in the
README of its folder; no text of it is here.
"""

Evaluate = Callable[..., str]
EVALUATIONS: Mapping[str, tuple[str, Evaluate]] = {
    hosts.NAME: (hosts.TITLE, hosts.evaluate),
    private.NAME: (private.TITLE, private.evaluate),
}


def page(before: str, sections: Mapping[str, str]) -> str:
    """The page with these sections in place of its own; those of other evaluations stay."""
    known = {}
    for part in before.split("\n## ")[1:]:
        heading, _, text = part.partition("\n")
        known[heading] = text.strip("\n")
    known |= {heading: text.strip("\n") for heading, text in sections.items()}
    headings = [heading for heading, _ in EVALUATIONS.values() if heading in known]
    parts = [f"## {heading}\n\n{known[heading].lstrip()}\n" for heading in headings]
    return "\n".join([INTRODUCTION, *parts])


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for, print or write it; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(EVALUATIONS), help="which evaluation")
    parser.add_argument("--data", type=Path, default=data.folder(), help="the folder of the sets")
    parser.add_argument("--quick", action="store_true", help="a part of the rows")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    asked = parser.parse_args(arguments)
    if asked.data is None or not asked.data.is_dir():
        sys.stderr.write(
            f"There is no data: name its folder by --data or {data.VARIABLE}, or put it beside the"
            " repository in ../shared/data.\n"
        )
        return 2
    sections = {}
    for name in [asked.name] if asked.name else EVALUATIONS:
        heading, evaluate = EVALUATIONS[name]
        day, version = datetime.now(UTC).date(), platform.python_version()
        said = f"Measured on {day} with Python {version}."
        sections[heading] = f"{said}\n\n{evaluate(asked.data, quick=asked.quick)}"
    if asked.write:
        before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(before, sections), encoding="utf-8")
    else:
        sys.stdout.write(page("", sections))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
