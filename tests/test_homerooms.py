"""A room of a homeserver is added or taken out whole, or not at all; who asks has to be allowed to.

Against a real Synapse: tests/platforms/test_platforms_matrix_rooms.py.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
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
SAID = "SELECT json_extract(payload, '$.do'), json_extract(payload, '$.by') FROM journal"
TAKEN_BACK = "room contradicted"  # passed only where it fails
PASSED = re.findall(r'\.fault\("([a-z ]+)"\)', Path(homerooms.__file__).read_text("utf-8"))
POINTS = [each for each in PASSED if each != TAKEN_BACK]
KILLED = -9
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


def test_what_fails_after_it_was_journalled_is_contradicted_there(engine: Engine) -> None:
    """A file that cannot be written: settings and journal say the same, that it is as it was."""
    (engine.folder / "talk-module.yaml").unlink()
    (engine.folder / "talk-module.yaml").mkdir()
    with pytest.raises(OmbudError, match="D016"):
        homerooms.change(engine, "talk", "!b", add=False)
    assert engine.settings.matrix["talk"].rooms == ("!a", "!b")
    assert said(engine.folder) == ["room removed", "room added"]
    assert not (engine.folder / homerooms.BEGUN).exists()


# --- a process ends over it -----------------------------------------------------------------------


def said(folder: Path, by: int | None = None) -> list[str]:
    """What the journal says of rooms, in order; by whom."""
    found = rows(folder, f"{SAID} WHERE type = '!access' ORDER BY seq")
    told = [row for row in found if str(row[0]).startswith("room")]
    assert by is None or all(row[1] == by for row in told)
    return [str(row[0]) for row in told]


def killed(folder: Path, point: str, *asked: str) -> None:
    """A command that ends where it passes a point, as by kill -9."""
    command = [sys.executable, "-m", "ombud.cli", "connect", "room", *asked, "--data", str(folder)]
    env = {**os.environ, "OMBUD_FAULT": f"{point}:1"}
    done = subprocess.run(command, env=env, capture_output=True, check=False, timeout=120)
    assert done.returncode == KILLED, done.stderr.decode()


@pytest.fixture
def left(tmp_path: Path) -> tuple[Path, int]:
    """The same community with nobody at work, in which Ana may connect platforms; her token."""
    folder = prepare(tmp_path / "data")
    with session.engine(folder) as running:
        homeserver.connect(running, "talk", WANTED)
        running.control(staff.asked("added", "ana", "admin", roles=["admin"]))
        (ana,) = running.staff
    return folder, ana


def agree(folder: Path, ana: int) -> bool:
    """Settings, files and journal say the same of the room; whether it was taken out."""
    rooms = [each["room"] for each in homerooms.listing(folder)]
    told, gone = said(folder, ana), rooms == ["!a"]
    assert told == (["room removed"] if gone else [])
    assert gone or rooms == ["!a", "!b"]
    for path in folder.glob("talk-*.yaml"):
        assert (b"!b" in path.read_bytes()) is not gone
    assert not (folder / homerooms.BEGUN).exists()
    return gone


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_the_next_start_makes_it_whole(left: tuple[Path, int], point: str) -> None:
    """What the journal has is done, by whom it says; what it does not have was never begun."""
    folder, ana = left
    killed(folder, point, "remove", "talk", "!b", "--by", "ana")
    assert "!a" in {each["room"] for each in homerooms.listing(folder)}
    with session.engine(folder, activate=False):
        pass  # whoever only undoes or erases leaves the settings alone
    with session.engine(folder) as running:
        gone = agree(folder, ana)
        assert running.settings.matrix["talk"].rooms == (("!a",) if gone else ("!a", "!b"))
    assert gone == (point != "room noted")


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_the_same_command_makes_it_whole(
    left: tuple[Path, int], point: str
) -> None:
    """It answers as though it had been done at once, and the journal has it once."""
    folder, ana = left
    killed(folder, point, "remove", "talk", "!b", "--by", "ana")
    done = session.request(folder, "room", name="talk", room="!b", add=False, by="ana")
    assert (done["room"], done["pattern"]) == ("!b", "^\\!b$")
    assert agree(folder, ana)
    with pytest.raises(OmbudError, match="U488"):
        session.request(folder, "room", name="talk", room="!b", add=False, by="ana")


def test_killed_over_what_was_taken_back_it_stays_taken_back(left: tuple[Path, int]) -> None:
    """The journal's last word counts, also where a start had said it and ended over that."""
    folder, ana = left
    module = folder / "talk-module.yaml"
    there = module.read_bytes()
    module.unlink()
    module.mkdir()
    killed(folder, TAKEN_BACK, "remove", "talk", "!b", "--by", "ana")
    assert (folder / homerooms.BEGUN).exists()
    module.rmdir()
    module.write_bytes(there)
    for _ in range(2):
        with session.engine(folder) as running:
            assert running.settings.matrix["talk"].rooms == ("!a", "!b")
        assert said(folder, ana) == ["room removed", "room added"]
        assert not (folder / homerooms.BEGUN).exists()


def test_what_was_changed_by_hand_since_is_not_changed_back(left: tuple[Path, int]) -> None:
    """Who takes the whole connection out after a kill still can start; the journal says so, too."""
    folder, ana = left
    killed(folder, "room journalled", "remove", "talk", "!b", "--by", "ana")
    (folder / "ombud.toml").write_text("")
    with session.engine(folder) as running:
        assert running.settings.matrix == {}
    assert said(folder, ana) == ["room removed", "room added"]
    assert not (folder / homerooms.BEGUN).exists()


def test_a_note_that_nobody_here_wrote_is_nothing(left: tuple[Path, int]) -> None:
    """It is no file by which anybody adds a room."""
    folder, _ = left
    for content in ("{", '{"name":"talk","room":"!c","add":true,"after":0}'):
        (folder / homerooms.BEGUN).write_text(content)
        with session.engine(folder) as running:
            assert running.settings.matrix["talk"].rooms == ("!a", "!b")
        assert said(folder) == []
        assert not (folder / homerooms.BEGUN).exists()
