"""Who is told, in which language: one notice row for each decision, undo and end.

A notice is written in the same transaction as what it tells of, and released with its action.
Nothing here may let an action out without its notice: `pipeline.settle` writes both or none.
"""

from __future__ import annotations

from dataclasses import dataclass

from ombud import i18n, ids

RECORDED = "recorded"  # no connector is configured: told on the statement page only, pushed nowhere
UNDELIVERABLE = "undeliverable"  # the event named nobody who could be told


@dataclass(frozen=True, slots=True)
class Notice:
    """That somebody is told of a decision. `reason` is "decided", "undone" or "ended"."""

    id: str
    decision: str
    author: int | None
    lang: str
    reason: str
    state: str


def compose(
    decision: str, author: int | None, lang: str | None, reason: str, preferred: tuple[str, ...]
) -> Notice:
    """The notice of a decision to the account `author` (token), or to nobody that is known."""
    return Notice(
        id=ids.new_id("ntc"),
        decision=decision,
        author=author,
        lang=i18n.spoken(lang, preferred),
        reason=reason,
        state=RECORDED if author else UNDELIVERABLE,
    )
