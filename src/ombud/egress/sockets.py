"""Opens the connections: a name is looked up once, and only a checked address is gone to.

The classes are what httpcore asks of a network. It hands a request's time limits through to them as
they are, and Ombud gives it an instant of the monotonic clock instead of a number of seconds: one
deadline for the whole exchange instead of a new limit for every read, which a byte a second would
never reach. No other module may open a socket to the outside; this one must never look a name up a
second time between the check and the connection.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Any

import httpcore2

from ombud.egress.addresses import Address, Network, permitted

ADDRESSES_MAX = 8  # of one name; more are not tried
LOOKUPS_MAX = 8  # at one time

Resolve = Callable[[str, int], Sequence[str]]


def system_resolver(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, in the order in which the system would try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class RefusedAddress(httpcore2.ConnectError):
    """A name leads to an address that may not be reached."""


class _Lookups:
    """Looks names up on threads of their own, since the system's resolver knows no deadline.

    Whoever asks for a name while it is being looked up shares the answer; nothing is kept.
    """

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._lock = threading.Lock()
        self._running: dict[tuple[str, int], Future[list[Address]]] = {}

    def ask(self, host: str, port: int, until: float) -> list[Address]:
        """The addresses of a name; httpcore's errors where it is not found by `until`."""
        with self._lock:
            found = self._running.get((host, port))
            if found is None:
                if len(self._running) >= LOOKUPS_MAX:
                    raise httpcore2.ConnectTimeout("too many names are being looked up")
                found = self._running[host, port] = Future()
                threading.Thread(
                    target=self._run, args=(found, host, port), name="look-up", daemon=True
                ).start()
        try:
            return found.result(seconds_left(until, httpcore2.ConnectTimeout))
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout("the name was not found in time") from error
        except (OSError, ValueError) as error:
            raise httpcore2.ConnectError(error) from error

    def _run(self, found: Future[list[Address]], host: str, port: int) -> None:
        addresses: list[Address] = []
        problem: OSError | ValueError | None = None
        try:
            addresses = [ipaddress.ip_address(each) for each in self._resolve(host, port)]
        except (OSError, ValueError) as error:
            problem = error
        finally:
            with self._lock:
                del self._running[host, port]
            if problem is None:
                found.set_result(addresses)
            else:
                found.set_exception(problem)


def seconds_left(until: float | None, late: type[httpcore2.TimeoutException]) -> float:
    """The seconds left until a deadline; raises `late` where there are none."""
    left = 0.0 if until is None else until - time.monotonic()
    if left <= 0:
        raise late("the deadline has passed")
    return left


class _Stream(httpcore2.NetworkStream):
    """A connection each of whose steps ends by the deadline."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, seconds_left(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        connection: socket.socket = self._inner.get_extra_info("socket")
        rest = memoryview(buffer)
        while rest:
            connection.settimeout(seconds_left(timeout, httpcore2.WriteTimeout))
            try:
                rest = rest[connection.send(rest) :]
            except TimeoutError as error:
                raise httpcore2.WriteTimeout("the deadline has passed") from error
            except OSError as error:
                raise httpcore2.WriteError(error) from error

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = seconds_left(timeout, httpcore2.ConnectTimeout)
        try:
            return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))
        except ValueError as error:  # a name that no certificate can bear
            self.close()
            raise httpcore2.ConnectError("no certificate can bear this name") from error

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Sockets(httpcore2.NetworkBackend):
    """Opens connections: looks the name up once, checks every address, and goes to one of them."""

    def __init__(self, allow: Sequence[Network], resolve: Resolve) -> None:
        self._allow = allow
        self._lookups = _Lookups(resolve)
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to one of the host's addresses, all of which were checked; `timeout` is the
        deadline. Raises RefusedAddress where one of them may not be reached.
        """
        until = timeout if timeout is not None else time.monotonic()
        addresses = self._checked(host, port, until)
        problem: httpcore2.ConnectError | httpcore2.ConnectTimeout | None = None
        for done, address in enumerate(addresses):
            share = seconds_left(until, httpcore2.ConnectTimeout) / (len(addresses) - done)
            try:
                return _Stream(
                    self._inner.connect_tcp(
                        str(address), port, share, local_address, socket_options
                    )
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                problem = error
        raise problem or httpcore2.ConnectError("the name has no address")

    def _checked(self, host: str, port: int, until: float) -> list[Address]:
        """The addresses to try. One that is refused spoils them all: such a name is not honest."""
        try:
            addresses: list[Address] = [ipaddress.ip_address(host)]
        except ValueError:
            addresses = self._lookups.ask(host, port, until)
        for each in addresses:
            if not permitted(each, self._allow):
                raise RefusedAddress(
                    f"{each} is not a public address; name it under `allow` if it is yours"
                )
        return addresses[:ADDRESSES_MAX]
