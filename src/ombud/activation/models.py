"""The models of a configuration: opened from the operator's folder or from the journal's store.

A model is kept beside the lists of its configuration, under its digest, so that replay can ask the
model of then. Where it is gone since (`controls.forgotten`), or of a form that this program does
not read, its records are judged from their facts. This module must never read a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ombud.errors import BadData, catalogue
from ombud.rules.checked import CheckedRule
from ombud.rules.learned import Models
from ombud.signals import likely
from ombud.signals.learned import model as learned
from ombud.signals.observation import Observation

catalogue(
    D033=(
        "The model of a recorded configuration is not as it was.",
        "Restore a backup into a new folder. Nothing was changed here.",
    ),
    D034=(
        "The model of {clause} was trained for {found}.",
        "Put the right one back, or train it anew: `ombud learn {clause}`.",
    ),
)

NAME_LENGTH_MAX = 64  # as `signals.learned.model` takes it


@dataclass(frozen=True, slots=True)
class Kept:
    """A model as a rule asks it, with its file (`signals.likely.Model`)."""

    digest: str
    content: bytes = field(repr=False)
    model: learned.Model = field(repr=False)

    def likely(self, seen: Observation) -> int | None:
        """How likely the text breaks the clause, in permille."""
        if seen.text is None or seen.normal is None:
            return None
        return self.model.permille(seen.text, seen.normal)


def opened(content: bytes, clause: str) -> Kept:
    """The model that a file holds. Raises BadData D034, or as `signals.learned.model.decode`."""
    found = learned.decode(content)
    if found.name != name_of(clause):
        raise BadData("D034", clause, clause=clause, found=found.name)
    return Kept(hashlib.sha256(content).hexdigest(), content, found)


def name_of(clause: str) -> str:
    """What the model of a clause is called: a name is shorter than a clause may be."""
    return clause[:NAME_LENGTH_MAX]


def of_files(read: Callable[[str], bytes | None]) -> Models:
    """The models of the operator's folder, each opened when a rule asks."""

    def open_(clause: str) -> Kept | None:
        content = read(clause)
        return None if content is None else opened(content, clause)

    return Models(open_)


def recorded(digests: Mapping[str, str], content: Callable[[str], bytes]) -> Models:
    """The models of a recorded configuration; those that are gone are none. Raises BadData D033
    where one is not the one that was kept.
    """
    found: dict[str, bytes] = {}
    for clause, digest in digests.items():
        kept = content(digest)
        if kept and hashlib.sha256(kept).hexdigest() != digest:
            raise BadData("D033", clause)
        if kept:
            found[clause] = kept

    return of_files(found.get)


def read_by(rules: Iterable[CheckedRule], models: Models) -> dict[str, Kept]:
    """The models that these rules read, by clause in order."""
    asked = {
        clause
        for rule in rules
        for atom in rule.atoms()
        if (clause := likely.clause_of(atom.facts[0].name)) is not None
    }
    used = models.used
    return {
        clause: model
        for clause in sorted(asked & used.keys())
        if isinstance(model := used[clause], Kept)
    }


def lacking(digests: Mapping[str, str], models: Models) -> tuple[str, ...]:
    """The recorded models that cannot be asked any more, as `Active.otherwise` names things."""
    return tuple(f"{likely.WORD} {clause}" for clause in digests if models.of(clause) is None)
