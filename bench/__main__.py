"""Run benches: `python -m bench [NAME] [--quick] [--json] [--write]`; all without a name."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import (
    claims,
    http,
    ledger,
    path,
    plot,
    repeats,
    replay,
    rules,
    synapse,
    terms,
    transparency,
    windows,
    workload,
)

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "speed.md"
PLOT = PAGE.with_name("speed-rules.svg")
COLUMNS = ("what", "ours", "peer", "ratio", "rounds", "unit", "the peer")
KEYS = ("name", "ours", "peer", "ratio", "rounds", "unit", "peer_is")
INTRODUCTION = """# Speed

Measured on shared machines: ratios count, absolute rates drift. Figures are medians of interleaved
rounds. Run `make bench` for your own.
"""

Found = dict[str, Any]


def _path(*, quick: bool) -> Found:
    """The whole path in one process, and where its time goes."""
    return {
        "items": [path.judged(row) for row in path.rows(quick=quick)],
        "stations": {
            language: path.stations(language, quick=quick) for language in workload.LANGUAGES
        },
    }


def _http(*, quick: bool) -> Found:
    """The same through the doors."""
    return {"items": [http.judged(row) for row in http.rows(quick=quick)]}


def _rules(*, quick: bool) -> Found:
    """The rules alone, beside other engines."""
    return {
        "items": [rules.judged(row) for row in rules.rows(quick=quick)],
        "growth": rules.growth(quick=quick),
    }


def _windows(*, quick: bool) -> Found:
    """Windows alone."""
    return {
        "items": [windows.judged(row) for row in windows.rows(quick=quick)],
        "counts": windows.counts(quick=quick),
    }


def _claims(*, quick: bool) -> Found:
    """Fact-checks alone."""
    return {"items": [claims.judged(row) for row in claims.rows(quick=quick)]}


def _terms(*, quick: bool) -> Found:
    """Long lists alone, beside a peer that finds the same."""
    return {"items": [terms.judged(row) for row in terms.rows(quick=quick)]}


def _repeats(*, quick: bool) -> Found:
    """Texts that are nearly the same."""
    return {
        "items": [repeats.judged(row) for row in repeats.rows(quick=quick)],
        "qualities": repeats.qualities(quick=quick),
    }


def _replay(*, quick: bool) -> Found:
    """Replay beside the live engine."""
    return {"items": [replay.judged(row) for row in replay.rows(quick=quick)]}


def _ledger(*, quick: bool) -> Found:
    """The public log: what it adds, and how long checking it takes."""
    return {"items": [ledger.judged(row) for row in ledger.rows(quick=quick)]}


def _transparency(*, quick: bool) -> Found:
    """The files of the DSA over many decisions."""
    return {"items": [transparency.judged(row) for row in transparency.rows(quick=quick)]}


def _synapse(*, quick: bool) -> Found:
    """A message on a real Matrix homeserver, with and without the module."""
    return {"items": [synapse.judged(row) for row in synapse.rows(quick=quick)]}


BENCHES: Mapping[str, tuple[str, Callable[..., Found]]] = {  # with the heading of each
    "path": ("The whole path", _path),
    "rules": ("The rules alone", _rules),
    "terms": ("Long lists", _terms),
    "claims": ("Fact-checks", _claims),
    "windows": ("Windows", _windows),
    "repeats": ("Texts that are nearly the same", _repeats),
    "replay": ("Replay", _replay),
    "ledger": ("The public log", _ledger),
    "http": ("Over HTTP", _http),
    "transparency": ("Files of the DSA", _transparency),
    "synapse": ("Before Matrix publishes", _synapse),
}
CASES = "Cases at the console"  # measured by `bench.case_pages`, which takes minutes


def main() -> None:
    """Run what was asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(BENCHES), help="which bench")
    parser.add_argument("--quick", action="store_true", help="at most 40 seconds")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--write", action="store_true", help="write docs/reference/speed.md")
    asked = parser.parse_args()
    items: list[dict[str, Any]] = []
    stations: dict[str, Any] = {}
    grown: list[dict[str, Any]] = []
    counts: list[dict[str, Any]] = []
    qualities: list[dict[str, Any]] = []
    sections: dict[str, str] = {}
    for name in [asked.name] if asked.name else BENCHES:
        heading, run = BENCHES[name]
        load = os.getloadavg()[0]
        found = run(quick=asked.quick)
        items += found["items"]
        stations |= found.get("stations", {})
        grown += found.get("growth", [])
        counts += found.get("counts", [])
        qualities += found.get("qualities", [])
        sections[heading] = section(found, load)
    if asked.write:
        before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(before, sections), encoding="utf-8")
        if grown:
            PLOT.write_text(plot.growth(grown), encoding="utf-8")
    whole = {"items": items, "stations": stations, "growth": grown, "counts": counts}
    whole["qualities"] = qualities
    print(json.dumps(whole, indent=2) if asked.json else page("", sections))


def page(before: str, sections: Mapping[str, str]) -> str:
    """The page with these sections in place of its own; those of other benches stay."""
    known = {}
    for part in before.split("\n## ")[1:]:
        heading, _, text = part.partition("\n")
        known[heading] = text.strip("\n") + "\n"
    known |= sections
    headings = [each for each in (*(told for told, _ in BENCHES.values()), CASES) if each in known]
    return "\n".join(
        [INTRODUCTION, *(f"## {heading}\n\n{known[heading].lstrip()}" for heading in headings)]
    )


def section(found: Found, load: float) -> str:
    """The figures of one bench as Markdown. `load` is the machine's when it began."""
    day, version = datetime.now(UTC).date(), platform.python_version()
    out = [
        f"Measured on {day} with Python {version} on {os.cpu_count()} cores,",
        f"under a load average of {load:.1f} when it began.",
        "",
        *_table(found["items"]),
    ]
    for language, stations in found.get("stations", {}).items():
        out += [
            "",
            f"Where the time of one event goes, {language} texts, microseconds of CPU:",
            "",
            "| station | measured | budget | times the budget |",
            "| --- | ---: | ---: | ---: |",
        ]
        out += [
            f"| {each['station']} | {each['us']} | {each['budget_us'] or ''} "
            f"| {'' if each['times'] is None else each['times']} |"
            for each in stations
        ]
    if found.get("growth"):
        out += [
            "",
            "Time of one event against the number of rules, microseconds of CPU:",
            "",
            f"![Time of one event against the number of rules]({PLOT.name})",
            "",
            "| rules | Ombud | plain Python |",
            "| ---: | ---: | ---: |",
            *(
                f"| {each['rules']} | {each['ours_us']} | {each['plain_python_us']} |"
                for each in found["growth"]
            ),
        ]
    if found.get("counts"):
        out += [
            "",
            "Time to put one event into its windows and count them, microseconds of CPU:",
            "",
            "| windows | time |",
            "| ---: | ---: |",
            *(f"| {each['windows']} | {each['us']} |" for each in found["counts"]),
        ]
    if found.get("qualities"):
        out += [
            "",
            "Of planted edits of 5 to 20 % of the words, on the same texts:",
            "",
            "| method | recall | precision |",
            "| --- | ---: | ---: |",
            *(
                f"| {each['method']} | {each['recall']} | {each['precision']} |"
                for each in found["qualities"]
            ),
        ]
    return "\n".join([*out, ""])


def _table(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Rows, with the target of the ratio (and its stretch) where any row has one."""
    judged = any("target" in row for row in items)
    columns = (*COLUMNS, "target of the ratio (stretch)", "met") if judged else COLUMNS
    lines: list[Sequence[str]] = [
        columns,
        [("---:" if name in KEYS[1:5] else "---") for name in columns],
    ]
    for row in items:
        cells = [str(row[key]) for key in KEYS]
        if judged:
            met = {True: "yes", False: "no", None: ""}[row.get("met")]
            cells += [str(row.get("target", "")), met]
        lines.append(cells)
    return ["| " + " | ".join(cells) + " |" for cells in lines]


if __name__ == "__main__":
    main()
