"""Licence to act: each row of the table, and what no licence can ever grant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud import gate
from ombud.gate import Answer, Kind, Licence
from ombud.rules.vocabulary import ACTIONS

HOUR = 3_600_000_000
CLAUSE = "spam.links"
PEOPLE_ONLY = ("context", "lock", "ban from room", "suspend")


def licence(kind: Kind, level: int = 0, hold: int = 24 * HOUR, clause: str = CLAUSE) -> Licence:
    """A licence for a clause."""
    return Licence("x", kind, clause, hold=hold, level=level)


PROCEDURAL = licence(Kind.PROCEDURAL)
ORDER = licence(Kind.STANDING_ORDER)
CERTIFICATE_95 = licence(Kind.CERTIFICATE, 950, 72 * HOUR)
CERTIFICATE_98 = licence(Kind.CERTIFICATE, 980, 72 * HOUR)


def ask(action: str, *licences: Licence, duration: int | None = None) -> Licence | Answer | None:
    """Ask for an action of one rule in one version."""
    return gate.ask(
        licences, action=action, duration=duration, clause=CLAUSE, rule="r", version="1"
    )


# The table of the design, row by row: action, duration in hours, and who grants it.
TABLE: list[tuple[str, int | None, tuple[Licence, ...]]] = [
    ("hold", None, (PROCEDURAL, ORDER, CERTIFICATE_95, CERTIFICATE_98)),
    ("hold", 24, (PROCEDURAL, ORDER, CERTIFICATE_95, CERTIFICATE_98)),
    ("slow", 24, (PROCEDURAL, ORDER, CERTIFICATE_95, CERTIFICATE_98)),
    ("require approval", 24, (PROCEDURAL, ORDER, CERTIFICATE_95, CERTIFICATE_98)),
    ("hold", 25, (CERTIFICATE_95, CERTIFICATE_98)),
    ("hold", 72, (CERTIFICATE_95, CERTIFICATE_98)),
    ("label", None, (CERTIFICATE_95, CERTIFICATE_98)),
    ("mark sensitive", None, (CERTIFICATE_95, CERTIFICATE_98)),
    ("limit", 24, (ORDER, CERTIFICATE_98)),
    ("remove", None, (ORDER, CERTIFICATE_98)),
    ("hold", 73, ()),
]


@pytest.mark.parametrize(("action", "hours", "granted"), TABLE)
def test_each_row_of_the_table(
    action: str, hours: int | None, granted: tuple[Licence, ...]
) -> None:
    """Exactly the licences of its row grant an action; without one the answer is a case."""
    duration = None if hours is None else hours * HOUR
    assert ask(action, duration=duration) is Answer.NO_LICENCE
    for each in (PROCEDURAL, ORDER, CERTIFICATE_95, CERTIFICATE_98):
        expected = each if each in granted else Answer.NO_LICENCE
        assert ask(action, each, duration=duration) == expected, each.kind


def test_no_certificate_lets_a_room_wait_for_long() -> None:
    """Slow and approval last as long as its holds may; what is no hold, as the rule says."""
    for action in ("slow", "require approval"):
        assert ask(action, CERTIFICATE_98, duration=73 * HOUR) is Answer.NO_LICENCE
    for action in ("limit", "label"):
        assert ask(action, CERTIFICATE_98, duration=300 * HOUR) == CERTIFICATE_98
    assert ask("limit", ORDER, duration=300 * HOUR) is Answer.NO_LICENCE


def test_every_action_stands_in_the_table() -> None:
    """An action is free, for people only, or has a row: a new one cannot slip through unasked."""
    rows = {action for action, _, _ in TABLE}
    assert rows | set(PEOPLE_ONLY) | {"warn", "alert"} == set(ACTIONS)
    assert set(gate.NEEDS) == rows
    assert {"warn", "alert"} == gate.FREE
    assert set(PEOPLE_ONLY) == gate.NEVER


@pytest.mark.parametrize("action", ["warn", "alert"])
def test_what_restricts_nobody_needs_no_licence(action: str) -> None:
    """Warnings and alerts are free."""
    assert ask(action) is None


licences = st.lists(
    st.builds(
        Licence,
        id=st.text(max_size=3),
        kind=st.sampled_from(Kind),
        clause=st.just(CLAUSE),
        rule=st.none() | st.just("r"),
        version=st.none() | st.just("1"),
        hold=st.integers(0, 10_000 * HOUR),
        cap=st.none() | st.integers(0, 10**9),
        level=st.integers(0, 1000),
    ),
    max_size=4,
)


@given(licences, st.sampled_from(PEOPLE_ONLY), st.none() | st.integers(0, 10_000 * HOUR))
@settings(deadline=None)
def test_no_licence_lets_a_rule_touch_an_account(
    held: list[Licence], action: str, duration: int | None
) -> None:
    """Context, lock, ban and suspension are never granted to a rule, by any licence."""
    assert ask(action, *held, duration=duration) is Answer.NEVER


@given(licences, st.none() | st.integers(0, 10_000 * HOUR))
@settings(deadline=None)
def test_no_licence_lets_a_hold_last(held: list[Licence], duration: int | None) -> None:
    """No hold is granted beyond 72 hours, nor beyond 24 without a certificate of 95 %."""
    found = ask("hold", *held, duration=duration)
    if isinstance(found, Licence):
        length = gate.usual_hold(found) if duration is None else duration
        proven = found.kind is Kind.CERTIFICATE and found.level >= 950
        assert length <= (72 if proven else 24) * HOUR
        assert length <= found.hold


@given(licences, st.sampled_from(sorted(gate.NEEDS)), st.none() | st.integers(0, 100 * HOUR))
@settings(deadline=None)
def test_a_licence_is_for_its_clause_and_version_only(
    held: list[Licence], action: str, duration: int | None
) -> None:
    """Another clause gets nothing; another version only what is not bound to a version."""
    assert (
        gate.ask(held, action=action, duration=duration, clause="b", rule="r", version="1")
        is Answer.NO_LICENCE
    )
    found = gate.ask(held, action=action, duration=duration, clause=CLAUSE, rule="r", version="2")
    assert found is Answer.NO_LICENCE or (isinstance(found, Licence) and found.rule is None)


def test_procedural_holds_need_an_admin() -> None:
    """The terms of a clause are a wish; nothing is licensed before an admin switches them on."""
    terms = {CLAUSE: (24 * HOUR, 200)}
    assert gate.procedural(terms, switched_on=False) == ()
    (found,) = gate.procedural(terms, switched_on=True)
    assert (found.kind, found.clause, found.hold, found.cap) == (
        Kind.PROCEDURAL,
        CLAUSE,
        24 * HOUR,
        200,
    )


def test_procedural_holds_end_after_a_day() -> None:
    """A clause that asks for longer procedural holds gets 24 hours: the table grants no more."""
    (found,) = gate.procedural({CLAUSE: (72 * HOUR, 5)}, switched_on=True)
    assert found.hold == 24 * HOUR
    assert ask("hold", found) == found
