"""Reading lines of `then`."""

from __future__ import annotations

import pytest

from ombud.model import KINDS
from ombud.rules import format as say
from ombud.rules import then
from ombud.rules.diagnostic import Malformed, Report
from ombud.rules.lex import Cursor, read, scan
from ombud.rules.vocabulary import (
    ACTIONS,
    ACTIONS_ON_REGISTRATION,
    ACTIONS_ON_THIS,
    ACTIONS_UNDER_FORM,
)


def _cursor(text: str) -> Cursor:
    report = Report("a.rule")
    return Cursor(scan(report, read(report, text.encode()))[0])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("hold", "hold this"),
        ("warn author", "warn author"),
        ("mark sensitive", "mark this sensitive"),
        ("mark campaign sensitive", "mark campaign sensitive"),
        ("ban from room for 1 day", "ban author from room for 1 day"),
        ("ban author from room", "ban author from room"),
        ("require approval in room for 60 minutes", "require approval in room for 1 hour"),
        ("slow for 10 minutes", "slow room for 10 minutes"),
        ("limit campaign for 10 minutes", "limit campaign for 10 minutes"),
        ('alert "on call"', 'alert "on call"'),
        ('label "Advertising"', 'label this "Advertising"'),
        (
            'hold this for 1 day as urgent for review in queue "q"',
            'hold this for review in queue "q" as urgent for 1 day',
        ),
    ],
)
def test_actions_are_read_in_any_order_and_said_in_one(written: str, said: str) -> None:
    """Missing targets are the usual ones; the tail may stand in any order."""
    found = then.action(_cursor(written))
    assert say.action(found) == said
    assert then.action(_cursor(said)) == found


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("42", "R026"),
        ("explode this", "R030"),
        ("hold room", "R032"),
        ("suspend this", "R032"),
        ("alert room", "R043"),
        ("remove this for 3 days", "R043"),
        ("mark this", "R026"),
        ("alert", "R035"),
        ('label this ""', "R044"),
        ("hold this as urgent as urgent", "R031"),
        ("hold this for review in queue spam", "R026"),
    ],
)
def test_actions_that_cannot_be_read_say_why(written: str, code: str) -> None:
    """Every slip has its own code."""
    with pytest.raises(Malformed) as broken:
        then.action(_cursor(written))
    assert broken.value.code == code


def test_what_only_a_person_does_is_what_the_licences_say() -> None:
    """Context, lock, ban from room and suspend are never done by a rule alone."""
    alone = {action for action, form in ACTIONS.items() if form.person_only}
    assert alone == {"context", "lock", "ban from room", "suspend"}
    harmless = {action for action, form in ACTIONS.items() if not form.restricts}
    assert harmless == {"warn", "alert"}


def test_limits_have_an_end() -> None:
    """A limit without a length of time cannot be written."""
    assert ACTIONS["limit"].duration == "needed"


def test_the_tables_speak_of_actions_and_kinds_there_are() -> None:
    """No table names an action or a kind that does not exist."""
    assert set(ACTIONS_ON_THIS) <= set(KINDS)
    for table in (*ACTIONS_ON_THIS.values(), ACTIONS_ON_REGISTRATION, ACTIONS_UNDER_FORM):
        assert table <= set(ACTIONS)
