"""Twenty by twenty it is as many: a second person is asked for a campaign, however it is cut up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from flow.case_desk import DESK_RULES, ask, bags, copies, decide, standing, waiting
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import DAY, rows
from ombud.desk import Proposed
from ombud.errors import BadUse

ONE_CLAUSE = {
    **DESK_RULES,
    "bags.rule": DESK_RULES["bags.rule"].replace("spam.links", "spam.repeats"),
}


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def campaign(platform: Platform, count: int) -> tuple[str, list[int]]:
    """So many people with one text: their case, and its records."""
    platform.stream(*copies(count))
    (case,) = waiting(platform, "hold")
    return case, records(platform, case)


def records(platform: Platform, case: str) -> list[int]:
    """What a case is about."""
    query = "SELECT record FROM case_subject WHERE id = ? ORDER BY record"
    return [row[0] for row in rows(platform.folder, query, case)]


def remove(platform: Platform, case: str, some: list[int], **more: object) -> bool:
    """Somebody removes some records; whether it waits for a second person."""
    return bool(decide(platform, case, "uphold", "remove", records=some, **more)["proposed"])


@pytest.mark.parametrize("second", ["mia", "lou"])
def test_a_campaign_cut_into_twenties_needs_a_second_person(
    platform: Platform, second: str
) -> None:
    """By the same person or by two one after the other: nobody has looked at the whole."""
    case, some = campaign(platform, 41)
    assert not remove(platform, case, some[:20], by="mia")
    assert remove(platform, case, some[20:40], by=second)
    ask(platform, "confirm", case, by="kim")
    assert len([each for each in standing(platform) if each[0] == "remove"]) == 40
    all_holds(platform)


def test_so_it_does_where_it_was_split(platform: Platform) -> None:
    """A part of a campaign is of it still."""
    case, some = campaign(platform, 25)
    part = ask(platform, "split", case, records=some[15:])["case"]
    assert not remove(platform, case, some[:15])
    assert remove(platform, part, some[15:])
    all_holds(platform)


def unlike(platform: Platform, count: int, first: int = 0) -> list[str]:
    """So many people with too few words to be a campaign: a case each."""
    known = waiting(platform, "hold")
    platform.stream(*(bags(n, f"p{n}", n) for n in range(first, first + count)))
    return [each for each in waiting(platform, "hold") if each not in known]


def put_together(platform: Platform, some: list[str], into: str) -> list[int]:
    """Some cases are merged into one; what then stands in it."""
    for each in some:
        ask(platform, "merge", each, into=into)
    return records(platform, into)


@pytest.mark.parametrize("how", ["two piles", "a rest", "a part"])
def test_what_was_put_together_by_hand_counts_together(platform: Platform, how: str) -> None:
    """No text in common, and yet no way round: not in two piles, not by putting what is left into
    another case, not by splitting it off.
    """
    found = unlike(platform, 31)
    if how == "two piles":
        first, second = found[0], found[15]
        one = put_together(platform, found[1:15], first)
        other = put_together(platform, found[16:], second)
    else:
        first = second = found[0]
        whole = put_together(platform, found[1:30], first)
        one, other = whole[:15], whole[15:]
        if how == "a part":
            second = ask(platform, "split", first, records=other)["case"]
    assert not remove(platform, first, one)
    if how == "a rest":
        second = found[30]
        put_together(platform, [first], second)
    assert remove(platform, second, other)
    all_holds(platform)


def test_a_campaign_is_not_what_was_put_together(tmp_path: Path) -> None:
    """Two campaigns of a day are two things, and so is a pile beside one: unless it is in the same
    case.
    """
    with connected(tmp_path, rules=ONE_CLAUSE) as platform:
        case, some = campaign(platform, 15)
        (pile, *others) = unlike(platform, 22)
        counted = put_together(platform, others[:9], pile)
        assert not remove(platform, pile, counted)
        assert not remove(platform, case, some)
        platform.stream(*copies(2, first=50))
        (rest,) = [each for each in waiting(platform, "hold") if each not in others]
        put_together(platform, others[9:11], rest)
        late = [each for each in records(platform, rest) if each not in some]
        assert not remove(platform, rest, late[:2])  # 17 of the campaign
        assert not remove(platform, rest, late[2:])  # 2 in this case, 12 put together
        all_holds(platform)


def test_of_one_case_everything_counts_together(tmp_path: Path) -> None:
    """A campaign, and two more people who were put into its case: each pair is some at once."""
    with connected(tmp_path, rules=ONE_CLAUSE) as platform:
        case, some = campaign(platform, 20)
        pair = [
            each for each in put_together(platform, unlike(platform, 2), case) if each not in some
        ]
        assert not remove(platform, case, some)
        assert remove(platform, case, pair)
        all_holds(platform)


def test_whoever_is_looked_at_alone_is(platform: Platform) -> None:
    """One person at a time needs nobody else, however many they come to; nor do a few a day, nor
    what was undone, nor releasing.
    """
    case, some = campaign(platform, 30)
    for each in some[:22]:
        assert not remove(platform, case, [each])
    assert not remove(platform, case, some[22:26])
    ask(platform, "undo", case)
    decide(platform, case, "release", records=some[22:])
    assert not waiting(platform, "hold")
    all_holds(platform)


def test_after_a_day_it_is_another_matter(platform: Platform) -> None:
    """What was decided yesterday counts no more."""
    case, some = campaign(platform, 31)
    assert not remove(platform, case, some[:20])
    platform.clock[0] += DAY - 2_000_000
    assert remove(platform, case, some[20:30])
    platform.clock[0] += 3_000_000
    assert not remove(platform, case, some[20:30])
    all_holds(platform)


def test_who_confirms_confirms_what_was_seen(platform: Platform) -> None:
    """What joined the case since, by itself or by somebody's hand, waits as it was."""
    case, some = campaign(platform, 21)
    told = decide(platform, case, "uphold", "remove", everything=True, by="mia")
    assert told["proposed"]
    platform.stream(*copies(3, first=50))
    late = [each for each in records(platform, case) if each not in some]
    assert late
    made = ask(platform, "confirm", case, by="lou")["decisions"]
    assert len(made) == 2 * 21  # each hold is replaced by a removal
    assert waiting(platform, "hold") == [case]
    all_holds(platform)


@pytest.mark.parametrize("quoting", [False, True])
def test_the_only_thing_of_a_case_is_not_changed_for_another(
    platform: Platform, quoting: bool
) -> None:
    """A proposal is about what waited when it was made, though nobody named it, and though it is
    none that is decided in bulk.
    """
    spammer, victim = unlike(platform, 2)
    if quoting:
        change = "UPDATE case_subject SET apart = 'quote' WHERE id = ?"
        platform.engine.store.connection.execute(change, (spammer,))
    what = {"case": spammer, "by": "mia", "outcome": "upheld", "acts": [{"action": "remove"}]}
    platform.engine.change(Proposed(spammer, "mia", msgspec.json.encode(what).decode()))
    theirs = records(platform, spammer)
    ask(platform, "merge", victim, into=spammer)
    ask(platform, "split", spammer, records=theirs)
    with pytest.raises(BadUse, match="U233"):
        ask(platform, "confirm", spammer, by="lou")
    assert not [each for each in standing(platform) if each[0] == "remove"]


def test_nobody_is_merged_into_what_waits_to_be_confirmed(tmp_path: Path) -> None:
    """The person of another case is not decided about by a proposal that was made before."""
    with connected(tmp_path, rules=ONE_CLAUSE) as platform:
        platform.stream(*copies(21), bags(99, "victim", 99))
        case, other = sorted(
            waiting(platform, "hold"), key=lambda each: -len(records(platform, each))
        )
        decide(platform, case, "uphold", "remove", everything=True, by="mia")
        ask(platform, "merge", other, by="mia", into=case)
        ask(platform, "confirm", case, by="lou")
        assert len([each for each in standing(platform) if each[0] == "remove"]) == 21
        assert waiting(platform, "hold") == [case]
        all_holds(platform)
