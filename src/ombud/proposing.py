"""What stands against somebody weighs so much that a case opens and proposes something about their
account; or so little again that the case closes.

The settings are published (`[strikes]` in ombud.toml, part of the configuration), the weight
follows from the decisions alone (`strikes`). A case that opens is about the latest finding, and
whoever has it decides as in any other. No case changes a verdict, so this is no control. This
module must never do anything to an account.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ombud import strikes
from ombud.controls import judged
from ombud.effects import Change, Hands
from ombud.errors import BadUse
from ombud.review import opening
from ombud.transaction import Transaction

STRIKES = "strikes"  # the reason of such a case


@dataclass(frozen=True, slots=True)
class Reconsidered(Change):
    """Somebody (a token) was told of a decision, or of its end: what stands against them may have
    changed.
    """

    author: int


def _reconsidered(hands: Hands, tx: Transaction, change: Reconsidered, now: int) -> str:
    """The case that proposes something about them; empty where nothing does."""
    plan = hands.community.active.settings.strikes
    found = strikes.weighed(hands.store, change.author, plan, now)
    proposed = found.proposed
    known = hands.store.one("latest_case_of_reason", (change.author, STRIKES))
    if proposed is None:
        if known is not None and known[2] is None:
            judged.close(hands, known[0], now)
        return ""
    if known is not None and (known[2] is None or known[1] >= proposed.since):
        return str(known[0]) if known[2] is None else ""  # it is open, or a person has answered
    for about, clause in found.latest:
        try:
            return opening.about(hands, tx, about, clause, STRIKES, now)
        except BadUse:
            continue  # what it said is gone, or its clause: the one before
    return ""


CARRIED_OUT: Mapping[type[Change], Callable[..., bool | str]] = {Reconsidered: _reconsidered}
