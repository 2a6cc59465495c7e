"""New accounts are told of after they are made: what is wrong with one is for a person to see.

Nobody is refused at registration, since no reason could reach them there. Which accounts there are
is Synapse's own table of them; in one beside it stands from when on they are to be told of. So
nothing is lost with Synapse's process, and what is told twice is known to Ombud by its id. This
module must never tell more of an account than its id and when it was made, and never write into a
table of Synapse's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from synapse.module_api import ModuleApi

from ombud_synapse.asking import Asking
from ombud_synapse.settings import Settings

T = TypeVar("T")
logger = logging.getLogger(__name__)

TOGETHER = 100  # accounts that are looked up at once
TELL_SECONDS = 10.0
AGAIN_SECONDS = (1.0, 5.0, 15.0)
LATE_SECONDS = 60  # by which an account may be in the table after one that was made later
START_MS = 100
MAKE = "CREATE TABLE IF NOT EXISTS ombud_told (platform TEXT PRIMARY KEY, since BIGINT NOT NULL)"
BEGIN = "INSERT INTO ombud_told (platform, since) VALUES (?, ?) ON CONFLICT (platform) DO NOTHING"
SINCE = "SELECT since FROM ombud_told WHERE platform = ?"
MOVE = "UPDATE ombud_told SET since = ? WHERE platform = ? AND since < ?"
# Oldest first, those of one second by name; what a bridge makes is nobody who registered.
ACCOUNTS = """SELECT name, creation_ts FROM users
WHERE (creation_ts > ? OR (creation_ts = ? AND name > ?)) AND appservice_id IS NULL
ORDER BY creation_ts, name LIMIT ?"""


class Account(NamedTuple):
    """An account, and the second in which it was made."""

    name: str
    made: int


class Registrations:
    """The accounts that Ombud has yet to hear of."""

    def __init__(self, settings: Settings, api: ModuleApi, asking: Asking) -> None:
        self._platform = settings.platform
        self._api = api
        self._asking = asking
        self._since: int | None = None  # from which second on accounts are looked up
        self._told: dict[str, int] = {}  # those among them that were told of by this process
        self._wanted = False  # there may be something new
        self._busy = False
        if api.should_run_background_tasks():
            api.delayed_background_call(START_MS, self._wake, desc="ombud_registrations")

    async def note(self, _: str) -> None:
        """Synapse has made an account; returns at once."""
        await self._wake()

    async def _wake(self) -> None:
        self._wanted = True
        if not self._busy:
            self._busy = True
            self._api.run_as_background_process("ombud_registrations", self._tell_all)

    async def _tell_all(self) -> None:
        tries = 0
        try:
            while self._wanted:
                self._wanted = False
                if await self._told_all():
                    tries = 0
                    continue
                self._wanted = True
                await self._api.sleep(AGAIN_SECONDS[min(tries, len(AGAIN_SECONDS) - 1)])
                tries += 1
        finally:
            self._busy = False

    async def _told_all(self) -> bool:
        """Tell of every account that is new; False where that is to be tried again."""
        try:
            return await self._tell_new()
        except Exception as error:  # noqa: BLE001 -- a database that is busy, or ends
            logger.warning("New accounts cannot be looked up now (%s)", type(error).__name__)
            return False

    async def _tell_new(self) -> bool:
        if self._since is None:
            now = self._api.get_current_time_msec() // 1000
            self._since = await self._ask(_begin, self._platform, now)
        last = Account("", self._since)
        while found := await self._ask(_accounts, last):
            for each in found:
                if each.name not in self._told:
                    if not await self._asking.tell(TELL_SECONDS, self._event(each)):
                        return False
                    self._told[each.name] = each.made
            last = found[-1]
            self._since = max(self._since, last.made - LATE_SECONDS)
            await self._ask(_move, self._platform, self._since)
        self._told = {name: made for name, made in self._told.items() if made >= self._since}
        return True

    async def _ask(self, what: Callable[..., T], *with_: object) -> T:
        found: T = await self._api.run_db_interaction("ombud_registrations", what, *with_)
        return found

    def _event(self, account: Account) -> dict[str, Any]:
        made = datetime.fromtimestamp(account.made, UTC).isoformat()
        return {
            "specversion": "1.0",
            "id": f"registered/{account.name}"[:255],
            "source": f"{self._platform}/{self._api.server_name}"[:255],
            "type": "account.created",
            "time": made,
            "data": {"author": {"id": account.name, "created": made}},
        }


def _begin(transaction: Any, platform: str, now: int) -> int:
    """From when on; of the first start, from then on: who was there before has not come now."""
    transaction.execute(MAKE)
    transaction.execute(BEGIN, (platform, now))
    transaction.execute(SINCE, (platform,))
    return int(transaction.fetchone()[0])


def _accounts(transaction: Any, after: Account) -> list[Account]:
    transaction.execute(ACCOUNTS, (after.made, after.made, after.name, TOGETHER))
    return [Account(*row) for row in transaction]


def _move(transaction: Any, platform: str, since: int) -> None:
    transaction.execute(MOVE, (since, platform, since))
