"""A case as the store has it: found, open, held by somebody, proposed for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, decide, flag, shoes, waiting
from flow.platform_side import Platform, connected
from flow.small_community import NOW, event, rows
from ombud.casefile import focused
from ombud.clock import DAY, HOUR
from ombud.errors import BadUse
from ombud.review import case as cases
from ombud.review.case import Case


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community with two open cases."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        made.stream(shoes(1), shoes(2, "bo"))
        yield made


def test_a_case_is_found_by_its_id_only(platform: Platform) -> None:
    """Nothing else opens one, and a closed one is told apart from none."""
    first, _ = waiting(platform)
    assert cases.find(platform.engine.store, first).reason == "no licence"
    for wrong in ("", "cas_none", first[:-1], "\udcff", "x" * 100_000):
        with pytest.raises(BadUse, match="U220") as caught:
            cases.find(platform.engine.store, wrong)
        assert len(caught.value.message) < 200
    decide(platform, first, "release")
    with pytest.raises(BadUse, match="U221"):
        cases.find_open(platform.engine.store, first)


def test_what_is_left_is_what_nobody_has_judged(platform: Platform) -> None:
    """Judged records stay listed and wait no more."""
    first, _ = waiting(platform)
    store = platform.engine.store
    assert [each.record for each in cases.left(store, first)] == [2]
    decide(platform, first, "release")
    assert cases.left(store, first) == []
    assert [each.record for each in cases.subjects(store, first)] == [2]


def test_a_claim_has_an_end(platform: Platform) -> None:
    """Held until that instant, by whoever has its token; afterwards by nobody."""
    row = platform.engine.store.one("case", (waiting(platform)[0],))
    assert row is not None
    held = Case(*row)._replace(holder=7, lease=b"x", leased=NOW)
    assert (held.held(NOW - 1), held.held(NOW)) == (7, None)
    cases.require(held, 7, None, NOW - 1)
    cases.require(held, 8, None, NOW)
    cases.require(held, 8, b"x", NOW - 1)
    for person, lease, now, code in (
        (8, None, NOW - 1, "U222"),
        (7, b"y", NOW - 1, "U223"),
        (7, b"x", NOW, "U223"),
    ):
        with pytest.raises(BadUse, match=code):
            cases.require(held, person, lease, now)


def test_a_case_says_why_it_stands_where_it_stands(platform: Platform) -> None:
    """The sentence is made of what the case was opened with."""
    row = platform.engine.store.one("case", (waiting(platform)[0],))
    assert row is not None
    said = Case(*row).why(NOW + 2 * HOUR, "en")
    assert said.startswith("Spam can wait: somebody should look within 4 hours. Nobody has shown")


@pytest.fixture
def flagged(tmp_path: Path) -> Iterator[Platform]:
    """A post of a member of long standing that fifty people flagged."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        for day in range(40):
            made.clock[0] = NOW + day * DAY
            said = f"good morning number {day}"
            made.stream(event(1000 + day, day * 86400, text=said, author={"id": "ana"}))
        made.clock[0], at = NOW + 40 * DAY, 40 * 86400
        made.stream(event("post", at, text="my post", author={"id": "ana"}))
        made.stream(*[flag(n, "post", f"troll{n}", at + n) for n in range(50)])
        yield made


def test_however_many_flag_a_post_it_is_one_question(flagged: Platform) -> None:
    """Of a member of long standing too, who is decided about by themselves: one decision."""
    (case,) = waiting(flagged)
    store = flagged.engine.store
    left = cases.left(store, case)
    assert [each.apart for each in left] == ["established"] * 50
    assert cases.flags(store, case) == {each.record for each in left}
    focus = focused(left, None, cases.flags(store, case))
    assert (len(focus.records), focus.bulk) == (50, False)
    decide(flagged, case, "release", records=[left[7].record])
    assert waiting(flagged) == []
    assert rows(flagged.folder, "SELECT count(*) FROM review") == [(1,)]
    assert rows(flagged.folder, "SELECT count(*) FROM flag_answer") == [(50,)]


@pytest.mark.parametrize("everything", [True, False])
def test_nobody_has_to_name_the_only_question(flagged: Platform, *, everything: bool) -> None:
    """With --all or without: what waits is one thing."""
    (case,) = waiting(flagged)
    decide(flagged, case, "release", everything=everything)
    assert waiting(flagged) == []


def test_other_things_and_what_is_no_flag_are_judged_by_themselves() -> None:
    """Flags of another post stay; a post and its later wording are two."""
    made = [
        cases.Subject("cas_1", record, about, 1, None, "established", None, None)
        for record, about in ((1, b"one"), (2, b"two"), (3, b"one"), (4, b"one"), (5, b"two"))
    ]
    chosen = [
        [each.record for each in cases.as_one(made, {2, 3, 4, 5}, wanted)]
        for wanted in ([1], [2], [3], [1, 4], [], [9])
    ]
    assert chosen == [[1], [2, 5], [3, 4], [1, 3, 4], [], []]
    assert focused(made, 1, {2, 3, 4, 5}).records == (1,)
    assert focused([], None).records == ()
