"""From the files of a community to rules that can run: read, checked, tried. Pure.

Nothing is half taken: with any error the caller keeps what runs. This module must never read a
file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ombud.config import SUMMARY
from ombud.rules import alphabets, cost, coverage, refuse, trial
from ombud.rules.check import Surroundings, check
from ombud.rules.checked import CheckedRule
from ombud.rules.diagnostic import (
    ERROR,
    INFORMATION,
    WARNING,
    Diagnostic,
    Report,
    did_you_mean,
    show,
)
from ombud.rules.learned import Models
from ombud.rules.lex import UTF16, UTF16_HINT
from ombud.rules.parse import read_rule
from ombud.rules.policy import UNREADABLE, Clause, read_policies
from ombud.rules.refuse import Platforms
from ombud.rules.together import Together
from ombud.rules.tree import InList, Place
from ombud.rules.vocabulary import ACTIONS
from ombud.signals.lists import Kept, TermList, reading

RULES_MAX = 1000

_LIST_FILE = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.txt", re.ASCII)
_NOWHERE = Place(0, 0, 0)
NONE_STORED: Mapping[str, bool] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Unread:
    """A file beside those that are read, which end in `ending`; `name`: the one it should have.
    None for a folder.
    """

    file: str
    ending: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a community's files say. `rules` are sorted by name; `ok` is false with any error.
    `left_out`: how many rule files gave no rule.
    """

    rules: tuple[CheckedRule, ...]
    clauses: Mapping[str, Clause]
    lists: Mapping[str, Kept]
    diagnostics: tuple[Diagnostic, ...]
    ok: bool
    left_out: int = 0
    models: Models = field(default_factory=Models)

    def count(self, severity: str) -> int:
        """How many diagnostics are as severe as this."""
        return sum(problem.severity == severity for problem in self.diagnostics)


def load(
    rules: Mapping[str, bytes],
    policies: Mapping[str, bytes],
    lists: Mapping[str, bytes],
    *,
    platforms: Platforms | None = None,
    queues: Collection[str] | None = None,
    recorded: bool = False,
    stored: Mapping[str, bool] = NONE_STORED,
    form: int = reading.STARS,
    earlier: Collection[str] = (),
    unread: Iterable[Unread] = (),
    models: Models | None = None,
) -> Loaded:
    """Everything of a community, by file name without folder; all problems, file by file.

    `platforms`: what each connected one can do and undo. `queues`: the names that are
    configured, None where any name will do. `recorded`: all of it was in force once and is read
    again: it is `ok` where every rule still has its meaning, whatever a stricter check says now,
    and its examples are not tried. `stored`: the lists that have entries in the store, and whether
    any of those came from elsewhere. `form`: how list files are read. `earlier`: words that are
    meant as the version before meant them. `unread`: what else stands in the folders. `models`: how
    a clause's model is opened, and which were.
    """
    listed, list_problems = read_lists(lists, stored, form)
    clauses, policy_problems = read_policies(policies, recorded=recorded)
    around = Surroundings(
        clauses=clauses,
        lists=listed,
        imported=imported(listed, stored),
        platforms=platforms or {},
        queues=queues,
        whole=not any(each.code in UNREADABLE for each in policy_problems),
        models=models or Models(),
    )
    together = Together()
    checked, rule_problems = _read_rules(
        rules, around, listed, together, recorded=recorded, earlier=earlier
    )
    unused = _unused(lists, listed, together)
    beside = (*unused, *not_read(unread), *_dear(checked))
    problems = (*rule_problems, *policy_problems, *list_problems, *beside)
    sound = not any(problem.severity == ERROR for problem in problems)
    return Loaded(
        rules=checked,
        clauses=clauses,
        lists=listed,
        diagnostics=problems,
        ok=len(checked) == len(rules) if recorded else sound,
        left_out=len(rules) - len(checked),
        models=around.models,
    )


def _read_rules(
    files: Mapping[str, bytes],
    around: Surroundings,
    lists: Mapping[str, Kept],
    together: Together,
    *,
    recorded: bool = False,
    earlier: Collection[str] = (),
) -> tuple[tuple[CheckedRule, ...], tuple[Diagnostic, ...]]:
    """The rules that can be taken, by name, and all problems of all files."""
    found: dict[str, CheckedRule] = {}
    problems: list[Diagnostic] = []
    patterns = cost.Patterns()
    picking = _Picking(lists)
    for number, name in enumerate(sorted(files)):
        report = Report(name, recorded=recorded, earlier=earlier)
        if number >= RULES_MAX:
            report.add("R089", _NOWHERE, limit=RULES_MAX)
            problems.extend(report.found)
            break
        rule = read_rule(report, files[name])
        checked = check(report, rule, around)
        if checked is not None:
            patterns.add(report, checked)
        if together.first(report, rule) and checked is not None:
            if not recorded:
                picking.report(report, checked)
                trial.report_contradictory(report, checked)
                tried = trial.trials(checked, lists)
                coverage.report_needless(report, checked, tried)
                if not trial.report_failed(report, checked, tried):
                    coverage.report_unshown(report, checked, tried)
            if not report.refused:
                found[checked.name] = checked
        together.add(report, rule, checked)
        problems.extend(sorted(report.found, key=lambda problem: (problem.line, problem.column)))
    return tuple(found[name] for name in sorted(found)), tuple(problems)


def not_read(files: Iterable[Unread]) -> Iterator[Diagnostic]:
    """Warn of files that nobody reads: who wrote a rule there takes it for one."""
    for each in files:
        report = Report(each.file)
        if each.name is None:
            hint = "Put its files beside it, or move it elsewhere."
            report.add("R048", _NOWHERE, hint, WARNING, what="folders are not looked into")
        elif each.file.endswith(SUMMARY):
            name = each.file.rpartition("/")[2].removesuffix(SUMMARY)
            hint = (
                "Call it as its rule is called, or move it elsewhere once no text is to stay back."
            )
            report.add("R048", _NOWHERE, hint, WARNING, what=f"no rule is called {show(name)}")
        else:
            what = f'only files whose names end in "{each.ending}" are'
            hint = f"Rename it to {show(each.name)}, or move it elsewhere."
            report.add("R048", _NOWHERE, hint, WARNING, what=what)
        yield from report.found


class _Picking:
    """Warns of a rule that restricts by a list with words that a whole language has. No more than
    warns: entries come and go while rules run, and a long list may hold such a word by accident.
    """

    def __init__(self, lists: Mapping[str, Kept]) -> None:
        self.lists = lists
        self._found: dict[str, str | None] = {}

    def report(self, report: Report, rule: CheckedRule) -> None:
        """Warn once for each such list, at the first action that restricts."""
        restricting = [each for each in rule.actions if ACTIONS[each.type].restricts]
        asked = (atom.written for atom in rule.atoms() if atom.facts[0].name == "text")
        names = dict.fromkeys(each.list for each in asked if isinstance(each, InList))
        for name in names if restricting else ():
            term = self._term(name)
            if term is not None:
                hint = f'It stands in the list "{name}". Take it out, or raise an alert.'
                told = {"action": refuse.said(restricting[0]), "example": term}
                report.add("R151", restricting[0].place, hint, WARNING, **told)

    def _term(self, name: str) -> str | None:
        """The first term of a list, or of one it includes, that a whole language has."""
        if name not in self._found:
            found = (alphabets.of_list(each.written.find) for each in self.lists[name].reach)
            self._found[name] = next((term for term in found if term is not None), None)
        return self._found[name]


def _dear(rules: tuple[CheckedRule, ...]) -> Iterator[Diagnostic]:
    """Warn of a rule set that may take too long."""
    found = cost.of(rules)
    for name, _ in found.rules[:1]:
        yield from cost.report_dear(f"{name}.rule", found).found


def imported(lists: Mapping[str, Kept], stored: Mapping[str, bool]) -> frozenset[str]:
    """The lists with entries from elsewhere, in what they include too."""
    return frozenset(
        name
        for name, kept in lists.items()
        if kept.imported or any(stored.get(each.name) for each in kept.reach)
    )


def _unused(
    files: Collection[str], lists: Mapping[str, Kept], together: Together
) -> Iterator[Diagnostic]:
    """Tell of lists that no rule asks, nor a list that is asked, once every rule can be read."""
    asked = {each.name for name in together.lists if name in lists for each in lists[name].reach}
    for name in lists if together.readable else ():
        file = name.replace(" ", "-") + ".txt"
        if name not in asked and file in files:
            report = Report(file)
            report.add("R137", _NOWHERE, severity=INFORMATION, name=name)
            yield from report.found


def read_lists(
    files: Mapping[str, bytes],
    stored: Mapping[str, bool] = NONE_STORED,
    form: int = reading.STARS,
) -> tuple[dict[str, Kept], tuple[Diagnostic, ...]]:
    """The lists by name: `our-own-sites.txt` is "our own sites"."""
    reports: dict[str, Report] = {}
    found: dict[str, TermList] = {}
    written: dict[str, str] = {}  # files by the names of their lists
    for file in sorted(files):
        report = reports[file] = Report(file)
        match = _LIST_FILE.fullmatch(file)
        if match is None:
            report.add("R202", _NOWHERE, name=file)
            continue
        name = match[1].replace("-", " ")
        found[name], wrong = reading.parse(name, files[file], form)
        written[name] = file
        for each in wrong:
            severity = WARNING if each.warning else ERROR
            place = Place(each.line, 1, 0)
            hint = UTF16_HINT if each.code == "R204" and files[file].startswith(UTF16) else None
            report.add(each.code, place, hint, severity, **each.arguments)
    together, unsound = reading.together(found, stored)
    for one in unsound:
        hint = did_you_mean(one.included, together) if one.code == "R213" else None
        line = found[one.name].includes.get(one.included, 0)
        report = reports[written[one.name]]
        report.add(one.code, Place(line, 1 if line else 0, 0), hint, **one.arguments)
    problems = tuple(problem for report in reports.values() for problem in report.found)
    return together, problems
