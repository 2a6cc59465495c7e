"""A request as it comes in: bounded, told apart, and refused in one shape."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from ombud import writer
from ombud.errors import BadData, BadEvent, BadUse, OmbudError
from ombud.web import exchange
from ombud.web.exchange import Exchange, Gone, Held, refusal, shown, status_of


def coming(pieces: Sequence[bytes | None], held: Held | None = None, **headers: str) -> Exchange:
    """A request with its content in pieces; None: whoever sends it goes away."""
    left = list(pieces)

    async def receive() -> dict[str, Any]:
        piece = left.pop(0)
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    named = [(name.replace("_", "-").encode(), said.encode()) for name, said in headers.items()]
    return Exchange({"headers": named, "path": "/", "method": "POST"}, receive, held or Held())


def test_content_is_put_together() -> None:
    """Pieces are one content, counted while it is held and not afterwards."""
    held = Held()
    found = coming([b"ab", b"", b"cd"], held)
    assert asyncio.run(found.read(4)) == b"abcd"
    assert (held.size, found.more) == (4, False)
    found.release()
    found.release()
    assert held.size == 0
    assert asyncio.run(coming([b"abcd"]).read(4)) == b"abcd"


@pytest.mark.parametrize(
    ("pieces", "headers", "code"),
    [
        ([b"abcde"], {}, "U046"),
        ([b"abc", b"de"], {}, "U046"),
        ([], {"content_length": "5"}, "U046"),
        ([], {"content_length": "9" * 30}, "U046"),
        ([], {"content_encoding": "gzip"}, "U045"),
    ],
)
def test_what_is_too_much(pieces: list[bytes], headers: dict[str, str], code: str) -> None:
    """Too long is refused from its length, or as soon as it is; encoded content is not read."""
    with pytest.raises(BadUse, match=code):
        asyncio.run(coming(pieces, None, **headers).read(4))


def test_identity_is_no_encoding() -> None:
    """Content may say that it is sent as it is."""
    assert asyncio.run(coming([b"a"], content_encoding="Identity").read(4)) == b"a"


def test_all_requests_together_hold_a_known_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond HELD_MAX a request is refused as by a full queue, whatever its own size."""
    monkeypatch.setattr(exchange, "HELD_MAX", 6)
    assert writer.JOBS_MAX  # whose error it is
    held = Held()
    first = coming([b"abcd"], held)
    asyncio.run(first.read(4))
    second = coming([b"ab", b"c"], held)
    with pytest.raises(BadData, match="D012"):
        asyncio.run(second.read(4))
    assert held.size == 6
    second.release()
    assert held.size == 4


@pytest.mark.parametrize("pieces", [[None], [b"a", None]])
def test_who_is_gone(pieces: list[bytes | None]) -> None:
    """A request whose sender goes away in the middle is no request."""
    found = coming(pieces)
    with pytest.raises(Gone):
        asyncio.run(found.read(4))
    assert not found.more


def test_what_nobody_reads_is_let_go_of() -> None:
    """Content behind an early answer is read to its end or to a limit, and not kept."""
    short = coming([b"ab", b"cd"])
    asyncio.run(short.discard(100))
    assert not short.more
    long = coming([b"ab"] * 50)
    asyncio.run(long.discard(10))
    assert long.more


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Basic omb_x", "omb_x", "bearer" + "x" * 20, "Bearer " + "x" * 200]
)
def test_no_key(sent: str) -> None:
    """Anything but a bearer key of a sane length is as no key."""
    with pytest.raises(BadUse, match="U040"):
        coming([], authorization=sent).bearer()


def test_a_key() -> None:
    """The scheme's name may be written in any case."""
    assert coming([], authorization="bEaReR  omb_x ").bearer() == "omb_x"


def test_the_type_of_content() -> None:
    """Parameters and case do not matter; what cannot be shown is not shown."""
    assert coming([], content_type="Application/JSON ; charset=utf-8").content_type() == (
        "application/json"
    )
    assert coming([]).content_type() == ""
    assert coming([], content_type="a\x1b[2J").content_type() == "a?[2j"


def test_every_request_has_a_name_of_its_own() -> None:
    """The same when asked again, another for another request."""
    one, other = coming([]), coming([])
    assert one.id == one.id
    assert one.id != other.id


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadEvent("E001", "$", detail="x"), 400),
        (BadEvent("E002", "$", detail="x"), 422),
        (BadEvent("E003", "$", size=2, limit=1), 413),
        (BadEvent("E008", "$.id"), 409),
        (BadEvent("E009", "$.time", value="x"), 422),
        (BadEvent("E010", "$"), 400),
        (BadData("D011", "store", detail="x"), 503),
        (BadData("D012", "queue"), 503),
        (BadData("D003", "x", detail="x"), 500),
        (BadUse("U040", "x"), 401),
        (BadUse("U042", "x"), 404),
        (BadUse("U048", "x", seconds=1), 408),
        (BadUse("U049", "x", limit=1), 431),
    ],
)
def test_the_status_of_an_error(error: OmbudError, status: int) -> None:
    """Each error has its HTTP status, and one shape."""
    assert status_of(error) == status
    told = refusal(error)
    assert told.status == status
    assert json.loads(told.body) == {"error": error.as_json()}
    assert (b"retry-after" in dict(told.headers)) == (status == 503)
    assert (b"www-authenticate" in dict(told.headers)) == (status == 401)


def test_the_methods_of_a_refused_method() -> None:
    """405 says what is taken instead."""
    told = refusal(BadUse("U043", "method", method="PUT", allow="GET, HEAD"))
    assert (told.status, told.headers) == (405, ((b"allow", b"GET, HEAD"),))


def test_what_is_shown_is_short_and_printable() -> None:
    """Nothing that somebody sent can move a cursor or fill a screen."""
    assert shown("a\u202eb\n") == "a?b?"
    assert shown(b"\xff\x1b" + b"x" * 1000) == "\ufffd?" + "x" * 98
