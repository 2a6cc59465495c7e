"""Near-duplicates are one group, and no group is in two folds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ombud.training import groups

BASE = "the kettle in the kitchen whistles every morning before anybody is awake to hear it at all"


def test_texts_that_differ_a_little_are_one_group() -> None:
    """Case, digits and a word more or less; another text is another group."""
    texts = [
        BASE,
        "an entirely different sentence about gardens and bees",
        BASE.upper() + " 12",
        BASE.replace("morning", "evening"),
        "ok",
        "no",
    ]
    found = groups.near_duplicates(texts)
    assert found == [0, 1, 0, 0, 4, 5]


def test_a_chain_is_one_group() -> None:
    """First and last are unlike, each is alike to the next: for folds that is a leak."""
    words = f"{BASE} and then again when somebody comes home late in the evening".split()
    steps = [" ".join(words[start : start + 14]) for start in range(15)]
    assert groups.jaccard(groups.shingles(steps[0]), groups.shingles(steps[-1])) < 0.2
    assert set(groups.near_duplicates(steps)) == {0}


def test_an_index_tells_which_texts_it_holds_alike() -> None:
    """By number, without holding the text that is asked for."""
    index = groups.Index()
    assert index.add(BASE) == []
    assert index.add("an entirely different sentence about gardens and bees") == []
    assert index.alike(BASE + "!") == [0]
    assert index.alike("nothing like it, with other words throughout") == []


def test_rows_of_one_name_are_joined_over_groups() -> None:
    """An author's texts and all their near-duplicates are one group; no name joins nobody."""
    assert groups.joined([0, 1, 1, 3, 4], ["a", None, "a", None, None]) == [0, 0, 0, 3, 4]


def test_jaccard_is_exact() -> None:
    """What both hold, of what either holds."""
    assert groups.jaccard(frozenset("abcd"), frozenset("cdef")) == 2 / 6
    assert groups.jaccard(frozenset(), frozenset()) == 0.0


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=50), st.integers(0, 9))
def test_no_group_is_in_two_folds(rows: list[tuple[int, bool]], seed: int) -> None:
    """And the same rows fall the same way again."""
    belongs, harmful = [group for group, _ in rows], [harm for _, harm in rows]
    found = groups.folds(belongs, harmful, 5, seed)
    assert found == groups.folds(belongs, harmful, 5, seed)
    where: dict[int, set[int]] = {}
    for group, fold in zip(belongs, found, strict=True):
        where.setdefault(group, set()).add(fold)
    assert all(len(folds) == 1 for folds in where.values())
    assert set(found) <= set(range(5))


def test_classes_are_spread_evenly() -> None:
    """Single texts: each fold has as many of both classes as the others, but for one."""
    found = groups.folds(range(103), [number % 3 == 0 for number in range(103)], 5, 1)
    for side in (True, False):
        sizes = [
            sum(fold == each and (number % 3 == 0) is side for number, fold in enumerate(found))
            for each in range(5)
        ]
        assert max(sizes) - min(sizes) <= 1
