"""Which models rules ask for, and the conditions `likely CLAUSE` bound to them.

A model is opened when the first rule asks for it and kept for all others. Where there is none the
condition is unknown, and the author is told. This module must never read a file, and never decide
by a score: `refuse` says what may rest on one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from ombud.errors import OmbudError
from ombud.rules.checked import Atom, Branch, Leaf
from ombud.rules.diagnostic import ERROR, WARNING, Report, did_you_mean
from ombud.signals import likely
from ombud.signals.likely import Model

Find = Callable[[str], Model | None]
Lines = tuple[Leaf | Branch, ...]

OUTDATED = "D102"  # made by an earlier program: unknown, as none is; a new program must start


def no_model(clause: str) -> Model | None:  # noqa: ARG001 -- fits Find
    """No clause has a model."""
    return None


@dataclass(slots=True)
class Models:
    """The models that were asked for: `opened` by clause, None where there is none; `broken` says
    why one cannot be used.
    """

    find: Find = no_model
    opened: dict[str, Model | None] = field(default_factory=dict)
    broken: dict[str, OmbudError] = field(default_factory=dict)

    def of(self, clause: str) -> Model | None:
        """The model of a clause; None where there is none or it cannot be used."""
        if clause not in self.opened:
            try:
                self.opened[clause] = self.find(clause)
            except OmbudError as error:
                self.opened[clause] = None
                self.broken[clause] = error
        return self.opened[clause]

    @property
    def used(self) -> dict[str, Model]:
        """The models that rules ask, by clause in order."""
        return {clause: model for clause, model in sorted(self.opened.items()) if model is not None}


def bound(report: Report, lines: Lines, models: Models, clauses: Collection[str] | None) -> Lines:
    """The lines with each `likely CLAUSE` asking its model. Reports a clause that is none of
    `clauses` (None: not known), a model that cannot be used, and that there is none.
    """
    return tuple(_line(report, line, models, clauses) for line in lines)


def _line(
    report: Report, line: Leaf | Branch, models: Models, clauses: Collection[str] | None
) -> Leaf | Branch:
    if isinstance(line, Leaf):
        atom = _atom(report, line.atom, models, clauses)
        return line if atom is line.atom else replace(line, atom=atom)
    leaves = tuple(
        replace(leaf, atom=_atom(report, leaf.atom, models, clauses)) for leaf in line.leaves
    )
    return replace(line, leaves=leaves)


def _atom(report: Report, atom: Atom, models: Models, clauses: Collection[str] | None) -> Atom:
    clause = likely.clause_of(atom.facts[0].name)
    if clause is None:
        return atom
    place = atom.written.place
    if clauses is not None and clause not in clauses:
        report.add("R070", place, did_you_mean(clause, clauses), name=clause)
        return atom
    model = models.of(clause)
    if clause in models.broken:
        error = models.broken[clause]
        severity = WARNING if error.code == OUTDATED else ERROR
        report.add("R146", place, error.hint, severity, clause=clause, message=error.message)
    elif model is None:
        report.add("R145", place, severity=WARNING, clause=clause)
    return atom if model is None else replace(atom, facts=(likely.fact(clause, model),))
