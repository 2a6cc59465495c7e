"""One claim that somebody has checked and published, and the lines in which claims are kept.

Files of `claims/` hold one JSON object a line, as `ombud claims import` writes them. Who made the
claim is no field: a community keeps no dossiers. A line that is no claim is left out and counted,
and costs none of its neighbours. This module must never judge what a rating means.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

CLAIMS_MAX = 200_000  # of all files together
LINE_BYTES_MAX = 16_384
LINES_MAX = 4 * CLAIMS_MAX
CLAIM_MAX = 1000  # characters, as are the next three
HEADLINE_MAX = 300
NAME_MAX = 200
URL_MAX = 2000

Short = Annotated[str, Meta(min_length=1, max_length=NAME_MAX)]


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A claim, and what its publisher says of it: words to show, never a label to learn."""

    claim: Annotated[str, Meta(min_length=1, max_length=CLAIM_MAX)]
    publisher: Short
    rating: Short
    url: Annotated[str, Meta(min_length=8, max_length=URL_MAX, pattern="^https?://[!-~]+$")]
    headline: Annotated[str, Meta(max_length=HEADLINE_MAX)] = ""
    date: Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""
    lang: Annotated[str, Meta(pattern="^([a-z]{2,3})?$")] = ""

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits that stand for it: of its address and its words."""
        return hashlib.sha256(f"{self.url}\0{self.claim}".encode()).hexdigest()[:12]


class Read(NamedTuple):
    """The claims of a file, each once, and the numbers of its lines that are none."""

    claims: tuple[Claim, ...]
    broken: tuple[int, ...]


_LINE = re.compile(rb"[^\n]+")
_decoder = msgspec.json.Decoder(Claim)
_encoder = msgspec.json.Encoder(order="deterministic")


def read_lines(content: bytes) -> Read:
    """The claims of a file of `claims/`. Never raises. Behind LINES_MAX lines nothing is read, and
    the first line of that counts as one that is none.
    """
    found: dict[str, Claim] = {}
    broken: list[int] = []
    number, end = 1, 0
    for read, part in enumerate(_LINE.finditer(content), 1):
        number += content.count(b"\n", end, part.start())
        end, line = part.start(), part.group()
        if not line.strip():
            continue
        if read > LINES_MAX:
            broken.append(number)
            break
        claim = None
        if len(line) <= LINE_BYTES_MAX and len(found) < CLAIMS_MAX:
            with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                claim = _decoder.decode(line)
        if claim is None or not _printable(claim):
            broken.append(number)
        else:
            found.setdefault(claim.id, claim)
    return Read(tuple(found.values()), tuple(broken))


def write_lines(claims: Iterable[Claim]) -> bytes:
    """A file of `claims/`, in the order of their ids: the same claims are the same bytes."""
    ordered = sorted(claims, key=lambda each: each.id)
    return b"".join(_encoder.encode(each) + b"\n" for each in ordered)


def _printable(claim: Claim) -> bool:
    """Whether every field is text that can be shown: it is shown to people as it is."""
    return all(
        text.isprintable() for text in (claim.claim, claim.publisher, claim.rating, claim.headline)
    )
