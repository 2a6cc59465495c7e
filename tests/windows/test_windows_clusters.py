"""Clusters of nearly the same texts: their definition, floods, what memory may forget."""

from __future__ import annotations

from array import array
from random import Random
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.signals.observation import Joined
from ombud.signals.repeats import Shingles, bands
from ombud.windows import clusters
from ombud.windows.clusters import (
    CANDIDATES_MAX,
    CHAIN_MAX,
    EQUAL,
    KEYS_MAX,
    LIKENESS_MIN,
    Clusters,
)

random = Random(7)
WORDS = [random.getrandbits(32) for _ in range(60)]


def text(words: list[int], content: int = 0) -> Shingles:
    """A text of these words."""
    kept = sorted(set(words))
    return Shingles(array("I", kept), bands(kept), content)


def put(kept: Clusters, one: Shingles, seq: int, place: int = 10, after: int = 0) -> Joined:
    """Join and keep a text."""
    found = kept.join(one, seq, after)
    kept.keep(found.keys, one, place, seq)
    return found


def test_a_text_founds_a_cluster_or_joins_the_likest() -> None:
    """Half of all different words is enough, less is not; the likest stands first."""
    kept = Clusters()
    assert put(kept, text(WORDS[:20]), 1).keys == (1,)
    assert put(kept, text(WORDS[:19]), 2).keys == (1,)
    assert put(kept, text(WORDS[11:31]), 3).keys == (3,)
    assert put(kept, text(WORDS[5:25]), 4).keys == (1, 3)
    assert len(kept) == 2


def test_likeness_is_exact_and_half_is_enough() -> None:
    """Of 30 different words 15 in common join, of 31 they do not, whatever the digest says."""
    for more, expected in ((15, 1), (16, 2)):
        kept, same = Clusters(), bands(sorted(WORDS[:15]))
        first = Shingles(array("I", sorted(WORDS[:15])), same, 0)
        put(kept, first, 1)
        other = Shingles(array("I", sorted(WORDS[: 15 + more])), same, 0)
        assert put(kept, other, 2).keys == (expected,)
        kept = Clusters()  # the longer one first
        put(kept, other, 1)
        assert put(kept, first, 2).keys == (expected,)


close = st.lists(st.integers(0, 15), min_size=6, max_size=40)  # bytes that many words share


@given(st.lists(close, min_size=2, max_size=8), st.lists(st.booleans(), min_size=8, max_size=8))
@settings(deadline=None, max_examples=200)
def test_the_quick_proof_of_unlikeness_is_one(said: list[list[int]], plain: list[bool]) -> None:
    """Words of different numbers of which many have a byte in common: whatever the short way
    leaves out, Jaccard leaves out.
    """
    kept = Clusters()
    same = bands(sorted(WORDS[:15]))
    sets = [
        {(each << 8 if one else each * 0x1010101) | 1 << 31 for each in numbers}
        for numbers, one in zip(said, plain, strict=False)
    ]
    for seq, each in enumerate(sets[1:], start=1):
        kept.found(seq, Shingles(array("I", each), same, 0), 10)
    wanted = []
    for seq, each in enumerate(sets[1:], start=1):
        likeness = 1000 * len(each & sets[0]) // len(each | sets[0])
        if likeness >= LIKENESS_MIN:
            wanted.append((-likeness, seq))
    found = kept.join(Shingles(array("I", sets[0]), same, 0), 99, 0).keys
    assert found == (tuple(seq for _, seq in sorted(wanted)[:KEYS_MAX]) or (99,))


def test_two_bands_of_one_text_may_share_a_place() -> None:
    """Tags that differ above the table's size, and one tag twice: each still leads to the text."""
    kept, spread = Clusters(), [(number + 1) << 16 for number in range(24)]
    kept.found(1, Shingles(array("I", WORDS[:20]), array("I", spread), 0), 10)
    for band in range(24):
        others = [7919 * (number + 2) + band for number in range(24)]
        others[band] = spread[band]
        assert kept.join(Shingles(array("I", WORDS[:19]), array("I", others), 0), 2, 0).keys == (1,)


def test_equal_content_joins_however_its_words_are_cut() -> None:
    """Spaced out letters leave no words: the content is the same all the same."""
    kept = Clusters()
    put(kept, text(WORDS[:20], content=99), 1)
    spaced = Shingles(array("I"), array("I"), 99)
    assert put(kept, spaced, 2).keys == (1,)
    assert put(kept, text(WORDS[30:50], content=99), 3).keys == (1,)
    assert len(kept) == 1


def test_short_texts_go_by_equality_and_take_no_room() -> None:
    """Their key is made of their token and is no seq; without content there is none."""
    kept = Clusters()
    assert put(kept, Shingles(array("I"), array("I"), 99), 1).keys == (99 | EQUAL,)
    assert put(kept, Shingles(array("I"), array("I"), 0), 2).keys == ()
    assert len(kept) == 0
    assert 99 | EQUAL > 2**40


def test_no_chain_brings_two_clusters_together() -> None:
    """Texts that go over from one to the other step by step join what their medoid is like; the
    ends stay apart.
    """
    kept = Clusters()
    steps = [text(WORDS[at : at + 20]) for at in range(0, 40, 2)]
    found = [put(kept, each, seq + 1).keys for seq, each in enumerate(steps)]
    assert set(found[0]).isdisjoint(found[-1])
    for seq, keys in enumerate(found):
        for key in keys:  # every member is as like as it must be to the one medoid
            one, medoid = set(steps[seq].words), set(steps[key - 1].words)
            assert 2 * len(one & medoid) >= len(one | medoid)


def test_at_most_a_few_clusters_are_joined() -> None:
    """The likest KEYS_MAX."""
    kept, wide = Clusters(), WORDS[:40]
    for number in range(8):
        kept.found(number + 1, text(wide[:20] + WORDS[40 + number :]), 10)
    found = kept.join(text(wide[:20] + WORDS[44:]), 100, 0).keys
    assert len(found) == KEYS_MAX
    assert found[0] == 5


words = st.lists(st.integers(0, 11), min_size=6, max_size=9).map(
    lambda found: [WORDS[n] for n in found]
)
steps = st.lists(st.tuples(words, st.integers(0, 3), st.booleans()), max_size=40)


@given(steps)
@settings(deadline=None, max_examples=150)
def test_sweeping_and_starting_again_change_no_answer(
    history: list[tuple[list[int], int, bool]],
) -> None:
    """Swept at any time, or put back from ids, medoids and latest places: the same keys."""
    plain, swept, again = Clusters(), Clusters(), Clusters()
    medoids: dict[int, Shingles] = {}
    place = 0
    with mock.patch.object(clusters, "REBUILD_MIN", 1):
        for seq, (said, later, restart) in enumerate(history, start=1):
            place += later
            one, after = text(said), place - 4
            found = put(plain, one, seq, place, after)
            assert put(swept, one, seq, place, after) == found
            assert put(again, one, seq, place, after) == found
            if found.keys == (seq,):
                medoids[seq] = one
            swept.forget(after)
            if restart:
                latest = {key: at for key, at, *_ in plain.entries() if at > after}
                again = Clusters()
                for key, at in sorted(latest.items()):
                    again.found(key, medoids[key], at)
    alive = [each for each in plain.entries() if each[1] > place - 4]
    assert [each for each in swept.entries() if each[1] > place - 4] == alive
    assert [each for each in again.entries() if each[1] > place - 4] == alive


def test_the_dead_are_not_joined() -> None:
    """A cluster without an entry after the instant is none, swept or not; a member keeps it up."""
    kept = Clusters()
    put(kept, text(WORDS[:20]), 1, place=10)
    assert kept.join(text(WORDS[:20]), 2, after=10).keys == (2,)
    put(kept, text(WORDS[:20]), 2, place=15, after=5)
    assert kept.join(text(WORDS[:20]), 3, after=10).keys == (1,)


def test_a_flood_in_one_band_is_bounded_and_said() -> None:
    """Ten thousand texts that share every band with one: few are compared; what is then not found
    is told as unknown, never as new; an honest text finds its own.
    """
    kept = Clusters()
    honest = text(WORDS[:20])
    put(kept, honest, 1)
    aim = text(WORDS[30:50])
    put(kept, aim, 2)
    for seq in range(3, 10_003):
        other = array("I", sorted(random.getrandbits(32) for _ in range(20)))
        kept.found(seq, Shingles(other, aim.bands, 0), 10)
    compared = []
    alike = Clusters._alike

    def counted(self: Clusters, candidates: list[int], own: Shingles) -> list[tuple[int, int]]:
        compared.extend(candidates)
        return alike(self, candidates, own)

    with mock.patch.object(Clusters, "_alike", counted):
        assert kept.join(aim, 10_003, 0) == Joined((10_003,), complete=False)
        assert CHAIN_MAX <= len(compared) <= CANDIDATES_MAX
        assert kept.join(honest, 10_003, 0) == Joined((1,))


def test_at_most_so_many_are_compared() -> None:
    """Where bands have few each and all together many, the first are compared and it is said."""
    kept, aim = Clusters(), text(WORDS[:20])
    for seq in range(1, 2 * CANDIDATES_MAX + 1):
        other = list(text([random.getrandbits(32) for _ in range(20)]).bands)
        other[seq % len(other)] = aim.bands[seq % len(other)]
        alone = array("I", sorted(random.getrandbits(32) for _ in range(20)))
        kept.found(seq, Shingles(alone, array("I", other), 0), 10)
    assert kept.join(aim, 999, 0) == Joined((999,), complete=False)


def test_of_one_band_the_latest_are_looked_at() -> None:
    """As many as CHAIN_MAX are all of them; with one more the first is left out, and it is said."""
    kept, aim = Clusters(), text(WORDS[:20])
    for seq in range(1, CHAIN_MAX + 2):
        other = list(text([random.getrandbits(32) for _ in range(20)]).bands)
        other[3] = aim.bands[3]
        alone = array("I", sorted(random.getrandbits(32) for _ in range(20)))
        kept.found(seq, Shingles(alone, array("I", other), 0), 10)
        assert kept.join(aim, 999, 0).complete is (seq <= CHAIN_MAX)


def test_ids_only_grow() -> None:
    """A cluster put back out of order would change which candidates come first."""
    kept = Clusters()
    kept.found(5, text(WORDS[:20]), 10)
    with pytest.raises(ValueError, match="cluster 5 comes after 5"):
        kept.found(5, text(WORDS[:20]), 10)


def test_many_texts_are_all_found_again() -> None:
    """Tables that grew several times still hold what was put in first."""
    kept, many = (
        Clusters(),
        [text([random.getrandbits(32) for _ in range(12)]) for _ in range(3000)],
    )
    for seq, each in enumerate(many, start=1):
        assert put(kept, each, seq).keys == (seq,)
    assert [kept.join(each, 9999, 0).keys for each in many] == [(n,) for n in range(1, 3001)]


def test_a_dropped_cluster_is_joined_by_nothing() -> None:
    """Its text is gone: it is alive no more, and a text like it founds another one."""
    kept = Clusters()
    put(kept, text(list(range(20))), 5, place=10)
    assert kept.alive(5, 9)
    assert not kept.alive(5, 10)
    assert not kept.alive(6, 0)
    assert kept.drop(5) == 10
    assert not kept.alive(5, 0)
    assert put(kept, text(list(range(20))), 7, place=11).keys == (7,)
    with pytest.raises(LookupError):
        kept.drop(6)
