"""Connections that do not behave: slow, endless, broken, many. Real sockets, a real server."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from ombud.web.connections import Connection
from web.asked import wired
from web.served import Served, answer, request, rest, serving

_numbers = iter(range(1, 100_000))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over a small community."""
    with serving(tmp_path_factory.mktemp("connections") / "data") as found:
        yield found


@pytest.fixture(autouse=True)
def still_alive(served: Served) -> Iterator[None]:
    """Whatever was sent, the server takes the next event."""
    yield
    with served.connect() as connection:
        connection.sendall(request("/v1/events", wired(next(_numbers))))
        status, told = answer(connection)
    assert (status, told["status"]) == (200, "accepted")


def last(content: bytes) -> tuple[int, Any]:
    """Status and JSON of what came before the connection was closed."""
    head, _, body = content.partition(b"\r\n\r\n")
    assert b"connection: close" in head.lower()
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /health HT", b"POST /v1/events HTTP/1.1\r\nhost: x\r\nauthoriz", b"\r\n\r\n"],
)
def test_a_head_that_does_not_end(
    served: Served, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who connects and does not ask in time is let go, and told so where they had begun."""
    monkeypatch.setattr(Connection, "head_seconds", 0.05)
    found = served.send(sent)
    if sent.strip():
        status, told = last(found)
        assert (status, told["error"]["code"]) == (408, "U048")
    else:
        assert found == b""


def test_a_second_head_that_does_not_end(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same holds on a connection that has asked before."""
    monkeypatch.setattr(Connection, "head_seconds", 0.05)
    with served.connect() as connection:
        connection.sendall(request("/health", method="GET"))
        assert answer(connection)[0] == 200
        connection.sendall(b"GET /heal")
        assert last(rest(connection))[0] == 408
    with served.connect() as connection:
        connection.sendall(request("/health", method="GET"))
        assert answer(connection)[0] == 200
        connection.sendall(b"\r\n")
        assert rest(connection) == b""


@pytest.mark.parametrize("chunked", [True, False])
def test_content_that_does_not_come(
    served: Served, chunked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content that is sent slowly ends with 408, and nothing of it is taken."""
    monkeypatch.setattr(Connection, "request_seconds", 0.05)
    whole = wired(next(_numbers))
    if chunked:
        sent = (
            request("/v1/events", transfer_encoding="chunked").replace(
                b"content-length: 0\r\n", b""
            )
            + b'5\r\n{"id"\r\n'
        )
    else:
        sent = request("/v1/events", whole, content_length=str(len(whole)))[:-5]
    status, told = last(served.send(sent))
    assert (status, told["error"]["code"]) == (408, "U048")


def test_who_leaves_in_the_middle(served: Served) -> None:
    """A connection that ends in the middle of its content leaves nothing behind."""
    for _ in range(20):
        with served.connect() as connection:
            connection.sendall(request("/v1/events", wired(next(_numbers)))[:-10])


def test_a_hundred_thousand_headers(served: Served) -> None:
    """A head without end is refused long before it is read, whatever it is made of."""
    many = b"".join(b"x-%d: y\r\n" % number for number in range(100_000))
    status, told = last(served.send(b"GET /health HTTP/1.1\r\nhost: x\r\n" + many))
    assert (status, told["error"]["code"]) == (431, "U049")
    for one in (b"x: " + b"y" * 1_000_000, b"y" * 1_000_000):
        found = served.send(b"GET /health HTTP/1.1\r\nhost: x\r\n" + one)
        assert found.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 "))
    found = served.send(b"GET /" + b"y" * 1_000_000)
    assert found.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 "))


def test_many_headers_that_end(served: Served) -> None:
    """A head within the limit is taken."""
    many = b"".join(b"x-%d: y\r\n" % number for number in range(2000))
    with served.connect() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nhost: x\r\n" + many + b"\r\n")
        assert answer(connection)[0] == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",  # TLS
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
        b"GET /health HTTP/1.1\r\nx\x00y: 1\r\n\r\n",
    ],
)
def test_what_is_no_http(served: Served, sent: bytes) -> None:
    """It is answered in the usual shape and let go."""
    status, told = last(served.send(sent))
    assert (status, told["error"]["code"]) == (400, "U050")


@pytest.mark.parametrize(
    "chunks", [b"zz\r\n{}\r\n", b"5\r\n{}\r\n0\r\n\r\n", b"ffffffffffffffffff\r\n"]
)
def test_broken_chunks(served: Served, chunks: bytes) -> None:
    """Content in chunks that are none is 400, after a good head too."""
    head = request("/v1/events", transfer_encoding="chunked").replace(b"content-length: 0\r\n", b"")
    found = served.send(head + chunks)
    assert found.startswith(b"HTTP/1.1 400 ")


def test_content_in_chunks_is_taken(served: Served) -> None:
    """And content in chunks that are good is taken, in as many pieces as it likes."""
    head = request("/v1/events", transfer_encoding="chunked").replace(b"content-length: 0\r\n", b"")
    with served.connect() as connection:
        connection.sendall(head)
        for byte in wired(next(_numbers)):
            connection.sendall(b"1\r\n%c\r\n" % byte)
        connection.sendall(b"0\r\n\r\n")
        assert answer(connection)[1]["status"] == "accepted"


def test_too_much_content_is_answered(served: Served) -> None:
    """Who sends more than is taken can read why, though nobody reads what they sent."""
    piece = b"x" * (1 << 20)
    long = str(1 << 40)
    with served.connect() as connection:
        connection.sendall(request("/v1/events", content_length=long) + piece[: 1 << 19])
        status, told = answer(connection)
        assert (status, told["error"]["code"]) == (413, "U046")
    chunked = request("/v1/events", transfer_encoding="chunked").replace(
        b"content-length: 0\r\n", b""
    )
    with served.connect() as connection:
        connection.sendall(chunked + b"180000\r\n" + piece + piece[: 1 << 19] + b"\r\n")
        status, told = answer(connection)
        assert (status, told["error"]["code"]) == (413, "U046")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "CONNECT", "PURGE"])
def test_other_methods(served: Served, method: str) -> None:
    """HEAD is GET without content; everything else is refused, and told what is taken."""
    target = "/ready" if method != "CONNECT" else "localhost:1"
    with served.connect() as connection:
        connection.sendall(request(target, method=method, connection="close"))
        found = rest(connection)
    head, _, body = found.partition(b"\r\n\r\n")
    if method == "HEAD":
        assert (head[:12], body) == (b"HTTP/1.1 200", b"")
    else:
        assert head[:10] == b"HTTP/1.1 4"


def test_an_upgrade_is_not_taken(served: Served) -> None:
    """Nobody is talked into another protocol."""
    sent = request("/health", method="GET", connection="upgrade, close", upgrade="websocket")
    assert b" 101 " not in served.send(sent).partition(b"\r\n")[0]
    said = [record.getMessage() for record in served.log]
    assert not [each for each in said if "upgrade" in each or "install" in each]


def test_requests_one_behind_the_other(served: Served) -> None:
    """Requests that are sent without waiting are answered in their order."""
    numbers = [next(_numbers) for _ in range(20)]
    with served.connect() as connection:
        connection.sendall(b"".join(request("/v1/events", wired(each)) for each in numbers))
        connection.shutdown(socket.SHUT_WR)
        found = rest(connection)
    seqs = [
        json.loads(part.partition(b"\r\n\r\n")[2].partition(b"HTTP/")[0])["seq"]
        for part in found.split(b"HTTP/1.1 200 OK")[1:]
    ]
    assert len(seqs) == 20
    assert seqs == sorted(seqs)


def test_a_thousand_connections(served: Served) -> None:
    """A thousand connections are open at once, idle, and each of them can still ask."""
    open_ones = [served.connect() for _ in range(1000)]
    try:
        for connection in open_ones[::100]:
            connection.sendall(request("/v1/events", wired(next(_numbers))))
        for connection in open_ones[::100]:
            assert answer(connection)[1]["status"] == "accepted"
        for connection in open_ones:
            connection.sendall(request("/health", method="GET"))
        for connection in open_ones:
            assert answer(connection) == (200, {"status": "up"})
    finally:
        for connection in open_ones:
            connection.close()


def test_nothing_of_this_was_a_fault(served: Served) -> None:
    """After all of it the log holds no error, and nothing that was sent."""
    assert [record.getMessage() for record in served.log if record.levelname == "ERROR"] == []
