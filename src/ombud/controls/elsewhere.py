"""Rules that would rest on what came from elsewhere alone, if a list took more of it in.

What others say of somebody is hearsay: a rule that acts on it needs to see something itself. The
compiler holds that for lists as they stand; this is asked before they change. This module must
never change anything.
"""

from __future__ import annotations

from collections.abc import Mapping

from ombud.activation.active import Active
from ombud.errors import BadUse, catalogue
from ombud.rules import refuse
from ombud.rules.diagnostic import Report
from ombud.rules.entries import asks
from ombud.rules.load import imported
from ombud.verdicts.community import Community

catalogue(
    U097=(
        "Entries from elsewhere would let {rules} act on them alone.",
        "Add a line about the post itself to the rule, or leave the source out and vouch for it.",
    ),
)


def bearable(community: Community, name: str) -> None:
    """Raise BadUse U097 where a rule in force would rest on what came from elsewhere alone."""
    before = {each: changes.imported for each, changes in community.lists.items()}
    wrong = resting(community.active, before, {**before, name: True})
    if wrong:
        raise BadUse("U097", "source", rules=", ".join(wrong[:5]))


def resting(active: Active, before: Mapping[str, bool], after: Mapping[str, bool]) -> list[str]:
    """The rules that would rest on what came from elsewhere alone, once entries in the store have
    come from elsewhere as `after` says, and not as `before`.
    """
    known, then = imported(active.lists, before), imported(active.lists, after)
    wrong = []
    for rule in active.rules if then != known else ():
        named = {found[0] for found in map(asks, rule.atoms()) if found is not None}
        if named & (then - known):
            report = Report(rule.name)
            refuse.weak_evidence(report, rule.tree, rule.when, rule.unless, then)
            if any(problem.code == "R073" for problem in report.found):
                wrong.append(rule.name)
    return wrong
