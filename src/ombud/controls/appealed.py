"""An appeal as the store has it, and who stands behind the decision that is appealed.

This module must never write.
"""

from __future__ import annotations

from ombud import decisions
from ombud.controls import standing as stood
from ombud.effects import Hands
from ombud.errors import BadUse, catalogue
from ombud.store.sqlite import Row, Store

catalogue(
    U240=("There is no appeal {appeal}.", "`ombud appeals list` shows them."),
    U241=("The appeal {appeal} is answered already.", "How an appeal ended stands."),
)

OPEN = "open"


def find_open(store: Store, appeal: str) -> Row:
    """An appeal that is open. Raises BadUse U240 or U241."""
    row = store.one("appeal", (appeal.encode("utf-8", "replace").decode(),))
    if row is None:
        raise BadUse("U240", "appeal", appeal=appeal[:60])
    if row[3] != OPEN:
        raise BadUse("U241", "appeal", appeal=row[0])
    return row


def behind(hands: Hands, row: Row) -> tuple[int, ...]:
    """Who stands behind a decision: the people who judged so, or who wrote the rule that acted by
    itself. Tokens.
    """
    if row[8] != "rule":
        found = hands.store.one("review", (row[1],))
        if found is not None:
            return tuple(each for each in (found[3], found[5]) if each is not None)
        outcome = hands.store.one("outcome_of_record", (row[1],))
        return () if outcome is None else (outcome[0],)
    plain = hands.keys.open_decision(row[0], row[14])
    if plain is None:
        return ()
    authors = []
    for rule in decisions.opened(plain).rules:
        known = hands.community.active.standing.get(rule.name)
        if known is None or known.version != rule.version:
            version = (rule.name, rule.version)
            known = stood.left(hands.store, (version,)).get(version)
        if known is not None:
            authors.append(known.author)
    return tuple(dict.fromkeys(authors))
