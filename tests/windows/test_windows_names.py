"""Names by place and account: which are kept, which are found, and what is unknown."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.signals import members, name_tokens
from ombud.signals.name_tokens import NAMES_MAX, POSTS_MIN
from ombud.windows import Names, names

HALL, YARD = 1, 2
SECRET = 7


def value(name: str) -> int:
    """A name as it is kept."""
    (found,) = members.values(name, SECRET)
    return found


def key(owner: int, where: int = HALL) -> int:
    """What an owner's names are kept under."""
    return name_tokens.key(where, owner << 20)


def found(kept: Names, name: str, after: int = 0, where: int = HALL, own: int = 0) -> bool:
    """Whether a name is found, by others than an owner."""
    wanted = value(name)
    return wanted in kept.find(where, own, after, [name_tokens.sought(wanted)[0]])[0]


def establish(kept: Names, owner: int, name: str, at: int) -> None:
    """Somebody posts as often as it takes."""
    for number in range(POSTS_MIN):
        kept.add(key(owner), value(name), at + number)


def test_a_name_counts_from_its_third_post_that_is_young_enough() -> None:
    """Whoever's it is does not find it, and it is found in its place alone."""
    kept = Names()
    for place in range(10, 10 + POSTS_MIN - 1):
        kept.add(key(5), value("otter"), place)
        assert not found(kept, "otter")
    kept.add(key(5), value("otter"), 20)
    assert found(kept, "otter", after=9)
    assert not found(kept, "otter", after=10)
    assert not found(kept, "otter", own=5)
    assert not found(kept, "otter", where=YARD)
    kept.add(key(5), value("otter"), 15)  # late: the three latest are 11, 15 and 20
    assert found(kept, "otter", after=10)
    assert not found(kept, "otter", after=11)


def test_posts_at_one_instant_are_several() -> None:
    """Who lags behind gets the same place for many posts."""
    kept = Names()
    for _ in range(POSTS_MIN):
        kept.add(key(5), value("otter"), 20)
    assert found(kept, "otter", after=19)


def test_of_one_account_the_latest_names_are_kept() -> None:
    """However many there are, and nobody else's goes for it, nor is any answer unknown."""
    kept = Names()
    establish(kept, 6, "panda", 1)
    for number in range(600):
        establish(kept, 5, f"otter{chr(97 + number % 26)}{chr(97 + number // 26)}", 10 + number)
    latest = [f"otter{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600)]
    assert [found(kept, each) for each in latest[-NAMES_MAX - 1 :]] == [False] + [True] * NAMES_MAX
    assert found(kept, "panda")
    assert kept.find(HALL, 0, 0, [])[1]
    assert len(list(kept.entries())) == (NAMES_MAX + 1) * POSTS_MIN


def test_an_account_that_was_let_go_makes_its_place_unknown_until_it_is_old() -> None:
    """Of one place only; the account that posted last longest ago goes."""
    kept = Names()
    with mock.patch.object(names, "OWNERS_MAX", 3):
        for owner, name in enumerate(("otter", "panda", "heron", "viper")):
            establish(kept, owner, name, 10 * owner)
        kept.add(key(9, YARD), value("newt"), 100)
    assert [found(kept, each, own=9) for each in ("otter", "panda", "heron", "viper")] == [
        *(False, True, True, True)
    ]
    assert not kept.find(HALL, 9, 1, [])[1]
    assert kept.find(HALL, 9, 2, [])[1]
    assert kept.find(YARD, 9, 0, [])[1]
    kept.forget(2)
    assert kept.floors == {}


def test_names_are_not_counted() -> None:
    """Asking for a number is a fault."""
    with pytest.raises(TypeError):
        Names().count(1, 2, 3)


# --- the index is a plain scan --------------------------------------------------------------------

near = st.text(alphabet="abmd", min_size=1, max_size=7)
pool = st.lists(near, min_size=1, max_size=6)
posts = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 40)), min_size=20, max_size=120
)


@given(pool, posts, near, st.integers(0, 20), st.integers(0, 60), st.integers(0, 30))
@settings(deadline=None, max_examples=300)
def test_what_the_index_finds_is_as_alike_as_all_there_is(
    called: list[str],
    put: list[tuple[int, int, int]],
    asked: str,
    after: int,
    made: int,
    before: int,
) -> None:
    """Whenever it was made, and also after forgetting, and with owners let go."""
    kept = Names()
    read = members.readings(asked, SECRET)
    with mock.patch.object(names, "OWNERS_MAX", 4):
        for step, (owner, name, place) in enumerate(put):
            if step >= made:
                kept.find(HALL, 0, after, read.sought)
            kept.add(key(owner), value(called[name % len(called)]), place)
            if step == 50:
                kept.forget(before)
    every: dict[tuple[int, int], list[int]] = {}
    for under, what, place in kept.entries():
        every.setdefault((under, what), []).append(place)
    plain = {
        what
        for (under, what), places in every.items()
        if under != key(5) and len([each for each in places if each > after]) >= POSTS_MIN
    }
    indexed, _ = kept.find(HALL, 5, after, read.sought)
    assert indexed <= plain
    assert members.likest(asked, indexed, SECRET) == members.likest(asked, plain, SECRET)
    owners = {under for (under, _), places in every.items() if len(places) >= POSTS_MIN}
    index = kept.kept[name_tokens.place_of(HALL)].index or {}
    found = {each for known in index.values() for each in _owners(known)}
    assert found == {name_tokens.split(under)[1] for under in owners}


def _owners(known: int | set[int]) -> set[int]:
    return {known} if isinstance(known, int) else known


everywhere = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 40), st.integers(1, 4)),
    min_size=20,
    max_size=120,
)


@given(pool, everywhere, st.integers(0, 40), st.integers(0, 120), st.integers(2, 30))
@settings(deadline=None, max_examples=300)
def test_what_nobody_can_reach_makes_no_difference(
    called: list[str],
    put: list[tuple[int, int, int, int]],
    reach: int,
    swept: int,
    pairs: int,
) -> None:
    """Read again from there, or swept in between: the same entries, and the same let go, of one
    place and of all.
    """
    live, again = Names(), Names()
    with (
        mock.patch.object(names, "OWNERS_MAX", 3),
        mock.patch.object(names, "NAMES_MAX", 2),
        mock.patch.object(names, "PAIRS_MAX", pairs),
    ):
        for step, (owner, name, place, where) in enumerate(put):
            if step == swept:
                live.forget(reach)
            what = value(called[name % len(called)])
            live.add(key(owner, where), what, place)
            if place > reach:
                again.add(key(owner, where), what, place)
            assert live.pairs == sum(len(hall.owners) for hall in live.kept.values()) <= pairs
    for kept in (live, again):
        kept.forget(reach)
    assert sorted(each for each in live.entries() if each[2] > reach) == sorted(again.entries())
    for where in range(1, 6):
        for after in range(reach, 42):
            assert live.find(where, 9, after, [])[1] == again.find(where, 9, after, [])[1]
    assert set(live.floors) <= set(live.kept)


@given(everywhere, st.integers(2, 12))
@settings(deadline=None, max_examples=200)
def test_a_name_that_was_let_go_is_never_told_not_to_be_there(
    put: list[tuple[int, int, int, int]], pairs: int
) -> None:
    """Beside one without bounds: wherever that finds a name that this does not, this is unknown."""
    kept, whole = Names(), Names()
    called = ["otter", "panda", "heron", "viper", "newt", "stoat"]
    for owner, name, place, where in put:
        with mock.patch.object(names, "PAIRS_MAX", pairs):
            kept.add(key(owner, where), value(called[name]), place)
        whole.add(key(owner, where), value(called[name]), place)
    for where in range(1, 5):
        for after in range(-1, 41):
            sought = [name_tokens.sought(value(each))[0] for each in called]
            found, complete = kept.find(where, 9, after, sought)
            assert not complete or found == whole.find(where, 9, after, sought)[0]


def test_many_rooms_stay_bounded_and_one_let_go_is_unknown() -> None:
    """The rooms that anybody posted in last are kept; of those let go the answer is unknown, until
    nothing reaches back to them; and nothing is kept of them at all.
    """
    kept = Names()
    with mock.patch.object(names, "PAIRS_MAX", 100):
        for room in range(1, 1001):
            for place in range(POSTS_MIN):
                kept.add(key(5, room), value("otter"), 10 * room + place)
            assert kept.pairs <= 100
            assert kept.oldest is None or len(kept.oldest) <= 200
    assert sorted(kept.kept) == list(range(901, 1001))
    assert found(kept, "otter", where=1000, own=6)
    gone = 10 * 900 + POSTS_MIN - 1
    for room in (1, 900, 5000):  # 5000 was never seen: that cannot be told any more
        assert kept.find(room, 6, gone - 1, []) == (set(), False)
        assert kept.find(room, 6, gone, []) == (set(), True)
    assert kept.find(1000, 6, 0, [])[1] is False  # came when others had been let go
    with mock.patch.object(names, "PAIRS_MAX", 100):
        kept.add(key(5, 1), value("otter"), 20_000)  # comes again: what it had is not known
    assert not kept.find(1, 6, gone - 1, [])[1]
    kept.forget(gone + 10)  # room 901 has made way for it
    assert kept.gone == names._NEVER
    assert kept.find(5000, 6, 0, [])[1]


def test_a_full_place_stays_bounded() -> None:
    """Posts of those who are kept do not pile up beside them."""
    kept = Names()
    with mock.patch.object(names, "OWNERS_MAX", 4):
        for place in range(1000):
            kept.add(key(place % 4 if place > 5 else place), value("otter"), place)
            queue = kept.kept[HALL].oldest
            assert queue is None or len(queue) <= 8 * 4
            assert len(kept.kept[HALL].owners) <= 4
