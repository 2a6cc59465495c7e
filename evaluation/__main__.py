"""Run evaluations: `python -m evaluation [NAME] [--data DIR] [--quick] [--write]`; all without a
name.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from evaluation import (
    certificates,
    claims,
    community,
    data,
    dogpiles,
    harassment,
    harassment_domains,
    hatecheck,
    hosts,
    language,
    names,
    private,
    repeats,
    running,
    spam,
    summary,
    swapped,
)
from evaluation.running import Evaluate

PAGE = data.ROOT / "docs" / "reference" / "evaluation.md"
INTRODUCTION = """# Evaluation

Written by `make eval`; do not edit. How well the shipped signals do on public data, with what a
simpler method does on the same beside it. Intervals are 95 %, by a seeded bootstrap. Thresholds
were committed before the run. Bad figures stay. What each set is, and its licence, stands in the
README of its folder; no text of it is here.

Not measured: `coordination_events`. It says who shared the same thing when, and not who acted in
concert. Its own reference is "the same thing within so many seconds, so many times", which is what
windows count, so that ours would be held against itself.
"""

EVALUATIONS: Mapping[str, tuple[str, Evaluate]] = {
    hosts.NAME: (hosts.TITLE, hosts.evaluate),
    names.NAME: (names.TITLE, names.evaluate),
    repeats.NAME: (repeats.TITLE, repeats.evaluate),
    private.NAME: (private.TITLE, private.evaluate),
    spam.NAME: (spam.TITLE, spam.evaluate),
    language.NAME: (language.TITLE, language.evaluate),
    claims.NAME: (claims.TITLE, claims.evaluate),
    community.NAME: (community.TITLE, community.evaluate),
    hatecheck.NAME: (hatecheck.TITLE, hatecheck.evaluate),
    harassment.NAME: (harassment.TITLE, harassment.evaluate),
    harassment_domains.NAME: (harassment_domains.TITLE, harassment_domains.evaluate),
    swapped.NAME: (swapped.TITLE, swapped.evaluate),
    dogpiles.NAME: (dogpiles.TITLE, dogpiles.evaluate),
    certificates.NAME: (certificates.TITLE, certificates.evaluate),
}


def page(before: str, sections: Mapping[str, str]) -> str:
    """The page with these sections in place of its own; those of other evaluations stay."""
    titles = {name: title for name, (title, _) in EVALUATIONS.items()}
    known = summary.sections(before, list(titles.values())) | dict(sections)
    return summary.page(INTRODUCTION, titles, known)


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for, print or write it; the exit code: 1 where something was not measured,
    whose section on the page, if it has one, is still the one before.
    """
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(EVALUATIONS), help="which evaluation")
    parser.add_argument("--data", type=Path, default=data.folder(), help="the folder of the sets")
    parser.add_argument("--quick", action="store_true", help="a part of the rows")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    asked = parser.parse_args(arguments)
    if asked.data is None or not asked.data.is_dir():
        sys.stderr.write(
            f"There is no data: name its folder by --data or {data.VARIABLE}, or put it beside the"
            " repository in ../shared/data.\n"
        )
        return 2
    began = time.monotonic()
    names = [asked.name] if asked.name else list(EVALUATIONS)
    wanted = {name: EVALUATIONS[name][1] for name in names}
    sections, problems = {}, 0
    for outcome in running.outcomes(
        wanted, asked.data, quick=asked.quick, processes=asked.processes
    ):
        if outcome.section is None:
            problems += 1
            sys.stderr.write(f"{outcome.name} was not measured: {outcome.problem}\n")
        else:
            sections[EVALUATIONS[outcome.name][0]] = outcome.section
            sys.stderr.write(f"{outcome.name}: {outcome.seconds:.0f} s\n")
            for line in summary.left_out(outcome.section):
                problems += 1
                sys.stderr.write(f"{outcome.name}, in part: {line}\n")
    if asked.write:
        before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(before, sections), encoding="utf-8")
    else:
        sys.stdout.write(page("", sections))
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    told = f"{len(sections)} of {len(names)} measured in {minutes} min {seconds} s"
    sys.stderr.write(f"{told}; {asked.processes} at a time.\n")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
