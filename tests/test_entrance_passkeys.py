"""Passkeys at the entrance: whose they are, for which session, and what opens nothing any more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ombud import staffing
from ombud.clock import MINUTE
from staff.at_the_entrance import BROWSER, HERE, PASSWORD, Place, open_place, refused
from staff.soft_authenticator import Device


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A community without accounts."""
    with open_place(tmp_path) as found:
        yield found


def with_passkey(place: Place, name: str = "Ana") -> tuple[Device, str]:
    """Somebody's device, and the cookie of their session."""
    entered = place.first(name) if place.entrance.empty else place.newcomer(name, "reviewer")
    visitor, device = place.visitor(entered), Device(counts=True)
    options = place.entrance.ask_new_passkey(visitor, HERE, "The Riverside")
    place.entrance.add_passkey(visitor, HERE, device.made(options, HERE.origin), "phone")
    return device, entered.cookie


def test_a_passkey_lets_its_person_in_without_a_name(place: Place) -> None:
    """As often as it is asked; and not once it is dropped."""
    device, cookie = with_passkey(place)
    for _ in range(2):
        answer = device.proof(place.entrance.ask_passkey(HERE), HERE.origin)
        entered = place.entrance.log_in_by_passkey(HERE, answer, BROWSER)
        assert place.visitor(entered).session.how == "passkey"
        refused("passkey", place.entrance.log_in_by_passkey, HERE, answer, BROWSER)
    visitor = place.seen(cookie)
    assert [each.name for each in place.entrance.passkeys(visitor)] == ["phone"]
    assert place.entrance.drop_passkey(visitor, device.id)
    answer = device.proof(place.entrance.ask_passkey(HERE), HERE.origin)
    refused("passkey", place.entrance.log_in_by_passkey, HERE, answer, BROWSER)


def test_a_passkey_of_somebody_suspended_opens_nothing(place: Place) -> None:
    """Nor one of somebody who is gone."""
    with_passkey(place)
    device, _ = with_passkey(place, "Bình")
    staffing.change(place.engine, "suspended", "Bình", "admin")
    answer = device.proof(place.entrance.ask_passkey(HERE), HERE.origin)
    refused("passkey", place.entrance.log_in_by_passkey, HERE, answer, BROWSER)
    staffing.change(place.engine, "restored", "Bình", "admin")
    answer = device.proof(place.entrance.ask_passkey(HERE), HERE.origin)
    place.entrance.log_in_by_passkey(HERE, answer, BROWSER)
    staffing.change(place.engine, "removed", "Bình", "admin")
    answer = device.proof(place.entrance.ask_passkey(HERE), HERE.origin)
    refused("passkey", place.entrance.log_in_by_passkey, HERE, answer, BROWSER)


def test_a_passkey_must_say_whose_it_is(place: Place) -> None:
    """By the handle it was made with; somebody else's handle does not turn it into theirs."""
    device, _ = with_passkey(place)
    other, _ = with_passkey(place, "Bình")
    for handle in (b"", other.handle, b"x" * 64):
        options = place.entrance.ask_passkey(HERE)
        answer = device.proof(options, HERE.origin, handle=handle)
        refused("passkey", place.entrance.log_in_by_passkey, HERE, answer, BROWSER)
    for answer in ("", "{}", "x" * 100_000):
        refused("passkey", place.entrance.log_in_by_passkey, HERE, answer, BROWSER)


def test_a_passkey_proves_again_who_its_person_is(place: Place) -> None:
    """For this session; not somebody else's passkey, and not an answer made for logging in."""
    device, cookie = with_passkey(place)
    other, theirs = with_passkey(place, "Bình")
    place.clock.at += 6 * MINUTE
    visitor, stranger = place.seen(cookie), place.seen(theirs)
    options = place.entrance.ask_proof(visitor, HERE)
    assert options is not None
    refused(
        "passkey",
        place.entrance.prove_by_passkey,
        visitor,
        HERE,
        other.proof(options, HERE.origin),
    )
    wrong = device.proof(place.entrance.ask_passkey(HERE), HERE.origin)
    refused("passkey", place.entrance.prove_by_passkey, visitor, HERE, wrong)
    right = device.proof(options, HERE.origin)
    refused("passkey", place.entrance.prove_by_passkey, stranger, HERE, right)
    refused("passkey", place.entrance.log_in_by_passkey, HERE, right, BROWSER)
    assert not place.entrance.visitor(cookie).fresh  # type: ignore[union-attr]
    place.entrance.prove_by_passkey(visitor, HERE, right)
    assert place.entrance.visitor(cookie).fresh  # type: ignore[union-attr]


def test_a_passkey_for_another_session_is_not_taken(place: Place) -> None:
    """What was asked in one session is answered in it, and a passkey is added once."""
    first = place.first()
    visitor = place.visitor(first)
    other = place.visitor(place.entrance.log_in("Ana", PASSWORD, BROWSER, ""))
    device = Device()
    answer = device.made(place.entrance.ask_new_passkey(visitor, HERE, "x"), HERE.origin)
    refused("passkey", place.entrance.add_passkey, other, HERE, answer, "")
    place.entrance.add_passkey(visitor, HERE, answer, "")
    again = device.made(place.entrance.ask_new_passkey(visitor, HERE, "x"), HERE.origin)
    refused("passkey", place.entrance.add_passkey, visitor, HERE, again, "")
    assert place.entrance.ask_proof(visitor, HERE) is not None


def test_where_there_is_no_passkey_none_is_asked_for(place: Place) -> None:
    """The page then has the password alone."""
    assert place.entrance.ask_proof(place.visitor(place.first()), HERE) is None
