"""What of many decided texts may teach: one of each author and answer, one of those nearly alike.

Whoever gets a hundred posts restored, or posts one text from a hundred accounts, teaches as much as
whoever did so once. Where people answered differently about texts that are nearly alike, none of
them teaches. Which one of several is taken is drawn by the digests of the texts, so that neither
the first nor the last word of somebody counts, and the same decisions give the same model. This
module must never look at what a text says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from ombud.learn.gather import Example, Gathered

SAID = (
    "Of each author at most one text that broke the clause and one that did not is used.",
    "Of texts that are nearly alike one is used; none where people answered differently.",
    "Nobody checked the answers: of answers turned round a model looks as good as of right ones.",
)


def capped(found: Gathered, clusters: Sequence[int]) -> list[Example]:
    """The examples that may teach, by record; the others are counted in `found`. `clusters` gives
    each example's group of those nearly alike.
    """
    answers: dict[int, set[bool]] = {}
    for example, cluster in zip(found.examples, clusters, strict=True):
        answers.setdefault(cluster, set()).add(example.breaks)
    clear = []
    for example, cluster in zip(found.examples, clusters, strict=True):
        if len(answers[cluster]) > 1:
            found.leave("contradictory")
        else:
            clear.append((cluster, example))
    one_each = _first(clear)
    found.leave("nearly_alike", len(clear) - len(one_each))
    people = _first(
        ((each.author, each.breaks) if each.author is not None else each.seq, each)
        for each in one_each
    )
    found.leave("same_author", len(one_each) - len(people))
    return sorted(people, key=lambda each: each.seq)


def _first(keyed: Iterable[tuple[object, Example]]) -> list[Example]:
    """One example for each key: drawn by the digest of its text, of equal ones the newest."""
    taken: dict[object, tuple[bytes, Example]] = {}
    for key, example in keyed:
        lot = hashlib.sha256(example.text.encode(errors="replace")).digest()
        if key not in taken or (lot, -example.seq) < (taken[key][0], -taken[key][1].seq):
            taken[key] = (lot, example)
    return [example for _, example in taken.values()]
