"""What can be said of an event alone, before the past is asked: digests, views, tokens.

Apart from judgement, so that it can be done ahead, for all events of a group, and one day by other
workers. This module must never ask the past.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import NamedTuple

from ombud import journal
from ombud.effects import Change
from ombud.journal import Control, Submission
from ombud.signals.observation import Observation, kind_of
from ombud.store.keyfile import KeyFile

Item = Submission | Control | Change


class Enriched(NamedTuple):
    """A submission with what can be said of it alone."""

    item: Submission
    seen: Observation
    content: bytes


def enrich(
    group: Iterable[Item], keys: KeyFile, comparing: Container[str] = ()
) -> list[Enriched | Control | Change]:
    """Digests and views of all events of a group, one kind of work after the other: the
    processor's caches thank it. `comparing`: the kinds of events whose texts are held against
    earlier ones, as rules stand now; where they have changed until an event is judged, what is
    missing is worked out then.
    """
    enriched = [
        Enriched(
            item,
            Observation(item.event, kind_of(item.event) or "", keys),
            journal.content(keys.community, item.canonical),
        )
        if isinstance(item, Submission)
        else item
        for item in group
    ]
    seen = [each.seen for each in enriched if isinstance(each, Enriched)]
    for each in seen:
        each.enrich()
    for each in seen:
        if each.kind in comparing:
            each.compare()
    return enriched
