"""Rules that name people: no trial is made of one that would answer a question about a single one.

A list of fewer than PEOPLE_MIN people under `when`, or `not` on it under `unless`, makes every
figure of a rule a figure about them. A person under `unless` is an exemption, and may be. This
module must never look at the past: it reads rules and lists.
"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.activation.active import Active
from ombud.errors import BadUse, catalogue
from ombud.replay.sample import PEOPLE_MIN
from ombud.rules.checked import CheckedRule, Leaf
from ombud.rules.tree import InList, Resembles
from ombud.signals.declare import ROLES
from ombud.signals.lists import Kept
from ombud.signals.lists.terms import key

catalogue(
    U110=(
        'The list "{name}" names {found} people; a trial asks about {least} or more, or nobody.',
        "Take the line out, or try the rule without it; leave a rule out with `mode draft`.",
    ),
)

_PEOPLE = frozenset(ROLES) | {f"{role}.name" for role in ROLES}
_LOW = ("<", "<=", "!=")  # a likeness below something: whoever is not like it


def names_people(rule: CheckedRule) -> bool:
    """Whether whom it hits hangs on who it is."""
    return next(_naming(rule), None) is not None


def refuse(active: Active) -> None:
    """Raises BadUse U110 at the first line that singles out people."""
    for rule in active.rules:
        for leaf in _naming(rule):
            name = _list(leaf)
            found = 0 if name is None else _size(active.lists[name])
            if 0 < found < PEOPLE_MIN:
                where = f'rule "{rule.name}", line {leaf.line}'
                raise BadUse("U110", where, name=name, found=found, least=PEOPLE_MIN)


def _naming(rule: CheckedRule) -> Iterator[Leaf]:
    """The lines that ask for somebody, not those that let somebody pass."""
    for lines, asks in ((rule.when, True), (rule.unless, False)):
        for line in lines:
            for leaf in (line,) if isinstance(line, Leaf) else line.leaves:
                written = leaf.atom.written
                if leaf.atom.facts[0].name not in _PEOPLE:
                    continue
                if not isinstance(written, InList | Resembles):
                    continue
                below = isinstance(written, Resembles) and written.operator in _LOW
                if (asks != leaf.negated) != below:
                    yield leaf


def _list(leaf: Leaf) -> str | None:
    written = leaf.atom.written
    if isinstance(written, InList):
        return written.list
    if isinstance(written, Resembles) and isinstance(written.likeness.other, str):
        return written.likeness.other
    return None


def _size(kept: Kept) -> int:
    """How many different entries a list has, those of the lists it includes among them."""
    return len(
        {
            name
            for part in kept.parts(0)
            for name in map(key, part.listed.terms)
            if name not in part.hidden and name not in part.quarantine
        }
    )
