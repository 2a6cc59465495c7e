"""Commands that move events through the flow: ingest, demo, erase, black-out.

This module must never decide anything: it asks the engine and prints.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from ombud.cli.show import (
    WRONG,
    by_option,
    data_option,
    json_option,
    port_option,
    print_json,
    progress,
    say,
    show_summary,
    talk,
    told,
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--timeline", default="", help="Read as a history beside live traffic; nothing is sent."
)
@by_option
@data_option
@json_option
def ingest(file: Path, timeline: str, by: str, folder: Path, as_json: bool) -> None:
    """Take events from FILE (NDJSON, .gz or .zst too; - for standard input) through the whole
    flow.
    """
    from ombud import session

    with told(as_json):
        stream = sys.stdin.buffer if str(file) == "-" else None
        with progress(file, as_json) as advance:
            summary, seconds = session.ingest(folder, file, stream, timeline, advance, by)
        found = {**summary.as_json(), "seconds": round(seconds, 3)}
        if as_json:
            print_json(found)
        else:
            show_summary(found)
    if found["rejected"] or found["conflict"] or found["errors"]:
        sys.exit(WRONG)


@click.command()
@click.option(
    "--events",
    default=400,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="How many events happen.",
)
@click.option("--seed", default=1, show_default=True, help="Which community happens.")
@click.option("--once", is_flag=True, help="Run them at once, print the summary and end.")
@click.option(
    "--rate",
    default=12.0,
    show_default=True,
    type=click.FloatRange(0.1, 10_000),
    help="How many events happen a second on the live page.",
)
@port_option
@click.option(
    "--data",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-data"),
    show_default=True,
    help="Where the demonstration keeps its data; refused where a real community is.",
)
@json_option
def demo(
    events: int, seed: int, once: bool, rate: float, port: int, folder: Path, as_json: bool
) -> None:
    """A simulated community under the sample rules: watch it on a page, or run it --once."""
    with told(as_json):
        if once or as_json:
            _demo_once(folder, events, seed, as_json)
        else:
            _demo_live(folder, events, seed, rate, port)


def _demo_live(folder: Path, events: int, seed: int, rate: float, port: int) -> None:
    from ombud.server import of_demonstration

    def listening(address: str) -> None:
        say(address)
        talk("Open it in a browser. Ctrl-C ends the demonstration.")

    of_demonstration(folder, "127.0.0.1", port, events=events, seed=seed, rate=rate).run(listening)


def _demo_once(folder: Path, events: int, seed: int, as_json: bool) -> None:
    from ombud import demonstration

    found = demonstration.run(folder, events, seed)
    if as_json:
        print_json(found)
        return
    for decision in found["decisions"]:
        say()
        for line in decision["statement"]:
            say(line)
    say()
    show_summary(found)
    _show_truth(found)
    say(f"public log: {found['ledger']['size']} entries, root {found['ledger']['root']}")
    talk(f"The data is in {folder}. Try: ombud decisions list --data {folder}")


def _show_truth(found: Mapping[str, Any]) -> None:
    """What was caught and who was touched wrongly, as the simulation knows it."""
    say(f"caught: {found['caught']} of {found['harmful']} harmful events")
    for name, row in found["campaigns"].items():
        first = row["first_caught_after_seconds"]
        when = "" if first is None else f", the first after {first} s"
        if row["events"]:
            say(f"  {name:<18} {row['caught']:>4} of {row['events']:<4}{when}")
    say(f"touched wrongly: {found['touched']} of {found['benign']} benign events")
    for name, row in found["twins"].items():
        if row["touched"]:
            say(f"  {name:<18} {row['touched']:>4} of {row['events']}")


@click.command()
@click.argument("account")
@click.option("--platform", required=True, help="The first part of the account's event sources.")
@by_option
@data_option
@json_option
def erase(account: str, platform: str, by: str, folder: Path, as_json: bool) -> None:
    """Erase everything of one ACCOUNT: bodies, digests, reasons, and who it was."""
    from ombud import session

    with told(as_json):
        erased = session.request(folder, "erase", platform=platform, account=account, by=by)
        if as_json:
            print_json({"erased": erased})
        else:
            say(f"{erased} records erased")


@click.command("black-out")
@click.argument("record", type=click.IntRange(min=1))
@click.argument("words", nargs=-1, required=True)
@by_option
@data_option
@json_option
def black_out(record: int, words: Sequence[str], by: str, folder: Path, as_json: bool) -> None:
    """Take WORDS that expose somebody out of RECORD, and out of all else that is kept.

    A number, an address, a name: in any case, with any signs between its letters and digits. What
    was decided stays, and says that something was blacked out. It cannot be undone.
    """
    from ombud import session

    with told(as_json):
        done = session.request(folder, "black out", record=record, words=list(words), by=by)
        if as_json:
            print_json(done)
        else:
            say(f"blacked out in {done['records']} records")
