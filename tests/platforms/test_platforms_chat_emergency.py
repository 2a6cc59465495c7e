"""An emergency from a moderators' room on a real Synapse: asked for, confirmed by a reaction and
ended, in both languages; and who is heard there.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flow.served_platform import wait
from flow.small_community import rows
from ombud import session
from platforms.moderators_room import BOUND, Moderators, came_in, moderators

pytestmark = pytest.mark.xdist_group("chat emergency")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moderators]:
    """The room."""
    with moderators(tmp_path_factory.mktemp("emergency")) as made:
        yield made


def declared(here: Moderators) -> list[tuple[int, str]]:
    """What the journal has of emergencies: begun or ended, and how it came."""
    query = (
        "SELECT json_extract(payload, '$.begins'), json_extract(payload, '$.heard') FROM journal"
        " WHERE type = '!emergency' ORDER BY seq"
    )
    return [(row[0], row[1]) for row in rows(here.talk.folder, query)]


def test_it_is_asked_for_confirmed_and_ended(here: Moderators) -> None:
    """Nothing is declared before the reaction of whoever asked; the public log has its line."""
    before, count = declared(here), len(here.lines())
    here.command(here.ana.person, "!ombud emergency 2")
    asked = here.said("For 2 hours", after=count)["event_id"]
    here.asked_stands(asked)
    here.react(here.guest, asked, "✅")
    here.react(here.bo.person, asked, "✅")
    here.said("whoever asked for it confirms it", after=count)
    assert declared(here) == before
    here.react(here.ana.person, asked, "✅")
    here.said("It is an emergency, until", after=count)
    assert declared(here)[len(before) :] == [(1, "reaction")]
    here.command(here.guest, "!ombud end")
    here.command(here.bo.person, "!ombud end")
    here.said("The emergency is over", after=count)
    assert declared(here)[len(before) :] == [(1, "reaction"), (0, "command")]


def test_in_vietnamese_too(here: Moderators) -> None:
    """The command, and the answers in the language of one's pages."""
    count = len(here.lines())
    here.bo.console.send("/me", {"do": "look", "lang": "vi", "theme": ""})
    here.command(here.bo.person, "!ombud khẩn cấp 3")
    asked = here.said("Trong 3 giờ", after=count)["event_id"]
    here.asked_stands(asked)
    here.react(here.bo.person, asked, "✅")
    here.said("Đang có tình trạng khẩn cấp", after=count)
    here.command(here.bo.person, "!ombud kết thúc")
    here.said("Tình trạng khẩn cấp đã hết", after=count)


def test_a_name_that_was_only_typed_binds_nothing(here: Moderators) -> None:
    """The code counts from the account that was named, once; and a binding ends by its person, by
    an admin, and with the account.
    """
    console = came_in(here.talk, "Chi", "reviewer")
    code = console.code(here.guest.id)
    assert f"You are heard there as {here.guest.id}" not in console.ask("GET", "/me")[1]
    count = len(here.lines())
    here.command(here.bo.person, f"!ombud code {code}")
    here.command(here.guest, "!ombud help")
    here.settled()
    assert not [each for each in here.bodies()[count:] if "chi" in each]
    here.command(here.guest, f"!ombud code {code}")
    here.said(f"{BOUND} chi", after=count)
    page = console.ask("GET", "/me")[1]
    assert here.guest.id in page
    console.send("/me", {"do": "unbound"})
    here.command(here.guest, f"!ombud code {code}")
    here.command(here.guest, "!ombud help")
    again = console.code(here.guest.id)
    here.command(here.guest, f"!ombud code {again}")
    wait(lambda: len([e for e in here.bodies()[count:] if f"{BOUND} chi" in e]) == 2, "not bound")
    session.request(here.talk.folder, "staff", change="unbound", name="Chi", by="Ana")
    here.settled()
    lines = len(here.lines())
    here.command(here.guest, "!ombud help")
    here.settled()
    assert len(here.lines()) == lines + 1
    changes = (
        "SELECT json_extract(payload, '$.what') FROM journal WHERE type = '!staff' ORDER BY seq"
    )
    told = [row[0] for row in rows(here.talk.folder, changes)]
    assert told[-5:] == ["added", "bound", "unbound", "bound", "unbound"]
