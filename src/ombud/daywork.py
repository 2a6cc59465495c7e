"""What people ask of the engine at their daily work: look somebody up, open a case about a post.

The same for a console and for anything that comes later. This module must never show anything: who
looks something up gets the id of a record, by which they may see it (`lookups`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ombud import casework, ids
from ombud.app import Engine
from ombud.controls import lookup
from ombud.opening import Opened
from ombud.staff.people import ADMIN

REQUESTS = ("look up", "open case")
_ABOUT = ("platform", "name", "record", "reason", "cases", "since", "until")


def perform(running: Engine, do: str, request: Mapping[str, Any]) -> Any:
    """Do what a request asks. Raises BadUse."""
    by = str(request.get("by") or ADMIN)
    if do == "look up":
        look = ids.new_id("look")
        about = {each: request.get(each) for each in _ABOUT}
        running.control(lookup.asked(look, str(request.get("kind")), by, **about))
        return {"look": look}
    record, clause = int(request.get("record") or 0), str(request.get("clause") or "")
    case = running.changed(Opened(record, clause, by)).case
    return casework.perform(running, "claim case", {"case": case, "by": by})
