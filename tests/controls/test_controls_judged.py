"""What a judgement leaves behind: for later campaigns, live and in replay; and who is a second
person."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, ask, bags, copies, decide, shoes, waiting
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import DAY, event, rows, rule
from ombud import staffing
from ombud.activation.active import EMPTY
from ombud.controls import judged
from ombud.errors import BadUse
from ombud.staff import people
from ombud.verdicts.campaigns import RESTRICTED
from ombud.verdicts.community import Community

FERRY = "Does anybody know whether the ferry across the river runs on Sunday morning this week"
CHOIR = "Tickets for the evening of the choir behind the old mill are on sale from today, come by"
LONG = "cheap shoes for everybody who comes by today, look at all that we have here for you"
BOTH = dict(
    [
        rule(
            "shoes",
            'text contains "cheap shoes"',
            'text "cheap shoes"',
            'text "thanks"',
            then="remove this",
        ),
        rule(
            "same-text",
            "text.repeat authors in last 1 hour >= 3\n  author.accepted posts < 20",
            "text.repeat authors in last 1 hour  3\n  author.accepted posts  0",
            "text.repeat authors in last 1 hour  2\n  author.accepted posts  0",
            clause="spam.repeats",
            then="hold campaign",
        ),
    ]
)


def test_what_was_released_no_campaign_takes_up(tmp_path: Path) -> None:
    """A post that a person let go is not held with its copies later: live, restarted, replayed."""
    with connected(tmp_path, rules=BOTH) as platform:
        platform.stream(event("a", 1, text=LONG, author={"id": "ana"}))
        (case,) = waiting(platform)
        decide(platform, case, "release")
        platform.stream(*(event(n, n + 2, text=LONG, author={"id": f"c{n}"}) for n in range(2)))
        held = rows(platform.folder, "SELECT about FROM decision WHERE action = 'hold'")
        assert (2,) not in held
        assert len(held) == 2
        all_holds(platform)


def test_what_was_taken_back_is_taken_up_again(tmp_path: Path) -> None:
    """A judgement undone is none: the post is held with its copies, live and in replay alike."""
    with connected(tmp_path, rules=BOTH) as platform:
        platform.stream(event("a", 1, text=LONG, author={"id": "ana"}))
        (case,) = waiting(platform)
        decide(platform, case, "release")
        ask(platform, "undo", case)
        platform.stream(*(event(n, n + 2, text=LONG, author={"id": f"c{n}"}) for n in range(2)))
        held = rows(platform.folder, "SELECT about FROM decision WHERE action = 'hold'")
        assert (2,) in held
        assert len(held) == 3
        all_holds(platform)


def test_a_second_person_is_somebody_else_lately_at_work(tmp_path: Path) -> None:
    """Not whoever is called alike, and not who was last here a month ago."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(shoes(1))
        (case,) = waiting(platform)
        hands, now = platform.engine.writer.pipeline, platform.clock[0]
        ask(platform, "claim", case, by="Mia")
        mia, alike, lou = (people.person(hands.keys, each) for each in ("mia", "m\u0456a", "lou"))
        hands.keys.begin()
        hands.keys.flush()
        assert judged.same_person(hands, mia, mia)
        assert judged.same_person(hands, mia, alike)
        assert not judged.same_person(hands, mia, lou)
        assert not judged.others(hands, mia, now)
        assert not judged.others(hands, alike, now)
        assert judged.others(hands, lou, now)
        assert not judged.others(hands, lou, now + 31 * DAY)


def test_replay_applies_and_takes_back() -> None:
    """What is judged counts as acted on, until the judgement is undone; decisions stay marked."""
    community = Community(b"k" * 32, EMPTY)
    payload = {"outcome": "released", "records": [3, 4], "decisions": []}
    judged.apply(community, payload)
    assert community.campaigns._acted(3) == RESTRICTED
    judged.take_back(community, payload)
    assert community.campaigns._acted(3) == 0
    upheld = {"outcome": "upheld", "records": [5], "decisions": [["d", 5, "remove", "c", None]]}
    judged.apply(community, upheld)
    judged.take_back(community, upheld)
    assert community.campaigns._acted(5) == RESTRICTED
    judged.apply(community, {"outcome": "seen", "records": [9], "decisions": []})
    assert community.campaigns._acted(9) == 0


def test_of_a_staff_a_second_person_is_whoever_may(tmp_path: Path) -> None:
    """Though they have never worked on a case; and nobody who was there and may no more."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(*copies(25), bags(1))
        (held,) = [each for each in waiting(platform, "hold") if len(records(platform, each)) == 1]
        add = partial(staffing.change, platform.engine, "added")
        add("Ana", "Ana", roles=["admin", "reviewer"])
        add("lou", "Ana", roles=["reviewer"])
        (many,) = [each for each in waiting(platform, "hold") if each != held]
        wanted = {"everything": True, "by": "Ana", "alone": True}
        with pytest.raises(BadUse) as caught:
            decide(platform, many, "uphold", "remove", **wanted)
        assert caught.value.code == "U232"
        decide(platform, held, "release", by="lou")
        staffing.change(platform.engine, "suspended", "lou", "Ana")
        assert decide(platform, many, "uphold", "remove", **wanted)["decisions"]
        all_holds(platform)


def test_who_may_not_do_the_same_is_no_second_person(tmp_path: Path) -> None:
    """Kept to other actions or another queue: nobody could confirm it, so one is alone."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        add = partial(staffing.change, platform.engine, "added")
        add("Ana", "Ana", roles=["admin", "reviewer"])
        add("lou", "Ana", roles=["reviewer"], actions=["warn"])
        add("kim", "Ana", roles=["reviewer"], queues=["elsewhere"])
        platform.stream(*copies(25))
        (many,) = waiting(platform, "hold")
        wanted = {"everything": True, "by": "Ana", "alone": True}
        assert decide(platform, many, "uphold", "remove", **wanted)["decisions"]
        all_holds(platform)


def test_no_way_round_the_count_by_cases_of_other_texts(tmp_path: Path) -> None:
    """What was split off a campaign and merged into a case of something else is counted by its
    texts all the same.
    """
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(*copies(60), *said("river", FERRY), *said("mill", CHOIR))
        mill, river, campaign = sorted(waiting(platform), key=partial(size, platform))
        for aside, counts in ((mill, False), (river, True)):
            part = records(platform, campaign)[:18]
            ask(platform, "split", campaign, records=part)
            (piece,) = [each for each in waiting(platform) if records(platform, each) == part]
            ask(platform, "merge", piece, into=aside)
            made = decide(platform, aside, "uphold", "remove", records=part)
            assert bool(made["proposed"]) is counts
        removed = rows(platform.folder, "SELECT count(*) FROM decision WHERE action = 'remove'")
        assert removed == [(18,)]
        all_holds(platform)


def said(by: str, text: str) -> list[dict[str, Any]]:
    """The same by a few people, of other words than the campaign."""
    return [event(f"{by}{n}", 900 + n, author={"id": f"{by}{n}"}, text=text) for n in range(4)]


def size(platform: Platform, case: str) -> tuple[int, int]:
    """How much waits in a case, and since which record."""
    found = records(platform, case)
    return len(found), -found[0]


def records(platform: Platform, case: str) -> list[int]:
    """What waits in a case."""
    query = """SELECT record FROM case_subject s WHERE id = ? AND NOT EXISTS
        (SELECT 1 FROM reviewed w WHERE w.id = s.id AND w.record = s.record) ORDER BY record"""
    return [row[0] for row in rows(platform.folder, query, case)]
