"""A policy list of one's own on Matrix: a running server keeps it as it should be, on a thread of
its own.

What stands in the room under Ombud's name is held against what may stand there, so that nothing is
written twice, what ended is taken back whatever happened in between, and what others write there is
left alone. Whoever it is about is told first: it stands on a page of theirs, whose link has gone
out to them. This module must never publish before that, and never stop because one homeserver or
one account failed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import closing
from urllib.parse import quote

from ombud import advice, config
from ombud.advice import Advice, Given, TakenBack
from ombud.app import KEY_FILE
from ombud.config import STORE_FILE
from ombud.connectors import matrix_policies
from ombud.connectors.matrix_client import Client, Said
from ombud.rounds import HomeserverRounds
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

REFUSED_ALONE = (400, 413)  # answers to one entry, which say nothing of the next one
_log = logging.getLogger(__name__)


class Advising(HomeserverRounds):
    """Keeps the lists, from `start` to `close`."""

    def seconds(self, settings: config.MatrixConnector) -> float:
        """As often as the settings say."""
        return settings.policies.seconds

    def look(self, name: str, settings: config.MatrixConnector) -> int:
        """Bring the list of one homeserver up to date; how many entries came or went."""
        folder, own = self._doors.engine.folder, settings.policies
        with (
            closing(Store(folder / STORE_FILE, readonly=True)) as store,
            closing(KeyFile(folder / KEY_FILE, readonly=True)) as keys,
        ):
            stood = {row[0]: row[1] for row in store.all("advices", (name,))}
            if not own.publish and not stood:
                return 0
            possible = {}
            if own.publish:
                possible = advice.possible(store, keys, name, own.clauses)
        rooms = sorted({own.publish, *stood.values()} - {""})
        done, wrong = 0, list[Said]()
        with self.asking(name, settings) as client:
            if client is None:
                return 0
            for room in rooms:
                here = possible if room == own.publish else {}
                done += self._keep(client, settings, room, stood, here, wrong)
        engine, why = self._doors.engine, wrong[0].outcome().detail if wrong else ""
        engine.unread.tell(name, "", why, engine.now())
        return done

    def _keep(
        self,
        client: Client,
        settings: config.MatrixConnector,
        room: str,
        stood: dict[str, str],
        possible: dict[str, Advice],
        wrong: list[Said],
    ) -> int:
        """Bring one room up to date: what ended goes first, then who is new is told, then others
        are. What went wrong is added to `wrong`.
        """
        engine = self._doors.engine
        current = matrix_policies.told_by(client, room, settings.account)
        if isinstance(current, Said):
            return _failed(current, wrong)
        wanted: dict[str, Advice] = {}
        for each in possible.values():
            wanted.setdefault(each.account, each)
        for account in current.keys() - wanted.keys():
            said = matrix_policies.tell(client, room, account, None)
            if not said.good:
                return _failed(said, wrong)
        for decision, where in stood.items():
            if where == room and decision not in possible:
                engine.change(TakenBack(decision))
        told = {
            each.account
            for each in possible.values()
            if stood.get(each.decision) == room or engine.change(Given(each.decision, room))
        }
        changed = {
            account: (one.decision, reason)
            for account, one in wanted.items()
            if account in told and current.get(account) != (reason := self._reason(one.clause))
        }
        done, untold = len(current.keys() - wanted.keys()), self._untold(changed.values())
        for account, (decision, reason) in changed.items():
            if decision in untold:
                continue
            said = matrix_policies.tell(client, room, account, reason)
            done += said.good
            if not said.good:
                _failed(said, wrong)
                if said.status not in REFUSED_ALONE:
                    return done
        return done

    def _untold(self, changed: Iterable[tuple[str, str]]) -> set[str]:
        """Those whose person has yet to get the link of the page that says they are published."""
        with closing(Store(self._doors.engine.folder / STORE_FILE, readonly=True)) as store:
            return {each for each, _ in changed if store.one("advice_untold", (each,)) is not None}

    def _reason(self, clause: str) -> str:
        """The clause, and where everybody can read it."""
        url = self._doors.settings.public_url.rstrip("/")
        return (
            f"{clause} {url}/transparency/rules/history?clause={quote(clause)}" if url else clause
        )


def _failed(said: Said, wrong: list[Said]) -> int:
    _log.info("the policy list cannot be kept now: %s", said.outcome().detail)
    wrong.append(said)
    return 0
