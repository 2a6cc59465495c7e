"""Nobody blacks out what a decision of their own is judged by; somebody else can, at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controls.test_controls_outcome import appeal, settle
from flow.case_desk import DESK_RULES, LONG, ask, decide, waiting
from flow.platform_side import SECOND, Platform, all_holds, connected
from flow.small_community import event, rows
from ombud import session, staffing
from ombud.errors import BadUse

NUMBER = "0901 234 567"
SOLE = ["admin", "author", "reviewer", "appeals reviewer"]


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def join(platform: Platform, name: str, *roles: str, **more: Any) -> None:
    """Somebody joins the staff."""
    staffing.change(platform.engine, "added", name, "admin", roles=list(roles), **more)


def black_out(platform: Platform, by: str, record: int) -> int:
    """Somebody has the number blacked out; in how many records it was."""
    asked = {"record": record, "words": [NUMBER], "by": by, "fresh": True}
    return int(session.perform(platform.engine, "black out", asked)["records"])


def removed(platform: Platform, by: str = "Eve") -> tuple[Any, int, str]:
    """A post that somebody has removed: its answer, its record and the removal."""
    post = event(1, 1, text=f"cheap bags, ring {NUMBER}", author={"id": "ana", "name": "Ana"})
    (told,) = platform.stream(post)
    (case,) = waiting(platform, "hold")
    made = decide(platform, case, "uphold", "remove", by=by)["decisions"][0]
    platform.clock[0] += 11 * SECOND
    platform.deliver()
    ((record,),) = rows(platform.folder, "SELECT seq FROM journal WHERE kind = 'post'")
    return told, record, made


def refused(platform: Platform, by: str, record: int, code: str) -> None:
    """It is refused, and nothing is changed."""
    counted = "SELECT (SELECT max(seq) FROM journal), (SELECT count(*) FROM redacted)"
    before = rows(platform.folder, counted)
    with pytest.raises(BadUse, match=code):
        black_out(platform, by, record)
    assert rows(platform.folder, counted) == before


@pytest.mark.parametrize("appealed", [False, True])
def test_who_decided_leaves_it_to_somebody_else(platform: Platform, appealed: bool) -> None:
    """Appealed or not; who stands behind nothing of it does it at once."""
    join(platform, "Boss", "admin")
    join(platform, "Eve", "reviewer")
    join(platform, "Mia", "reviewer")
    told, record, made = removed(platform)
    if appealed:
        appeal(platform, told, made, text=f"I quoted {NUMBER}")
    refused(platform, "Eve", record, "U264")
    assert black_out(platform, "Mia", record) == 1
    all_holds(platform)


def test_alone_one_may_but_not_in_an_open_appeal(platform: Platform) -> None:
    """A community of one: its person may, waits while it is appealed, and may again."""
    join(platform, "Eve", *SOLE)
    join(platform, "Gone", "reviewer")  # entitled, but suspended
    staffing.change(platform.engine, "suspended", "Gone", "admin")
    told, record, made = removed(platform)
    first = appeal(platform, told, made, text=f"I quoted {NUMBER}")
    refused(platform, "Eve", record, "U265")
    settle(platform, "reverse", first, by="Eve", fresh=True)
    assert black_out(platform, "Eve", record) == 1
    all_holds(platform)


def test_what_stands_in_no_case_of_theirs_is_refused(platform: Platform) -> None:
    """By the control, whatever way it was asked; nor does such a person count as somebody else."""
    join(platform, "Eve", *SOLE)
    join(platform, "Kept", "reviewer", queues=["flood"])
    _, record, _ = removed(platform)
    refused(platform, "Kept", record, "U266")
    assert black_out(platform, "Eve", record) == 1
    all_holds(platform)


def test_who_blacked_it_out_does_not_let_it_stand(platform: Platform) -> None:
    """What spoke for the person may be gone: somebody else decides, or it is reversed."""
    join(platform, "Boss", "admin")
    join(platform, "Eve", "reviewer")
    join(platform, "Mia", "reviewer", "appeals reviewer")
    join(platform, "Lou", "appeals reviewer")
    told, record, made = removed(platform)
    first = appeal(platform, told, made, text="No.")
    black_out(platform, "Mia", record)
    with pytest.raises(BadUse, match="U242"):
        settle(platform, "uphold", first, by="Mia")
    settle(platform, "uphold", first, by="Lou")
    all_holds(platform)


def test_whoever_gives_no_name_leaves_it_to_the_staff(platform: Platform) -> None:
    """They may be who decided it."""
    join(platform, "Boss", "admin")
    join(platform, "Eve", "reviewer")
    join(platform, "Mia", "reviewer")
    _, record, _ = removed(platform)
    refused(platform, "admin", record, "U264")
    assert black_out(platform, "Mia", record) == 1


def test_while_it_is_appealed_a_decision_counts_though_it_was_undone(platform: Platform) -> None:
    """Its appeal still has to be answered, and is judged by those words."""
    join(platform, "Boss", "admin")
    join(platform, "Eve", "reviewer")
    join(platform, "Mia", "reviewer")
    told, record, made = removed(platform)
    appeal(platform, told, made, text="No.")
    platform.engine.undo("Mia", since=0)
    refused(platform, "Eve", record, "U264")
    all_holds(platform)


def test_what_two_decided_neither_leaves_to_the_other(platform: Platform) -> None:
    """Both stand behind it, and nobody else is there: one of them may."""
    join(platform, "Boss", "admin")
    join(platform, "Eve", "reviewer")
    join(platform, "Mia", "reviewer")
    said = f"{LONG}, ring {NUMBER}"
    posts = [event(n, n, text=said, author={"id": f"p{n}"}) for n in range(21)]
    platform.stream(*posts)
    (case,) = waiting(platform, "hold")
    decide(platform, case, "uphold", "remove", by="Eve", everything=True)
    ask(platform, "confirm", case, by="Mia")
    query = "SELECT record FROM case_subject ORDER BY record LIMIT 1"
    assert black_out(platform, "Eve", rows(platform.folder, query)[0][0]) == 21
    all_holds(platform)
