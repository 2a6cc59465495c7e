"""What `ombud rules` and `ombud signals` tell: read-only questions about the operator's texts.

Before the first start the samples are read beneath the folder's files, as that start copies them.
This module must never activate a configuration, and writes a rule file only when `format_all` is
told to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ombud import (
    clock,
    config,
    decisions,
    events,
    explain,
    gate,
    intake,
    pictures,
    samples,
    summaries,
)
from ombud.activation import checking, compiling, standing
from ombud.activation.active import Active
from ombud.activation.standing import Standing, Stands
from ombud.config import STORE_FILE, Sources
from ombud.controls import listed
from ombud.errors import BadData, BadEvent
from ombud.model import EVENT_BYTES_MAX, Event, Value
from ombud.reading import reading
from ombud.rules import coverage, load, parse, trial
from ombud.rules import format as layout
from ombud.rules.diagnostic import ERROR, Diagnostic
from ombud.signals import likely
from ombud.signals.declare import COUNTERS, SIGNALS, WITHS, Type

EXPLAINED_BYTES_MAX = 64 << 20  # of a file whose events are explained: all is told in one answer


def sources(folder: Path) -> Sources:
    """The texts of a folder; before the first start, over the samples that it will copy."""
    found = config.read(folder)
    if (folder / STORE_FILE).exists():
        return found
    overlaid: Any = {name: {**samples.files(name), **found.of(name)} for name in samples.FOLDERS}
    return replace(found, **overlaid)


def loaded(folder: Path) -> load.Loaded:
    """Everything read and checked, with all diagnostics."""
    found = sources(folder)
    found = replace(found, unread=(*found.unread, *summaries.orphans(folder)))
    return checking.checked(found, _stored(folder))


def not_read(folder: Path) -> list[Diagnostic]:
    """What stands in a folder's rules, policies and lists and is not read: nothing else is looked
    at, so this costs nothing beside a start.
    """
    names = (*config.beside(folder), *summaries.orphans(folder))
    return list(load.not_read(checking.unread(names)))


def _stored(folder: Path) -> Mapping[str, checking.Stored]:
    """The lists that were changed in the store."""
    return listed.of_store(folder / STORE_FILE)


def listing(folder: Path, now: int | None = None) -> list[dict[str, Any]]:
    """Each rule: name, clause, mode, version, what it does by itself as things stand; and, where
    its version is in force, who stands behind it and until when it watches. Drafts come last.
    """
    active = compiling.from_sources(sources(folder), _stored(folder))
    active = replace(active, licences=(*active.licences, *_certified(folder)))
    now = clock.now() if now is None else now
    told = [(rule, _acts(active, index, now)) for index, rule in enumerate(active.rules)]
    drafts = (rule for rule in loaded(folder).rules if rule.mode == "draft")
    told += [(rule, "is a draft, and judges nothing") for rule in drafts]
    stands, names = _standing(folder)
    return [
        {
            "name": rule.name,
            "description": rule.tree.description,
            "clause": rule.clause.id,
            "harm": rule.clause.harm,
            "mode": rule.mode,
            "kinds": sorted(rule.kinds),
            "version": rule.version,
            "acts": acts,
            **_stands(stands.get(rule.name), rule.version, names, now),
        }
        for rule, acts in told
    ]


def ending(folder: Path, now: int | None = None) -> list[dict[str, Any]]:
    """The rules in force whose time on watch has ended or ends soon."""
    stands, names = _standing(folder)
    now = clock.now() if now is None else now
    found = [
        {"rule": rule, **_stands(each, each.version, names, now)} for rule, each in stands.items()
    ]
    told = ("rule", "watch", "watches_until")
    return [
        {name: each[name] for name in told}
        for each in found
        if each["watch"] in (standing.ENDS_SOON, standing.ENDED)
    ]


def _certified(folder: Path) -> tuple[gate.Licence, ...]:
    """The licences that rules have earned; none before the first start, nor while the store waits
    for its first start under this program.
    """
    if not (folder / STORE_FILE).exists():
        return ()
    try:
        with reading(folder) as reader:
            return reader.labelling().register.licences()
    except BadData as error:
        if error.code not in ("D002", "D004"):
            raise
        return ()


def _standing(folder: Path) -> tuple[Standing, Mapping[int, str | None]]:
    """How the rules in force stand, and who the people are; nothing before the first start, nor
    while the store waits for its first start under this program.
    """
    if not (folder / STORE_FILE).exists():
        return {}, {}
    try:
        with reading(folder) as reader:
            return reader.standing()
    except BadData as error:
        if error.code not in ("D002", "D004"):
            raise
        return {}, {}


def _stands(
    known: Stands | None, version: str, names: Mapping[int, str | None], now: int
) -> dict[str, Any]:
    if known is None or known.version != version:
        unknown = dict.fromkeys(("author", "eyes", "watch", "watches_until"))
        return {**unknown, "approved_by": []}
    return {
        "author": names[known.author],
        "approved_by": [names[each] for each in known.approved],
        "eyes": known.eyes,
        "watch": standing.state(known.until, now),
        "watches_until": None if known.until is None else clock.rfc3339(known.until),
    }


def _acts(active: Active, index: int, now: int) -> str:
    """In words, what a rule may do at an instant."""
    if not active.acting[index]:
        why = " (not as shipped, so it acts in mode live only)"
        return "records hits, does nothing" + why * (
            active.names[index] in compiling.edited(active)
        )
    done = []
    for proposal in active.proposals[index]:
        answer = gate.ask(
            active.licences,
            action=proposal.action,
            duration=proposal.duration,
            clause=proposal.clause,
            rule=active.names[index],
            version=active.versions[index],
            now=now,
        )
        granted = not isinstance(answer, gate.Answer)
        done.append(proposal.action if granted else f"asks a person ({proposal.action})")
    return ", ".join(done)


def format_all(folder: Path, *, write: bool) -> list[str]:
    """The rule files whose layout is not the canonical one; rewritten if `write`."""
    changed = []
    for name, content in sources(folder).rules.items():
        rule, problems = parse.parse(name, content)
        if any(each.severity == ERROR for each in problems):
            continue  # `rules check` tells what is wrong with it
        text = layout.format_rule(rule).encode()
        if text != content:
            changed.append(name)
            if write and (folder / "rules" / name).exists():
                (folder / "rules" / name).write_bytes(text)
    return changed


def tried(folder: Path) -> tuple[list[dict[str, Any]], list[Diagnostic]]:
    """Each example of each rule, and whether the rule says what the example wants.

    Beside them the errors that kept rules from being tried; a draft's examples are tried as well.
    """
    texts, found = sources(folder).rules, loaded(folder)
    wrong = {
        (problem.file, problem.line): problem.hint
        for problem in found.diagnostics
        if problem.code in (trial.MISSED, trial.CAUGHT)
    }
    errors = [
        problem
        for problem in found.diagnostics
        if problem.severity == ERROR and problem.code not in (trial.MISSED, trial.CAUGHT)
    ]
    untried = {problem.file for problem in errors}
    items = [
        {
            "rule": rule.name,
            "title": each.title,
            "catch": each.catch,
            "ok": (file, each.place.line) not in wrong,
            "detail": wrong.get((file, each.place.line), ""),
        }
        for file in sorted(texts)[: load.RULES_MAX]
        if file not in untried
        for rule in (parse.parse(file, texts[file])[0],)
        for each in rule.examples
    ]
    return items, errors


def covered(folder: Path) -> list[dict[str, Any]]:
    """Of each rule without errors: which of its conditions its examples show at work."""
    found = loaded(folder)
    items = []
    for rule in found.rules:
        shown = coverage.of(rule, trial.trials(rule, found.lists))
        conditions = [
            {
                "part": each.part,
                "line": each.line,
                "condition": each.said,
                "seen_true": each.seen_true,
                "seen_false": each.seen_false,
                "shown": each.shown,
            }
            for each in shown
        ]
        count = sum(each.shown for each in shown)
        items.append({"rule": rule.name, "shown": count, "conditions": conditions})
    return items


def signals() -> list[dict[str, Any]]:
    """Every signal, counter and `with` word, with its meaning."""
    items: list[dict[str, Any]] = [
        {
            "name": each.name,
            "type": str(each.type),
            "unit": each.unit,
            "kinds": sorted(each.kinds),
            "version": each.version,
            "meaning": dict(each.meaning),
        }
        for each in (*(each for _, each in sorted(SIGNALS.items())), likely.DECLARED)
    ]
    items += [
        {
            "name": f"{name} in last ...",
            "type": "counter",
            "unit": each.unit,
            "kinds": sorted(each.kinds),
            "version": each.version,
            "meaning": dict(each.meaning),
        }
        for name, each in sorted(COUNTERS.items())
    ]
    items += [
        {
            "name": f"... with {each.name}",
            "type": "with",
            "unit": "",
            "kinds": [],
            "version": each.version,
            "meaning": dict(each.meaning),
        }
        for _, each in sorted(WITHS.items())
    ]
    return items


def hashed(files: Iterable[Path]) -> list[dict[str, Any]]:
    """The hash and quality of each picture file. Raises BadUse U150 to U156."""
    return [{"file": str(file), **pictures.hash_of(file)._asdict()} for file in files]


def said(name: str, value: Value) -> str:
    """A fact's value as a person reads it; what rules ask beside the signals is counts, shares and
    likenesses.
    """
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    declared = SIGNALS.get(name)
    if declared is not None:
        return decisions.say_value(declared.type, value, declared.unit, "en")
    percent = name.startswith(("share of ", f"{likely.WORD} ")) or " resembles " in name
    return decisions.say_value(Type.PERCENT if percent else Type.COUNT, value, "", "en")


def explained(folder: Path, file: Path) -> list[dict[str, Any]]:
    """All facts of each event of a file, in order; lines that are no events come last. Raises
    BadData D005 beyond EXPLAINED_BYTES_MAX.
    """
    intake.require(file, limit=EXPLAINED_BYTES_MAX)
    active = compiling.from_sources(sources(folder), _stored(folder))
    bad: list[dict[str, Any]] = []

    def good() -> Iterator[Event]:
        for line in events.lines(intake.chunks(file, limit=EXPLAINED_BYTES_MAX)):
            found = _event(line)
            if isinstance(found, BadEvent):
                bad.append({"id": f"line {line.number}", "kind": None, "error": found.as_json()})
            else:
                yield found

    return [*explain.explain(active, good()), *bad]


def _event(line: events.Line) -> Event | BadEvent:
    if line.content is None:
        return BadEvent("E003", "$", size=line.size, limit=EVENT_BYTES_MAX)
    return events.attempt(line.content)
