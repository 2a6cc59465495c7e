"""Asks an OpenID provider who somebody is: Authorization Code with PKCE, state and nonce.

Authlib makes the requests and checks the ID token's claims, joserfc its signature; this module says
what is asked and which algorithms count, and lets them speak to the provider by `egress` alone.
What the provider says of a person is their subject and when they showed who they are: no name, no
address, no token of theirs is kept. This module must never take a token that the provider's own key
has not signed for this community and this very log-in, nor log a secret, a code or a token.

Sources: OpenID Connect Core 1.0 (3.1), Discovery 1.0, RFC 7636, RFC 8414, RFC 9207, RFC 9700.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from ombud.config import OpenId
from ombud.egress import Answer, Egress, Place, Resolve, Trouble, place, system_resolver
from ombud.errors import BadUse, catalogue

catalogue(
    U211=(
        "Nobody can log in by OpenID Connect so: {detail}.",
        "Mend the section openid of ombud.toml, or take it out.",
    ),
)

# Signatures by keys that only the provider has. "none" and HS256, whose key a client knows, are not
# among them, whatever a token says of itself (RFC 8725, 3.1).
ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
CHALLENGE = f"S{256}"  # SHA-256 (RFC 7636); a name, and none of our error codes
SKEW_SECONDS = 60  # by which two clocks may differ
KEPT_SECONDS = 3600.0  # for so long what the provider publishes is not asked for again
AGAIN_SECONDS = 10.0  # and its keys, where a token fits none of them, no more often than this
ANSWER_BYTES_MAX = 256 * 1024
SUBJECT_LENGTH_MAX = 255  # OpenID Connect Core 1.0, 2
CODE_LENGTH_MAX = 4096
ASKING_MAX = 4  # log-ins that ask the provider at one time
WELL_KNOWN = "/.well-known/openid-configuration"
HERE = ("localhost", "127.0.0.1", "::1")


class Away(Exception):
    """The provider could not be asked, or does not answer as a provider does: `detail` says why."""


class Unproven(Exception):
    """The provider was asked, and it does not follow who somebody is: `detail` says why."""


class Trip(NamedTuple):
    """What binds one log-in to one browser; each is derived from what only that browser has.
    `since`: with `fresh`, the second from which on its person must have shown who they are.
    """

    state: str
    nonce: str
    verifier: str
    back: str
    fresh: bool = False
    since: int = 0


class Proof(NamedTuple):
    """Who somebody is, as the provider calls them, and the second in which they last showed it to
    the provider, where it says so.
    """

    subject: str
    shown: int | None


class _Published(NamedTuple):
    """What a provider publishes: its endpoints and its keys, and when each was fetched."""

    metadata: Mapping[str, Any]
    fetched: float
    keys: Any
    keys_fetched: float


def check(settings: OpenId) -> None:
    """Raise BadUse U211, U030 or U031 for settings by which nobody could log in."""
    if not settings.issuer:
        return
    if not settings.client_id:
        raise BadUse("U211", "openid.client_id", detail="client_id is missing")
    _place(settings.issuer, settings)
    if not settings.name.isprintable():
        raise BadUse("U211", "openid.name", detail="the name holds a character that cannot be seen")
    Egress(settings.allow, where="openid.allow").close()


def _place(url: str, settings: OpenId) -> Place:
    """A URL of the provider's: by TLS, unless all of it is on this machine."""
    found = place(url, "openid.issuer")
    if not found.secure and (found.host not in HERE or not settings.issuer.startswith("http:")):
        raise BadUse("U211", "openid.issuer", detail="a provider is asked by https")
    return found


class Provider:
    """One provider as one community knows it. Methods may be called from several threads.

    `secret` gives the client's secret, empty where it has none. `steady`: seconds of a clock that
    never goes back.
    """

    def __init__(
        self,
        settings: OpenId,
        secret: Callable[[], str],
        *,
        steady: Callable[[], float] = time.monotonic,
        resolve: Resolve = system_resolver,
    ) -> None:
        check(settings)
        self.settings = settings
        self._secret = secret
        self._steady = steady
        self._egress = Egress(settings.allow, where="openid.allow", resolve=resolve)
        self._published: _Published | None = None
        self._asking = threading.BoundedSemaphore(ASKING_MAX)

    def close(self) -> None:
        """Close every connection to it."""
        self._egress.close()

    # --- the two halves of a log-in ---------------------------------------------------------------

    def begin(self, trip: Trip) -> str:
        """Where to send a browser. Raises Away."""
        with self._asked() as until:
            found = self._known(until).metadata
        more: dict[str, Any] = {"nonce": trip.nonce}
        if trip.fresh:
            more |= {"prompt": "login", "max_age": "0"}
        client = self._client(trip, found, until)
        url, _ = client.create_authorization_url(
            found["authorization_endpoint"],
            state=trip.state,
            code_verifier=trip.verifier,
            **more,
        )
        return str(url)

    def finish(self, trip: Trip, answer: Mapping[str, str], now: int) -> Proof:
        """Who somebody is, by what their browser brought back; `now`: the second it is. Raises Away
        and Unproven.
        """
        if answer.get("state", "") != trip.state:
            raise Unproven("the state is another one")
        if "error" in answer:
            raise Unproven(f"the provider says {_plain(answer['error'])}")
        code = answer.get("code", "")
        if not 0 < len(code) <= CODE_LENGTH_MAX:
            raise Unproven("there is no code")
        with self._asked() as until:
            known = self._known(until)
            self._from_it(answer, known.metadata)
            told = self._exchanged(trip, code, known.metadata, until)
            token = self._read(told["id_token"], until)
            return self._proof(trip, token, told.get("access_token"), now)

    def _from_it(self, answer: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
        """RFC 9207: an answer says which provider it is from."""
        wanted = metadata.get("authorization_response_iss_parameter_supported") is True
        said = answer.get("iss", self.settings.issuer if not wanted else "")
        if said != self.settings.issuer:
            raise Unproven("the answer is from another issuer")

    def _exchanged(
        self, trip: Trip, code: str, metadata: Mapping[str, Any], until: float
    ) -> Mapping[str, Any]:
        """What the provider gives for a code."""
        from authlib.common.errors import AuthlibBaseError

        broken = (AuthlibBaseError, ValueError, TypeError, KeyError)
        client = self._client(trip, metadata, until)
        try:
            told: Mapping[str, Any] = client.fetch_token(
                metadata["token_endpoint"],
                code=code,
                code_verifier=trip.verifier,
                grant_type="authorization_code",
            )
        except broken as error:
            raise Unproven(f"the code was refused: {_plain(getattr(error, 'error', ''))}") from None
        if not isinstance(told.get("id_token"), str):
            raise Unproven("there is no ID token")
        return told

    def _client(self, trip: Trip, metadata: Mapping[str, Any], until: float) -> Any:
        """Authlib's client, which speaks through us."""
        from authlib.oauth2 import client

        made: Any = client.OAuth2Client  # it has no types
        secret = self._secret()
        ways = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        return made(
            _Speaker(self, until),
            client_id=self.settings.client_id,
            client_secret=secret or None,
            token_endpoint_auth_method=way if secret else "none",
            scope="openid",
            redirect_uri=trip.back,
            code_challenge_method=CHALLENGE,
        )

    # --- the ID token -----------------------------------------------------------------------------

    def _read(self, token: str, until: float) -> Any:
        """A token that one of the provider's keys has signed. Where it fits none of those that are
        known the provider may have new ones: they are asked for once, now and then.
        """
        from joserfc import jwt

        known = self._known(until)
        try:
            return jwt.decode(token, known.keys, algorithms=ALGORITHMS)
        except _broken() as error:
            if self._steady() - known.keys_fetched < AGAIN_SECONDS:
                raise Unproven(_of(error)) from None
        self._published = known._replace(
            keys=self._keys(known.metadata, until), keys_fetched=self._steady()
        )
        try:
            return jwt.decode(token, self._published.keys, algorithms=ALGORITHMS)
        except _broken() as error:
            raise Unproven(_of(error)) from None

    def _proof(self, trip: Trip, token: Any, access: Any, now: int) -> Proof:
        """What a token that is signed says, if it is for us, of this log-in, and still good."""
        from authlib.oidc import core

        read: Any = core.CodeIDToken  # it has no types
        wanted = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
            "nonce": {"essential": True, "value": trip.nonce},
        }
        about = {"nonce": trip.nonce, "client_id": self.settings.client_id, "access_token": access}
        try:
            claims = read(token.claims, token.header, wanted, about)
            claims.validate(now, SKEW_SECONDS)
            shown = None if "auth_time" not in claims else int(claims["auth_time"])
        except _broken() as error:
            raise Unproven(_of(error)) from None
        subject = str(claims["sub"])
        if not 0 < len(subject) <= SUBJECT_LENGTH_MAX:
            raise Unproven("the subject is none")
        if shown is not None and shown > now + SKEW_SECONDS:
            raise Unproven("auth_time lies ahead")
        if trip.fresh and (shown is None or shown < trip.since - SKEW_SECONDS):
            raise Unproven("the provider did not ask anew")
        return Proof(subject, shown)

    # --- what the provider publishes --------------------------------------------------------------

    def _known(self, until: float) -> _Published:
        """Its endpoints and keys, fetched not long ago."""
        known = self._published
        if known is None or self._steady() - known.fetched >= KEPT_SECONDS:
            metadata = self._metadata(until)
            at = self._steady()
            known = self._published = _Published(metadata, at, self._keys(metadata, until), at)
        return known

    def _metadata(self, until: float) -> Mapping[str, Any]:
        found = self._document(self.settings.issuer.rstrip("/") + WELL_KNOWN, until)
        if found.get("issuer") != self.settings.issuer:
            raise Away("it calls itself otherwise than openid.issuer does")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            self.place(found.get(name))
        return found

    def _keys(self, metadata: Mapping[str, Any], until: float) -> Any:
        from joserfc.jwk import KeySet

        document: Any = self._document(metadata["jwks_uri"], until)
        try:
            return KeySet.import_key_set(document)
        except _broken() as error:
            raise Away(f"its keys cannot be read: {_of(error)}") from None

    def _document(self, url: str, until: float) -> dict[str, Any]:
        """A JSON object that the provider publishes."""
        answer = self.ask("GET", url, {"accept": "application/json"}, b"", until)
        try:
            found = msgspec.json.decode(answer.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            found = None
        if answer.status != 200 or answer.cut or not isinstance(found, dict):
            raise Away(f"it answers {answer.status}, and with no document of its own")
        return found

    # --- speaking to it ---------------------------------------------------------------------------

    @contextmanager
    def _asked(self) -> Iterator[float]:
        """Until when asking may last. Who would be one too many is turned away at once: a provider
        that hangs must not take the threads by which others log in.
        """
        if not self._asking.acquire(blocking=False):
            raise Away("too many log-ins are asking it")
        try:
            yield time.monotonic() + self.settings.timeout_seconds
        finally:
            self._asking.release()

    def place(self, url: object) -> Place:
        """An endpoint that the provider names. Raises Away where none of it may be used."""
        try:
            return _place(url if isinstance(url, str) else "", self.settings)
        except BadUse as error:
            raise Away(f"an endpoint of it cannot be used: {error.message}") from None

    def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, until: float
    ) -> Answer:
        """One request, on a connection of its own: log-ins are rare. Raises Away."""
        answer = self._egress.send(
            self.place(url),
            {**headers, "connection": "close"},
            body,
            seconds=max(0.0, until - time.monotonic()),
            method=method,
            answer_bytes=ANSWER_BYTES_MAX,
        )
        if isinstance(answer, Trouble):
            raise Away(answer.detail)
        return answer


class _Told:
    """An answer of the provider as Authlib reads it."""

    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self._body = answer.body

    def raise_for_status(self) -> None:
        """Where the provider itself has failed. Raises Away."""
        if self.status_code >= 500:
            raise Away(f"it answers {self.status_code}")

    def json(self) -> dict[str, Any]:
        """The object that was answered. Raises Away."""
        try:
            found = msgspec.json.decode(self._body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise Away(f"it answers {self.status_code}, and no token")
        return found


class _Speaker:
    """How Authlib sends something: through `Provider.ask`, and so through `egress`."""

    def __init__(self, provider: Provider, until: float) -> None:
        self._provider = provider
        self._until = until

    def post(
        self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Any
    ) -> _Told:
        """Send a form."""
        form = {"content-type": "application/x-www-form-urlencoded;charset=UTF-8"}
        sent = {**headers, **form}
        url, sent, body = auth.prepare("POST", url, sent, urlencode(data))
        lower = {name.lower(): str(value) for name, value in sent.items()}
        lower.pop("content-length", None)
        return _Told(self._provider.ask("POST", url, lower, str(body).encode(), self._until))


def _broken() -> tuple[type[Exception], ...]:
    """What a token, or a set of keys, can be wrong by."""
    from joserfc.errors import JoseError

    strange = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError)
    return (JoseError, *strange)


def _of(error: Exception) -> str:
    """An error in few words: which, and of which claim; never what a token said."""
    claim = getattr(error, "claim", "")
    return f"{type(error).__name__} {_plain(claim)}".strip()


def _plain(text: object) -> str:
    return "".join(each if each.isprintable() else "?" for each in str(text)[:60])
