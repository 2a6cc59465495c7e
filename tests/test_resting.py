"""What a person said need not be asked about again: no rule opens a case about it, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, ask, copies, decide, flag, waiting
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import event, rows, rule
from ombud.clock import DAY
from ombud.errors import BadUse
from ombud.journal import read_json
from ombud.review import evidence

KINDS = "post, edit"
NAMED = [
    ("asks", "cheap shoes", "remove this"),
    ("asks-too", "very cheap", "remove this"),
    ("holds", "cheap bags", "hold this"),
    ("calls", "cheap knives", 'remove this for review in queue "urgent" as urgent'),
    ("tells", "cheap spoons", 'alert "spoons"'),
]
RESTING_RULES = {
    **DESK_RULES,
    **dict(
        rule(
            name,
            f'text contains "{text}"',
            f'text "{text}"',
            'text "thanks"',
            kinds=KINDS,
            then=then,
        )
        for name, text, then in NAMED
    ),
}
del RESTING_RULES["shoes.rule"], RESTING_RULES["bags.rule"]


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community whose rules judge edits too."""
    with connected(tmp_path, rules=RESTING_RULES) as made:
        yield made


def post(
    number: int | str, at: float = 0, text: str = "cheap shoes", **more: Any
) -> dict[str, Any]:
    """One post as it was written."""
    return {**event(number, at, text=text, **more), "subject": "post/one"}


def edit(number: int | str, at: float, text: str = "cheap shoes", **more: Any) -> dict[str, Any]:
    """The same post, told again."""
    return post(number, at, text, type="post.edited", before={"text": "cheap shoes"}, **more)


def released(platform: Platform, text: str = "cheap shoes") -> str:
    """A case about the post that somebody released: never again."""
    platform.stream(post(1, text=text))
    (case,) = waiting(platform)
    decide(platform, case, "release", rest=True)
    assert waiting(platform) == []
    return case


def asked(platform: Platform) -> list[int]:
    """How often rules would have asked, of each that rests."""
    return [row[0] for row in rows(platform.folder, "SELECT asked FROM rest ORDER BY review")]


def refused(code: str, platform: Platform, do: str, case: str, **more: Any) -> None:
    """A request is refused with this code, says what to do, and nothing rests by it."""
    before = rows(platform.folder, "SELECT * FROM rest")
    with pytest.raises(BadUse, match=code) as caught:
        ask(platform, do, case, **more)
    assert caught.value.hint
    assert rows(platform.folder, "SELECT * FROM rest") == before


def test_no_rule_asks_about_the_same_words_again(platform: Platform) -> None:
    """The platform tells the post again, unchanged: no case, and it is counted. The judgement says
    so in the journal and has its line in the log; replay comes out the same.
    """
    case = released(platform)
    platform.stream(edit(2, 5), edit(3, 6))
    assert waiting(platform) == []
    assert asked(platform) == [2]
    query = "SELECT payload, recv FROM journal WHERE type = '!review'"
    ((payload, recv),) = rows(platform.folder, query)
    told = read_json(payload)
    assert (told["case"], told["rest"]) == (case, recv + 30 * DAY)
    assert rows(platform.folder, "SELECT until FROM rest") == [(recv + 30 * DAY,)]
    all_holds(platform)


def test_without_it_a_rule_asks_again(platform: Platform) -> None:
    """Released, and no more said: the same post comes before people anew."""
    platform.stream(post(1))
    (case,) = waiting(platform)
    decide(platform, case, "release")
    platform.stream(edit(2, 5))
    assert len(waiting(platform)) == 1
    assert asked(platform) == []


@pytest.mark.parametrize(
    "other",
    [
        edit(2, 5, "cheap shoes!"),
        edit(2, 5, links=[{"url": "https://shop.example/a"}]),
        edit(2, 5, media=[{"id": "picture"}]),
        edit(2, 5, author={"id": "bo"}),
        edit(2, 5, room={"id": "garden"}),
        edit(2, 5, in_reply_to={"id": "post/zero"}),
        edit(2, 5, mentions=[{"id": "kim"}]),
        {**edit(2, 5), "subject": "post/two"},
    ],
)
def test_what_is_another_thing_is_asked_about(platform: Platform, other: dict[str, Any]) -> None:
    """Other words, links, pictures, another author, place or post: a case as ever."""
    released(platform)
    platform.stream(other)
    assert len(waiting(platform)) == 1
    assert asked(platform) == [0]


def test_what_was_changed_and_is_as_before_rests(platform: Platform) -> None:
    """This very content was judged, whatever stood there between."""
    released(platform)
    platform.stream(edit(2, 5, "thanks, all"), edit(3, 6))
    assert waiting(platform) == []
    assert asked(platform) == [1]


def test_it_ends_after_thirty_days(platform: Platform) -> None:
    """To the instant; and then its row goes with what else has ended."""
    released(platform)
    ((until,),) = rows(platform.folder, "SELECT until FROM rest")
    platform.clock[0] = until - 2
    platform.stream(edit(2, 5))
    assert waiting(platform) == []
    platform.clock[0] = until
    platform.stream(edit(3, 6))
    assert len(waiting(platform)) == 1
    pipeline = platform.engine.writer.pipeline
    evidence.let_go(pipeline.store, pipeline.keys, until)
    assert asked(platform) == []
    all_holds(platform)


def test_what_a_rule_holds_is_still_held_and_looked_at(platform: Platform) -> None:
    """Only the question rests: a hold comes before people as always."""
    released(platform, "cheap bags")
    platform.stream(edit(2, 5, "cheap bags"))
    assert len(waiting(platform, "hold")) == 1
    assert asked(platform) == [0]
    all_holds(platform)


def test_an_alert_rests_too(platform: Platform) -> None:
    """It does nothing but ask."""
    released(platform, "cheap spoons")
    platform.stream(edit(2, 5, "cheap spoons"))
    assert waiting(platform) == []
    assert asked(platform) == [1]


def test_what_is_urgent_is_still_asked(platform: Platform) -> None:
    """The lane for what cannot wait knows no rest."""
    released(platform, "cheap knives")
    platform.stream(edit(2, 5, "cheap knives"))
    assert len(waiting(platform)) == 1


def test_all_rules_of_the_clause_rest_and_no_other(tmp_path: Path) -> None:
    """It is the clause that it was judged under, whichever rule asks."""
    text = "very cheap shoes"
    said = [f'text contains "{text}"', f'text "{text}"', 'text "thanks"']
    other = rule("repeats", *said, kinds=KINDS, clause="spam.repeats", then="remove this")
    with connected(tmp_path, rules={**RESTING_RULES, **dict([other])}) as platform:
        platform.stream(post(1, text=text))
        links, repeats = (
            row[0] for row in rows(platform.folder, "SELECT id FROM review_case ORDER BY clause")
        )
        decide(platform, links, "release", rest=True)
        decide(platform, repeats, "release")
        platform.stream(edit(2, 5, text))
        (case,) = waiting(platform)
        found = rows(platform.folder, "SELECT clause FROM review_case WHERE id = ?", case)
        assert found == [("spam.repeats",)]
        assert asked(platform) == [2]
        all_holds(platform)


def test_it_can_be_ended_and_undone(platform: Platform) -> None:
    """By anybody who may decide the case, once; and with the judgement, within its ten seconds."""
    case = released(platform)
    ask(platform, "ask about", case, by="Zoe")
    refused("U326", platform, "ask about", case)
    refused("U220", platform, "ask about", "case_none")
    platform.stream(edit(2, 5))
    (again,) = waiting(platform)
    decide(platform, again, "release", rest=True)
    ask(platform, "undo", again)
    assert asked(platform) == []
    assert waiting(platform) == [again]
    all_holds(platform)


def test_whoever_upholds_something_about_it_ends_it(platform: Platform) -> None:
    """The later judgement of a person counts."""
    released(platform)
    platform.stream(post(2, 5, "cheap shoes!"))
    (case,) = waiting(platform)
    decide(platform, case, "uphold", "remove")
    assert asked(platform) == []
    platform.stream(edit(3, 6))
    assert len(waiting(platform)) == 1


def test_only_what_is_released_rests(platform: Platform) -> None:
    """Nothing that was upheld, no flag, and no more than one person lets go: refused, and nothing
    is judged by it.
    """
    platform.stream(post(1))
    (case,) = waiting(platform)
    acts = [{"action": "remove"}]
    refused("U325", platform, "decide", case, outcome="uphold", acts=acts, rest=True)
    assert waiting(platform) == [case]
    decide(platform, case, "release")
    platform.stream(*copies(21))
    (campaign,) = waiting(platform)
    many = {"outcome": "release", "everything": True, "alone": True}
    refused("U325", platform, "decide", campaign, **many, rest=True)
    decide(platform, campaign, "release", everything=True, alone=True)
    platform.stream(flag(1, "post/other", "bo", 9))
    (flagged,) = waiting(platform)
    refused("U325", platform, "decide", flagged, outcome="release", rest=True)


def test_each_post_of_a_campaign_rests_by_itself(tmp_path: Path) -> None:
    """Whoever releases all of it says it of each: told again none is asked about; somebody else's
    post of the same words is, and so is one that has changed.
    """
    text = (
        "Everybody look at our cheap shoes today, the very best offer of this whole year, friends"
    )
    told = [
        {**event(n, n, text=text, author={"id": f"p{n}"}), "subject": f"post/{n}"} for n in range(3)
    ]
    again = [{**each, "id": f"again{each['id']}", "type": "post.edited"} for each in told]
    name, content = rule(
        "shoes",
        "text.repeat authors in last 1 day >= 1\n  author.accepted posts < 20",
        "text.repeat authors in last 1 day  1\n  author.accepted posts  1",
        "text.repeat authors in last 1 day  0\n  author.accepted posts  1",
        kinds=KINDS,
        clause="spam.repeats",
        then='alert "shoes"',
    )
    with connected(tmp_path, rules={name: content}) as platform:
        platform.stream(*told)
        (case,) = waiting(platform)
        decide(platform, case, "release", everything=True, rest=True)
        assert asked(platform) == [0, 0, 0]
        platform.stream(*again)
        assert waiting(platform) == []
        assert asked(platform) == [1, 1, 1]
        other = {**event(9, 9, text=text, author={"id": "p9"}), "subject": "post/9"}
        platform.stream(other)
        (new,) = waiting(platform)
        changed = {**again[0], "id": "x"}
        changed["data"] = {**changed["data"], "text": text + " cheap"}
        platform.stream(changed)
        last = "SELECT count(*) FROM case_subject WHERE record = (SELECT max(seq) FROM journal)"
        assert rows(platform.folder, last) == [(1,)]
        assert new in waiting(platform)
        ask(platform, "ask about", case)
        assert asked(platform) == []
        all_holds(platform)


def test_a_namesake_is_asked_about_once(tmp_path: Path) -> None:
    """A profile that somebody let go is asked about again once its name or picture is another."""
    name, content = rule(
        "namesake",
        'author.name = "Ana"',
        'author.name "Ana"',
        'author.name "Bo"',
        kinds="profile",
        then='alert "names"',
    )

    def profile(number: int, **looks: Any) -> dict[str, Any]:
        author = {"id": "ana2", "name": "Ana", **looks}
        told = event(number, number, type="account.updated", author=author)
        told["data"] = {"author": author}
        return told

    with connected(tmp_path, rules={name: content}) as platform:
        platform.stream(profile(1))
        (case,) = waiting(platform)
        decide(platform, case, "release", rest=True)
        platform.stream(profile(2), profile(3, lang="vi"))
        assert waiting(platform) == []
        assert asked(platform) == [2]
        platform.stream(profile(4, avatar={"sha256": "0" * 64}))
        assert len(waiting(platform)) == 1
        all_holds(platform)


def test_it_goes_with_the_person(platform: Platform) -> None:
    """After an erasure nothing tells what somebody had said."""
    released(platform)
    platform.engine.erase("chat", "ana")
    assert asked(platform) == []
    all_holds(platform)
