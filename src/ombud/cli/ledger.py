"""`ombud ledger`: the public log, its head, checking it with public files alone, and who looked at
the past.

This module must never need more than the public files to verify.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ombud.cli.show import (
    WRONG,
    Group,
    data_option,
    json_option,
    limit_option,
    print_json,
    say,
    told,
)


@click.group(cls=Group)
def ledger() -> None:
    """The public log that anyone can verify."""


@ledger.command("head")
@data_option
@json_option
def ledger_head(folder: Path, as_json: bool) -> None:
    """Where the log stands, and what of it has been signed and published."""
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.ledger_head()
        if as_json:
            print_json(found)
            return
        for name, value in found.items():
            say(f"{name:<10} {value}")


@ledger.command("verify")
@click.argument("place", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--key", "vkey", help="The log's verifier key; without it the one beside the log.")
@json_option
def ledger_verify(place: Path, vkey: str | None, as_json: bool) -> None:
    """Check every entry, tile and signature of the public files in PLACE."""
    from ombud import transparency

    with told(as_json):
        report = transparency.verify(place, vkey)
        if as_json:
            print_json(report)
        else:
            say(f"ok    {'yes' if report['ok'] else 'no'}")
            say(f"size  {report['size']}")
            say(f"root  {report['root']}")
            say("witnesses: none; this log is self-attested")
            for problem in report["problems"]:
                say(f"  {problem['where']}: {problem['code']} {problem['message']}")
    if not report["ok"]:
        sys.exit(WRONG)


@ledger.command("runs")
@limit_option
@data_option
@json_option
def ledger_runs(limit: int, folder: Path, as_json: bool) -> None:
    """The runs over the past: other rules tried on it, watching rules read; newest first."""
    from ombud import runs

    with told(as_json):
        found = runs.made(folder, limit)
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            say(f"{each['made']}  {each['kind']:<6} line {each['leaf']} of the public log")
