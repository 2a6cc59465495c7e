"""The spammer who reads notices: goes by their words alone, and answers each that it can."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from ombud import clock, simulate
from ombud.signals import links
from ombud.simulate import adaptive
from ombud.simulate.adaptive import Lesson, Way
from ombud.simulate.world import Draft
from simulate.community import SEEDS, START

NOTICES = {
    Lesson.MENTIONS: (
        "Your post calls many people at once.",
        "Bài của bạn nhắc tên nhiều người cùng lúc.",
    ),
    Lesson.MANY_LINKS: (
        "New members can't post several links yet.",
        "Chưa được đăng nhiều liên kết cùng lúc.",
    ),
    Lesson.LINKS: ("Your post holds a link.", "Bài của bạn có liên kết."),
    Lesson.SITE: (
        "Several people linked to this site within a day.",
        "Nhiều người đã dẫn đến trang này.",
    ),
    Lesson.REPEATS: (
        "Several people posted this same text.",
        "Nhiều người đã đăng cùng nội dung này.",
    ),
    Lesson.PACE: ("You are posting very fast.", "Bạn đang đăng bài rất nhanh."),
    Lesson.AGE: ("You are a new member.", "Tài khoản của tác giả đã tồn tại 3 phút."),
    Lesson.FIRST: ("This is your first post.", "Số bài đã được chấp nhận ở đây trước đó: 0"),
}
BOTH = [(lesson, notice) for lesson, notices in NOTICES.items() for notice in notices]
SILENT = "Your post waits for a person to look at it."


def spammer(seed: int = 1) -> adaptive.Spammer:
    """The spammer of a run."""
    return adaptive.Spammer.of_run(seed, 400, START)


def posts(who: adaptive.Spammer, at: int = START) -> list[Draft]:
    """All it posts from `at` on if nobody ever tells it anything."""
    found = []
    while (draft := who.next(at)) is not None:
        found.append(draft)
        at = draft.at
    return found


def post(who: adaptive.Spammer, at: int = START) -> Draft:
    """Its next post."""
    draft = who.next(at)
    assert draft is not None
    return draft


@pytest.mark.parametrize(("lesson", "notice"), BOTH)
def test_a_notice_is_read_in_either_language(lesson: Lesson, notice: str) -> None:
    """What a notice names is found, whatever its case and line breaks, and makes a change."""
    assert lesson in adaptive.lessons(notice)
    assert lesson in adaptive.lessons(notice.upper().replace(" ", "\n"))
    assert adaptive.changed(Way(), adaptive.lessons(notice)) != Way()


def test_a_notice_that_names_nothing_teaches_nothing() -> None:
    """Words that stand in every notice are no lesson."""
    assert adaptive.lessons(SILENT) == frozenset()
    assert adaptive.lessons("") == frozenset()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_and_notices_make_the_same_posts(seed: int) -> None:
    """All is drawn from the seed: two of them, told the same, do the same."""
    found = []
    for _ in range(2):
        who = spammer(seed)
        made = [post(who)]
        for notice in (NOTICES[Lesson.LINKS][0], NOTICES[Lesson.REPEATS][1]):
            who.told(notice)
            made.append(post(who, made[-1].at))
        found.append(made)
    assert found[0] == found[1]
    assert found[0] != [post(spammer(seed + 1)), *found[0][1:]]


def test_several_links_become_one_and_then_a_name_spelled_out() -> None:
    """Told of several links it posts one; told of links, none that a reader of links can see."""
    who = spammer()
    first = post(who)
    assert len(links.addresses(first.text or "")) == 2
    who.told("Several links by newcomers (links.count >= 2)")
    second = post(who, first.at)
    assert len(links.addresses(second.text or "")) == 1
    who.told("A link in the first post (links.count >= 1)")
    third = post(who, second.at)
    assert not links.addresses(third.text or "")
    assert any(word in (third.text or "") for word in ("dot example", "chấm example"))
    assert third.links == ()


def test_mentions_are_left_out() -> None:
    """It calls many members at first, and nobody once it was told."""
    who = spammer()
    assert len(post(who).mentions) == adaptive.CALLED
    who.told(NOTICES[Lesson.MENTIONS][1])
    assert post(who).mentions == ()


def test_repeats_are_reworded_and_split_across_accounts() -> None:
    """Told of the same text, no two of its texts are equal and no two posts by one account."""
    who = spammer()
    who.told(NOTICES[Lesson.MENTIONS][0])
    before = [post(who).text for _ in range(4)]
    assert len({(text or "").split("http")[0] for text in before}) <= 2  # one a language
    who.told(NOTICES[Lesson.REPEATS][0])
    after = posts(who)
    assert len({draft.text for draft in after}) == len(after)
    assert len({draft.author.id for draft in after}) == len(after)


def test_older_accounts_are_used_when_age_is_named() -> None:
    """Told of its account's age it takes one of some days, then one of some weeks."""
    who = spammer()
    ages = []
    for _ in range(3):
        draft = post(who)
        ages.append(draft.at - draft.author.created)
        who.told(NOTICES[Lesson.AGE][0])
    assert ages[0] < clock.HOUR
    assert 3 * clock.DAY < ages[1] < 5 * clock.DAY
    assert ages[2] > 30 * clock.DAY


def test_it_slows_down_when_pace_is_named() -> None:
    """Told of its pace it leaves at least twice the time to the next post."""
    who = spammer()
    quick = post(who).at - START
    who.told(NOTICES[Lesson.PACE][1])
    assert post(who).at - START >= 2 * quick


def test_a_first_post_is_warmed_up_by_harmless_ones() -> None:
    """Told of first posts it says something ordinary first, which is no spam and has no link."""
    who = spammer()
    post(who)
    who.told(NOTICES[Lesson.FIRST][0])
    warm, pitch = post(who), post(who)
    assert (warm.truth, warm.links, warm.mentions) == ("benign", (), ())
    assert pitch.truth == "spam"
    assert warm.author == pitch.author


def test_what_is_cheap_comes_before_what_is_dear() -> None:
    """A notice that names links and age changes the links; only the next one the account."""
    named = frozenset({Lesson.LINKS, Lesson.MANY_LINKS, Lesson.AGE})
    one = adaptive.changed(Way(), named)
    assert one == replace(Way(), links=1)
    none = adaptive.changed(one, named)
    assert none == replace(Way(), links=0)
    assert adaptive.changed(none, named) == replace(none, age=1)


def test_every_way_ends_where_nothing_is_left_to_change() -> None:
    """Told everything again and again, it runs out of changes within twenty notices."""
    way = Way()
    for _ in range(20):
        way = adaptive.changed(way, frozenset(Lesson))
    assert adaptive.changed(way, frozenset(Lesson)) == way
    assert (way.mentions, way.links, way.reworded) == (0, 0, True)
    assert way.age == len(adaptive.AGES) - 1


def test_it_gives_up_after_its_posts() -> None:
    """Without any notice it posts so often, then no more; two posts from one account."""
    found = posts(spammer())
    assert len(found) == adaptive.POSTS
    assert {draft.truth for draft in found} == {"spam"}
    assert {draft.campaign for draft in found} == {adaptive.CAMPAIGN}
    assert len({draft.author.id for draft in found}) == adaptive.POSTS / 2
    assert all(early.at < late.at for early, late in itertools.pairwise(found))


def test_it_gives_up_when_no_notice_helps() -> None:
    """It goes on until the third notice in a row that it has no answer to."""
    who = spammer()
    for _ in range(adaptive.IN_VAIN - 1):
        who.told(SILENT)
    who.told(NOTICES[Lesson.LINKS][0])
    for _ in range(adaptive.IN_VAIN - 1):
        who.told(SILENT)
        assert who.next(START) is not None
    who.told(SILENT)
    assert who.next(START) is None
    assert [bool(each) for each in who.learned] == [False, False, True, False, False, False]


def test_a_notice_costs_the_account() -> None:
    """After a notice it posts from an account that nobody has told anything."""
    who = spammer()
    known = post(who).author
    who.told(SILENT)
    assert post(who).author != known


@pytest.mark.parametrize("seed", SEEDS)
def test_it_lives_beside_the_run(seed: int) -> None:
    """It calls members of the run of its seed, shares no account with it, and no real address."""
    members = {each.event["data"]["author"]["id"] for each in simulate.generate(seed, 400, START)}
    found = posts(spammer(seed))
    assert len({who.id for draft in found for who in draft.mentions} & members) > 30
    assert not {draft.author.id for draft in found} & members
    for draft in found:
        for address in links.addresses(draft.text or ""):
            assert address.host.rsplit(".", 1)[-1] in ("example", "invalid", "test")
    assert {draft.author.lang for draft in found} == {"en", "vi"}
