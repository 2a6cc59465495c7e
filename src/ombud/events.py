"""What happened: accept, validate, normalise.

Bytes in, `model.Event` out, or a `BadEvent` with the path of what is wrong. Undeclared fields are
dropped here and are never kept. A bad event never touches its neighbours. This module must never
read a clock, a file or a socket: streams are given to it as chunks of bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from ombud.clock import EPOCH
from ombud.errors import BadEvent
from ombud.model import EVENT_BYTES_MAX, KIND_OF_TYPE, Account, Event, Reported

_decoder = msgspec.json.Decoder(Event)
_encoder = msgspec.json.Encoder()
_BLANK = re.compile(rb"\n+")
_PLACE = re.compile(r" - at `(\$[^`]{0,200})`$")
_TOO_LONG = re.compile(r"^Expected `(?:str|array)` of length <= (\d+)")

_LATEST = datetime.max.replace(tzinfo=UTC)

BATCH_MAX = 1000  # events in one JSON array


def decode(line: bytes) -> Event:
    """One event from one JSON object. Raises BadEvent with code, path and hint."""
    if len(line) > EVENT_BYTES_MAX:
        raise BadEvent("E003", "$", size=len(line), limit=EVENT_BYTES_MAX)
    try:
        event = _decoder.decode(line)
    except msgspec.ValidationError as error:
        raise _mistyped(str(error)) from None
    except UnicodeDecodeError:
        raise BadEvent("E010", "$") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadEvent("E001", "$", detail=_plain(error)) from None
    return event if _check(event) else _in_utc(event)


def encode(event: Event) -> bytes:
    """The event in its one canonical form: declared fields only, in declared order."""
    return _encoder.encode(event)


def decode_batch(content: bytes) -> list[Event | BadEvent]:
    """A JSON array of events, each accepted or refused alone. Raises BadEvent if it is no array."""
    if len(content) > EVENT_BYTES_MAX * 16:
        raise BadEvent("E003", "$", size=len(content), limit=EVENT_BYTES_MAX * 16)
    try:
        parts = msgspec.json.decode(content, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadEvent("E001", "$", detail=_plain(error)) from None
    if len(parts) > BATCH_MAX:
        raise BadEvent("E005", "$", what="The batch", limit=BATCH_MAX)
    return [attempt(bytes(part), f"$[{index}]") for index, part in enumerate(parts)]


def attempt(line: bytes, prefix: str = "") -> Event | BadEvent:
    """The event, or the error as a value; `prefix` says where in a batch it stands."""
    try:
        return decode(line)
    except BadEvent as error:
        if prefix:
            error.where = prefix + error.where.removeprefix("$")
        return error


def _check(event: Event) -> bool:
    """What the types cannot say: known type, identifiers one can print, times from 1970 to 9999.

    Returns whether every time is given in UTC, as it is in the canonical form.
    """
    if event.type not in KIND_OF_TYPE:
        raise BadEvent("E007", "$.type", type=_short(event.type), types=", ".join(KIND_OF_TYPE))
    if _is_plain_post(event):
        return True
    for where, value in _identifiers(event):
        if value and not value.isprintable():
            raise BadEvent("E006", where, what="The identifier")
    in_utc = True
    for where, moment in _times(event):
        if moment is not None:
            if not EPOCH <= moment <= _LATEST:
                raise BadEvent("E009", where, value=moment.isoformat())
            in_utc = in_utc and moment.tzinfo is UTC
    return in_utc


def _is_plain_post(event: Event) -> bool:
    """Whether nothing of an event needs a closer look: the quick answer for most posts."""
    data, time = event.data, event.time
    if data.in_reply_to or data.mentions or data.media or data.server or data.before:
        return False
    if data.reporter or data.reported or data.check_id:
        return False
    author, said = data.author, event.id + event.source + (event.subject or "")
    if author is not None:
        if author.roles or not (author.created is None or _is_plain_time(author.created)):
            return False
        said += author.id
    if data.room is not None:
        said += data.room.id
    return said.isprintable() and _is_plain_time(time)


def _is_plain_time(moment: datetime) -> bool:
    return moment.tzinfo is UTC and EPOCH <= moment <= _LATEST


def _identifiers(event: Event) -> Iterator[tuple[str, str | None]]:
    """Every identifier of an event, with its path."""
    data = event.data
    yield "$.id", event.id
    yield "$.source", event.source
    yield "$.subject", event.subject
    yield "$.data.check_id", data.check_id
    if data.room is not None:
        yield "$.data.room.id", data.room.id
    if data.server is not None:
        yield "$.data.server.id", data.server.id
    if data.in_reply_to is not None:
        yield "$.data.in_reply_to.id", data.in_reply_to.id
    if isinstance(data.reported, Reported):
        yield "$.data.reported.id", data.reported.id
    else:
        yield "$.data.reported", data.reported
    for index, media in enumerate(data.media or ()):
        yield f"$.data.media[{index}].id", media.id
    for where, account in _accounts(event):
        yield f"{where}.id", account.id
        for index, role in enumerate(account.roles):
            yield f"{where}.roles[{index}]", role


def _times(event: Event) -> Iterator[tuple[str, datetime | None]]:
    """Every time of an event, with its path."""
    data = event.data
    yield "$.time", event.time
    if data.server is not None:
        yield "$.data.server.created", data.server.created
    if data.before is not None:
        yield "$.data.before.time", data.before.time
    for where, account in _accounts(event):
        yield f"{where}.created", account.created


def _accounts(event: Event) -> Iterator[tuple[str, Account]]:
    """The accounts an event names, with their paths."""
    data = event.data
    if data.author is not None:
        yield "$.data.author", data.author
    if data.in_reply_to is not None and data.in_reply_to.author is not None:
        yield "$.data.in_reply_to.author", data.in_reply_to.author
    for index, account in enumerate(data.mentions or ()):
        yield f"$.data.mentions[{index}]", account
    if data.reporter is not None:
        yield "$.data.reporter", data.reporter
    if isinstance(data.reported, Reported) and data.reported.author is not None:
        yield "$.data.reported.author", data.reported.author


def _in_utc(value: Any) -> Any:
    """The same event with every time in UTC: one instant has one canonical form."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, msgspec.Struct):
        fields = {name: _in_utc(getattr(value, name)) for name in value.__struct_fields__}
        return type(value)(**fields)
    return tuple(map(_in_utc, value)) if isinstance(value, tuple) else value


def _mistyped(message: str) -> BadEvent:
    """Our error for msgspec's, whose message ends with the path."""
    found = _PLACE.search(message)
    where = found.group(1) if found else "$"
    detail = message[: found.start()] if found else message
    limit = _TOO_LONG.match(detail)
    if limit is not None:
        field = where.rsplit(".", 1)[-1]
        code = "E005" if "array" in detail else "E004"
        return BadEvent(code, where, what=f"The field {field}", limit=limit.group(1))
    return BadEvent("E002", where, detail=_short(detail))


def _plain(error: Exception) -> str:
    """The decoder's reason as one short line."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return _short(str(error) or type(error).__name__).rstrip(".")


def _short(text: str) -> str:
    """At most 200 printable characters: the text may come from an attacker."""
    return "".join(char if char.isprintable() else "?" for char in text[:200])


# --- streams of lines -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a stream, numbered from 1; `content` None where it was too long to keep."""

    number: int
    content: bytes | None
    size: int

    def decoded(self) -> Event:
        """The event of this line. Raises BadEvent."""
        if self.content is None:
            raise BadEvent("E003", "$", size=self.size, limit=EVENT_BYTES_MAX)
        return decode(self.content)


def lines(chunks: Iterable[bytes]) -> Iterator[Line]:
    """The non-empty lines of a stream, in memory bounded by EVENT_BYTES_MAX whatever it holds."""
    for group in groups(chunks):
        yield from group


def groups(chunks: Iterable[bytes]) -> Iterator[list[Line]]:
    """The same, as the lines that each chunk completes: what has come need not wait for more."""
    number, kept, size = 1, bytearray(), 0
    for chunk in chunks:
        start, found = 0, list[Line]()
        while True:
            if not size and (blank := _BLANK.match(chunk, start)):
                number, start = number + blank.end() - start, blank.end()
            end = chunk.find(b"\n", start)
            stop = len(chunk) if end < 0 else end
            size += stop - start
            if size <= EVENT_BYTES_MAX:
                kept += chunk[start:stop]
            else:
                kept.clear()
            if end < 0:
                break
            found.extend(_line(number, kept, size))
            number, size, start = number + 1, 0, end + 1
            kept = bytearray()
        yield found
    yield list(_line(number, kept, size))


def _line(number: int, kept: bytearray, size: int) -> Iterator[Line]:
    if size > EVENT_BYTES_MAX:
        yield Line(number, None, size)
    elif kept.strip():
        yield Line(number, bytes(kept), size)
