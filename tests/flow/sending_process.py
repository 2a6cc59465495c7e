"""A process that judges and sends until it is killed: for the crash tests of the sender.

    python sending_process.py FOLDER SECRET < events

Reads events line by line, hands them to the engine in small batches, and delivers what they lead to
as the server does, signed with SECRET (hexadecimal). After a batch it appends the number of its
events to FOLDER/acknowledged. A line `!undo RULE` undoes what that rule decided. At a line `!drain`
and when the input ends, it waits until nothing is due any more. OMBUD_FAULT names the place where
it is to die.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from ombud import clock
from ombud.app import Engine
from ombud.config import STORE_FILE
from ombud.controls import programs
from ombud.deliveries import Deliveries
from ombud.doors import Doors
from ombud.store.sqlite import Store

BATCH = 5
DUE = "SELECT count(*) FROM outbox WHERE state IN ('asked', 'sending') AND due < ?"
BACK_OFF_MAX = 300 * clock.SECOND  # what waits longer than this is not due yet


def drain(store: Store) -> None:
    """Wait until nothing is due, not even after the longest back-off."""
    while store.connection.execute(DUE, (clock.now() + BACK_OFF_MAX,)).fetchall()[0][0]:
        time.sleep(0.01)


def feed(engine: Engine, told: int, drained: Callable[[], None]) -> None:
    """Judge what comes in, batch by batch, until the input ends."""
    batch: list[bytes] = []
    for line in [*sys.stdin.buffer, b"!drain"]:
        word, *rest = line.decode().split()
        if not word.startswith("!"):
            batch.append(line)
        if batch and (word.startswith("!") or len(batch) >= BATCH):
            engine.submit(batch)
            os.write(told, f"{len(batch)}\n".encode())
            batch = []
        if word == "!undo":
            engine.undo("admin", rule=rest[0])
        elif word == "!drain":
            drained()


def main() -> None:
    """Judge and send until the input ends."""
    folder, secret = Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
    told = os.open(folder / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with ExitStack() as opened:
        engine = opened.enter_context(Engine(folder))
        engine.control(programs.signed("chat", secret))
        doors = opened.enter_context(closing(Doors(engine, "https://example.org")))
        opened.enter_context(closing(Deliveries(doors))).start()
        store = opened.enter_context(closing(Store(folder / STORE_FILE, readonly=True)))
        feed(engine, told, lambda: drain(store))


if __name__ == "__main__":
    main()
