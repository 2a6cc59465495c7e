"""Who asks from their own account is answered there: a few times, whoever they are, and nothing of
it is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from flow.small_community import event, line, prepare, rows, rule
from ombud.app import Engine
from ombud.askings import OF_A_SERVER, OF_ONE, OFTEN, WAITING_MAX, Askings
from ombud.changes import Mark
from ombud.clock import HOUR, SECOND
from ombud.config import MatrixConnector as Settings
from ombud.connectors.http import HttpConnector
from ombud.connectors.matrix import Asked, MatrixConnector
from ombud.connectors.matrix_direct import Asking
from ombud.doors import Doors
from ombud.model import Connector, Outcome

ANA, NOW = "@ana:far.example", 1_800_000_000 * SECOND
SETTINGS = """
name = "Talk"
[matrix.hs]
url = "http://127.0.0.1:1"
server = "hs"
rooms = ["!a:hs"]
"""
WARNS = {"then": "warn author"}
RULES = dict([rule("bags", 'text contains "bags"', 'text "bags"', 'text "a"', **WARNS)])
STATE = "SELECT state FROM outbox WHERE kind = 'notice'"


class Recorded(MatrixConnector):
    """A connector that says what it was asked to answer; what it does is held on homeservers."""

    def __init__(self) -> None:
        told = {"url": "http://127.0.0.1:1", "server": "hs", "rooms": ["!a:hs"]}
        super().__init__(msgspec.convert(told, Settings), bytes(32))
        self.told: list[tuple[Asking, Asked]] = []
        self.theirs: str | None = None  # None: nobody can tell
        self.looked = 0
        self.failure: Exception | None = None
        self.all_told = threading.Event()

    def is_of(self, account: str, room: str) -> bool | None:
        """Everybody's room is the one that the test says."""
        self.looked += 1
        return None if self.theirs is None else account != "" and room == self.theirs

    def answer(self, asking: Asking, told: Asked) -> Outcome:
        """Note it."""
        if self.failure is not None:
            self.all_told.set()
            raise self.failure
        self.told.append((asking, told))
        self.all_told.set()
        return Outcome(state="sent")


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    """A community in which something was held."""
    with Engine(prepare(tmp_path / "data", RULES, SETTINGS)) as engine:
        author = {"id": ANA, "lang": "vi"}
        engine.submit([line(event(1, text="bags", author=author, source="hs/!a:hs"))])
        found = Doors(engine, "https://talk.example")
        yield found
        found.close()


@pytest.fixture
def connector() -> Iterator[Recorded]:
    """What is answered by."""
    made = Recorded()
    yield made
    made.close()


def made(doors: Doors, connector: Connector | None, clock: list[int] | None = None) -> Askings:
    """What answers, by a clock that a test moves."""
    times = clock if clock is not None else [NOW]
    return Askings(doors, lambda _: connector, lambda: times[0])


def test_the_answer_opens_the_list(doors: Doors, connector: Recorded) -> None:
    """In the language somebody was told in last, to the account that asked."""
    connector.theirs = "!room:hs"
    made(doors, connector).answer("hs", Asking(ANA, "!room:hs"))
    ((asking, told),) = connector.told
    assert (asking.account, asking.room) == (ANA, "!room:hs")
    assert (told.account, told.lang) == (ANA, "vi")
    assert told.title.startswith("Talk: ")
    found = doors.statement_list(told.link.rpartition("/")[2])
    assert found is not None
    assert [each.clause for each in found.items] == ["spam.links"]


def test_somebody_who_is_not_known_gets_the_same(doors: Doors, connector: Recorded) -> None:
    """Nothing tells from the answer whether anything was decided; a name that only looks the same
    is somebody else.
    """
    answers = made(doors, connector)
    for account in (ANA, "@bo:far.example", "@\u0430na:far.example"):
        answers.answer("hs", Asking(account))
    known, unknown, alike = (told for _, told in connector.told)
    assert len(known.link) == len(unknown.link) == len(alike.link)
    for each in (unknown, alike):
        found = doors.statement_list(each.link.rpartition("/")[2])
        assert found is not None
        assert found.items == ()


def test_who_asks_often_is_answered_a_few_times(doors: Doors, connector: Recorded) -> None:
    """And later again; others are answered meanwhile."""
    clock = [NOW]
    answers = made(doors, connector, clock)
    for _ in range(OF_ONE + 5):
        answers.answer("hs", Asking(ANA))
    assert len(connector.told) == OF_ONE
    answers.answer("hs", Asking("@bo:far.example"))
    clock[0] += OFTEN
    answers.answer("hs", Asking(ANA))
    assert len(connector.told) == OF_ONE + 2


def test_a_server_that_makes_up_accounts_is_answered_so_often(
    doors: Doors, connector: Recorded
) -> None:
    """Of a thousand accounts of one server so many within an hour; those of another are not kept
    waiting by it.
    """
    clock = [NOW]
    answers = made(doors, connector, clock)
    for number in range(OF_A_SERVER + 50):
        answers.answer("hs", Asking(f"@bot{number}:bad.example"))
    assert len(connector.told) == OF_A_SERVER
    answers.answer("hs", Asking(ANA))
    assert len(connector.told) == OF_A_SERVER + 1
    clock[0] += HOUR
    answers.answer("hs", Asking("@bot0:bad.example"))
    assert len(connector.told) == OF_A_SERVER + 2


def test_who_joins_their_room_has_what_waited_there(doors: Doors, connector: Recorded) -> None:
    """It was sent, and is delivered; by another room, or another account, nothing changes."""
    folder, answers = doors.engine.folder, made(doors, connector)
    connector.theirs = "!theirs:hs"
    (id_,) = rows(folder, "SELECT id FROM outbox WHERE kind = 'notice'")[0]
    for state in ("sending", "sent"):
        assert doors.engine.change(Mark(id_, state))
    for account, room in ((ANA, "!other:hs"), ("@bo:far.example", connector.theirs)):
        answers.answer("hs", Asking(account, room, joined=True))
        assert rows(folder, STATE) == [("sent",)]
    answers.answer("hs", Asking(ANA, connector.theirs, joined=True))
    assert rows(folder, STATE) == [("delivered",)]
    assert connector.told == []


def test_what_is_said_among_many_costs_one_look_and_keeps_nobody_waiting(
    doors: Doors, connector: Recorded
) -> None:
    """A room that is nobody's is known again, whoever writes there; who asks is answered
    meanwhile, however many of their server wrote there. One of which nothing can be told is asked
    about again.
    """
    answers = made(doors, connector)
    answers.answer("hs", Asking(ANA, "!theirs:hs"))
    assert (connector.looked, connector.told) == (1, [])
    connector.theirs = "!theirs:hs"
    answers.put("hs", [Asking(f"@a{each}:far.example", "!hall:hs") for each in range(5)])
    answers.put("hs", [Asking(ANA, "!theirs:hs")])
    answers.start()
    assert connector.all_told.wait(60)
    before = connector.looked
    crowd = [Asking(f"@b{each}:far.example", "!hall:hs") for each in range(OF_A_SERVER)]
    answers.put("hs", crowd)
    connector.all_told.clear()
    answers.put("hs", [Asking("@bo:far.example")])
    assert connector.all_told.wait(60)
    answers.close()
    assert connector.looked == before
    assert [asking.account for asking, _ in connector.told] == [ANA, "@bo:far.example"]


def test_only_a_homeserver_is_answered(doors: Doors) -> None:
    """Where the platform is gone, or is another kind, nothing happens."""
    http = HttpConnector.__new__(HttpConnector)
    for each in (None, http):
        made(doors, each).answer("hs", Asking(ANA))


def test_a_flood_waits_in_bounded_memory(doors: Doors, connector: Recorded) -> None:
    """What is more is let go, at once; one that fails keeps nobody from the next."""
    answers = made(doors, connector)
    answers.put("hs", [Asking(f"@a{each}:s{each}.example") for each in range(WAITING_MAX + 500)])
    assert answers._waiting.qsize() == WAITING_MAX
    connector.failure = RuntimeError(ANA)
    answers.start()
    assert connector.all_told.wait(60)
    connector.failure = None
    connector.all_told.clear()
    answers.put("hs", [Asking(ANA)])
    assert connector.all_told.wait(60)
    answers.close()


def test_who_asks_stands_nowhere(
    doors: Doors, connector: Recorded, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in a file of the community, not in its log: neither who, nor that anybody did."""
    planted = "@planted-zebra:far.example"
    caplog.set_level("DEBUG")
    before = doors.ledger_head()["size"]
    answers = made(doors, connector)
    answers.answer("hs", Asking(planted))
    connector.failure = RuntimeError(planted)
    answers.start()
    answers.put("hs", [Asking(planted)])
    connector.all_told.clear()
    assert connector.all_told.wait(60)
    answers.close()
    assert doors.ledger_head()["size"] == before
    for path in doors.engine.folder.rglob("*"):
        if path.is_file():
            assert b"planted-zebra" not in path.read_bytes(), path
    assert all("zebra" not in f"{each.getMessage()}{each.__dict__}" for each in caplog.records)
