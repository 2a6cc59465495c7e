"""What is kept of how the public log is vouched for: by which key, and by whom outside.

Two changes through the one writer: the log is given over to another key or another log (a line in
the log, a note that both keys signed), and witnesses have answered. This module must never sign a
checkpoint, and never keep a cosignature that it has not checked.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ombud.controls import staff
from ombud.effects import Change, Hands
from ombud.errors import BadLedger, BadUse, catalogue
from ombud.ledger import checkpoint, cosignature, handover, leaf, note, policy, tree
from ombud.ledger.checkpoint import Checkpoint
from ombud.staff.people import ADMIN
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.transaction import Transaction

catalogue(
    U360=(
        "The log is already called {origin}.",
        "Name another one, that no log of yours has had.",
    ),
    U361=(
        "No log can be called {origin}.",
        "A name is a URL without its scheme, and has no spaces and no plus sign.",
    ),
    L083=(
        "The key file does not hold the key that signs this log: nothing was signed.",
        "Put back the newest ombud.keys; `ombud ledger succeed` begins a new log if it is lost.",
    ),
)

KEY = "ledger"  # of the first signing key in the key file; later ones have their id behind it
SIGNED = "signed"  # where the key file remembers the last checkpoint: it is in no backup
DETAIL_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class HandedOver(Change):
    """The log is given over to a new key; with `origin` to a new log of that name."""

    origin: str = ""
    by: str | int = ADMIN


@dataclass(frozen=True, slots=True)
class Told:
    """What one witness answered: its name in the policy, how much of the log it has confirmed as
    far as is known, one of STATES, a few words, and its checked signature line if it gave one.
    """

    name: str
    size: int
    state: str
    detail: str = ""
    line: str = ""


STATES = ("cosigned", "unreachable", "refused", "conflict", "ahead", "bad answer")


@dataclass(frozen=True, slots=True)
class Cosigned(Change):
    """Witnesses have answered about the signed checkpoint `note`, under a policy's text."""

    note: bytes
    policy: bytes
    told: tuple[Told, ...]


def signer(store: Store, keys: KeyFile) -> note.Signer:
    """The key that signs the log now, under the log's name. Raises `BadLedger` L083 where the key
    file does not have it.
    """
    head, row = store.one("head"), store.one("last_handover")
    assert head is not None  # a store in use has one  # noqa: S101
    origin, name, expected = head[7], KEY, None
    if row is not None:
        expected = handover.read(row[1]).new
        name = f"{KEY} {expected.key_id.hex()}"
    try:
        own = note.Signer(origin, keys.key(name))
    except LookupError:
        raise BadLedger("L083") from None
    if expected is not None and own.key != expected:
        raise BadLedger("L083")
    return own


def last_signed(store: Store, keys: KeyFile) -> Checkpoint | None:
    """The last checkpoint that was signed, as the key file remembers it, else the store."""
    try:
        return checkpoint.parse(keys.key(SIGNED).decode())
    except LookupError:
        head = store.one("head")
        return Checkpoint(head[7], head[8], head[9]) if head and head[9] is not None else None


def _handed_over(hands: Hands, tx: Transaction, change: HandedOver, _: int) -> bool:
    store, keys = hands.store, hands.keys
    staff.require(hands.community, keys, change.by, "keys")
    head, row = store.one("head"), store.one("last_handover")
    assert head is not None  # a store in use has one  # noqa: S101
    if change.origin and not note.is_key_name(change.origin):
        raise BadUse("U361", "origin", origin=repr(change.origin)[:100])
    had = {head[7], *(handover.read(each[1]).old.name for each in store.all("handovers"))}
    if change.origin in had:
        raise BadUse("U360", "origin", origin=change.origin)
    new = note.Signer(change.origin or head[7], secrets.token_bytes(note.SEED_BYTES))
    old, old_key = _old(store, keys)
    last = last_signed(store, keys)
    if last is None or last.origin != old_key.name:  # nothing signed, or a store of before it
        last = Checkpoint(old_key.name, 0, tree.EMPTY_ROOT)
        nothing = Checkpoint(new.name, 0, tree.EMPTY_ROOT)
        keys.keep(SIGNED, checkpoint.encode(nothing).encode())
    given = handover.Handover(old_key, new.key, last)
    signed = handover.sign(given, old, new)
    keys.keep(f"{KEY} {new.key.key_id.hex()}", new.seed)  # durable before what names it
    salt = secrets.token_bytes(leaf.SALT_BYTES)
    number = row[0] + 1 if row else 1
    store.run("add_handover", (number, tx.leaves, signed, salt))
    store.run("forget_signed_heads")
    if given.succession:
        store.run("new_log", {"origin": new.name})
        store.run("witnesses_anew")
    tx.leaf(
        "handover",
        leaf.commitment(salt, signed),
        version=last.root.hex(),
        outcome=given.kind,
    )
    return True


def _old(store: Store, keys: KeyFile) -> tuple[note.Signer | None, note.VerifierKey]:
    """The key that signed until now; without its private half where the key file lacks it."""
    try:
        own = signer(store, keys)
    except BadLedger:
        row = store.one("last_handover")
        if row is None:
            raise
        return None, handover.read(row[1]).new
    return own, own.key


def _cosigned(hands: Hands, tx: Transaction, change: Cosigned, now: int) -> bool:  # noqa: ARG001
    """Keep what witnesses answered; their lines stand in the checkpoint as long as it is the
    latest.
    """
    row = hands.store.one("signed_head")
    trust = policy.parse(change.policy)
    for each in change.told:
        known = {"name": each.name, "size": each.size, "state": each.state, "asked": now}
        hands.store.run("keep_witness", {**known, "detail": each.detail[:DETAIL_LENGTH_MAX]})
    lines = [each.line for each in change.told if each.line]
    if row is None or note.split(row[1])[0] != note.split(change.note)[0]:
        return False  # another head was signed meanwhile
    signed = cosignature.added(row[1], lines)
    attested = trust.attested(signed)
    kept = {"size": row[0], "note": signed, "witnesses": str(attested)}
    hands.store.run("keep_signed_head", {**kept, "kind": "latest"})
    if attested.quorum:
        hands.store.run("keep_signed_head", {**kept, "kind": "attested"})
    return True


CARRIED_OUT: Mapping[type[Change], Callable[..., bool | str]] = {
    HandedOver: _handed_over,
    Cosigned: _cosigned,
}
