"""The way to Ombud: one question, one answer, by a deadline that is held whatever Ombud does.

Everything runs on Synapse's own reactor with Synapse's own client. This module must never raise
what Ombud or the way to it did wrong, never wait beyond the deadline, and never log what was asked.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from synapse.module_api import ModuleApi, make_deferred_yieldable, run_in_background
from twisted.internet import defer, protocol, reactor
from twisted.web.client import ResponseDone
from twisted.web.http_headers import Headers
from twisted.web.iweb import IBodyProducer
from zope.interface import implementer

from ombud_synapse.settings import ALLOW, REFUSE, Hook, Settings

logger = logging.getLogger(__name__)

MATRIX = b"application/vnd.ombud.matrix+json"
EVENT = b"application/cloudevents+json"
Json = Mapping[str, Any]
NEVER = frozenset((400, 409, 413, 415, 422))  # it would be refused again
SOON_SECONDS = 0.02  # by which asking ends before its deadline, so that all ends in order
ANSWER_BYTES_MAX = 1 << 20
REACH_SECONDS = 5.0
QUIET_SECONDS = 60  # between two lines that say that Ombud does not answer


class Verdict(NamedTuple):
    """What Ombud said. `action` is allow, hold or refuse; `late` where nobody said anything."""

    action: str
    notice: str | None = None
    decision: str | None = None
    late: bool = False


class Asking:
    """Asks in the name of one homeserver."""

    def __init__(self, settings: Settings, api: ModuleApi) -> None:
        self._settings = settings
        self._api = api
        self._key = b"Bearer " + settings.key.encode("ascii")
        self._told = float("-inf")

    async def check(self, hook: Hook, asked: Callable[[], Awaitable[Json | None]]) -> Verdict:
        """May this be published? `asked` gathers the question; None: it is not Ombud's business.
        Never raises, and answers by the hook's deadline, gathering included. What Ombud answers
        for want of a verdict is none: where the hook refuses then, it is refused.
        """

        began = reactor.seconds()

        async def whole() -> Verdict:
            question = await asked()
            if question is None:
                return Verdict("allow")
            left = hook.deadline - (reactor.seconds() - began) - SOON_SECONDS
            query = "?" + urlencode({"hook": hook.name}) if hook.name else ""
            body = {"platform": self._settings.platform, **question}
            return _verdict(await self._post(left, "/v1/check" + query, MATRIX, body))

        choice = ALLOW
        try:
            found = await _within(hook.deadline, whole)
            if not found.late:
                return found
            choice = found.action
        except Exception as error:  # noqa: BLE001
            self._say(error, f"{hook.late}, as the hook says")
        refused = REFUSE in (hook.late, choice)
        return Verdict(REFUSE if refused else ALLOW, late=True)

    async def reach(self, room: str) -> str:
        """Why Ombud does not answer, or not for that room; empty where it does. Nothing of the room
        is told but its id.
        """
        event = {"type": "org.ombud.hello", "room_id": room, "sender": f"@:{self._api.server_name}"}
        try:
            body = {"platform": self._settings.platform, "event": event}
            await self._post(REACH_SECONDS, "/v1/check", MATRIX, body)
        except Exception as error:  # noqa: BLE001
            return _detail(error)
        return ""

    async def tell(self, seconds: float, event: Json) -> bool:
        """Hand in an event of Ombud's own form; False where it is to be sent again."""
        try:
            await self._post(seconds, "/v1/events", EVENT, event)
        except Exception as error:  # noqa: BLE001
            never = getattr(error, "code", None) in NEVER
            self._say(error, "it is left out" if never else "it is sent again")
            return never
        return True

    async def _post(self, seconds: float, path: str, type_: bytes, body: Json) -> Json:
        """Ombud's answer. Raises whatever went wrong. At the deadline the connection is ended: with
        Synapse's own helpers it would stay for a minute, and for ever behind half an answer.
        """
        content = json.dumps(body, sort_keys=True, separators=(",", ":"), default=dict)
        headers = {b"Content-Type": [type_], b"Authorization": [self._key]}
        asking = self._api.http_client.agent.request(
            b"POST",
            (self._settings.url + path).encode("ascii"),
            Headers(headers),
            _Body(content.encode()),
        )
        asking.addCallback(_whole)
        asking.addTimeout(max(seconds, SOON_SECONDS), reactor)
        status, told = await make_deferred_yieldable(asking)
        if status != 200:
            raise Refused(status, told)
        answer = json.loads(told)
        if not isinstance(answer, Mapping):
            raise TypeError("no object")
        return answer

    def _say(self, error: Exception, then: str) -> None:
        """A line in Synapse's log, at most one a minute: what went wrong, nothing of what was
        asked.
        """
        now = reactor.seconds()
        if now - self._told < QUIET_SECONDS:
            return
        self._told = now
        logger.warning("Ombud did not answer (%s): %s", _detail(error), then)


async def _within(seconds: float, what: Callable[[], Awaitable[Verdict]]) -> Verdict:
    """What comes of it. Raises what it raised, and TimeoutError at the deadline.

    What still runs then is left to end by itself: cancelling what Synapse does inside would harm
    others who wait for the same.
    """
    first: defer.Deferred[Verdict] = defer.Deferred()

    def late() -> None:
        first.errback(TimeoutError())

    def done(found: Any) -> None:
        if not first.called:
            timer.cancel()
            first.callback(found)

    timer = reactor.callLater(seconds, late)
    run_in_background(what).addBoth(done)
    return await make_deferred_yieldable(first)


class Refused(Exception):
    """Ombud answered, and not with what was asked for."""

    def __init__(self, code: int, response: bytes) -> None:
        super().__init__(str(code))
        self.code, self.response = code, response


@implementer(IBodyProducer)
class _Body:
    """What is sent, at once."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.length = len(content)

    def startProducing(self, consumer: Any) -> defer.Deferred[None]:  # noqa: N802
        consumer.write(self._content)
        return defer.succeed(None)

    def pauseProducing(self) -> None:  # noqa: N802
        pass

    def resumeProducing(self) -> None:  # noqa: N802
        pass

    def stopProducing(self) -> None:  # noqa: N802
        pass


def _whole(response: Any) -> defer.Deferred[tuple[int, bytes]]:
    """Status and body of an answer; cancelled, it ends the connection."""
    reading = _Reading(response.code)
    response.deliverBody(reading)
    return reading.done


class _Reading(protocol.Protocol):
    """Gathers a body that is no longer than it may be."""

    def __init__(self, status: int) -> None:
        self._status = status
        self._kept = bytearray()
        self.done: defer.Deferred[tuple[int, bytes]] = defer.Deferred(self._cancel)

    def _cancel(self, _: object) -> None:
        self.transport.loseConnection()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        self._kept += data
        if len(self._kept) > ANSWER_BYTES_MAX and not self.done.called:
            self.done.errback(ValueError("too long"))
            self.transport.loseConnection()

    def connectionLost(self, reason: Any = protocol.connectionDone) -> None:  # noqa: N802
        if self.done.called:
            return
        if reason.check(ResponseDone):
            self.done.callback((self._status, bytes(self._kept)))
        else:
            self.done.errback(reason)


def _verdict(answer: Json) -> Verdict:
    """What Ombud answered, as far as it can be used. Raises ValueError for no verdict."""
    action = answer.get("action")
    if action not in ("allow", "hold", "refuse"):
        raise ValueError("no action")
    notice, decision = (
        each if isinstance(each, str) else None
        for each in (answer.get("notice"), answer.get("decision"))
    )
    return Verdict(action, notice, decision, answer.get("degraded") is True)


def _detail(error: Exception) -> str:
    code = getattr(error, "code", None)
    return type(error).__name__ if code is None else f"{code} {_code(error)}".strip()


def _code(error: Exception) -> str:
    """The code of Ombud's own error, where it is one: E020, U040."""
    try:
        found = json.loads(error.response)["error"]["code"]
    except (AttributeError, LookupError, TypeError, ValueError):
        return ""
    return found if isinstance(found, str) and found.isalnum() and len(found) <= 4 else ""
