"""The past as one event sees it: counts up to its place, and what is known of accounts.

This module must never look beyond the place it is given, apart from the names that accounts post
under, which are known as of the record (`windows.names`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from ombud.clock import DAY
from ombud.signals.observation import Joined, Recalled, Sought
from ombud.signals.repeats import Shingles
from ombud.windows import Timeline


class Known(msgspec.Struct, frozen=True, gc=False):
    """What the journal knows of an account (signals.observation.History)."""

    first: int
    last: int
    accepted: int


ESTABLISHED_FOR = 30 * DAY  # who has been known here for so long,
ESTABLISHED_POSTS = 20  # with so many accepted posts, is established


def established(known: Known | None, place: int, own: int = 0) -> bool:
    """Whether an account is established as of an event at a place; `own` accepted posts of those
    that are known do not count, such as the event's own.
    """
    return (
        known is not None
        and known.first <= place - ESTABLISHED_FOR
        and known.accepted - own >= ESTABLISHED_POSTS
    )


LoadHistory = Callable[[str, int], "Known | None"]


def no_history(timeline: str, account: int) -> Known | None:  # noqa: ARG001
    """A past in which nobody was there."""
    return None


class Remembering(Protocol):
    """Where the histories of accounts and the states of the community are (verdicts.Community)."""

    def history(self, timeline: str, account: int) -> Known | None:
        """What is known of an account before the event being judged."""

    def state(self, timeline: str, name: str, recv: int) -> bool | None:
        """Whether a state set by controls holds at an instant of receipt."""


class EventPast:
    """The past as of one event, received at `recv` (signals.observation.Past)."""

    __slots__ = ("_community", "_line", "_place", "_recv", "_seq", "_timeline")

    def __init__(
        self,
        community: Remembering,
        timeline: str,
        line: Timeline,
        place: int,
        recv: int,
        seq: int = 0,
    ) -> None:
        self._community = community
        self._timeline = timeline
        self._line = line
        self._place = place
        self._recv = recv
        self._seq = seq

    def count(self, window: int, keys: tuple[int, ...], width: int) -> int | None:
        """The largest count of any key, this event included."""
        return self._line.count(window, keys, self._place, width)

    def recall(self, window: int, keys: tuple[int, ...], width: int) -> Recalled:
        """The values of all keys, this event's included."""
        values, complete = self._line.recall(window, keys, self._place, width)
        return Recalled(frozenset(values), complete)

    def names(self, window: int, sought: Sought, width: int) -> Recalled:
        """The names that are sought, as of this record."""
        values, complete = self._line.names(window, sought, self._place, width)
        return Recalled(frozenset(values), complete)

    def join(self, text: Shingles) -> Joined | None:
        """The clusters that the text belongs to."""
        return None if self._line.clusters is None else self._line.join(text, self._seq)

    def history(self, account: int) -> Known:
        """The account's history; one never seen before was first seen now."""
        known = self._community.history(self._timeline, account)
        return known or Known(self._place, self._place, 0)

    def state(self, name: str) -> bool | None:
        """A community-wide state."""
        return self._community.state(self._timeline, name, self._recv)
