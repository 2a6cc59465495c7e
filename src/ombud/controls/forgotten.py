"""Which models the store lets go of: those out of force that an erased text may have trained.

A model holds weights of hashed words, no text; but a rare word of one person can be told from them.
While rules ask a model it stays, and `ombud learn list` says that it should be trained anew. Once
another one stands in its place it goes, if anything was erased that is older than its activation:
which texts it was trained on is written down nowhere, so whatever can have been one of them counts.
Its records are judged from their facts then. This module must never let go of a model in force.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ombud import journal
from ombud.activation.active import Active
from ombud.store.sqlite import Store


def models(store: Store, active: Active, erased: Collection[int] = ()) -> list[str]:
    """The digests of the models to let go of once `active` is in force and `erased` are gone too,
    in order.
    """
    latest: dict[str, int] = {}
    for seq, _, payload in store.all("controls", ("!config",)):
        for digest in trained(journal.read_json(payload)).values():
            latest[digest] = seq
    kept = set(active.manifest.get("models", {}).values())
    gone = latest.keys() - kept
    if not gone:
        return []
    oldest = min((*erased, *_erased(store)), default=None)
    return sorted(each for each in gone if oldest is not None and oldest < latest[each])


def trained(payload: Mapping[str, object]) -> Mapping[str, str]:
    """The models of a recorded activation: digests by clause."""
    manifest = payload.get("manifest")
    found = manifest.get("models") if isinstance(manifest, dict) else None
    return found if isinstance(found, dict) else {}


def forget(store: Store, digests: Iterable[str]) -> None:
    """Let go of them, inside a transaction."""
    store.many("forget_content", [(digest,) for digest in digests])


def _erased(store: Store) -> Iterable[int]:
    """The oldest record of every erasure."""
    for _, _, payload in store.all("controls", ("!erasure",)):
        seqs = journal.read_json(payload)["seqs"]
        if seqs:
            yield min(seqs)
