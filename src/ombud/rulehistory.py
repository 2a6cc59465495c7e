"""Every version of a rule that was in force, from the activations in the journal.

What a rule said, in which mode, since when, and who put it in force. Only what changed the rule is
a version of it: another description or other examples are no activation, and are not there. This
module must never read the operator's files.
"""

from __future__ import annotations

import difflib
from typing import NamedTuple

import msgspec

from ombud import rulefiles
from ombud.staff import people
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

VERSIONS_MAX = 500  # the latest ones
COMPARED_MAX = 1500  # lines of two versions that are held against each other
AROUND = 3  # lines shown around a change


class Version(NamedTuple):
    """A rule from one activation on. `seq` is that record, `at` its instant; `by` who it was, None
    once erased and "" where the journal does not say. No version: from there on it was a draft, or
    no rule at all.
    """

    seq: int
    at: int
    version: str
    mode: str
    text: str
    by: str | None


class _Sources(msgspec.Struct, frozen=True):
    rules: dict[str, str] = {}


class _Manifest(msgspec.Struct, frozen=True):
    rules: dict[str, list[str]] = {}


class _Activation(msgspec.Struct, frozen=True):
    """Of an activation, what concerns a rule; all else is passed over."""

    sources: _Sources = _Sources()
    manifest: _Manifest = _Manifest()
    by: int | str = ""


def of(store: Store, keys: KeyFile, rule: str) -> list[Version]:
    """The versions of a rule, the one in force now first; at most VERSIONS_MAX."""
    found: list[Version] = []
    last = ("", "")
    for seq, recv, payload in store.each("controls", ("!config",)):
        told = msgspec.json.decode(payload, type=_Activation)
        version, mode = told.manifest.rules.get(rule, ("", ""))[:2]
        if (version, mode) == last:
            continue
        last = (version, mode)
        texts = told.sources.rules.values() if version else ()
        text = next((each for each in texts if rulefiles.called(each) == rule), "")
        by = told.by if isinstance(told.by, str) else people.name_of(keys, told.by)
        found.append(Version(seq, recv, version, mode, text, by))
        del found[:-VERSIONS_MAX]
    return found[::-1]


def changes(before: str, after: str) -> list[tuple[str, str]] | None:
    """The lines of two texts that differ, with those around them, each with its sign: "+", "-",
    " ", and "@" between two places. None where both are too long to be compared.
    """
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > COMPARED_MAX:
        return None
    told = difflib.unified_diff(old, new, lineterm="", n=AROUND)
    return [(line[0], line[1:]) for line in list(told)[2:]]
