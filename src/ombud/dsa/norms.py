"""What a clause and a rule are in the files of the DSA, in the words that were in force.

A clause is told by its published text; a rule by the names of what it looks at, which are the
program's, and never by what it looks for. This module must never use a later wording.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from ombud import journal
from ombud.clauses import Clauses
from ombud.rules import categories, parse
from ombud.rules.categories import Filed
from ombud.rules.policy import Clause
from ombud.rules.tree import FactName
from ombud.signals.declare import COUNTERS, SIGNALS
from ombud.store.sqlite import Store

SHORT_MAX, LONG_MAX = 500, 2000  # characters that the database takes
LOOKED_AT_MAX = 12  # things that a rule is said to look at


@dataclass(frozen=True, slots=True)
class Norm:
    """A clause as it is filed: `ground` and `explanation` in its own words, `other` in place of a
    keyword.
    """

    filed: Filed
    ground: str
    explanation: str
    other: str


class Norms:
    """The norms of recorded configurations, by the record that activated each."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._clauses = Clauses(store)
        self._norms: dict[tuple[int, str], Norm] = {}
        self._looked_at: dict[int, Mapping[str, tuple[str, ...]]] = {}
        self._parsed: dict[str, tuple[str, tuple[str, ...]]] = {}

    def norm(self, config: int, clause: str) -> Norm:
        """A clause as it stood under a configuration."""
        found = self._norms.get((config, clause))
        if found is None:
            found = self._norms[config, clause] = norm(clause, self._clauses.of(config).get(clause))
        return found

    def looked_at(self, config: int, rule: str | None) -> tuple[str, ...]:
        """What a rule of a configuration looks at, in words; nothing where there is no such one."""
        if rule is None:
            return ()
        known = self._looked_at.get(config)
        if known is None:
            known = self._looked_at[config] = dict(self._rules(config))
        return known.get(rule, ())

    def _rules(self, config: int) -> Iterator[tuple[str, tuple[str, ...]]]:
        row = self._store.one("record", (config,))
        record = None if row is None else journal.Record(*row)
        if record is None or record.control != "config":
            return
        for file, text in record.payload_json()["sources"]["rules"].items():
            if text not in self._parsed:
                written, _ = parse.parse(file, text.encode())
                looked = dict.fromkeys(map(_meaning, _facts((written.when, written.unless))))
                self._parsed[text] = written.name, tuple(looked)[:LOOKED_AT_MAX]
            yield self._parsed[text]


def norm(name: str, clause: Clause | None) -> Norm:
    """A clause as it is filed; one whose text is not known any more goes by its name."""
    if clause is None:
        filed = categories.OF_HARM["form"]
        return Norm(filed, name, "The text of the clause is not known any more.", name)
    text = " ".join(clause.text.split())
    opening = f"The community's published rules say, under this clause, since {clause.published}: "
    return Norm(
        categories.of(clause.harm, clause.dsa),
        _cut(f"{clause.id}: {clause.title}", SHORT_MAX),
        opening + _cut(text, LONG_MAX - len(opening)),
        _cut(clause.title, SHORT_MAX),
    )


def _cut(text: str, most: int) -> str:
    """A text of so many characters at most, cut between words, where it has any: not every script
    parts them.
    """
    text = "".join(each for each in text if each.isprintable())
    if len(text) <= most:
        return text
    kept = text[: most - 2]
    words = kept.rpartition(" ")[0]
    return (words if len(words) > most // 2 else kept) + " …"


def _facts(part: Any) -> Iterator[str]:
    """The names of facts in any part of a rule's tree."""
    if isinstance(part, FactName):
        yield part.name
    elif isinstance(part, tuple):
        for each in part:
            yield from _facts(each)
    elif is_dataclass(part):
        for each in fields(part):
            yield from _facts(getattr(part, each.name))


def _meaning(name: str) -> str:
    """What a fact is, in the program's own words."""
    known = SIGNALS.get(name) or COUNTERS.get(name)
    return name if known is None else f"{name} ({known.meaning['en'].rstrip('.')})"
