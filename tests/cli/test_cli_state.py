"""`ombud duty` and `ombud emergency`: begun, shown, ended; in process, or by whoever writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.command_line import printed, run
from flow.small_community import prepare, rows
from ombud import clock, session
from ombud.app import Engine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that was begun."""
    made = prepare(tmp_path / "data")
    with Engine(made):
        return made


@pytest.mark.parametrize("name", ["duty", "emergency"])
def test_a_state_is_begun_shown_and_ended(folder: Path, name: str) -> None:
    """What `show` says is what the last command made of it."""
    assert printed(name, "show", "--data", folder) == {
        "state": "never set",
        "since": None,
        "until": None,
        "by": None,
    }
    begun = printed(name, "begin", "--for", "2 hours", "--data", folder)
    assert begun["state"] == "on"
    assert begun["by"] == "admin"
    assert begun["since"] < begun["until"]
    assert printed(name, "show", "--data", folder) == begun
    ended = printed(name, "end", "--data", folder)
    assert (ended["state"], ended["since"]) == ("off", None)
    assert ended["until"] < begun["until"]


def test_the_process_that_writes_is_asked(folder: Path) -> None:
    """While another has the lock, the request goes through its socket, errors too."""
    with session.engine(folder) as engine:
        assert "until" in run("emergency", "begin", "--data", folder).stdout
        now = engine.writer.pipeline.recv + 1
        assert engine.writer.pipeline.community.state("", "emergency", now) is True
        assert printed("duty", "begin", "--for", "2 days", "--data", folder)["code"] == "U070"
        assert "no emergency" in run("emergency", "end", "--data", folder).stdout
        assert printed("emergency", "end", "--data", folder)["code"] == "U071"
    found = rows(folder, "SELECT type FROM journal WHERE type IN ('!duty', '!emergency')")
    assert found == [("!emergency",), ("!emergency",)]


@pytest.mark.parametrize(
    "text", ["8", "soon", "8 moons", "-8 hours", "8.5 hours", "", "9" * 30 + " hours"]
)
def test_a_length_is_written_as_in_rules(folder: Path, text: str) -> None:
    """A number and a unit; anything else is refused before anything is begun."""
    assert printed("duty", "begin", "--for", text, "--data", folder)["code"] == "U072"
    assert "Nobody has ever said" in run("duty", "show", "--data", folder).stdout


def test_without_a_length_the_usual_one_is_taken(folder: Path) -> None:
    """Eight hours on duty."""
    run("duty", "begin", "--data", folder)
    ((payload,),) = rows(folder, "SELECT payload FROM journal WHERE type = '!duty'")
    assert '"begins":true' in payload
    told = run("duty", "show", "--data", folder).stdout
    assert told.startswith("Somebody is on duty until ")
    assert told.split("until ")[1][:13] >= clock.rfc3339(clock.now() + 7 * clock.HOUR)[:13]
