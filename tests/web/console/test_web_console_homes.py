"""Homeservers on the page of connections: how they stand, and rooms that come and go there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from flow.small_community import change
from ombud import homeserver, staffrecords
from ombud.doors import Doors
from ombud.errors import BadUse
from ombud.homecheck import MODULE, Finding
from ombud.homes import Homes, Looked
from ombud.homeserver import Wanted
from ombud.web.pages import application
from staff.at_the_entrance import open_place
from web.console.staff_pages import HERE, NAMED, Browser, said

WANTED = Wanted("http://127.0.0.1:1", "talk.example", ["!a", "!b"], allow=["127.0.0.1"])
NEW = "!new-one:talk.example"
GONE = BadUse("U511", "rooms", room="!a", there=NEW, name="talk")


class Console(Browser):
    """A browser, and what its server knows of homeservers."""

    homes: Homes


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """Ana is in, and a homeserver that is away is connected, with two rooms."""
    with (
        open_place(tmp_path / "data", NAMED) as place,
        closing(Doors(place.engine, HERE)) as doors,
    ):
        pages = application(doors, entrance=place.entrance, homes=doors.homes)
        with TestClient(pages, base_url=HERE, raise_server_exceptions=False) as client:
            client.follow_redirects = False
            made = Console(client, place)
            made.homes = doors.homes
            made.first()
            homeserver.connect(place.engine, "talk", WANTED)
            yield made


def looked(console: Console, *findings: Finding) -> None:
    """The homeserver was looked at, and this was found."""
    engine = console.place.engine
    console.homes.note("talk", Looked(engine.settings.matrix["talk"], findings, engine.now()))


def send(console: Console, do: str, **fields: str) -> Any:
    """A form of the page."""
    sent = {"form": console.token("/me"), "do": do, "name": "talk", **fields}
    return console.send("/connections", sent)


def test_what_is_known_is_shown_and_what_is_not_is_said(console: Console) -> None:
    """Before anybody has looked nothing is called good; what lacks stands beside what it is of."""
    page = said(console.get("/connections"))
    assert "Asks before publication not known yet" in page
    assert "Moderators’ room none is set" in page
    assert "Last heard not since the start" in page
    assert page.count("not known yet") == 3  # the module, and each room
    lack = BadUse("U510", "modules", detail="Synapse shows <no> module", name="talk")
    looked(console, Finding("the module", lack, about=MODULE))
    console.homes.heard("talk", console.place.engine.now())
    page = console.get("/connections")
    assert "Asks before publication something is missing" in said(page)
    assert "Synapse shows &lt;no&gt; module" in page.text
    assert "!a read" in said(page)
    assert "not since the start" not in said(page)


def test_a_room_that_was_replaced_is_told_on_every_page_and_offered(console: Console) -> None:
    """To whoever may add it; nothing adds it by itself."""
    assert "was replaced" not in said(console.get("/me"))
    looked(console, Finding("!a: not replaced", GONE, NEW, about="!a"))
    told = console.get("/me")
    assert "The room !a on talk was replaced by another one" in said(told)
    assert 'href="/connections"' in told.text
    page = console.get("/connections")
    assert f"Moderate {NEW} too" in said(page)
    assert console.place.engine.settings.matrix["talk"].rooms == ("!a", "!b")
    console.place.newcomer("Bình", "reviewer")
    console.forget()
    console.log_in("Bình")
    assert "was replaced" not in said(console.get("/me"))


def test_a_room_is_taken_out_and_it_is_said_what_comes_next(console: Console) -> None:
    """The settings are in force, and the last one has no button."""
    page = send(console, "room-remove", room="!b")
    assert page.status_code == 200
    assert "!b is no more among the rooms of talk." in said(page)
    assert "talk-appservice.yaml" in said(page)
    assert "Restart Synapse." in said(page)
    assert console.place.engine.settings.matrix["talk"].rooms == ("!a",)
    assert "Take it out" not in said(console.get("/connections"))
    (console.place.engine.folder / "talk-appservice.yaml").unlink()
    assert send(console, "room-remove", room="!a").status_code == 422


def test_what_stays_in_force_is_named_before_a_room_goes(console: Console) -> None:
    """The first answer is refused and says how much there is; the second one names it, and counts
    no more than it names. Afterwards the records say how much stayed.
    """
    engine = console.place.engine
    statement = (
        "INSERT INTO journal (seq, recv, type, source, config) VALUES (-1, 1, 'post.created',"
        " 'talk/!b', 1); INSERT INTO decision (id, seq, time, timeline, subject, clause, by_role,"
        " action, leaf, about) VALUES ('d', -1, 1, '', x'00', 'c', 'reviewer', 'lock', -1, -1);"
        "INSERT INTO outbox (id, decision, seq, lane, action, state) VALUES"
        " ('a', 'd', -1, x'00', 'lock', 'confirmed')"
    )
    change(engine.folder, statement)
    page = send(console, "room-remove", room="!b")
    assert page.status_code == 422
    assert "nobody can undo there once it is moderated no more: 1. lock (1)" in said(page)
    assert "Take it out all the same; in force for good: 1" in said(page)
    assert "Số quyết định đang có hiệu lực" in said(
        console.send(
            "/connections?lang=vi",
            {"form": console.token("/me"), "do": "room-remove", "name": "talk", "room": "!b"},
        )
    )
    for wrong in ("0", "-1", "many", ""):
        assert send(console, "room-remove", room="!b", leave=wrong).status_code == 422
    assert engine.settings.matrix["talk"].rooms == ("!a", "!b")
    page = send(console, "room-remove", room="!b", leave="1")
    assert page.status_code == 200
    assert "!b" not in engine.settings.matrix["talk"].rooms
    assert staffrecords.said("access", {"do": "room removed", "left": {"lock": 1}})["count"] == 1


@pytest.mark.parametrize(
    ("do", "room", "told"),
    [
        ("room-add", "!c", "does not answer"),
        ("room-add", "!a", "moderated already"),
        ("room-add", "<b>lobby", "no room of Matrix"),
        ("room-add", "#lobby:talk.example", "not found"),
        ("room-remove", "!c", "none of those"),
    ],
)
def test_what_cannot_be_is_told_as_by_the_command(
    console: Console, do: str, room: str, told: str
) -> None:
    """What was typed stays, as text."""
    page = send(console, do, room=room)
    assert page.status_code == 422
    assert told in said(page)
    assert "<b>lobby" not in page.text
    assert console.place.engine.settings.matrix["talk"].rooms == ("!a", "!b")
    if do == "room-add":
        assert room.replace("<", "&lt;").replace(">", "&gt;") in page.text


def test_it_is_looked_at_again_when_somebody_asks(console: Console) -> None:
    """What was found is forgotten, and the watch, which runs beside, looks at once."""
    looked(console, Finding("the homeserver"))
    settings = console.place.engine.settings.matrix["talk"]
    assert console.homes.known(settings)
    assert send(console, "look").headers["location"] == "/connections?done=looking"
    assert not console.homes.known(settings)
