"""Sessions at the entrance: how they end, and what they may do while they are fresh."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ombud import staffing
from ombud.errors import BadUse
from ombud.staff.credentials import ABSOLUTE, FRESH, IDLE
from ombud.staff.roles import FIRST
from staff.at_the_entrance import BROWSER, OTHER, PASSWORD, Place, open_place, refused


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A community without accounts."""
    with open_place(tmp_path) as found:
        yield found


def test_a_session_ends_by_itself(place: Place) -> None:
    """Twelve hours without use, seven days in all."""
    entered = place.first()
    place.clock.at += IDLE - 1
    place.visitor(entered)
    begun = place.clock.at - (IDLE - 1)
    while place.clock.at + IDLE // 2 < begun + ABSOLUTE:
        place.clock.at += IDLE // 2
        place.visitor(entered)
    place.clock.at = begun + ABSOLUTE
    assert place.entrance.visitor(entered.cookie) is None


@pytest.mark.parametrize("what", ["suspended", "removed"])
def test_sessions_die_with_the_commit_that_suspends(
    place: Place, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Even where the key file could not be written: what counts is the journal."""
    place.first()
    entered = place.newcomer("Bình", "reviewer")
    visitor = place.visitor(entered)
    monkeypatch.setattr(place.engine.credentials, "shut_out", lambda _: None)
    monkeypatch.setattr(place.engine.credentials, "forget", lambda _: None)
    staffing.change(place.engine, what, "Bình", "admin")
    assert place.entrance.visitor(entered.cookie) is None
    monkeypatch.undo()
    assert len(place.entrance.sessions(visitor)) == 1


def test_other_roles_hold_from_the_next_request_on(place: Place) -> None:
    """Without logging in again."""
    place.first()
    entered = place.newcomer("Bình", "admin")
    assert place.visitor(entered).may("staff")
    staffing.change(place.engine, "roles", "Bình", "admin", roles=["auditor"])
    assert not place.visitor(entered).may("staff")
    assert place.visitor(entered).may("records")


def test_one_ends_ones_own_sessions_and_nobody_elses(place: Place) -> None:
    """One, all others, this one by logging out."""
    first = place.first()
    others = [place.entrance.log_in("Ana", PASSWORD, BROWSER, first.known) for _ in range(3)]
    theirs = place.newcomer("Bình", "reviewer")
    visitor, stranger = place.visitor(first), place.visitor(theirs)
    assert not place.entrance.end(stranger, visitor.session.id)
    assert place.entrance.end(visitor, place.visitor(others[0]).session.id)
    assert place.entrance.visitor(others[0].cookie) is None
    place.entrance.end_others(visitor)
    assert [place.entrance.visitor(each.cookie) for each in others] == [None] * 3
    place.entrance.leave(visitor)
    assert place.entrance.visitor(first.cookie) is None
    place.visitor(theirs)


def test_another_password_ends_all_other_sessions(place: Place) -> None:
    """And the one in which it was changed goes on."""
    first = place.first()
    other = place.entrance.log_in("Ana", PASSWORD, BROWSER, "")
    visitor = place.visitor(first)
    refused("simple", place.entrance.set_password, visitor, "aaaaaaaaaaaaaaaa")
    refused("name", place.entrance.set_password, visitor, "anaanaanaana2026anaana")
    place.entrance.set_password(visitor, OTHER)
    assert place.entrance.visitor(other.cookie) is None
    place.visitor(first)


def test_what_somebodys_pages_look_like_is_theirs(place: Place) -> None:
    """Only looks that there are."""
    entered = place.first()
    place.entrance.set_look(place.visitor(entered), "vi", "dark")
    account = place.visitor(entered).account
    assert (account.lang, account.theme) == ("vi", "dark")
    place.entrance.set_look(place.visitor(entered), "", "<script>")
    account = place.visitor(entered).account
    assert (account.lang, account.theme) == ("", "")


# --- showing again who one is ---------------------------------------------------------------------


def test_freshness_ends_after_five_minutes_and_begins_with_a_proof(place: Place) -> None:
    """By password; a wrong one proves nothing, and counts as a try."""
    entered = place.first()
    place.clock.at += FRESH - 1
    assert place.visitor(entered).fresh
    place.clock.at += 1
    stale = place.visitor(entered)
    assert not stale.fresh
    refused("wrong", place.entrance.prove_by_password, stale, OTHER, "")
    assert not place.visitor(entered).fresh
    place.entrance.prove_by_password(stale, PASSWORD, "")
    assert place.visitor(entered).fresh
    for _ in range(3):
        refused("wrong", place.entrance.prove_by_password, stale, OTHER, "")
    refused("wait", place.entrance.prove_by_password, stale, PASSWORD, "")
    refused("wait", place.entrance.log_in, "Ana", PASSWORD, BROWSER, "")


def test_the_staff_is_changed_by_who_may_and_is_fresh(place: Place) -> None:
    """Roles are asked of the journal with each change, and freshness of the session."""
    entered = place.first()
    visitor = place.visitor(entered)
    path = place.entrance.change(visitor, "added", "Bình", roles=["reviewer"])
    assert path is not None
    binh = staffing.token(place.engine, "Bình")
    in_by_link = place.entrance.use_link(path.rpartition("/")[2], PASSWORD, BROWSER)
    with pytest.raises(BadUse) as caught:
        place.entrance.change(place.visitor(in_by_link), "suspended", visitor.token)
    assert caught.value.code == "U201"
    refused("may not", place.entrance.change, place.visitor(in_by_link), "link", binh)
    assert place.entrance.change(visitor, "roles", binh, roles=["auditor"]) is None
    link = place.entrance.change(visitor, "link", binh)
    assert link is not None
    assert place.entrance.link_of(link.rpartition("/")[2]) is not None
    place.clock.at += FRESH
    stale = place.visitor(entered)
    for what in ("added", "roles", "suspended", "removed", "link"):
        refused("fresh", place.entrance.change, stale, what, binh)
    shown = [(name, member.roles) for _, name, member in place.entrance.members()]
    assert shown == [("Ana", FIRST), ("Bình", ("auditor",))]
