"""A community whose log has witnesses in processes of their own, for tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flow.small_community import NOW, SETTINGS, event, line, prepare
from ombud.app import Engine
from outsider.witnesses_run import Running, policy, witness

MORE = '[ledger]\nallow = ["127.0.0.1"]\ntimeout_seconds = 5\n'


@contextmanager
def witnessed(
    aside: Path, modes: Sequence[str], least: int
) -> Iterator[tuple[Path, list[Running]]]:
    """A community with a signed log, and its witnesses w1, w2, ...: one for each mode."""
    folder = prepare(aside / "data", settings=SETTINGS + MORE)
    decide(folder, 0, 4)
    key = (folder / "ledger" / "vkey").read_text().strip()
    with ExitStack() as opened:
        running = [
            opened.enter_context(witness(aside, f"w{number}", key, mode))
            for number, mode in enumerate(modes, 1)
        ]
        (folder / "witnesses.policy").write_bytes(policy(*running, least=least))
        yield folder, running


def decide(folder: Path, first: int, count: int) -> None:
    """Have something decided, and the log signed."""
    with Engine(folder, now=lambda: NOW) as engine:
        posts = range(first, first + count)
        engine.submit([line(event(each, each, text="cheap bags")) for each in posts])
