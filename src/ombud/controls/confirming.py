"""Somebody says that this machine's clock is right, after it was found far ahead.

What ends by its age from then on goes for good, and the journal is dated by it: so who said it
stands there, and how far ahead the clock was. This module must never believe a clock by itself.
"""

from __future__ import annotations

from ombud.controls import staff
from ombud.effects import Effect, Group, Hands
from ombud.journal import Control

PERMISSION = "keys"


def asked(by: str | int, ahead: int) -> Control:
    """The control of a clock confirmed by somebody; `ahead`: by how many microseconds it was."""
    return Control("clock", {}, {"by": by, "ahead": ahead})


def confirm(hands: Hands, _: Group, control: Control) -> Effect:
    """Keep who says so. Raises BadUse as `staff.require`."""
    by = staff.require(hands.community, hands.keys, control.sealed["by"], PERMISSION)
    return Effect({"by": by, "ahead": control.sealed["ahead"]}, touched=1)
