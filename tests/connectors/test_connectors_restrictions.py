"""What a platform is asked and told about its restrictions, against one in another process."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.receiver import Receiver
from ombud import clock
from ombud.config import HttpConnector as Settings
from ombud.connectors import restrictions
from ombud.connectors.restrictions import Restriction
from ombud.errors import BadUse

SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """A platform that restricts 2,500 posts of its own accord."""
    receiver = Receiver(tmp_path_factory.mktemp("platform"), SECRET)
    receiver.restrict(*({"subject": f"post/{n}", "action": "hold"} for n in range(2500)))
    yield receiver
    receiver.kill()


@pytest.fixture
def platform(running: Receiver) -> Receiver:
    """The platform, answering as it should."""
    running.mode("ok")
    return running


def told(platform: Receiver, secret: bytes = SECRET, **settings: Any) -> list[Restriction]:
    """All that it tells."""
    wanted = Settings(url=platform.url, allow=("127.0.0.1",), timeout_seconds=1, **settings)
    return list(restrictions.asked(wanted, secret, "chat", clock.now))


def refused(platform: Receiver, **more: Any) -> str:
    """The code of why nothing is told."""
    with pytest.raises(BadUse) as caught:
        told(platform, **more)
    return caught.value.code


def test_all_pages_are_asked_for_and_every_question_is_signed(platform: Receiver) -> None:
    """Each under a key of its own."""
    before = len(platform.entries())
    found = told(platform)
    assert [each.subject for each in found] == [f"post/{n}" for n in range(2500)]
    asked = platform.entries()[before:]
    assert [each["body"]["after"] for each in asked] == [None, "1000", "2000"]
    assert all(each["verified"] for each in asked)
    assert len({each["key"] for each in asked}) == 3


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("status 404", "U440"),
        ("status 500", "U440"),
        ("redirect http://127.0.0.1:1/", "U440"),
        ("hang", "U440"),
        ("drip", "U440"),
        ("close", "U440"),
        ("huge", "U441"),
        ("confirm", "U441"),
        ("undeliverable", "U441"),
    ],
)
def test_whatever_it_answers_instead_is_an_error_in_time(
    platform: Receiver, mode: str, code: str
) -> None:
    """Never a list that is cut short, and never one that was made up."""
    platform.mode(mode)
    assert refused(platform) == code


def test_whoever_has_another_secret_is_told_nothing(platform: Receiver) -> None:
    """The platform refuses, and that is said."""
    assert refused(platform, secret=b"x" * 32) == "U440"


@pytest.mark.parametrize(
    "body",
    [
        {"restrictions": [{"subject": "", "action": "hold"}]},
        {"restrictions": [{"subject": "x" * 1001, "action": "hold"}]},
        {"restrictions": [{"subject": "post/1", "action": "hold", "account": "x" * 1001}]},
        {"restrictions": [{"subject": 5, "action": "hold"}]},
        {"restrictions": [], "next": "x" * 501},
        {"next": None},
        [],
    ],
)
def test_what_is_no_list_is_refused(platform: Receiver, body: Any) -> None:
    """With what is wrong, and nothing of what was sent."""
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(content)}\r\n\r\n".encode()
    platform.mode("raw " + (head + content).hex())
    assert refused(platform) == "U441"


def test_pages_that_lead_to_themselves_end(platform: Receiver) -> None:
    """A cursor that does not go on is no list."""
    content = b'{"restrictions": [], "next": "a"}'
    head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(content)}\r\n\r\n".encode()
    platform.mode("raw " + (head + content).hex())
    assert refused(platform) == "U441"


def test_no_private_address_is_gone_to() -> None:
    """Nor is anything asked there."""
    with pytest.raises(BadUse) as caught:
        list(restrictions.asked(Settings(url="http://127.0.0.1:9/x"), SECRET, "chat", clock.now))
    assert caught.value.code in ("U030", "U032", "U440")


@given(st.binary(max_size=300))
def test_no_line_is_more_than_refused(content: bytes) -> None:
    """Whatever a file holds, a line is a restriction within bounds or an error."""
    with contextlib.suppress(BadUse):
        assert 0 < len(restrictions.line(content, "chat", 1).subject) <= 1000
