"""What is asked of the engine about lists: one entry or a file, added, taken out, confirmed; and
what somebody else has published or taken back.

The same for pages, commands and other processes. What needs a second person is kept as asked for
and told as such. This module must never change a list by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from typing import Any

from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE, Settings
from ombud.controls import breadth, elsewhere, followed, lists, protecting, watching
from ombud.controls.followed import Published
from ombud.errors import BadUse, catalogue
from ombud.signals.lists.globs import wild
from ombud.signals.lists.terms import key
from ombud.staff.people import ADMIN
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

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
    elif do == "add":
        about = lists.line(name, term, source, expires)
    elif do in lists.SINGLE:
        about = lists.standing(name, term)
    else:
        raise BadUse("U467", "change", do=do[:40])
    by = str(request.get("by") or ADMIN)
    given: dict[str, Any] = {}
    if do == "quarantine":
        given = {"reason": lists.reason(str(request.get("reason") or ""))}
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


def take_in(
    running: Engine, name: str, room: str, found: Sequence[tuple[str, Published]], own: set[str]
) -> int:
    """Let a list have what somebody else publishes in a room: new entries as they are written, with
    where they stand; `own` are the keys of those that must not count by themselves. A list that
    follows nothing yet begins to. How many entries are new. Raises BadUse U445, U097.
    """
    community = running.writer.pipeline.community
    followed.require_room(community, name)
    elsewhere.bearable(community, name)
    looked, met = 0, Counter[str]()
    plain = [term for term, one in found if one.entry not in own and not wild(term)]
    if 0 < len(plain) <= watching.MANY:
        _, listed = followed.text_of(name, [(term, "") for term in plain])
        where = running.folder / STORE_FILE, running.folder / KEY_FILE
        with (
            closing(Store(where[0], readonly=True)) as store,
            closing(KeyFile(where[1], readonly=True)) as keys,
        ):
            looked, met = breadth.entry_by_entry(store, keys, community.active, name, listed)
    platform = _called(running.settings, name, room)
    made = followed.sorted_out(found, own, met, looked)
    if not made and name not in community.lists:
        made = [followed.New(())]
    for new in made:
        control = followed.follow(name, room, new, platform)
        _ = control.sealed["about"][1].exact  # compiled here, not while others wait
        running.control(control)
    return len(found)


def _called(settings: Settings, name: str, room: str) -> str:
    """By which platform whoever moderates is called about a list: the one that reads it, where
    moderators have a room there, else one that takes webhooks; nothing where nobody is reached.
    """
    reads = (
        named
        for named, each in settings.matrix.items()
        if each.policies.follow.get(name) == room and each.staff_room
    )
    return next(iter((*reads, *sorted(settings.connectors))), "")


def let_go(running: Engine, name: str, room: str, entries: Collection[str]) -> int:
    """Let entries go, by key, that are published no more; without a room it ends there."""
    running.control(followed.retract(name, room, sorted(entries)))
    return len(entries)
