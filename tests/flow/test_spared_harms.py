"""What somebody would rather not be shown is chosen for them by no sampler, in any course of cases;
what is put before them is counted, once each, for them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flow.case_desk import ask
from flow.certified_community import drawn, due, grown, sells
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import DAY, event, rows, rule
from ombud import casework, certifying, staffing
from ombud.app import Engine
from ombud.appeals import AppealMade
from ombud.clock import HOUR
from ombud.errors import BadUse
from ombud.staff.care import SPARABLE, Care

CLAUSES = {
    "bags": ("spam.links", "spam"),
    "hats": ("flood.burst", "flood"),
    "shoes": ("scam.hidden-links", "scam"),
    "belts": ("harassment.dogpile", "harassment"),
}
SPARED_RULES = dict(
    rule(
        f"sells-{word}",
        f'text contains "cheap {word}"',
        f'text "cheap {word}"',
        'text "thanks"',
        clause=clause,
        then='hold this for review in queue "hall"' if word in ("bags", "hats") else "remove this",
    )
    for word, (clause, _) in CLAUSES.items()
)
COURSES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = st.lists(st.sampled_from(sorted(CLAUSES)), min_size=1, max_size=12)
SPARED = st.frozensets(st.sampled_from(["spam", "flood", "scam", "harassment", "hate"]))


def add(platform: Platform, name: str, *roles: str) -> int:
    """Somebody joins the staff, whom an admin has begun; their token."""
    if not platform.engine.staff:
        staffing.change(platform.engine, "added", "Ana", "admin", roles=["admin"])
    return staffing.change(platform.engine, "added", name, "admin", roles=list(roles))


def spare(platform: Platform, token: int, *harms: str) -> None:
    """Somebody would rather not be shown these harms."""
    platform.engine.credentials.set_care(token, Care(spared=frozenset(harms)))


def exposed(platform: Platform, token: int) -> dict[str, int]:
    """What was put before somebody in a week."""
    return platform.engine.credentials.exposure(token, platform.clock[0] - 7 * DAY)


def harm_of(platform: Platform, case: str) -> str:
    """The harm of a case's clause, by the store."""
    ((found,),) = rows(platform.folder, "SELECT harm FROM review_case WHERE id = ?", case)
    return str(found)


def given_all(platform: Platform, by: str, queue: str) -> list[str]:
    """All that the queue gives somebody, one after another."""
    found = []
    while case := ask(platform, "claim", by=by, queue=queue)["case"]:
        found.append(case)
        if len(found) > 50:
            pytest.fail("it does not end")
    return found


@COURSES
@given(words=WORDS, spared=SPARED, queue=st.sampled_from(["", "hall", "review"]), data=st.data())
def test_no_sampler_of_cases_gives_what_is_spared(
    words: list[str],
    spared: frozenset[str],
    queue: str,
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Waiting, assigned to them or come back, of one queue or of all: what is given is exactly
    what would be given otherwise without those harms, in the same order, and is counted.
    """
    with connected(tmp_path_factory.mktemp("spared"), rules=SPARED_RULES) as platform:
        mia = add(platform, "Mia", "reviewer")
        told = [
            event(n, n, text=f"cheap {word}", author={"id": f"a{n}"})
            for n, word in enumerate(words)
        ]
        platform.stream(*told)
        query = "SELECT id FROM review_case WHERE ?1 = '' OR queue = ?1 ORDER BY place, id"
        waiting = [row[0] for row in rows(platform.folder, query, queue)]
        for case in waiting:
            state = data.draw(st.sampled_from(["waits", "hers", "comes back"]))
            if state == "hers":
                ask(platform, "assign", case, by="Mia", to="Mia")
            elif state == "comes back":
                ask(platform, "snooze", case, by="Mia", until=platform.clock[0] + HOUR)
        platform.clock[0] += 2 * HOUR
        spare(platform, mia, *spared)
        wanted = [case for case in waiting if harm_of(platform, case) not in spared]
        assert given_all(platform, "Mia", queue) == wanted
        counted: dict[str, int] = {}
        for case in wanted:
            harm = harm_of(platform, case)
            counted[harm] = counted.get(harm, 0) + 1
        assert exposed(platform, mia) == counted


def test_no_appeal_of_a_spared_harm_is_given(tmp_path: Path) -> None:
    """The case of an appeal has the harm of its clause; another person is given it."""
    with connected(tmp_path, rules=SPARED_RULES) as platform:
        lou, kim = (
            add(platform, "Lou", "appeals reviewer"),
            add(platform, "Kim", "appeals reviewer"),
        )
        told = [
            event(n, n, text=f"cheap {word}", author={"id": f"a{n}"})
            for n, word in enumerate(("hats", "bags"))
        ]
        for answer in platform.stream(*told):
            token = platform.token(answer.statement)
            platform.engine.change(AppealMade(token, answer.decisions[0], "This was no offer."))
        spare(platform, lou, "flood")
        (case,) = given_all(platform, "Lou", "appeals")
        assert harm_of(platform, case) == "spam"
        spare(platform, kim, "spam")
        (other,) = given_all(platform, "Kim", "appeals")
        assert harm_of(platform, other) == "flood"
        assert (exposed(platform, lou), exposed(platform, kim)) == ({"spam": 1}, {"flood": 1})
        all_holds(platform)


def test_no_item_to_label_of_a_spared_harm_is_given(tmp_path: Path) -> None:
    """Neither hits nor what is mixed in; all others are asked as before, and a label counts."""
    clock = grown(tmp_path, 6)
    with Engine(tmp_path, now=clock) as engine:
        staffing.change(engine, "added", "Ana", "admin", roles=["admin", "author"])
        ben, _ = (
            staffing.change(engine, "added", name, "admin", roles=["author"])
            for name in ("Ben", "Cy")
        )
        certifying.begin(engine, "bags", ["Ben", "Cy"], "Ana")
        drawn(engine)
        before = due(engine, "Ben")
        assert before
        engine.credentials.set_care(ben, Care(spared=frozenset(["spam"])))
        assert due(engine, "Ben") == []
        assert len(due(engine, "Cy")) == len(before)
        engine.credentials.set_care(ben, Care(spared=frozenset(["hate", "scam"])))
        assert due(engine, "Ben") == before
        certifying.label(engine, before[0]["item"], sells(before[0]), "Ben")
        assert engine.credentials.exposure(ben, clock() - DAY) == {"spam": 1}


def test_what_somebody_opens_themselves_is_given(tmp_path: Path) -> None:
    """By its id: nobody chose it for them. It counts, and taken anew it counts no second time."""
    with connected(tmp_path, rules=SPARED_RULES) as platform:
        mia, zoe = add(platform, "Mia", "reviewer"), add(platform, "Zoe", "reviewer")
        platform.stream(event(1, text="cheap belts"))
        spare(platform, mia, *SPARABLE)
        assert given_all(platform, "Mia", "") == []
        ((case,),) = rows(platform.folder, "SELECT id FROM review_case")
        for _ in range(3):
            assert ask(platform, "claim", case, by="Mia")["case"] == case
        assert exposed(platform, mia) == {"harassment": 1}
        with pytest.raises(BadUse, match="U222"):
            ask(platform, "claim", case, by="Zoe")
        assert exposed(platform, zoe) == {}
        all_holds(platform)


def test_where_there_is_no_staff_nothing_is_counted(tmp_path: Path) -> None:
    """Nobody could look it up, so nobody's is kept."""
    with connected(tmp_path, rules=SPARED_RULES) as platform:
        platform.stream(event(1, text="cheap belts"))
        found: Any = casework.perform(platform.engine, "claim case", {"by": "mia"})
        assert found["case"]
        file = platform.engine.keys.file.connection
        assert file.execute("SELECT count(*) FROM exposure").fetchall() == [(0,)]
