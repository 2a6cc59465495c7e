"""The webhook connector, against a platform in another process: what is sent, and what becomes of
it.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.receiver import Receiver
from egress.listeners import trap
from ombud import clock
from ombud.config import HttpConnector as Settings
from ombud.connectors import http, signature
from ombud.connectors.http import HttpConnector, outcome
from ombud.egress import Answer, Trouble
from ombud.errors import BadUse
from ombud.model import Call, Connector, Outcome

SECRET = bytes(range(32))
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "webhooks.md"
ACTION = Call(key="act_1", type="action", body=b'{"id":"act_1","type":"action","action":"hold"}')
NOTICE = Call(
    key="act_2", type="notice", body=b'{"id":"act_2","type":"notice","text":"\xe1\xba\xa1"}'
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """A platform that knows the secret."""
    receiver = Receiver(tmp_path_factory.mktemp("platform"), SECRET)
    yield receiver
    receiver.kill()


@pytest.fixture
def platform(running: Receiver) -> Receiver:
    """The platform, answering as it should."""
    running.mode("ok")
    return running


def made(url: str, secret: bytes = SECRET, **settings: Any) -> HttpConnector:
    """A connector that may reach 127.0.0.1."""
    return HttpConnector(Settings(url=url, **{"allow": ("127.0.0.1",), **settings}), secret)


@pytest.fixture
def connector(platform: Receiver) -> Iterator[HttpConnector]:
    """A connector to the platform."""
    connector = made(platform.url, timeout_seconds=1)
    yield connector
    connector.close()


def call(key: str, type_: str = "action") -> Call:
    """A call of its own, so that it can take effect."""
    body = json.dumps({"id": key, "type": type_}).encode()
    return Call(key=key, type="notice" if type_ == "notice" else "action", body=body)


@pytest.mark.parametrize(
    "settings",
    [
        {"url": "http://u:p@127.0.0.1/"},
        {"url": "https://a b.example/"},
        {"url": "https://x.example/", "allow": ("here",)},
        {"url": "https://x.example/", "allow": ("10.1.2.3/16",)},
        {"url": "https://x.example/", "actions": {"explode": "exact"}},
        {"url": "http://u:p@x/", "allow": ("here",), "actions": {"explode": "exact"}},
    ],
)
def test_the_check_refuses_what_the_constructor_refuses(settings: dict[str, Any]) -> None:
    """With the same code and place; and nothing that a connector can be made from."""
    read = Settings(**settings)
    with pytest.raises(BadUse) as made_refused:
        HttpConnector(read, SECRET, name="chat")
    with pytest.raises(BadUse) as check_refused:
        http.check(read, "chat")
    assert check_refused.value.as_json() == made_refused.value.as_json()
    http.check(Settings(url="https://x.example/", allow=("10.1.0.0/16",)), "chat")


def test_a_call_arrives_signed_under_its_key(platform: Receiver, connector: HttpConnector) -> None:
    """Another process verifies the signature, and finds the key, the type and the body."""
    as_protocol: Connector = connector
    for each in (ACTION, NOTICE):
        assert as_protocol.send(each, clock.now()) == Outcome(state="delivered")
        entry = platform.entries()[-1]
        assert entry["verified"]
        assert entry["did"]
        assert (entry["key"], entry["type"]) == (each.key, each.type)
        assert entry["body"] == json.loads(each.body)
        assert entry["headers"]["content-type"] == "application/json"


def test_the_same_key_takes_effect_once_also_after_a_restart(platform: Receiver) -> None:
    """A call that is sent again, to a platform that was killed in between, does nothing twice."""
    connector = made(platform.url)
    platform.mode("close")
    lost = connector.send(call("act_twice"), clock.now())
    assert lost.state == "retry"  # it was done, but nobody said so
    platform.mode("ok")
    platform.kill()
    assert connector.send(call("act_twice"), clock.now()).state == "retry"
    platform.start()
    assert connector.send(call("act_twice"), clock.now()) == Outcome(state="delivered")
    entries = [entry for entry in platform.entries() if entry["key"] == "act_twice"]
    assert [(entry["did"], entry["again"]) for entry in entries] == [(True, False), (False, True)]
    connector.close()


def test_a_signature_is_of_the_attempts_own_time(
    platform: Receiver, connector: HttpConnector
) -> None:
    """An attempt signed an hour ago is refused by the platform; a later one is signed anew."""
    old = connector.send(call("act_old"), clock.now() - clock.HOUR)
    assert old == Outcome(
        state="refused", detail="answered 401; does the platform know the secret?"
    )
    assert not platform.entries()[-1]["verified"]
    assert connector.send(call("act_old"), clock.now()).state == "delivered"


def test_another_secret_does_nothing(platform: Receiver) -> None:
    """What is signed with another secret is refused, and says where to look."""
    stranger = made(platform.url, b"another secret")
    found = stranger.send(call("act_forged"), clock.now())
    assert found.state == "refused"
    assert "secret?" in found.detail
    assert not platform.entries()[-1]["did"]
    stranger.close()


@pytest.mark.parametrize(
    ("mode", "type_", "expected"),
    [
        ("ok", "action", Outcome(state="delivered")),
        ("status 204", "action", Outcome(state="delivered")),
        ("confirm", "action", Outcome(state="confirmed")),
        ("confirm", "notice", Outcome(state="confirmed")),
        (
            "undeliverable",
            "notice",
            Outcome(state="undeliverable", detail="no channel reaches this person"),
        ),
        ("undeliverable", "action", Outcome(state="delivered")),
        ("status 500", "action", Outcome(state="retry", detail="answered 500")),
        ("status 503 7", "action", Outcome(state="retry", detail="answered 503", wait=7)),
        (
            "status 429 999999999999",
            "notice",
            Outcome(state="retry", detail="answered 429", wait=3600),
        ),
        ("status 429 soon", "action", Outcome(state="retry", detail="answered 429")),
        ("status 503 -5", "action", Outcome(state="retry", detail="answered 503")),
        ("status 408", "action", Outcome(state="retry", detail="answered 408")),
        ("status 409", "action", Outcome(state="retry", detail="answered 409")),
        ("status 425", "action", Outcome(state="retry", detail="answered 425")),
        (
            "status 404",
            "action",
            Outcome(state="refused", detail="answered 404; is the URL right?"),
        ),
        ("status 422", "action", Outcome(state="refused", detail="answered 422")),
        (
            "status 304",
            "action",
            Outcome(state="refused", detail="answered 304; redirects are not followed"),
        ),
        (
            "redirect http://127.0.0.1:1/",
            "action",
            Outcome(state="refused", detail="answered 302; redirects are not followed"),
        ),
        ("hang", "action", Outcome(state="retry", detail="no whole answer within 1 seconds")),
        ("drip", "notice", Outcome(state="retry", detail="no whole answer within 1 seconds")),
        ("huge", "action", Outcome(state="delivered")),
        (
            "close",
            "action",
            Outcome(state="retry", detail="what came back is not HTTP, or was cut off"),
        ),
    ],
)
def test_each_answer_has_its_outcome(
    platform: Receiver, connector: HttpConnector, mode: str, type_: str, expected: Outcome
) -> None:
    """What the platform answers, or fails to, becomes the outcome that the reference gives it."""
    platform.mode(mode)
    before = len(platform.entries())
    assert connector.send(call(f"act_{mode}_{type_}", type_), clock.now()) == expected
    assert [entry["mode"] for entry in platform.entries()[before:]] == [mode]


def test_an_inner_address_needs_a_permission() -> None:
    """Without `allow` nothing connects; the outcome says what to do and can be tried again."""
    with trap() as inner:
        connector = made(f"http://localhost:{inner.port}/secret-path", allow=())
        found = connector.send(ACTION, clock.now())
        connector.close()
        assert found.state == "retry"
        assert "`allow`" in found.detail
        assert "secret-path" not in found.detail
        assert inner.untouched()


@pytest.mark.parametrize(
    ("settings", "code", "where"),
    [
        ({"url": "https://ana:secret@a.example/"}, "U031", "url"),
        ({"allow": ("localhost",)}, "U030", "allow"),
        ({"actions": {"ban": "exact"}}, "U032", "actions"),
    ],
)
def test_settings_that_cannot_be_used_are_told(
    settings: dict[str, Any], code: str, where: str
) -> None:
    """A wrong setting is an error when the connector is made, with its place in the settings."""
    with pytest.raises(BadUse) as caught:
        HttpConnector(Settings(**{"url": "https://a.example/", **settings}), SECRET, name="forum")
    assert (caught.value.code, caught.value.where) == (code, f"connectors.forum.{where}")
    assert "secret" not in str(caught.value)


def test_a_call_that_cannot_be_sent_is_refused(
    platform: Receiver, connector: HttpConnector
) -> None:
    """A key that would end its header line, and a body without end, are never sent."""
    before = len(platform.entries())
    forged = Call(key="act_1\r\nombud-signature: t=1", type="action", body=b"{}")
    assert connector.send(forged, clock.now()).state == "refused"
    long = Call(key="act_1", type="action", body=b"x" * 2_000_000)
    assert connector.send(long, clock.now()).state == "refused"
    assert len(platform.entries()) == before


def test_capabilities_are_those_of_the_settings() -> None:
    """The connector says what its settings say."""
    connector = made("https://a.example/", actions={"hold": "partial"})
    assert {name: each.undo for name, each in connector.capabilities.items()} == {"hold": "partial"}
    connector.close()


ANSWERS = st.builds(
    Answer,
    st.integers(200, 599),
    st.binary(max_size=60)
    | st.sampled_from(["confirmed", "undeliverable", "delivered", "\u1ea1"]).map(
        lambda state: json.dumps({"state": state}).encode()
    )
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.just("state") | st.text(), inner),
        max_leaves=5,
    ).map(lambda said: json.dumps(said).encode())
    | st.sampled_from([b'{"a":' + b"[" * 60_000, b'{"state":' * 10_000]),
    st.dictionaries(st.just("retry-after"), st.text() | st.integers().map(str)),
)
TROUBLES = st.builds(
    Trouble,
    st.sampled_from(
        ["refused-address", "unreachable", "timeout", "too-large", "bad-request", "bad-answer"]
    ),
    st.just("a reason"),
)


@given(st.sampled_from([ACTION, NOTICE]), ANSWERS | TROUBLES)
def test_any_answer_gives_an_outcome(each: Call, answer: Answer | Trouble) -> None:
    """No status, body or trouble raises; what is said is printable, short, and true to the type."""
    found = outcome(each, answer)
    assert found.detail.isprintable()
    assert len(found.detail) <= 200
    assert found.wait is None or (0 <= found.wait <= 3600 and found.state == "retry")
    assert found.state != "undeliverable" or each.type == "notice"
    if isinstance(answer, Answer):
        retried = answer.status >= 500 or answer.status in (408, 409, 425, 429)
        expected = "retry" if retried else "refused"
        assert found.state == expected or answer.status < 300
        assert (found.state in ("delivered", "confirmed", "undeliverable")) == (answer.status < 300)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' + b"[" * 60_000,
        b'{"state": "\xff"}',
        b'{"state": "\\ud800"}',
        b'{"state": ["confirmed"]}',
        b'"confirmed"',
        b'{"state": "CONFIRMED"}',
        b'{"state": "confirmed"',
    ],
)
def test_a_body_that_says_nothing_is_delivered(body: bytes) -> None:
    """The status counts: a body that is broken, nested without end or unknown changes nothing."""
    assert outcome(NOTICE, Answer(200, body)) == Outcome(state="delivered")


@pytest.mark.parametrize(
    ("value", "wait"),
    [("0", 0), ("3599", 3599), ("3601", 3600), ("9" * 5000, 3600)]
    + [(each, None) for each in ("\u00b2", "\u0661", "1.5", "0x1", " 7", "", "-1")],
)
def test_only_whole_seconds_are_waited_for(value: str, wait: int | None) -> None:
    """Retry-After is a number of seconds and an hour at most; anything else is as if absent."""
    found = outcome(ACTION, Answer(503, b"", {"retry-after": value}))
    assert found == Outcome(state="retry", detail="answered 503", wait=wait)


def test_nothing_secret_reaches_the_logs(
    platform: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    """Even a log of everything holds no secret, no signature and nothing of the body."""
    connector = made(platform.url)
    with caplog.at_level(logging.DEBUG):
        connector.send(call("act_logged"), clock.now())
    connector.close()
    signed = platform.entries()[-1]["headers"]["ombud-signature"]
    for each in (SECRET.hex(), signed.partition("v1=")[2], "act_logged"):
        assert each not in caplog.text


def published() -> Callable[[bytes, str, bytes, int], bool]:
    """The function `genuine` as the reference prints it."""
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    room: dict[str, Any] = {}
    exec(compile(code.group(1), str(PAGE), "exec"), room)  # noqa: S102
    found: Callable[[bytes, str, bytes, int], bool] = room["genuine"]
    return found


def test_the_lines_of_the_reference_verify_what_is_sent() -> None:
    """The ten lines that receivers copy take a good signature, and no bad, old or broken one."""
    genuine = published()
    good = signature.sign(SECRET, ACTION.body, 1_000)
    assert genuine(SECRET, good, ACTION.body, 1_100)
    assert not genuine(SECRET, good, ACTION.body + b" ", 1_100)
    assert not genuine(b"other", good, ACTION.body, 1_100)
    assert not genuine(SECRET, good, ACTION.body, 1_301)
    for broken in ("", "t", "t=x,v1=y", "v1=" + good.partition("v1=")[2], good + "\u1ea1"):
        assert not genuine(SECRET, broken, ACTION.body, 1_100)
