"""Rounds go on whatever fails in one of them, and one slow homeserver holds up no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flow.served_platform import wait
from flow.small_community import prepare
from ombud import homeserver, session
from ombud.config import MatrixConnector
from ombud.doors import Doors
from ombud.errors import OmbudError
from ombud.homeserver import Wanted
from ombud.rounds import HomeserverRounds, Rounds

PLANTED = "a-string-that-nobody-else-writes"
WANTED = Wanted("http://127.0.0.1:1", "hs", ["!a"], allow=["127.0.0.1"])


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    """Of a community with two homeservers."""
    with session.engine(prepare(tmp_path / "data")) as engine:
        for name in ("slow", "talk"):
            homeserver.connect(engine, name, WANTED)
        with closing(Doors(engine, "http://a.example")) as made:
            yield made


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """One round follows the other."""
    monkeypatch.setattr("ombud.rounds.LOOK_SECONDS", 0.01)


class Failing(Rounds):
    """Its first rounds fail, in ways that are thought of and in others."""

    faults: tuple[Exception, ...] = (
        OSError("a disk"),
        OmbudError("D004", "here", path="here"),
        KeyError(PLANTED),
        RuntimeError(PLANTED),
    )
    made = 0

    def round(self) -> None:
        """Fail, then do not."""
        self.made += 1
        if self.made <= len(self.faults):
            raise self.faults[self.made - 1]


class Looking(HomeserverRounds):
    """Looks at two homeservers, at one of them for as long as the test wants."""

    def __init__(self, doors: Doors, pause: float = 0.0) -> None:
        super().__init__(doors)
        self.over, self.pause = threading.Event(), pause
        self.begun: list[str] = []
        self.ended: list[str] = []

    def seconds(self, settings: MatrixConnector) -> float:  # noqa: ARG002 -- of all the same
        """Until the next look is due."""
        return self.pause

    def look(self, name: str, settings: MatrixConnector) -> int:  # noqa: ARG002 -- of all the same
        """Wait, where it is the slow one; fail."""
        self.begun.append(name)
        if name == "slow":
            assert self.over.wait(60)
        self.ended.append(name)
        raise OSError(name) if len(self.ended) % 2 else LookupError(PLANTED)


def test_a_round_that_fails_is_not_the_last(doors: Doors, caplog: pytest.LogCaptureFixture) -> None:
    """And after the end there is none. What nobody has thought of is said by its kind alone."""
    with closing(Failing(doors)) as rounds:
        rounds.start()
        wait(lambda: rounds.made > len(rounds.faults), "it stopped")
    assert not rounds._thread.is_alive()
    said = [vars(each)["fields"] for each in caplog.records if "round" in each.message]
    assert [(each["of"], each["why"].split()[0]) for each in said] == [
        ("failing", "KeyError"),
        ("failing", "RuntimeError"),
    ]
    assert PLANTED not in str(said) + caplog.text


def test_a_slow_homeserver_holds_up_no_other(doors: Doors) -> None:
    """Nor is it looked at twice at once; the end waits for the look that is under way."""
    rounds = Looking(doors)
    rounds.start()
    wait(lambda: rounds.ended.count("talk") > 2, "it waits behind the other")
    assert rounds.begun.count("slow") == 1
    assert "slow" not in rounds.ended
    ending = threading.Thread(target=rounds.close)
    ending.start()
    rounds.over.set()
    ending.join()
    assert rounds.ended.count("slow") == rounds.begun.count("slow") >= 1


def test_a_look_is_made_when_it_is_due(doors: Doors) -> None:
    """Once, while the next one is far away."""
    rounds = Looking(doors, pause=3600.0)
    rounds.over.set()
    for _ in range(3):
        rounds.round()
    rounds.close()
    assert sorted(rounds.begun) == ["slow", "talk"]


def test_without_a_token_nobody_is_asked(doors: Doors) -> None:
    """Of one that was never connected; one that was can be asked, until the rounds end."""
    rounds, settings = Looking(doors), doors.engine.settings.matrix["talk"]
    with rounds.asking("elsewhere", settings) as client:
        assert client is None
    with rounds.asking("talk", settings) as client:
        assert client is not None
        rounds._ending.set()
        assert client.ask("GET", "/").trouble  # none is begun any more
