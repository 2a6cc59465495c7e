"""`ombud ledger`: the public log, its head and receipts, checking both with public files alone, and
who looked at the past.

This module must never need more than the public files to verify.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ombud.cli.show import (
    WRONG,
    Group,
    by_option,
    data_option,
    json_option,
    limit_option,
    print_json,
    say,
    told,
)

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


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
        show_head(found)


@ledger.command("receipt")
@click.argument("decision")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file."
)
@click.option(
    "--statement",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file the statement that it is of: for its person alone.",
)
@data_option
@json_option
def ledger_receipt(
    decision: str, out: Path | None, statement: Path | None, folder: Path, as_json: bool
) -> None:
    """The proof that DECISION stands in the public log: a .tlog-proof, checked without us."""
    from ombud import clock
    from ombud.reading import reading
    from ombud.statement_page import StatementPages

    with told(as_json), reading(folder) as reader:
        found = reader.log.receipt(decision).decode()
        if statement is not None:
            pages = StatementPages(reader.store, reader.keys)
            statement.write_bytes(pages.opening_of(decision, clock.now()))
        head = reader.log.head()
    if out is not None:
        out.write_text(found)
    if as_json:
        print_json({"decision": decision, "receipt": found, "key": head["key"]})
    elif out is None:
        click.echo(found, nl=False)  # as it is: this text is the proof
    else:
        say(f"ombud ledger verify {out} --key {head['key']}")


@ledger.command("publish")
@by_option
@data_option
@json_option
def ledger_publish(by: str, folder: Path, as_json: bool) -> None:
    """Sign the head of the log now."""
    from ombud import session

    with told(as_json):
        found = session.request(folder, "publish log", by=by)
        if as_json:
            print_json(found)
        else:
            show_head(found)


@ledger.command("rotate")
@by_option
@data_option
@json_option
def ledger_rotate(by: str, folder: Path, as_json: bool) -> None:
    """Have the log signed by a new key from now on; the old and the new key both sign that."""
    _hand_over(folder, "rotate log", as_json, by=by)


@ledger.command("succeed")
@click.argument("origin")
@by_option
@data_option
@json_option
def ledger_succeed(origin: str, by: str, folder: Path, as_json: bool) -> None:
    """Begin a new log called ORIGIN, which names the last checkpoint of the one before: where a
    backup was put back and entries that were signed are lost.
    """
    _hand_over(folder, "succeed log", as_json, by=by, origin=origin)


def _hand_over(folder: Path, do: str, as_json: bool, **asked: str) -> None:
    from ombud import session

    with told(as_json):
        found = session.request(folder, do, **asked)
        if as_json:
            print_json(found)
        else:
            show_head(found)
            say("Publish the new key where the old one stands: the terms, the repository.")


@ledger.command("witnesses")
@data_option
@json_option
def ledger_witnesses(folder: Path, as_json: bool) -> None:
    """What the log's witnesses answered the last time, and how much of it each has confirmed."""
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.log.witnesses()
        if as_json:
            print_json({"items": found})
            return
        say(f"witnesses: {reader.log.head()['witnesses']}")
        for each in found:
            said = f": {each['detail']}" if each["detail"] else ""
            say(f"{each['name']:<20} {each['state']:<12} {each['size']} entries{said}")


@ledger.command("verify")
@click.argument("place")
@click.option("--key", "vkey", help="The log's verifier key; without it the one beside the log.")
@click.option("--policy", type=_FILE, help="A C2SP policy: which witnesses, how many of them.")
@click.option("--statement", type=_FILE, help="The statement that a receipt is to be of.")
@click.option("--seen", type=_FILE, help="A checkpoint that was seen before.")
@click.option("--counts", is_flag=True, help="Hold counts.json against what the entries give.")
@click.option("--allow", multiple=True, help="A private address or network that may be asked.")
@json_option
def ledger_verify(
    place: str,
    vkey: str | None,
    policy: Path | None,
    statement: Path | None,
    seen: Path | None,
    counts: bool,
    allow: tuple[str, ...],
    as_json: bool,
) -> None:
    """Check a log or a receipt: PLACE is the folder or URL of public files, or a .tlog-proof."""
    from ombud import auditing

    with told(as_json):
        trust = auditing.Trust(
            vkey, *(None if each is None else auditing.content(each) for each in (policy, seen))
        )
        said = None if statement is None else auditing.content(statement)
        report = auditing.check(place, trust, allow, counts=counts, statement=said)
        if as_json:
            print_json(report)
        else:
            _show_report(report, counts)
    if not report["ok"]:
        sys.exit(WRONG)


def _show_report(report: Mapping[str, Any], counts: bool) -> None:
    for name in ("ok", "origin", "index", "size", "root"):
        if name in report:
            value = report[name]
            say(f"{name:<7} {('yes' if value else 'no') if name == 'ok' else value}")
    say(f"witnesses: {report['witnesses']}")
    for name, value in report.get("line", {}).items():
        say(f"line: {name} {value}")
    for name, value in report.get("statement", {}).items():
        say(f"statement: {name} {value}")
    for each in report.get("handovers", ()):
        say(f"{each['kind']}: from {each['from']} at {each['size']} entries to {each['to']}")
    for problem in report.get("problems", ()):
        say(f"  {problem['where']}: {problem['code']} {problem['message']}")
    if counts:
        for each in report["counts"]:
            names = ("type", "clause", "action", "rule", "outcome")
            said = " ".join(str(each[name]) for name in names if each[name] is not None)
            acted = {True: " (automated)", False: " (by a person)", None: ""}[each["automated"]]
            say(f"{each['count']:>8}  {said}{acted}")


def show_head(found: Mapping[str, Any]) -> None:
    """Where the log stands, and why nothing is signed where that is so."""
    for name, value in found.items():
        said = f"{value['code']} {value['message']}" if isinstance(value, dict) else value
        say(f"{name:<10} {'no' if said is None else said}")


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
