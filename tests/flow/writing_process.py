"""A process that writes to a community until it is killed: for the crash tests.

    python writing_process.py FOLDER ACKNOWLEDGED NOW BATCH < events

Reads events line by line and hands them to the engine in small batches. Only after an answer it
appends one line for each event to ACKNOWLEDGED. A line that begins with `!` is something else to
do: `!erase PLATFORM ACCOUNT`, `!reload`, `!rules FOLDER` (its files beside those there, then a
reload), `!duty` and `!emergency` (begun), `!add LIST TERM`. OMBUD_FAULT names the place where the
process is to die.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from ombud.app import Engine
from ombud.controls import lists
from ombud.errors import BadEvent, OmbudError


def tell(place: int, lines: list[str]) -> None:
    """Append to the file of acknowledgements, at once."""
    os.write(place, "".join(line + "\n" for line in lines).encode())


def do(engine: Engine, words: list[str]) -> str:
    """Carry out one line that is no event; what came of it."""
    try:
        if words[0] == "!erase":
            return f"erased {engine.erase(words[1], words[2])}"
        if words[0] in ("!duty", "!emergency"):
            return f"begun {engine.set_state(words[0][1:], begins=True)}"
        if words[0] == "!add":
            name = words[1].replace("-", " ")
            return f"added {engine.change_list('add', name, lists.line(name, words[2])).seq}"
        if words[0] == "!rules":
            for path in Path(words[1]).iterdir():
                shutil.copy(path, engine.folder / "rules")
        return f"reloaded {engine.reload()}"
    except OmbudError as error:
        return f"error {error.code}"


def send(engine: Engine, batch: list[bytes], place: int) -> None:
    """Hand in a batch; each answer is told only when it is there."""
    if not batch:
        return
    try:
        answers = engine.submit(batch)
    except OmbudError as error:
        tell(place, [f"error {error.code}"] * len(batch))
        return
    tell(
        place,
        [
            f"bad {each.code}" if isinstance(each, BadEvent) else f"{each.status} {each.seq}"
            for each in answers
        ],
    )


def main() -> None:
    """Write until the input ends."""
    folder, acknowledged, now, size = sys.argv[1:]
    place = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with Engine(Path(folder), now=lambda: int(now)) as engine:
        batch: list[bytes] = []
        for line in sys.stdin.buffer:
            if line.startswith(b"!"):
                send(engine, batch, place)
                batch = []
                tell(place, [do(engine, line.decode().split())])
                continue
            batch.append(line)
            if len(batch) >= int(size):
                send(engine, batch, place)
                batch = []
        send(engine, batch, place)


if __name__ == "__main__":
    main()
