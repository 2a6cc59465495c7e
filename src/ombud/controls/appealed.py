"""An appeal as the store has it, and who stands behind the decision that is appealed.

This module must never write.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ombud import decisions
from ombud.activation.active import Active
from ombud.controls import standing as stood
from ombud.errors import BadUse, catalogue
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

catalogue(
    U240=("There is no appeal {appeal}.", "`ombud appeals list` shows them."),
    U241=("The appeal {appeal} is answered already.", "How an appeal ended stands."),
)

OPEN = "open"
UNSAID = ""  # the language of words whose writer did not say which it is


def sealable(said: Mapping[str, str]) -> bytes:
    """A message by language as it is sealed."""
    return msgspec.json.encode(dict(said), order="sorted")


def said(plain: bytes | None) -> dict[str, str]:
    """An opened message by language; empty once it was erased."""
    return {} if plain is None else msgspec.json.decode(plain, type=dict[str, str])


def find_open(store: Store, appeal: str) -> Row:
    """An appeal that is open. Raises BadUse U240 or U241."""
    row = store.one("appeal", (appeal.encode("utf-8", "replace").decode(),))
    if row is None:
        raise BadUse("U240", "appeal", appeal=appeal[:60])
    if row[3] != OPEN:
        raise BadUse("U241", "appeal", appeal=row[0])
    return row


def behind(store: Store, keys: KeyFile, active: Active, row: Row) -> tuple[int, ...]:
    """Who stands behind a decision: the people who judged so, or who wrote the rule that acted by
    itself. Tokens.
    """
    if row[8] != "rule":
        found = store.one("review", (row[1],))
        if found is not None:
            return tuple(each for each in (found[3], found[5]) if each is not None)
        outcome = store.one("outcome_of_record", (row[1],))
        return () if outcome is None else (outcome[0],)
    plain = keys.open_decision(row[0], row[14])
    if plain is None:
        return ()
    authors = []
    for rule in decisions.opened(plain).rules:
        known = active.standing.get(rule.name)
        if known is None or known.version != rule.version:
            version = (rule.name, rule.version)
            known = stood.left(store, (version,)).get(version)
        if known is not None:
            authors.append(known.author)
    return tuple(dict.fromkeys(authors))
