"""The hits of one rule version, read from the journal for a certificate to be drawn from.

A population is all hits of the version that can still be shown: of the live stream, by a known
author, with their bodies there. Each stands with who wrote it, which texts it is nearly the same
as, and in which language, so that one of each author and text is drawn, and languages can be told
apart. It is read beside the writer, which bodies, clusters and languages would hold up, and joined
to the journal by a control. This module must never leave out a hit for what it says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ombud import journal
from ombud.clock import DAY
from ombud.gate import sample
from ombud.journal import Record
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.windows import BEGINNING, Clusters

HITS_MAX = 10_000  # the newest hits that are looked at
STEP = 2000  # rows read in one short transaction
TRIES = 8  # records looked at for each other one that is wanted
LIVE = ""  # the timeline of what happens now


class Found(NamedTuple):
    """A hit that can be shown. `author` is a token, `cluster` the record its text is likest to."""

    seq: int
    recv: int
    author: int
    cluster: int
    lang: str


@dataclass(frozen=True, slots=True)
class Population:
    """The hits of one rule version up to record `until`, in the order of the journal."""

    rule: str
    version: str
    until: int
    hits: tuple[Found, ...]

    @property
    def days(self) -> int:
        """Whole days between the first hit and the last."""
        received = [each.recv for each in self.hits]
        return (max(received) - min(received)) // DAY if received else 0


class _Manifest(msgspec.Struct):
    rules: dict[str, tuple[str, str]]


class _Config(msgspec.Struct):
    """Of an activation, which rules were in force; all else is passed over."""

    manifest: _Manifest


class Versions:
    """Which rules each configuration had, by the record of its activation."""

    def __init__(self, store: Store) -> None:
        self._rules = {
            seq: msgspec.json.decode(payload, type=_Config).manifest.rules
            for seq, _, payload in store.each("controls", ("!config",))
        }
        self._names = {seq: sorted(rules) for seq, rules in self._rules.items()}  # as plans do

    def has(self, config: int, rule: str, version: str) -> bool:
        """Whether a version of a rule was judged under a configuration."""
        found = self._rules.get(config, {}).get(rule)
        return found is not None and found[0] == version

    def named(self, config: int, rules: Collection[int]) -> set[str]:
        """The names of rules, which rows have by number."""
        names = self._names[config]
        return {names[each] for each in rules}


def beside(store_file: Path, key_file: Path, rule: str, version: str) -> Population:
    """The same as `read`, beside whoever writes to these files."""
    store = Store(store_file, readonly=True)
    keys = KeyFile(key_file, readonly=True)
    try:
        return read(store, keys, rule, version)
    finally:
        store.close()
        keys.close()


def read(store: Store, keys: KeyFile, rule: str, version: str) -> Population:
    """All hits of a version that can be shown, the newest HITS_MAX of them."""
    head = store.one("last_record")
    until = (head and head[0]) or 0
    seqs = list(_hits(store, rule, version, until))[-HITS_MAX:]
    clusters = Clusters()
    found = []
    for seq in seqs:
        record = record_of(store, seq)
        seen = None if record is None else journal.reread(keys, record)
        if record is None or seen is None or not record.author:
            continue
        text, cluster = seen.shingles, seq
        if text is not None:
            joined = clusters.join(text, seq, BEGINNING)
            cluster = joined.keys[0] if joined.keys else seq
            clusters.keep(joined.keys, text, record.recv, seq)
        found.append(Found(seq, record.recv, record.author, cluster, seen.language or ""))
    return Population(rule, version, until, tuple(found))


def _hits(store: Store, rule: str, version: str, until: int) -> Iterator[int]:
    """The records of the live stream on which a version of a rule fired."""
    versions = Versions(store)
    after = 0
    while after < until:
        for seq, config, hits in store.all(
            "hits_live", {"after": after, "until": min(until, after + STEP)}
        ):
            fired, _, _ = journal.unpack_hits(hits)
            if versions.has(config, rule, version) and rule in versions.named(config, fired):
                yield seq
        after += STEP


def record_of(store: Store, seq: int) -> Record | None:
    """A journal row with its body."""
    row = store.one("records", {"after": seq - 1, "until": seq})
    return None if row is None else Record(*row)


def numbered(hits: Collection[Found]) -> Mapping[str, Any]:
    """The hits as a control carries them: authors, texts and languages as numbers that mean
    something within this control only.
    """
    authors: dict[int, int] = {}
    clusters: dict[int, int] = {}
    languages: dict[str, int] = {}
    rows = [
        [
            each.seq,
            authors.setdefault(each.author, len(authors)),
            clusters.setdefault(each.cluster, len(clusters)),
            languages.setdefault(each.lang, len(languages)),
        ]
        for each in hits
    ]
    return {"hits": rows, "languages": list(languages)}


def others(
    store: Store,
    rule: str,
    version: str,
    kinds: Collection[str],
    seed: bytes,
    reach: tuple[int, int],
    wanted: int,
) -> list[int]:
    """Records that a version of a rule judged and did not hit, drawn by a seed among those after
    one record and up to another (`reach`); fewer where there are few.
    """
    after, until = reach
    versions = Versions(store)
    found: dict[int, None] = {}
    for number in range(wanted * TRIES if until > after else 0):
        seq = after + 1 + sample.draw(seed, f"other {after}", number) % (until - after)
        record = None if seq in found else record_of(store, seq)
        if record is not None and _quiet(versions, record, rule, version, kinds):
            found[seq] = None
            if len(found) == wanted:
                break
    return list(found)


def _quiet(
    versions: Versions, record: Record, rule: str, version: str, kinds: Collection[str]
) -> bool:
    """Whether a record can stand among the hits as one that is none."""
    if record.timeline != LIVE or record.kind not in kinds or record.sealed is None:
        return False
    if not versions.has(record.config, rule, version):
        return False
    fired, unknown, _ = journal.unpack_hits(record.hits)
    return rule not in versions.named(record.config, [*fired, *unknown])
