"""`ombud backup` and `ombud restore`.

This module must never copy a key file anywhere but into a community's own folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ombud.cli.show import WRONG, data_option, json_option, print_json, say, talk, told, warn


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@data_option
@json_option
def backup(out: Path, folder: Path, as_json: bool) -> None:
    """Back the community up into the new folder OUT, at rest or at work; never its key file."""
    from ombud import backup as backups

    with told(as_json):
        made = backups.make(folder, out)
        if as_json:
            print_json(backups.as_json(made))
            return
        say(f"{out}: as of record {made.seq}, {made.leaves} entries in the public log")
        talk("Keep ombud.keys elsewhere: never beside a backup, and never an old copy of it.")


@click.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--keys",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The community's present key file: what was erased since stays erased.",
)
@click.option(
    "--without-keys",
    is_flag=True,
    help="The key file is lost: what was sealed stays so, and the community can only be read.",
)
@click.option("--check", is_flag=True, help="Also judge the whole past again and compare.")
@data_option
@json_option
def restore(
    source: Path, keys: Path | None, without_keys: bool, check: bool, folder: Path, as_json: bool
) -> None:
    """Make a community from the backup SOURCE, in a folder that is not there yet or is empty."""
    from ombud import backup as backups
    from ombud.store.keyfile import outdated

    with told(as_json):
        done = backups.restore(source, folder, keys, without_keys=without_keys)
        outcome = backups.replayed(folder) if check and keys is not None else None
        found: dict[str, Any] = {
            **done,
            "different": None if outcome is None else outcome.different,
        }
        if as_json:
            print_json(found)
        else:
            say(f"{folder}: as of record {done['seq']}, backed up {done['made']}")
            say(f"erased once more: {done['erased_again']}")
            if done["keys_behind"]:
                warn(outdated(done["keys_behind"]))
            if done["keys"] and not done["signs"]:
                say("The log is older than what was signed: `ombud ledger succeed` begins another.")
            if outcome is not None:
                say(f"judged again: {outcome.checked}, different: {outcome.different}")
        if outcome is not None and outcome.different:
            sys.exit(WRONG)
