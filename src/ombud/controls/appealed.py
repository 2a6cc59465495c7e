"""An appeal as the store has it, and who stands behind the decision that is appealed.

This module must never write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ombud import decisions, ids, redacted
from ombud.activation.active import Active
from ombud.controls import standing as stood
from ombud.controls import standing_order
from ombud.errors import BadUse, catalogue
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

catalogue(
    U240=("There is no appeal {appeal}.", "`ombud appeals list` shows them."),
    U241=("The appeal {appeal} is answered already.", "How an appeal ended stands."),
)

OPEN = "open"
UNSAID = "und"  # the language of words whose writer did not say which it is (BCP 47)


def sealable(said: Mapping[str, str]) -> bytes:
    """A message by language as it is sealed."""
    return msgspec.json.encode(dict(said), order="sorted")


def said(plain: bytes | None) -> dict[str, str]:
    """An opened message by language; empty once it was erased."""
    return {} if plain is None else msgspec.json.decode(plain, type=dict[str, str])


def find_open(store: Store, appeal: str) -> Row:
    """An appeal that is open. Raises BadUse U240 or U241."""
    row = store.one("appeal", (ids.encodable(appeal),))
    if row is None:
        raise BadUse("U240", "appeal", appeal=appeal[:60])
    if row[3] != OPEN:
        raise BadUse("U241", "appeal", appeal=row[0])
    return row


def behind(store: Store, keys: KeyFile, active: Active, row: Row) -> tuple[int, ...]:
    """Who stands behind a decision: the people who judged so, or who wrote the rule that acted by
    itself and ordered it to, and whoever upheld in a case or an earlier appeal that its record
    breaks its clause: what they confirmed, made something harder of or let stand is theirs too.
    Tokens.
    """
    about = (row[16], row[6])
    judged = [each for pair in store.all("upheld_by", about) for each in pair]
    let_stand = [each for (each,) in store.all("let_stand_by", about)]
    ordered = standing_order.behind(store, row[10], row[9])
    found = (*deciders(store, keys, active, row), *ordered, *judged, *let_stand)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def barred(store: Store, keys: KeyFile, active: Active, row: Row) -> tuple[int, ...]:
    """Who does not let a decision stand when it is appealed: whoever stands behind it, and whoever
    blacked out words in what it is about. Tokens.
    """
    hid = [person for _, _, person in store.all("blackouts_of_record", (row[16],))]
    return tuple(dict.fromkeys((*behind(store, keys, active, row), *hid)))


def deciders(store: Store, keys: KeyFile, active: Active, row: Row) -> tuple[int | None, ...]:
    """Who made a decision, or wrote the rule that did; tokens."""
    if row[8] != "rule":
        found = store.one("review", (row[1],))
        if found is not None:
            return found[3], found[5]
        outcome = store.one("outcome_of_record", (row[1],))
        return () if outcome is None else (outcome[0],)
    plain = redacted.opened(store, keys, row[0], row[14])
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
    return tuple(authors)


def instead(store: Store, row: Row) -> list[Row]:
    """The decisions that a person made of one about the same record, and that were not undone: what
    was appealed as a hold may be a removal by now.
    """
    made = [
        each
        for (review,) in store.all("replaced_by", (row[0],))
        for each in store.all("decisions_of_record", (review,))
    ]
    return [each for each in made if each[16] == row[16] and each[13] is None]


def in_force(
    store: Store, keys: KeyFile, rows: Iterable[Row], now: int
) -> Iterator[tuple[Row, decisions.Decision, int | None]]:
    """The decisions of some that still hold: each with its record, and how much of its time remains
    (None: it has no end).
    """
    for row in rows:
        remains = None if row[11] is None else row[11] - now
        plain = redacted.opened(store, keys, row[0], row[14])
        if plain is not None and row[12] is None and (remains is None or remains > 0):
            yield row, decisions.opened(plain), remains
