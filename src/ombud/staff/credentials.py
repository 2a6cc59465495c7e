"""How the people who run the community come in, as the key file keeps it: passwords, passkeys,
what a provider calls them, sessions, one-time links.

Of a session's token and of a link's only a digest is kept: they have 256 random bits, so one pass
of SHA-256 is enough at rest. The file is written through a connection of its own, since nobody may
be kept out because the writer is busy; only the process that holds the community's lock does so.
This module must never keep where somebody came from, and never let a session live on that was
ended.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import apsw

from ombud import ids
from ombud.clock import DAY, HOUR, MINUTE
from ombud.staff import care, people
from ombud.staff.care import Care
from ombud.staff.present import Present
from ombud.store.sqlite import Connection, named, text_of

IDLE = 12 * HOUR  # a session that nobody used for so long has ended
ABSOLUTE = 7 * DAY  # and so has one that began so long ago
FRESH = 5 * MINUTE  # for so long it counts that somebody has shown who they are
SEEN_STEP = MINUTE  # a session's last use is kept no more exactly
FIRST = 0  # whose link it is by which the first account is made
FIRST_LINK = HOUR
LINK = 24 * HOUR
SESSIONS_MAX = 20  # of one person; the one that was used longest ago gives way
PASSKEYS_MAX = 20
LOG_PAGES_MAX = 1000  # about 4 MB of the file's log
TOKEN_LENGTH_MAX = 100  # of what is looked at


class Account(NamedTuple):
    """How somebody comes in, and how their pages look. `handle`: what a passkey knows of them."""

    token: int
    handle: bytes
    shown: str
    password: str | None
    lang: str
    theme: str


class Passkey(NamedTuple):
    """One passkey; `key` is public. `uses` is 0 for those that do not count their uses."""

    id: bytes
    token: int
    key: bytes
    uses: int
    name: str
    made: int
    used: int | None


class Session(NamedTuple):
    """Somebody who is in. `id` names the session and opens nothing; `proven`: when its person last
    showed who they are; `browser`: its family.
    """

    id: str
    token: int
    begun: int
    seen: int
    proven: int
    how: str
    browser: str

    def fresh(self, now: int) -> bool:
        """Whether its person has shown within minutes who they are."""
        return (
            abs(now - self.proven) < FRESH
        )  # a clock that goes back makes nobody fresh for longer

    def over(self, now: int) -> bool:
        """Whether it has ended by itself."""
        return now - self.seen >= IDLE or now - self.begun >= ABSOLUTE


@dataclass(frozen=True, slots=True)
class Secret:
    """A token as it is handed out once, and what is kept of it."""

    token: str
    digest: bytes


def new_secret() -> Secret:
    """A new token of 256 random bits."""
    token = secrets.token_urlsafe(32)
    return Secret(token, digest(token))


def digest(token: str) -> bytes:
    """What is kept of a token. Of one that is far too long only its beginning is looked at."""
    return sha256(token[:TOKEN_LENGTH_MAX].encode("utf-8", "replace")).digest()


class Credentials:
    """Credentials in one key file. Methods may be called from several threads."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self._file = Connection(path, readonly=readonly, queries=named(text_of("staff.sql")))
        self._lock = threading.Lock()
        self.present = Present()  # of this process, and nowhere else

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The file, in one transaction and by one thread at a time. Its log is folded in now and
        then: where nothing is judged, nobody else does so.
        """
        with self._lock:
            with self._file.transaction():
                yield self._file
            pages, _ = self._file.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_NOOP)
            if pages > LOG_PAGES_MAX:
                self._file.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The file, by one thread at a time."""
        with self._lock:
            yield self._file

    # --- people -----------------------------------------------------------------------------------

    def token_of(self, name: str) -> int | None:
        """Who is called so, as names are kept; whether they are of the staff says the journal."""
        with self.reading() as file:
            row = file.one("token_of", (people.STAFF, name))
        return None if row is None else int(row[0])

    def account(self, token: int) -> Account | None:
        """How somebody comes in."""
        with self.reading() as file:
            row = file.one("staff", (token,))
        return None if row is None else Account(*row)

    def by_handle(self, handle: bytes) -> int | None:
        """Whose passkeys know their person by this."""
        with self.reading() as file:
            row = file.one("staff_by_handle", (handle,))
        return None if row is None else int(row[0])

    def add(self, token: int, shown: str) -> None:
        """Let somebody have credentials; whoever has some keeps them."""
        with self.writing() as file:
            file.run("add_staff", (token, secrets.token_bytes(32), shown))

    def set_password(self, token: int, password: str, *, keep: str = "") -> None:
        """Keep a password's hash, and end all sessions but `keep` and the link: whoever came in by
        the old one is out.
        """
        with self.writing() as file:
            file.run("set_password", {"token": token, "password": password})
            file.run("end_sessions", (token, keep))
            file.run("forget_link", (token,))
        self.present.forget(token)

    def rehash(self, token: int, old: str, new: str) -> None:
        """Keep the same password under other parameters, unless it was changed meanwhile."""
        with self.writing() as file:
            file.run("rehash", {"token": token, "old": old, "new": new})

    def set_look(self, token: int, lang: str, theme: str) -> None:
        """Keep the language and theme of somebody's pages."""
        with self.writing() as file:
            file.run("set_look", {"token": token, "lang": lang, "theme": theme})

    def shut_out(self, token: int) -> None:
        """End all sessions of somebody and the link they have."""
        with self.writing() as file:
            file.run("end_sessions", (token, ""))
            file.run("forget_link", (token,))
        self.present.forget(token)

    def forget(self, token: int) -> None:
        """Destroy all credentials of somebody."""
        with self.writing() as file:
            self._forget(file, token)
        with self._lock:
            self._file.forget_log()

    @staticmethod
    def _forget(file: Connection, token: int) -> None:
        file.run("end_sessions", (token, ""))
        file.run("forget_link", (token,))
        file.run("forget_passkeys", (token,))
        file.run("forget_openid", (token,))
        file.run("forget_staff", (token,))
        for each in ("forget_care", "spare_nothing", "forget_exposure", "forget_shortcuts"):
            file.run(each, (token,))

    def settle(self, members: Collection[int], active: Collection[int], now: int) -> None:
        """Make good what a crash has left: nobody but `members` has credentials, nobody but
        `active` ones a session or a link, and the link of the first account dies with it.
        """
        with self.writing() as file:
            for (token,) in file.all("staff_tokens") + file.all("cared_for"):
                if token not in members:
                    self._forget(file, token)
            for (token,) in file.all("session_tokens"):
                if token not in active:
                    file.run("end_sessions", (token, ""))
            for (token,) in file.all("link_tokens"):
                if token not in active and (token != FIRST or members):
                    file.run("forget_link", (token,))
        self.let_go(now)

    def let_go(self, now: int) -> None:
        """Drop what has ended by itself."""
        with self.writing() as file:
            file.run("drop_exposure", (care.oldest(now),))
            file.run("end_old_links", (now,))
            file.run("end_old_sessions", {"idle": now - IDLE, "absolute": now - ABSOLUTE})

    # --- care: read and set for its person alone --------------------------------------------------

    def care(self, token: int) -> Care:
        """How somebody's pages spare them."""
        with self.reading() as file:
            row = file.one("care", (token,))
            spared = frozenset(each[0] for each in file.all("spared", (token,)))
        blur, grey, pause = row or (0, 0, 0)
        return Care(bool(blur), bool(grey), pause, spared)

    def set_care(self, token: int, wanted: Care) -> None:
        """Keep it. Harms that there are none of are nothing."""
        kept = care.bounded(wanted)
        with self.writing() as file:
            file.run("set_care", (token, kept.blur, kept.grey, kept.pause))
            file.run("spare_nothing", (token,))
            file.many("spare", [(token, harm) for harm in sorted(kept.spared)])

    def exposure(self, token: int, since: int) -> dict[str, int]:
        """What was put before somebody since an instant, to the hour; by harm."""
        with self.reading() as file:
            return dict(file.all("exposure", (token, since // HOUR)))

    # --- keys of the console ----------------------------------------------------------------------

    def shortcuts(self, token: int) -> dict[str, str]:
        """Which keys of the console somebody has changed, by what they do."""
        with self.reading() as file:
            return dict(file.all("shortcuts", (token,)))

    def set_shortcuts(self, token: int, wanted: Mapping[str, str]) -> None:
        """Keep these in place of all that were changed before."""
        with self.writing() as file:
            file.run("forget_shortcuts", (token,))
            file.many("set_shortcut", [(token, *each) for each in sorted(wanted.items())])

    # --- passkeys ---------------------------------------------------------------------------------

    def passkey(self, id_: bytes) -> Passkey | None:
        """One passkey."""
        with self.reading() as file:
            row = file.one("passkey", (id_,))
        return None if row is None else Passkey(*row)

    def passkeys(self, token: int) -> list[Passkey]:
        """Those of one person, the oldest first."""
        with self.reading() as file:
            return [Passkey(*row) for row in file.all("passkeys", (token,))]

    def add_passkey(self, made: Passkey) -> bool:
        """Keep a new passkey; False where it is known already or there are too many."""
        with self.writing() as file:
            if file.one("passkey", (made.id,)) or file.one("staff", (made.token,)) is None:
                return False
            if len(file.all("passkeys", (made.token,))) >= PASSKEYS_MAX:
                return False
            row = (made.id, made.token, made.key, made.uses, made.name, made.made)
            file.run("add_passkey", row)
        return True

    def use_passkey(self, used: Passkey, count: int, now: int) -> bool:
        """Keep that a passkey was used; False where another use of it came first."""
        with self.writing() as file:
            values = {"id": used.id, "before": used.uses, "count": count, "now": now}
            return file.run("use_passkey", values) == 1

    def drop_passkey(self, token: int, id_: bytes) -> bool:
        """Drop one of somebody's passkeys; whether it was theirs."""
        with self.writing() as file:
            return file.run("drop_passkey", (id_, token)) == 1

    # --- sessions ---------------------------------------------------------------------------------

    def begin(
        self, token: int, how: str, browser: str, now: int, proven: int | None = None
    ) -> tuple[Session, str]:
        """A new session, and its token, which is nowhere kept; `proven`: when its person showed who
        they are, where that was not now.
        """
        secret = new_secret()
        shown = now if proven is None else proven
        made = Session(ids.new_id("ses"), token, now, now, shown, how, browser)
        with self.writing() as file:
            file.run("end_old_sessions", {"idle": now - IDLE, "absolute": now - ABSOLUTE})
            for row in file.all("sessions", (token,))[SESSIONS_MAX - 1 :]:
                file.run("end_session", (row[0], token))
            row = (made.id, secret.digest, token, now, now, shown, how, browser)
            file.run("add_session", row)
        return made, secret.token

    def session(self, token: str, now: int) -> Session | None:
        """The session with this token, if it has not ended; that it is in use is kept."""
        with self.reading() as file:
            row = file.one("session", (digest(token),))
        found = None if row is None else Session(*row)
        if found is None or found.over(now):
            return None
        if now - found.seen >= SEEN_STEP:
            with self.writing() as file:
                file.run("touch", {"id": found.id, "now": now})
        return found

    def sessions(self, token: int, now: int) -> list[Session]:
        """Those of one person that have not ended, the one used latest first."""
        with self.reading() as file:
            found = [Session(*row) for row in file.all("sessions", (token,))]
        return [each for each in found if not each.over(now)]

    def prove(self, session: str, now: int) -> None:
        """A session's person has shown again who they are."""
        with self.writing() as file:
            file.run("prove", {"id": session, "now": now})

    def end(self, token: int, session: str) -> bool:
        """End one of somebody's sessions; whether it was theirs."""
        self.present.forget(token)
        with self.writing() as file:
            return file.run("end_session", (session, token)) == 1

    def end_others(self, token: int, session: str = "") -> None:
        """End all sessions of somebody but one."""
        with self.writing() as file:
            file.run("end_sessions", (token, session))
        self.present.forget(token)

    # --- one-time links ---------------------------------------------------------------------------

    def make_link(self, token: int, now: int) -> tuple[str, int]:
        """A new one-time link for somebody, in place of an earlier one: its token and its end."""
        secret, ends = new_secret(), now + (FIRST_LINK if token == FIRST else LINK)
        with self.writing() as file:
            file.run("add_link", (token, secret.digest, ends))
        return secret.token, ends

    def link_end(self, token: int, now: int) -> int | None:
        """Until when somebody's link opens anything."""
        with self.reading() as file:
            row = file.one("link_of", (token,))
        return None if row is None or row[0] <= now else int(row[0])

    def link(self, token: str, now: int) -> int | None:
        """Whose link this is, if it still opens anything. Changes nothing."""
        with self.reading() as file:
            row = file.one("link", (digest(token),))
        return None if row is None or row[1] <= now else int(row[0])

    def use_link(self, token: str, whose: int, password: str, now: int) -> bool:
        """Use a link: whoever has it gets this password's hash, and all their sessions end. False
        where it opens nothing any more; of two uses at once one is the first.
        """
        with self.writing() as file:
            used = {"digest": digest(token), "token": whose, "now": now}
            if file.run("use_link", used) != 1:
                return False
            file.run("set_password", {"token": whose, "password": password})
            file.run("end_sessions", (whose, ""))
        self.present.forget(whose)
        return True

    def forget_link(self, token: int) -> None:
        """A link opens nothing any more."""
        with self.writing() as file:
            file.run("forget_link", (token,))
