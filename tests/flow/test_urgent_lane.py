"""What somebody reports as private data: before a person within minutes; a trusted report hides it
at once, with an end, a message and a case.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import ask, decide, flag, waiting
from flow.platform_side import SECOND, Platform, all_holds, connected
from flow.small_community import event, rows, rule
from ombud import casework, staffing
from ombud.reading import reading

MINUTE = 60 * SECOND
POLICY = """# Private

## private.data Other people's private data
harm: private-data
published: 2026-01-01
procedural: hold 24 hours, cap 50 a day

Whatever a trusted member reports as somebody's private data waits until a moderator has looked.
"""
REPORTED = rule(
    "reported-private",
    'flag.reason = "private data"',
    'flag.reason "private data"',
    'flag.reason "spam"',
    kinds="flag",
    clause="private.data",
    then='alert "private data" for review in queue "urgent" as urgent',
)
TRUSTED = rule(
    "trusted-private",
    'flag.reason = "private data"\n  reporter.trusted',
    'flag.reason "private data"\n  reporter.trusted  yes',
    'flag.reason "private data"\n  reporter.trusted  no',
    kinds="flag",
    clause="private.data",
    then='hold this for review in queue "urgent" as urgent for 24 hours',
)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community with the two rules and their clause."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "private.md").write_text(POLICY)
    with connected(tmp_path, rules=dict([REPORTED, TRUSTED])) as made:
        made.stream(told(1))
        yield made


def told(number: int, at: float = 0) -> dict[str, Any]:
    """A post of Ana's."""
    return event(number, at, text=f"she lives at {number} Green Street", author={"id": "ana"})


def report(number: int, reason: str, role: str = "") -> dict[str, Any]:
    """Somebody flags Ana's first post."""
    made = flag(number, "post/1", f"bo{number}")
    made["data"]["reason"] = reason
    if role:
        made["data"]["reporter"]["roles"] = [role]
    return made


def held(platform: Platform) -> list[tuple[str, str, str]]:
    """What was decided: action, licence, clause."""
    return rows(platform.folder, "SELECT action, licence, clause FROM decision")


def first_in_line(platform: Platform) -> dict[str, Any]:
    """The case that comes first."""
    with reading(platform.folder) as reader:
        (case, *_) = reader.casebook().page(
            platform.clock[0], "en", queue="", state="open", after="", limit=9
        )
    return dict(case)


def test_a_members_report_is_urgent_and_hides_nothing(platform: Platform) -> None:
    """It comes before what waits longer, within five minutes; several reports are one case, and one
    call.
    """
    platform.stream(*(report(number, "Private-Data") for number in (1, 2, 3)))
    assert held(platform) == []
    case = first_in_line(platform)
    assert (case["urgent"], case["queue"], case["records"]) == (True, "urgent", 3)
    assert "within 5 minutes" in case["why"]
    assert len(waiting(platform)) == 1
    assert [each["type"] for each in platform.deliver()] == ["summons"]
    assert platform.stream(report(4, "spam"))[0].fired == ()
    all_holds(platform)


@pytest.mark.parametrize("role", ["trusted", "Trusted-Flagger"])
def test_a_trusted_report_hides_it_at_once(platform: Platform, role: str) -> None:
    """Held under the clause's own licence, the author told, the staff called, a person decides."""
    platform.stream(report(1, "private_data", role))
    assert held(platform) == [("hold", "procedural:private.data", "private.data")]
    sent = platform.deliver()
    assert [(each["type"], each.get("subject")) for each in sent if each["type"] == "action"] == [
        ("action", "post/1")
    ]
    assert [each["account"] for each in sent if each["type"] == "notice"] == ["ana"]
    assert [each["urgent"] for each in sent if each["type"] == "summons"] == [True]
    case = first_in_line(platform)
    assert case["urgent"] is True
    platform.clock[0] += 3 * MINUTE
    decide(platform, case["id"], "uphold", "remove")
    assert [action for action, *_ in held(platform)] == ["hold", "remove"]
    assert waiting(platform) == []
    all_holds(platform)


def test_whoever_is_not_trusted_by_the_platform_hides_nothing(platform: Platform) -> None:
    """Nor many of them together: only the case knows how many they are."""
    platform.stream(*(report(number, "private data", "helper") for number in range(9)))
    assert held(platform) == []
    assert len(waiting(platform)) == 1


def test_an_urgent_case_is_not_put_aside_for_long(platform: Platform) -> None:
    """At most an hour in all, however often."""
    platform.stream(report(1, "private data"))
    (case,) = waiting(platform)
    ask(platform, "claim", case)
    with pytest.raises(Exception, match="U224"):
        ask(platform, "snooze", case, until=platform.clock[0] + 2 * 60 * MINUTE)
    ask(platform, "snooze", case, until=platform.clock[0] + 50 * MINUTE)
    platform.clock[0] += 51 * MINUTE
    with pytest.raises(Exception, match="U224"):
        ask(platform, "snooze", case, until=platform.clock[0] + 50 * MINUTE)


def test_an_urgent_case_is_hidden_behind_nobodys_name(platform: Platform) -> None:
    """Assigned to who is not there, or put aside for them: everybody else is offered it next."""
    platform.stream(report(1, "private data"))
    (case,) = waiting(platform)
    ask(platform, "assign", case, by="eve", to="mia")
    assert ask(platform, "claim", by="lou")["case"] == case
    casework.perform(platform.engine, "give case back", {"case": case, "by": "lou"})
    assert ask(platform, "claim", by="lou", queue="urgent")["case"] == case
    casework.perform(platform.engine, "give case back", {"case": case, "by": "lou"})
    ask(platform, "snooze", case, by="eve", until=platform.clock[0] + 10 * MINUTE)
    assert ask(platform, "claim", by="lou")["case"] is None
    platform.clock[0] += 10 * MINUTE
    assert ask(platform, "claim", by="lou")["case"] == case


def test_what_one_called_all_right_is_asked_of_another(platform: Platform) -> None:
    """One reviewer hides nothing urgent by releasing it: it is asked till two did, or the one
    who is there; what was upheld, and what is not urgent, is asked once.
    """
    for name, roles in (("Ada", ["admin"]), ("mia", ["reviewer"]), ("kim", ["reviewer"])):
        staffing.change(platform.engine, "added", name, "admin", roles=roles)
    for number, by in ((1, "mia"), (2, "mia"), (3, "kim")):
        platform.stream(report(number, "private data"))
        (case,) = waiting(platform)
        decide(platform, case, "release", by=by)
    platform.stream(report(4, "private data"))
    assert waiting(platform) == []
    all_holds(platform)


def test_what_was_upheld_is_asked_once(platform: Platform) -> None:
    """Something was done about it, and whoever reports it again is told."""
    for name, roles in (("Ada", ["admin"]), ("mia", ["reviewer"]), ("kim", ["reviewer"])):
        staffing.change(platform.engine, "added", name, "admin", roles=roles)
    platform.stream(report(1, "private data"))
    (case,) = waiting(platform)
    decide(platform, case, "uphold", "remove", by="mia")
    platform.stream(report(2, "private data"))
    assert waiting(platform) == []
    all_holds(platform)


def test_whoever_is_alone_is_asked_once(platform: Platform) -> None:
    """Nobody else is there who could be."""
    staffing.change(platform.engine, "added", "Ada", "admin", roles=["admin", "reviewer"])
    staffing.change(platform.engine, "added", "kim", "admin", roles=["reviewer"], queues=["other"])
    platform.stream(report(1, "private data"))
    (case,) = waiting(platform)
    decide(platform, case, "release", by="Ada")
    platform.stream(report(2, "private data"))
    assert waiting(platform) == []
    all_holds(platform)


def test_what_a_report_hides_anew_is_looked_at_anew(platform: Platform) -> None:
    """A trusted report hides what a person had released: then somebody is asked, however often."""
    for number in (1, 2, 3):
        platform.stream(report(number, "private data", "trusted"))
        (case, *others) = waiting(platform)
        assert not others
        decide(platform, case, "release", by="mia")
    assert len(held(platform)) == 3
    all_holds(platform)
