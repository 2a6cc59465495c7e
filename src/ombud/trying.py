"""A rule's text tried on the past for somebody at the console, behind the pages.

The run is that of `ombud replay --rules` (`runs.run`): it has its line in the public log before its
result is told. One goes at a time, and it gives way: judging what comes in goes on beside it. A
result is kept for who asked, until others push it out. This module must never give one person
another's run.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ombud import config, ids, rulefiles, rulewriting, runs, session
from ombud.app import Engine
from ombud.errors import BadUse, OmbudError, catalogue

catalogue(
    U288=(
        "Another rule is being tried on the past just now.",
        "Wait until it is through. `ombud replay --rules` needs no page.",
    ),
    U289=(
        "Trying the rule took longer than {minutes} minutes and was given up.",
        "Try it by the command line: `ombud replay --rules`.",
    ),
)

KEPT = 16  # results, of all people together
SECONDS_MAX = 900.0
SHARE = 0.5  # of the time a run takes, how much it leaves to others
NOTHING: Mapping[str, str] = MappingProxyType({})
RUNNING, DONE, FAILED = "running", "done", "failed"


class _Stopped(Exception):
    """The engine is being closed."""


@dataclass(slots=True)
class Run:
    """One run: for whom, how far it is in records, and what came of it."""

    id: str
    who: int
    rule: str
    state: str = RUNNING
    done: int = 0
    total: int = 0
    result: Mapping[str, Any] = field(default_factory=dict)
    problem: OmbudError | None = None
    over: threading.Event = field(default_factory=threading.Event)


class Trying:
    """The runs of one engine. Methods are called from several threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._lock = threading.Lock()
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._thread: threading.Thread | None = None
        self._closing = False

    def begin(
        self, who: int, by: str, text: str, since: int | None, beside: Mapping[str, str] = NOTHING
    ) -> Run:
        """Begin to try a text on what was received from an instant on, in one run with `beside`,
        other texts by their rules' names. Raises BadUse U280 or U288; all else that is wrong is
        told by the run.
        """
        rule = rulefiles.checked(rulefiles.called(text))
        with self._lock:
            if self._closing or (self._thread is not None and self._thread.is_alive()):
                raise BadUse("U288", "rule")
            run = Run(ids.new_id("try"), who, rule)
            self._runs[run.id] = run
            while len(self._runs) > KEPT:
                self._runs.popitem(last=False)
            self._thread = threading.Thread(
                target=self._run, args=(run, by, text, since, beside), name="trying", daemon=True
            )
            self._thread.start()
        return run

    def of(self, who: int, id_: str, wait: float = 0) -> Run | None:
        """Somebody's own run; waits for its end for so many seconds."""
        with self._lock:
            found = self._runs.get(id_)
        if found is None or found.who != who:
            return None
        found.over.wait(wait)
        return found

    def _run(
        self, run: Run, by: str, text: str, since: int | None, beside: Mapping[str, str]
    ) -> None:
        try:
            sources = config.read(self.engine.folder)
            for name, each in {**beside, run.rule: text}.items():
                file = rulefiles.file_of(sources.rules, name)
                sources = rulewriting.with_text(sources, file, each)
            run.result = runs.run(
                self.engine.folder,
                sources,
                runs.Asked(rules=Path(), since=since, names=(run.rule, *beside), by=by),
                lambda total: self._progress(run, total),
                ask=lambda told: str(session.perform(self.engine, "run", told)),
            )
            run.state = DONE
        except OmbudError as error:
            run.problem, run.state = error, FAILED
        except _Stopped:
            run.state = FAILED
        finally:
            if run.state == RUNNING:
                run.state = FAILED
            run.over.set()

    def _progress(self, run: Run, total: int) -> runs.Progress:
        run.total = total
        begun = last = time.monotonic()

        def progress(done: int) -> None:
            nonlocal last
            run.done = done
            if self._closing:
                raise _Stopped
            now = time.monotonic()
            if now - begun > SECONDS_MAX:
                raise BadUse("U289", "rule", minutes=round(SECONDS_MAX / 60))
            time.sleep((now - last) * SHARE / (1 - SHARE))
            last = time.monotonic()

        return progress

    def close(self) -> None:
        """Give up what goes on, and wait for it."""
        self._closing = True
        if self._thread is not None:
            self._thread.join()
