"""The platform's side of the doors for the stories in this folder: it asks, publishes, takes what
is sent, and its people read their pages. No socket is opened: what is sent is only marked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flow.small_community import (
    NOW,
    RULES,
    SETTINGS,
    agrees_with_replay,
    hold_together,
    line,
    prepare,
    rows,
    rule,
)
from ombud import journal
from ombud.app import KEY_FILE, Engine
from ombud.changes import Mark
from ombud.config import STORE_FILE
from ombud.doors import Doors
from ombud.enrichment import Item
from ombud.events import decode
from ombud.outbox import Outbox
from ombud.sender import Due
from ombud.statement_page import StatementPage
from ombud.transaction import Answer

ADDRESS = "https://talk.example"
CONNECTED = f'{SETTINGS}\nname = "Talk"\n\n[connectors.chat]\nurl = "http://127.0.0.1:9/hook"\n'
WARNED = rule("mind", 'text contains "mind you"', 'text "mind you"', 'text "a"', then="warn author")
DOORS_RULES = {**RULES, WARNED[0]: WARNED[1]}
SECOND = 1_000_000
HOUR = 3600 * SECOND
OUTBOX = (
    "id", "kind", "connector", "decision", "action", "inverse", "state", "due", "attempts", "done",
    "statement", "lane",
)  # fmt: skip


@dataclass
class Platform:
    """A running engine with its doors and outbox, and a clock that stands until it is moved."""

    folder: Path
    engine: Engine
    doors: Doors
    sender: Outbox
    clock: list[int] = field(default_factory=lambda: [NOW])

    # --- in ---------------------------------------------------------------------------------------

    def group(self, *items: Item) -> list[Answer]:
        """Hand some items in as one group."""
        return self.doors.submit(items, first=True).result()

    def check(self, *told: dict[str, Any]) -> list[Answer]:
        """Ask before publication, all in one group."""
        return self.group(*(asked(each) for each in told))

    def stream(self, *told: dict[str, Any], timeline: str = "") -> list[Answer]:
        """Tell what has happened, all in one group."""
        return self.group(*(happened(each, timeline) for each in told))

    # --- out --------------------------------------------------------------------------------------

    def outbox(self, **wanted: object) -> list[dict[str, Any]]:
        """The rows of the outbox in their order; those only with these values."""
        columns = ", ".join(OUTBOX)
        found = rows(self.folder, f"SELECT {columns} FROM outbox ORDER BY rowid")  # noqa: S608
        listed = [dict(zip(OUTBOX, row, strict=True)) for row in found]
        return [row for row in listed if all(row[key] == wanted[key] for key in wanted)]

    def states(self, **wanted: object) -> list[tuple[str, bool, str]]:
        """Of each row: the action's name or "notice", whether it is an inverse, where it stands."""
        return [
            (row["action"], bool(row["inverse"]), row["state"]) for row in self.outbox(**wanted)
        ]

    def open(self, limit: int = 500) -> Sequence[Due]:
        """The rows whose turn it is to be sent now."""
        now = max(self.clock[0], self.engine.writer.pipeline.recv)  # which never stands still
        return self.sender.open(now, frozenset(), limit)

    def said(self, due: Due) -> dict[str, Any]:
        """What is sent for a row."""
        body = self.sender.body(due)
        assert body is not None
        found: dict[str, Any] = json.loads(body)
        return found

    def mark(
        self, id_: str, state: str, attempts: int = 1, due: int = 0, memory: str | None = None
    ) -> bool:
        """Mark how far one row has come; whether the mark was taken."""
        told = Mark(id_, state, due or self.clock[0], attempts, memory=memory)
        return self.engine.change(told)

    def deliver(self, state: str = "delivered") -> list[dict[str, Any]]:
        """Take all that can be sent now, as a sender does; what was sent, in its order."""
        sent = []
        while turn := self.open():
            for due in turn:
                sent.append(self.said(due))
                assert self.mark(due.id, "sending")
                assert self.mark(due.id, state)
        return sent

    # --- people -----------------------------------------------------------------------------------

    def token(self, statement: str) -> str:
        """The token in the link of a page."""
        return self.doors.link(statement).rpartition("/")[2]

    def page(self, statement: str) -> StatementPage:
        """What stands on a page now."""
        found = self.page_of(self.token(statement))
        assert found is not None
        return found

    def page_of(self, token: str) -> StatementPage | None:
        """What stands under a token now, by the clock of the story."""
        pages, name = self.doors._pages, self.doors.name()
        return pages.of_token(token, name, self.doors.languages(), self.clock[0])


def asked(told: dict[str, Any]) -> journal.Submission:
    """An event as it is asked about before publication."""
    return journal.submission(decode(line(told)), check=True)


def happened(told: dict[str, Any], timeline: str = "") -> journal.Submission:
    """An event of the stream."""
    return journal.submission(decode(line(told)), timeline)


@contextmanager
def connected(
    folder: Path,
    *,
    settings: str = CONNECTED,
    rules: dict[str, str] | None = None,
    clock: list[int] | None = None,
) -> Iterator[Platform]:
    """A community whose platform `chat` is connected; a folder that was begun goes on."""
    if not (folder / STORE_FILE).exists():
        prepare(folder, DOORS_RULES if rules is None else rules, settings)
    clock = clock or [NOW]
    with Engine(folder, now=lambda: clock[0]) as engine:
        doors = Doors(engine, ADDRESS)
        sender = Outbox(
            folder / STORE_FILE,
            folder / KEY_FILE,
            lambda marks: engine.writer.submit(marks, first=True),
            doors.name,
            doors.link,
            doors.base,
        )
        try:
            yield Platform(folder, engine, doors, sender, clock)
        finally:
            sender.close()
            doors.close()


def all_holds(platform: Platform) -> None:
    """The journal is whole, and its past comes out the same, now and after a restart."""
    platform.mark("nothing", "sending")  # what the writer does behind a group is done by then
    agrees_with_replay(platform.engine)
    hold_together(platform.folder)
    before = memory_of(platform.engine)
    platform.engine.writer._rebuild()
    assert memory_of(platform.engine) == before
    agrees_with_replay(platform.engine)


def memory_of(engine: Engine) -> tuple[Any, ...]:
    """Where the engine's memory stands."""
    pipeline = engine.writer.pipeline
    return (pipeline.seq, pipeline.recv, pipeline.leaves, pipeline.frontier.root())
