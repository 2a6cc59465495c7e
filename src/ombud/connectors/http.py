"""The connector for platforms that take signed webhooks: one POST for each action and notice.

What is sent, how it is verified and what to answer stands in `docs/reference/webhooks.md`. Every
attempt for one call bears the same key and a signature of its own time. This module must never
follow a redirect, and never keep what an answer says beyond its status and state.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ombud import egress
from ombud.clock import SECOND
from ombud.config import HttpConnector as Settings
from ombud.connectors import capabilities, signature
from ombud.egress import addresses
from ombud.model import Call, Capability, Outcome

KEY_HEADER = "ombud-key"
SIGNATURE_HEADER = "ombud-signature"
RETRIED = frozenset({408, 409, 425, 429})
WAIT_SECONDS_MAX = 3600
_HINTS = {
    401: "; does the platform know the secret?",
    403: "; does the platform know the secret?",
    404: "; is the URL right?",
    410: "; is the URL right?",
}


def check(settings: Settings, name: str) -> None:
    """Refuse settings that no connector can be made from, as its constructor does, at little cost.

    `name` is what the settings call it. Raises BadUse U030 to U032.
    """
    where = f"connectors.{name}"
    egress.place(settings.url, f"{where}.url")
    capabilities.of_webhooks(settings.actions, f"{where}.actions")
    addresses.networks(settings.allow, f"{where}.allow")


class _Said(msgspec.Struct):
    """The body of an answer, as far as it matters."""

    state: str = ""


class HttpConnector:
    """A platform behind webhooks, as `model.Connector`; for any number of threads.

    `name` is what the settings call it. Raises BadUse U030 to U032 where they cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        secret: bytes,
        *,
        name: str = "http",
        resolve: egress.Resolve = egress.system_resolver,
    ) -> None:
        where = f"connectors.{name}"
        self._secret = secret
        self._seconds = settings.timeout_seconds
        self._place = egress.place(settings.url, f"{where}.url")
        self._capabilities = capabilities.of_webhooks(settings.actions, f"{where}.actions")
        self._egress = egress.Egress(settings.allow, where=f"{where}.allow", resolve=resolve)

    @property
    def capabilities(self) -> Mapping[str, Capability]:
        """By action; what is not listed cannot be done."""
        return self._capabilities

    def send(self, call: Call, now: int) -> Outcome:
        """Send one call, signed as of the instant `now`, and say what became of it."""
        headers = signed(self._secret, call.key, call.body, now)
        answer = self._egress.send(self._place, headers, call.body, seconds=self._seconds)
        return outcome(call, answer)

    def close(self) -> None:
        """Close every connection."""
        self._egress.close()


def signed(secret: bytes, key: str, body: bytes, now: int) -> dict[str, str]:
    """The headers of one request under a stable key, signed as of the instant `now`."""
    return {
        "content-type": "application/json",
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": "Ombud",
        KEY_HEADER: key,
        SIGNATURE_HEADER: signature.sign(secret, body, now // SECOND),
    }


def outcome(call: Call, answer: egress.Answer | egress.Trouble) -> Outcome:
    """What an answer, or none, means for a call."""
    if isinstance(answer, egress.Trouble):
        never = answer.kind in ("too-large", "bad-request")
        return Outcome(state="refused" if never else "retry", detail=answer.detail)
    status = answer.status
    if 200 <= status <= 299:
        return _taken(call, answer)
    if status in RETRIED or status >= 500:
        wait = _wait(answer.headers.get("retry-after", ""))
        return Outcome(state="retry", detail=f"answered {status}", wait=wait)
    if status < 400:
        return Outcome(state="refused", detail=f"answered {status}; redirects are not followed")
    return Outcome(state="refused", detail=f"answered {status}{_HINTS.get(status, '')}")


def _taken(call: Call, answer: egress.Answer) -> Outcome:
    try:
        state = msgspec.json.decode(answer.body, type=_Said).state
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Outcome(state="delivered")
    if state == "confirmed":
        return Outcome(state="confirmed")
    if state == "undeliverable" and call.type != "action":
        return Outcome(state="undeliverable", detail="no channel reaches this person")
    return Outcome(state="delivered")


def _wait(value: str) -> int | None:
    """`Retry-After` in seconds; None where it is absent, a date or nonsense."""
    if not value.isascii() or not value.isdigit():
        return None
    return min(int(value[:10]), WAIT_SECONDS_MAX)
