"""Connections: only to a checked address, looked up once, and no step past the deadline."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

import httpcore2
import pytest

from egress.listeners import trap
from ombud.egress import sockets
from ombud.egress.addresses import networks
from ombud.egress.sockets import RefusedAddress, Sockets, system_resolver

LOOPBACK = networks(["127.0.0.1", "::1"])


def soon() -> float:
    """A deadline that a test can wait for."""
    return time.monotonic() + 0.3


def later() -> float:
    """A deadline that no working code reaches."""
    return time.monotonic() + 30


def test_a_rebinding_name_gets_no_second_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is checked and inner a moment later leads to the public one."""
    asked = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    gone_to = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        gone_to.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "create_connection", connect)
    network = Sockets((), resolve)
    with pytest.raises(httpcore2.ConnectError):
        network.connect_tcp("rebinds.example", 443, later())
    assert asked == [("rebinds.example", 443)]
    assert gone_to == [("93.184.216.34", 443)]
    with pytest.raises(RefusedAddress):
        network.connect_tcp("rebinds.example", 443, later())
    assert len(gone_to) == 1


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:7f00:1"], ["0.0.0.1"]]
)
def test_one_inner_address_among_a_names_spoils_it(addresses: list[str]) -> None:
    """A name with an address that may not be reached leads nowhere, whatever else it has."""
    with trap() as inner:
        network = Sockets((), lambda *_: addresses)
        with pytest.raises(RefusedAddress, match="not a public address"):
            network.connect_tcp("two.example", inner.port, later())
        assert inner.untouched()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "2130706433", "0177.1", "0"])
def test_the_systems_own_names_lead_nowhere(host: str) -> None:
    """What the system itself would take to loopback is refused without a permission."""
    with trap() as inner:
        with pytest.raises((RefusedAddress, httpcore2.ConnectError)):
            Sockets((), system_resolver).connect_tcp(host, inner.port, later())
        assert inner.untouched()


def test_a_named_address_is_reached_and_the_next_one_tried() -> None:
    """Where the first of a name's addresses takes no connection, the next one is gone to."""
    with trap() as there:
        network = Sockets(LOOPBACK, lambda *_: ["::1", "127.0.0.1"])
        connection = network.connect_tcp("both.example", there.port, later())
        assert connection.get_extra_info("server_addr") == ("127.0.0.1", there.port)
        connection.close()
        assert not there.untouched()


def test_a_silent_address_leaves_time_for_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each address gets its share of what is left until the deadline, the last one all of it; no
    more than eight are tried.
    """
    shares = []

    def connect(_: object, seconds: float, **__: Any) -> socket.socket:
        shares.append(seconds)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", connect)
    addresses = [f"93.184.216.{number}" for number in range(20)]
    for count, expected in (
        (1, [30]),
        (2, [15, 30]),
        (20, [30 / left for left in range(8, 0, -1)]),
    ):
        shares.clear()
        with pytest.raises(httpcore2.ConnectTimeout):
            Sockets((), lambda *_, count=count: addresses[:count]).connect_tcp(
                "silent.example", 443, later()
            )
        assert shares == pytest.approx(expected, rel=0.2)


@pytest.mark.parametrize(
    "problem", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")]
)
def test_a_name_that_is_not_found_is_told(problem: Exception) -> None:
    """What a resolver raises becomes an error of the connection; so does a name without address."""

    def resolve(*_: object) -> Sequence[str]:
        raise problem

    with pytest.raises(httpcore2.ConnectError):
        Sockets((), resolve).connect_tcp("nowhere.example", 80, later())
    with pytest.raises(httpcore2.ConnectError):
        Sockets((), lambda *_: []).connect_tcp("nowhere.example", 80, later())
    with pytest.raises(httpcore2.ConnectError):
        Sockets((), lambda *_: ["no address"]).connect_tcp("nowhere.example", 80, later())


def test_a_slow_resolver_is_left_at_the_deadline_and_asked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody waits for a resolver past the deadline, and one name is never looked up twice at once;
    the number of look-ups that hang is bounded.
    """
    release = threading.Event()
    asked = []

    def resolve(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        release.wait()
        return ["10.0.0.1"]

    monkeypatch.setattr(sockets, "LOOKUPS_MAX", 2)
    network = Sockets((), resolve)
    try:
        for host in ("slow.example", "slow.example", "other.example", "third.example"):
            with pytest.raises(httpcore2.ConnectTimeout):
                network.connect_tcp(host, 80, soon())
        assert asked == ["slow.example", "other.example"]
    finally:
        release.set()
    for thread in threading.enumerate():
        if thread.name == "look-up":
            thread.join()
    with pytest.raises(RefusedAddress):
        network.connect_tcp("other.example", 80, later())


class Plain(httpcore2.NetworkStream):
    """A stream over one end of a pair of sockets, as httpcore's own is."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What came."""
        self.end.settimeout(timeout)
        return self.end.recv(max_bytes)

    def get_extra_info(self, info: str) -> Any:
        """The socket itself."""
        assert info == "socket"
        return self.end


def test_a_slow_reader_does_not_hold_a_writer_past_the_deadline() -> None:
    """A peer that takes a little at a time, always in time, does not stretch the deadline."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    ended = threading.Event()

    def sip() -> None:
        while not ended.wait(0.05):
            theirs.recv(4096)

    thread = threading.Thread(target=sip)
    with ours, theirs:
        thread.start()
        try:
            with pytest.raises(httpcore2.WriteTimeout):
                sockets._Stream(Plain(ours)).write(b"x" * 20_000_000, soon())
        finally:
            ended.set()
            thread.join()


def test_a_deadline_that_has_passed_ends_every_step() -> None:
    """Past the deadline nothing is looked up, connected, read, written or negotiated."""
    ours, theirs = socket.socketpair()
    past = time.monotonic() - 1
    with ours, theirs:
        theirs.sendall(b"x")
        stream = sockets._Stream(Plain(ours))
        with pytest.raises(httpcore2.ReadTimeout):
            stream.read(1, past)
        with pytest.raises(httpcore2.WriteTimeout):
            stream.write(b"x", past)
        with pytest.raises(httpcore2.ConnectTimeout):
            stream.start_tls(httpcore2.default_ssl_context(), "a.example", past)
    with trap() as there:
        network = Sockets(LOOPBACK, system_resolver)
        for until in (past, None):
            with pytest.raises(httpcore2.ConnectTimeout):
                network.connect_tcp("127.0.0.1", there.port, until)
        assert there.untouched()


def test_a_lost_connection_is_told_as_such() -> None:
    """Writing to a peer that is gone is an error of the connection."""
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()
        with pytest.raises(httpcore2.WriteError):
            sockets._Stream(Plain(ours)).write(b"x" * 100_000, later())
