"""The part of one's own page about the moderators' room: a code for a named account, shown once;
what is bound, and letting go of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ombud import staffing
from ombud.staff.credentials import FRESH
from ombud.staff.present import Chat
from staff.at_the_entrance import Place
from web.console.staff_pages import NAMED, Browser, open_pages, said

SECTION = """
[matrix.{name}]
url = "http://127.0.0.1:9"
server = "hs"
rooms = ["!hall:hs"]
staff_room = "{room}"
allow = ["127.0.0.1"]
"""
ROOM = SECTION.format(name="talk", room="!mods:hs")
ANA = "@ana:hs"


@pytest.fixture
def roomy(tmp_path: Path) -> Iterator[Browser]:
    """A browser at a community with a moderators' room."""
    with open_pages(tmp_path, NAMED + ROOM) as found:
        found.first()
        yield found


def asked(browser: Browser, account: str = ANA, **more: str) -> str:
    """The page after a code was asked for."""
    form = {"form": browser.token(), "do": "chat", "account": account, **more}
    return str(browser.send("/me", form).text)


def code(page: str) -> str:
    """The code that a page shows."""
    (found,) = re.findall(r"!ombud code ([A-Z2-9-]+)", page)
    return str(found)


def own(place: Place, name: str = "ana") -> int:
    """Somebody's token."""
    found = place.engine.credentials.token_of(name)
    assert found is not None
    return found


def bind(browser: Browser, account: str = ANA) -> None:
    """As the room would: the account is bound."""
    token = own(browser.place)
    given = {"platform": "talk", "account": account}
    staffing.change(browser.place.engine, "bound", token, token, **given)


def test_without_a_room_nothing_is_said_of_one(browser: Browser) -> None:
    """No section, and no code."""
    browser.first()
    assert "moderators' room" not in said(browser.get("/me")).replace("’", "'")
    page = asked(browser)
    assert "no whole Matrix id" in page
    assert "!ombud code" not in page


def test_a_code_is_for_the_account_that_was_named_and_shown_once(roomy: Browser) -> None:
    """It proves that account and no other; the page shows it on the answer alone."""
    shown = code(asked(roomy))
    assert "A code for" in said(roomy.get("/me"))
    assert "!ombud code" not in roomy.get("/me").text
    place = roomy.place
    present = place.engine.credentials.present
    now = place.engine.now()
    assert present.prove(Chat("talk", "@bo:hs"), shown, now) is None
    assert present.prove(Chat("talk", ANA), shown, now) == own(place)
    assert place.engine.staff[own(place)].chat is None  # the page alone binds nothing


@pytest.mark.parametrize(
    "account", ["", "ana", "@ana", "ana:hs", "@a b:hs", "@" + "x" * 300 + ":hs", "@ana:hs\0"]
)
def test_what_is_no_whole_id_is_refused(roomy: Browser, account: str) -> None:
    """With the reason."""
    page = asked(roomy, account)
    assert "no whole Matrix id" in page
    assert "!ombud code" not in page


def test_of_several_rooms_one_is_chosen(tmp_path: Path) -> None:
    """By the homeserver's name; none is taken for granted."""
    settings = NAMED + ROOM + SECTION.format(name="other", room="!staff:hs")
    with open_pages(tmp_path, settings) as browser:
        browser.first()
        assert 'name="platform"' in browser.get("/me").text
        assert "no whole Matrix id" in asked(browser)
        assert code(asked(browser, platform="other"))


def test_what_is_bound_is_shown_and_let_go_of(roomy: Browser) -> None:
    """By its person, fresh or not; a second account is refused while there is one."""
    bind(roomy)
    assert f"heard there as {ANA}" in said(roomy.get("/me"))
    assert "heard by an account already" in asked(roomy, "@else:hs")
    assert f"Heard in the moderators' room as {ANA}" in said(roomy.get("/staff"))
    roomy.place.clock.at += FRESH
    done = roomy.send("/me", {"form": roomy.token(), "do": "unbound"})
    assert done.headers["location"] == "/me?done=unbound+chat"
    assert roomy.place.engine.staff[own(roomy.place)].chat is None
    again = roomy.send("/me", {"form": roomy.token(), "do": "unbound"})
    assert again.status_code == 422


def test_a_code_needs_a_fresh_proof(roomy: Browser) -> None:
    """As all that lets somebody in by another way."""
    token = roomy.token()
    roomy.place.clock.at += FRESH
    page = roomy.send("/me", {"form": token, "do": "chat", "account": ANA})
    assert page.status_code == 403
    assert "!ombud code" not in page.text


def test_an_admin_lets_go_of_somebody_elses(roomy: Browser) -> None:
    """On the staff page; an account that was erased since is told of without its name."""
    bind(roomy)
    roomy.place.engine.erase("talk", ANA)
    assert ANA not in roomy.get("/staff").text
    assert "whose data was erased" in said(roomy.get("/staff"))
    assert "whose data was erased" in said(roomy.get("/me"))
    form = {"form": roomy.token(), "do": "unbound", "who": str(own(roomy.place))}
    done = roomy.send("/staff", form)
    assert done.headers["location"] == "/staff?done=staff+unbound"
    assert roomy.place.engine.staff[own(roomy.place)].chat is None


def test_a_homeserver_is_no_webhook(roomy: Browser) -> None:
    """On the page of connections it is called what it is, and no secret is offered for it."""
    page = said(roomy.get("/connections"))
    assert "A Matrix homeserver, asked at http://127.0.0.1:9" in page
    assert "Webhooks go to" not in page
    assert "new secret" not in page
