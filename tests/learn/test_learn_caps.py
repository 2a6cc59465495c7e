"""What of many texts teaches: nobody counts twice, and what is unclear does not count."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ombud.learn.caps import capped
from ombud.learn.gather import WHY, Example, Gathered


def gathered(*examples: tuple[str, bool, int | None]) -> Gathered:
    """Texts, answers, authors."""
    return Gathered(
        [Example(n, text, breaks, author, 0) for n, (text, breaks, author) in enumerate(examples)],
        dict.fromkeys(WHY, 0),
    )


def test_one_text_of_an_author_and_answer() -> None:
    """A hundred restored posts of one account teach as much as one; its bad one counts as well."""
    found = gathered(*[(f"text {n}", False, 7) for n in range(100)], ("bad", True, 7))
    taken = capped(found, range(101))
    assert sorted(each.breaks for each in taken) == [False, True]
    assert found.left_out["same_author"] == 99


def test_one_of_those_nearly_alike() -> None:
    """One text from a hundred accounts teaches as much as from one."""
    found = gathered(*[(f"text {n}", False, n) for n in range(100)])
    assert len(capped(found, [0] * 100)) == 1
    assert found.left_out["nearly_alike"] == 99


def test_what_people_answered_differently_teaches_nothing() -> None:
    """All texts of such a cluster go, and are counted."""
    found = gathered(("a", True, 1), ("a", False, 2), ("a", True, 3), ("b", True, 4))
    assert [each.text for each in capped(found, [0, 0, 0, 1])] == ["b"]
    assert found.left_out["contradictory"] == 3


def test_without_an_author_each_text_is_its_own() -> None:
    """Where the platform names nobody, only likeness bounds."""
    found = gathered(("a", True, None), ("b", True, None))
    assert len(capped(found, [0, 1])) == 2


ROWS = st.lists(
    st.tuples(st.text(max_size=3), st.booleans(), st.none() | st.integers(0, 4), st.integers(0, 5)),
    max_size=30,
)


@given(ROWS)
def test_whatever_comes(rows: list[tuple[str, bool, int | None, int]]) -> None:
    """Nothing is lost uncounted; no author and no cluster teaches one answer twice; the
    same rows teach the same.
    """
    found = gathered(*[row[:3] for row in rows])
    clusters = [row[3] for row in rows]
    taken = capped(found, clusters)
    assert len(taken) + sum(found.left_out.values()) == len(rows)
    people = [(each.author, each.breaks) for each in taken if each.author is not None]
    assert len(people) == len(set(people))
    kept = [clusters[each.seq] for each in taken]
    assert len(kept) == len(set(kept))
    mixed = {c for c in clusters if len({r[1] for r in rows if r[3] == c}) > 1}
    assert mixed.isdisjoint(kept)
    assert capped(gathered(*[row[:3] for row in rows]), clusters) == taken
