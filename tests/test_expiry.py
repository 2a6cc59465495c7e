"""What ends by its age goes, with its keys, and what somebody waits for stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, LONG, ask, bags, copies, decide, shoes, waiting
from flow.platform_side import CONNECTED, Platform, all_holds, connected
from flow.small_community import DAY, change, event, line, prepare, rows
from ombud import expiry
from ombud.app import KEY_FILE, Engine
from ombud.appeals import AppealMade
from ombud.decisions import APPEAL_OPEN
from ombud.gate.register import Register
from ombud.retention import Retention
from ombud.review.evidence import MARGIN
from ombud.store.sqlite import Connection, Store

BODIES = "SELECT seq FROM body ORDER BY seq"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community, silent so far: record 1 is its configuration."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def later(platform: Platform, days: float) -> dict[str, int]:
    """So many days later all that has ended goes."""
    platform.clock[0] += int(days * DAY)
    return dict(Retention(platform.engine).look())


def bodies(platform: Platform) -> list[int]:
    return [row[0] for row in rows(platform.folder, BODIES)]


def keys_of(folder: Path, query: str = "SELECT seq FROM body_key") -> set[Any]:
    file = Connection(folder / KEY_FILE, readonly=True, queries={"asked": query})
    try:
        return {row[0] for row in file.all("asked")}
    finally:
        file.close()


def test_what_was_said_goes_after_its_days(platform: Platform) -> None:
    """Not a moment before: body and key; replay then goes by the facts of the row."""
    platform.stream(event(1, text="hello there"), event(2, text="and you"))
    assert later(platform, 29.9).get("bodies", 0) == 0
    platform.stream(event(3, text="much later"))
    assert bodies(platform) == [2, 3, 4]
    assert later(platform, 0.2)["bodies"] == 2
    assert bodies(platform) == [4]
    assert keys_of(platform.folder) == {4}
    all_holds(platform)


def test_the_setting_says_how_many_days(tmp_path: Path) -> None:
    """A community that keeps bodies for longer does."""
    with connected(tmp_path, rules=DESK_RULES, settings=f"body_days = 60\n{CONNECTED}") as platform:
        platform.stream(event(1, text="hello there"))
        assert later(platform, 59).get("bodies", 0) == 0
        assert later(platform, 1.1)["bodies"] == 1


def test_what_waits_before_people_stays(platform: Platform) -> None:
    """However old; from its decision on as long as that can be appealed, and a margin."""
    platform.stream(shoes(1), event(2))
    assert later(platform, 400)["bodies"] == 1
    assert bodies(platform) == [2]
    decide(platform, waiting(platform)[0], "uphold", "remove")
    assert later(platform, (APPEAL_OPEN + MARGIN) / DAY - 1).get("bodies", 0) == 0
    assert later(platform, 1.1)["bodies"] == 1
    assert bodies(platform) == []
    saw = rows(platform.folder, "SELECT sealed FROM case_subject")
    assert saw == [(None,)]
    all_holds(platform)


def test_what_a_rule_decided_can_be_appealed_too(platform: Platform) -> None:
    """A hold by a rule that ended long ago: its post stays for the appeal, then goes, and so does
    the record of the decision, with its key.
    """
    platform.stream(bags(1))
    (case,) = waiting(platform)
    decide(platform, case, "release")
    assert later(platform, 200).get("bodies", 0) == 0
    gone = later(platform, 20)
    assert (gone["bodies"], gone["statements"]) == (1, 1)
    assert rows(platform.folder, "SELECT count(*) FROM decision WHERE sealed IS NOT NULL") == [(0,)]
    assert keys_of(platform.folder, "SELECT id FROM decision_key") == set()
    all_holds(platform)


def test_an_open_appeal_keeps_all_it_is_about(platform: Platform) -> None:
    """Post, statement and appeal stay until it is decided."""
    platform.stream(bags(1))
    ((decision, statement),) = rows(platform.folder, "SELECT decision, statement FROM notice")
    decide(platform, waiting(platform, "hold")[0], "uphold", "remove")
    ((latest,),) = rows(platform.folder, "SELECT id FROM decision WHERE id != ?", decision)
    platform.clock[0] += 100 * DAY
    made = AppealMade(platform.token(statement), latest, "It was a joke about bags.")
    platform.engine.change(made)
    assert later(platform, 400) == {}
    assert bodies(platform) == [2]
    assert rows(platform.folder, "SELECT count(*) FROM appeal WHERE sealed IS NOT NULL") == [(1,)]


def test_a_ban_without_an_end_can_be_explained_for_as_long_as_it_stands(
    platform: Platform,
) -> None:
    """The record of its decision stays, however old; of one that was undone it goes."""
    platform.stream(shoes(1), shoes(2, who="bo"))
    for case in waiting(platform):
        decide(platform, case, "uphold", "suspend")
    made = [row[0] for row in rows(platform.folder, "SELECT id FROM decision ORDER BY leaf")]
    platform.engine.undo("admin", ids=made[:1])
    later(platform, 500)
    kept = rows(platform.folder, "SELECT id FROM decision WHERE sealed IS NOT NULL ORDER BY leaf")
    assert [row[0] for row in kept] == made[1:]


def test_a_text_that_others_are_compared_with_stays(platform: Platform) -> None:
    """As long as its campaign goes on; whoever starts again finds the same clusters."""
    start, step = platform.clock[0] - DAY // 2, 20 * 3600  # a copy every 20 hours, as they come
    for number in range(40):
        platform.clock[0] = start + number * step * 1_000_000 + 43_200_000_000
        platform.stream(copy(number, number * step + 86_000))
    assert later(platform, 0.5)["bodies"] > 2
    kept = bodies(platform)
    assert kept[0] == 2  # the first of them, older than all days
    assert kept[1] > 4
    all_holds(platform)
    assert later(platform, 60)["bodies"] == len(kept)
    all_holds(platform)


def copy(number: int, at: float) -> dict[str, Any]:
    return event(f"copy{number}", at, text=LONG, author={"id": f"copier{number}"})


def test_where_nothing_comes_clusters_die_by_the_clock(platform: Platform) -> None:
    """A community that fell silent keeps no text for it; what comes late is judged as after a new
    start.
    """
    first, *more = copies(4)
    platform.stream(first)
    platform.clock[0] += 31 * DAY
    # the stream's own time is where it was: by it the cluster is alive
    assert dict(Retention(platform.engine).look())["bodies"] == 1
    platform.stream(*more)
    all_holds(platform)


def test_case_words_stay_with_an_open_case(platform: Platform) -> None:
    """What a rule saw is there as long as somebody is to judge it."""
    platform.stream(shoes(1))
    later(platform, 90)
    assert rows(platform.folder, "SELECT count(*) FROM case_subject WHERE sealed IS NOT NULL") == [
        (1,)
    ]
    assert ask(platform, "note", waiting(platform)[0], text="still here")


def test_turns_are_bounded(tmp_path: Path) -> None:
    """However much is due, one turn looks at so many records and no more."""
    clock = [int(1.8e15)]
    with Engine(prepare(tmp_path, {}), now=lambda: clock[0]) as engine:
        told = [line(event(n, n / 100, text=f"{LONG} {n}")) for n in range(expiry.TURN * 2 + 5)]
        engine.ingest([b"".join(told)])
        clock[0] += 31 * DAY
        store = Store(tmp_path / "ombud.db", readonly=True)
        turns = [each for each in expiry.due(store, 30, clock[0], {}) if each.what == "bodies"]
        store.close()
        assert len(turns) == 3
        assert all(each.until - each.after <= expiry.TURN for each in turns)
        assert dict(Retention(engine).look())["bodies"] == len(told)


def test_what_waits_for_a_label_stays(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a sample or an audit has drawn, and nobody has labelled yet."""
    platform.stream(event(1), event(2))
    with monkeypatch.context() as patched:
        patched.setattr(Register, "sealed", lambda _: frozenset({3}))
        assert later(platform, 31)["bodies"] == 1
        assert bodies(platform) == [3]
    assert later(platform, 1)["bodies"] == 1


def test_earlier_posts_of_a_campaign_can_be_appealed_too(platform: Platform) -> None:
    """A decision about a post that another one's record led to keeps that post's text."""
    platform.stream(*copies(3), event("x", 5))
    led = rows(platform.folder, "SELECT about, seq FROM decision ORDER BY about")
    assert led == [(2, 4), (3, 4), (4, 4)]
    change(platform.folder, "UPDATE review_case SET closed = 1")
    assert later(platform, 31)["bodies"] == 1
    assert bodies(platform) == [2, 3, 4]


def test_what_is_to_be_looked_at_again_stays(platform: Platform) -> None:
    """Second looks and gold, until nobody is asked any more."""
    platform.stream(event(1))
    asked = (
        "INSERT INTO look (look, kind, review, id, record, clause, queue, harm, lang, first, said,"
        " due, until, open) VALUES ('l', 'gold', 1, 'c', 2, 'spam.links', 'q', 'spam', '', 1,"
        " 'upheld', 0, ?, 1)"
    )
    change(platform.folder, asked, platform.clock[0] + 40 * DAY)
    assert later(platform, 31) == {}
    assert later(platform, 9)["bodies"] == 1
    assert later(platform, expiry.LOOKS / DAY)["looks"] == 1
