"""How the figures of HTTP are taken: who is charged for waiting, what counts as answered, and that
the peer does the work it is compared for.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from typing import Any, cast

import pytest
from bench.__main__ import BENCHES, page, section
from bench.http_load import Client, Load, Report, Run, requests
from bench.http_process import cpu_seconds, resident
from bench.measure import Row

from bench import http, http_peer, workload

TINY = http.Sizes(
    rounds=1,
    singles=64,
    batched=512,
    check_rounds=1,
    check_seconds=1,
    samples=10,
    connections=70,
)


def load(**changed: Any) -> Load:
    """A load of single events."""
    return Load(host="h", port=1, path="/v1/events", lines="", **changed)


class Recorded:
    """A connection that keeps what it is told to send."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.since: float | None = None

    def send(self, request: bytes, since: float) -> None:
        """Keep a request."""
        self.sent.append(request)
        self.since = since


def under_way(wanted: Load, count: int, connections: int) -> tuple[Run, list[Client], list[float]]:
    """A run over connections that only record, with a clock that stands at its one element."""
    clock = [100.0]
    run = Run(wanted, [b"%d" % number for number in range(count)], lambda: clock[0])
    clients = [cast("Client", Recorded()) for _ in range(connections)]
    run.begin(clients)
    return run, clients, clock


def sent(clients: Sequence[Client]) -> list[list[bytes]]:
    """What each connection was told to send."""
    return [cast("Recorded", client).sent for client in clients]


def test_whoever_waits_behind_a_stalled_answer_is_counted_from_when_they_were_due() -> None:
    """One connection, ten requests a second, the first answer after a second: all are charged."""
    run, clients, clock = under_way(load(rate=10.0), 3, 1)
    assert sent(clients) == [[b"0"]]
    clock[0] = 101.0
    for _ in range(3):
        run.answered(clients[0], 200, b"")
    assert run.done
    assert run.report().latencies == pytest.approx([1000.0, 900.0, 800.0])
    assert run.report().lags == pytest.approx([0.0, 900.0, 800.0])


def test_nothing_is_sent_before_it_is_due() -> None:
    """A free connection waits for the schedule."""
    run, clients, clock = under_way(load(rate=10.0), 3, 2)
    assert sent(clients) == [[b"0"], []]
    clock[0] = 100.1
    run.feed()
    assert sent(clients) == [[b"0"], [b"1"]]


def test_without_a_rate_the_next_request_follows_the_answer() -> None:
    """Each connection has one request under way, and latency is from its sending."""
    run, clients, clock = under_way(load(), 3, 2)
    assert sent(clients) == [[b"0"], [b"1"]]
    clock[0] = 100.5
    run.answered(clients[1], 200, b"")
    assert sent(clients) == [[b"0"], [b"1", b"2"]]
    assert run.report().latencies == pytest.approx([500.0])


def test_a_lost_connection_is_an_answer_that_never_came() -> None:
    """It counts under status 0, is not answered, and takes no more requests."""
    run, clients, _ = under_way(load(), 3, 2)
    run.answered(clients[0], 0, b"")
    assert sent(clients) == [[b"0"], [b"1"]]
    run.answered(clients[1], 200, b"")
    run.answered(clients[1], 200, b"")
    assert run.done
    assert (run.report().statuses, run.report().answered) == ({0: 1, 200: 2}, 2)


def test_an_answer_is_whole_however_it_comes() -> None:
    """Byte by byte or together with another, an answer is counted once, with its body."""
    came: list[tuple[int, bytes]] = []
    client = Client(lambda _, status, body: came.append((status, body)))
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nx: y\r\n\r\n\r\n\r\n"
    for byte in answer:
        client.data_received(bytes([byte]))
    assert came == [(200, b"\r\n\r\n")]
    client.data_received(b"HTTP/1.1 503 Slow\r\ncontent-length: 0\r\n\r\n")
    assert came[1:] == [(503, b"")]


def test_marked_answers_are_counted() -> None:
    """What was answered at the deadline can be told from the rest."""
    run, clients, _ = under_way(load(marked="late"), 2, 1)
    run.answered(clients[0], 200, b"too late")
    run.answered(clients[0], 200, b"in time")
    assert run.report().marked == 1


@pytest.mark.parametrize(
    ("form", "bodies"),
    [("event", [b"1", b"2", b"3"]), ("lines", [b"1\n2", b"3"]), ("array", [b"[1,2]", b"[3]"])],
)
def test_every_event_is_in_one_request(form: Any, bodies: list[bytes]) -> None:
    """Events are sent one by one, as lines, or as an array, with their true length."""
    each = 1 if form == "event" else 2
    made = requests(load(form=form, each=each), [b"1", b"2", b"3"])
    parts = [request.partition(b"\r\n\r\n") for request in made]
    assert [body for _, _, body in parts] == bodies
    assert all(b"content-length: %d" % len(body) in head for head, _, body in parts)


def test_processor_time_is_read_behind_any_name() -> None:
    """A process may be called anything, with brackets and spaces."""
    fields = ["S", *["0"] * 10, "250", "50", *["0"] * 20]
    assert cpu_seconds("7 (a) b (c) " + " ".join(fields)) == pytest.approx(
        300 / os.sysconf("SC_CLK_TCK")
    )


def test_memory_is_what_is_resident() -> None:
    """VmRSS is told in kB of 1024 bytes."""
    status = "Name:\tx\nVmPeak:\t 9 kB\nVmRSS:\t  2000 kB\n"
    assert resident(status) == pytest.approx(2.048)


def test_the_percentile_is_the_nearest_rank() -> None:
    """Of a hundred values the 99th percentile is the 99th, of one it is that one."""
    assert http.percentile([float(n) for n in range(100, 0, -1)], 0.99) == 99.0
    assert http.percentile([7.0], 0.999) == 7.0
    assert http.percentile([1.0, 2.0], 0.5) == 1.0


def test_only_answers_of_200_are_a_measurement() -> None:
    """A load with a refused or missing answer gives no figure."""
    http._whole(Report(sent=2, answered=2, statuses={200: 2}))
    for report in (
        Report(sent=2, answered=2, statuses={200: 1, 503: 1}),
        Report(sent=2, answered=1, statuses={200: 1}),
        Report(),
    ):
        with pytest.raises(RuntimeError):
            http._whole(report)


def test_a_target_is_met_on_its_own_side() -> None:
    """More is better in some rows, less in others."""
    rate, delay = http.TARGETS[f"{http.SINGLE}, per second"], http.TARGETS[http.START]
    assert (rate.met(1.0), rate.met(0.99)) == (True, False)
    assert (delay.met(1.0), delay.met(1.01)) == (True, False)


async def answered(path: str, body: bytes) -> tuple[int, Any]:
    """What the peer's application answers."""
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    headers = [(b"content-type", b"application/json")]
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": headers,
    }
    await http_peer.app(scope, cast("Any", receive), send)
    content = b"".join(message.get("body", b"") for message in messages[1:])
    return messages[0]["status"], json.loads(content)


def test_the_peer_validates_every_event_of_the_workload_and_answers_it() -> None:
    """It does the work: what is sent comes back, what is wrong is refused."""
    for line in workload.lines("ascii", 20):
        status, told = asyncio.run(answered("/v1/events", line))
        assert status == 200
        assert told["data"]["text"] == json.loads(line)["data"]["text"]
        assert asyncio.run(answered("/v1/batch", b"[" + line + b"]"))[0] == 200
    for wrong in (b'"id": ""', b'"id": 7'):
        assert asyncio.run(answered("/v1/events", line.replace(b'"id": "e19"', wrong)))[0] == 422


def test_a_part_of_the_page_is_replaced_alone() -> None:
    """One bench writes its own section; the others keep theirs, in the one order."""
    item = Row("x", 1.0, 2.0, 0.5, 3, "per second", "y").as_json()
    of_path, of_http = BENCHES["path"][0], BENCHES["http"][0]
    first = page("", {of_http: section({"items": [item | {"target": "t", "met": True}]}, 0.5)})
    both = page(first, {of_path: section({"items": [item]}, 0.5)})
    assert both.index(f"## {of_path}\n") < both.index(f"## {of_http}\n")
    assert both.count("| x | 1.0 | 2.0 | 0.5 | 3 | per second | y |") == 2
    assert "| y | t | yes |" in both
    assert page(both, {}) == both
    assert page(both, {of_http: "new\n"}).endswith(f"## {of_http}\n\nnew\n")
    assert page(both, {of_http: "new\n"}).startswith(both[: both.index(f"## {of_http}")])


def test_every_row_is_measured_and_every_target_has_its_row() -> None:
    """The whole bench at its smallest: rows of ours and a peer, each by one name."""
    rows = http.measured(TINY)
    names = [row.name for row in rows]
    assert len(set(names)) == len(names)
    assert set(http.TARGETS) <= set(names)
    assert all(row.peer > 0 and row.rounds == 1 for row in rows)
    assert all(row.ours > 0 for row in rows if http.OVER not in row.name)
    whole = {row.name: row for row in rows}[http.CONNECTIONS]
    assert whole.ours == whole.peer == 2 * TINY.connections
