"""What a homeserver's users report, read as flags: Synapse tells it when it is asked, newest first.

Reports of messages are read where they are of a room that may be read (`matrix_scope`); reports of
people where these are members of such a room. Reports of whole rooms are told to nobody by Synapse.
This module must never look at what was reported: who flagged it, why, and by whom it is, is all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from ombud import events
from ombud.config import MatrixConnector
from ombud.connectors import matrix_scope
from ombud.connectors.matrix_client import ADMIN, Client, Said
from ombud.connectors.matrix_events import NAME_LENGTH_MAX, identifier, instant, server_of
from ombud.errors import BadEvent
from ombud.model import Event

PAGE = 100
REPORTS_MAX = 100_000  # that are looked through at once
WEEK = 7 * 86_400_000  # in milliseconds: what is older when it is first seen, is left
Json = Mapping[str, Any]


class Kind(NamedTuple):
    """One list of reports: its address, what it calls its items, and the beginning of their ids."""

    path: str
    key: str
    prefix: str


MESSAGES = Kind(f"{ADMIN}/v1/event_reports", "event_reports", "report/")
PEOPLE = Kind(f"{ADMIN}/v1/user_reports", "user_reports", "user-report/")
KINDS = (MESSAGES, PEOPLE)


class Found(NamedTuple):
    """New flags, oldest first, and the number of the newest report there is."""

    flags: list[Event]
    newest: int


def new(
    client: Client,
    settings: MatrixConnector,
    platform: str,
    kind: Kind,
    after: int,
    known: Callable[[Event], bool],
    now: int,
) -> Found | Said:
    """What was reported since the report number `after`; or what went wrong, and then nothing of
    it. `known`: whether an event is kept already: what is older than it was read before. `now` is
    in milliseconds.
    """
    flags: list[Event] = []
    newest = after
    rooms: dict[str, bool | Said] = {}
    for each in _newest_first(client, kind):
        if isinstance(each, Said):
            return each
        number, received = each.get("id"), each.get("received_ts")
        if not isinstance(number, int) or not isinstance(received, int):
            continue
        if number <= after or received < now - WEEK:
            break
        newest = max(newest, number)
        flag = _flag(client, settings, platform, kind, each, rooms, now)
        if isinstance(flag, Said):
            return flag
        if flag is None:
            continue
        if known(flag):
            break
        flags.append(flag)
    return Found(flags[::-1], newest)


def _newest_first(client: Client, kind: Kind) -> Iterator[Json | Said]:
    """All reports there are, each once, as far back as they are asked for: however many came since
    the last look. One that comes meanwhile moves the others on.
    """
    seen: set[int] = set()
    count, begun = 0, -1
    while begun < count <= REPORTS_MAX:
        begun = count
        query: dict[str, str | int] = {
            "dir": "b",
            "limit": PAGE,
            **({"from": count} if count else {}),
        }
        for each in client.pages(kind.path, query=query, key=kind.key, following="next_token"):
            if isinstance(each, Said):
                yield each
                return
            count += 1
            number = each.get("id")
            if isinstance(number, int) and number not in seen:
                seen.add(number)
                yield each


def _flag(
    client: Client,
    settings: MatrixConnector,
    platform: str,
    kind: Kind,
    told: Json,
    known: dict[str, bool | Said],
    now: int,
) -> Event | Said | None:
    """One report as an event; None for what is no business of Ombud's. `known`: of whom, and of
    which room, it is known already whether they are inside.
    """
    reporter = identifier(told.get("user_id"))
    about = _message(told) if kind is MESSAGES else _person(told)
    if reporter is None or about is None:
        return None
    if about.room is not None:
        inside = _is_readable(client, settings, about.room, known)
    else:
        if about.author not in known:
            known[about.author] = _is_member(client, settings, about.author, known)
        inside = known[about.author]
    if inside is not True:
        return inside or None
    reason = told.get("reason")
    data: dict[str, Any] = {
        "reporter": {"id": reporter},
        "reported": {"id": about.id, "author": {"id": about.author}},
    }
    if about.room is not None:
        data["room"] = {"id": about.room}
    if isinstance(reason, str) and reason:
        data["reason"] = reason.encode("utf-8", "replace").decode()[:NAME_LENGTH_MAX]
    event = {
        "id": f"{kind.prefix}{told['id']}",
        "source": f"{platform}/{about.room or settings.server}",
        "type": "flag.created",
        "time": instant(told.get("received_ts"), now),
        "data": data,
    }
    flag = events.attempt(msgspec.json.encode(event))
    return None if isinstance(flag, BadEvent) else flag  # that is no report of Synapse's


class _About(NamedTuple):
    """What was reported: what Ombud calls it, by whom it is, and in which room, if in one."""

    id: str
    author: str
    room: str | None


def _message(told: Json) -> _About | None:
    room, event, author = (identifier(told.get(key)) for key in ("room_id", "event_id", "sender"))
    if room is None or event is None or author is None:
        return None
    return _About(f"{room}/{event}", author, room)


def _person(told: Json) -> _About | None:
    who = identifier(told.get("target_user_id"))
    return None if who is None or not server_of(who) else _About(f"account/{who}", who, None)


def _is_member(
    client: Client, settings: MatrixConnector, who: str, known: dict[str, bool | Said]
) -> bool | Said:
    """Whether somebody is a member of a room that may be read; or what went wrong."""
    said = client.ask("GET", f"{ADMIN}/v1/users/{{}}/joined_rooms", who)
    if not said.status or said.status >= 500 or said.status in (401, 429):
        return said
    rooms = said.body.get("joined_rooms")
    for each in rooms if isinstance(rooms, list) else []:
        inside = _is_readable(client, settings, str(each), known)
        if inside is not False:
            return inside
    return False


def _is_readable(
    client: Client, settings: MatrixConnector, room: str, known: dict[str, bool | Said]
) -> bool | Said:
    if room not in settings.rooms:
        return False
    if room not in known:
        found = matrix_scope.look(client, settings, room)
        is_open = not isinstance(found, Said) and found is not None and found.readable
        known[room] = found if isinstance(found, Said) else is_open
    return known[room]
