"""What is asked of the engine about lists: one entry or a file, added, taken out, confirmed.

The same for pages, commands and other processes. What needs a second person is kept as asked for
and told as such. This module must never change a list by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ombud.app import Engine
from ombud.controls import lists, protecting
from ombud.errors import BadUse, catalogue
from ombud.signals.lists.terms import key
from ombud.staff.people import ADMIN

catalogue(
    U467=(
        "Nothing that is done to lists is called {do}.",
        "This is a fault of the program that asked.",
    ),
)


def change_list(running: Engine, request: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    """Change a list, in the process that holds the lock; `content` is a file to import."""
    do, name = str(request.get("change")), str(request.get("name"))
    term, source, expires = (str(request.get(each) or "") for each in ("term", "source", "expires"))
    if do == "import":
        about = lists.file_of(name, content, source)
    elif do in lists.SINGLE:
        about = lists.line(name, term, source, expires)
    else:
        raise BadUse("U467", "change", do=do[:40])
    by = str(request.get("by") or ADMIN)
    given: dict[str, Any] = {}
    if do == "confirm":
        given = {"whole": bool(request.get("whole")), "seen": request.get("seen")}
    told: dict[str, Any] = {"list": name, "change": do}
    try:
        done = running.change_list(do, name, about, by, new=bool(request.get("new")), **given)
    except BadUse as error:
        if error.code != protecting.SECOND_NEEDED:
            raise
        running.change(protecting.Asked(name, do, key(about.listed.terms[0]), by))
        return {**told, "entries": 0, "seq": None, "waits": True}
    return {**told, "entries": done.touched, "seq": done.seq, "waits": False}
