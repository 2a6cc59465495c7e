"""The checked claims of a configuration: part of it only where one of its rules asks about them.

A community whose rules do not can import what it likes: its configuration stays the same one. This
module must never read a file: `config` does, and the journal does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from ombud.activation import models
from ombud.config import Sources
from ombud.rules.checked import CheckedRule
from ombud.signals.factchecks.claim import read_lines
from ombud.signals.factchecks.index import Index

INDEXES_KEPT = 2  # a reload and a replay go through many configurations with the same claims

_known: dict[tuple[str, ...], Index] = {}


def read_by(rules: Iterable[CheckedRule], sources: Sources) -> Mapping[str, bytes]:
    """The files of claims that some rules rest on: all of them, or none."""
    return sources.claims if any(rule.reads_claims for rule in rules) else {}


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """What each file is kept under: SHA-256, in hex."""
    return {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}


def contents(
    lists: Mapping[str, bytes], claims: Mapping[str, bytes], trained: Mapping[str, models.Kept]
) -> dict[str, bytes]:
    """What the store keeps of a configuration beside its texts: lists, claims and models, by their
    digests.
    """
    kept = {hashlib.sha256(each).hexdigest(): each for each in (*lists.values(), *claims.values())}
    return kept | {each.digest: each.content for each in trained.values()}


def index(files: Mapping[str, bytes]) -> Index | None:
    """The index of some files; None of none. The same files give the same one again."""
    if not files:
        return None
    key = tuple(digests(files).values())
    found = _known.pop(key, None)
    if found is None:
        found = Index(claim for name in sorted(files) for claim in read_lines(files[name]).claims)
        while len(_known) >= INDEXES_KEPT:
            del _known[next(iter(_known))]
    _known[key] = found
    return found
