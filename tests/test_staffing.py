"""Changes of the staff with their credentials: out at once, links shown once, crashes made good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import NOW, prepare
from ombud import clock, staffing
from ombud.app import Engine
from ombud.errors import BadUse
from ombud.staff.credentials import FIRST


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community without accounts."""
    with Engine(prepare(tmp_path)) as opened:
        yield opened


def ask(engine: Engine, change: str, name: str | None = None, **more: Any) -> dict[str, Any]:
    """What a command asks for."""
    return staffing.perform(engine, {"change": change, "name": name, **more})


def refused(code: str, engine: Engine, *given: Any, **more: Any) -> None:
    """The refusal that a command meets."""
    with pytest.raises(BadUse) as caught:
        ask(engine, *given, **more)
    assert caught.value.code == code


def secret(told: dict[str, Any]) -> str:
    """The secret part of a link."""
    return str(told["link"]).rpartition("/")[2]


def test_who_is_added_gets_a_link(engine: Engine) -> None:
    """It is told once, for a day; the person has no other way in."""
    told = ask(engine, "added", "Ana", roles=["admin"])
    assert told["name"] == "Ana"
    whose = staffing.token(engine, "ana")
    assert engine.credentials.link(secret(told), clock.now()) == whose
    account = engine.credentials.account(whose)
    assert account is not None
    assert (account.shown, account.password) == ("Ana", None)
    again = ask(engine, "link", "Ana")
    assert engine.credentials.link(secret(told), clock.now()) is None
    assert engine.credentials.link(secret(again), clock.now()) == whose


@pytest.mark.parametrize("what", ["suspended", "removed"])
def test_who_is_suspended_or_goes_is_out_at_once(engine: Engine, what: str) -> None:
    """All sessions and the link; who comes back has none of them."""
    ask(engine, "added", "Ana", roles=["admin"])
    told = ask(engine, "added", "Bình", roles=["author"])
    whose = staffing.token(engine, "Bình")
    _, token = engine.credentials.begin(whose, "password", "", clock.now())
    ask(engine, what, "Bình")
    assert engine.credentials.session(token, clock.now()) is None
    assert engine.credentials.link(secret(told), clock.now()) is None
    _, late = engine.credentials.begin(whose, "password", "", clock.now())  # one that slipped in
    if what == "suspended":
        refused("U208", engine, "link", "Bình")
        ask(engine, "restored", "Bình")
        assert engine.credentials.session(late, clock.now()) is None
        assert engine.credentials.account(whose) is not None
    else:
        refused("U200", engine, "link", "Bình")
        assert engine.credentials.account(whose) is None


def test_the_link_of_the_first_account(engine: Engine) -> None:
    """Without a name, while there is nobody; nobody has one by name then."""
    told = ask(engine, "link")
    assert told["name"] is None
    assert "/start/" in told["link"]
    assert engine.credentials.link(secret(told), clock.now()) == FIRST
    refused("U209", engine, "link", "Ana")
    ask(engine, "added", "Ana", roles=["admin"])
    assert engine.credentials.link(secret(told), clock.now()) is None
    refused("U207", engine, "link")


def test_links_are_for_those_who_may_hand_them_out(engine: Engine) -> None:
    """An author makes no link, not even their own; whoever gives no name has the folder."""
    ask(engine, "added", "Ana", roles=["admin"])
    ask(engine, "added", "Bình", roles=["author"])
    refused("U201", engine, "link", "Bình", by="Bình")
    refused("U200", engine, "link", "Bình", by="Stranger")
    assert ask(engine, "link", "Bình", by="Ana")["name"] == "Bình"
    assert ask(engine, "link", "Bình")["name"] == "Bình"


def test_an_unknown_change_is_refused(engine: Engine) -> None:
    """Whatever another process asks for."""
    refused("U210", engine, "promoted" * 100, "Ana")
    refused("U200", engine, "suspended", "Ana")
    refused("U085", engine, "suspended", "\0")


def test_a_link_leads_where_the_pages_are(tmp_path: Path) -> None:
    """To the public address; else to this machine by its name, so that passkeys work; else it is a
    path.
    """
    with Engine(prepare(tmp_path / "one")) as engine:
        assert ask(engine, "link")["link"].startswith("/start/")
        engine.address = "http://127.0.0.1:8420"
        assert ask(engine, "link")["link"].startswith("http://localhost:8420/start/")
        engine.address = "http://[::1]:8420"
        assert ask(engine, "link")["link"].startswith("http://localhost:8420/start/")
    settings = 'public_url = "https://mod.example/"\n'
    with Engine(prepare(tmp_path / "two", settings=settings)) as engine:
        assert ask(engine, "link")["link"].startswith("https://mod.example/start/")


def test_who_was_added_when_the_process_died_gets_in_all_the_same(tmp_path: Path) -> None:
    """The control was kept and the credentials were not: a link makes that good."""
    folder = prepare(tmp_path)
    with Engine(folder, now=lambda: NOW) as engine:
        from ombud.controls import staff

        engine.control(staff.asked("added", "Ana", "admin", roles=["admin"]))
    with Engine(folder) as engine:
        assert engine.credentials.account(staffing.token(engine, "Ana")) is None
        told = ask(engine, "link", "Ana")
        assert engine.credentials.account(staffing.token(engine, "Ana")) is not None
        assert engine.credentials.link(secret(told), clock.now()) is not None


def test_a_session_that_a_crash_has_left_is_gone_after_the_next_start(tmp_path: Path) -> None:
    """Suspended, and the process died before the sessions were ended: a start ends them."""
    folder = prepare(tmp_path)
    with Engine(folder) as engine:
        from ombud.controls import staff

        ask(engine, "added", "Ana", roles=["admin"])
        ask(engine, "added", "Bình", roles=["author"])
        whose = staffing.token(engine, "Bình")
        _, token = engine.credentials.begin(whose, "password", "", clock.now())
        engine.control(staff.asked("suspended", "Bình", "admin"))
        assert engine.credentials.session(token, clock.now()) is not None
    with Engine(folder) as engine:
        assert engine.credentials.session(token, clock.now()) is None


def test_whether_somebody_may_is_asked_beside_the_writer(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is named is looked up in a file opened for it: the writer's is its thread's."""
    ask(engine, "added", "Ana", roles=["admin"])
    ask(engine, "added", "Bình", roles=["author"])
    monkeypatch.setattr(engine, "keys", None)
    staffing.allowed(engine, "Bình", "rules")
    staffing.allowed(engine, "admin", "staff")
    with pytest.raises(BadUse, match="Bình"):
        staffing.allowed(engine, "Bình", "staff")
