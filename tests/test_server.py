"""The server: opened in order, stopped without losing anything, and frank about its address."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw
import pytest

from flow.small_community import prepare, rows
from ombud import local_socket, server, session
from ombud.config import STORE_FILE
from ombud.doors import Doors
from ombud.errors import BadData, BadUse
from ombud.server import Server, address_of, bind, raise_file_limit
from ombud.web.api import Api
from ombud.web.exchange import App, Receive, Scope, Send
from web.asked import EVERYTHING, KEY, wired
from web.served import PATIENCE_SECONDS, Served, answer, request, rest, serving, with_keys

PROCESS = """
import pathlib, sys
from ombud.server import Server
Server(pathlib.Path(sys.argv[1]), port=0).run(lambda address: print(address, flush=True))
print("closed", flush=True)
"""


@contextmanager
def process(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], Served]]:
    """A server in another process, killed at the end if it is still there."""
    prepare(folder)
    with_keys(folder, {KEY: EVERYTHING})
    running = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert running.stdout is not None
        address = running.stdout.readline().decode().strip()
        assert address, running.communicate()[1].decode()
        yield running, Served(folder, Server(folder), address)
    finally:
        running.kill()
        running.communicate()


def test_the_address_can_be_reached(tmp_path: Path) -> None:
    """Port 0 is a free one; the address that is told is the one that answers."""
    with serving(tmp_path / "data") as served, served.connect() as connection:
        connection.sendall(request("/ready", method="GET"))
        assert answer(connection) == (200, {"status": "ready"})
        assert served.address.startswith("http://127.0.0.1:")
        assert served.place[1] > 0


def test_parts_and_pages_are_made_over_the_doors(tmp_path: Path) -> None:
    """Pages and parts get the doors; parts start before anything is taken and end after it."""
    seen: list[str] = []

    class Part:
        """Something beside the doors."""

        def __init__(self, name: str, doors: Doors) -> None:
            self.name = f"{name} of {doors.name()}"

        def start(self) -> None:
            """Say so."""
            seen.append(f"start {self.name}")

        def close(self) -> None:
            """Say so."""
            seen.append(f"close {self.name}")

    def pages(doors: Doors) -> App:
        async def page(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                for event in ("startup", "shutdown"):
                    await receive()
                    seen.append(event)
                    await send({"type": f"lifespan.{event}.complete"})
                return
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": doors.name().encode()})

        return page

    parts = [lambda doors: Part("one", doors), lambda doors: Part("two", doors)]
    with serving(tmp_path / "data", pages=pages, parts=parts, settings='name = "us"\n') as served:
        assert served.send(request("/", method="GET", connection="close")).endswith(
            b"us\r\n0\r\n\r\n"
        )
    assert seen == [
        *("start one of us", "start two of us", "startup"),
        *("shutdown", "close two of us", "close one of us"),
    ]


def test_what_fails_at_the_start_is_closed(tmp_path: Path) -> None:
    """Where a part cannot start, the lock and the port are given back."""

    def fail(doors: Doors) -> Any:
        raise BadUse("U004", "part", do=doors.name())

    folder = prepare(tmp_path / "data")
    for _ in range(2):
        with pytest.raises(BadUse, match="U004"):
            Server(folder, port=0, parts=[fail]).run()
    with session.engine(folder):
        assert not (folder / "nothing").exists()


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """It is said in three parts, before a data folder is made."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadUse, match="U056") as caught:
            Server(tmp_path / "data", port=port).run()
    assert caught.value.where == f"127.0.0.1:{port}"
    assert "something else listens there" in caught.value.message
    assert "--port" in caught.value.hint
    assert not (tmp_path / "data").exists()


def test_addresses_that_cannot_be_had() -> None:
    """A host that is not this machine's, or none at all, is told as such."""
    for host in ("192.0.2.1", "a..b", "x" * 300):
        with pytest.raises(BadUse, match="U056"):
            bind(host, 0)


def test_addresses_as_they_are_printed() -> None:
    """IPv6 stands in brackets."""
    with bind("127.0.0.1", 0) as four:
        assert address_of(four) == f"http://127.0.0.1:{four.getsockname()[1]}"
    try:
        six = bind("::1", 0)
    except BadUse:
        pytest.skip("this machine has no IPv6")
    with six:
        assert address_of(six) == f"http://[::1]:{six.getsockname()[1]}"


def test_a_folder_that_another_process_has(tmp_path: Path) -> None:
    """Who holds the lock is left in peace, and the port is given back."""
    folder = prepare(tmp_path / "data")
    with session.engine(folder), pytest.raises(BadData, match="D010"):
        Server(folder, port=0).run()
    with serving(folder) as served:
        assert served.address


def test_commands_reach_a_server_that_runs(tmp_path: Path) -> None:
    """The socket is answered beside HTTP."""
    with serving(tmp_path / "data") as served:
        assert local_socket.ask(served.folder, "reload") is False


def test_stopped_before_it_ran(tmp_path: Path) -> None:
    """A server that is told to stop first starts and stops; signals mean what they meant before."""
    watched = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(each) for each in watched]
    told = Server(prepare(tmp_path / "data"), port=0)
    told.stop()
    told.run()
    assert [signal.getsignal(each) for each in watched] == before


def test_a_late_answer_is_journalled_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that was answered by its hook, and judged while the server stops, is on record."""
    close = Api.close

    async def let_go_and_close(api: Api) -> None:
        other.execute("ROLLBACK")
        await close(api)

    monkeypatch.setattr(Api, "close", let_go_and_close)
    with serving(tmp_path / "data", settings="[hooks.quick]\ndeadline_ms = 10\n") as served:
        other = apsw.Connection(str(served.folder / STORE_FILE))
        other.execute("BEGIN IMMEDIATE")  # the writer has to wait
        with served.connect() as connection:
            connection.sendall(request("/v1/check?hook=quick", wired(1)))
            assert answer(connection)[1]["degraded"] is True
    other.close()
    ((payload,),) = rows(served.folder, "SELECT payload FROM journal WHERE type = '!deadline'")
    (told,) = json.loads(payload)["answers"]
    assert told["answer"] == "allow"
    assert told["record"]


def test_interpreter_settings_are_given_back(tmp_path: Path) -> None:
    """The threads' switching is as it was once the server has stopped."""
    before = sys.getswitchinterval()
    with serving(tmp_path / "data"):
        assert sys.getswitchinterval() == pytest.approx(server.SWITCH_SECONDS)
    assert sys.getswitchinterval() == before


def test_open_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """The soft limit is raised to what is wanted, as far as the hard one goes."""
    limits: list[tuple[int, int]] = [(1024, 4096)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: limits.append(limit))
    assert raise_file_limit() == 4096 - server.FILES_KEPT
    assert limits[-1] == (4096, 4096)
    limits.append((1024, resource.RLIM_INFINITY))
    assert raise_file_limit() == server.CONNECTIONS_MAX
    assert limits[-1] == (server.FILES_WANTED, resource.RLIM_INFINITY)
    limits.append((64, 64))
    assert raise_file_limit() == 16
    assert limits[-1] == (64, 64)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes(tmp_path: Path, how: signal.Signals) -> None:
    """Requests in flight are answered, what is acknowledged is kept, the head is published, 0."""
    with process(tmp_path / "data") as (running, served):
        acknowledged: list[int] = []
        began = threading.Event()

        def send(first: int) -> None:
            for number in range(first, first + 5000):
                try:
                    with served.connect() as connection:
                        connection.sendall(request("/v1/events", wired(number)))
                        found = rest_of_one(connection)
                except OSError:
                    return
                if found is None:
                    return
                acknowledged.append(found)
                if len(acknowledged) > 20:
                    began.set()

        slow = served.connect()  # has sent half of its request when the server is told to stop
        whole = request("/v1/events", wired(99_999))
        slow.sendall(whole[:-10])
        threads = [threading.Thread(target=send, args=(start,)) for start in (0, 10_000, 20_000)]
        for thread in threads:
            thread.start()
        assert began.wait(PATIENCE_SECONDS)
        running.send_signal(how)
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
        slow.sendall(whole[-10:])
        assert json.loads(rest(slow).partition(b"\r\n\r\n")[2])["status"] == "accepted"
        slow.close()
        out, _ = running.communicate(timeout=PATIENCE_SECONDS)
        assert (running.returncode, out) == (0, b"closed\n")
    kept = {
        seq for (seq,) in rows(served.folder, "SELECT seq FROM journal WHERE type = 'post.created'")
    }
    assert set(acknowledged) <= kept
    assert rows(served.folder, "SELECT published = leaves FROM head") == [(1,)]


def rest_of_one(connection: socket.socket) -> int | None:
    """The seq of the next answer; None where there was none."""
    try:
        status, told = answer(connection)
    except (AssertionError, OSError):
        return None
    assert status == 200
    seq: int = told["seq"]
    return seq


def test_a_second_interrupt_ends_it_at_once(tmp_path: Path) -> None:
    """Who asks twice does not wait for requests that are still under way."""
    with process(tmp_path / "data") as (running, served):
        slow = served.connect()
        slow.sendall(request("/v1/events", wired(1))[:-10])
        with served.connect() as other:  # the slow one is known to the server by now
            other.sendall(request("/health", method="GET"))
            assert answer(other)[0] == 200
        running.send_signal(signal.SIGINT)
        while _listens(served):
            pass
        assert running.poll() is None
        running.send_signal(signal.SIGINT)
        _, talk = running.communicate(timeout=PATIENCE_SECONDS)
        assert (running.returncode, talk) == (-signal.SIGINT, b"")
        slow.close()


def _listens(served: Served) -> bool:
    try:
        socket.create_connection(served.place, timeout=PATIENCE_SECONDS).close()
    except OSError:
        return False
    return True


def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """After SIGKILL under load every acknowledged event is in the journal, once."""
    with process(tmp_path / "data") as (running, served):
        acknowledged: list[int] = []
        began = threading.Event()

        def send(first: int) -> None:
            with served.connect() as connection:
                for number in range(first, first + 5000):
                    try:
                        connection.sendall(request("/v1/events", wired(number)))
                    except OSError:
                        return
                    found = rest_of_one(connection)
                    if found is None:
                        return
                    acknowledged.append(found)
                    if len(acknowledged) > 50:
                        began.set()

        threads = [threading.Thread(target=send, args=(start,)) for start in (0, 10_000, 20_000)]
        for thread in threads:
            thread.start()
        assert began.wait(PATIENCE_SECONDS)
        os.kill(running.pid, signal.SIGKILL)
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
    with session.engine(served.folder):
        kept = rows(served.folder, "SELECT seq FROM journal WHERE type = 'post.created'")
    assert len(acknowledged) == len(set(acknowledged))
    assert set(acknowledged) <= {seq for (seq,) in kept}
