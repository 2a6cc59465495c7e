"""Coming in: who is let in, who is not, and what a stranger learns from the answer: nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.small_community import rows
from ombud import staffing
from ombud.clock import HOUR, MINUTE, SECOND
from ombud.entrance import Entrance, Refused, form_token, right_form
from ombud.errors import BadUse
from ombud.staff import passwords
from ombud.staff.credentials import LINK
from ombud.staff.passkeys import Party
from ombud.staff.roles import FIRST
from staff.at_the_entrance import (
    BROWSER,
    HERE,
    OTHER,
    PASSWORD,
    Clock,
    Place,
    drawn,
    open_place,
    refused,
)
from staff.hashing import CHEAP


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A community without accounts."""
    with open_place(tmp_path) as found:
        yield found


# --- the first account ----------------------------------------------------------------------------


def test_the_first_account_is_made_by_its_link_once(place: Place) -> None:
    """It may do everything a community of one has to; the link is dead, and so is every other."""
    link, older = place.first_link(), drawn()
    assert place.entrance.first_link_opens(link)
    refused("link", place.entrance.make_first, older, "Ana", PASSWORD, BROWSER)
    entered = place.entrance.make_first(link, " Ana ", PASSWORD, BROWSER)
    visitor = place.visitor(entered)
    assert visitor.account.shown == "Ana"
    assert visitor.member.roles == FIRST
    assert visitor.fresh
    assert not place.entrance.empty
    assert not place.entrance.first_link_opens(link)
    refused("link", place.entrance.make_first, link, "Bình", PASSWORD, BROWSER)
    place.entrance.log_in("ana", PASSWORD, BROWSER, "")


def test_a_wrong_first_try_leaves_the_link_good(place: Place) -> None:
    """A name or password that cannot be taken uses nothing up."""
    link = place.first_link()
    refused("short", place.entrance.make_first, link, "Ana", "short", BROWSER)
    for name in ("admin", "nul\0", "", "x" * 10_000):
        with pytest.raises(BadUse) as caught:
            place.entrance.make_first(link, name, PASSWORD, BROWSER)
        assert caught.value.code == "U085"
    assert place.entrance.empty
    place.entrance.make_first(link, "Ana", PASSWORD, BROWSER)


def test_the_first_link_ends_after_an_hour(place: Place) -> None:
    """And a newer one ends an older one."""
    link = place.first_link()
    place.clock.at += HOUR
    refused("link", place.entrance.make_first, link, "Ana", PASSWORD, BROWSER)
    older, newer = place.first_link(), place.first_link()
    assert not place.entrance.first_link_opens(older)
    assert place.entrance.first_link_opens(newer)


def test_an_account_from_the_command_line_ends_the_first_link(place: Place) -> None:
    """Whichever way the first account came."""
    link = place.first_link()
    place.add("Ana", "admin")
    refused("link", place.entrance.make_first, link, "Bình", PASSWORD, BROWSER)


def test_of_two_first_accounts_at_once_one_is_made(place: Place) -> None:
    """Eight browsers with the same link: one account, and it is the one that is in."""
    link, start = place.first_link(), threading.Barrier(8)
    found: list[str] = []

    def make(number: int) -> None:
        start.wait()
        try:
            place.entrance.make_first(link, f"Person {number}", PASSWORD, BROWSER)
            found.append("in")
        except Refused as error:
            found.append(error.kind)

    threads = [threading.Thread(target=make, args=(each,)) for each in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(found) == ["in"] + ["link"] * 7
    assert len(place.engine.staff) == 1


# --- links ----------------------------------------------------------------------------------------


def test_a_link_lets_its_person_choose_a_password(place: Place) -> None:
    """Once; every session they had has ended, and the one that begins is here."""
    place.first()
    before = place.newcomer("Bình", "reviewer")
    link = staffing.link(place.engine, "Bình", place.clock())[0].rpartition("/")[2]
    account = place.entrance.link_of(link)
    assert account is not None
    assert account.shown == "Bình"
    refused("short", place.entrance.use_link, link, "short", BROWSER)
    entered = place.entrance.use_link(link, OTHER, BROWSER)
    assert place.entrance.visitor(before.cookie) is None
    assert place.visitor(entered).account.shown == "Bình"
    refused("link", place.entrance.use_link, link, OTHER, BROWSER)
    refused("wrong", place.entrance.log_in, "Bình", PASSWORD, BROWSER, "")
    place.entrance.log_in("Bình", OTHER, BROWSER, "")


def test_a_link_ends_by_itself_by_suspension_and_by_removal(place: Place) -> None:
    """Also where nobody looked in between."""
    place.first()
    for what in ("suspended", "removed"):
        link = place.add(f"Person {what}", "reviewer")
        assert place.entrance.link_of(link) is not None
        staffing.change(place.engine, what, f"Person {what}", "admin")
        assert place.entrance.link_of(link) is None
        refused("link", place.entrance.use_link, link, PASSWORD, BROWSER)
    link = place.add("Chi", "reviewer")
    place.clock.at += LINK
    refused("link", place.entrance.use_link, link, PASSWORD, BROWSER)


@given(st.text(max_size=200))
def test_nothing_else_is_a_link_or_a_session(text: str) -> None:
    """Whatever is sent, nobody is let in by it. (One community for all examples.)"""
    assert KEPT
    place = KEPT[0]
    assert place.entrance.visitor(text) is None
    assert place.entrance.link_of(text) is None
    assert not place.entrance.first_link_opens(text)


KEPT: list[Place] = []


@pytest.fixture(autouse=True, scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The community of the property test: with people, sessions and links to be found."""
    with (
        open_place(tmp_path_factory.mktemp("kept")) as place,
    ):
        place.first()
        place.add("Bình", "reviewer")
        KEPT.append(place)
        yield


# --- passwords ------------------------------------------------------------------------------------


def test_a_stranger_learns_nothing_from_a_refusal(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong password, an unknown name, one that is none, somebody without a password, suspended
    or gone: the same answer, after one check of a hash.
    """
    place.first()
    place.add("Newcomer", "reviewer")
    place.newcomer("Suspended", "reviewer")
    place.newcomer("Gone", "reviewer")
    staffing.change(place.engine, "suspended", "Suspended", "admin")
    staffing.change(place.engine, "removed", "Gone", "admin")
    checks: list[str] = []

    class Watched:
        def verify(self, kept: str, typed: str) -> bool:
            checks.append(kept)
            return CHEAP.verify(kept, typed)

        def check_needs_rehash(self, kept: str) -> bool:
            return CHEAP.check_needs_rehash(kept)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    tried = ["Ana", "Unknown", "nul\0", "", "x" * 10_000, "\ud800", "Newcomer", "Gone"]
    for name in tried:
        place.clock.at += MINUTE  # names that are none share a count
        error = refused("wrong", place.entrance.log_in, name, OTHER, BROWSER, "")
        assert (error.wait, str(error)) == (0.0, "wrong")
    refused("wrong", place.entrance.log_in, "Suspended", PASSWORD, BROWSER, "")
    refused("wrong", place.entrance.log_in, "Gone", PASSWORD, BROWSER, "")
    assert len(checks) == len(tried) + 2


def test_wrong_passwords_make_wait_whether_somebody_is_called_so_or_not(place: Place) -> None:
    """After three tries, two seconds; the right one is not even tried until then."""
    place.first()
    for name in ("Ana", "Unknown"):
        for _ in range(3):
            refused("wrong", place.entrance.log_in, name, OTHER, BROWSER, "")
        error = refused("wait", place.entrance.log_in, name, PASSWORD, BROWSER, "")
        assert error.wait == pytest.approx(2.0)
    refused("wait", place.entrance.log_in, " ANA", PASSWORD, BROWSER, "")
    place.clock.at += 2 * SECOND
    place.entrance.log_in("Ana", PASSWORD, BROWSER, "")


def test_nobody_is_kept_out_of_a_browser_they_know(place: Place) -> None:
    """Whoever tries a name over and over does not stop its person, who was here before; a made-up
    or somebody else's sign of that is none.
    """
    known = place.first().known
    theirs = place.newcomer("Bình", "reviewer").known
    for _ in range(3):
        refused("wrong", place.entrance.log_in, "Ana", OTHER, BROWSER, "")
    drawn_, _, seal = known.partition(".")
    for sign in ("", theirs, known + "0", f"x{drawn_}.{seal}", "é." + seal, "\ud800.", "." * 500):
        refused("wait", place.entrance.log_in, "Ana", PASSWORD, BROWSER, sign)
    place.entrance.log_in("Ana", PASSWORD, BROWSER, known)
    for _ in range(3):
        refused("wrong", place.entrance.log_in, "Ana", OTHER, BROWSER, known)
    refused("wait", place.entrance.log_in, "Ana", PASSWORD, BROWSER, known)


def test_an_old_hash_is_made_anew_when_its_person_comes_in(place: Place) -> None:
    """Under today's parameters; the password stays the same."""
    whose = place.visitor(place.first()).token
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
    place.engine.credentials.set_password(whose, weak.hash(PASSWORD))
    place.entrance.log_in("Ana", PASSWORD, BROWSER, "")
    account = place.engine.credentials.account(whose)
    assert account is not None
    assert account.password is not None
    assert "m=8," in account.password
    place.entrance.log_in("Ana", PASSWORD, BROWSER, "")


def test_too_many_at_once_are_told_to_come_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In some seconds, whoever they are."""
    link = place.first_link()
    monkeypatch.setattr(place.entrance, "_passwords", passwords.Passwords(running=1, waiting=0))
    with place.entrance._passwords._slot():
        assert refused("crowded", place.entrance.log_in, "x", "", "", "").wait > 0
        refused("crowded", place.entrance.make_first, link, "Ana", PASSWORD, BROWSER)
    place.entrance.make_first(link, "Ana", PASSWORD, BROWSER)


# --- forms, and where the pages are ---------------------------------------------------------------


def test_a_form_belongs_to_its_session(place: Place) -> None:
    """Its token follows from the cookie, is not the cookie, and is nobody else's."""
    first = place.first()
    visitor = place.visitor(first)
    other = place.visitor(place.entrance.log_in("Ana", PASSWORD, BROWSER, ""))
    assert visitor.form == form_token(first.cookie) != other.form
    assert first.cookie not in visitor.form
    assert right_form(visitor, visitor.form)
    for wrong in ("", other.form, visitor.form[:-1], visitor.form + "0", "\ud800", "é" * 64):
        assert not right_form(visitor, wrong)


def test_the_address_decides_about_passkeys_and_cookies(tmp_path: Path) -> None:
    """With a public address passkeys are for that, whatever a browser says its host is."""
    settings = 'public_url = "https://mod.example"\n'
    with open_place(tmp_path, settings) as place:
        there = Party("mod.example", "https://mod.example")
        assert place.entrance.party("evil.example") == there
        assert place.entrance.secure


def test_without_one_passkeys_are_for_this_machine(place: Place) -> None:
    """By its name only."""
    assert place.entrance.party("localhost:8420") == HERE
    assert place.entrance.party("127.0.0.1:8420") is None
    assert place.entrance.party("") is None
    assert not place.entrance.secure


def test_nothing_of_it_stands_in_the_store(place: Place) -> None:
    """Neither password nor token nor name; the journal has what changed, by tokens."""
    entered = place.first("Annemarie")
    place.entrance.log_in("Annemarie", PASSWORD, BROWSER, "")
    payloads = [row[0] for row in rows(place.engine.folder, "SELECT payload FROM journal")]
    content = b"".join(
        each.read_bytes() for each in place.engine.folder.glob("ombud.*") if "keys" in each.name
    )
    for secret in (PASSWORD, entered.cookie, "heron"):
        assert secret.encode() not in content
        assert not any(secret in (each or "") for each in payloads)
    assert not any("nnemarie" in (each or "").casefold() for each in payloads)


def test_after_a_restart_who_was_in_is_in(tmp_path: Path) -> None:
    """Sessions, passwords and suspensions are kept; challenges are not, and are asked anew."""
    clock = Clock()
    with open_place(tmp_path, clock=clock) as place:
        first, other = place.first(), place.newcomer("Bình", "reviewer")
        staffing.change(place.engine, "suspended", "Bình", "admin")
    with open_place(tmp_path, clock=clock) as place:
        assert place.visitor(first).account.shown == "Ana"
        assert place.entrance.visitor(other.cookie) is None
        place.entrance.log_in("Ana", PASSWORD, BROWSER, first.known)


def test_an_entrance_tells_time_by_itself() -> None:
    """The clocks of the process, where none are given."""
    place = KEPT[0]
    Entrance(place.engine).log_in("Ana", PASSWORD, BROWSER, "")
