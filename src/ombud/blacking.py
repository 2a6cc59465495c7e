"""What people ask of the engine to have words blacked out that expose somebody.

The records that hold the words are looked for here, beside the writer, in short reads; the control
looks only at what came since. This module must never keep or print the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ombud import redacted
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.controls import blackout, staff
from ombud.errors import BadUse, catalogue
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


def perform(running: Engine, request: Mapping[str, Any]) -> dict[str, Any]:
    """Have words blacked out in a record, and wherever else they are kept: in how many records they
    were. Raises BadUse U200, U201 or U260 to U263.
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
