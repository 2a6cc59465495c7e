"""An incident file is asked for by cases and hours, by who may, and never about a person."""

from __future__ import annotations

from typing import Any

import pytest

from flow.case_desk import bags, copies, shoes
from flow.small_community import NOW, line, rows
from ombud import casework, daywork, staffing
from ombud.clock import HOUR
from ombud.controls.incident import CASES_MAX, LONGEST
from ombud.errors import BadUse
from test_lookups import WHY, Place, place  # noqa: F401


def make(place: Place, by: str = "mia", **asked: Any) -> str:  # noqa: F811
    """A file that somebody asks for; its id."""
    wanted = {"kind": "incident", "reason": WHY, "by": by, **asked}
    return str(daywork.perform(place.engine, "look up", wanted)["look"])


def refused(place: Place, by: str = "mia", **asked: Any) -> str:  # noqa: F811
    """The code by which a request is refused; nothing is recorded then."""
    before = place.engine.writer.pipeline.seq
    with pytest.raises(BadUse) as caught:
        make(place, by, **asked)
    assert place.engine.writer.pipeline.seq == before
    return caught.value.code


def tell(place: Place, *events: dict[str, Any]) -> None:  # noqa: F811
    """Things happen."""
    place.engine.submit([line(each) for each in events])


def cases(place: Place) -> list[str]:  # noqa: F811
    """Every case, in the order they were opened."""
    return [row[0] for row in rows(place.engine.folder, "SELECT id FROM review_case ORDER BY seq")]


def test_it_needs_cases_or_hours_that_have_begun(place: Place) -> None:  # noqa: F811
    """Not nothing, not too many, not too long, not backwards, not ahead."""
    now = place.clock()
    for odd in (
        {},
        {"cases": [f"cas_{n}" for n in range(CASES_MAX + 1)]},
        {"since": now - HOUR},
        {"until": now},
        {"since": now, "until": now - HOUR},
        {"since": -5, "until": HOUR},
        {"since": now - LONGEST - 1, "until": now},
        {"since": now + 10 * HOUR, "until": now + 11 * HOUR},
    ):
        assert refused(place, **odd) == "U330", odd
    assert refused(place, cases=["cas_none"]) == "U220"
    assert make(place, since=now - LONGEST, until=now)


def test_a_reason_is_needed_unless_all_cases_are_ones_own(place: Place) -> None:  # noqa: F811
    """Held or assigned; and never for a time, however many of its cases one has."""
    tell(place, shoes(7, "lan", 100))
    first, second = cases(place)
    for empty in ("", "short"):
        assert refused(place, cases=[first], reason=empty) == "U271"
    casework.perform(place.engine, "claim case", {"case": first, "by": "mia"})
    assert refused(place, cases=[first, second], reason="") == "U271"
    assert refused(place, "Bình", cases=[first], reason="") == "U271"
    asked = {"case": second, "by": "mia", "to": "mia"}
    casework.perform(place.engine, "assign case", asked)
    look = make(place, cases=[first, second], reason="")
    assert place.one("SELECT review FROM lookup WHERE id = ?1", look) == first
    hours: dict[str, Any] = {"since": NOW, "until": NOW + HOUR, "reason": ""}
    assert refused(place, cases=[first, second], **hours) == "U271"


def test_cases_that_are_all_about_one_person_make_no_file(place: Place) -> None:  # noqa: F811
    """One of them does, and all of them with somebody else's."""
    tell(place, shoes(7, "ana", 100))
    ours = cases(place)
    assert len(ours) == 2
    assert refused(place, cases=ours) == "U331"
    assert make(place, cases=ours[:1])
    tell(place, shoes(8, "lan", 200))
    assert make(place, cases=cases(place))


def test_who_may_not_see_a_case_has_no_file_of_it(place: Place) -> None:  # noqa: F811
    """Kept to another queue; while an auditor may, who sees no text; an admin may not at all."""
    (case,) = cases(place)
    staffing.change(place.engine, "added", "Linh", "admin", roles=["reviewer"], queues=["x"])
    staffing.change(place.engine, "added", "Dung", "admin", roles=["auditor"])
    staffing.change(place.engine, "added", "Chi", "admin", roles=["appeals reviewer"])
    assert refused(place, "Linh", cases=[case]) == "U250"
    assert refused(place, "Chi", cases=[case]) == "U201"
    assert refused(place, "Thu", cases=[case]) == "U201"
    assert make(place, "Dung", cases=[case])


def test_the_journal_has_no_case_and_no_reason(place: Place) -> None:  # noqa: F811
    """What was asked for is sealed; that somebody asked is a control like any look-up."""
    tell(place, *copies(3, 20), bags(30, "lan", 300))
    make(place, cases=[cases(place)[0]])
    payload = place.one("SELECT payload FROM journal WHERE type = '!lookup'")
    assert '"kind":"incident"' in payload
    assert WHY not in payload
    assert cases(place)[0] not in payload
