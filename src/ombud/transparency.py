"""What the public may see: the log's files, derived after commit and derivable again; receipts.

Before a checkpoint is signed, the log must extend every head that is known to have been signed: the
store's, the key file's (which no backup holds) and the one among the public files. Entries and
tiles are written before the checkpoint that covers them. This module must never write to the store
anything but what was signed, and never sign what it has not compared.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from ombud import files
from ombud.attestations import SIGNED, last_signed, signer
from ombud.errors import BadData, BadLedger, BadUse, OmbudError, catalogue
from ombud.ledger import checkpoint, handover, note, policy, receipt, tiles, tree
from ombud.ledger.checkpoint import Checkpoint
from ombud.ledger.policy import SELF_ATTESTED
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

catalogue(
    L080=(
        "The log does not extend what was signed before: nothing is signed.",
        "This looks like an older backup. Put back the newest one, or see `ombud ledger succeed`.",
    ),
    L082=(
        "The public files do not give the root of the log: nothing was signed.",
        "Remove the folder of the public log; it is written anew from the store.",
    ),
    U362=(
        "The line of {decision} in the public log is not under a signed head yet.",
        "Heads are signed once an hour, or now: `ombud ledger publish`.",
    ),
)

FOLDER = "ledger"
VKEY_FILE = "vkey"
FILE_BYTES_MAX = tiles.WIDTH * (2 + tiles.MAX_ENTRY_BYTES)  # the largest: a full bundle of entries
RECEIPT_SUFFIX = ".tlog-proof"


# --- signing --------------------------------------------------------------------------------------


def publish(
    store: Store,
    keys: KeyFile,
    folder: Path,
    fault: Callable[[str], None],
    trust: bytes = b"",
) -> Checkpoint:
    """Bring the public files up to the last commit and sign the new head.

    The files follow the store: killed anywhere (`fault`), the next run writes the same ones again.
    `trust` is the text of the operator's policy of witnesses, if there is one.
    """
    head = _head(store)
    leaves, edge = head[5], tree.Frontier.decode(head[6])
    own = signer(store, keys)
    _set_aside(store, own.name, folder)
    read = partial(read_file, folder)
    _require_extension(store, keys, own, folder)
    for path, content in tiles.files_between(
        head[8] if (folder / checkpoint.PATH).exists() else 0,
        leaves,
        lambda start, end: _entries(store, start, end),
        read,
    ):
        write(folder / path, content)
    fault("tiles written")
    if tiles.root_of_tiles(leaves, read) != edge.root():
        raise BadLedger("L082", str(folder))
    signed = Checkpoint(own.name, leaves, edge.root())
    # First where no backup reaches it: what may have been seen outside must never be forgotten.
    keys.keep(SIGNED, checkpoint.encode(signed).encode())
    latest = checkpoint.sign(signed, own)
    row = store.one("signed_head")
    if row is None or note.split(row[1])[0] != note.split(latest)[0]:
        store.run(
            "keep_signed_head",
            {"kind": "latest", "size": leaves, "note": latest, "witnesses": SELF_ATTESTED},
        )
    show(store, own.key, folder, trust)
    fault("checkpoint written")
    store.run("publish", {"size": leaves, "root": signed.root})
    return signed


def show(store: Store, key: note.VerifierKey, folder: Path, trust: bytes = b"") -> None:
    """Write what changes among the public files: the latest signed head with the cosignatures it
    has by now, the key, how the log came to it, and the policy of witnesses.
    """
    row = store.one("signed_head")
    if row is None:
        return
    for number, signed, _ in store.all("handovers"):
        _write_changed(folder / handover.path(number), signed)
    if trust:
        _write_changed(folder / policy.FILE, trust)
    else:
        (folder / policy.FILE).unlink(missing_ok=True)
    _write_changed(folder / VKEY_FILE, key.encode().encode() + b"\n")
    write(folder / checkpoint.PATH, row[1])


def refusal(store: Store, keys: KeyFile, folder: Path) -> OmbudError | None:
    """Why nothing would be signed at present; None where nothing stands against it."""
    try:
        _require_extension(store, keys, signer(store, keys), folder)
    except OmbudError as error:
        return error
    return None


def _head(store: Store) -> Row:
    head = store.one("head")
    assert head is not None  # a store in use has one  # noqa: S101
    return head


def _entries(store: Store, start: int, end: int) -> list[bytes]:
    """The entries of a range, each as its stored hash has it. Raises BadData D008 otherwise."""
    rows = store.all("leaves", (start, end))
    for position, (entry, hashed) in enumerate(rows, start):
        if not isinstance(entry, bytes) or tree.leaf_hash(entry) != hashed:
            raise BadData(
                "D008", str(store.path), detail=f"entry {position} of the public log was changed"
            )
    return [row[0] for row in rows]


def _known(store: Store, keys: KeyFile, own: note.Signer, folder: Path) -> list[Checkpoint]:
    """The heads of this log that were signed, shortest first. Raises L080 where the key file
    remembers another log's, L083 where another key signed.
    """
    head, row = _head(store), store.one("last_handover")
    known = [Checkpoint(own.name, head[8], head[9])] if head[9] is not None else []
    given = handover.read(row[1]) if row else None
    if given and given.last.origin == own.name:
        known.append(given.last)
    remembered = last_signed(store, keys)
    if remembered is not None and remembered.origin == own.name:
        known.append(remembered)
    elif remembered is not None and (given is None or given.last != remembered):
        raise BadLedger("L080", checkpoint.PATH)
    latest, public = store.one("signed_head"), read_file(folder, checkpoint.PATH)
    try:
        if latest is not None:
            checkpoint.verify(latest[1], own.key)
    except BadLedger:
        raise BadLedger("L083") from None
    try:
        if public is not None:
            known.append(checkpoint.verify(public, own.key))
    except BadLedger:  # a file that somebody spoilt, or of before a handover: it is written anew
        pass
    return sorted(set(known), key=lambda each: each.size)


def _require_extension(store: Store, keys: KeyFile, own: note.Signer, folder: Path) -> None:
    """The log of today must extend every head that was signed. Raises `BadLedger` L080.

    What the public tiles prove of a signed root need not be read again: the edge of the tree at the
    longest such head is taken from them, and the stored hashes since then must lead from it to the
    tree of today.
    """
    head, known = _head(store), _known(store, keys, own, folder)
    wrong = BadLedger("L080", checkpoint.PATH)
    if known and known[-1].size > head[5]:
        raise wrong
    read = partial(read_file, folder)
    edge, proven = _edge_of_tiles(known, read)
    nodes = tiles.tile_nodes(proven, read)
    for each in known:
        if each.size < proven:
            if (
                tree.range_root(0, each.size, nodes) if each.size else tree.EMPTY_ROOT
            ) != each.root:
                raise wrong
            continue
        _extend(store, edge, each.size)
        if edge.root() != each.root:
            raise wrong
    _extend(store, edge, head[5])
    if edge.root() != tree.Frontier.decode(head[6]).root():
        raise wrong


def _edge_of_tiles(
    known: Iterable[Checkpoint], read: tiles.FileReader
) -> tuple[tree.Frontier, int]:
    """The edge of the longest known head that the public tiles give, and its size; an empty one
    where they give none.
    """
    for each in sorted(known, key=lambda each: -each.size):
        try:
            edge = tree.Frontier.at(each.size, tiles.tile_nodes(each.size, read))
        except BadLedger:
            continue
        if edge.root() == each.root:
            return edge, each.size
    return tree.Frontier(), 0


def _extend(store: Store, edge: tree.Frontier, size: int) -> None:
    """Lengthen an edge by the stored hashes up to a size."""
    for start in range(edge.size, size, 4096):
        edge.extend(row[1] for row in store.all("leaves", (start, min(start + 4096, size))))


def _set_aside(store: Store, origin: str, folder: Path) -> None:
    """Move the public files of the log that this one succeeds: nothing of them is overwritten."""
    public, row = read_file(folder, checkpoint.PATH), store.one("last_handover")
    given = handover.read(row[1]) if row else None
    if public is None or given is None or not given.succession:
        return
    first = public.split(b"\n", 1)[0]
    if first == given.old.name.encode() and given.old.name != origin:
        assert row is not None  # noqa: S101
        folder.rename(folder.with_name(f"{folder.name}-before-{row[0]}"))


# --- receipts -------------------------------------------------------------------------------------


def receipt_of(store: Store, folder: Path, decision: str, leaf: int) -> bytes:
    """The `.tlog-proof` of a line: under the last head that a quorum of witnesses confirmed, else
    under the latest. Raises BadUse U362 where no signed head covers it yet.
    """
    row = store.one("head_over", (leaf,))
    if row is None:
        raise BadUse("U362", decision, decision=decision)
    size, signed, _ = row
    nodes = tiles.tile_nodes(size, partial(read_file, folder))
    entry = _entries(store, leaf, leaf + 1)[0]
    return receipt.encode(receipt.of_entry(leaf, entry, size, nodes, signed))


def witnesses_of(store: Store, leaf: int) -> str:
    """Who outside confirmed the head under which a line is proven, as people are told: "none: ..."
    without a quorum.
    """
    row = store.one("head_over", (leaf,))
    return SELF_ATTESTED if row is None else str(row[2])


# --- files ----------------------------------------------------------------------------------------


def policy_of(folder: Path) -> bytes:
    """The text of a data folder's policy of witnesses, empty where there is none. Raises
    `BadLedger` L024 or L010 where it is none.
    """
    path = folder / policy.FILE
    if not path.exists():
        return b""
    content = files.content(path, policy.MAX_BYTES)
    policy.parse(content)
    return content


def read_file(folder: Path, path: str) -> bytes | None:
    """A public file; None where there is none that could be one."""
    try:
        return files.content(folder / path, FILE_BYTES_MAX)
    except BadData:
        return None


def _write_changed(path: Path, content: bytes) -> None:
    if read_file(path.parent, path.name) != content:
        write(path, content)


def write(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the machine stops."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
