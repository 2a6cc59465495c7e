"""One person runs a community alone: what they may do, how it is marked, and where it ends.

Each limit is tried by that one person, who has every role there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from controls.test_controls_outcome import appeal, lines, settle
from flow.case_desk import DESK_RULES, ask, bags, copies, decide, shoes, standing, waiting
from flow.certified_community import (
    WEEK,
    actions,
    again,
    drawn,
    due,
    earned,
    grown,
    outcomes,
    sold,
)
from flow.certified_community import (
    bags as bags_rule,
)
from flow.platform_side import CONNECTED, HOUR, SECOND, Platform, all_holds, connected
from flow.small_community import DAY, agrees_with_replay, change, rows
from ombud import certifying, staffing
from ombud.app import Engine
from ombud.errors import BadUse
from ombud.reading import reading

ROLES = ["admin", "author", "reviewer", "appeals reviewer"]
SOLO = "Ana"
BULK = {"everything": True, "alone": True}
FINAL = CONNECTED + '[connectors.chat.actions]\nhold = "exact"\nremove = "none"\nwarn = "exact"\n'
LOOK = {"shoes.rule": DESK_RULES["shoes.rule"].replace("remove this", 'alert "look"')}


def alone(engine: Engine) -> None:
    """The whole staff."""
    staffing.change(engine, "added", SOLO, SOLO, roles=ROLES)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community with one person on its staff."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        alone(made.engine)
        yield made


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, int]]:
    """Twenty days of hits of a rule that holds for two days, one that labels, one that removes."""
    found = {}
    for name, then in (
        ("hold", "hold this for 48 hours"),
        ("label", 'label this "Advertising"'),
        ("remove", "remove this"),
        ("limit", "limit this for 24 hours"),
    ):
        folder = tmp_path_factory.mktemp(name)
        found[name] = folder, grown(folder, 8, bags_rule(then)).at
    return found


# --- certificates ---------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["hold", "label"])
def test_alone_a_rule_may_earn_leave_to_hold_and_to_label(
    watched: dict[str, tuple[Path, int]], tmp_path: Path, action: str
) -> None:
    """At 95 %, never at 98; "one labeller" stands in the licence, in public and before people."""
    folder, clock = again(watched[action], tmp_path)
    with Engine(folder, now=clock) as engine:
        alone(engine)
        with pytest.raises(BadUse, match="U184"):
            certifying.begin(engine, "bags", [SOLO], SOLO, 980)
        found = earned(engine, clock, (SOLO,))
        assert (found.level, found.alone) == (950, True)
        assert sold(engine, clock, 60_000, 2) == [action] * 2
        agrees_with_replay(engine)
        with reading(folder) as reader:
            (shown,) = reader.labelling().show(clock.at)["certificates"]
            assert shown["one_labeller"] is True
    assert {licence.partition(":")[0] for _, licence in actions(folder) if licence} == {
        "certificate by one labeller"
    }
    assert "granted, one labeller" in outcomes(folder)


@pytest.mark.parametrize("action", ["remove", "limit"])
def test_alone_no_rule_earns_leave_for_more(
    watched: dict[str, tuple[Path, int]], tmp_path: Path, action: str
) -> None:
    """What needs 98 % opens cases, however well the rule does."""
    folder, clock = again(watched[action], tmp_path)
    with Engine(folder, now=clock) as engine:
        alone(engine)
        earned(engine, clock, (SOLO,))
        assert sold(engine, clock, 60_000, 3) == ["allow"] * 3
        assert len(rows(folder, "SELECT id FROM review_case WHERE reason = 'no licence'")) > 2
        agrees_with_replay(engine)
    assert actions(folder) == []


def test_the_label_budget_is_theirs_too(
    watched: dict[str, tuple[Path, int]], tmp_path: Path
) -> None:
    """Fifty a week: the fifty-first waits for the next week, also where they insist."""
    folder, clock = again(watched["hold"], tmp_path)
    with Engine(folder, now=clock) as engine:
        alone(engine)
        certifying.begin(engine, "bags", [SOLO], SOLO)
        drawn(engine)
        shown = due(engine, SOLO)
        assert len(shown) == 50
        (sample,) = engine.writer.pipeline.community.register.samples.values()
        later = next(item.id for item in list(sample.upcoming())[50:])
        for each in shown:
            certifying.label(engine, each["item"], "unclear", SOLO)
        assert due(engine, SOLO) == []
        with pytest.raises(BadUse, match="U185"):
            certifying.label(engine, later, "yes", SOLO)
        clock.at += WEEK
        assert len(due(engine, SOLO)) == 50
        agrees_with_replay(engine)


# --- cases ----------------------------------------------------------------------------------------


def test_over_twenty_people_at_once_is_marked_one_person(platform: Platform) -> None:
    """Not without saying so; then it stands in every statement and in public."""
    answers = platform.stream(*copies(21))
    (case,) = waiting(platform, "hold")
    assert decide(platform, case, "uphold", "remove", everything=True, by=SOLO)["proposed"]
    with pytest.raises(BadUse, match="U234"):
        ask(platform, "confirm", case, by=SOLO)
    decide(platform, case, "uphold", "remove", by=SOLO, **BULK)
    assert rows(platform.folder, "SELECT alone, second, authors FROM review") == [(1, None, 21)]
    public = [row[0] for row in rows(platform.folder, "SELECT CAST(entry AS TEXT) FROM leaf")]
    decided = [each for each in public if '"automated":false' in each and '"decision"' in each]
    assert len(decided) == 21
    assert all('"one person"' in each for each in decided)
    assert any('"upheld (one person)"' in each for each in public)
    item = platform.page(answers[-1].statement).items[-1]
    assert item.one_person
    assert SOLO not in repr(item)
    all_holds(platform)


def test_twenty_by_twenty_is_as_many(platform: Platform) -> None:
    """Who decides about twenty and then about twenty more is asked as for forty."""
    platform.stream(*copies(40))
    (case,) = waiting(platform, "hold")
    records = [
        row[0]
        for row in rows(
            platform.folder, "SELECT DISTINCT record FROM case_subject WHERE id = ?", case
        )
    ]
    decide(platform, case, "uphold", "remove", records=records[:20], by=SOLO)
    again_ = decide(platform, case, "uphold", "remove", records=records[20:], by=SOLO)
    assert again_["proposed"]
    assert len([each for each in standing(platform) if each[0] == "remove"]) == 20


def test_alone_they_do_nothing_that_cannot_be_taken_back(tmp_path: Path) -> None:
    """Neither by the command, nor a year later, nor by a row of the table."""
    with connected(tmp_path, rules=LOOK, settings=FINAL) as platform:
        alone(platform.engine)
        platform.stream(shoes(1))
        (case,) = waiting(platform)
        for _ in range(2):
            with pytest.raises(BadUse, match="U232"):
                decide(platform, case, "uphold", "remove", by=SOLO, alone=True)
            assert decide(platform, case, "uphold", "remove", by=SOLO)["proposed"]
            with pytest.raises(BadUse, match="U234"):
                ask(platform, "confirm", case, by=SOLO)
            platform.clock[0] += 365 * DAY
        assert standing(platform) == []
        decide(platform, case, "uphold", "warn", by=SOLO)
        with pytest.raises(apsw.ConstraintError):
            change(platform.folder, "UPDATE review SET revocable = 0, alone = 1")
        all_holds(platform)


# --- appeals --------------------------------------------------------------------------------------


def removed(platform: Platform) -> str:
    """A post that the one person removed, and its author's appeal."""
    (told,) = platform.stream(bags(1))
    (case,) = waiting(platform, "hold")
    made = decide(platform, case, "uphold", "remove", by=SOLO)
    platform.clock[0] += 11 * SECOND
    platform.deliver()
    return appeal(platform, told, made["decisions"][0])


@pytest.mark.parametrize("outcome", ["uphold", "omit"])
def test_their_own_decision_is_reconsidered_by_the_same_person(
    platform: Platform, outcome: str
) -> None:
    """Only where they say that nobody else is there; then the person and everybody hear of it."""
    made = removed(platform)
    with pytest.raises(BadUse, match="U242"):
        settle(platform, outcome, made, by=SOLO)
    settle(platform, outcome, made, by=SOLO, alone=True)
    ((_, said),) = lines(platform)
    assert said is not None
    assert said.endswith("(reconsidered by the same person)")
    platform.clock[0] += HOUR + SECOND
    assert "There was nobody else" in "\n".join(each.get("text", "") for each in platform.deliver())
    all_holds(platform)


def test_they_may_always_take_it_back(platform: Platform) -> None:
    """That is marked as nothing: no second pair of eyes is needed for it."""
    made = removed(platform)
    settle(platform, "reverse", made, by=SOLO)
    assert lines(platform) == [(None, "reversed")]
    assert standing(platform)[1][3]
    all_holds(platform)


def test_with_a_second_person_at_work_it_is_no_solo_team(platform: Platform) -> None:
    """From the first case that somebody else takes on, for thirty days."""
    made = removed(platform)
    staffing.change(platform.engine, "added", "Binh", SOLO, roles=["reviewer", "appeals reviewer"])
    platform.stream(*copies(21))
    (case,) = waiting(platform, "hold")
    ask(platform, "claim", case, by="Binh")
    platform.clock[0] += HOUR  # and the claim is over
    with pytest.raises(BadUse, match="U243"):
        settle(platform, "uphold", made, by=SOLO, alone=True)
    with pytest.raises(BadUse, match="U232"):
        decide(platform, case, "uphold", "remove", by=SOLO, **BULK)
    settle(platform, "uphold", made, by="Binh")
    assert lines(platform) == [(None, "upheld")]
