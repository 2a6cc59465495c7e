"""Asking a homeserver: what is put into an address stays in its place, and what an answer means."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import msgspec
import pytest

from ombud.config import MatrixConnector
from ombud.connectors.matrix_client import ADMIN, CLIENT, Client, Said


@contextmanager
def answering(*answers: tuple[int, Any]) -> Iterator[tuple[Client, list[str]]]:
    """A client of a server that gives these answers, and what was asked for."""
    asked: list[str] = []
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers['authorization']}")
            status, body = left.pop(0)
            content = body if isinstance(body, bytes) else msgspec.json.encode(body)
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing of it."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    running.start()
    told = {
        "url": f"http://127.0.0.1:{server.server_port}/hs/",
        "server": "hs",
        "rooms": ["!a"],
        "allow": ["127.0.0.1"],
    }
    client = Client(msgspec.convert(told, MatrixConnector), "sesame")
    try:
        yield client, asked
    finally:
        client.close()
        server.shutdown()
        running.join()
        server.server_close()


def test_an_id_is_one_segment() -> None:
    """Slashes, dots, question marks and percent signs of an id lead nowhere else."""
    with answering((200, {})) as (client, asked):
        said = client.ask("GET", "/rooms/{}/state/{}", "!a/../b?c%2f", "\u0111", query={"x": "&"})
    assert said.good
    assert asked == ["/hs/rooms/%21a%2F..%2Fb%3Fc%252f/state/%C4%91?x=%26 Bearer sesame"]


@pytest.mark.parametrize(
    ("status", "body", "state", "wait"),
    [
        (200, {}, "confirmed", None),
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}, "retry", 2),
        (429, {"retry_after_ms": 10**12}, "retry", 3600),
        (502, b"<html>", "retry", None),
        (401, {"errcode": "M_UNKNOWN_TOKEN"}, "retry", None),
        (403, {"errcode": "M_FORBIDDEN"}, "refused", None),
        (404, {"errcode": "M_NOT_FOUND\u202e"}, "refused", None),
        (404, [1, 2], "refused", None),
        (400, b"{" * 5000, "refused", None),
    ],
)
def test_what_an_answer_means(status: int, body: Any, state: str, wait: int | None) -> None:
    """Done, later, or never; and nothing of a stranger's in the detail but its code."""
    with answering((status, body)) as (client, _):
        outcome = client.ask("GET", "/x").outcome()
    assert (outcome.state, outcome.wait) == (state, wait)
    assert outcome.detail.isprintable()
    assert "sesame" not in outcome.detail


def test_pages_follow_one_another_and_end() -> None:
    """Until a page says nothing of a next one; what goes wrong on the way is told."""
    pages = [{"chunk": [{"n": 1}, "odd"], "next": "b"}, {"chunk": [{"n": 2}]}]
    with answering(*((200, page) for page in pages)) as (client, asked):
        found = list(client.pages("/x", query={"limit": 2}, key="chunk", following="next"))
    assert found == [{"n": 1}, {"n": 2}]
    assert [each.split()[0] for each in asked] == ["/hs/x?limit=2", "/hs/x?limit=2&from=b"]
    with answering((200, pages[0]), (500, {})) as (client, _):
        *_, last = client.pages("/x", query={}, key="chunk", following="next")
    assert isinstance(last, Said)
    assert last.outcome().state == "retry"


def test_pages_without_an_end_end() -> None:
    """A server that always names a next page is not asked for ever."""
    endless = [(200, {"chunk": [{}], "next": "again"})] * 30
    with answering(*endless) as (client, asked):
        assert len(list(client.pages("/x", query={}, key="chunk", following="next"))) == 20
    assert len(asked) == 20


def test_a_rooms_state_is_asked_for_by_type_and_key() -> None:
    """The key is one segment of the address, whatever stands in it; without one it is empty."""
    with answering((200, {"membership": "ban"}), (404, {})) as (client, asked):
        assert client.state("!a", "m.room.member", "@b/c:hs").body == {"membership": "ban"}
        assert client.state("!a", "m.room.encryption").status == 404
    assert [each.split()[0].partition("/rooms/")[2] for each in asked] == [
        "%21a/state/m.room.member/%40b%2Fc%3Ahs",
        "%21a/state/m.room.encryption/",
    ]


def test_a_call_ends_by_its_own_deadline() -> None:
    """Whatever it still wanted to ask is not asked; another call has its whole time."""
    with answering((200, {}), (200, {})) as (client, asked):
        late = client.for_a_call(times=0)
        said = late.ask("GET", "/x")
        assert (said.status, said.outcome().state) == (0, "retry")
        ended = client.for_a_call(ended=lambda: True)
        assert ended.ask("GET", "/x").status == 0
        assert client.for_a_call().ask("GET", "/x").good
        assert client.ask("GET", "/x").good
    assert len(asked) == 2


def test_it_is_known_whether_a_call_was_denied_anything() -> None:
    """Of one call, and not of the next; and where."""
    with answering((403, {}), (403, {}), (200, {}), (200, {})) as (client, _):
        admin = client.for_a_call()
        assert admin.ask("GET", f"{ADMIN}/x").outcome().denied
        assert admin.denied == ADMIN
        first = client.for_a_call()
        assert not first.ask("GET", "/x").good
        assert first.ask("GET", "/x").good
        second = client.for_a_call()
        assert second.ask("GET", "/x").good
        assert (first.denied, second.denied, client.denied) == (CLIENT, "", "")
