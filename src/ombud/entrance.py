"""How people come in: the first account, one-time links, passwords, passkeys, sessions.

The pages ask an `Entrance` and get a `Visitor`, or a `Refused` that says no more than a stranger
may know: which part of a name and password was wrong, or whether anybody is called so, it never
says, and takes as long either way. Whether somebody may come in is asked of the journal's state
with every request, so who is suspended is out from that commit on. This module must never log.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from ombud import clock, ids, staffing
from ombud.app import Engine
from ombud.errors import BadUse
from ombud.staff import people, roles
from ombud.staff.credentials import FIRST, FRESH, Account, Passkey, Session
from ombud.staff.passkeys import Party, Passkeys, party
from ombud.staff.passwords import Busy, Passwords, Unfit, fit
from ombud.staff.roles import Member
from ombud.staff.tries import Tries

KNOWN_LENGTH_MAX = 200
LOOKS = ("", "light", "dark")
_IN, _NEW, _PROOF = "in", "new", "proof"  # what a challenge is for


class Refused(Exception):
    """Somebody is not let in, or something is not done: `kind` is a word that the pages have a
    text for, `wait` in how many seconds to come again.
    """

    def __init__(self, kind: str, wait: float = 0.0) -> None:
        super().__init__(kind)
        self.kind = kind
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is in. `form` must come with every form they send."""

    session: Session
    member: Member
    account: Account
    fresh: bool
    form: str

    @property
    def token(self) -> int:
        """Who it is."""
        return self.session.token

    def may(self, permission: str) -> bool:
        """Whether they may do something at all."""
        return roles.may(self.member, permission)


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who has just come in: the cookie of the session, the one by which their browser is
    known, and how their pages look.
    """

    cookie: str
    known: str
    lang: str


class Entrance:
    """The entrance of one community. Methods are called from several threads."""

    def __init__(
        self,
        engine: Engine,
        *,
        now: Callable[[], int] = clock.now,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engine = engine
        self._credentials = engine.credentials
        self.now = now
        self._steady = steady
        self._passwords = Passwords()
        self._passkeys = Passkeys()
        self._tries = Tries()

    # --- the place --------------------------------------------------------------------------------

    @property
    def empty(self) -> bool:
        """Whether there are no accounts yet."""
        return not self.engine.staff

    @property
    def secure(self) -> bool:
        """Whether people reach the pages by TLS, as the settings say."""
        return self.engine.settings.public_url.startswith("https://")

    def party(self, host: str) -> Party | None:
        """For whom passkeys are: the settings' address, or this machine by its name."""
        return party(self.engine.settings.public_url or f"http://{host}")

    # --- who is in --------------------------------------------------------------------------------

    def visitor(self, cookie: str) -> Visitor | None:
        """Who has this cookie; None where its session has ended, or who it was may not come in."""
        if not cookie:
            return None
        now = self.now()
        session = self._credentials.session(cookie, now)
        member = None if session is None else self.engine.staff.get(session.token)
        if session is None or member is None or member.suspended:
            return None
        account = self._credentials.account(session.token)
        if account is None:
            return None
        return Visitor(session, member, account, session.fresh(now), form_token(cookie))

    def leave(self, visitor: Visitor) -> None:
        """Log out."""
        self._credentials.end(visitor.token, visitor.session.id)

    # --- coming in --------------------------------------------------------------------------------

    def log_in(self, name: str, password: str, browser: str, known: str) -> Entered:
        """Come in by name and password. Raises Refused "wrong", "wait" or "crowded"."""
        called = _called(name)
        whose = self._credentials.token_of(called) if called else None
        member = self.engine.staff.get(whose) if whose is not None else None
        account = self._credentials.account(whose) if whose is not None and member else None
        self._check(called, whose, account, password, known)
        if whose is None or member is None or member.suspended:
            raise Refused("wrong")
        return self.enter(whose, "password", browser)

    def _check(
        self, called: str, whose: int | None, account: Account | None, password: str, known: str
    ) -> None:
        """Raise Refused unless the password is the account's, after the wait that there is."""
        mine = self._is_known(known, whose)
        key = sha256(("browser\0" + known if mine else "name\0" + called).encode()).digest()
        wait = self._tries.wait(key, self._steady(), known=mine)
        if wait > 0:
            raise Refused("wait", wait)
        kept = None if account is None else account.password
        try:
            right = self._passwords.check(kept, password)
        except Busy:  # it counts all the same: else the count could be kept down
            raise Refused("crowded", 5.0) from None
        if not right or account is None or kept is None:
            raise Refused("wrong")
        self._tries.right(key, self._steady(), known=mine)
        if self._passwords.outdated(kept):
            self._credentials.rehash(account.token, kept, self._hash(password))

    def ask_passkey(self, of: Party) -> str:
        """What a browser is to prove for somebody to come in, as JSON; it tells nobody's name."""
        return self._passkeys.ask_proof(of, (), _IN, self.now())

    def log_in_by_passkey(self, of: Party, answer: str, browser: str) -> Entered:
        """Come in by a passkey. Raises Refused "passkey"."""
        named = self._passkeys.named(answer)
        key = None if named is None else self._credentials.passkey(named[0])
        if (
            named is None
            or key is None
            or self._credentials.by_handle(named[1] or b"") != key.token
        ):
            raise Refused("passkey")
        self._proven(of, answer, key, _IN)
        member = self.engine.staff.get(key.token)
        if member is None or member.suspended:
            raise Refused("passkey")
        return self.enter(key.token, "passkey", browser)

    def _proven(self, of: Party, answer: str, key: Passkey, purpose: str) -> None:
        now = self.now()
        count = self._passkeys.proven(of, answer, key, purpose, now)
        if count is None or not self._credentials.use_passkey(key, count, now):
            raise Refused("passkey")

    def enter(self, whose: int, how: str, browser: str, proven: int | None = None) -> Entered:
        """Let in who has shown who they are: now, or at the instant `proven`. Raises Refused."""
        account = self._credentials.account(whose)
        if account is None:
            raise Refused("wrong")
        _, cookie = self._credentials.begin(whose, how, browser, self.now(), proven)
        return Entered(cookie, self._make_known(whose), account.lang)

    # --- links ------------------------------------------------------------------------------------

    def first_link_opens(self, link: str) -> bool:
        """Whether the first account can be made by this link. Changes nothing."""
        return self.empty and self._credentials.link(link, self.now()) == FIRST

    def make_first(self, link: str, name: str, password: str, browser: str) -> Entered:
        """Make the first account. Raises Refused "link", "crowded" or what is wrong with the
        password, and BadUse for the name.
        """
        if not self.first_link_opens(link):
            raise Refused("link")
        shown = people.spelt(name)
        if people.unnamed(shown):
            raise people.nobody(shown)
        kept = self._hash(self._fit(password, shown))
        try:
            given = {"roles": list(roles.FIRST), "first": True}
            whose = staffing.change(self.engine, "added", shown, shown, **given)
        except BadUse as error:
            if error.code != "U207":
                raise
            raise Refused("link") from None
        self._credentials.set_password(whose, kept)
        return self.enter(whose, "link", browser)

    def link_of(self, link: str) -> Account | None:
        """Whose link this is, while it opens anything. Changes nothing."""
        whose = self._credentials.link(link, self.now())
        member = None if whose is None else self.engine.staff.get(whose)
        if whose is None or member is None or member.suspended:
            return None
        return self._credentials.account(whose)

    def use_link(self, link: str, password: str, browser: str) -> Entered:
        """Set a password by a link and come in. Raises Refused "link", "crowded" or what is wrong
        with the password; the link is used up only where it was of use.
        """
        account = self.link_of(link)
        if account is None:
            raise Refused("link")
        kept = self._hash(self._fit(password, account.shown))
        if not self._credentials.use_link(link, account.token, kept, self.now()):
            raise Refused("link")
        return self.enter(account.token, "link", browser)

    def _fit(self, password: str, name: str) -> str:
        try:
            return fit(password, name, self.engine.settings.name)
        except Unfit as error:
            raise Refused(error.kind) from None

    def _hash(self, password: str) -> str:
        try:
            return self._passwords.hash(password)
        except Busy:
            raise Refused("crowded", 5.0) from None

    # --- showing again who one is -----------------------------------------------------------------

    def prove_by_password(self, visitor: Visitor, password: str, known: str) -> None:
        """Show again who one is. Raises Refused "wrong", "wait" or "crowded"."""
        called = people.called(visitor.account.shown)
        self._check(called, visitor.token, visitor.account, password, known)
        self._credentials.prove(visitor.session.id, self.now())

    def ask_proof(self, visitor: Visitor, of: Party) -> str | None:
        """What a browser is to prove, as JSON; None where its person has no passkey."""
        known = self._credentials.passkeys(visitor.token)
        purpose = f"{_PROOF} {visitor.session.id}"
        return self._passkeys.ask_proof(of, known, purpose, self.now()) if known else None

    def prove_by_passkey(self, visitor: Visitor, of: Party, answer: str) -> None:
        """Show again who one is. Raises Refused "passkey"."""
        named = self._passkeys.named(answer)
        key = None if named is None else self._credentials.passkey(named[0])
        if key is None or key.token != visitor.token:
            raise Refused("passkey")
        self._proven(of, answer, key, f"{_PROOF} {visitor.session.id}")
        self._credentials.prove(visitor.session.id, self.now())

    # --- one's own --------------------------------------------------------------------------------

    def sessions(self, visitor: Visitor) -> list[Session]:
        """One's own sessions, the one used latest first."""
        return self._credentials.sessions(visitor.token, self.now())

    def end(self, visitor: Visitor, session: str) -> bool:
        """End one of one's own sessions."""
        return self._credentials.end(visitor.token, session)

    def end_others(self, visitor: Visitor) -> None:
        """End all of one's own sessions but this one."""
        self._credentials.end_others(visitor.token, visitor.session.id)

    def set_password(self, visitor: Visitor, password: str) -> None:
        """Take another password; all other sessions end. Raises Refused."""
        kept = self._hash(self._fit(password, visitor.account.shown))
        self._credentials.set_password(visitor.token, kept, keep=visitor.session.id)

    def set_look(self, visitor: Visitor, lang: str, theme: str) -> None:
        """Choose the language and theme of one's own pages; of the theme only what there is."""
        self._credentials.set_look(visitor.token, lang, theme if theme in LOOKS else "")

    def passkeys(self, visitor: Visitor) -> list[Passkey]:
        """One's own passkeys."""
        return self._credentials.passkeys(visitor.token)

    def ask_new_passkey(self, visitor: Visitor, of: Party, site: str) -> str:
        """What a browser is to make a passkey of, as JSON."""
        known, now = self._credentials.passkeys(visitor.token), self.now()
        purpose = f"{_NEW} {visitor.session.id}"
        return self._passkeys.ask_new(of, site, visitor.account, known, purpose, now)

    def add_passkey(self, visitor: Visitor, of: Party, answer: str, name: str) -> None:
        """Take a new passkey. Raises Refused "passkey"."""
        purpose, now = f"{_NEW} {visitor.session.id}", self.now()
        made = self._passkeys.made(of, answer, visitor.token, name, purpose, now)
        if made is None or not self._credentials.add_passkey(made):
            raise Refused("passkey")

    def drop_passkey(self, visitor: Visitor, id_: bytes) -> bool:
        """Drop one of one's own passkeys."""
        return self._credentials.drop_passkey(visitor.token, id_)

    # --- the staff --------------------------------------------------------------------------------

    def members(self) -> list[tuple[int, str, Member]]:
        """The people there are: token, name as it is written, what they may do; by name."""
        found = []
        for token, member in self.engine.staff.items():
            account = self._credentials.account(token)
            found.append((token, "" if account is None else account.shown, member))
        return sorted(found, key=lambda each: (each[1].casefold(), each[0]))

    def change(self, visitor: Visitor, what: str, who: str | int, **given: object) -> str | None:
        """Change the staff as one of them; the one-time link where there is a new one. Raises
        BadUse, and Refused "fresh" where it is too long since they showed who they are.
        """
        if not visitor.fresh:
            raise Refused("fresh")
        if what != "link":
            about = staffing.change(self.engine, what, who, visitor.token, **given)
        else:
            about = staffing.token(self.engine, who)
            current = self.engine.staff.get(visitor.token)
            if not roles.may(current, "staff"):
                raise Refused("may not")
        if what not in ("added", "link"):
            return None
        path, _ = staffing.link(self.engine, about, self.now())
        return path

    # --- browsers that are known ------------------------------------------------------------------

    def _make_known(self, whose: int) -> str:
        """By what a browser is known from which somebody has come in; it opens nothing."""
        drawn = ids.new_id("b")
        return f"{drawn}.{self._known_seal(drawn, whose)}"

    def _is_known(self, known: str, whose: int | None) -> bool:
        drawn, _, seal = known[:KNOWN_LENGTH_MAX].partition(".")
        if whose is None or not seal.isascii():
            return False
        return hmac.compare_digest(seal, self._known_seal(drawn, whose))

    def _known_seal(self, drawn: str, whose: int) -> str:
        key = self.engine.keys.community
        content = f"{whose}\0{drawn}".encode("utf-8", "replace")
        return ids.keyed_digest(key, "known browser", content).hex()


def form_token(cookie: str) -> str:
    """What every form of a session carries: whoever has not the cookie cannot make it."""
    return hmac.digest(cookie.encode("utf-8", "replace"), b"form", sha256).hex()


def right_form(visitor: Visitor, sent: str) -> bool:
    """Whether a form came from a page of this session."""
    return hmac.compare_digest(visitor.form.encode(), sent.encode("utf-8", "replace"))


def _called(name: str) -> str:
    """A name as it is kept, or nothing for what can be none."""
    try:
        return people.called(name)
    except BadUse:
        return ""


FRESH_MINUTES = FRESH // clock.MINUTE
