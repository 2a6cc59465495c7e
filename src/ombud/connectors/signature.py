"""The signature of a webhook: who sent it, and when. Receivers may copy this file as it is.

`Ombud-Signature: t=UNIXSECONDS,v1=HEX`, where HEX is the HMAC-SHA256 (RFC 2104) of the time, a dot
and the body, under the secret that Ombud and the receiver share. It needs nothing beyond the
standard library, reads no clock, and must never raise on what a stranger sent.
"""

from __future__ import annotations

import hashlib
import hmac

TOLERANCE_SECONDS = 300
HEADER_LENGTH_MAX = 1000


def sign(secret: bytes, body: bytes, at_seconds: int) -> str:
    """The header's value for a body that is sent at this Unix time."""
    return f"t={at_seconds},v1={_code(secret, str(at_seconds), body)}"


def verify(
    secret: bytes,
    header: str | None,
    body: bytes,
    now_seconds: int,
    tolerance_seconds: int = TOLERANCE_SECONDS,
) -> bool:
    """Whether whoever knows the secret signed exactly this body, at most so long before or after.

    One good `v1` is enough, so that a secret can be changed while both are in use; parts with
    other names are passed over. A header that is missing or malformed is False.
    """
    if not secret or not header or len(header) > HEADER_LENGTH_MAX or not header.isascii():
        return False
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    if len(times) != 1 or not times[0].isdigit():
        return False
    if abs(now_seconds - int(times[0])) > tolerance_seconds:
        return False
    expected = _code(secret, times[0], body)
    good = False
    for name, _, value in parts:
        good |= name == "v1" and hmac.compare_digest(value, expected)
    return good


def _code(secret: bytes, time: str, body: bytes) -> str:
    return hmac.new(secret, time.encode() + b"." + body, hashlib.sha256).hexdigest()
