"""People who ask, from their own account, what was decided about them; and the link they get.

That a homeserver says an account wrote to ours, or began a chat with it, is the proof that it is
theirs: the answer goes where that account alone can read it. It is the same whether anything is
known of the account or not. Who asks often is answered a few times, and who asked is forgotten with
the process: nothing here is written, and nothing here may ever see what somebody wrote.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable

from ombud import clock, i18n, ids
from ombud.clock import HOUR, MINUTE
from ombud.connectors.matrix import Asked, MatrixConnector
from ombud.connectors.matrix_direct import Asking
from ombud.connectors.matrix_events import server_of
from ombud.doors import Doors
from ombud.model import Connector
from ombud.paces import Pace

WAITING_MAX = 1000  # askings that were not looked at yet; what comes beyond them is let go
OF_ONE = 3  # answers to one account within OFTEN
OFTEN = 10 * MINUTE
OF_A_SERVER = 120  # answers to the accounts of one server within an hour
ROOMS_KEPT = 1000  # rooms that are known to be nobody's
CLOSE_SECONDS = 10.0

_log = logging.getLogger(__name__)


class Askings:
    """Answers who asks, one after the other, on a thread of its own. `connector` finds the way to
    a platform.
    """

    def __init__(
        self,
        doors: Doors,
        connector: Callable[[str], Connector | None],
        now: Callable[[], int] = clock.now,
    ) -> None:
        self._doors = doors
        self._connector = connector
        self._now = now
        self._one, self._servers = Pace(OF_ONE, OFTEN), Pace(OF_A_SERVER, HOUR)
        self._joins = Pace(OF_ONE, OFTEN)
        self._nobodys: OrderedDict[tuple[str, str], None] = OrderedDict()  # rooms for many
        self._waiting: queue.Queue[tuple[str, Asking] | None] = queue.Queue(WAITING_MAX)
        self._thread = threading.Thread(target=self._loop, name="askings", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Answer nobody more; wait a little for the one that is under way."""
        while True:
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                break
        self._waiting.put(None)
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)

    def put(self, platform: str, asked: Iterable[Asking]) -> None:
        """People of a platform ask. Never blocks."""
        for each in asked:
            if (platform, each.room) in self._nobodys:
                continue
            try:
                self._waiting.put_nowait((platform, each))
            except queue.Full:
                return  # they can ask again

    def _loop(self) -> None:
        while (found := self._waiting.get()) is not None:
            try:
                self.answer(*found)
            except Exception as error:  # noqa: BLE001 -- one asking is not answered, the others are
                _log.warning("An answer failed", extra={"fields": {"why": type(error).__name__}})

    def answer(self, platform: str, asking: Asking) -> None:
        """Answer one, unless they were answered a moment ago. Of who has joined their room it is
        noted that they have what waited there.
        """
        now, account = self._now(), asking.account
        connector = self._connector(platform)
        if not isinstance(connector, MatrixConnector):
            return
        pace = self._joins if asking.joined else self._one
        if pace.wait(f"{platform} {account}", now):
            return
        if asking.room and not self._theirs(platform, asking, connector):
            return
        if asking.joined:
            self._doors.reached(platform, account)
            return
        if self._servers.wait(f"{platform} {server_of(account)}", now):
            return
        self._tell(platform, asking, connector, now)

    def _theirs(self, platform: str, asking: Asking, connector: MatrixConnector) -> bool:
        """Whether somebody is in their own room. One that is nobody's is known again: what is said
        where the account follows many people costs nothing, and keeps nobody waiting.
        """
        theirs = connector.is_of(asking.account, asking.room)
        if theirs is False:
            self._nobodys[platform, asking.room] = None
            while len(self._nobodys) > ROOMS_KEPT:
                self._nobodys.popitem(last=False)
        return theirs is True

    def _tell(self, platform: str, asking: Asking, connector: MatrixConnector, now: int) -> None:
        account = asking.account
        lang = self._doors.lang_of(platform, account)
        told = Asked(
            type="asked",
            key=ids.new_id("ask"),
            account=account,
            lang=lang,
            title=i18n.say("asked.title", lang, community=self._doors.name()),
            text=i18n.say("asked.text", lang),
            link=self._doors.list_link(platform, account),
            now=now,
        )
        outcome = connector.answer(asking, told)
        if outcome.state not in ("delivered", "sent"):
            _log.info("Somebody who asked got no answer", extra={"fields": {"why": outcome.detail}})
