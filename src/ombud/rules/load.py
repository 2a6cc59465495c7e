"""From the files of a community to rules that can run: read, checked, tried. Pure.

Nothing is half taken: with any error the caller keeps what runs. This module must never read a
file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ombud.rules import trial
from ombud.rules.check import ALL_ACTIONS, Surroundings, check
from ombud.rules.checked import CheckedRule
from ombud.rules.diagnostic import ERROR, Diagnostic, Report
from ombud.rules.parse import read_rule
from ombud.rules.policy import Clause, read_policies
from ombud.rules.tree import Place
from ombud.signals import lists as term_lists
from ombud.signals.lists import TermList

RULES_MAX = 1000

_LIST_FILE = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.txt", re.ASCII)
_NOWHERE = Place(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a community's files say. `rules` are sorted by name; `ok` is false with any error."""

    rules: tuple[CheckedRule, ...]
    clauses: Mapping[str, Clause]
    lists: Mapping[str, TermList]
    diagnostics: tuple[Diagnostic, ...]
    ok: bool


def load(
    rules: Mapping[str, bytes],
    policies: Mapping[str, bytes],
    lists: Mapping[str, bytes],
    capabilities: Collection[str] = ALL_ACTIONS,
    queues: Collection[str] | None = None,
    *,
    recorded: bool = False,
) -> Loaded:
    """Everything of a community, by file name without folder; all problems, file by file.

    `capabilities`: the actions the platform can do and undo. `queues`: the names that are
    configured, None where any name will do. `recorded`: all of it was in force once and is read
    again: it is `ok` where every rule still has its meaning, whatever a stricter check says now,
    and its examples are not tried.
    """
    listed, list_problems = read_lists(lists)
    clauses, policy_problems = read_policies(policies, recorded=recorded)
    around = Surroundings(
        clauses=clauses,
        lists=frozenset(listed),
        imported=frozenset(name for name, each in listed.items() if each.sources),
        capabilities=frozenset(capabilities),
        queues=queues,
    )
    checked, rule_problems = read_rules(rules, around, listed, recorded=recorded)
    problems = (*rule_problems, *policy_problems, *list_problems)
    sound = not any(problem.severity == ERROR for problem in problems)
    return Loaded(
        rules=checked,
        clauses=clauses,
        lists=listed,
        diagnostics=problems,
        ok=len(checked) == len(rules) if recorded else sound,
    )


def read_rules(
    files: Mapping[str, bytes],
    around: Surroundings,
    lists: Mapping[str, TermList],
    *,
    recorded: bool = False,
) -> tuple[tuple[CheckedRule, ...], tuple[Diagnostic, ...]]:
    """The rules that can be taken, by name, and all problems of all files."""
    found: dict[str, CheckedRule] = {}
    owners: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for number, name in enumerate(sorted(files)):
        report = Report(name, recorded=recorded)
        if number >= RULES_MAX:
            report.add("R089", _NOWHERE, limit=RULES_MAX)
            problems.extend(report.found)
            break
        rule = read_rule(report, files[name])
        checked = check(report, rule, around)
        owner = owners.setdefault(rule.name, name) if rule.name else name
        if owner != name:
            place = rule.places.get("rule", _NOWHERE)
            report.add("R080", place, name=rule.name, file=owner)
        elif checked is not None:
            if not recorded:
                trial.run(report, checked, lists)
            if not report.refused:
                found[checked.name] = checked
        problems.extend(sorted(report.found, key=lambda problem: (problem.line, problem.column)))
    return tuple(found[name] for name in sorted(found)), tuple(problems)


def read_lists(
    files: Mapping[str, bytes],
) -> tuple[dict[str, TermList], tuple[Diagnostic, ...]]:
    """The lists by name: `our-own-sites.txt` is "our own sites"."""
    found: dict[str, TermList] = {}
    problems: list[Diagnostic] = []
    for file in sorted(files):
        report = Report(file)
        name = _LIST_FILE.fullmatch(file)
        if name is None:
            report.add("R202", _NOWHERE, name=file)
            problems.extend(report.found)
            continue
        listed, wrong = term_lists.parse(name[1].replace("-", " "), files[file])
        found[listed.name] = listed
        for each in wrong:
            place = Place(each.line, 1, 0)
            report.add("R201", place, each.hint, message=each.message)
        problems.extend(report.found)
    return found, tuple(problems)
