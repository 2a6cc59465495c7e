"""Coming in by an OpenID provider: who leaves for it, and what becomes of them when they return.

A browser leaves with a cookie that only it has, and what binds its log-in (state, nonce, the code's
verifier) follows from that cookie: nothing is stored for whoever never returns. The provider says
who somebody is and never that they may come in: a subject that is bound to nobody on the staff is
refused in the words in which everything else is. A provider that is down keeps nobody out who has a
password or a passkey. This module must never bind a subject but to who holds the account's one-time
link or is in as it.
"""

from __future__ import annotations

import base64
import hmac
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from ombud import clock, files
from ombud.clock import SECOND
from ombud.config import OpenId
from ombud.entrance import Entered, Entrance, Refused, Visitor
from ombud.errors import BadData, BadUse
from ombud.staff.openid import Away, Proof, Provider, Trip, Unproven
from ombud.staff.passkeys import Challenges
from ombud.staff.subjects import Subjects

SECRET_VARIABLE = "OMBUD_OPENID_SECRET"  # noqa: S105 -- its name
SECRET_BYTES_MAX = 4096
GOOD = 10 * clock.MINUTE  # for so long somebody may be away
COOKIE_LENGTH_MAX = 1000

Errand = Literal["in", "link", "proof", "bind"]
ERRANDS: tuple[Errand, ...] = ("in", "link", "proof", "bind")

logger = logging.getLogger("ombud.web.pages")


class Gone(NamedTuple):
    """Somebody leaves for the provider: to this address, with this cookie."""

    url: str
    cookie: str


class Back(NamedTuple):
    """Somebody has returned: from which errand, to which page, and in where they have just come
    in.
    """

    errand: Errand
    next: str
    entered: Entered | None = None


class _Left(NamedTuple):
    """What a cookie says: why somebody left, about what (a link, a session), to which page they
    wanted, and when.
    """

    errand: Errand
    about: str
    next: str
    since: int
    challenge: bytes


class SignOn:
    """The way in by a provider. Methods are called from several threads."""

    def __init__(
        self,
        entrance: Entrance,
        *,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.entrance = entrance
        self._credentials = entrance.engine.credentials
        self._subjects = Subjects(self._credentials)
        self._now = entrance.now
        self._steady = steady
        self._key = secrets.token_bytes(32)
        self._challenges = Challenges(self._key, GOOD)
        self._provider: Provider | None = None
        self._one = threading.Lock()

    # --- what there is ----------------------------------------------------------------------------

    @property
    def settings(self) -> OpenId:
        """The settings in force."""
        return self.entrance.engine.settings.openid

    @property
    def offered(self) -> str:
        """What the provider is called; empty where there is none."""
        if not self.settings.issuer:
            return ""
        return self.settings.name or urlsplit(self.settings.issuer).netloc

    def bound(self, visitor: Visitor) -> bool:
        """Whether somebody can come in by the provider."""
        issuer = self.settings.issuer
        return bool(issuer) and self._subjects.issuer(visitor.token) == issuer

    def provider(self) -> Provider:
        """The provider as the settings in force have it. Raises Refused "openid away"."""
        settings = self.settings
        with self._one:
            if self._provider is None or self._provider.settings != settings:
                before, self._provider = self._provider, None
                if before is not None:
                    before.close()
                try:
                    self._provider = Provider(settings, self._secret, steady=self._steady)
                except BadUse as error:
                    raise self._away(str(error)) from None
            return self._provider

    def close(self) -> None:
        """Close what is open to the provider."""
        with self._one:
            if self._provider is not None:
                self._provider.close()

    def _secret(self) -> str:
        """The client's secret: from its file, or from the environment; empty where it has none.
        Raises Away where the file cannot be read.
        """
        named = self.settings.secret_file
        if not named:
            return os.environ.get(SECRET_VARIABLE, "")
        try:
            content = files.content(self.entrance.engine.folder / named, SECRET_BYTES_MAX)
            return content.decode().strip()
        except (BadData, UnicodeDecodeError):
            raise Away("the file of openid.secret_file cannot be read") from None

    # --- leaving ----------------------------------------------------------------------------------

    def leave(self, errand: Errand, back: str, *, about: str = "", to: str = "") -> Gone:
        """Send somebody to the provider, to return to the address `back` and then to go on `to` a
        page. `about`: with "link" the link, else whose session it is. Raises Refused.
        """
        if not self.settings.issuer:
            raise Refused("openid")
        since = self._now()
        said = ".".join((errand, _packed(about), _packed(to), str(since)))
        challenge = self._challenges.make(said, since)
        left = _Left(errand, about, to, since, challenge)
        try:
            url = self.provider().begin(self._trip(left, back))
        except Away as error:
            raise self._away(str(error)) from None
        return Gone(url, f"{said}.{_packed(challenge)}")

    def _trip(self, left: _Left, back: str) -> Trip:
        """What only the browser with this challenge can bring about."""
        state, nonce, verifier = (
            _packed(hmac.digest(self._key, name + left.challenge, sha256))
            for name in (b"state\0", b"nonce\0", b"verifier\0")
        )
        return Trip(state, nonce, verifier, back, left.errand == "proof", left.since // SECOND)

    # --- returning --------------------------------------------------------------------------------

    def returned(self, cookie: str, answer: Mapping[str, str], back: str, browser: str) -> Back:
        """What becomes of who returns with this cookie and what the provider gave them to bring.
        Raises Refused "openid" or "openid away"; which part was wrong it never says.
        """
        now = self._now()
        left = self._left(cookie, now)
        if left is None or not self.settings.issuer:
            raise Refused("openid")
        try:
            proof = self.provider().finish(self._trip(left, back), answer, now // SECOND)
        except Away as error:
            raise self._away(str(error)) from None
        except Unproven as error:
            logger.info("openid: nobody is let in: %s", error)
            raise Refused("openid") from None
        if not self._challenges.use(left.challenge, now):
            raise Refused("openid")
        return self._carried_out(left, proof, browser, now)

    def _left(self, cookie: str, now: int) -> _Left | None:
        """What a cookie of ours says; None where it is none, too old, or used up."""
        said, _, packed = cookie[:COOKIE_LENGTH_MAX].rpartition(".")
        challenge, parts = _unpacked(packed), said.split(".")
        if len(parts) != 4 or not self._challenges.good(challenge, said, now):
            return None
        errand = next(each for each in ERRANDS if each == parts[0])  # we have signed it
        about, to = (_unpacked(each).decode() for each in parts[1:3])
        return _Left(errand, about, to, int(parts[3]), challenge)

    def _carried_out(self, left: _Left, proof: Proof, browser: str, now: int) -> Back:
        issuer = self.settings.issuer
        if left.errand == "in":
            whose = self._subjects.whose(issuer, proof.subject)
            return Back("in", left.next, self._entered(whose, proof, browser))
        if left.errand == "link":
            account = self.entrance.link_of(left.about)
            bound = account is not None and self._subjects.bind(
                account.token, issuer, proof.subject, now, link=left.about
            )
            if account is None or not bound:
                raise Refused("openid")
            return Back("link", left.next, self._entered(account.token, proof, browser))
        session = self._subjects.session(left.about, now)
        if session is None:
            raise Refused("openid")
        if left.errand == "bind":
            if not self._subjects.bind(session.token, issuer, proof.subject, now):
                raise Refused("openid")
        elif self._subjects.whose(issuer, proof.subject) != session.token:
            raise Refused("openid")
        else:
            self._credentials.prove(session.id, _instant(proof, now))
        return Back(left.errand, left.next)

    def _entered(self, whose: int | None, proof: Proof, browser: str) -> Entered:
        """Who may come in comes in; that they are who they are counts as of when they showed it."""
        member = None if whose is None else self.entrance.engine.staff.get(whose)
        if whose is None or member is None or member.suspended:
            logger.info("openid: nobody is let in: a subject of nobody on the staff")
            raise Refused("openid")
        return self.entrance.enter(whose, "openid", browser, _instant(proof, self._now()))

    def unbind(self, visitor: Visitor) -> None:
        """Let somebody come in by the provider no more."""
        self._subjects.unbind(visitor.token)

    def _away(self, detail: str) -> Refused:
        logger.warning("openid: the provider cannot be asked: %s", detail)
        return Refused("openid away", 10.0)


def _instant(proof: Proof, now: int) -> int:
    """When somebody showed who they are, in microseconds; long ago where nobody says."""
    return 0 if proof.shown is None else min(now, proof.shown * SECOND)


def _packed(value: str | bytes) -> str:
    raw = value.encode() if isinstance(value, str) else value
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unpacked(packed: str) -> bytes:
    """What was packed; nothing where it is none of ours."""
    try:
        return base64.urlsafe_b64decode(packed.encode() + b"=" * (-len(packed) % 4))
    except (ValueError, UnicodeEncodeError):
        return b""
