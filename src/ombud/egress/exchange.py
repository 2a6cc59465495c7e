"""One request and its answer, before one deadline; what goes wrong is a value.

This module must never send anything twice, follow a redirect, or repeat in a detail what a URL's
path, a header or an answer said.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import httpcore2

from ombud.egress.addresses import Place, networks
from ombud.egress.sockets import RefusedAddress, Resolve, Sockets, system_resolver

REQUEST_BYTES_MAX = 1024 * 1024
ANSWER_BYTES_MAX = 64 * 1024
DETAIL_LENGTH_MAX = 200
CONNECTIONS_MAX = 8
IDLE_SECONDS = 20.0
HEADERS_KEPT = frozenset({"retry-after", "etag", "last-modified"})

Kind = Literal[
    "refused-address", "unreachable", "timeout", "too-large", "bad-request", "bad-answer"
]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: of the body as much as was asked for, and the headers of HEADERS_KEPT.
    `cut` where there was more of the body.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing came back. "too-large" and "bad-request" are about what was to be sent.

    `detail` is printable, at most 200 characters, and holds nothing of the URL's path, of a header
    or of the answer.
    """

    kind: Kind
    detail: str


class Egress:
    """Requests to the places one connector knows; connections are kept and used again.

    `allow`: addresses and networks that may be reached although they are not public. May be used by
    several threads. Raises BadUse U030 where `allow` cannot be read.
    """

    def __init__(
        self,
        allow: Iterable[str] = (),
        *,
        where: str = "allow",
        resolve: Resolve = system_resolver,
    ) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpcore2.default_ssl_context(),
            max_connections=CONNECTIONS_MAX,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=Sockets(networks(allow, where), resolve),
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    def send(
        self,
        to: Place,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        seconds: float,
        method: str = "POST",
        answer_bytes: int = ANSWER_BYTES_MAX,
    ) -> Answer | Trouble:
        """Send one request and read its answer, all within so many seconds. Never raises.

        Of the answer's body at most `answer_bytes` are read; where there is more, the connection is
        closed. Nothing is sent a second time.
        """
        if len(body) > REQUEST_BYTES_MAX:
            return Trouble("too-large", f"more than {REQUEST_BYTES_MAX} bytes were to be sent")
        lines = {"host": to.authority, "content-length": str(len(body)), **headers}
        for name, value in lines.items():
            if not (name + value).isascii() or not (name + value).isprintable():
                return Trouble("bad-request", "a header is not plain ASCII text")
        until = time.monotonic() + seconds
        limits = {"connect": until, "read": until, "write": until, "pool": seconds}
        request = httpcore2.Request(
            method,
            httpcore2.URL(
                scheme="https" if to.secure else "http",
                host=to.host,
                port=to.port,
                target=to.target,
            ),
            headers=list(lines.items()),
            content=body,
            # A name may end in a dot; a certificate's never does.
            extensions={"timeout": limits, "sni_hostname": to.host.rstrip(".")},
        )
        try:
            return self._exchange(request, answer_bytes)
        except RefusedAddress as error:
            return Trouble("refused-address", _plain(str(error)))
        except httpcore2.TimeoutException:
            return Trouble("timeout", f"no whole answer within {seconds:g} seconds")
        except httpcore2.LocalProtocolError:
            return Trouble("bad-request", "this cannot be sent as HTTP")
        except httpcore2.ProtocolError:
            return Trouble("bad-answer", "what came back is not HTTP, or was cut off")
        except httpcore2.NetworkError as error:
            return Trouble("unreachable", _reason(error))

    def _exchange(self, request: httpcore2.Request, limit: int) -> Answer | Trouble:
        response = self._pool.handle_request(request)
        body = bytearray()
        try:
            if not 200 <= response.status <= 599:
                return Trouble("bad-answer", f"the status {response.status} means nothing here")
            for piece in response.iter_stream():
                body += piece
                if len(body) > limit:
                    break
        finally:
            response.close()
        cut = len(body) > limit
        return Answer(response.status, bytes(body[:limit]), _kept(response), cut)


def _kept(response: httpcore2.Response) -> Mapping[str, str]:
    """The headers that are of use, the first of each name."""
    found: dict[str, str] = {}
    for name, value in response.headers:
        known = name.decode("ascii", "replace").lower()
        if known in HEADERS_KEPT:
            found.setdefault(known, _plain(value.decode("latin-1")))
    return found


def _reason(error: httpcore2.NetworkError) -> str:
    """Why nobody was reached, in the system's words: httpcore carries its error as an argument."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _plain(f"its certificate is not good: {cause.verify_message}")
    if isinstance(cause, OSError) and cause.strerror:
        return _plain(cause.strerror)
    return _plain(str(error)) or "the connection failed"


def _plain(text: str) -> str:
    """Printable and short, whatever it was."""
    return "".join(each if each.isprintable() else "?" for each in text[:DETAIL_LENGTH_MAX])
