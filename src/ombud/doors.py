"""What the doors may ask of a running engine: hand events in, ask before publication, appeal,
report, look statements up.

One object between the web and the engine, so that the web needs to know neither the store nor the
keys. It reads through connections of its own: one for people's pages, one for what is published,
one for figures, so that nobody who watches the process waits for a page. This module must never
decide anything, and never give anybody more than the page of their own link, or a platform more
than its own accounts.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol

from ombud import appeals, changes, chatwork, clock, journal, notices, publicrules, transparency
from ombud.access import PlatformKey
from ombud.app import KEY_FILE, Engine
from ombud.config import MatrixConnector, Settings
from ombud.connectors import kinds
from ombud.connectors.matrix_asked import Memory
from ombud.connectors.matrix_chat import Word
from ombud.connectors.matrix_client import Client
from ombud.connectors.matrix_direct import Asking
from ombud.connectors.matrix_scope import Rooms
from ombud.controls import programs
from ombud.enrichment import Item
from ombud.errors import BadUse
from ombud.homes import Homes
from ombud.model import Capability
from ombud.reading import Reader
from ombud.statement_list import StatementList, StatementLists
from ombud.statement_page import StatementPage, StatementPages
from ombud.store.keyfile import KeyFile
from ombud.transaction import Answer

LINK = "/notice/"
LIST = "/statements/"
REFUSED = {"U022": "unknown", "U023": "unknown", "U024": "closed", "U025": "too many"}  # appeals


class Sending(Protocol):
    """What brings actions and notices out (deliveries.Deliveries)."""

    @property
    def running(self) -> bool:
        """Whether anything is sent at all."""

    def asked(self, platform: str, askings: Sequence[Asking]) -> None:
        """People ask from their own accounts what was decided about them. Never blocks."""


class Doors:
    """The engine as the web sees it. `address` is where the server listens: links lead there unless
    `public_url` is set.
    """

    def __init__(self, engine: Engine, address: str) -> None:
        self.engine = engine
        self.address = address
        self.sending: Sending | None = None  # whoever sends says so here
        self.homes = Homes()
        self.memory = Memory()
        self.rooms = Rooms(self._opened)
        self._reader = Reader(engine.folder)  # of people's pages
        self._pages = StatementPages(self._reader.store, self._reader.keys)
        self._lists = StatementLists(self._reader.store, self._reader.keys, self.link)
        self._reading = threading.Lock()  # a reader has one connection
        self._figures = Reader(engine.folder)
        self._counting = threading.Lock()
        self._heard = Reader(engine.folder)
        self._hearing = threading.Lock()
        self._public = Reader(engine.folder)
        self._publishing = threading.Lock()
        self._figures_told = clock.Kept(self._figures_made, clock.MINUTE)
        self._rules_told = clock.Kept(self._rules_made, clock.MINUTE)
        self._refused_told = clock.Kept(self._refused_made, clock.MINUTE)
        self._register_told = clock.Kept(self._register_made, clock.MINUTE)

    def close(self) -> None:
        """Close the readers."""
        self._reader.close()
        self._heard.close()
        self._public.close()
        self._figures.close()

    # --- in ---------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.engine.settings

    def submit(
        self, items: Sequence[Item], *, first: bool = False, wait: bool = False
    ) -> Future[list[Answer]]:
        """Hand something to the writer; the answers come after its commit. Raises BadData D011 or
        D012 where it is not taken, and so may the future.
        """
        return self.engine.writer.submit(items, first=first, wait=wait)

    def identity(self, source: str, id_: str) -> bytes:
        """The keyed digest by which the journal knows an event."""
        return journal.identity(self._reader.keys.community, source, id_)

    @property
    def community(self) -> bytes:
        """The key that such digests are made with."""
        return self._reader.keys.community

    def report(self, id_: str, platform: str, state: str) -> bool:
        """The platform's later word about one of its actions; whether there is such an action."""
        return self.engine.change(changes.Reported(id_, platform, state))

    def reached(self, platform: str, account: str) -> None:
        """Somebody has come to where their messages waited."""
        self.engine.change(changes.Reached(platform, account))

    def appeal(self, token: str, decision: str, text: str) -> str:
        """Keep an appeal: "stored", or why it is refused: "unknown", "closed", "too many".

        Raises BadUse U026 for a text that is none, BadData where nothing can be kept just now.
        """
        try:
            self.engine.change(appeals.AppealMade(token, decision, text))
        except BadUse as error:
            if error.code not in REFUSED:
                raise
            return REFUSED[error.code]
        return "stored"

    def asked(self, platform: str, askings: Sequence[Asking]) -> None:
        """People of a platform ask from their own accounts; they are answered there."""
        if self.sending is not None:
            self.sending.asked(platform, askings)

    def heard(self, platform: str, words: Sequence[Word]) -> None:
        """Do what moderators said to Ombud in their room, one transaction of a homeserver at a
        time. Raises BadData where it cannot be kept just now; then it comes again.
        """
        with self._hearing:
            chatwork.hear(self.engine, self._heard.store, self._heard.keys, platform, words)

    # --- keys -------------------------------------------------------------------------------------

    def access(self, digest: bytes) -> PlatformKey | None:
        """What the key with this digest may do; None where there is none in use."""
        return self.engine.access.get(digest)

    def secret(self, platform: str) -> bytes | None:
        """What Ombud shows a platform; None where there is none. Of any thread."""
        keys = KeyFile(self.engine.folder / KEY_FILE, readonly=True)
        try:
            return keys.key(programs.secret_name(platform))
        except LookupError:
            return None
        finally:
            keys.close()

    def _opened(self, name: str, settings: MatrixConnector) -> Client | None:
        found = self.secret(name)
        return None if found is None else Client(settings, found.hex(), name=name)

    # --- out --------------------------------------------------------------------------------------

    def name(self) -> str:
        """How the community is called."""
        return self.settings.name

    def languages(self) -> tuple[str, ...]:
        """The languages people are told in."""
        return self.settings.languages

    def findings_add_up(self) -> bool:
        """Whether anything is proposed to people when findings add up."""
        return bool(self.settings.strikes.thresholds)

    def publishers(self) -> tuple[str, ...]:
        """The sites whose fact-checks a rule in force may propose to show; none where none does."""
        claims = self.engine.writer.pipeline.community.active.claims
        return () if claims is None else claims.sites

    def base(self) -> str:
        """What stands before the path of any page."""
        return (self.settings.public_url or self.address).rstrip("/")

    def link(self, statement: str) -> str:
        """The address of a statement page, as its person gets it."""
        return self.base() + LINK + notices.token(self._reader.keys.community, statement)

    def list_link(self, platform: str, account: str) -> str:
        """The address of the list of an account's pages, for an hour: for whoever has shown that
        the account is theirs. There is one whether anything is known of the account or not.
        """
        now = self.engine.wall()
        with self._reading:
            return self.base() + LIST + self._lists.token(platform, account, now)

    def statement_list(self, token: str, part: int = 1) -> StatementList | None:
        """The list that a link opens; None where it opens none."""
        now = self.engine.wall()
        with self._reading:
            return self._lists.of_token(token, now, part)

    def lang_of(self, platform: str, account: str) -> str:
        """The language in which somebody was told last, else the community's first."""
        with self._reading:
            return self._lists.lang(platform, account) or self.languages()[0]

    def ways(self) -> tuple[tuple[str, str], ...]:
        """By which accounts of which platforms people can ask for their list: of a homeserver the
        account to write to, of another platform its name.
        """
        return tuple(
            ("matrix", each.account) if isinstance(each, MatrixConnector) else ("platform", name)
            for name, each in self.settings.platforms.items()
        )

    def statement_page(self, token: str, part: int = 1, decision: str = "") -> StatementPage | None:
        """What stands under a link: the part nearest to `part`, or the one with `decision`."""
        now, name, languages = self.engine.wall(), self.name(), self.languages()
        with self._reading:
            return self._pages.of_token(token, name, languages, now, part, decision)

    def receipt(self, token: str, decision: str) -> bytes | None:
        """The `.tlog-proof` of a decision that is told of under a link; None where it is not, or
        where no signed head covers it yet.
        """
        with self._reading:
            try:
                return self._pages.receipt(self.ledger_folder(), token, decision)
            except BadUse:
                return None

    def opening(self, token: str, decision: str) -> bytes | None:
        """What proves that a decision's line in the log is about the statement its person has; None
        where it cannot be proven.
        """
        now = self.engine.wall()
        with self._reading:
            return self._pages.opening(token, decision, now)

    def statements_of(self, platform: str, account: str) -> list[tuple[str, str, int]]:
        """The pages of one account, newest first: link, clause and when they were opened. For a
        platform that has made sure who is asking.
        """
        with self._reading:
            token = self._reader.keys.known_account(platform, account)
            rows = self._reader.store.all("statements_of_author", (token,)) if token else []
        return [(self.link(row[0]), row[1], row[2]) for row in rows]

    def ledger_head(self) -> dict[str, Any]:
        """Where the public log stands; whether anything is against signing, as of the last minute:
        whoever asks often must not have every line since the last head read again.
        """
        refused = self._refused_told(self.engine.now())
        with self._counting:
            return {**self._figures.log.stands(), "refused": refused}

    def witnesses(self) -> list[dict[str, Any]]:
        """What became of asking each witness of the log."""
        with self._counting:
            return self._figures.log.witnesses()

    def figures(self) -> dict[str, Any]:
        """What everybody may read, as of the last minute: it is the same for all who ask."""
        return self._figures_told(self.engine.now())

    def rules(self) -> dict[str, Any]:
        """The rules and clauses that everybody may read, as of the last minute."""
        return self._rules_told(self.engine.now())

    def demands(self, before: int) -> tuple[list[dict[str, Any]], int]:
        """A page of the public register of demands."""
        with self._publishing:
            return self._public.openbook().demands(self.engine.now(), before)

    def register(self) -> list[dict[str, Any]]:
        """The whole public register of demands, as of the last minute."""
        return self._register_told(self.engine.now())

    def counts(self) -> bytes | None:
        """The public counts under the signed head, as a file; None where nothing was signed."""
        with self._publishing:
            return self._public.log.counts()

    def _refused_made(self, _: int) -> dict[str, str] | None:
        with self._publishing:
            return self._public.log.refused()

    def _register_made(self, now: int) -> list[dict[str, Any]]:
        with self._publishing:
            return self._public.openbook().register(now)

    def _figures_made(self, now: int) -> dict[str, Any]:
        watching = publicrules.watching(self._rules_told(now))
        with self._publishing:
            return self._public.openbook().figures(now) | {"watching": watching}

    def _rules_made(self, now: int) -> dict[str, Any]:
        active = self.engine.writer.pipeline.community.active
        with self._publishing:
            return self._public.public_rules().published(now, active)

    def ledger_folder(self) -> Path:
        """Where its public files are."""
        return self.engine.folder / transparency.FOLDER

    def capabilities(self) -> dict[str, Mapping[str, Capability]]:
        """What each connected platform can do: by platform and action."""
        return {name: kinds.table(each) for name, each in self.settings.platforms.items()}

    def gauges(self) -> dict[str, float]:
        """Figures for whoever watches the process."""
        with self._counting:
            head = self._figures.store.one("head")
            states = self._figures.store.all("outbox_states")
            cases = self._figures.store.one("cases_open")
        assert head is not None  # `Reader` checked it  # noqa: S101
        return {
            "journal_records": head[2],
            "ledger_leaves": head[5],
            "ledger_published": head[8],
            "clock_ahead_seconds": self.engine.wall.ahead // clock.SECOND,
            "writer_epoch": head[1],
            "writer_waiting": self.engine.writer.waiting,
            "writer_broken": float(self.engine.writer.broken),
            "sender_running": float(self.sending is not None and self.sending.running),
            "cases_open": cases[0] if cases else 0,
            **{f"outbox_{kind}_{state.replace(' ', '_')}": count for kind, state, count in states},
        }
