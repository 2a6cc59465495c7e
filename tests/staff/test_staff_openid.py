"""The provider is asked as specified, and what it did not sign for us counts for nothing."""

from __future__ import annotations

import base64
import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ombud.config import OpenId
from ombud.errors import BadUse
from ombud.staff import openid
from ombud.staff.openid import AGAIN_SECONDS, KEPT_SECONDS, Away, Provider, Trip, Unproven
from staff import openid_provider
from staff.openid_provider import (
    CLIENT,
    SECRET,
    Spoil,
    changed,
    claims_of,
    foreign_key,
    logged_in,
    providing,
    shared_key,
)

BACK = "http://localhost:8420/openid/back"
TRIP = Trip("s" * 43, "n" * 43, "v" * 43, BACK)
SUBJECT = "subject of ana"


class Steady:
    """Seconds that are moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def there() -> Iterator[openid_provider.Provider]:
    """A provider on loopback."""
    with providing(BACK) as made:
        yield made


@pytest.fixture
def steady() -> Steady:
    """A clock that never goes back."""
    return Steady()


@pytest.fixture
def provider(there: openid_provider.Provider, steady: Steady) -> Iterator[Provider]:
    """The same as Ombud knows it."""
    made = known(there, steady)
    yield made
    made.close()


def known(there: openid_provider.Provider, steady: Steady, **more: Any) -> Provider:
    """A provider with settings that fit it."""
    fitting = {"issuer": there.issuer, "client_id": CLIENT, "allow": tuple(there.allow)}
    return Provider(OpenId(**{**fitting, **more}), lambda: SECRET, steady=steady)


def now() -> int:
    """The second it is."""
    return int(time.time())


def test_somebody_logs_in(provider: Provider, there: openid_provider.Provider) -> None:
    """Their subject, and when they showed who they are; the code is asked for with a challenge, and
    nothing about the person but that they are somebody.
    """
    url = provider.begin(TRIP)
    asked = {name: each[0] for name, each in parse_qs(urlsplit(url).query).items()}
    assert (asked["response_type"], asked["scope"]) == ("code", "openid")
    assert asked["code_challenge_method"] == "S256"
    assert TRIP.verifier not in url
    assert (asked["state"], asked["nonce"], asked["redirect_uri"]) == (*TRIP[:2], BACK)
    proof = provider.finish(TRIP, logged_in(url, "ana"), now())
    assert proof.subject == SUBJECT
    assert proof.shown is not None
    assert abs(proof.shown - now()) < 10
    assert there.asked.count(".well-known/openid-configuration") == 1


OTHERS = {
    "nonce": TRIP._replace(nonce="x" * 43),
    "state": TRIP._replace(state="x" * 43),
    "verifier": TRIP._replace(verifier="x" * 43),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_what_is_of_another_log_in_counts_for_nothing(provider: Provider, other: Trip) -> None:
    """Another state, another nonce, another verifier than the one it was begun with."""
    answer = logged_in(provider.begin(TRIP), "ana")
    with pytest.raises(Unproven):
        provider.finish(other, answer, now())


def test_a_code_is_good_once(provider: Provider) -> None:
    """The provider itself refuses it the second time, and so do we."""
    answer = logged_in(provider.begin(TRIP), "ana")
    provider.finish(TRIP, answer, now())
    with pytest.raises(Unproven, match="the code was refused"):
        provider.finish(TRIP, answer, now())


def unsigned(_: openid_provider.Provider, token: str) -> str:
    """The token without a signature, as alg "none" has it."""
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."


def by_our_secret(there: openid_provider.Provider, token: str) -> str:
    """Signed by the client's secret, which more than the provider knows."""
    return there.signed(claims_of(token), shared_key(SECRET), "HS256")


def by_the_public_key(there: openid_provider.Provider, token: str) -> str:
    """Signed by the provider's public key as if that were a secret (RFC 8725, 2.1)."""
    public = there.key().public_key().public_numbers()
    key = shared_key(str(public.n), there.key().kid)
    return there.signed(claims_of(token), key, "HS256")


def by_somebody_else(there: openid_provider.Provider, token: str) -> str:
    """Signed by a key that calls itself the provider's."""
    return there.signed(claims_of(token), foreign_key(there.key().kid))


def spoilt(_: openid_provider.Provider, token: str) -> str:
    """A claim changed behind the signature."""
    head, body, seal = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    other = json.dumps({**claims, "sub": "subject of bea"}).encode()
    return f"{head}.{base64.urlsafe_b64encode(other).rstrip(b'=').decode()}.{seal}"


LIES: dict[str, Spoil] = {
    "no signature": unsigned,
    "HS256 by the secret": by_our_secret,
    "HS256 by the public key": by_the_public_key,
    "another key": by_somebody_else,
    "changed": spoilt,
    "no token": lambda _, __: "nothing",
    "another issuer": changed(iss="https://other.example"),
    "another audience": changed(aud="another"),
    "another audience by us": changed(aud="another", azp=CLIENT),
    "no audience": changed(aud=None),
    "two audiences and nobody's": changed(aud=[CLIENT, "another"]),
    "another's party": changed(azp="another"),
    "another nonce": changed(nonce="another"),
    "no nonce": changed(nonce=None),
    "expired": changed(exp=int(time.time()) - 3600, iat=int(time.time()) - 7200),
    "expires never": changed(exp=None),
    "expires at no number": changed(exp=float("nan")),
    "issued ahead": changed(iat=int(time.time()) + 3600),
    "not before": changed(nbf=int(time.time()) + 3600),
    "no subject": changed(sub=None),
    "an empty subject": changed(sub=""),
    "a long subject": changed(sub="x" * 256),
    "a subject that is none": changed(sub=["subject of ana"]),
    "shown ahead": changed(auth_time=int(time.time()) + 3600),
    "shown at no number": changed(auth_time=float("nan")),
    "another access token": changed(at_hash="bm90IHRoaXMgb25l"),
}


@pytest.mark.parametrize("spoil", LIES.values(), ids=LIES)
def test_a_token_that_is_not_for_this_proves_nothing(
    provider: Provider, there: openid_provider.Provider, spoil: Spoil
) -> None:
    """Whatever is wrong with it: the signature, whom it is from, for whom, when."""
    there.spoil = spoil
    answer = logged_in(provider.begin(TRIP), "ana")
    with pytest.raises(Unproven):
        provider.finish(TRIP, answer, now())


@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256"])
def test_signatures_that_count(
    provider: Provider, there: openid_provider.Provider, alg: str
) -> None:
    """By RSA and by an elliptic curve."""
    kind = "EC" if alg.startswith("ES") else "RSA"
    there.spoil = lambda one, token: one.signed(claims_of(token), one.key(kind), alg)
    assert provider.finish(TRIP, logged_in(provider.begin(TRIP), "ana"), now()).subject == SUBJECT


@pytest.mark.parametrize(("late", "good"), [(-50, True), (50, True), (-400, False), (400, False)])
def test_clocks_may_differ_by_a_minute(provider: Provider, late: int, good: bool) -> None:
    """A provider whose clock goes before or after ours; its token is good for five minutes."""
    answer = logged_in(provider.begin(TRIP), "ana")
    if good:
        assert provider.finish(TRIP, answer, now() + late).subject == SUBJECT
    else:
        with pytest.raises(Unproven):
            provider.finish(TRIP, answer, now() + late)


def test_a_provider_gets_new_keys(
    provider: Provider, there: openid_provider.Provider, steady: Steady
) -> None:
    """They are asked for when a token fits none of those that are known, and no more often than
    every few seconds: else whoever brings bad tokens could have the provider asked without end.
    """
    provider.finish(TRIP, logged_in(provider.begin(TRIP), "ana"), now())
    there.rotate()
    with pytest.raises(Unproven):
        provider.finish(TRIP, logged_in(provider.begin(TRIP), "ana"), now())
    steady.at += AGAIN_SECONDS
    assert provider.finish(TRIP, logged_in(provider.begin(TRIP), "ana"), now()).subject == SUBJECT
    assert there.asked.count("jwks.json") == 2


def test_what_is_published_is_asked_for_now_and_then(
    provider: Provider, there: openid_provider.Provider, steady: Steady
) -> None:
    """Once an hour."""
    for _ in range(3):
        provider.begin(TRIP)
    assert there.asked.count(".well-known/openid-configuration") == 1
    steady.at += KEPT_SECONDS
    provider.begin(TRIP)
    assert there.asked.count(".well-known/openid-configuration") == 2


def test_a_fresh_proof_asks_anew(provider: Provider, there: openid_provider.Provider) -> None:
    """The provider is told to, and says when; what it says of before, or does not say, is none."""
    fresh = TRIP._replace(fresh=True, since=now())
    url = provider.begin(fresh)
    asked = {name: each[0] for name, each in parse_qs(urlsplit(url).query).items()}
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    assert provider.finish(fresh, logged_in(url, "ana"), now()).subject == SUBJECT
    for said in (now() - 120, None):
        there.spoil = changed(auth_time=said)
        answer = logged_in(provider.begin(fresh), "ana")
        with pytest.raises(Unproven, match="anew"):
            provider.finish(fresh, answer, now())
        assert provider.finish(TRIP, logged_in(provider.begin(TRIP), "ana"), now()).shown == said


@pytest.mark.parametrize(
    "answer", [{}, {"error": "access_denied"}, {"code": ""}, {"code": "x" * 9999}]
)
def test_an_answer_without_a_code_proves_nothing(
    provider: Provider, there: openid_provider.Provider, answer: dict[str, str]
) -> None:
    """A refusal, no code, one that is far too long: the provider is not even asked."""
    provider.begin(TRIP)
    with pytest.raises(Unproven):
        provider.finish(TRIP, {"state": TRIP.state, **answer}, now())
    assert "token" not in there.asked


def test_an_answer_from_another_issuer_is_refused(provider: Provider) -> None:
    """RFC 9207: before the code is shown to anybody."""
    answer = {**logged_in(provider.begin(TRIP), "ana"), "iss": "https://other.example"}
    with pytest.raises(Unproven, match="another issuer"):
        provider.finish(TRIP, answer, now())


def test_a_wrong_secret_proves_nothing(there: openid_provider.Provider, steady: Steady) -> None:
    """The provider refuses the client; nothing of the secret is told."""
    settings = OpenId(issuer=there.issuer, client_id=CLIENT, allow=tuple(there.allow))
    provider = Provider(settings, lambda: "wrong-secret", steady=steady)
    answer = logged_in(provider.begin(TRIP), "ana")
    with pytest.raises(Unproven) as refused:
        provider.finish(TRIP, answer, now())
    assert "wrong-secret" not in str(refused.value)
    provider.close()


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_provider_out_of_order_is_away(
    provider: Provider, there: openid_provider.Provider, status: int
) -> None:
    """It answers, and with nothing that could be used; no redirect is followed."""
    there.broken = status
    with pytest.raises(Away):
        provider.begin(TRIP)
    there.broken = 0
    answer = logged_in(provider.begin(TRIP), "ana")
    there.broken = status
    with pytest.raises((Away, Unproven)):
        provider.finish(TRIP, answer, now())


def test_a_provider_that_hangs_is_waited_for_so_long(steady: Steady) -> None:
    """And holds no more than a few at a time: the next one is turned away at once."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings = OpenId(
            issuer=f"http://127.0.0.1:{deaf.getsockname()[1]}",
            client_id=CLIENT,
            allow=("127.0.0.1",),
            timeout_seconds=1,
        )
        provider = Provider(settings, lambda: "", steady=steady)
        with pytest.raises(Away):
            provider.begin(TRIP)
        for _ in range(openid.ASKING_MAX):
            provider._asking.acquire()
        with pytest.raises(Away, match="too many"):
            provider.begin(TRIP)
        provider.close()


def test_a_private_address_is_reached_only_where_it_is_allowed(
    there: openid_provider.Provider, steady: Steady
) -> None:
    """As everything that goes out."""
    provider = known(there, steady, allow=())
    with pytest.raises(Away, match="not a public address"):
        provider.begin(TRIP)
    assert there.asked == []
    provider.close()


def test_a_provider_must_call_itself_as_the_settings_do(
    there: openid_provider.Provider, steady: Steady
) -> None:
    """To the letter (Discovery 1.0, 4.3)."""
    provider = known(there, steady, issuer=there.issuer + "/")
    with pytest.raises(Away, match="calls itself otherwise"):
        provider.begin(TRIP)
    provider.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://login.example"},
        {"issuer": "http://10.0.0.1"},
        {"issuer": "ftp://login.example"},
        {"issuer": "https://user:word@login.example"},
        {"issuer": "no address"},
        {"client_id": ""},
        {"allow": ("nonsense",)},
        {"name": "hidden\u202ename"},
    ],
)
def test_settings_by_which_nobody_could_log_in_are_refused(wrong: dict[str, Any]) -> None:
    """At the start, before anybody needs them."""
    with pytest.raises(BadUse, match=r"U211|U030|U031"):
        openid.check(OpenId(**{"issuer": "https://login.example", "client_id": "x", **wrong}))


def test_none_and_one_that_could_be_are_taken() -> None:
    """No issuer, no provider; one by TLS needs nothing more."""
    openid.check(OpenId())
    openid.check(OpenId(issuer="https://login.example/realms/mods", client_id="ombud"))
    assert openid.ALGORITHMS == ("RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
