"""A policy list of Matrix: whom and what somebody recommends to keep out, read from a room's state.

The homeserver is asked for state of these types alone, so nothing else of the room leaves it. What
was written is hostile as far as anybody knows: sizes are bounded, and what names nothing is left
out and counted. Whom an entry must not count against by itself is asked here too. This module must
never decide what an entry means.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from ombud.config import MatrixConnector as Settings
from ombud.connectors import matrix_power
from ombud.connectors.matrix_client import ADMIN, CLIENT, Client, Said
from ombud.connectors.matrix_events import TIME_MAX, server_of
from ombud.signals.lists.globs import fits, wild
from ombud.signals.lists.terms import key

USER = "m.policy.rule.user"
KEY = "rule:"  # how the key of an entry of one's own begins
KINDS = ("user", "server", "room")
PREFIXES = ("m.policy.rule.", "m.room.rule.", "org.matrix.mjolnir.rule.")  # the latest first
TYPES = {f"{prefix}{kind}": kind for prefix in PREFIXES for kind in KINDS}
RECOMMENDED = {
    "m.ban": "ban",
    "org.matrix.mjolnir.ban": "ban",
    "m.takedown": "takedown",
    "org.matrix.msc4204.takedown": "takedown",
}
RULES_MAX = 50_000
BYTES_MAX = 24 << 20  # of the answer that has all of them
ENTITY_LENGTH_MAX = 255
REASON_LENGTH_MAX = 500
MODERATORS = 50  # the power level from which on somebody moderates, by Matrix's custom
SIGILS = {"user": "@", "room": "!#", "server": ""}
_SERVER = re.compile(r"[A-Za-z0-9.:\[\]_*?-]+")
Json = Mapping[str, Any]


class Rule(NamedTuple):
    """One entry as it is published; `at` in milliseconds, as the writer's server says."""

    kind: str
    entity: str
    recommendation: str
    reason: str
    event: str
    writer: str
    at: int


class Found(NamedTuple):
    """All that a room's state says, the oldest first, and how many entries could not be read."""

    rules: list[Rule]
    unread: int


def latest(client: Client, room: str) -> str | Said:
    """The id of the last event that changed a list, empty where there was none; or what went wrong.
    As long as it stays, nothing need be read again.
    """
    types = msgspec.json.encode({"types": [*TYPES, "m.room.redaction"]}).decode()
    query: dict[str, str | int] = {"dir": "b", "limit": 1, "filter": types}
    said = client.ask("GET", f"{CLIENT}/rooms/{{}}/messages", room, query=query)
    if not said.good:
        return said
    found = said.body.get("chunk")
    first = found[0] if isinstance(found, list) and found else {}
    return _identifier(first.get("event_id")) if isinstance(first, dict) else ""


def read(client: Client, room: str) -> Found | Said:
    """All that stands on a list now; or what went wrong, and then nothing of it."""
    found: list[Rule] = []
    unread = 0
    for type_ in TYPES:
        events = _all_state(client, room, type_)
        if isinstance(events, Said):
            return events
        for each in events:
            content = _in(each, "content")
            if not content:
                continue  # taken back
            rule = parsed(each, content)
            unread += rule is None
            if rule is not None:
                found.append(rule)
    found.sort(key=lambda each: (each.at, each.event))
    return Found(found[:RULES_MAX], unread + max(0, len(found) - RULES_MAX))


def odd(client: Client, room: str, found: Found) -> str:
    """What the operator should know of a list that was read; empty where that is nothing."""
    if len(found.rules) == RULES_MAX:
        return f"only the first {RULES_MAX} entries are read: {found.unread} are left out"
    said = client.state(room, "m.room.tombstone")
    there = _identifier(said.body.get("replacement_room"))
    return f"its room was replaced by {there or 'another one'}" if said.good else ""


def parsed(event: Json, content: Json) -> Rule | None:
    """A piece of state as an entry; None where it is none that could count."""
    kind = TYPES[event["type"]]
    recommended = RECOMMENDED.get(_word(content.get("recommendation")))
    entity = _entity(kind, content.get("entity"))
    id_, writer = _identifier(event.get("event_id")), _identifier(event.get("sender"))
    at = event.get("origin_server_ts")
    if recommended is None or entity is None or not id_ or not writer or not isinstance(at, int):
        return None
    reason = content.get("reason")
    said = reason[: 4 * REASON_LENGTH_MAX] if isinstance(reason, str) else ""
    plain = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    at = min(max(at, 0), TIME_MAX)  # pages show it, and no calendar goes further
    return Rule(kind, entity, recommended, plain[:REASON_LENGTH_MAX], id_, writer, at)


def _entity(kind: str, entity: object) -> str | None:
    """Whom an entry names, as Ombud writes it; None where that can be nobody."""
    if not isinstance(entity, str) or not 0 < len(entity) <= ENTITY_LENGTH_MAX:
        return None
    if not entity.isprintable() or " " in entity or "\\" in entity:
        return None
    if key(entity) != entity.lower():  # it reads as something else, which it does not name
        return None
    sigils = SIGILS[kind]
    if not sigils:
        return entity if _SERVER.fullmatch(entity) else None
    if entity[0] in "*?":  # an id begins with its sign, whatever follows
        rest = entity[1:] if entity[0] == "?" else entity.lstrip("*")
        many = "" if entity[0] == "?" else "*"
        entity = rest if many and rest[:1] in tuple(sigils) else f"{sigils[0]}{many}{rest}"
    return entity if entity[0] in sigils and len(entity) > 1 else None


def told_by(client: Client, room: str, account: str) -> dict[str, str] | Said:
    """The accounts that stand in a room under somebody's name and key (`tell`), each with the
    reason; or what went wrong.
    """
    events = _all_state(client, room, USER)
    if isinstance(events, Said):
        return events
    found = {}
    for each in events:
        content = _in(each, "content")
        entity = _word(content.get("entity"))
        mine = each.get("sender") == account and each.get("state_key") == key_of(entity)
        if mine and entity:
            found[entity] = _word(content.get("reason"))
    return found


def _all_state(client: Client, room: str, type_: str) -> list[Json] | Said:
    """All that a room's state says by events of a type; or what went wrong."""
    path = f"{ADMIN}/v1/rooms/{{}}/state"
    said = client.ask("GET", path, room, query={"type": type_}, most=BYTES_MAX)
    found = _several(said.body.get("state"))
    mine: list[Json] = [
        each for each in found if isinstance(each, dict) and each.get("type") == type_
    ]
    return mine if said.good else said


def tell(client: Client, room: str, account: str, reason: str | None) -> Said:
    """Put an account on a list of one's own for a reason; without one, take it back."""
    content = {} if reason is None else {"entity": account, "recommendation": "m.ban"}
    content |= {} if reason is None else {"reason": reason}
    path = f"{CLIENT}/rooms/{{}}/state/{{}}/{{}}"
    return client.ask("PUT", path, room, USER, key_of(account), content=content)


def key_of(account: str) -> str:
    """Under which key an account stands on a list of one's own; no key is longer than an id."""
    named = KEY + account
    if len(named.encode("utf-8", "replace")) <= ENTITY_LENGTH_MAX:
        return named
    return KEY + hashlib.sha256(account.encode("utf-8", "replace")).hexdigest()


class Own(NamedTuple):
    """Whom nothing may count against before a person has said so."""

    users: frozenset[str]
    servers: frozenset[str]
    rooms: frozenset[str]

    def named(self, kind: str, entity: str) -> bool:
        """Whether an entry stands for any of them."""
        here = {"user": self.users, "server": self.servers, "room": self.rooms}[kind]
        known = key(entity)
        return any(fits(known, each) for each in here) if wild(known) else known in here


def own(client: Client, settings: Settings) -> Own | Said:
    """Ombud's account, whoever moderates a room, the homeserver, those where they have their
    accounts, and its rooms; or what went wrong.
    """
    users = {settings.account}
    rooms = [*settings.rooms, *filter(None, (settings.staff_room,))]
    for room in rooms:
        said = client.state(room, "m.room.power_levels")
        if not said.good:
            return said
        levels = _in(said.body, "users")
        users |= {each for each, level in levels.items() if _level(level) >= MODERATORS}
        said = client.state(room, "m.room.create", whole=True)
        if not said.good:
            return said
        users |= set(map(_word, matrix_power.creators(said.body)))
    if settings.staff_room:
        said = client.ask("GET", f"{CLIENT}/rooms/{{}}/joined_members", settings.staff_room)
        if not said.good:
            return said
        users |= set(_in(said.body, "joined"))
    servers = {settings.server, *filter(None, map(server_of, users))}
    return Own(_folded(users), _folded(servers), _folded(rooms))


def _folded(these: Iterable[str]) -> frozenset[str]:
    return frozenset(map(key, these))


def _in(told: Json, key: str) -> Json:
    found = told.get(key)
    return found if isinstance(found, dict) else {}


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _identifier(value: object) -> str:
    fits_ = isinstance(value, str) and len(value) <= ENTITY_LENGTH_MAX and value.isprintable()
    return value if fits_ and isinstance(value, str) else ""


def _level(value: object) -> int:
    return value if isinstance(value, int) else 0
