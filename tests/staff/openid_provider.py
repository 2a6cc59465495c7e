"""An OpenID provider for tests: idpyoidc's, a certified implementation, served on loopback.

What it says is its own: it checks the client, the redirect, the code and its verifier, and signs
the ID tokens. A test can have a token spoilt on its way, or the keys exchanged, to see what is made
of a provider that lies. This module must never answer a log-in by itself.
"""

from __future__ import annotations

import html
import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

if not os.environ.get("CI"):  # there requirements/test.txt is installed, and must be
    pytest.importorskip("idpyoidc")

from cryptojwt.jwk import JWK
from cryptojwt.jwk.hmac import SYMKey
from cryptojwt.jwk.rsa import new_rsa_key
from cryptojwt.jws.jws import JWS
from cryptojwt.key_jar import build_keyjar
from idpyoidc.message.oidc import AuthorizationRequest
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.exception import UnAuthorizedClient
from idpyoidc.server.user_authn.user import (
    UserAuthnMethod,
    create_signed_jwt,
    verify_signed_jwt,
)

CLIENT = "ombud"
SECRET = "the-secret-that-only-the-two-of-us-know"
KEYS = [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]
LOGIN = "urn:oasis:names:tc:SAML:2.0:ac:classes:InternetProtocolPassword"
PATHS = {
    "provider_config": "oidc.provider_config.ProviderConfiguration",
    "authorization": "oidc.authorization.Authorization",
    "token": "oidc.token.Token",
}
WAYS = {"token": ["client_secret_basic", "client_secret_post"]}

Claims = dict[str, Any]
Spoil = Callable[["Provider", str], str]


class Form(UserAuthnMethod):  # type: ignore[misc]
    """A log-in page: whoever gives a name is believed to be called so."""

    def __call__(self, **kwargs: Any) -> str:
        context, keys = self.upstream_get("context"), self.upstream_get("attribute", "keyjar")
        token = html.escape(create_signed_jwt(context.issuer, keys, **kwargs))
        return (
            '<!doctype html><html lang="en"><title>Provider</title><main><h1>Provider</h1>'
            '<form method="post" action="/verify">'
            f'<input type="hidden" name="token" value="{token}">'
            '<label for="user">User</label><input id="user" name="user">'
            "<button>Go on</button></form></main></html>"
        )


@dataclass
class Provider:
    """A provider that is being served."""

    issuer: str
    server: Any
    spoil: Spoil = lambda _, token: token
    asked: list[str] = field(default_factory=list)  # the paths that were asked for
    broken: int = 0  # a status with which everything is answered, where it is not 0

    @property
    def allow(self) -> list[str]:
        """What the settings must allow for it to be reached."""
        return ["127.0.0.1"]

    def key(self, kind: str = "RSA") -> JWK:
        """One of its own keys for signing."""
        return self.server.keyjar.get_signing_key(kind)[0]

    def rotate(self) -> None:
        """Sign by new keys from now on, and publish no others."""
        keys = self.server.keyjar
        new = build_keyjar(KEYS)
        new.import_jwks(new.export_jwks(private=True), self.issuer)
        for owner in {"", self.issuer} & set(keys.owners()):
            keys[owner] = new.return_issuer(owner)

    def signed(self, claims: Claims, key: JWK | None = None, alg: str = "RS256") -> str:
        """A token with these claims, by one of its keys or another."""
        return str(JWS(json.dumps(claims), alg=alg).sign_compact([key or self.key()]))


def claims_of(token: str) -> Claims:
    """What a token says, whoever signed it."""
    from cryptojwt.jws.jws import factory

    found: Claims = factory(token).jwt.payload()
    return found


def shared_key(secret: str, kid: str = "") -> JWK:
    """A key for signing by a secret that others know."""
    return SYMKey(key=secret, alg="HS256", **({"kid": kid} if kid else {}))


def foreign_key(kid: str) -> JWK:
    """A key of somebody else, which calls itself otherwise."""
    return new_rsa_key(kid=kid)


def changed(**values: Any) -> Spoil:
    """The provider signs other claims than it means; None: it leaves one out."""

    def spoil(provider: Provider, token: str) -> str:
        claims = {**claims_of(token), **values}
        return provider.signed({name: each for name, each in claims.items() if each is not None})

    return spoil


def _configuration(issuer: str) -> OPConfiguration:
    return OPConfiguration(
        {
            "issuer": issuer,
            "key_conf": {"key_defs": KEYS, "uri_path": "jwks.json"},
            "httpc_params": {"verify": False, "timeout": 1},
            "preference": {"subject_types_supported": ["public"]},
            "authentication": {"user": {"acr": LOGIN, "class": Form, "kwargs": {}}},
            "endpoint": {
                name: {
                    "path": ".well-known/openid-configuration"
                    if name == "provider_config"
                    else name,
                    "class": f"idpyoidc.server.{known}",
                    "kwargs": {"client_authn_method": WAYS.get(name)},
                }
                for name, known in PATHS.items()
            },
            "add_on": {
                "pkce": {
                    "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                    "kwargs": {"essential": True, "code_challenge_method": "S256"},
                }
            },
            "token_handler_args": {
                "jwks_def": {
                    "private_path": "",
                    "key_defs": [{"type": "oct", "bytes": "24", "use": ["enc"], "kid": "code"}],
                },
                "code": {"kwargs": {"lifetime": 60}},
                "token": {
                    "class": "idpyoidc.server.token.jwt_token.JWTToken",
                    "kwargs": {"lifetime": 60, "aud": [issuer]},
                },
                "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": {}},
            },
            "userinfo": {"class": "idpyoidc.server.user_info.UserInfo", "kwargs": {"db": {}}},
            "session_params": {
                "encrypter": {
                    "kwargs": {
                        "keys": {
                            "key_defs": [
                                {"type": "OCT", "use": ["enc"], "kid": each}
                                for each in ("password", "salt")
                            ]
                        }
                    }
                },
                "sub_func": {"public": {"function": lambda user, *_, **__: f"subject of {user}"}},
            },
        }
    )


class Handler(BaseHTTPRequestHandler):
    """Answers for one provider."""

    provider: Provider
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        """Documents, and the log-in page."""
        self._answer(dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self) -> None:
        """The log-in, and codes."""
        content = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        self._answer(dict(parse_qsl(content)))

    def _answer(self, sent: dict[str, str]) -> None:
        path = urlsplit(self.path).path.strip("/")
        self.provider.asked.append(path)
        if self.provider.broken:
            self._send(self.provider.broken, "text/plain", "out of order")
        elif path == "jwks.json":
            self._send(200, "application/json", self.provider.server.keyjar.export_jwks_as_json())
        elif path == "verify":
            self._verified(sent)
        else:
            self._endpoint(path, sent)

    def _endpoint(self, path: str, sent: dict[str, str]) -> None:
        name = "provider_config" if path.startswith(".well-known") else path
        endpoint = self.provider.server.get_endpoint(name)
        if endpoint is None:
            self._send(404, "text/plain", "nothing is here")
            return
        info = {"headers": {key.lower(): value for key, value in self.headers.items()}}
        try:
            asked = endpoint.parse_request(sent, http_info=info)
        except UnAuthorizedClient:
            self._send(401, "application/json", '{"error": "invalid_client"}')
            return
        args = asked if "error" in asked else endpoint.process_request(asked, http_info=info)
        if "http_response" in args:
            self._send(200, "text/html", args["http_response"])
        else:
            self._respond(endpoint, asked, args)

    def _verified(self, sent: dict[str, str]) -> None:
        endpoint = self.provider.server.get_endpoint("authorization")
        known = verify_signed_jwt(sent["token"], self.provider.server.keyjar)
        request = AuthorizationRequest().from_urlencoded(known["query"])
        way = self.provider.server.context.authn_broker.default()["method"]
        session = endpoint.create_session(request, sent["user"], known["authn_class_ref"], 0, way)
        args = endpoint.authz_part2(request=request, session_id=session)
        self._respond(endpoint, request, args)

    def _respond(self, endpoint: Any, asked: Any, args: Any) -> None:
        told = endpoint.do_response(request=asked, **args)
        if endpoint.name == "authorization" and "error" not in args:
            self._send(302, "text/plain", "", told["response"])
            return
        body = told["response"]
        if endpoint.name == "token" and '"id_token"' in body:
            answer = json.loads(body)
            answer["id_token"] = self.provider.spoil(self.provider, answer["id_token"])
            body = json.dumps(answer)
        self._send(400 if "error" in args else 200, "application/json", body)

    def _send(self, status: int, kind: str, body: str, location: str = "") -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        if location:
            self.send_header("location", location)
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def providing(redirect: str) -> Iterator[Provider]:
    """A provider that knows one client, which its people return to at `redirect`."""
    listening = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    issuer = f"http://127.0.0.1:{listening.server_address[1]}"
    made = Provider(issuer, Server(_configuration(issuer)))
    made.server.context.cdb[CLIENT] = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [(redirect, {})],
        "response_types_supported": ["code"],
        "token_endpoint_auth_method": "client_secret_basic",
        "allowed_scopes": ["openid"],
    }
    made.server.keyjar.add_symmetric(CLIENT, SECRET)
    listening.RequestHandlerClass = type("Serving", (Handler,), {"provider": made})
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def logged_in(url: str, user: str) -> dict[str, str]:
    """What a browser brings back that was sent to a provider, whose person logs in there."""
    at = urlsplit(url)
    asked = HTTPConnection(at.netloc, timeout=10)
    asked.request("GET", f"{at.path}?{at.query}")
    page = asked.getresponse().read().decode()
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None, page
    asked.request(
        "POST",
        "/verify",
        urlencode({"token": html.unescape(found[1]), "user": user}),
        {"content-type": "application/x-www-form-urlencoded"},
    )
    answer = asked.getresponse()
    answer.read()
    asked.close()
    location = answer.headers["location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
