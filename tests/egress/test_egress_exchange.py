"""Requests and answers, against a receiver in another process and against hostile ones in this."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.receiver import Receiver
from egress.listeners import answering, request, trap
from ombud.egress import ANSWER_BYTES_MAX, REQUEST_BYTES_MAX, Answer, Egress, Trouble, place

SECONDS = 20.0
SHORT = 0.4


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """A receiver without a secret, for all tests here."""
    receiver = Receiver(tmp_path_factory.mktemp("receiver"))
    yield receiver
    receiver.kill()


@pytest.fixture
def receiver(running: Receiver) -> Receiver:
    """The receiver, answering as it should."""
    running.mode("ok")
    return running


@pytest.fixture
def egress() -> Iterator[Egress]:
    """A way out that may reach 127.0.0.1."""
    made = Egress(["127.0.0.1"])
    yield made
    made.close()


def post(
    egress: Egress, url: str, key: str = "act_1", seconds: float = SECONDS, body: bytes = b"{}"
) -> Answer | Trouble:
    """Send one body."""
    return egress.send(place(url), {"ombud-key": key}, body, seconds=seconds)


def test_a_request_arrives_whole_and_the_connection_is_kept(
    receiver: Receiver, egress: Egress
) -> None:
    """Body, headers and host arrive as they were sent; the next request uses the same connection;
    nothing is added that says who sends.
    """
    first = len(receiver.entries())
    assert post(egress, receiver.url, body=b'{"a": 1}') == Answer(200)
    assert post(egress, receiver.url + "/b?c=d") == Answer(200)
    one, two = receiver.entries()[first:]
    assert one["body"] == {"a": 1}
    assert two["path"] == "/ombud/b?c=d"
    assert one["connection"] == two["connection"]
    assert one["headers"] == {
        "host": f"127.0.0.1:{receiver.port}",
        "content-length": "8",
        "ombud-key": "act_1",
    }


def test_an_answer_is_given_with_its_body_and_what_is_kept_of_its_headers(
    receiver: Receiver, egress: Egress
) -> None:
    """Status, body and Retry-After come back, and no other header."""
    receiver.mode("confirm")
    assert post(egress, receiver.url) == Answer(200, b'{"state": "confirmed"}')
    receiver.mode("status 503 7")
    assert post(egress, receiver.url) == Answer(503, b"", {"retry-after": "7"})


def test_a_redirect_to_an_inner_address_is_not_followed(
    receiver: Receiver, egress: Egress, tmp_path: Path
) -> None:
    """A redirect is an answer like another: its target hears nothing, not even a connection."""
    target = Receiver(tmp_path / "target")
    try:
        with trap() as inner:
            for url in (target.url, f"http://127.0.0.1:{inner.port}/latest/meta-data/"):
                receiver.mode(f"redirect {url}")
                assert post(egress, receiver.url) == Answer(302)
            assert inner.untouched()
        assert target.entries() == []
    finally:
        target.kill()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]", "127.1"]
)
def test_an_inner_address_that_nobody_named_is_refused(host: str) -> None:
    """Without a permission nothing connects to this machine, whatever it is called."""
    closed = Egress()
    with trap() as inner:
        found = post(closed, f"http://{host}:{inner.port}/secret-path")
        assert isinstance(found, Trouble)
        assert found.kind == "refused-address"
        assert "allow" in found.detail
        assert "secret-path" not in found.detail
        assert inner.untouched()
    closed.close()


def test_each_new_connection_is_checked_again(receiver: Receiver) -> None:
    """A name whose address turns bad after a good start is refused at the next connection."""
    answers = [["127.0.0.1"], ["127.0.0.1", "127.0.0.2"]]
    asked = []

    def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), 2) - 1]

    egress = Egress(["127.0.0.1"], resolve=resolve)
    url = f"http://turns.example:{receiver.port}/ombud"
    assert post(egress, url) == Answer(200)
    assert post(egress, url) == Answer(200)  # the kept connection: still the checked address
    assert asked == ["turns.example"]
    receiver.mode("close")
    assert isinstance(post(egress, url), Trouble)
    found = post(egress, url)
    assert isinstance(found, Trouble)
    assert found.kind == "refused-address"
    assert len(asked) == 2
    egress.close()


@pytest.mark.parametrize("mode", ["hang", "drip", "drip head"])
def test_a_receiver_that_never_ends_is_left_at_the_deadline(
    receiver: Receiver, egress: Egress, mode: str
) -> None:
    """Silence and a byte at a time end at the one deadline; the next request is not disturbed."""
    receiver.mode(mode)
    found = post(egress, receiver.url, seconds=SHORT)
    assert found == Trouble("timeout", "no whole answer within 0.4 seconds")
    receiver.mode("ok")
    assert post(egress, receiver.url) == Answer(200)


def test_requests_that_hang_leave_no_room_taken(receiver: Receiver, egress: Egress) -> None:
    """More hanging requests than there are connections, and afterwards all are free again."""
    receiver.mode("hang")
    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(lambda _: post(egress, receiver.url, seconds=SHORT), range(12)))
    assert {each.kind for each in found if isinstance(each, Trouble)} == {"timeout"}
    assert len(found) == 12
    receiver.mode("ok")
    assert post(egress, receiver.url) == Answer(200)


def test_a_huge_answer_is_cut_and_its_connection_closed(receiver: Receiver, egress: Egress) -> None:
    """At most 64 KiB of an answer are read; the rest is dropped with the connection."""
    receiver.mode("huge")
    assert post(egress, receiver.url) == Answer(200, b"x" * ANSWER_BYTES_MAX, cut=True)
    receiver.mode("ok")
    assert post(egress, receiver.url) == Answer(200)
    one, two = receiver.entries()[-2:]
    assert one["connection"] != two["connection"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", "bad-answer"),
        (b"SSH-2.0-x\r\n\r\n", "bad-answer"),
        (b"HTTP/1.1 200 OK\r\nnot a header\x1b[31m\r\n\r\n", "bad-answer"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort", "bad-answer"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "bad-answer"),
        (
            b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
            "bad-answer",
        ),
        (b"HTTP/1.1 999 No\r\ncontent-length: 0\r\n\r\n", "bad-answer"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000, "bad-answer"),
    ],
)
def test_what_is_no_answer_is_told_without_repeating_it(
    egress: Egress, answer: bytes, kind: str
) -> None:
    """Broken HTTP is a value of its kind, and nothing of what came stands in the detail."""

    def talk(connection: socket.socket) -> None:
        request(connection)
        connection.sendall(answer)

    with answering(talk) as port:
        found = post(egress, f"http://127.0.0.1:{port}/")
    assert isinstance(found, Trouble)
    assert found.kind == kind
    assert found.detail.isprintable()
    assert "31m" not in found.detail


def test_headers_and_cookies_of_an_answer_change_nothing(egress: Egress) -> None:
    """A cookie is not sent back, and a packed body is not unpacked."""
    heard: SimpleQueue[bytes] = SimpleQueue()
    packed = bytes.fromhex("1f8b08000000000000034b4c040043d4e7d902000000")

    def talk(connection: socket.socket) -> None:
        heard.put(request(connection))
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nset-cookie: a=b; path=/\r\ncontent-encoding: gzip\r\n"
            b"connection: close\r\ncontent-length: %d\r\n\r\n%s" % (len(packed), packed)
        )

    with answering(talk) as port:
        for _ in range(2):
            assert post(egress, f"http://127.0.0.1:{port}/") == Answer(200, packed)
    assert b"cookie" not in (heard.get() + heard.get()).lower()


@pytest.mark.parametrize("bad", ["a\r\nx: y", "a\nb", "a\x00b", "\u1ea1", "a\x7f", "a\x85b"])
def test_no_header_can_be_slipped_in(receiver: Receiver, egress: Egress, bad: str) -> None:
    """A value that would end its line, or is not plain ASCII, is not sent at all."""
    before = len(receiver.entries())
    found = post(egress, receiver.url, key=bad)
    assert isinstance(found, Trouble)
    assert found.kind == "bad-request"
    found = egress.send(place(receiver.url), {bad: "x"}, b"", seconds=SECONDS)
    assert isinstance(found, Trouble)
    assert found.kind == "bad-request"
    assert len(receiver.entries()) == before


def test_a_name_that_is_no_header_is_not_sent(receiver: Receiver, egress: Egress) -> None:
    """What the grammar of HTTP forbids is a value too."""
    found = egress.send(place(receiver.url), {"a b:": "x"}, b"", seconds=SECONDS)
    assert found == Trouble("bad-request", "this cannot be sent as HTTP")


def test_a_body_that_is_too_large_is_not_sent(receiver: Receiver, egress: Egress) -> None:
    """A mebibyte goes out, and one byte more does not."""
    before = len(receiver.entries())
    found = post(egress, receiver.url, body=b"x" * (REQUEST_BYTES_MAX + 1))
    assert isinstance(found, Trouble)
    assert found.kind == "too-large"
    assert len(receiver.entries()) == before
    assert post(egress, receiver.url, body=b"x" * REQUEST_BYTES_MAX) == Answer(200)


def test_proxies_of_the_environment_are_ignored(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No variable of the environment sends a request somewhere else."""
    with trap() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            for each in (name, name.upper()):
                monkeypatch.setenv(each, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        egress = Egress(["127.0.0.1"])
        assert post(egress, receiver.url) == Answer(200)
        egress.close()
        assert proxy.untouched()


def test_nobody_there_is_told_in_the_systems_words(egress: Egress) -> None:
    """A closed port and an unknown name are unreachable, with a reason and without the path."""
    with trap() as gone:
        port = gone.port
    found = post(egress, f"http://127.0.0.1:{port}/secret-path")
    assert found == Trouble("unreachable", "Connection refused")

    def resolve(*_: object) -> list[str]:
        raise socket.gaierror(-2, "Name or service\x1b not known" + "." * 300)

    unknown = Egress(resolve=resolve)
    found = post(unknown, "https://unknown.example/secret-path")
    assert isinstance(found, Trouble)
    assert found.kind == "unreachable"
    assert found.detail.startswith("Name or service? not known")
    assert len(found.detail) == 200
    unknown.close()


def test_several_threads_share_one_way_out(receiver: Receiver, egress: Egress) -> None:
    """Every request of many threads arrives once, over no more connections than are allowed."""
    before = len(receiver.entries())
    keys = [f"act_thread_{number}" for number in range(96)]
    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(lambda key: post(egress, receiver.url, key=key), keys))
    assert found == [Answer(200)] * len(keys)
    entries = receiver.entries()[before:]
    assert sorted(entry["key"] for entry in entries) == sorted(keys)
    assert len({entry["connection"] for entry in entries}) <= 8


# --- whatever comes back --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def say() -> Iterator[Callable[[bytes], Answer | Trouble]]:
    """What comes of a request that is answered with these bytes."""
    answers: SimpleQueue[bytes] = SimpleQueue()
    egress = Egress(["127.0.0.1"])

    def talk(connection: socket.socket) -> None:
        request(connection)
        connection.sendall(answers.get())

    with answering(talk) as port:

        def ask(answer: bytes) -> Answer | Trouble:
            answers.put(answer)
            return post(egress, f"http://127.0.0.1:{port}/")

        yield ask
        egress.close()


LINES = st.sampled_from(
    [
        *(b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 500 \r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        *(b"content-length: 3\r\n", b"content-length: -1\r\n", b"content-length: 3, 4\r\n"),
        *(b"transfer-encoding: chunked\r\n", b"connection: close\r\n", b"upgrade: h2c\r\n"),
        *(b"retry-after: \xff\x9b31m\r\n", b"retry-after: 7\r\n", b"\r\n", b"\n", b"0\r\n\r\n"),
        *(b"3\r\nabc\r\n", b"abc", b" folded\r\n"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(answer=st.lists(LINES | st.binary(max_size=40), max_size=8).map(b"".join))
def test_any_bytes_give_a_value(say: Callable[[bytes], Answer | Trouble], answer: bytes) -> None:
    """Whatever a server sends is an answer or a trouble, in printable words."""
    found = say(answer)
    if isinstance(found, Trouble):
        assert found.kind == "bad-answer"
        assert found.detail.isprintable()
        assert len(found.detail) <= 200
    else:
        assert 200 <= found.status <= 599
        assert all(value.isprintable() for value in found.headers.values())
