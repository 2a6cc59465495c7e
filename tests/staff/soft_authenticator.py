"""A passkey in software, for tests: makes and signs what a browser and a device would, and lies as
asked.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def b64(content: bytes) -> str:
    """As WebAuthn's JSON writes bytes."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class Device:
    """One device with one key. `counts`: it counts its uses."""

    def __init__(self, *, counts: bool = False) -> None:
        self.id = secrets.token_bytes(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.count = 0
        self.counts = counts
        self.handle = b""

    def made(self, options: str, origin: str, *, flags: int = PRESENT | VERIFIED) -> str:
        """The answer to a question for a new passkey."""
        asked = json.loads(options)
        self.handle = base64.urlsafe_b64decode(asked["user"]["id"] + "==")
        numbers = self.key.public_key().public_numbers()
        cose = cbor2.dumps(
            {
                1: 2,
                3: -7,
                -1: 1,
                -2: numbers.x.to_bytes(32, "big"),
                -3: numbers.y.to_bytes(32, "big"),
            }
        )
        data = self._data(asked["rp"]["id"], flags | ATTESTED)
        data += bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"], origin)
        response = {"clientDataJSON": b64(client), "attestationObject": b64(attestation)}
        return self._answer(response)

    def proof(
        self,
        options: str,
        origin: str,
        *,
        flags: int = PRESENT | VERIFIED,
        handle: bytes | None = None,
        **changed: Any,
    ) -> str:
        """The answer to a question for a proof."""
        asked = {**json.loads(options), **changed}
        self.count += self.counts
        data = self._data(asked["rpId"], flags)
        client = self._client("webauthn.get", asked["challenge"], origin)
        signed = data + hashlib.sha256(client).digest()
        response = {
            "clientDataJSON": b64(client),
            "authenticatorData": b64(data),
            "signature": b64(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": b64(self.handle if handle is None else handle),
        }
        return self._answer(response)

    def _data(self, host: str, flags: int) -> bytes:
        known = hashlib.sha256(host.encode()).digest()
        return known + bytes([flags]) + self.count.to_bytes(4, "big")

    @staticmethod
    def _client(kind: str, challenge: str, origin: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, str]) -> str:
        whole = {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key"}
        return json.dumps({**whole, "response": response, "clientExtensionResults": {}})
