"""What a command asks of the engine about statements of reasons: ids for them, and marks.

This module must never send one: `dsa` does, outside the writer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ombud.app import Engine
from ombud.filing import Filed, Moved
from ombud.staff.people import ADMIN

REQUESTS = ("file statements", "move statements")


def perform(running: Engine, do: str, request: Mapping[str, Any]) -> int:
    """Do what a request asks; how many statements it was done to. Raises BadUse."""
    by = str(request.get("by") or ADMIN)
    if do == "file statements":
        return running.changed(Filed(int(request.get("after", -1)), by)).touched
    leaves = tuple(int(each) for each in request.get("leaves") or ())
    was, state, detail = (str(request.get(each) or "") for each in ("was", "state", "detail"))
    return running.changed(Moved(leaves, was, state, detail, by)).touched
