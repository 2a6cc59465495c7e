"""A transaction that is longer than other requests may be, taken apart while it comes in.

A homeserver puts up to a hundred events into one, and beside an invitation all that its room shows:
whoever makes a few rooms with long names and invites Ombud's account into them makes it longer than
anything may be that is held as a whole. Refused, it would come again for ever, and nothing after
it. So the events are kept one by one, without what stands beside an invitation; one that is longer
than an event can be is left out. This module must never hold more than it says, and never look at
what somebody wrote.
"""

from __future__ import annotations

import re

import msgspec

EVENT_MAX = 512 << 10  # of one event, with what it was before: each is at most 64 KiB
PIECE_MAX = 8 << 20  # of one event with what stands beside it, before that is left out
TRANSACTION_MAX = 1 << 30  # of what comes in
EVENTS = b'"events"'
BESIDE = ("invite_room_state", "knock_room_state")
LIST, EVENT = 2, 3  # how deep one is inside of the list of events, and of an event of it
_SIGN = re.compile(rb'"(?:[^"\\]|\\.)*+"|["{}\[\]]', re.DOTALL)
_RUN = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]|\\.)*+")*+', re.DOTALL)
_REST = re.compile(rb'(?:[^"\\]|\\.)*+("|\\?\Z)', re.DOTALL)


class Apart:
    """The events of one transaction. `held`: how many bytes of them are kept."""

    def __init__(self) -> None:
        self.left = 0  # events that were left out
        self.held = 0
        self._found: list[bytes] = []
        self._event = bytearray()
        self._name = b""  # the last string of the outermost object: a key, before a value
        self._depth = 0
        self._none, self._of_events = True, False
        self._cut = b""  # a string that has begun, as far as it matters
        self._escaped = False

    def feed(self, piece: bytes) -> None:
        """What comes next."""
        at = self._string(piece) if self._cut else 0
        while at < len(piece):
            if self._depth >= EVENT:  # strings in it are of no interest
                run = _RUN.match(piece, at)
                end = at if run is None else run.end()
                self._keep(piece[at:end])
                at = end
            sign = _SIGN.search(piece, at)
            if sign is None:
                self._keep(piece[at:])
                return
            if sign[0] == b'"':
                self._keep(piece[at : sign.start()])
                at = self._string(piece, sign.end(), b'"')
                continue
            self._sign(sign[0], piece[at : sign.end()])
            at = sign.end()

    def content(self) -> bytes:
        """The transaction with the events that were kept; nothing where it was none."""
        return b"" if self._none else b'{"events":[%s]}' % b",".join(self._found)

    def _string(self, piece: bytes, at: int = 0, opens: bytes = b"") -> int:
        """A string that was cut off or will be, to behind its end."""
        begin = at
        self._cut = self._cut or opens
        at += self._escaped and at < len(piece)
        rest = _REST.match(piece, at)
        end = len(piece) if rest is None else rest.end()
        told = b"" if rest is None else rest[1]
        self._escaped = told == b"\\"
        self._keep(opens + piece[begin:end])
        self._cut = (self._cut + piece[begin:end])[: len(EVENTS) + 1]
        if told == b'"':
            self._name = self._cut if self._depth == 1 else self._name
            self._cut = b""
        return end

    def _sign(self, sign: bytes, whole: bytes) -> None:
        """A string, or where something opens or closes, with what stands before it."""
        if sign in (b"{", b"["):
            if (self._depth, sign, self._name) == (1, b"[", EVENTS):
                self._none, self._of_events = False, True
            self._depth += 1
            self._keep(b"{" if self._depth == EVENT and sign == b"{" else whole)
        elif sign[:1] == b'"':
            self._name = sign if self._depth == 1 else self._name
            self._keep(whole)
        else:
            self._keep(whole)
            self._depth -= 1
            self._closed()

    def _keep(self, part: bytes) -> None:
        if self._of_events and self._depth >= EVENT and len(self._event) <= PIECE_MAX:
            self._event += part
            self.held += len(part)

    def _closed(self) -> None:
        """An event ends, or the list of them does."""
        if self._depth == LIST and self._event:
            whole = self._event if len(self._event) <= PIECE_MAX else b""
            event = _without(bytes(whole)) if len(whole) > EVENT_MAX else bytes(whole)
            good = 0 < len(event) <= EVENT_MAX
            self.held += (len(event) if good else 0) - len(self._event)
            self._event = bytearray()
            self.left += not good
            if good:
                self._found.append(event)
        elif self._depth == 1:
            self._of_events = False


def _without(event: bytes) -> bytes:
    """An event without what stands beside an invitation; nothing where it cannot be read."""
    try:
        found = msgspec.json.decode(event, type=dict)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return b""
    beside = found.get("unsigned")
    if isinstance(beside, dict):
        for each in BESIDE:
            beside.pop(each, None)
    return msgspec.json.encode(found)
