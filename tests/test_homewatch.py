"""A homeserver is looked at again and again; what is found is kept, and a failure is told as one.

Against a real Synapse: tests/platforms/test_platforms_matrix_rooms.py.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from flow.small_community import prepare
from ombud import homeserver, session
from ombud.controls import programs
from ombud.doors import Doors
from ombud.homeserver import Wanted
from ombud.homewatch import AGAIN_SECONDS, Homewatch

WANTED = Wanted("http://127.0.0.1:1", "talk.example", ["!a", "!b"], allow=["127.0.0.1"])


def test_one_that_is_away_is_found_so_and_due_when_its_settings_change(tmp_path: Path) -> None:
    """A section that was never looked at is due at once, any other after a while."""
    with (
        session.engine(prepare(tmp_path / "data")) as engine,
        closing(Doors(engine, "http://127.0.0.1:8420")) as doors,
    ):
        homeserver.connect(engine, "talk", WANTED)
        watch, settings = Homewatch(doors), engine.settings.matrix["talk"]
        assert watch.seconds(settings) == 0
        assert watch.look("talk", settings) == 1
        assert watch.seconds(settings) == AGAIN_SECONDS
        (home,) = doors.homes.stands(engine.settings.matrix)
        assert [each.code for each in home.rest] == ["U478"]
        assert home.looked is not None
        session.perform(engine, "room", {"name": "talk", "room": "!b", "add": False})
        assert watch.seconds(engine.settings.matrix["talk"]) == 0


def test_one_without_a_secret_is_told_as_such(tmp_path: Path) -> None:
    """A section that somebody wrote by hand."""
    section = '[matrix.talk]\nurl = "http://127.0.0.1:1"\nserver = "hs"\nrooms = ["!a"]\n'
    with (
        session.engine(prepare(tmp_path / "data", settings=section)) as engine,
        closing(Doors(engine, "http://127.0.0.1:8420")) as doors,
    ):
        watch = Homewatch(doors)
        assert watch.look("talk", engine.settings.matrix["talk"]) == 1
        (home,) = doors.homes.stands(engine.settings.matrix)
        assert [each.code for each in home.rest] == ["U486"]
        engine.control(programs.signed("talk", b"s" * 32))
        watch.look("talk", engine.settings.matrix["talk"])
        (home,) = doors.homes.stands(engine.settings.matrix)
        assert [each.code for each in home.rest] == ["U478"]
