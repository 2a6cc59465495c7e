"""The tree: known roots, another implementation, the RFC's own definitions, and forgeries."""

from __future__ import annotations

from hashlib import sha256

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.public_log import flipped, refused
from ombud.errors import BadLedger
from ombud.ledger import tree

# The test vectors of Certificate Transparency: entries, and the root after each of them.
KNOWN_ENTRIES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
ENTRIES = [b"%d" % number for number in range(301)]
LEAVES = [tree.leaf_hash(each) for each in ENTRIES]
NODES = tree.nodes_of(LEAVES)
ROOTS = [tree.root_of(LEAVES[:size]) for size in range(len(LEAVES) + 1)]

sizes = st.integers(1, len(LEAVES))


def mth(entries: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word: the Merkle tree hash of a list of entries."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def subproof(m: int, entries: list[bytes], known: bool) -> list[bytes]:
    """RFC 6962, 2.1.2, word for word: SUBPROOF(m, D[n], b)."""
    n = len(entries)
    if m == n:
        return [] if known else [mth(entries)]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return [*subproof(m, entries[:k], known), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], False), mth(entries[:k])]


def shape(m: int, n: int, known: bool) -> list[str]:
    """The sides from which the hashes of SUBPROOF(m, D[n], b) come, by the same recursion."""
    if m == n:
        return [] if known else ["itself"]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return [*shape(m, k, known), "right"]
    return [*shape(m - k, n - k, False), "left"]


def accepted(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: tuple[bytes, ...]
) -> bool:
    """Whether a consistency proof verifies."""
    try:
        tree.verify_consistency(first, second, first_root, second_root, proof)
    except BadLedger:
        return False
    return True


def test_roots_of_known_entries() -> None:
    """The roots over Certificate Transparency's test entries are the published ones."""
    hashes = [tree.leaf_hash(each) for each in KNOWN_ENTRIES]
    found = [tree.root_of(hashes[:size]).hex() for size in range(9)]
    assert found == KNOWN_ROOTS
    assert tree.EMPTY_ROOT.hex() == KNOWN_ROOTS[0]


def test_roots_agree_with_the_definition_and_another_implementation() -> None:
    """For every size up to 300 the root is the RFC's recursion's and pymerkle's."""
    other = pymerkle.InmemoryTree(algorithm="sha256")
    for size in range(301):
        assert ROOTS[size] == mth(ENTRIES[:size]) == other.get_root()
        other.append_entry(ENTRIES[size])


def test_inclusion_proofs_agree_with_another_implementation() -> None:
    """For every entry of the sizes up to 40 and of size 300 the proof is pymerkle's."""
    other = pymerkle.InmemoryTree(algorithm="sha256")
    other.append_entries(ENTRIES)
    for size in [*range(1, 41), 300]:
        for index in range(size):
            expected = other.prove_inclusion(index + 1, size).path[1:]
            assert list(tree.inclusion_proof(index, size, NODES)) == expected


def test_consistency_proofs_agree_with_the_definition() -> None:
    """For every pair of sizes up to 40, and to 300, the proof is that of RFC 6962's recursion."""
    for second in [*range(1, 41), 300]:
        for first in range(1, second):
            expected = subproof(first, ENTRIES[:second], True)
            assert list(tree.consistency_proof(first, second, NODES)) == expected


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 300), st.integers(0, 300))
def test_frontier_survives_storage_and_copies(first: int, more: int) -> None:
    """A frontier stored and read back, or copied, goes on to the same root; the source stays."""
    frontier = tree.Frontier()
    frontier.extend(LEAVES[:first])
    encoded = frontier.encode()
    again = tree.Frontier.decode(encoded)
    copy = frontier.copy()
    grown = LEAVES[first : first + more]
    again.extend(grown)
    copy.extend(grown)
    assert again.root() == copy.root() == ROOTS[first + len(grown)]
    assert again.size == copy.size == first + len(grown)
    assert frontier.encode() == encoded
    assert frontier.root() == ROOTS[first]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(7),
        bytes(9),
        (1).to_bytes(8, "big"),
        (1).to_bytes(8, "big") + bytes(31),
        (1).to_bytes(8, "big") + bytes(64),
        (1 << 63).to_bytes(8, "big") + bytes(32),
    ],
)
def test_frontier_refuses_what_it_did_not_write(data: bytes) -> None:
    """Bytes whose length does not fit their size, or whose size is out of bounds, are refused."""
    with refused("L009"):
        tree.Frontier.decode(data)


def test_frontier_is_bounded_and_takes_hashes_only() -> None:
    """The largest size encodes in 2,024 bytes, and what is not 32 bytes long is not appended."""
    data = tree.MAX_SIZE.to_bytes(8, "big") + bytes(32 * 63)
    assert len(tree.Frontier.decode(data).encode()) == 2024
    with refused("L008"):
        tree.Frontier().append(b"short")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_inclusion_proof_holds_and_no_changed_one(data: st.DataObject) -> None:
    """A proof verifies; with any bit flipped, a hash more or a hash less, it does not."""
    size = data.draw(sizes)
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(index, size, NODES)
    leaf, root = LEAVES[index], ROOTS[size]
    tree.verify_inclusion(leaf, index, size, proof, root)
    bit = data.draw(st.integers(0, 255))
    with refused("L006"):
        tree.verify_inclusion(flipped(leaf, bit), index, size, proof, root)
    with refused("L006"):
        tree.verify_inclusion(leaf, index, size, proof, flipped(root, bit))
    with refused("L004"):
        tree.verify_inclusion(leaf, index, size, (*proof, root), root)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        changed = (*proof[:at], flipped(proof[at], bit), *proof[at + 1 :])
        with refused("L006"):
            tree.verify_inclusion(leaf, index, size, changed, root)
        with refused("L005"):
            tree.verify_inclusion(leaf, index, size, proof[:-1], root)
        with refused("L008"):
            tree.verify_inclusion(leaf, index, size, (b"", *proof[1:]), root)
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        with refused():
            tree.verify_inclusion(leaf, other, size, proof, root)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_consistency_proof_holds_and_no_changed_one(data: st.DataObject) -> None:
    """A proof verifies; with any bit flipped, a hash more or a hash less, it does not."""
    second = data.draw(st.integers(2, len(LEAVES)))
    first = data.draw(st.integers(1, second - 1))
    old, new = ROOTS[first], ROOTS[second]
    proof = tree.consistency_proof(first, second, NODES)
    tree.verify_consistency(first, second, old, new, proof)
    bit = data.draw(st.integers(0, 255))
    with refused("L007"):
        tree.verify_consistency(first, second, flipped(old, bit), new, proof)
    with refused("L007"):
        tree.verify_consistency(first, second, old, flipped(new, bit), proof)
    with refused("L004"):
        tree.verify_consistency(first, second, old, new, (*proof, new))
    with refused("L005"):
        tree.verify_consistency(first, second, old, new, proof[:-1])
    at = data.draw(st.integers(0, len(proof) - 1))
    with refused("L007"):
        tree.verify_consistency(
            first, second, old, new, (*proof[:at], flipped(proof[at], bit), *proof[at + 1 :])
        )
    with refused("L008"):
        tree.verify_consistency(first, second, old, new, (*proof[:at], b"", *proof[at + 1 :]))


def test_a_wrong_second_size_is_refused() -> None:
    """A consistency proof verifies for just those second sizes whose proof has its shape."""
    for second in range(2, 25):
        for first in range(1, second):
            proof = tree.consistency_proof(first, second, NODES)
            expected = shape(first, second, True)
            for claimed in range(first + 1, 34):
                fits = shape(first, claimed, True) == expected
                assert accepted(first, claimed, ROOTS[first], ROOTS[second], proof) == fits


@pytest.mark.parametrize(("first", "second", "claimed"), [(2, 4, 8), (4, 7, 9), (3, 7, 16)])
def test_a_proof_that_ends_below_the_root_is_refused(first: int, second: int, claimed: int) -> None:
    """A claimed second size that the proof never reaches fails, though both roots come out."""
    proof = tree.consistency_proof(first, second, NODES)
    with refused("L005"):
        tree.verify_consistency(first, claimed, ROOTS[first], ROOTS[second], proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 8), (8, 8), (9, 8), (0, 0), (-1, 0)])
def test_an_index_outside_the_log_is_refused(index: int, size: int) -> None:
    """No proof is made or taken for an index that is negative or not below the size."""
    with refused("L001"):
        tree.inclusion_proof(index, size, NODES)
    with refused("L001"):
        tree.verify_inclusion(LEAVES[index % 8], index, size, (), ROOTS[8])


@pytest.mark.parametrize("size", [-1, 1 << 63])
def test_a_size_out_of_bounds_is_refused(size: int) -> None:
    """Sizes below 0 and beyond what can be counted are refused everywhere."""
    with refused("L002"):
        tree.inclusion_proof(0, size, NODES)
    with refused("L002"):
        tree.verify_inclusion(LEAVES[0], 0, size, (), ROOTS[1])
    with refused("L002"):
        tree.verify_consistency(0, size, ROOTS[0], ROOTS[1], ())
    with refused("L002"):
        tree.consistency_proof(size, 4, NODES)


def test_a_log_does_not_shrink() -> None:
    """A second size below the first is refused, for making a proof and for checking one."""
    with refused("L003"):
        tree.consistency_proof(4, 3, NODES)
    with refused("L003"):
        tree.verify_consistency(4, 3, ROOTS[4], ROOTS[3], (ROOTS[1],))


def test_equal_sizes_and_size_zero_need_an_empty_proof_and_the_right_root() -> None:
    """Equal sizes must have equal roots; every log continues the empty one with its one root."""
    assert tree.consistency_proof(5, 5, NODES) == tree.consistency_proof(0, 5, NODES) == ()
    tree.verify_consistency(5, 5, ROOTS[5], ROOTS[5], ())
    tree.verify_consistency(0, 5, tree.EMPTY_ROOT, ROOTS[5], ())
    tree.verify_consistency(0, 0, tree.EMPTY_ROOT, tree.EMPTY_ROOT, ())
    with refused("L007"):
        tree.verify_consistency(5, 5, ROOTS[5], ROOTS[6], ())
    with refused("L007"):
        tree.verify_consistency(0, 5, ROOTS[1], ROOTS[5], ())
    with refused("L007"):
        tree.verify_consistency(0, 0, ROOTS[1], ROOTS[1], ())
    with refused("L004"):
        tree.verify_consistency(5, 5, ROOTS[5], ROOTS[5], (ROOTS[1],))
    with refused("L004"):
        tree.verify_consistency(0, 5, tree.EMPTY_ROOT, ROOTS[5], (ROOTS[5],))
    with refused("L005"):
        tree.verify_consistency(4, 8, ROOTS[4], ROOTS[8], ())


def test_a_leaf_is_no_inner_node() -> None:
    """An entry made of two hashes does not hash like the node over them (second preimage)."""
    assert tree.leaf_hash(LEAVES[0] + LEAVES[1]) != tree.node_hash(LEAVES[0], LEAVES[1])
