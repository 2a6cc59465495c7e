"""The rules and clauses that a community goes by, and every version there was, for everybody.

Versions come from the activations in the journal. Of who wrote or approved a rule nothing is told
but how many stand behind it. Instead of a rule's text the operator may publish a summary
(`summaries`), which stands for every version of the rule; where it cannot be read, or went with its
rule, the text is kept back all the same. The words of a clause that withholds them are withheld
here too. This module must never write, never name anybody, and never
show the text of a rule that has a summary.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from ombud import clauses, clock, rulefiles, rulestanding, summaries
from ombud.activation.active import EMPTY, Active
from ombud.activation.standing import ENDED, ONE_PERSON
from ombud.config import Strikes
from ombud.controls.config import compiled
from ombud.controls.standing import in_force
from ombud.journal import read_json
from ombud.labelling import Labelling
from ombud.rules import parse
from ombud.rules.policy import Clause, read_policies
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

FEW = 5  # events; a smaller count is not told
VERSIONS_MAX = 200  # of one rule or clause, the latest ones
CHANGES_MAX = 100
TEXT, SUMMARY, WITHHELD = "text", "summary", "withheld"  # what is told of a rule

Span = dict[str, Any]  # a version: from, until, and what it said


class _Sources(msgspec.Struct, frozen=True):
    rules: dict[str, str] = {}
    policies: dict[str, str] = {}


class _Manifest(msgspec.Struct, frozen=True):
    rules: dict[str, list[str]] = {}


class _Activation(msgspec.Struct, frozen=True):
    """Of an activation, what is published; all else is passed over."""

    sources: _Sources = _Sources()
    manifest: _Manifest = _Manifest()


class PublicRules:
    """What is published of the rules of one community, read beside its writer. One that is kept
    reads only what came into force since; one thread at a time.
    """

    def __init__(self, store: Store, keys: KeyFile, labelling: Labelling, folder: Path) -> None:
        self._store, self._keys, self._labelling = store, keys, labelling
        self._folder = folder
        self._seq = -1
        self._rules: dict[str, list[Span]] = {}  # by name, the first version first
        self._clauses: dict[str, list[Span]] = {}
        self._withheld: dict[str, bool] = {}  # by clause, as it was last
        self._policies: Mapping[str, str] | None = None
        self._hits: Mapping[tuple[str, str], tuple[int, int]] = {}  # on watch: how many, since when

    def published(self, now: int, active: Active | None = None) -> dict[str, Any]:
        """All of it, as of `now` (microseconds since 1970): `rules` and `clauses` in force and
        before, by name, each with its versions, the latest first. `active`: what is in force, where
        an engine runs that has it.
        """
        self._refresh()
        in_force = active or _active(self._store)
        self._labelling.refresh()
        certified = self._labelling.register.licences()
        stands = rulestanding.all_of(in_force, certified, self._keys, now)
        told, kept = summaries.texts(self._folder), summaries.kept_back(self._store)
        by_name = {each["name"]: each for each in stands}
        self._hits = {row[:2]: row[2:] for row in self._store.all("watch_hits")}
        return {
            "as_of": clock.rfc3339(now),
            "rules": [
                self._rule(
                    name,
                    spans,
                    by_name.get(name),
                    "" if told is None else told.get(name),
                    kept.get(name, (False, -1)),
                )
                for name, spans in sorted(self._rules.items())
            ],
            "clauses": [_clause(name, spans) for name, spans in sorted(self._clauses.items())],
            "strikes": _strikes(in_force.settings.strikes),
        }

    def _rule(
        self,
        name: str,
        spans: list[Span],
        stands: Mapping[str, Any] | None,
        summary: str | None,
        kept: tuple[bool, int],
    ) -> dict[str, Any]:
        had, back = kept  # as of a while ago: its texts are free once that is looked at again
        versions = [
            self._told(span, "" if summary is None and (had or span["seq"] <= back) else summary)
            for span in reversed(spans)
        ]
        last = versions[0]
        here = stands if last["until"] is None else None
        return {
            "name": name,
            "in_force": last["until"] is None,
            "since": last["from"],
            "told": last["told"],
            "text": last["text"],
            "summary": "" if summary is None and last["told"] == SUMMARY else summary,
            "clause": last["clause"],
            "mode": last["mode"],
            "acting": bool(here and here["acting"]),
            "people": None if here is None or not here["eyes"] else _people(here["eyes"]),
            "watch": here["watch"] if here and not here["acting"] else None,
            "watch_hits": self._hit(name, last) if here and not here["acting"] else None,
            "watch_until": _instant(here["until"]) if here and not here["acting"] else None,
            "asks": [_asked(each) for each in here["asks"]] if here else [],
            "versions": versions,
        }

    def _told(self, span: Span, summary: str | None) -> Span:
        """A version of a rule as it is published. A clause that nobody knows withholds."""
        told = TEXT
        if self._withheld.get(span["clause"], True):
            told = WITHHELD
        if summary is not None:
            told = SUMMARY
        return {**span, "told": told, "text": span["text"] if told == TEXT else None}

    def _hit(self, name: str, span: Span) -> dict[str, Any]:
        """How many events this version has hit on watch, and since when that is counted: nothing is
        told of fewer than FEW, which could be one person's.
        """
        hits, first = self._hits.get((name, span["version"]), (0, None))
        few = 0 < hits < FEW
        return {"count": None if few else hits, "since": None if few else _instant(first)}

    # --- what was in force ------------------------------------------------------------------------

    def _refresh(self) -> None:
        for seq, recv, payload in self._store.each("activations_after", (self._seq,)):
            told = msgspec.json.decode(payload, type=_Activation)
            at = clock.rfc3339(recv)
            if told.sources.policies != self._policies:
                self._policies = told.sources.policies
                texts = {name: text.encode() for name, text in self._policies.items()}
                known = read_policies(texts, recorded=True)[0]
                self._withheld |= {name: each.words_withheld for name, each in known.items()}
                _next(self._clauses, {name: _norm(each) for name, each in known.items()}, seq, at)
            texts_of = {rulefiles.called(text): text for text in told.sources.rules.values()}
            force = told.manifest.rules.items()
            rules = {name: _law(of[0], of[1], texts_of.get(name, "")) for name, of in force}
            _next(self._rules, rules, seq, at)
            self._seq = seq


def _active(store: Store) -> Active:
    """The configuration in force, compiled again from the journal."""
    rows = store.all("controls", ("!config",))
    if not rows:
        return EMPTY
    seq, _, payload = rows[-1]
    told = read_json(payload)
    return compiled(store, told).stands(in_force(store, seq, told))


def watching(published: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rules in force that only watch: since when, and until when at the longest; how many
    events they hit, None for a few, and since when that is counted.
    """
    return [
        {
            "rule": each["name"],
            "clause": each["clause"],
            "since": each["since"],
            "until": each["watch_until"],
            "over": each["watch"] == ENDED,
            "hits": each["watch_hits"]["count"],
            "hits_since": each["watch_hits"]["since"],
        }
        for each in published["rules"]
        if each["watch_until"]
    ]


def changed(published: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What came into force, changed or ended, of rules and clauses, the latest first: `what`
    ("rule" or "clause"), `name`, `at`, `mode` (of a clause "clause", "" where it ended) and `seq`.
    """
    found = []
    for what in ("rule", "clause"):
        for each in published[f"{what}s"]:
            of: dict[str, Any] = {"what": what, "name": each["name"]}
            following = None
            for span in each["versions"]:
                mode = span.get("mode", "clause")
                found.append({**of, "at": span["from"], "seq": span["seq"], "mode": mode})
                if span["until"] is not None and span["until"] != following:
                    found.append({**of, "at": span["until"], "seq": span["ended"], "mode": ""})
                following = span["from"]
    return sorted(found, key=lambda each: (-each["seq"], each["name"]))[:CHANGES_MAX]


def _next(spans: dict[str, list[Span]], now: Mapping[str, Span], seq: int, at: str) -> None:
    """Let what is in force from record `seq` on follow on what was; the same goes on, with the
    words that are no part of a version as they are now.
    """
    for name, known in spans.items():
        last = known[-1]
        if last["until"] is None and not _same(last, now.get(name)):
            last["until"], last["ended"] = at, seq
    for name, each in now.items():
        known = spans.setdefault(name, [])
        if known and known[-1]["until"] is None:
            known[-1].update(each)
            continue
        known.append({"seq": seq, "from": at, "until": None, "ended": None, **each})
        del known[:-VERSIONS_MAX]


def _same(one: Span, other: Span | None) -> bool:
    """Whether a version goes on: a rule in another mode is another one here."""
    return other is not None and all(
        one[part] == other[part] for part in ("version", "mode") if part in other
    )


def _law(version: str, mode: str, text: str) -> Span:
    """What is told of one version of a rule."""
    tree = parse.parse("", text.encode("utf-8", "replace"))[0]
    return {"version": version, "mode": mode, "clause": tree.clause, "text": text}


def _norm(clause: Clause) -> Span:
    """What is told of one version of a clause."""
    return {
        "version": clause.version,
        "harm": clause.harm,
        "published": clause.published,
        "withheld": clause.words_withheld,
        "titles": clauses.titles(clause),
        "texts": clauses.texts(clause),
    }


def _clause(name: str, spans: list[Span]) -> dict[str, Any]:
    versions = [dict(span) for span in reversed(spans)]
    last = versions[0]
    kept = ("harm", "published", "withheld", "titles", "texts")
    return {
        "name": name,
        "in_force": last["until"] is None,
        "since": last["from"],
        **{part: last[part] for part in kept},
        "versions": versions,
    }


def _strikes(plan: Strikes) -> dict[str, Any] | None:
    """What findings weigh together, and what that proposes to a person; None where nothing is."""
    steps = sorted(plan.thresholds.items(), key=lambda each: (each[1].weight, each[0]))
    return (
        {
            "days": plan.days,
            "actions": dict(sorted(plan.actions.items())),
            "clauses": dict(sorted(plan.clauses.items())),
            "thresholds": [
                {"action": action, "weight": step.weight, "days": step.days}
                for action, step in steps
            ],
        }
        if steps
        else None
    )


def _people(eyes: str) -> int:
    """How many stand behind a version: nobody is named, and nobody counted beyond two."""
    return 1 if eyes == ONE_PERSON else 2


def _asked(each: Mapping[str, Any]) -> dict[str, Any]:
    """What a rule asks for and by which licence, with its end as people write it."""
    return {**each, "until": _instant(each["until"])}


def _instant(at: int | None) -> str | None:
    return None if at is None else clock.rfc3339(at)
