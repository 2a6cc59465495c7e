"""What rules decide about one event, and about the earlier members of its campaign: settled one by
one.

Each member is a subject of its own: its author, their language, their page. This module must never
write: `pipeline.settle` does.
"""

from __future__ import annotations

from typing import Protocol

from ombud import actions, statements
from ombud.actions import Door
from ombud.decisions import Decision
from ombud.earlier import OfStore
from ombud.enrichment import Enriched
from ombud.transaction import Transaction
from ombud.verdicts import apart
from ombud.verdicts.choices import Chosen
from ombud.verdicts.community import Community, Verdict


class Settler(Protocol):
    """The pipeline, as far as this goes."""

    community: Community
    earlier: OfStore

    def settle(
        self,
        tx: Transaction,
        record: Decision,
        author: int | None,
        until: int | None,
        door: Door,
        about: int | None = None,
    ) -> str:
        """Write a decision; the id of the page it is told on."""


def by_rule(
    flow: Settler, tx: Transaction, chosen: Chosen, verdict: Verdict, about: Enriched
) -> tuple[str, str]:
    """A decision by a rule, settled: its id, and the page it is told on."""
    seen, active, item = about.seen, flow.community.active, about.item
    record = statements.by_rule(active, chosen, seen, verdict.facts, tx.recv)
    author, until = seen.key(statements.concerned(seen)), statements.end(chosen, tx.recv)
    door = actions.Door(active.connector(seen.platform), item.timeline, item.check)
    return record.id, flow.settle(tx, record, author=author, until=until, door=door)


def about_members(
    flow: Settler, tx: Transaction, verdict: Verdict, about: Enriched
) -> tuple[int, ...]:
    """Each earlier member of the event's campaign gets a decision of its own, settled as for
    itself: its subject, its author, their language, their page. Their records.
    """
    active, timeline = flow.community.active, about.item.timeline
    for target in verdict.targets:
        until = statements.end(target.chosen, tx.recv)
        for seq in target.seqs:
            post = flow.earlier.seen(seq)
            assert post is not None  # it was looked at when it was judged  # noqa: S101
            record = statements.of_member(active, target.chosen, post, verdict, seq, tx.recv)
            waits, tx.apart[seq] = flow.earlier.unpublished(tx, seq), apart.apart(post)
            door = actions.Door(active.connector(post.platform), timeline, unpublished=waits)
            author = post.key("author")
            page = flow.settle(tx, record, author=author, until=until, door=door, about=seq)
            tx.amend(seq, target.chosen.action, record.id, page)
    flow.earlier.settled()
    return tuple(sorted({seq for target in verdict.targets for seq in target.seqs}))
