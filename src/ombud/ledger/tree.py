"""The Merkle tree of RFC 6962 and RFC 9162 over SHA-256: roots, and proofs about them.

A proof is checked exactly as the RFC says and either holds or raises `BadLedger`; this module
must never answer "true" for a proof it could not follow to the end. A *node* is a complete
subtree: `(level, index)` covers the entries `index * 2**level` up to `(index + 1) * 2**level`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from ombud.errors import BadLedger, catalogue

HASH_BYTES = 32
MAX_SIZE = (1 << 63) - 1  # entries; what SQLite can count
EMPTY_ROOT = sha256(b"").digest()
MAX_PROOF = 64  # hashes; the longest proof for a log of MAX_SIZE entries

NodeReader = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree `(level, index)`."""

catalogue(
    L001=(
        "Entry {index} is not in a log of {size} entries.",
        "The first entry has the index 0, the last one less than the size.",
    ),
    L002=("{size} is not the size of a log.", "A size is a whole number from 0 to {limit}."),
    L003=(
        "A log of {second} entries cannot continue one of {first} entries.",
        "A log only grows. Ask its operator why entries are missing.",
    ),
    L004=("The proof holds too many hashes for these sizes.", "Get the proof again."),
    L005=("The proof holds too few hashes for these sizes.", "Get the proof again."),
    L006=(
        "The proof does not lead to the root of the log.",
        "The entry, the proof or the root was changed. Keep all three as evidence.",
    ),
    L007=(
        "The longer log does not contain the shorter one unchanged.",
        "Keep both checkpoints: together they prove that the log was rewritten.",
    ),
    L008=("A hash is {size} bytes long instead of 32.", "Get the file or the proof again."),
    L009=(
        "The stored edge of the tree does not have the length that its size demands.",
        "It is derived from the entries: derive it again.",
    ),
)


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry (RFC 9162, 2.1.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (RFC 9162, 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def fold(hashes: bytes) -> bytes:
    """The root of a complete subtree from its 2**k bottom hashes, joined (k >= 0)."""
    while len(hashes) > HASH_BYTES:
        hashes = b"".join(
            [
                sha256(b"\x01" + hashes[at : at + 2 * HASH_BYTES]).digest()
                for at in range(0, len(hashes), 2 * HASH_BYTES)
            ]
        )
    return hashes


def check_size(size: int) -> None:
    """Refuse what cannot be a number of entries."""
    if not 0 <= size <= MAX_SIZE:
        raise BadLedger("L002", size=size, limit=MAX_SIZE)


class Frontier:
    """The right edge of a growing tree: all that is needed to append and to know the root.

    It holds one hash per set bit of the size, the largest subtree first (a "compact range").
    Appending costs two hashes on average with the leaf's own. It changes in place: whoever may
    have to take an append back keeps a `copy`.
    """

    __slots__ = ("_nodes", "_size")

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._size = 0

    @property
    def size(self) -> int:
        """How many leaves were appended."""
        return self._size

    def copy(self) -> Frontier:
        """Another one with the same content; the two do not share anything that changes."""
        other = Frontier()
        other._nodes = self._nodes.copy()
        other._size = self._size
        return other

    def append(self, leaf: bytes) -> None:
        """Append one leaf hash (32 bytes)."""
        if len(leaf) != HASH_BYTES:
            raise BadLedger("L008", size=len(leaf))
        nodes, size = self._nodes, self._size
        while size & 1:  # each trailing one is a finished subtree that the new leaf completes
            leaf = sha256(b"\x01" + nodes.pop() + leaf).digest()
            size >>= 1
        nodes.append(leaf)
        self._size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append many leaf hashes, in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root over all leaves appended so far; `EMPTY_ROOT` for none."""
        if not self._nodes:
            return EMPTY_ROOT
        return _fold_edge(self._nodes)

    def encode(self) -> bytes:
        """As bytes to store: the size in 8 bytes, then the hashes; at most 2,024 bytes."""
        return self._size.to_bytes(8, "big") + b"".join(self._nodes)

    @classmethod
    def at(cls, size: int, nodes: NodeReader) -> Frontier:
        """The edge of the log of `size` entries, from a reader of its nodes."""
        check_size(size)
        frontier = cls()
        start = 0
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                frontier._nodes.append(nodes(level, start >> level))
                start += 1 << level
        frontier._size = size
        return frontier

    @classmethod
    def decode(cls, data: bytes) -> Frontier:
        """Read back what `encode` wrote. Raises `BadLedger` for anything else."""
        size = int.from_bytes(data[:8], "big")
        if len(data) < 8 or size > MAX_SIZE or len(data) != 8 + HASH_BYTES * size.bit_count():
            raise BadLedger("L009")
        frontier = cls()
        frontier._size = size
        frontier._nodes = [data[at : at + HASH_BYTES] for at in range(8, len(data), HASH_BYTES)]
        return frontier


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root of the tree over these leaf hashes."""
    frontier = Frontier()
    frontier.extend(leaf_hashes)
    return frontier.root()


def nodes_of(leaf_hashes: Sequence[bytes]) -> NodeReader:
    """A reader of nodes for a log small enough to hold all its leaf hashes in memory."""
    levels = [list(leaf_hashes)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(*below[at : at + 2]) for at in range(0, len(below) - 1, 2)])
    return lambda level, index: levels[level][index]


def range_root(start: int, end: int, nodes: NodeReader) -> bytes:
    """The root over the entries from `start` up to `end`, as it occurs in a tree's proofs.

    `start` must be a multiple of a power of two that is at least `end - start`, which holds for
    every range that RFC 9162 splits off; `end` must be larger than `start`.
    """
    pieces = []
    width = end - start
    for level in range(width.bit_length() - 1, -1, -1):
        if width >> level & 1:
            pieces.append(nodes(level, start >> level))
            start += 1 << level
    return _fold_edge(pieces)


def _fold_edge(pieces: Sequence[bytes]) -> bytes:
    """The root over complete subtrees of falling size; there is at least one."""
    root = pieces[-1]
    for piece in pieces[-2::-1]:
        root = sha256(b"\x01" + piece + root).digest()
    return root


def _split(width: int) -> int:
    """The largest power of two smaller than `width` (`width` is at least 2)."""
    return 1 << (width - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, nodes: NodeReader) -> tuple[bytes, ...]:
    """The proof that entry `index` is in the log of `size` entries (RFC 9162, 2.1.3.1)."""
    check_size(size)
    if not 0 <= index < size:
        raise BadLedger("L001", index=index, size=size)
    start, end = 0, size
    proof = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(range_root(middle, end, nodes))
            end = middle
        else:
            proof.append(range_root(start, middle, nodes))
            start = middle
    return tuple(reversed(proof))


def consistency_proof(first: int, second: int, nodes: NodeReader) -> tuple[bytes, ...]:
    """The proof that the log of `second` entries continues that of `first` (RFC 9162, 2.1.4.1).

    Empty when there is nothing to prove: for equal sizes and for `first` = 0.
    """
    _check_growth(first, second)
    if first in (0, second):
        return ()
    start, end = 0, second
    proof = []
    while end != first:
        middle = start + _split(end - start)
        if first <= middle:
            proof.append(range_root(middle, end, nodes))
            end = middle
        else:
            proof.append(range_root(start, middle, nodes))
            start = middle
    if start:  # otherwise this last piece is the first log itself, whose root the verifier has
        proof.append(range_root(start, end, nodes))
    return tuple(reversed(proof))


def _check_growth(first: int, second: int) -> None:
    check_size(first)
    check_size(second)
    if first > second:
        raise BadLedger("L003", first=first, second=second)


def _check_hashes(*hashes: bytes) -> None:
    for each in hashes:
        if len(each) != HASH_BYTES:
            raise BadLedger("L008", size=len(each))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check by RFC 9162, 2.1.3.2 that the entry hashed as `leaf` stands at `index` under `root`.

    Raises `BadLedger` unless it does. The proof cannot show that `size` is right: the caller
    takes size and root together from one signed checkpoint.
    """
    check_size(size)
    if not 0 <= index < size:
        raise BadLedger("L001", index=index, size=size)
    _check_hashes(leaf, root)
    position, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise BadLedger("L004")
        _check_hashes(sibling)
        if position & 1 or position == last:
            reached = node_hash(sibling, reached)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            reached = node_hash(reached, sibling)
        position >>= 1
        last >>= 1
    if last:
        raise BadLedger("L005")
    if reached != root:
        raise BadLedger("L006")


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check by RFC 9162, 2.1.4.2 that the log of `second` entries continues that of `first`.

    Raises `BadLedger` unless it does. The two cases outside the RFC's algorithm need an empty
    proof: equal sizes have equal roots, and every log continues the empty one, whose root is
    `EMPTY_ROOT`.
    """
    _check_growth(first, second)
    _check_hashes(first_root, second_root)
    if first in (0, second):
        if proof:
            raise BadLedger("L004")
        if first_root != (second_root if first == second else EMPTY_ROOT):
            raise BadLedger("L007")
        if second == 0 and second_root != EMPTY_ROOT:
            raise BadLedger("L007")
        return
    if not proof:
        raise BadLedger("L005")
    # A first log of a power of two is itself a node of the second: the proof leaves it out.
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    position, last = first - 1, second - 1
    while position & 1:
        position >>= 1
        last >>= 1
    _check_hashes(path[0])
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise BadLedger("L004")
        _check_hashes(sibling)
        if position & 1 or position == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        position >>= 1
        last >>= 1
    if last:
        raise BadLedger("L005")
    if old != first_root or new != second_root:
        raise BadLedger("L007")
