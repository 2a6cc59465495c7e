"""The journal read back in order, a range of seq at a time, so that no read holds the log for long.

This module must never judge, and never write.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import msgspec

from ombud import journal
from ombud.journal import Record
from ombud.store.sqlite import Store

STEP = 2000  # rows read in one short transaction
UNREADABLE = (msgspec.MsgspecError, ArithmeticError, LookupError, TypeError, ValueError)


def last(store: Store) -> int:
    """The seq of the last record there is, or should be."""
    head, newest = store.one("head"), store.one("last_record")
    return max(head[2] if head else 0, (newest and newest[0]) or 0)


def in_order(store: Store, until: int, after: int = 0) -> Iterator[Record]:
    """The records after one seq and up to another, with their bodies."""
    while after < until:
        rows = store.all("records", {"after": after, "until": min(until, after + STEP)})
        for row in rows:
            yield Record(*row)
        after += STEP


def erased(store: Store) -> dict[int, int]:
    """Which records were erased, and by which control."""
    found: dict[int, int] = {}
    for seq, _, payload in store.all("controls", ("!erasure",)):
        with suppress(*UNREADABLE):
            for each in journal.read_json(payload)["seqs"]:
                found.setdefault(each, seq)
    return found
