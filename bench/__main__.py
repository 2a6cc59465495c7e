"""Run benches: `python -m bench [NAME] [--quick] [--json] [--write]`; all without a name."""

from __future__ import annotations

import argparse
import json
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import path, workload

BENCHES = {"path": path}
PAGE = Path(__file__).parent.parent / "docs" / "reference" / "speed.md"


def main() -> None:
    """Run what was asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(BENCHES), help="which bench")
    parser.add_argument("--quick", action="store_true", help="at most 40 seconds")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--write", action="store_true", help="write docs/reference/speed.md")
    asked = parser.parse_args()
    names = [asked.name] if asked.name else sorted(BENCHES)
    found: dict[str, Any] = {"items": [], "stations": {}}
    for name in names:
        found["items"] += [row.as_json() for row in BENCHES[name].rows(quick=asked.quick)]
    if "path" in names:
        for language in workload.LANGUAGES:
            found["stations"][language] = path.stations(language, quick=asked.quick)
    page = table(found)
    if asked.write:
        PAGE.write_text(page, encoding="utf-8")
    print(json.dumps(found, indent=2) if asked.json else page)


def table(found: dict[str, Any]) -> str:
    """The figures as a Markdown page."""
    out = [
        "# Speed",
        "",
        f"Measured on {datetime.now(UTC).date()} with Python {platform.python_version()} on a",
        "shared machine of two cores: ratios count, absolute rates drift. Medians of interleaved",
        "rounds. Run `make bench` for your own.",
        "",
        "| what | ours | peer | ratio | rounds | unit | the peer |",
        "| --- | ---: | ---: | ---: | ---: | --- | --- |",
    ]
    out += [
        f"| {row['name']} | {row['ours']} | {row['peer']} | {row['ratio']} | {row['rounds']} "
        f"| {row['unit']} | {row['peer_is']} |"
        for row in found["items"]
    ]
    for language, stations in found["stations"].items():
        out += [
            "",
            f"Where the time of one event goes, {language} texts, microseconds of CPU:",
            "",
            "| station | measured | budget |",
            "| --- | ---: | ---: |",
        ]
        out += [
            f"| {each['station']} | {each['us']} | {each['budget_us'] or ''} |" for each in stations
        ]
    return "\n".join([*out, ""])


if __name__ == "__main__":
    main()
