"""Puts the parts together: one data folder, one engine.

The only place that chooses parts: which store, which keys, which clock, which faults. The command
line and, later, the server ask an `Engine`; a process that does not hold the lock asks the socket
instead.
"""

from __future__ import annotations

import gc
import os
import secrets
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import apsw

from ombud import (
    activation,
    clock,
    config,
    controls,
    decisions,
    events,
    i18n,
    journal,
    recovery,
    samples,
    transparency,
)
from ombud.errors import BadData, BadEvent, BadUse, OmbudError
from ombud.journal import Control
from ombud.ledger import tree
from ombud.model import EVENT_BYTES_MAX
from ombud.pipeline import Pipeline
from ombud.replay import Outcome, Replay
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store, require_version
from ombud.summary import Summary
from ombud.transaction import Answer
from ombud.writer import Lock, Writer

STORE_FILE = "ombud.db"
KEY_FILE = "ombud.keys"
BATCH = 512  # events handed to the writer together
IN_FLIGHT = 4  # batches under way while the next one is decoded


def crash_point() -> Callable[[str], None]:
    """For crash tests: OMBUD_FAULT="committed:3" ends the process at the third passing of that
    point.
    """
    wanted, _, count = os.environ.get("OMBUD_FAULT", "").partition(":")
    left = int(count or 1)

    def fault(point: str) -> None:
        nonlocal left
        if point == wanted:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return fault if wanted else lambda point: None  # noqa: ARG005


def calm_collector() -> None:
    """Let the garbage collector leave alone what was loaded, and look less often at the rest.

    A group makes thousands of small records that live until its commit; walking the windows and
    the plan for each of them cost a quarter of the time of an event.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 1_000)


class Engine:
    """One community's engine: opened, recovered, writing."""

    def __init__(self, folder: Path, *, now: Callable[[], int] = clock.now) -> None:
        require_version(apsw.sqlite_lib_version())  # refused before anything is made
        self.folder = folder
        self.epoch: int | None = None
        self._now = now
        self._fault = crash_point()
        self._opened: list[Any] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = Lock(folder)
            self._opened.append(self._lock)
            self._open()
        except (OSError, apsw.Error) as error:
            self._close_all()
            raise BadData("D003", str(folder), detail=str(error)) from None
        except BaseException:
            self._close_all()
            raise

    def _open(self) -> None:
        if not (self.folder / STORE_FILE).exists():  # the first start
            config.copy_samples(
                self.folder, {name: samples.files(name) for name in samples.FOLDERS}
            )
        wanted = activation.from_sources(config.read(self.folder))  # refused before a store is made
        self.store = Store(self.folder / STORE_FILE)
        self._opened.append(self.store)
        origin = wanted.settings.origin or f"ombud.invalid/{secrets.token_hex(8)}"
        self.store.prepare(origin, tree.Frontier().encode())
        self.keys = self._open_keys()
        self._opened.append(self.keys)
        self.writer = Writer(self._pipeline, self._now, self._publish)
        self._take_over()
        self.writer.start()
        self._opened.append(self.writer)
        self._activate(wanted)
        calm_collector()

    def _open_keys(self) -> KeyFile:
        """The key file; a new one only for a journal with nothing in it."""
        path = self.folder / KEY_FILE
        if not path.exists() and self.store.one("last_record") != (None, None):
            raise BadData("D009", str(path))
        return KeyFile(path)

    def _take_over(self) -> None:
        """Fence off any earlier writer, from exactly the head that was restored."""
        restored = self.writer.pipeline
        head = {"epoch": restored.epoch, "seq": restored.seq}
        if self.store.run("take_over", head) != 1:
            raise controls.fenced()
        restored.epoch += 1
        self.epoch = restored.epoch

    def _pipeline(self) -> Pipeline:
        """Memory as of the last commit. A writer that was fenced off touches nothing any more."""
        head = self.store.one("head")
        if self.epoch is not None and head is not None and head[1] != self.epoch:
            raise controls.fenced()
        community = recovery.restore(self.store, self.keys, activation.EMPTY, self._fault)
        return Pipeline(self.store, self.keys, community, self._fault)

    def _activate(self, wanted: activation.Active) -> bool:
        """Append a control if the configuration is not the one in force."""
        if self.writer.pipeline.community.active.digest == wanted.digest:
            return False
        self.control(Control("config", {}, {"active": wanted}))
        return True

    # --- in ---------------------------------------------------------------------------------------

    def reload(self) -> bool:
        """Activate what the operator's files say now; whether that was anything new."""
        return self._activate(activation.from_sources(config.read(self.folder)))

    def control(self, control: Control) -> Answer:
        """Append one control and wait for its commit."""
        return self.writer.submit([control], first=True).result()[0]

    def submit(self, lines: Sequence[bytes], timeline: str = "") -> list[Answer | BadEvent]:
        """Judge single lines; an answer or an error for each, in order."""
        parts = [events.attempt(line) for line in lines]
        good = [
            journal.submission(part, timeline) for part in parts if not isinstance(part, BadEvent)
        ]
        answers = iter(self.writer.submit(good).result())
        return [part if isinstance(part, BadEvent) else next(answers) for part in parts]

    def ingest(
        self,
        chunks: Iterable[bytes],
        timeline: str = "",
        progress: Callable[[int], None] | None = None,
    ) -> Summary:
        """Judge a stream of lines; some batches are on their way while the next one is decoded."""
        summary = Summary()
        waiting: deque[tuple[list[int], Future[list[Answer]]]] = deque()
        for numbers, batch in self._batches(chunks, timeline, summary):
            waiting.append((numbers, self.writer.submit(batch)))
            if len(waiting) < IN_FLIGHT:
                continue
            if not _collect(summary, *waiting.popleft(), progress):
                break  # the store cannot keep anything more: what was refused is to be sent again
        for each in waiting:
            _collect(summary, *each, progress)
        return summary

    def _batches(
        self, chunks: Iterable[bytes], timeline: str, summary: Summary
    ) -> Iterator[tuple[list[int], list[journal.Submission]]]:
        """Batches of good events, with the numbers of their lines."""
        numbers: list[int] = []
        batch: list[journal.Submission] = []
        for line in summary.until_broken(events.lines(chunks)):
            if line.content is None:
                limit = EVENT_BYTES_MAX
                summary.reject(line.number, BadEvent("E003", "$", size=line.size, limit=limit))
                continue
            try:
                batch.append(journal.submission(events.decode(line.content), timeline))
                numbers.append(line.number)
            except BadEvent as error:
                summary.reject(line.number, error)
            if len(batch) >= BATCH:
                yield numbers, batch
                numbers, batch = [], []
        if batch:
            yield numbers, batch

    # --- controls ---------------------------------------------------------------------------------

    def undo(self, by: str, /, **chosen: Any) -> list[str]:
        """Undo decisions: `ids`, or all of a `rule`, a `by_role`, from `since` to `until`."""
        return list(self.control(Control("undo", {"by": by}, {"chosen": chosen})).decisions)

    def erase(self, platform: str, account: str) -> int:
        """Erase everything of one account; how many records that were."""
        named = {"platform": platform, "account": account}
        return self.control(Control("erasure", {}, named)).touched

    # --- out --------------------------------------------------------------------------------------

    def close(self) -> None:
        """Finish what waits, publish the head of the log, and give the lock back."""
        if not self._opened:
            return
        try:
            self.writer.close()
            self._publish()
        except (OSError, apsw.Error) as error:
            raise BadData("D003", str(self.folder), detail=str(error)) from None
        finally:
            self._close_all()

    def _publish(self) -> None:
        place = self.folder / transparency.FOLDER
        transparency.publish(self.store, self.keys, place, self._fault)

    def _close_all(self) -> None:
        for part in reversed(self._opened):
            part.close()
        self._opened.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _collect(
    summary: Summary,
    numbers: list[int],
    future: Future[list[Answer]],
    progress: Callable[[int], None] | None,
) -> bool:
    """Count the answers of a batch of numbered lines; whether it was taken."""
    try:
        answers = future.result()
    except OmbudError as error:
        summary.reject(numbers[0], error, len(numbers))
        return False
    for number, answer in zip(numbers, answers, strict=True):
        summary.count(answer, number)
    if progress is not None:
        progress(len(answers))
    return True


# --- reading without the lock ---------------------------------------------------------------------


class Reader:
    """A data folder opened to read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / STORE_FILE, readonly=True)
        self.store.check_version()
        self.keys = KeyFile(folder / KEY_FILE, readonly=True)

    def decisions(self, **chosen: Any) -> list[dict[str, Any]]:
        """Decisions, newest first, with what happened since."""
        parameters = {key: chosen.get(key) for key in ("rule", "by", "since", "until")}
        rows = self.store.all("decisions", {**parameters, "limit": chosen.get("limit", 100)})
        return [self._decision(row) for row in rows]

    def decision(self, decision: str) -> dict[str, Any]:
        """One decision. Raises BadData where there is none."""
        row = self.store.one("decision", (decision,))
        if row is None:
            raise BadUse("U010", decision, decision=decision)
        found = self._decision(row)
        found["notices"] = [
            dict(zip(("id", "reason", "lang", "state"), each, strict=True))
            for each in self.store.all("notices_of_decision", (decision,))
        ]
        found["asked"] = [
            {"id": each[0], "action": each[1], "inverse": bool(each[2]), "state": each[3]}
            for each in self.store.all("actions_of_decision", (decision,))
        ]
        return found

    def _decision(self, row: tuple[Any, ...]) -> dict[str, Any]:
        plain = self.keys.open_decision(row[0], row[14]) if row[14] is not None else None
        since = {
            "seq": row[1],
            "ended": row[12],
            "undone_by": row[13],
            "receipt": {"leaf": row[15]},
        }
        if plain is None:  # erased: what the public log says is all there is
            return {
                "id": row[0],
                "time": clock.rfc3339(row[2]),
                "clause": row[6],
                "rules": [{"name": row[7]}] if row[7] else [],
                "by": row[8],
                "actions": [{"type": row[9]}],
                "erased": True,
                **since,
            }
        return decisions.as_json(decisions.opened(plain), **since)

    def clause_titles(self) -> dict[str, dict[str, str]]:
        """The titles of the clauses in force, by language."""
        rows = self.store.all("controls", ("!config",))
        if not rows:
            return {}
        active = controls.compiled(self.store, journal.read_json(rows[-1][2]))
        return {
            rule.clause.id: {
                "en": rule.clause.title,
                **{lang: text.title for lang, text in rule.clause.texts.items()},
            }
            for rule in active.rules
        }

    def statement(self, decision: str, lang: str) -> list[str]:
        """A decision's statement of reasons, line by line."""
        row = self.store.one("decision", (decision,))
        if row is None:
            raise BadUse("U010", decision, decision=decision)
        plain = self.keys.open_decision(decision, row[14]) if row[14] is not None else None
        if plain is None:
            return [i18n.say("erased", lang)]
        record = decisions.opened(plain)
        titles = self.clause_titles().get(record.clause, {})
        return decisions.statement(record, titles, lang)

    def ledger_head(self) -> dict[str, Any]:
        """Where the public log stands."""
        head = self.store.one("head")
        assert head is not None  # noqa: S101 -- `check_version` read it
        return {
            "origin": head[7],
            "size": head[5],
            "root": tree.Frontier.decode(head[6]).root().hex(),
            "published": head[8],
            "key": transparency.signer(head[7], self.keys).key.encode(),
            "witnesses": "none: self-attested",
        }

    def replay_check(self, progress: Callable[[int], None] | None = None) -> Outcome:
        """Judge the whole past again and compare."""
        return Replay(self.store, self.keys).check(progress)

    def close(self) -> None:
        """Close both files."""
        self.store.close()
        self.keys.close()


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    """A data folder opened to read, closed afterwards."""
    reader = Reader(folder)
    try:
        yield reader
    finally:
        reader.close()
