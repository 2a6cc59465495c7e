"""The clauses as they stood when something was decided: title, text and terms, from the journal.

A person is shown the norm they were restricted under, in the wording of that day, also after the
community has changed it. Read from the recorded configuration without compiling its rules. This
module must never show a newer wording for an older decision.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from ombud import journal
from ombud.rules.policy import Clause, read_policies
from ombud.store.sqlite import Store

CONFIGURATIONS_KEPT = 16


class Clauses:
    """The clauses of recorded configurations, the latest few kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[int, Mapping[str, Clause]] = OrderedDict()

    def of(self, config: int) -> Mapping[str, Clause]:
        """The clauses of the configuration activated by record `config`, by id."""
        known = self._kept.get(config)
        if known is None:
            known = self._kept[config] = self._read(config)
            if len(self._kept) > CONFIGURATIONS_KEPT:
                self._kept.popitem(last=False)
        return known

    def at(self, seq: int) -> Mapping[str, Clause]:
        """The clauses in force at record `seq`."""
        row = self._store.one("record", (seq,))
        return {} if row is None else self.of(journal.Record(*row).config)

    def _read(self, config: int) -> Mapping[str, Clause]:
        row = self._store.one("record", (config,))
        record = None if row is None else journal.Record(*row)
        if record is None or record.control != "config":
            return {}
        policies = record.payload_json()["sources"]["policies"]
        texts = {name: text.encode() for name, text in policies.items()}
        return read_policies(texts, recorded=True)[0]


def titles(clause: Clause | None) -> dict[str, str]:
    """A clause's title by language."""
    if clause is None:
        return {}
    return {"en": clause.title, **{lang: text.title for lang, text in clause.texts.items()}}


def texts(clause: Clause | None) -> dict[str, str]:
    """A clause's text by language."""
    if clause is None:
        return {}
    return {"en": clause.text, **{lang: text.text for lang, text in clause.texts.items()}}
