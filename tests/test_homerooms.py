"""A room of a homeserver is added or taken out whole, or not at all; who asks has to be allowed to.

Against a real Synapse: tests/platforms/test_platforms_matrix_rooms.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.small_community import prepare, rows
from ombud import homerooms, homeserver, session
from ombud.app import Engine
from ombud.controls import programs, staff
from ombud.errors import BadData, BadUse, OmbudError
from ombud.homeserver import Wanted

WANTED = Wanted("http://127.0.0.1:1", "talk.example", ["!a", "!b"], allow=["127.0.0.1"])
JOURNALLED = "SELECT payload FROM journal WHERE type = '!access' ORDER BY seq DESC LIMIT 1"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community whose homeserver is away, with two rooms."""
    with session.engine(prepare(tmp_path / "data")) as running:
        homeserver.connect(running, "talk", WANTED)
        yield running


def written(engine: Engine) -> dict[str, bytes]:
    """Every file that the connection stands in."""
    paths = [engine.folder / "ombud.toml", *engine.folder.glob("talk-*.yaml")]
    return {path.name: path.read_bytes() for path in paths}


def test_a_room_is_taken_out_by_its_id(engine: Engine) -> None:
    """Though the homeserver is away: of settings and files, at once; who did it is journalled."""
    path = engine.folder / "ombud.toml"
    path.write_text(f"# by hand\n{path.read_text()}")
    done = homerooms.change(engine, "talk", "!b", add=False)
    assert engine.settings.matrix["talk"].rooms == ("!a",)
    assert path.read_text().startswith("# by hand\n")
    assert [each["written"] for each in done["files"]] == [True, True]
    assert all(b"!b" not in content for content in written(engine).values())
    ((payload,),) = rows(engine.folder, JOURNALLED)
    told = json.loads(payload)
    assert (told["do"], told["name"], told["room"]) == ("room removed", "talk", "!b")
    assert homerooms.listing(engine.folder) == [{"name": "talk", "room": "!a"}]


@pytest.mark.parametrize(
    ("name", "room", "add", "code"),
    [
        ("nobody", "!c", True, "U486"),
        ("talk", "!a", True, "U495"),
        ("talk", "!c", False, "U488"),
        ("talk", "lobby", True, "U492"),
        ("talk", "!a b", True, "U492"),
        ("talk", "!a\n", False, "U492"),
        ("talk", "#lobby:talk.example", False, "U485"),
        ("talk", "!c", True, "U478"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    engine: Engine, name: str, room: str, add: bool, code: str
) -> None:
    """A room that is there, or is not, that is none, or that nobody answers for."""
    before = written(engine)
    with pytest.raises(BadUse) as caught:
        homerooms.change(engine, name, room, add=add)
    assert caught.value.code == code
    assert written(engine) == before
    assert engine.settings.matrix["talk"].rooms == ("!a", "!b")


def test_the_last_room_stays(engine: Engine) -> None:
    """A connection of no room is none."""
    homerooms.change(engine, "talk", "!a", add=False)
    with pytest.raises(BadUse, match="U489"):
        homerooms.change(engine, "talk", "!b", add=False)


def test_who_may_not_connect_changes_no_room(engine: Engine) -> None:
    """And whoever comes by the pages has to have shown lately who they are."""
    engine.control(staff.asked("added", "ana", "admin", roles=["admin"]))
    engine.control(staff.asked("added", "ben", "ana", roles=["author"]))
    before = written(engine)
    for by, fresh, code in (("ben", True, "U201"), ("ana", False, "U212")):
        asked = {"name": "talk", "room": "!b", "add": False, "by": by, "fresh": fresh}
        with pytest.raises(OmbudError) as caught:
            session.perform(engine, "room", asked)
        assert caught.value.code == code
    assert written(engine) == before


def test_what_fails_half_way_is_taken_back(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it cannot be journalled, or edited settings are refused, every file is as it was."""

    def broken(*_: object, **__: object) -> object:
        raise BadData("D011", "store", detail="full")

    before = written(engine)
    with monkeypatch.context() as patched:
        patched.setattr(programs, "roomed", broken)
        with pytest.raises(BadData):
            homerooms.change(engine, "talk", "!b", add=False)
    assert written(engine) == before
    (engine.folder / "rules" / "broken.rule").write_text("rule\n")
    with pytest.raises(OmbudError, match="D013"):
        homerooms.change(engine, "talk", "!b", add=False)
    assert written(engine) == before
    assert engine.settings.matrix["talk"].rooms == ("!a", "!b")


def test_files_that_are_elsewhere_are_told(engine: Engine) -> None:
    """A file that was moved to Synapse is not made anew, and one with an ended key is left."""
    (engine.folder / "talk-module.yaml").unlink()
    programs_end = programs.revoked("talk")
    engine.control(programs_end)
    done = homerooms.change(engine, "talk", "!b", add=False)
    assert [each["written"] for each in done["files"]] == [False, False]
    assert done["pattern"] == "^\\!b$"
    assert not (engine.folder / "talk-module.yaml").exists()
    assert b"!b" in (engine.folder / "talk-appservice.yaml").read_bytes()
