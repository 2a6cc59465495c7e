"""What people ask of the engine to have words blacked out that expose somebody.

The records that hold the words are looked for here, beside the writer, in short reads; the control
looks only at what came since. This module must never keep or print the words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ombud import clock, journal, redacted
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.controls import blackout, staff
from ombud.errors import BadUse, catalogue
from ombud.model import Reported
from ombud.signals.observation import Observation
from ombud.staff.people import ADMIN
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

catalogue(
    U263=(
        "Nothing was blacked out: it is some minutes since {name} showed who they are.",
        "Show it again on the page it asks for, then do this once more.",
    ),
)

REQUESTS = ("black out",)
SEQ_MAX = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Exposing:
    """A record that may expose somebody: what it says, in which cases it stands (id and queue), and
    when words of it were blacked out before.
    """

    record: int
    text: str
    cases: tuple[tuple[str, str], ...]
    before: tuple[str, ...]


def exposing(store: Store, keys: KeyFile, record: int) -> Exposing | None:
    """A record that stands in a case, or what a flag in a case is about; None for any other: nobody
    reads through a community's posts here.
    """
    cases = tuple(store.all("cases_of_record", (record,)))
    seen = _seen(store, keys, record) if cases else None
    if seen is None:
        return None
    reported = seen.event.data.reported if seen.kind == "flag" else None
    named = reported.id if isinstance(reported, Reported) else reported
    if named is not None:
        found = _named(store, keys, seen.event.source, named)
        record, seen = found if found is not None else (record, seen)
    data = seen.event.data
    said = (data.text, data.author and data.author.name, data.reason)
    return Exposing(
        record,
        "\n".join(each for each in said if each),
        cases,
        tuple(clock.rfc3339(row[1]) for row in store.all("blackouts_of_record", (record,))),
    )


def _seen(store: Store, keys: KeyFile, record: int) -> Observation | None:
    row = store.one("records", {"after": record - 1, "until": record})
    return None if row is None else redacted.reread(store, keys, journal.Record(*row))


def _named(store: Store, keys: KeyFile, source: str, named: str) -> tuple[int, Observation] | None:
    """The record of what a platform calls so, with or without its kind before it."""
    for id_ in dict.fromkeys((named, named.rpartition("/")[2])):
        row = store.one("find_identity", (journal.identity(keys.community, source, id_),))
        seen = None if row is None else _seen(store, keys, row[0])
        if row is not None and seen is not None:
            return row[0], seen
    return None


def without(text: str, words: Sequence[str]) -> str:
    """A text as it will be read. Raises BadUse U260."""
    found = redacted.pattern(words)
    return text if found is None else redacted.without(text, found)


def perform(running: Engine, request: Mapping[str, Any]) -> dict[str, Any]:
    """Have words blacked out in a record, and wherever else they are kept: in how many records they
    were. Raises BadUse U200, U201 or U260 to U266.
    """
    told = request.get("record")
    record = told if isinstance(told, int) and 0 < told <= SEQ_MAX else 0
    words = [str(each).strip() for each in request.get("words") or ()]
    by = str(request.get("by") or ADMIN)
    redacted.pattern(words)
    store = Store(running.folder / STORE_FILE, readonly=True)
    keys = KeyFile(running.folder / KEY_FILE, readonly=True)
    try:
        staff.require(running.writer.pipeline.community, keys, by, "blackout")
        if running.staff and request.get("fresh") is False:
            raise BadUse("U263", "fresh", name=by)
        last = store.one("last_record")
        read = int(last[0] or 0) if last else 0
        if record not in blackout.holding(store, keys, words, record - 1, record, own=True):
            raise BadUse("U261", "record", record=record)
        found = blackout.holding(store, keys, words, 0, read)
    finally:
        store.close()
        keys.close()
    done = running.control(blackout.asked(record, words, by, found, read))
    return {"record": record, "records": done.touched}
