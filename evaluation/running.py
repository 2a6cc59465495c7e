"""Runs evaluations side by side, each in a process of its own, and keeps what failed apart.

A set that is missing, a package that is not installed or a fault in one evaluation is told, and
costs no other one its figures. This module must never hide that something was not measured.
"""

from __future__ import annotations

import multiprocessing
import platform
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

Evaluate = Callable[..., str]


class Outcome(NamedTuple):
    """What became of one evaluation: its section as Markdown, or in words why there is none."""

    name: str
    section: str | None
    problem: str | None
    seconds: float


def measured(name: str, evaluate: Evaluate, folder: Path, quick: bool) -> Outcome:
    """Run one evaluation on the data sets in `folder`; never raises for what it meets there."""
    began = time.monotonic()
    text, problem = None, None
    try:
        text = evaluate(folder, quick=quick)
    except FileNotFoundError as error:
        problem = f"a set is missing: {_within(error.filename, folder)}"
    except ImportError as error:
        problem = f"a package is missing: {error.name or error} (the test group has all of them)"
    except Exception:  # noqa: BLE001 - told in full, and the others still run
        problem = f"it failed:\n{traceback.format_exc()}"
    seconds = time.monotonic() - began
    if text is None:
        return Outcome(name, None, problem, seconds)
    day, version = datetime.now(UTC).date(), platform.python_version()
    said = f"Measured on {day} with Python {version} in {max(1, round(seconds))} s."
    return Outcome(name, f"{said}\n\n{text}", None, seconds)


def _within(name: object, folder: Path) -> str:
    """The path inside the folder of the sets; outside it, the last part alone."""
    path = Path(str(name))
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else path.name


def outcomes(
    wanted: Mapping[str, Evaluate], folder: Path, *, quick: bool, processes: int
) -> Iterator[Outcome]:
    """Each as it comes in. With one process, or one evaluation, all of it happens in this one."""
    if min(processes, len(wanted)) < 2:
        for name, evaluate in wanted.items():
            yield measured(name, evaluate, folder, quick)
        return
    fresh = multiprocessing.get_context("spawn")  # no state of one evaluation in another
    with ProcessPoolExecutor(processes, mp_context=fresh, max_tasks_per_child=1) as pool:
        waiting = {
            pool.submit(measured, name, evaluate, folder, quick): name
            for name, evaluate in wanted.items()
        }
        for future in as_completed(waiting):
            broken = future.exception()  # the process itself ended: out of memory, say
            if broken is None:
                yield future.result()
            else:
                yield Outcome(waiting[future], None, f"its process ended: {broken}", 0.0)
