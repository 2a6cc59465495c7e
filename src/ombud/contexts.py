"""Which context a case proposes: worked out from its record whenever somebody looks at it.

A case keeps no text. What a rule proposed is a function of the post and of the claims that were
part of the configuration by which the post was judged; both are there as long as the case waits,
and both are what they were. So nothing of the post is kept a second time, and what is erased is
erased here too. A person confirms: this module must never write, and nothing may call it to act.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ombud import clock, i18n, journal
from ombud.activation.active import Active
from ombud.controls.config import compiled
from ombud.gate import Answer
from ombud.signals.factchecks.claim import Claim
from ombud.signals.factchecks.matching import Match
from ombud.signals.observation import Observation
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

CONFIGURATIONS_KEPT = 4


def label(claim: Claim, text: str, lang: str) -> str:
    """What would stand beside the post: the rule's words, and the source in the publisher's."""
    said = i18n.say(
        "context.source" if claim.date else "context.source undated",
        lang,
        publisher=claim.publisher,
        claim=claim.claim,
        rating=claim.rating,
        date=claim.date,
        url=claim.url,
    )
    return f"{text} {said}".strip()


def matches(active: Active, rule: int, seen: Observation) -> tuple[Match, ...]:
    """The claims that a rule that fired proposes to show, the strongest first; none where it reads
    of none, and none where the post itself says that they are false.
    """
    if rule not in active.asking:
        return ()
    seen.claims = active.claims
    found = seen.claimed
    return () if found is None or found.debunks else found.matches


def waiting(store: Store, keys: KeyFile, limit: int) -> Iterator[dict[str, Any]]:
    """Every open case that proposes context, the newest first, with all that a person needs."""
    known: dict[int, Active] = {}
    for row in store.all("cases_for_people", {"reason": Answer.NEVER.value, "limit": limit}):
        (found,) = store.all("records", {"after": row[1] - 1, "until": row[1]})
        record = journal.Record(*found)
        if record.config not in known:
            if len(known) >= CONFIGURATIONS_KEPT:
                known.clear()
            payload = next(
                each[2] for each in store.all("controls", ("!config",)) if each[0] == record.config
            )
            known[record.config] = compiled(store, journal.read_json(payload))
        told = _told(known[record.config], row, journal.reread(keys, record))
        if told is not None:
            yield told


def _told(active: Active, row: Row, seen: Observation | None) -> dict[str, Any] | None:
    """A case with what it proposes; None where its rule proposes no context."""
    rule = active.names.index(row[4])
    texts = [each.text or "" for each in active.proposals[rule] if each.action == "context"]
    if not texts:
        return None
    found: Sequence[Match] = () if seen is None else matches(active, rule, seen)
    return {
        "case": row[0],
        "record": row[1],
        "opened": clock.rfc3339(row[2]),
        "clause": row[3],
        "rule": row[4],
        "queue": row[5],
        "urgent": bool(row[6]),
        "cluster": row[7],
        "cluster_cases": row[8],
        "subject": None if seen is None else seen.event.subject,
        "platform": None if seen is None else seen.platform,
        "text": texts[0],
        "gone": seen is None,
        "proposed": [
            {
                "claim": each.claim,
                "likeness": each.likeness,
                "sure": each.sure,
                "label": {lang: label(each.claim, texts[0], lang) for lang in i18n.SPOKEN},
            }
            for each in found
        ],
    }
