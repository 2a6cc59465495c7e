"""Several restrictions of one kind on one subject at once: the end of one lifts nothing that
another keeps, and the platform always stands as the decisions in force say.

What a model of the platform then holds (`overlapping_world`) is compared with the rows of the
decisions after every step.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from flow.case_desk import DESK_RULES, ask, bags, decide, waiting
from flow.overlapping_world import HIDING, PEOPLE, World
from flow.platform_side import HOUR, SECOND, Platform, all_holds, connected
from flow.small_community import NOW, rows
from ombud import casework, notices
from ombud.appeals import AppealMade
from ombud.clock import MINUTE
from ombud.errors import BadUse
from ombud.reading import Reader

# --- by hand --------------------------------------------------------------------------------------


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Nothing has happened yet."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        yield World(platform)


def suspend(hours: int) -> dict[str, Any]:
    """Somebody is suspended for so long."""
    return {"action": "suspend", "length": hours * HOUR}


def test_the_shorter_suspension_s_end_lifts_nothing(world: World) -> None:
    """Until Monday by one case, until Friday by another: on Monday nothing is lifted, whichever
    came first; on Friday it is, once.
    """
    world.restrict(suspend(24))
    longer = world.restrict(suspend(120))
    world.wait(MINUTE)
    assert [each["inverse"] for each in world.sent] == [False, False]
    world.wait(25 * HOUR)
    world.holds()
    kept = world.sent[-1]
    assert (kept["inverse"], kept["undoes"], kept["decision"]) == (False, None, longer)
    assert kept["until"] == world.sent[1]["until"]
    shorter = world.restrict(suspend(24))
    world.wait(MINUTE)
    assert world.sent[-1]["decision"] == shorter
    assert world.sent[-1]["until"] == kept["until"], "it would end there too early"
    world.wait(25 * HOUR)
    world.holds()
    assert [each["inverse"] for each in world.sent].count(True) == 0
    world.wait(100 * HOUR)
    assert world.state == {}
    assert [each["inverse"] for each in world.sent].count(True) == 1
    all_holds(world.platform)


def test_undoing_one_of_two_leaves_the_other(world: World) -> None:
    """Of two suspensions the longer one is undone: the platform hears until when the other lasts;
    then that one too, and it is lifted.
    """
    first, second = world.restrict(suspend(120)), world.restrict(suspend(24))
    world.wait(MINUTE)
    until = world.standing()
    world.platform.engine.undo("admin", ids=[first])
    world.flush()
    world.holds()
    assert list(world.state.values()) != list(until.values())
    assert world.sent[-1]["decision"] == second
    world.platform.engine.undo("admin", ids=[second])
    world.flush()
    assert world.sent[-1]["inverse"] is True
    assert world.state == {}
    all_holds(world.platform)


def test_what_hides_a_post_is_one_thing(world: World) -> None:
    """A post is held, its edition is held again and removed: the holds' ends show nothing. After
    the removal is undone, and not before, it is shown.
    """
    platform = world.platform
    platform.stream(bags(1) | {"subject": "post/1"})
    world.wait(HOUR)
    platform.stream(bags(2, at=3600) | {"subject": "post/1"})
    world.wait(HOUR)
    world.wait(22 * HOUR + MINUTE)  # the first hold is over, the second is not
    world.holds()
    assert world.state != {}
    world.wait(HOUR)
    assert world.state == {}
    platform.stream(bags(3, at=90000) | {"subject": "post/1"})
    world.flush()
    case = waiting(platform)[-1]
    removed = decide(platform, case, "uphold", "remove", everything=True)["decisions"][0]
    world.wait(MINUTE)
    platform.stream(bags(4, at=90100) | {"subject": "post/1"})
    world.flush()
    assert world.state == {("post/1", "hidden"): None}, "it was removed, and stays so"
    world.wait(25 * HOUR)
    assert world.state == {("post/1", "hidden"): None}
    world.holds()
    platform.engine.undo("admin", ids=[removed])
    world.flush()
    assert world.state == {}
    all_holds(platform)


def test_labels_are_told_apart_by_their_words(world: World) -> None:
    """The end of one label takes no other away, and not the same one that somebody else put."""
    for words, hours in (("spam", 24), ("spam", 48), ("rude", 24)):
        world.restrict({"action": "label", "on": "author", "text": words, "length": hours * HOUR})
    world.wait(MINUTE)
    assert len(world.state) == 2
    world.wait(24 * HOUR)
    assert {kind for _, kind in world.state} == {"label spam"}
    world.wait(24 * HOUR)
    assert world.state == {}


def test_each_warning_is_taken_back_by_itself(world: World) -> None:
    """A warning lasts by nothing: of two, the one that was wrong is taken off the record."""
    wrong, right = (world.restrict({"action": "warn", "on": "author"}) for _ in range(2))
    world.wait(MINUTE)
    world.platform.engine.undo("admin", ids=[wrong])
    world.flush()
    assert (world.sent[-1]["inverse"], world.sent[-1]["decision"]) == (True, wrong)
    assert right != wrong


def test_what_the_platform_refused_keeps_nothing(world: World) -> None:
    """A second suspension that never took effect does not keep the first one from being lifted."""
    world.restrict(suspend(24))
    world.wait(MINUTE)
    world.refuses = True
    world.restrict(suspend(120))
    world.wait(MINUTE)
    world.refuses = False
    world.wait(25 * HOUR)
    assert world.sent[-1]["inverse"] is True
    assert world.state == {}


def test_what_waits_out_its_undo_window_keeps_nothing_yet(world: World) -> None:
    """A decision that can still be taken back unfelt is not told the platform early."""
    world.restrict(suspend(24))
    world.wait(MINUTE)
    world.wait(24 * HOUR - 30 * SECOND)
    world.restrict(suspend(24))
    world.flush()
    before = len(world.sent)
    world.wait(5 * SECOND)
    assert len(world.sent) == before, "the end came, or the new one went out too early"
    world.wait(HOUR)
    assert [each["inverse"] for each in world.sent[before:]] in ([False], [False, False])
    world.holds()


def test_an_erased_decision_still_keeps_what_it_keeps(world: World) -> None:
    """A room is locked for two posts; who wrote one of them is erased. The other lock's end opens
    nothing, and names nobody.
    """
    lock = {"action": "lock", "on": "room"}
    world.restrict({**lock, "length": 120 * HOUR}, who="ana")
    world.restrict({**lock, "length": 24 * HOUR}, who="bo")
    world.wait(MINUTE)
    locked = dict(world.state)
    world.platform.engine.erase("chat", "ana")
    world.wait(25 * HOUR)
    assert world.state == locked
    last = world.sent[-1]
    assert (last["inverse"], last["account"], last["statement"]) == (False, None, None)
    world.wait(100 * HOUR)
    assert world.sent[-1]["undoes"] is not None


def test_the_person_hears_that_another_decision_stands(world: World) -> None:
    """Nothing of the first is in force, and yet nothing changes for them: the message says why. So
    does the list of what was asked of the platform.
    """
    first, second = world.restrict(suspend(24)), world.restrict(suspend(120))
    world.wait(2 * HOUR)
    world.wait(24 * HOUR)
    assert "Another decision" in world.told[-1]["text"]
    assert world.told[-1]["decision"] == first
    assert not any("Another decision" in each["text"] for each in world.told[:-1])
    reader = Reader(world.platform.folder)
    listed = reader.decision(first)["asked"]
    reader.close()
    assert [each["inverse"] for each in listed] == [False, True]
    assert second in listed[1]["detail"]


def test_what_was_to_be_replaced_is_lifted_where_nothing_replaces_it(world: World) -> None:
    """A hold is upheld, and its removal taken back before it went out: the hold had ended without
    being lifted, so it is lifted now, by its own key, and the person hears of it.
    """
    platform = world.platform
    platform.stream(bags(1))
    world.flush()
    (case,) = waiting(platform)
    removed = decide(platform, case, "uphold", "remove")["decisions"][0]
    platform.engine.undo("admin", ids=[removed])
    world.flush()
    hold, shown = world.sent
    assert (shown["inverse"], shown["undoes"], shown["action"]) == (True, hold["id"], "remove")
    assert world.state == {}
    world.wait(2 * HOUR)
    assert "undone" in world.told[-1]["text"]
    all_holds(platform)


# --- whatever happens -----------------------------------------------------------------------------

numbers = st.integers(0, 9)
ACTS = ("suspend", "suspend", "limit", "lock", "ban from room", "label", "hold", "remove")
steps = st.lists(
    st.one_of(
        st.tuples(st.just("restrict"), st.integers(0, len(ACTS) - 1), st.integers(0, 4)),
        st.tuples(st.just("held"), numbers, numbers),
        st.tuples(st.just("remove"), numbers, numbers),
        st.tuples(st.just("wait"), st.integers(1, 30), numbers),
        st.tuples(st.just("undo decision"), numbers, numbers),
        st.tuples(st.just("undo review"), numbers, numbers),
        st.tuples(st.just("reverse"), numbers, numbers),
        st.tuples(st.just("refuse"), numbers, numbers),
        st.tuples(st.just("erase"), numbers, numbers),
    ),
    min_size=4,
    max_size=14,
)


def step(world: World, name: str, what: int, other: int) -> None:
    """One thing that happens; what cannot be is refused in words."""
    platform = world.platform
    if name == "restrict":
        action = ACTS[what]
        act: dict[str, Any] = {"action": action}
        if action not in HIDING:
            act["on"] = "room" if action == "lock" else "author"
        if action == "label":
            act["text"] = ("spam", "rude")[other % 2]
        if other or action in ("limit", "label"):
            act["length"] = (other + 1) * 9 * HOUR
        kept = {key: act[key] for key in act if action != "remove" or key != "length"}
        world.restrict(kept, who=PEOPLE[what % 3 // 2])
    elif name == "held":  # what is posted again under its old name
        at = (platform.clock[0] - NOW) / SECOND
        world.number += 1
        platform.stream(bags(world.number, at=at) | {"subject": f"post/again{what % 2}"})
    elif name == "remove":
        for case in waiting(platform, "hold")[:1]:
            decide(platform, case, "uphold", "remove", everything=True)
    elif name == "wait":
        world.wait(what * HOUR)
    elif name == "undo decision":
        found = rows(platform.folder, "SELECT id FROM decision ORDER BY leaf")
        if found:
            platform.engine.undo("admin", ids=[found[what % len(found)][0]])
    elif name == "undo review" and world.cases:
        ask(platform, "undo", world.cases[-1])
    elif name == "reverse":
        _reverse(platform, what)
    elif name == "refuse":
        world.refuses = not world.refuses
    elif name == "erase":
        world.wait(MINUTE)  # what waits out its window is withdrawn with its person
        world.holds()
        platform.engine.erase("chat", PEOPLE[what % 2])


def _reverse(platform: Platform, what: int) -> None:
    """Somebody appeals, and is right."""
    query = (
        "SELECT decision, statement FROM notice WHERE statement IS NOT NULL AND reason='decided'"
    )
    found = rows(platform.folder, query)
    if not found:
        return
    decision, statement = found[what % len(found)]
    token = notices.token(platform.engine.keys.community, statement)
    platform.engine.change(AppealMade(token, decision, "No."))
    made = rows(platform.folder, "SELECT id FROM appeal WHERE state = 'open'")
    asked = {"appeals": [made[-1][0]] if made else [], "outcome": "reverse", "by": "kim"}
    casework.perform(platform.engine, "decide appeals", asked)


Course = list[tuple[str, int, int]]


@given(steps)
@example([("restrict", 0, 1), ("restrict", 0, 3), ("wait", 20, 0), ("wait", 30, 0)])
@example([("restrict", 0, 0), ("restrict", 0, 2), ("wait", 1, 0), ("undo decision", 0, 0)])
@example([("held", 0, 0), ("wait", 1, 0), ("held", 0, 0), ("remove", 0, 0), ("wait", 24, 0)])
@example([("held", 0, 0), ("remove", 0, 0), ("undo decision", 1, 0)])
@example([("held", 0, 0), ("remove", 0, 0), ("reverse", 1, 0), ("held", 0, 0)])
@example([("restrict", 3, 2), ("restrict", 3, 0), ("wait", 1, 0), ("reverse", 1, 0)])
@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_platform_stands_as_the_decisions_say(
    tmp_path_factory: pytest.TempPathFactory, course: Course
) -> None:
    """Whatever is decided, ends, is undone, reversed and refused, and in whatever order."""
    folder = tmp_path_factory.mktemp("overlap")
    with connected(folder, rules=DESK_RULES) as platform:
        world = World(platform)
        for each in course:
            with suppress(BadUse):
                step(world, *each)
            world.flush()
            world.holds()
        world.wait(MINUTE)
        world.holds()
        world.wait(80 * HOUR)
        world.holds()
        all_holds(platform)
    shutil.rmtree(folder)
