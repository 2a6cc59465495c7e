"""Connecting a homeserver: section, key and files for Synapse, or nothing; and what is missing."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flow.small_community import prepare
from ombud import clock, homeserver, platforms, session
from ombud.access import digest
from ombud.app import KEY_FILE, Engine
from ombud.controls import programs
from ombud.errors import BadData, BadUse, OmbudError
from ombud.homeserver import Wanted
from ombud.store.keyfile import KeyFile

ROOM = "!OGEh.HVWS(dvArJzumhm:talk.example"
WANTED = Wanted("http://127.0.0.1:1", "talk.example", [ROOM, "!b"], allow=["127.0.0.1"])


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community that no homeserver is connected to."""
    with session.engine(prepare(tmp_path / "data")) as running:
        yield running


def written(path: str) -> dict[str, Any]:
    """What a file for Synapse says: JSON below a line of comment, which YAML reads."""
    first, _, rest = Path(path).read_text(encoding="utf-8").partition("\n")
    assert first.startswith("# For Synapse")
    found: dict[str, Any] = msgspec.json.decode(rest)
    return found


def test_a_homeserver_is_connected(engine: Engine) -> None:
    """The section is in force, and both files fit to what is kept."""
    made = homeserver.connect(engine, "talk", WANTED._replace(staff_room="!staff"))
    settings = engine.settings.matrix["talk"]
    assert (settings.rooms, settings.server) == ((ROOM, "!b"), "talk.example")
    assert settings.since is not None
    assert abs(settings.since.timestamp() * clock.SECOND - clock.now()) < clock.MINUTE
    assert (settings.staff_room, settings.account) == ("!staff", "@ombud:talk.example")
    service, module = (written(path) for path in made["files"])
    with closing(KeyFile(engine.folder / KEY_FILE, readonly=True)) as keys:
        assert keys.key(programs.secret_name("talk")).hex() == service["as_token"]
    assert engine.access[digest(service["hs_token"])].speaks_for("talk")
    (asks,) = module["modules"]
    assert asks["config"]["key"] == service["hs_token"]
    assert asks["config"]["rooms"] == [ROOM, "!b"]
    assert service["url"] == asks["config"]["url"] == homeserver.LOCALLY
    patterns = [each["regex"] for each in service["namespaces"]["rooms"]]
    assert [bool(re.match(patterns[0], each)) for each in (ROOM, ROOM + "x", "x" + ROOM)] == [
        True,
        False,
        False,
    ]
    assert not re.match(patterns[0], ROOM.replace(".", "x"))
    assert service["namespaces"]["users"] == []


def test_tokens_are_for_their_owner_only(engine: Engine) -> None:
    """Files that nobody else reads; nothing of them in the settings or in what is told."""
    made = homeserver.connect(engine, "talk", WANTED)
    for path in map(Path, made["files"]):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    service = written(made["files"][0])
    told = str(made) + (engine.folder / "ombud.toml").read_text()
    assert service["as_token"] not in told
    assert service["hs_token"] not in told


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (WANTED._replace(url="ftp://a.example"), "U029"),
        (WANTED._replace(url="http://ana@a.example"), "U031"),
        (WANTED._replace(server=""), "U029"),
        (WANTED._replace(rooms=[]), "U029"),
        (WANTED._replace(rooms=["b"]), "U029"),
        (WANTED._replace(sender="Om Bud"), "U029"),
        (WANTED._replace(rooms=["#lobby:talk.example"]), "U485"),
        (WANTED._replace(allow=["everything"]), "U030"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    engine: Engine, wanted: Wanted, code: str
) -> None:
    """No section, no key, no file."""
    before = sorted(engine.folder.iterdir())
    with pytest.raises(OmbudError) as caught:
        homeserver.connect(engine, "talk", wanted)
    assert caught.value.code == code
    assert sorted(engine.folder.iterdir()) == before
    assert not engine.settings.matrix
    assert not engine.access


def test_nothing_is_written_over(engine: Engine) -> None:
    """Neither a file nor another platform; what fails half way is taken back."""
    platforms.connect_http(engine, "chat", "https://chat.example/hook", [])
    with pytest.raises(BadUse, match="U027"):
        homeserver.connect(engine, "chat", WANTED)
    kept = engine.folder / "talk-module.yaml"
    kept.write_text("mine")
    with pytest.raises(BadUse, match="U484"):
        homeserver.connect(engine, "talk", WANTED)
    assert kept.read_text() == "mine"
    assert not (engine.folder / "talk-appservice.yaml").exists()
    assert [key.name for key in engine.access.values()] == ["chat"]


def test_what_fails_half_way_is_taken_back(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the token cannot be kept there is no section, no key in use and no file."""

    def broken(*_: object) -> object:
        raise BadData("D011", "store", detail="full")

    monkeypatch.setattr(programs, "signed", broken)
    with pytest.raises(BadData):
        homeserver.connect(engine, "talk", WANTED)
    assert not engine.settings.matrix
    assert not engine.access
    assert not list(engine.folder.glob("talk-*"))
