"""Several events: each decoded with its place, each answered in order, none of them lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import pytest
from msgspec import UNSET

from ombud.access import PlatformKey
from ombud.errors import BadData, BadEvent, OmbudError
from ombud.web import answers, batch
from ombud.web.batch import Part, Pieces, Several, array, lines, refused
from web.asked import EVERYTHING, Stub, wired

T = TypeVar("T")


def flat(pieces: Pieces) -> list[Part]:
    """All parts of all pieces."""
    return [part for piece in pieces for part in piece]


def code(part: Part) -> str:
    """The code a part is refused with."""
    assert isinstance(part[0], BadEvent)
    return part[0].code


async def soon(waited: Awaitable[T]) -> T:
    """A result that must not take for ever."""
    return await asyncio.wait_for(waited, 20)


def test_an_array_is_decoded_with_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each element has its path, in pieces of a few; a bad one keeps its own."""
    monkeypatch.setattr(batch, "PIECE_EVENTS", 2)
    content = b"[" + b",".join([wired(1), b'{"id":""}', wired(3)]) + b"]"
    pieces = list(array(content))
    assert [len(piece) for piece in pieces] == [2, 1]
    parts = flat(iter(pieces))
    assert [(line, where) for _, line, where in parts] == [
        (UNSET, "$[0]"),
        (UNSET, "$[1]"),
        (UNSET, "$[2]"),
    ]
    assert isinstance(parts[1][0], BadEvent)
    assert parts[1][0].where.startswith("$[1]")
    assert not isinstance(parts[2][0], BadEvent)
    assert parts[2][0].id == "3"


@pytest.mark.parametrize("content", [b"{}", b"", b"[", b"\xff"])
def test_what_is_no_array(content: bytes) -> None:
    """Anything but an array is refused as a whole, before anything is handed in."""
    with pytest.raises(BadEvent, match="E001"):
        array(content)


def test_lines_are_decoded_with_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers count from 1, empty lines too, wherever the pieces are cut."""
    content = b"\n\n" + wired(1) + b"\r\n{bad\n\n" + wired(2)
    for size in (1, 7, 10_000):
        monkeypatch.setattr(batch, "PIECE_BYTES", size)
        parts = flat(lines(content))
        assert [line for _, line, _ in parts] == [3, 4, 6]
        assert code(parts[1]) == "E001"


def test_what_a_key_may_send() -> None:
    """A source or kind that the key was not made for is refused, with the path in the whole."""
    key = PlatformKey(name="forum", sources=("chat/*",), kinds=("post",))
    parts = flat(
        array(b"[%s,%s,%s]" % (wired(1), wired(2, source="x/y"), wired(3, type="post.edited")))
    )
    (good, _, _), (alien, _, where), (edited, _, other) = parts
    assert not isinstance(good, BadEvent)
    assert not isinstance(alien, BadEvent)
    assert not isinstance(edited, BadEvent)
    assert refused(key, good) is None
    source, kind = refused(key, alien, where), refused(key, edited, other)
    assert source is not None
    assert kind is not None
    assert (source.code, source.where) == ("E020", "$[1].source")
    assert (kind.code, kind.where) == ("E021", "$[2].type")


def statuses(told: answers.Batch) -> list[str]:
    """What became of each."""
    return [each.status for each in told.items]


def test_answers_stand_in_the_order_of_the_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over several jobs, with refused ones between, item n is about event n."""
    monkeypatch.setattr(batch, "EVENTS_MAX", 2)
    content = [wired(number) for number in range(1, 8)]
    content[2] = b"{}"
    content[4] = wired(5, source="other/place")

    async def story() -> None:
        stub = Stub()
        told = await soon(Several(stub, EVERYTHING).judged(lines(b"\n".join(content))))
        assert [len(job) for job in stub.jobs] == [2, 2, 1]
        assert statuses(told) == [
            *("accepted", "accepted", "rejected", "accepted"),
            *("rejected", "accepted", "accepted"),
        ]
        assert [each.seq for each in told.items] == [1, 2, UNSET, 4, UNSET, 6, 7]
        assert (told.accepted, told.rejected) == (5, 2)

    asyncio.run(story())


def test_only_a_few_jobs_are_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next job is handed in when an earlier one is back: one request cannot fill the queue."""
    monkeypatch.setattr(batch, "EVENTS_MAX", 1)

    async def story() -> None:
        stub = Stub(at_once=False)
        content = b"\n".join(wired(number) for number in range(1, 6))
        several = asyncio.create_task(Several(stub, EVERYTHING).judged(lines(content)))
        for done in range(5):
            while len(stub.jobs) < min(5, done + batch.JOBS_UNDER_WAY):
                await asyncio.sleep(0)
            for _ in range(5):
                await asyncio.sleep(0)
            assert len(stub.futures) <= batch.JOBS_UNDER_WAY
            assert not several.done()
            stub.finish()
        assert (await soon(several)).accepted == 5

    asyncio.run(story())


@pytest.mark.parametrize("at_the_door", [True, False])
def test_a_job_that_is_not_taken_refuses_the_request(
    at_the_door: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether at the door or later: nothing of the request is acknowledged."""
    monkeypatch.setattr(batch, "EVENTS_MAX", 1)

    async def story() -> None:
        stub = Stub(at_once=False)
        content = b"\n".join(wired(number) for number in range(1, 4))
        several = asyncio.create_task(Several(stub, EVERYTHING).judged(lines(content)))
        while not stub.jobs:
            await asyncio.sleep(0)
        if at_the_door:
            stub.refusal = BadData("D012", "queue")
            stub.finish()
        else:
            stub.finish(BadData("D011", "store", detail="no room"))
        with pytest.raises(OmbudError) as caught:
            await soon(several)
        assert caught.value.code == ("D012" if at_the_door else "D011")

    asyncio.run(story())


def test_nothing_at_all() -> None:
    """No lines are no events, and no error."""

    async def story() -> None:
        stub = Stub()
        assert (await soon(Several(stub, EVERYTHING).judged(lines(b"\n \n")))).items == []
        assert (await soon(Several(stub, EVERYTHING).judged(array(b"[]")))).items == []
        assert stub.jobs == []

    asyncio.run(story())
