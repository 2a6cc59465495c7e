"""What stands in a room of Matrix and was never told: looked for backwards from the newest event,
a page at a time.

A homeserver that ends while it tells its application service may leave events out for ever. They
stand in the room all the same. Of a look nothing is kept but where the pages begin; one on which
something was not told is asked for again, and then read. This module must never take what was said
before the room was named, while two people shared it or Ombud's account was out, or before anything
of it was told: that is no loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

from ombud.config import MatrixConnector
from ombud.connectors import matrix_scope
from ombud.connectors.matrix_client import CLIENT, Client, Said
from ombud.connectors.matrix_events import server_of
from ombud.connectors.matrix_scope import JOIN_RULES, MANY, MEMBER

PAGE = 100  # events that are asked for at once
SMALLER = 4  # how many times fewer where so many are too long to be held
REQUESTS_MAX = 40  # of one look
EVENTS_MAX = 2000  # that one look goes back
WEEK = 7 * 86_400_000  # in milliseconds: what is older is left
JOIN = "join"

Json = Mapping[str, Any]


class Known(Enum):
    """What is known of an event: that it is no business of Ombud's; that it was told; that it was
    asked about before it came about, and not told since; nothing.
    """

    OTHER = "other"
    TOLD = "told"
    ASKED = "asked"
    UNKNOWN = "unknown"

    @property
    def missing(self) -> bool:
        """Whether it is to be read."""
        return self in (Known.ASKED, Known.UNKNOWN)

    @property
    def heard_of(self) -> bool:
        """Whether Ombud was told or asked: what came after it, it should have been told."""
        return self in (Known.TOLD, Known.ASKED)


class Then(NamedTuple):
    """What a room was like after one of its events. `people`: how many shared it at least."""

    public: bool
    people: int

    @property
    def readable(self) -> bool:
        """Whether that event may be read."""
        return self.public or self.people >= MANY

    def before(self, event: Json, settings: MatrixConnector) -> Then:
        """What it was like before it."""
        content, prior, key = _content(event), _prior(event), event.get("state_key")
        if event.get("type") == JOIN_RULES and key == "":
            return Then(prior.get("join_rule") == "public", self.people)
        if event.get("type") != MEMBER or key in (None, settings.account, *settings.bots):
            return self
        came = (content.get("membership") == JOIN) - (prior.get("membership") == JOIN)
        return Then(self.public, self.people - came)


class Page(NamedTuple):
    """A page of a room: how it is asked for, and what the room was like after its newest event."""

    token: str
    limit: int
    then: Then
    missing: bool = False


class Bounds(NamedTuple):
    """How far a look goes back: to what was said before `since` (in milliseconds), or to the page
    with the event up to which all was read.
    """

    since: int
    mark: str = ""


class Looked(NamedTuple):
    """What a look found: the pages back to the first one that anything was told of, that one first;
    the room's newest event; and whether it ended before it came so far.
    """

    pages: tuple[Page, ...]
    newest: str
    short: bool = False


Knows = Callable[[Json], Known]


def look(
    client: Client,
    settings: MatrixConnector,
    room: str,
    now: matrix_scope.Room,
    bounds: Bounds,
    knows: Knows,
) -> Looked | Said:
    """Go back through a room, which is `now` so; or what went wrong."""
    pages: list[Page] = []
    then, newest, seen, kept = Then(now.public, now.people), "", 0, 0
    token, limit = "", PAGE
    for _ in range(REQUESTS_MAX):
        said = _ask(client, room, token, limit)
        if _is_too_much(said) and limit > 1:
            limit //= SMALLER
            continue
        if _is_too_much(said):  # one event that cannot be held, which nothing leads past
            return Looked(tuple(pages[:kept][::-1]), newest, short=True)
        if not said.good:
            return said
        events = _events(said)
        newest = newest or next(map(_id, events), "")
        page = Page(str(said.body.get("start", token)), limit, then)
        reached, over = False, _are_past(events, settings, bounds)
        for event in events:
            reached = reached or _is_mark(event, bounds)
            is_open = _is_open(event, settings, bounds, then)
            known = knows(event) if is_open else Known.OTHER
            page = page._replace(missing=page.missing or known.missing)
            if known.heard_of or reached:
                kept = len(pages) + 1
            if _is_arrival(event, settings):
                over = True
                break
            then = then.before(event, settings)
        pages.append(page)
        seen += len(events)
        following = said.body.get("end")
        if over or reached or not isinstance(following, str) or following == token:
            return Looked(tuple(pages[:kept][::-1]), newest)
        if seen >= EVENTS_MAX:
            break
        token, limit = following, min(limit * SMALLER, PAGE)
    return Looked(tuple(pages[:kept][::-1]), newest, short=True)


def missing(
    client: Client,
    settings: MatrixConnector,
    room: str,
    page: Page,
    bounds: Bounds,
    knows: Knows,
    *,
    first: bool,
) -> list[Json] | Said:
    """What of a page was not told, oldest first. Of the `first` one, what is older than everything
    that was told is no loss.
    """
    said = _ask(client, room, page.token, page.limit)
    if not said.good:
        return said
    found: list[Json] = []
    for event, is_open in reversed(list(_opened(said, settings, page.then, bounds))):
        known = knows(event) if is_open else Known.OTHER
        first = first and not known.heard_of and not _is_mark(event, bounds)
        if known.missing and not first:
            found.append(event)
    return found


def _opened(
    said: Said, settings: MatrixConnector, then: Then, bounds: Bounds
) -> Iterator[tuple[Json, bool]]:
    """The events of a page, newest first, and whether each may be read."""
    for event in _events(said):
        yield event, _is_open(event, settings, bounds, then)
        if _is_arrival(event, settings):
            return
        then = then.before(event, settings)


def _ask(client: Client, room: str, token: str, limit: int) -> Said:
    query: dict[str, str | int] = {"dir": "b", "limit": limit}
    if token:
        query["from"] = token
    return client.ask("GET", f"{CLIENT}/rooms/{{}}/messages", room, query=query)


def _is_too_much(said: Said) -> bool:
    """Whether an answer came and could not be held, or not be read."""
    if said.good:
        return not isinstance(said.body.get("chunk"), list)
    return said.never and not said.status


def _events(said: Said) -> list[Json]:
    return [each for each in said.body["chunk"] if isinstance(each, dict)]


def _are_past(events: list[Json], settings: MatrixConnector, bounds: Bounds) -> bool:
    """Whether all that is older than these was said before: only the homeserver's own people are
    believed when they said something, and no single one of them, since a bridge dates as it likes.
    """
    own = [each for each in events if server_of(str(each.get("sender"))) == settings.server]
    return bool(own) and all(_is_before(each, bounds) for each in own)


def _is_arrival(event: Json, settings: MatrixConnector) -> bool:
    """Whether the account that acts comes in: what was said while it was out is not looked for."""
    if event.get("type") != MEMBER or event.get("state_key") != settings.account:
        return False
    was_in = _prior(event).get("membership") == JOIN
    return _content(event).get("membership") == JOIN and not was_in


def _is_open(event: Json, settings: MatrixConnector, bounds: Bounds, then: Then) -> bool:
    """Whether an event may be read. What others date before is left: it may be so."""
    if event.get("sender") == settings.account or _is_mark(event, bounds):
        return False
    return then.readable and not _is_before(event, bounds)


def _is_mark(event: Json, bounds: Bounds) -> bool:
    return bool(bounds.mark) and _id(event) == bounds.mark


def _is_before(event: Json, bounds: Bounds) -> bool:
    said = event.get("origin_server_ts")
    return isinstance(said, int) and said < bounds.since


def _id(event: Json) -> str:
    return str(event.get("event_id", ""))


def _content(event: Json) -> Json:
    return _record(event.get("content"))


def _prior(event: Json) -> Json:
    """What stood in its place before, by our own homeserver: it drops `unsigned` of others, and
    hands on a `prev_content` beside it as somebody elsewhere wrote it.
    """
    return _record(_record(event.get("unsigned")).get("prev_content"))


def _record(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}
