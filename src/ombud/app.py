"""Puts the parts together: one data folder, one engine.

The only place that chooses parts: which store, which keys, which clock, which faults. The command
line and the server ask an `Engine`; a process that does not hold the lock asks the socket instead.
"""

from __future__ import annotations

import gc
import os
import secrets
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

import apsw
import msgspec

from ombud import clock, config, controls, events, journal, publishing, recovery, samples
from ombud.access import PlatformKey
from ombud.activation import checking, compiling
from ombud.activation.active import EMPTY, Active
from ombud.attestations import HandedOver
from ombud.config import STORE_FILE
from ombud.controls import erasure, listed, lists, reversal, state
from ombud.effects import Change
from ombud.errors import BadData, BadEvent, BadUse, catalogue
from ombud.journal import Control
from ombud.ledger import note, tree
from ombud.pipeline import Pipeline
from ombud.policy_lists import Unread
from ombud.staff import people, roles
from ombud.staff.credentials import Credentials
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store, require_version
from ombud.summary import Summary
from ombud.timekeeping import begin_by_clock, still_by_clock
from ombud.transaction import Answer
from ombud.transparency import policy_of
from ombud.writer import Lock, Writer

catalogue(
    U014=(
        "{origin} cannot name a public log.",
        "Write a URL without its scheme, spaces and plus signs, for example log.example/forum.",
    ),
    U015=(
        "The public log is called {known}, and ombud.toml calls it {origin}.",
        "A log keeps its name: write the old one, or leave the setting out.",
    ),
)

KEY_FILE = "ombud.keys"
BATCH = 512  # events handed to the writer together
IN_FLIGHT = 4  # batches under way while the next one is decoded


def crash_point() -> Callable[[str], None]:
    """For crash tests: OMBUD_FAULT="committed:3" ends the process at the third passing of that
    point.
    """
    wanted, _, count = os.environ.get("OMBUD_FAULT", "").partition(":")
    left = int(count) if count.isdecimal() else 1

    def fault(point: str) -> None:
        nonlocal left
        if point == wanted:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return fault if wanted else lambda point: None  # noqa: ARG005


def calm_collector() -> None:
    """Let the garbage collector leave alone what was loaded, and look less often at the rest: a
    group makes thousands of small records, and walking windows and plan for each of them cost a
    quarter of the time of an event.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 1_000)


class Engine:
    """One community's engine: opened, recovered, writing."""

    def __init__(
        self,
        folder: Path,
        *,
        now: Callable[[], int] | None = None,
        activate: bool = True,
        by: str = people.ADMIN,
        confirmed: bool = False,
    ) -> None:
        """Open a folder. Without `activate` the operator's files are not read: the configuration
        that the journal holds stays in force, so that undo and erase work whatever is being edited.
        `by` names who activates what is new, and so is the author of the rules in it. Without a
        clock of its own, `now`, it goes by the machine's, once that is believed or `confirmed`.
        """
        require_version(apsw.sqlite_lib_version())  # refused before anything is made
        self.folder, self.activated = folder, activate
        self.epoch: int | None = None
        self.settings = config.Settings()
        self.access: Mapping[bytes, PlatformKey] = {}
        self.address, self.unread = "", Unread()  # where its pages are, while a server runs
        self.wall = clock.Believed()
        self.now, self.fault, self._by = now or self.wall, crash_point(), people.called(by)
        self._opened: list[Any] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = Lock(folder)
            self._opened.append(self._lock)
            self._open(activate=activate, confirmed=confirmed)
        except (OSError, apsw.Error) as error:
            self._close_all()
            raise BadData("D003", str(folder), detail=str(error)) from None
        except BaseException:
            self._close_all()
            raise

    def _open(self, *, activate: bool, confirmed: bool = False) -> None:
        if not (self.folder / STORE_FILE).exists():  # the first start
            config.copy_samples(self.folder, {name: samples.files(name) for name in samples.COPIED})
        # read and refused before a store is made
        wanted = self._wanted() if activate else None
        self.store = Store(self.folder / STORE_FILE)
        self._opened.append(self.store)
        drawn = (wanted and wanted.settings.origin) or f"ombud.invalid/{secrets.token_hex(8)}"
        self.store.prepare(drawn, tree.Frontier().encode())
        begin_by_clock(self, confirmed=confirmed)
        head = self.store.one("head")
        self._origin: str = head[7] if head is not None else drawn
        if wanted is not None:
            self._keep_origin(wanted)
        self.keys = self._open_keys()
        self._opened.append(self.keys)
        self.credentials = Credentials(self.folder / KEY_FILE)
        self._opened.append(self.credentials)
        self.log = publishing.PublicLog(self.folder, self.store, self.keys, self.fault)
        every = lambda: publishing.every(self.settings)  # noqa: E731
        self.writer = Writer(self._pipeline, self.now, self._publish, every)
        self._take_over()
        active = {token for token, each in self.staff.items() if not each.suspended}
        self.credentials.settle(self.staff, active, self.now())
        self.writer.start()
        self._opened.append(self.writer)
        for each in erasure.unknown(self.store, self.keys):  # this store is an older one
            self.control(each)
        if wanted is not None:
            self._activate(wanted, self._by)
        self._read_access()
        calm_collector()

    def _wanted(self) -> Active:
        """The configuration that the operator's files give, all of which could be used."""
        sources = config.read(self.folder)
        settings = sources.settings
        policy_of(self.folder)  # refused with the rest
        if settings.origin and not note.is_key_name(settings.origin):
            raise BadUse("U014", "ombud.toml", origin=settings.origin)
        if settings.openid.issuer or settings.platforms:
            from ombud.connectors import kinds  # and all that sends, which few commands need
            from ombud.staff import openid

            openid.check(settings.openid)
            kinds.check_all(settings.platforms)
        # last, since it holds the rules against the connectors
        return compiling.from_sources(sources, self._stored())

    def _stored(self) -> Mapping[str, checking.Stored]:
        """The lists that were changed in the store."""
        if hasattr(self, "writer"):
            known = dict(self.writer.pipeline.community.lists)
            return {name: checking.Stored(one.seq, one.imported) for name, one in known.items()}
        return listed.of_store(self.folder / STORE_FILE)

    def _keep_origin(self, wanted: Active) -> None:
        """Refuse a configuration that calls the public log otherwise."""
        origin = wanted.settings.origin
        if origin and origin != self._origin:
            raise BadUse("U015", "ombud.toml", known=self._origin, origin=origin)

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
        community = recovery.restore(self.store, self.keys, EMPTY, self.fault)
        return Pipeline(self.store, self.keys, community, self.fault)

    def _activate(self, wanted: Active, by: str, *, connects: bool = False) -> bool:
        """Append a control if the configuration is not the one in force."""
        new = self.writer.pipeline.community.active.digest != wanted.digest
        if new:
            asked = {"active": wanted, "by": by, "connects": connects}
            self.control(Control("config", {}, asked))
        self.settings = wanted.settings  # only once all of it was good, and is kept
        self.writer.between(lambda: self.log.note(wanted.names)).result()
        return new

    # --- in ---------------------------------------------------------------------------------------

    def reload(self, by: str | None = None, *, connects: bool = False) -> bool:
        """Activate what the operator's files say now; whether anything changed that can change a
        verdict. Refuses what a start refuses, and then nothing has changed. `by` is the author, or
        whoever started this engine; `connects`: they only connect a platform.
        """
        author = self._by if by is None else people.called(by)
        wanted = self._wanted()
        self._keep_origin(wanted)
        return self._activate(wanted, author, connects=connects)

    def renew(self, rule: str, by: str) -> None:
        """Let a rule on watch watch for 90 days more."""
        self.control(Control("renewal", {}, {"rule": rule, "by": by}))

    def approve(self, rule: str, by: str, version: str | None = None) -> None:
        """Put a second pair of eyes behind the version of a rule that is in force, if it is this
        one.
        """
        self.control(Control("approval", {}, {"rule": rule, "by": by, "version": version}))

    def control(self, control: Control) -> Answer:
        """Append one control and wait for its commit. Raises BadUse where it was refused alone."""
        answer = self.changed(control)
        if control.type == "access":
            self._read_access()
        return answer

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
            if not summary.collect(*waiting.popleft(), progress):
                break  # the store cannot keep anything more: what was refused is to be sent again
        for each in waiting:
            summary.collect(*each, progress)
        return summary

    def _batches(
        self, chunks: Iterable[bytes], timeline: str, summary: Summary
    ) -> Iterator[tuple[list[int], list[journal.Submission]]]:
        """Batches of good events, with the numbers of their lines; none waits for a later chunk."""
        for group in summary.until_broken(events.groups(chunks)):
            for start in range(0, len(group), BATCH):
                numbers: list[int] = []
                batch: list[journal.Submission] = []
                for line in group[start : start + BATCH]:
                    try:
                        batch.append(journal.submission(line.decoded(), timeline))
                        numbers.append(line.number)
                    except BadEvent as error:
                        summary.reject(line.number, error)
                if batch:
                    yield numbers, batch

    # --- controls and changes ---------------------------------------------------------------------

    def change(self, change: Change) -> bool:
        """Carry one change out and wait for its commit; whether it applied. Raises BadUse."""
        return bool(self.changed(change).touched)

    def changed(self, change: Change | Control) -> Answer:
        """The same, with all that was answered."""
        answer = self.writer.submit([change], first=True).result()[0]
        if answer.problem is not None:
            raise BadUse.relayed(answer.problem)
        return answer

    def _read_access(self) -> None:
        """Which programs may use the doors, by the digests of their keys."""
        store = Store(self.folder / STORE_FILE, readonly=True)
        try:
            rows = store.all("platform_keys")
        finally:
            store.close()
        self.access = {
            bytes(row[1]): msgspec.json.decode(row[2], type=PlatformKey)
            for row in rows
            if row[4] is None
        }

    def undo(self, by: str, /, **chosen: Any) -> list[str]:
        """Undo decisions: `ids`, or all of a `rule`, a `by_role`, an `account` of a `platform`,
        from `since` to `until`.
        """
        undone: list[str] = []
        while True:
            done = self.control(Control("undo", {}, {"chosen": chosen, "by": by})).decisions
            undone += done
            if len(done) < reversal.UNDO_MAX:
                return undone

    def erase(self, platform: str, account: str, by: str = people.ADMIN) -> int:
        """Erase everything of one account; how many records that were."""
        named = {"platform": platform, "account": account, "by": by}
        return self.control(Control("erasure", {}, named)).touched

    def change_list(
        self, do: str, name: str, about: lists.Line, by: str = people.ADMIN, **given: Any
    ) -> Answer:
        """Change a list (`controls.lists.asked`)."""
        asked, files = lists.asked(do, name, about, by, **given), (STORE_FILE, KEY_FILE)
        where = [self.folder / each for each in files]
        return self.control(lists.prepare(self.writer.pipeline.community, asked, self.now(), where))

    def set_state(
        self, name: str, length: int | None = None, by: str = people.ADMIN, *, begins: bool
    ) -> int:
        """Begin or end a state of the community (`controls.state`); the seq of its control."""
        return self.control(state.asked(name, length, by, begins=begins)).seq

    @property
    def staff(self) -> roles.Members:
        """The people who run the community, by token, as of the last commit."""
        return self.writer.pipeline.staff

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

    def publish(self) -> None:
        """Sign the head of the public log now. Raises BadLedger."""
        self.writer.between(self._publish).result()

    def show_head(self) -> None:
        """Write the signed head with the cosignatures that it has by now."""
        self.writer.between(self.log.show).result()

    def hand_over(self, origin: str, by: str) -> None:
        """Give the log over to a new key, or to a new log, and sign it. Raises BadUse."""
        self.change(HandedOver(origin, by))
        self._origin = origin or self._origin
        self.publish()

    def _publish(self) -> None:
        still_by_clock(self)
        pipeline = self.writer.pipeline
        self.log.publish(max(self.now(), pipeline.recv), pipeline.community.active.names)

    def _close_all(self) -> None:
        for part in reversed(self._opened):
            part.close()
        self._opened.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
