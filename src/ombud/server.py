"""One community's server: engine, doors, pages and deliveries in one process, until it is told to
stop.

The parts are opened in the order in which they rest on each other, and closed backwards: first
nothing new comes in, then what came is answered, then what waits is committed and the head of the
log is published. This module must never lose an event that was acknowledged, and never print.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, cast

import uvicorn
import uvloop

from ombud import session, staffing
from ombud.advising import Advising
from ombud.catchup import Catchup
from ombud.chatting import Chatting
from ombud.deliveries import Deliveries
from ombud.demonstration import prepare
from ombud.doors import Doors
from ombud.entrance import Entrance
from ombud.errors import BadUse, catalogue
from ombud.flagging import Flagging
from ombud.following import Following
from ombud.homewatch import Homewatch
from ombud.live import Live
from ombud.retention import Retention
from ombud.staff.people import ADMIN
from ombud.web import logs
from ombud.web.api import Api
from ombud.web.connections import Connection
from ombud.web.exchange import App
from ombud.web.front import Front
from ombud.web.metrics import Metrics
from ombud.web.pages import application
from ombud.witnessing import Witnessing

catalogue(
    U056=(
        "Nothing can listen on {address}: {detail}.",
        "Stop what listens there, or take another --host or --port.",
    ),
)

FILES_WANTED = 16_384  # open at once: connections, and what the store needs
FILES_KEPT = 256  # of them not for connections
CONNECTIONS_MAX = 4096
BACKLOG = 2048
KEEP_ALIVE_SECONDS = 30
STOP_SECONDS = 10  # for requests in flight
SWITCH_SECONDS = 0.0005  # between threads: the writer and the loop share one interpreter


class Part(Protocol):
    """Something that runs beside the doors: the sender of actions and notices."""

    def start(self) -> object:
        """Begin to work."""

    def close(self) -> object:
        """End."""


Pages = Callable[[Doors], App]
Parts = Sequence[Callable[[Doors], Part]]


class Server:
    """One community, served. `pages` and `parts` are made once the engine runs. With
    `accounts` people log in here: while there are none, each start makes a new link for the first.
    """

    def __init__(
        self,
        folder: Path,
        host: str = "127.0.0.1",
        port: int = 8420,
        *,
        pages: Pages | None = None,
        parts: Parts = (),
        log_level: str = "info",
        by: str = ADMIN,
        accounts: bool = False,
    ) -> None:
        self._folder = folder
        self._host = host
        self._port = port
        self._pages = pages
        self._parts = parts
        self._log_level = log_level
        self._by = by
        self._accounts = accounts  # whether people log in here
        self.first_link = ""  # by which the first account is made, where there are none
        self._running: _Uvicorn | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = threading.Event()

    def run(self, listening: Callable[[str], object] = lambda _: None) -> None:
        """Serve until told to stop; `listening` is called with the address once requests are taken.

        Raises BadUse U056 where the address cannot be had, and what `Engine` raises.
        """
        connections = raise_file_limit()
        with _signals_kept(), ExitStack() as opened:
            bound = opened.enter_context(contextlib.closing(bind(self._host, self._port)))
            address = address_of(bound)
            engine = opened.enter_context(session.engine(self._folder, by=self._by))
            engine.address = address
            opened.enter_context(_switching(SWITCH_SECONDS))
            doors = opened.enter_context(contextlib.closing(Doors(engine, address)))
            for make in self._parts:
                part = make(doors)
                opened.callback(part.close)
                part.start()
            if self._accounts and not engine.staff:
                path, _ = staffing.first_link(engine, engine.wall())
                self.first_link = staffing.base(engine) + path
            logs.configure(self._log_level)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._serve(doors, bound, connections, lambda: listening(address)))

    def stop(self) -> None:
        """Stop as after SIGTERM. May be called from any thread, and before the server runs."""
        self._stopped.set()
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # it has stopped
                loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        if self._running is not None:
            self._running.should_exit = True

    async def _serve(
        self, doors: Doors, bound: socket.socket, connections: int, listening: Callable[[], object]
    ) -> None:
        metrics = Metrics()
        api = Api(doors, metrics, self._stopped.is_set)
        pages = None if self._pages is None else self._pages(doors)
        config = uvicorn.Config(
            Front(api, metrics, pages),
            http=Connection,
            ws="none",
            interface="asgi3",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=BACKLOG,
            limit_concurrency=connections,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        self._running = _Uvicorn(config, listening)
        self._loop = asyncio.get_running_loop()
        self._running.should_exit = self._stopped.is_set()
        try:
            with self._signals(self._loop):
                await self._running.serve(sockets=[bound])
        finally:
            await api.close()

    @contextlib.contextmanager
    def _signals(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """SIGTERM and SIGINT stop the server; a second SIGINT ends the process at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop() -> None:
            loop.remove_signal_handler(signal.SIGINT)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            self.stop()

        loop.add_signal_handler(signal.SIGINT, stop)
        loop.add_signal_handler(signal.SIGTERM, stop)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGTERM)
            loop.remove_signal_handler(signal.SIGINT)
            # What follows takes a moment and ends by itself; who asked twice may not cut it short.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)


@contextlib.contextmanager
def _signals_kept() -> Iterator[None]:
    """Signals mean to the process afterwards, and to what it starts, what they meant before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class _Uvicorn(uvicorn.Server):
    """uvicorn, with our own signals, and a word once it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], object]) -> None:
        super().__init__(config)
        self._listening = listening

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `Server`: uvicorn would raise them again, before anything is closed."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        if self.started:
            self._listening()


def of_community(
    folder: Path, host: str, port: int, log_level: str = "info", by: str = ADMIN
) -> Server:
    """The server of a community as `ombud serve` runs it: doors, pages and deliveries. `by` names
    who activates what is new.
    """

    def pages(doors: Doors) -> App:
        entrance = Entrance(doors.engine)
        return cast("App", application(doors, entrance=entrance, homes=doors.homes))

    parts = (
        Deliveries,
        Flagging,
        Catchup,
        Following,
        Advising,
        Chatting,
        Homewatch,
        Witnessing,
        lambda doors: Retention(doors.engine),
    )
    return Server(
        folder, host, port, pages=pages, parts=parts, log_level=log_level, by=by, accounts=True
    )


def of_demonstration(
    folder: Path, host: str, port: int, *, events: int, seed: int, rate: float
) -> Server:
    """A simulated community in a folder of its own, with the page that watches it."""
    happening: list[Live] = []

    def live(doors: Doors) -> Live:
        happening.append(Live(doors, events, seed, rate))
        return happening[0]

    def pages(doors: Doors) -> App:
        return cast("App", application(doors, demo=happening[0].state))

    prepare(folder)
    return Server(folder, host, port, pages=pages, parts=(Deliveries, live), log_level="warning")


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to an address, not listening yet. Raises BadUse U056."""
    shown = f"{host}:{port}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        bound = socket.socket(family, socket.SOCK_STREAM)
    except (OSError, UnicodeError, OverflowError) as error:
        raise BadUse("U056", shown, address=shown, detail=_reason(error)) from None
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)
        bound.setblocking(False)
    except OSError as error:
        bound.close()
        raise BadUse("U056", shown, address=shown, detail=_reason(error)) from None
    return bound


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "something else listens there"
    return (getattr(error, "strerror", None) or str(error)).rstrip(".").lower()


def address_of(bound: socket.socket) -> str:
    """Where a socket is reached, as a URL."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if bound.family == socket.AF_INET6 else f"http://{host}:{port}"


def raise_file_limit() -> int:
    """Let the process open as many files as it may, and say how many connections that allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_WANTED if hard == resource.RLIM_INFINITY else min(FILES_WANTED, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(16, min(CONNECTIONS_MAX, soft - FILES_KEPT))


@contextlib.contextmanager
def _switching(seconds: float) -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(seconds)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
