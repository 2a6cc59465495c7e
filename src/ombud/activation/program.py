"""What of this program can change a verdict, and whether it is what a recorded verdict rested on.

A configuration names the versions of what its rules read, of nothing else: a signal that no rule
asks about is no part of it, so that a program with one signal more still judges the past. The
tables (Unicode, look-alikes and how they are undone, suffixes) and Python's minor version stand
under every text and are always named. This module must never look at an operator's text.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from typing import Any

from ombud.rules import phrases
from ombud.rules.checked import CheckedRule
from ombud.signals import drawn_letters, language, links, lookalike, views
from ombud.signals.declare import EARLIER, Counter

REGISTERS = ("signals", "counters", "with", "memories", "learned", "repeats")
# named where a rule reads of them: manifests had none at first
_LATER = frozenset({"memories", "learned", "repeats"})
CAMPAIGN = 1  # what `campaign` means: earlier members too; named where a rule acts on one
ONCE = 1  # a room is asked for something once, while it lasts; named where a rule acts on a room
_FIRST = {
    "phrases": 1,
    "likeness": 1,
    "skeleton": 1,
}  # not named by manifests written before it was


def named(rules: Iterable[CheckedRule]) -> dict[str, Any]:
    """What of this program some rules rest on, with its versions."""
    rules = tuple(rules)
    read: dict[str, dict[str, int]] = {name: {} for name in REGISTERS}
    for rule in rules:
        for atom in rule.atoms():
            for fact in atom.facts:
                for register, name, version in fact.rests_on:
                    read[register][name] = version
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "unicode": views.UNICODE,
        "confusables": views.TABLE_DIGEST,
        "skeleton": drawn_letters.VERSION,
        "suffixes": links.table_digest(),
        "phrases": phrases.VERSION,
        **{
            name: dict(sorted(found.items()))
            for name, found in read.items()
            if found or name not in _LATER
        },
        **({"likeness": lookalike.VERSION} if any(rule.likens for rule in rules) else {}),
        **({"language": language.MODEL_DIGEST} if language.NAME in read["signals"] else {}),
        **({"campaign": CAMPAIGN} if any(rule.on_campaign for rule in rules) else {}),
        **({"once": ONCE} if any(rule.on_room for rule in rules) else {}),
    }


def earlier(recorded: Mapping[str, Any]) -> frozenset[str]:
    """The words that a recorded manifest names in the version before, which is still known."""
    return frozenset(
        name
        for name, meant in EARLIER.items()
        for register in ("counters" if isinstance(meant, Counter) else "with",)
        if recorded.get(register, {}).get(name) == meant.version
    )


def otherwise(rules: Iterable[CheckedRule], recorded: Mapping[str, Any]) -> tuple[str, ...]:
    """What these rules rest on that is not as a recorded manifest names it; mostly nothing.

    `recorded` may name more than the rules read: the first programs named all they had.
    """
    found = []
    for name, here in named(rules).items():
        then = recorded.get(name, _FIRST.get(name))
        if name not in REGISTERS:
            if then != here:
                found.append(name)
            continue
        found += [each for each, version in here.items() if (then or {}).get(each) != version]
    return tuple(found)
