"""Passkeys, by WebAuthn Level 3: what a browser is asked, and whether its answer proves anything.

A challenge is signed instead of kept, so nobody can fill a memory with them; it is bound to one
purpose and is good once, for minutes. The person must have been verified by the device, so a
passkey is as good as a password and a device together. This module must never take an answer for
another origin, purpose or time.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    bytes_to_base64url,
    options_to_json,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ombud.clock import MINUTE
from ombud.staff.credentials import Account, Passkey

GOOD = 5 * MINUTE  # for so long a challenge can be answered
ANSWER_LENGTH_MAX = 16_384  # characters of JSON
NAME_LENGTH_MAX = 60

# What a hostile answer can make the parsers of JSON, CBOR, keys and certificates raise.
_BROKEN = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, RecursionError)


class Party(NamedTuple):
    """For whom a passkey is: the host it is bound to, and the origin its pages have."""

    host: str
    origin: str


def party(address: str) -> Party | None:
    """For whom passkeys are at a site's address; None where no browser would make one: without
    TLS anywhere but at localhost, and where the host is a number.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in ("https", "http") or (parts.scheme == "http" and host != "localhost"):
        return None
    last = host.rpartition(".")[2]
    if not host or ":" in host or last.isdecimal() or last.startswith("0x"):
        return None
    usual = port is None or port == {"https": 443, "http": 80}[parts.scheme]
    return Party(host, f"{parts.scheme}://{host}" + ("" if usual else f":{port}"))


class Challenges:
    """Makes challenges and knows them again. `key`: 32 random bytes of this process; `good`: for
    how long one can be answered.
    """

    def __init__(self, key: bytes | None = None, good: int = GOOD) -> None:
        self._key = key or secrets.token_bytes(32)
        self._good = good
        self._used: dict[bytes, int] = {}  # by what came first, until when
        self._one = threading.Lock()

    def make(self, purpose: str, now: int) -> bytes:
        """A challenge for one purpose: random, its end, and our seal over both."""
        head = secrets.token_bytes(16) + (now + self._good).to_bytes(8, "big")
        return head + self._seal(purpose, head)

    def good(self, challenge: bytes, purpose: str, now: int) -> bool:
        """Whether this is a challenge of ours for this purpose, in time, and not used before."""
        head, seal = challenge[:24], challenge[24:]
        if not hmac.compare_digest(seal, self._seal(purpose, head)):
            return False
        with self._one:
            return int.from_bytes(head[16:], "big") > now and head not in self._used

    def use(self, challenge: bytes, now: int) -> bool:
        """Use a good challenge up, once an answer to it has proven something; False where another
        answer was first. What proves nothing uses nothing up, and so fills no memory.
        """
        head = challenge[:24]
        with self._one:
            for each in [each for each, ends in self._used.items() if ends <= now]:
                del self._used[each]
            if head in self._used:
                return False
            self._used[head] = int.from_bytes(head[16:], "big")
        return True

    def _seal(self, purpose: str, head: bytes) -> bytes:
        return hmac.digest(self._key, purpose.encode() + b"\0" + head, sha256)


class Passkeys:
    """Asks browsers for passkeys, and checks what they answer."""

    def __init__(self) -> None:
        self._challenges = Challenges()

    def ask_new(
        self,
        of: Party,
        site: str,
        account: Account,
        known: Sequence[Passkey],
        purpose: str,
        now: int,
    ) -> str:
        """What a browser is to make a passkey of, as JSON."""
        options = webauthn.generate_registration_options(
            rp_id=of.host,
            rp_name=site[:64] or of.host,
            user_name=account.shown,
            user_id=account.handle,
            user_display_name=account.shown,
            challenge=self._challenges.make(purpose, now),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each.id) for each in known],
        )
        return options_to_json(options)

    def ask_proof(self, of: Party, known: Sequence[Passkey], purpose: str, now: int) -> str:
        """What a browser is to prove, as JSON; none known: with whichever passkey it has."""
        options = webauthn.generate_authentication_options(
            rp_id=of.host,
            challenge=self._challenges.make(purpose, now),
            allow_credentials=[PublicKeyCredentialDescriptor(id=each.id) for each in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    def made(
        self, of: Party, answer: str, token: int, name: str, purpose: str, now: int
    ) -> Passkey | None:
        """The new passkey that a browser answers with; None where it is none."""
        try:
            challenge = _challenge(answer)
            if not self._challenges.good(challenge, purpose, now):
                return None
            found = webauthn.verify_registration_response(
                credential=parse_registration_credential_json(answer),
                expected_challenge=challenge,
                expected_rp_id=of.host,
                expected_origin=of.origin,
                require_user_verification=True,
            )
        except _BROKEN:
            return None
        if not self._challenges.use(challenge, now):
            return None
        key, count = found.credential_public_key, found.sign_count
        return Passkey(found.credential_id, token, key, count, name, now, None)

    def named(self, answer: str) -> tuple[bytes, bytes | None] | None:
        """Which passkey a proof says it is by, and whose; nothing is proven by that."""
        try:
            found = parse_authentication_credential_json(_bounded(answer))
        except _BROKEN:
            return None
        return found.raw_id, found.response.user_handle

    def proven(self, of: Party, answer: str, by: Passkey, purpose: str, now: int) -> int | None:
        """How often a passkey says it was used, where an answer proves that it was used just now
        for this; None where it does not.
        """
        try:
            challenge = _challenge(answer)
            if not self._challenges.good(challenge, purpose, now):
                return None
            found = webauthn.verify_authentication_response(
                credential=parse_authentication_credential_json(answer),
                expected_challenge=challenge,
                expected_rp_id=of.host,
                expected_origin=of.origin,
                credential_public_key=by.key,
                credential_current_sign_count=by.uses,
                require_user_verification=True,
            )
        except _BROKEN:
            return None
        if found.credential_id != by.id or not self._challenges.use(challenge, now):
            return None
        return found.new_sign_count


def _bounded(answer: str) -> str:
    if len(answer) > ANSWER_LENGTH_MAX:
        raise ValueError("too long")
    return answer


def _challenge(answer: str) -> bytes:
    """The challenge that an answer says it is to. The signature over it is checked afterwards."""
    told: Any = json.loads(_bounded(answer))
    said: Any = json.loads(webauthn.base64url_to_bytes(told["response"]["clientDataJSON"]))
    return webauthn.base64url_to_bytes(said["challenge"])


def shown_id(id_: bytes) -> str:
    """A passkey's id as a form carries it."""
    return bytes_to_base64url(id_)


def id_of(shown: str) -> bytes:
    """The id that a form carries; empty where it is none."""
    try:
        return webauthn.base64url_to_bytes(shown[:2000])
    except ValueError:
        return b""
