"""What a connector says it can do: from the operator's settings to a published table.

This module must never promise more than the operator wrote down.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ombud.actions import BEFORE
from ombud.errors import BadUse, catalogue
from ombud.model import MATRIX_ACTIONS, Capability
from ombud.rules.vocabulary import ACTIONS

catalogue(
    U032=(
        "A platform has no action called {action}.",
        "The actions of a platform are: {actions}.",
    ),
)

# An alert opens a case inside Ombud: no platform is asked for it.
PLATFORM_ACTIONS = tuple(name for name in ACTIONS if name != "alert")


def of_webhooks(
    actions: Mapping[str, Literal["exact", "partial", "none"]], where: str = "actions"
) -> Mapping[str, Capability]:
    """The capabilities of a platform behind webhooks, weakest action first.

    `actions`: how well the platform undoes each; empty: everything, exactly. Raises BadUse U032
    for what is no action of a platform.
    """
    for name in actions:
        if name not in PLATFORM_ACTIONS:
            raise BadUse("U032", where, action=repr(name), actions=", ".join(PLATFORM_ACTIONS))
    return {
        name: Capability(
            done="before" if name in BEFORE else "after",
            undo=actions[name] if actions else "exact",
            notice="webhook",
        )
        for name in PLATFORM_ACTIONS
        if not actions or name in actions
    }


def of_matrix() -> Mapping[str, Capability]:
    """The capabilities of a Matrix homeserver, weakest action first.

    A message can wait only before it is there: later it could be taken away and never come back.
    """
    return {
        name: Capability(
            done="before" if name == "hold" else "after",
            undo=MATRIX_ACTIONS[name],
            notice="server notice or direct message",
        )
        for name in PLATFORM_ACTIONS
        if name in MATRIX_ACTIONS
    }
