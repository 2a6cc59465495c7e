"""The sender of a running server: signed calls to a real platform, under the settings as they are
now.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from connectors.receiver import Receiver
from flow.served_platform import RULES, SECRET, spam, wait
from flow.small_community import line, prepare, rows
from ombud import deliveries, sender
from ombud.app import Engine
from ombud.connectors.http import HttpConnector
from ombud.controls import programs
from ombud.deliveries import Deliveries
from ombud.doors import Doors
from ombud.errors import BadUse

ADDRESS = "https://talk.example"
SETTINGS = 'procedural_holds = true\nname = "Talk"\n'
NAMED = ("id", "decision")
LISTED = "SELECT kind, state, attempts, detail FROM outbox ORDER BY rowid"
PATIENCE_SECONDS = 60


@dataclass
class Running:
    """An engine with its doors and its platform, and what is sent there."""

    folder: Path
    engine: Engine
    doors: Doors
    chat: Receiver

    def connect(self, url: str | None, more: str = "") -> bool:
        """Write the platform's section as the operator would, and have it take effect."""
        section = f'\n[connectors.chat]\nurl = "{url}"\nallow = ["127.0.0.1"]\n{more}'
        (self.folder / "ombud.toml").write_text(SETTINGS + (section if url else ""))
        return self.engine.reload()

    def post(self, *numbers: int) -> None:
        """Posts that are held, each of another account."""
        told = [spam(number, number, author={"id": f"a{number}"}) for number in numbers]
        self.engine.submit([line(each) for each in told])

    def outbox(self) -> list[tuple[str, str, int, str]]:
        """Kind, state, attempts and detail of every row."""
        return rows(self.folder, LISTED)

    def states(self) -> set[str]:
        """Where the rows stand."""
        return {state for _, state, _, _ in self.outbox()}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A community whose platform is connected; nothing is sent yet."""
    chat = Receiver(tmp_path / "chat", SECRET)
    folder = prepare(tmp_path / "data", RULES, SETTINGS)
    with ExitStack() as opened:
        opened.callback(chat.kill)
        engine = opened.enter_context(Engine(folder))
        doors = Doors(engine, ADDRESS)
        opened.callback(doors.close)
        engine.control(programs.signed("chat", SECRET))
        made = Running(folder, engine, doors, chat)
        made.connect(chat.url)
        yield made


@contextmanager
def sending(running: Running) -> Iterator[Deliveries]:
    """What waits is sent, until the end."""
    made = Deliveries(running.doors)
    made.start()
    try:
        yield made
    finally:
        made.close()


# --- what arrives ---------------------------------------------------------------------------------


def test_an_action_and_its_notice_arrive_signed(running: Running) -> None:
    """The platform can verify both, knows each by its key, and the link in them is a page."""
    with sending(running):
        running.post(1)
        wait(lambda: running.states() == {"delivered"}, "nothing is delivered")
    came = {entry["type"]: entry for entry in running.chat.entries()}
    assert set(came) == {"action", "notice"}
    assert all(entry["verified"] and entry["did"] for entry in came.values())
    action, notice = came["action"]["body"], came["notice"]["body"]
    listed = rows(running.folder, "SELECT kind, id, decision FROM outbox")
    assert {("action", action["id"], action["decision"]), ("notice", *map(notice.get, NAMED))} == {
        *listed
    }
    assert [entry["key"] for entry in came.values()] == [action["id"], notice["id"]]
    assert (action["action"], action["subject"], action["account"]) == ("hold", "post/e1", "a1")
    assert (notice["account"], notice["decision"]) == ("a1", action["decision"])
    assert notice["link"] == action["statement"]
    page = running.doors.statement_page(notice["link"].removeprefix(f"{ADDRESS}/notice/"))
    assert page is not None
    assert page.items[0].decision == action["decision"]


def test_what_an_earlier_process_left_behind_is_sent(running: Running) -> None:
    """What was asked for while nobody sent goes out first of all."""
    running.post(1)
    assert running.states() == {"asked"}
    with sending(running):
        wait(lambda: running.states() == {"delivered"}, "nothing is delivered")
    assert len(running.chat.did()) == 2


def test_changed_settings_count_from_the_next_call_on(running: Running, tmp_path: Path) -> None:
    """After a reload webhooks go to the new address, and nothing more to the old one."""
    other = Receiver(tmp_path / "other", SECRET)
    try:
        with sending(running):
            running.post(1)
            wait(lambda: running.states() == {"delivered"}, "nothing is delivered")
            running.connect(other.url)
            running.post(2)
            wait(lambda: len(other.did()) == 2, "nothing goes to the new address")
        assert {entry["body"]["account"] for entry in other.entries()} == {"a2"}
        assert {entry["body"]["account"] for entry in running.chat.entries()} == {"a1"}
    finally:
        other.kill()


def test_a_new_secret_signs_the_next_call(running: Running) -> None:
    """An earlier secret signs nothing any more, without a reload or a restart."""
    with sending(running):
        running.post(1)
        wait(lambda: running.states() == {"delivered"}, "nothing is delivered")
        new = bytes(reversed(SECRET))
        running.engine.control(programs.signed("chat", new))
        running.chat.kill()
        running.chat._secret = new
        running.chat.start()
        running.post(2)
        wait(lambda: len(running.chat.did()) == 4, "the new secret signs nothing")
    assert all(entry["verified"] for entry in running.chat.entries())


# --- what cannot be sent --------------------------------------------------------------------------


def said(running: Running) -> str:
    """Why the action waits; its message waits for it."""
    return next(detail for kind, _, _, detail in running.outbox() if kind == "action")


def test_a_missing_secret_refuses_the_start(tmp_path: Path) -> None:
    """U017 names the platform and the command that makes one; then it starts."""
    section = '[connectors.forum]\nurl = "http://127.0.0.1:9/hook"\n'
    folder = prepare(tmp_path / "data", RULES, SETTINGS + section)
    with Engine(folder) as engine:
        doors = Doors(engine, ADDRESS)
        for _ in range(2):
            with pytest.raises(BadUse, match="U017") as caught:
                Deliveries(doors)
        assert (caught.value.where, doors.sending) == ("connectors.forum", None)
        assert "forum" in caught.value.message
        assert "ombud connect secret forum" in caught.value.hint
        engine.control(programs.signed("forum", SECRET))
        Deliveries(doors).close()
        doors.close()


def test_settings_that_cannot_be_used_refuse_the_start(running: Running) -> None:
    """Also where no reading of the files refused them: told with the place, nothing stays open."""
    made = running.engine.settings
    chat = replace(made.connectors["chat"], actions={"fly": "exact"})
    running.engine.settings = replace(made, connectors={"chat": chat})
    with pytest.raises(BadUse, match="U032") as caught:
        Deliveries(running.doors)
    assert caught.value.where == "connectors.chat.actions"
    assert running.doors.gauges()["sender_running"] == 0


def test_without_its_section_rows_wait_and_say_so(running: Running) -> None:
    """Nothing is lost while a platform is disconnected: each row says why it waits, and goes out
    once the section is back.
    """
    running.post(1)
    running.connect(None)
    with sending(running):
        wait(lambda: said(running) == "no connector is called chat", "nobody says why it waits")
        assert running.states() == {"asked"}
        assert running.chat.entries() == []
        running.connect(running.chat.url)
        wait(lambda: running.states() == {"delivered"}, "what waited is never sent")
    assert len(running.chat.did()) == 2


def test_a_section_that_cannot_be_used_is_not_taken(running: Running) -> None:
    """It is refused when it is read, and what is in force goes on to send."""
    with sending(running):
        with pytest.raises(BadUse, match="U032"):
            running.connect(running.chat.url, 'actions = { hold = "exact", fly = "exact" }\n')
        running.post(1)
        wait(lambda: running.states() == {"delivered"}, "what was in force sends nothing")


def test_a_section_without_a_secret_says_so(running: Running) -> None:
    """A platform that was written into the settings by hand waits until its secret is made."""
    with sending(running):
        section = '\n[connectors.forum]\nurl = "{}"\nallow = ["127.0.0.1"]\n'
        with (running.folder / "ombud.toml").open("a") as settings:
            settings.write(section.format(running.chat.url))
        running.engine.reload()
        told = spam(1, source="forum/hall")
        running.engine.submit([line(told)])
        why = "the call could not be made: There is nothing to sign the webhooks to forum with."
        wait(lambda: said(running) == why, "nobody says what is missing")
        running.engine.control(programs.signed("forum", SECRET))
        wait(lambda: running.states() == {"delivered"}, "what waited is never sent")


# --- the end --------------------------------------------------------------------------------------


def test_a_receiver_that_hangs_does_not_hold_up_the_end(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`close` comes back while calls are still under way; they are sent again at the next start."""
    monkeypatch.setattr(sender.Sender, "close", partialmethod(sender.Sender.close, timeout=0.1))
    running.connect(running.chat.url, "timeout_seconds = 60\n")
    running.chat.mode("hang")
    made = Deliveries(running.doors)
    made.start()
    running.post(1)
    wait(running.chat.entries, "nothing is tried")
    ending = threading.Thread(target=made.close, daemon=True)
    ending.start()
    ending.join(PATIENCE_SECONDS / 2)  # half of what the calls may take
    assert not ending.is_alive()
    assert not made.running
    assert {state for kind, state, _, _ in running.outbox() if kind == "action"} == {"sending"}
    running.chat.mode("ok")
    with sending(running):
        wait(lambda: running.states() == {"delivered"}, "what hung is never sent")
    keys = [entry["key"] for entry in running.chat.entries()]
    assert (len(keys), len(set(keys))) == (3, 2)  # the action twice, under one key
    assert keys[0] == keys[1]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_whether_anything_is_sent_can_be_seen(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gauge says 1 from start to close, and 0 where the sender has died of a fault."""

    def gauge() -> float:
        return running.doors.gauges()["sender_running"]

    made = Deliveries(running.doors)
    assert (made.running, running.doors.sending, gauge()) == (False, None, 0)
    made.start()
    assert (made.running, running.doors.sending, gauge()) == (True, made, 1)
    made.close()
    assert (made.running, gauge()) == (False, 0)
    with sending(running) as again:
        assert gauge() == 1

        def fault(*_: Any) -> None:
            raise LookupError("a fault of the program")

        monkeypatch.setattr(again._sender._schedule, "take", fault)
        running.post(1)
        again._sender._thread.join(PATIENCE_SECONDS)
        assert gauge() == 0


def test_connectors_that_were_replaced_are_few_and_are_closed(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the settings change, and at a start that is refused, none stays open."""
    made: list[HttpConnector] = []
    closed: list[HttpConnector] = []
    init, close = HttpConnector.__init__, HttpConnector.close

    def noted(connector: HttpConnector, *given: Any, **named: Any) -> None:
        init(connector, *given, **named)
        made.append(connector)

    def ended(connector: HttpConnector) -> None:
        closed.append(connector)
        close(connector)

    monkeypatch.setattr(HttpConnector, "__init__", noted)
    monkeypatch.setattr(HttpConnector, "close", ended)
    found = Deliveries(running.doors)
    for seconds in range(1, 9):
        running.connect(running.chat.url, f"timeout_seconds = {seconds}\n")
        assert found.connector("chat") is found.connector("chat") is made[-1]
    assert len(made) == 9
    assert closed == made[: 8 - deliveries.REPLACED_MAX]
    assert found.connector("nobody") is None
    found.close()
    assert {*map(id, closed)} == {*map(id, made)}
    with (running.folder / "ombud.toml").open("a") as settings:
        settings.write('[connectors.zoo]\nurl = "https://zoo.example/"\n')
    running.engine.reload()
    with pytest.raises(BadUse, match="U017"):
        Deliveries(running.doors)
    assert len(closed) == len(made) == 10
