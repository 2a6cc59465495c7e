"""Who gives a standing order: somebody who may decide about many, in that queue, by that action."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controls.test_controls_entitled import add, refused
from flow.case_desk import COPIED, HELD, copies, decide, waiting
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import event, rows
from ombud import casework, staffing
from ombud.reading import reading

QUEUED = COPIED[1].replace("hold campaign", 'hold campaign for review in queue "copies"')


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A community with a staff, and a campaign that waits."""
    with connected(tmp_path, rules={COPIED[0]: QUEUED}) as made:
        add(made, "Ana", "admin")
        add(made, "Mia", "reviewer")
        add(made, "Lou", "appeals reviewer")
        add(made, "Zoe", "reviewer", queues=["elsewhere"])
        add(made, "Kim", "reviewer", actions=["warn"])
        made.stream(*copies(5))
        yield made


def ask(platform: Platform, do: str, by: str, **more: Any) -> Any:
    """Somebody gives an order from the case, or ends one."""
    asked = {"by": by, "case": waiting(platform)[0], **more}
    return casework.perform(platform.engine, f"{do} order", asked)


@pytest.mark.parametrize(
    ("who", "code"),
    [("Ana", "U201"), ("Lou", "U201"), ("Zoe", "U250"), ("Kim", "U250"), ("Nobody", "U200")],
)
def test_only_who_may_decide_so_in_that_queue_gives_an_order(
    platform: Platform, who: str, code: str
) -> None:
    """Everybody else is refused, and nothing is journalled."""
    refused(code, ask, platform, "give", who)
    assert rows(platform.folder, "SELECT * FROM journal WHERE type = '!standing_order'") == []


def test_by_a_page_it_needs_somebody_who_has_shown_who_they_are(platform: Platform) -> None:
    """As everything that concerns many at once."""
    refused("U251", ask, platform, "give", "Mia", fresh=False)
    assert ask(platform, "give", "Mia", fresh=True)["order"]


def test_the_journal_has_tokens_and_the_log_a_line(platform: Platform) -> None:
    """No name stands in it; others than who gave it may end it, who may not give it may not."""
    order = ask(platform, "give", "Mia", length=3_600_000_000)["order"]
    refused("U201", ask, platform, "end", "Lou", order=order)
    ask(platform, "end", "Mia", order=order)
    payloads = rows(platform.folder, "SELECT payload FROM journal WHERE type = '!standing_order'")
    assert len(payloads) == 2
    assert all("mia" not in payload.lower() for (payload,) in payloads)
    lines = rows(platform.folder, "SELECT entry FROM leaf")
    assert sum(b"standing_order" in bytes(entry) for (entry,) in lines) == 2
    all_holds(platform)


def removed(platform: Platform, by: str, *which: int) -> str:
    """Somebody removes all of the campaign, or some of its records by their places; its case."""
    (case,) = waiting(platform)
    found = [row[0] for row in rows(platform.folder, "SELECT record FROM case_subject")]
    asked: dict[str, Any] = {"records": [found[each] for each in which]} if which else {}
    decide(platform, case, "uphold", "remove", by=by, everything=not which, **asked)
    return case


def give(platform: Platform, case: str, by: str, action: str = "remove") -> Any:
    """Somebody gives an order from a case that may be closed."""
    asked = {"by": by, "case": case, "action": action}
    return casework.perform(platform.engine, "give order", asked)


def lines(platform: Platform) -> list[tuple[bool, bool]]:
    """Of each line of the log about orders: whether it says that one begun, and by one person."""
    found = [bytes(row[0]) for row in rows(platform.folder, "SELECT entry FROM leaf")]
    ours = [each for each in found if b"standing_order" in each]
    return [(b"begun" in each, b"one person" in each) for each in ours]


@pytest.mark.parametrize("action", ["remove", "limit"])
def test_while_some_of_it_waits_only_a_hold_is_ordered(platform: Platform, action: str) -> None:
    """One of five, or two, is not the campaign; nor by two people."""
    add(platform, "Bea", "reviewer")
    for which in ((0,), (1, 2)):
        case = removed(platform, "Mia", *which)
        for by in ("Mia", "Bea"):
            assert "still waits" in refused("U300", give, platform, case, by, action)
    assert give(platform, case, "Mia", "hold")["order"]
    all_holds(platform)


def test_one_of_it_upheld_and_the_rest_released_confirms_nothing(platform: Platform) -> None:
    """Nothing waits, and yet nobody has decided so about the campaign."""
    case = removed(platform, "Mia", 0)
    decide(platform, case, "release", by="Mia", everything=True)
    assert "nobody has decided" in refused("U300", give, platform, case, "Mia")


def test_what_was_split_off_waits_still(platform: Platform) -> None:
    """A campaign is not decided by putting most of it into another case; what came later is new."""
    add(platform, "Bea", "reviewer")
    (case,) = waiting(platform)
    found = [row[0] for row in rows(platform.folder, "SELECT record FROM case_subject")]
    part = casework.perform(
        platform.engine, "split case", {"case": case, "by": "Mia", "records": found[2:]}
    )["case"]
    decide(platform, case, "uphold", "remove", by="Mia", everything=True)
    assert "still waits" in refused("U300", give, platform, case, "Bea")
    decide(platform, part, "release", by="Mia", everything=True)
    platform.stream(*copies(3, 50))
    assert give(platform, case, "Bea")["order"]
    all_holds(platform)


def test_what_was_merged_in_confirms_nothing(tmp_path: Path) -> None:
    """An order is about the texts that were decided, where they were seen: what was put into their
    case is none of them.
    """
    sold = HELD[1].replace("spam.links", "spam.repeats")
    with connected(tmp_path, rules={COPIED[0]: COPIED[1], HELD[0]: sold}) as platform:
        add(platform, "Ana", "admin")
        for name in ("Mia", "Bea"):
            add(platform, name, "reviewer")
        platform.stream(*copies(5))
        (case,) = waiting(platform)
        yard = {"text": "cheap bags", "room": {"id": "yard"}}
        platform.stream(*(event(n, 60, author={"id": f"p{n}"}, **yard) for n in range(3)))
        others = [each for each in waiting(platform) if each != case]
        for each in others:
            casework.perform(
                platform.engine, "merge case", {"case": each, "into": case, "by": "Mia"}
            )
        found = [row[0] for row in rows(platform.folder, "SELECT record FROM case_subject")]
        decide(platform, case, "uphold", "remove", by="Mia", records=found[-3:])
        decide(platform, case, "release", by="Mia", everything=True)
        assert "nobody has decided" in refused("U300", give, platform, case, "Bea")
        order = give(platform, case, "Bea", "hold")["order"]
        given = platform.engine.writer.pipeline.community.orders[order]
        assert len(given.rooms) == 1
        all_holds(platform)


def test_what_was_taken_back_confirms_nothing(platform: Platform) -> None:
    """Undone, or reversed on appeal: of five one at most stands, and that is no campaign."""
    add(platform, "Bea", "reviewer")
    case = removed(platform, "Mia")
    made = [
        row[0] for row in rows(platform.folder, "SELECT id FROM decision WHERE by_role != 'rule'")
    ]
    platform.clock[0] += 11_000_000
    platform.engine.undo("Mia", ids=made[:3])
    assert give(platform, case, "Bea")["order"]
    platform.engine.undo("Mia", ids=made[3:4])
    assert "nobody has decided" in refused("U300", give, platform, case, "Bea")
    all_holds(platform)


def test_what_an_order_did_is_undone_in_its_queue(platform: Platform) -> None:
    """By who is kept to the queue of its case, and by nobody who is kept to another."""
    add(platform, "Tom", "reviewer", queues=["copies"])
    give(platform, waiting(platform)[0], "Mia", "hold")
    (told,) = platform.stream(*copies(1, 50))
    refused("U250", platform.engine.undo, "Zoe", ids=[*told.decisions])
    assert platform.engine.undo("Tom", ids=[*told.decisions]) == [*told.decisions]


def test_whoever_gives_no_name_orders_a_hold_at_most(platform: Platform) -> None:
    """They may be who decided it."""
    case = removed(platform, "Mia")
    refused("U444", give, platform, case, "admin")
    assert give(platform, case, "admin", "hold")["order"]


def test_whoever_is_alone_gives_it_and_the_log_says_so(platform: Platform) -> None:
    """Nobody else may do the same in that queue: marked, as what is decided in bulk."""
    add(platform, "Bea", "reviewer")
    case = removed(platform, "Mia")
    refused("U300", give, platform, case, "Mia")
    staffing.change(platform.engine, "removed", "Bea", "admin")  # Kim may only warn
    assert give(platform, case, "Mia")["order"]
    assert lines(platform) == [(True, True)]
    with reading(platform.folder) as reader:
        assert [each["alone"] for each in reader.orders(platform.clock[0])] == [True]
    all_holds(platform)


def test_a_second_person_gives_what_hides_where_there_is_one(platform: Platform) -> None:
    """Whoever decided the campaign by themselves orders a hold at most; somebody else removes."""
    add(platform, "Bea", "reviewer")
    case = removed(platform, "Mia")
    platform.stream(*copies(5, 50))
    decide(platform, waiting(platform)[0], "uphold", "remove", by="Bea", everything=True)
    assert "only whoever asks" in refused("U300", give, platform, case, "Mia")
    assert lines(platform) == []
    assert give(platform, case, "Mia", "hold")["order"]
    assert give(platform, case, "Bea")["order"]
    assert lines(platform) == [(True, False)] * 2
    with reading(platform.folder) as reader:
        assert not any(each["alone"] for each in reader.orders(platform.clock[0]))
    all_holds(platform)


def test_what_two_decided_either_may_order(platform: Platform) -> None:
    """Of more than twenty, one proposes and another confirms."""
    add(platform, "Bea", "reviewer")
    platform.stream(*copies(25, 50))
    case = removed(platform, "Mia")
    casework.perform(platform.engine, "confirm case", {"case": case, "by": "Bea"})
    assert give(platform, case, "Mia")["order"]
    assert lines(platform) == [(True, False)]
    all_holds(platform)
