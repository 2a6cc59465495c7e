"""The parts of a picture file, before anything of it is decoded: what it is, and what it needs.

A file can hold any number of notes, profiles, scans and second pictures beside the one that is
seen, and a decoder takes time and memory for each. So the file is walked once and made anew of what
the picture itself needs: its size, tables, colours and points. The formats are those of PNG (W3C),
JPEG (ITU T.81), GIF89a and WebP (RFC 9649). This module must never decode a picture, and never take
more steps than PARTS_MAX.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PARTS_MAX = 20_000  # parts of a file; one of 16 MiB that an honest program wrote has 8,000
SCANS_MAX = (
    40  # of a JPEG; programs write ten or so, and a decoder goes through all points for each
)

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a file is made of. `ends`: where the picture does by its own account, beyond the file
    where that breaks off. `size`: width and height, None where the file ends before it says so.
    `content`: the file of what the picture needs. `moves`: it has several frames. `many`: it has
    more parts than are looked at, and the rest is not known.
    """

    format: str
    size: Size | None = None
    content: bytes = b""
    ends: int = 0
    moves: bool = False
    many: bool = False


def of(content: bytes) -> Parts | None:
    """The parts of a file; None where it is of no format that is taken."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith((b"GIF87a", b"GIF89a")):
        return _gif(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _webp(content)
    return None


def _number(content: bytes, at: int, length: int, order: str = "big") -> int:
    return int.from_bytes(content[at : at + length], "big" if order == "big" else "little")


# --- PNG ------------------------------------------------------------------------------------------

_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


def _png(content: bytes) -> Parts:
    size = (_number(content, 16, 4), _number(content, 20, 4)) if len(content) >= 24 else None
    kept, at, moves, ends = [content[:8]], 8, False, len(content) + 1
    for _ in range(PARTS_MAX):
        if at + 12 > len(content):
            break
        kind = content[at + 4 : at + 8]
        after = at + 12 + _number(content, at, 4)
        moves = moves or kind == b"acTL"
        if kind in _PNG_KEPT:
            kept.append(content[at:after])
        at = after
        if kind == b"IEND":
            ends = at
            break
    else:
        return Parts("PNG", size, many=True)
    return Parts("PNG", size, b"".join(kept), ends, moves)


# --- JPEG -----------------------------------------------------------------------------------------

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # SOF0 to SOF15
_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDD})  # Huffman, arithmetic, quantisation, restarts
_COLOURS = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}  # which say what the values mean
_BEHIND_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7]")
_FILLING = re.compile(rb"\xff*")


def _jpeg(content: bytes) -> Parts:
    """Segments up to the end of the picture. A picture within a note ends with the note."""
    size: Size | None = None
    kept, at, scans = [content[:2]], 2, 0
    told: set[int] = set()
    for _ in range(PARTS_MAX):
        if content[at : at + 1] != b"\xff" or at + 2 > len(content):
            break
        at = _FILLING.match(content, at).end() - 1  # type: ignore[union-attr]  # it always matches
        marker = content[at + 1] if at + 1 < len(content) else 0
        if marker == 0xD9:
            kept.append(content[at : at + 2])
            return Parts("JPEG", size, b"".join(kept), at + 2)
        start, at = at, at + 2 + _number(content, at + 2, 2)
        if marker in _FRAMES and size is None and start + 9 <= len(content):
            size = (_number(content, start + 7, 2), _number(content, start + 5, 2))
        if marker == 0xDA:
            scans += 1
            found = _BEHIND_SCAN.search(content, at)
            at = found.start() if found else len(content)
        named = content[start + 4 : start + 9] == _COLOURS.get(marker) and marker not in told
        if marker in _FRAMES or marker in _TABLES or marker == 0xDA or named:
            told.add(marker)
            kept.append(content[start:at])
        if scans > SCANS_MAX:
            return Parts("JPEG", size, many=True)
    else:
        return Parts("JPEG", size, many=True)
    return Parts("JPEG", size, ends=len(content) + 1)


# --- GIF ------------------------------------------------------------------------------------------


def _gif(content: bytes) -> Parts:
    """The first frame with what says how it is shown; whether there are more."""
    if len(content) < 13:
        return Parts("GIF", ends=len(content) + 1)
    size = (_number(content, 6, 2, "little"), _number(content, 8, 2, "little"))
    at = 13 + _colours(content[10])
    kept, frames, steps = [content[:at]], 0, 0
    while at < len(content):
        start = at
        if content[at] == 0x3B:
            kept.append(b"\x3b")
            return Parts("GIF", size, b"".join(kept), at + 1, frames > 1)
        if content[at] == 0x2C and at + 9 < len(content):
            frames += 1
            at += 11 + _colours(content[at + 9])
        elif content[at] == 0x21:
            at += 2
        else:
            break
        while at < len(content) and content[at]:  # its pieces, of 255 bytes at most
            at += 1 + content[at]
            steps += 1
            if steps > 10 * PARTS_MAX:
                return Parts("GIF", size, many=True)
        at += 1
        steps += 1
        shown = content[start] == 0x21 and content[start + 1 : start + 2] == b"\xf9"
        if (content[start] == 0x2C or shown) and frames <= 1:
            kept.append(content[start:at])
    return Parts("GIF", size, ends=len(content) + 1, moves=frames > 1)


def _colours(flags: int) -> int:
    """How many bytes a table of colours has."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


# --- WebP -----------------------------------------------------------------------------------------

_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
_ALPHA = 0x10


def _webp(content: bytes) -> Parts:
    ends = 8 + _number(content, 4, 4, "little")
    ends += ends % 2
    size: Size | None = None
    kept, at, moves = [], 12, False
    for _ in range(PARTS_MAX):
        if at + 8 > min(len(content), ends):
            break
        kind, body = content[at : at + 4], at + 8
        length = _number(content, at + 4, 4, "little")
        at = body + length + length % 2
        moves = moves or kind in (b"ANIM", b"ANMF")
        size = _larger(size, _webp_size(kind, content[body : body + 10]))
        if kind in _WEBP_KEPT:
            kept.append(content[body - 8 : at])
        elif kind == b"VP8X":
            flags = bytes([content[body] & _ALPHA]) if body < len(content) else b""
            kept.append(content[body - 8 : body] + flags + content[body + 1 : at])
    else:
        return Parts("WEBP", size, many=True)
    made = b"WEBP" + b"".join(kept)
    made = b"RIFF" + len(made).to_bytes(4, "little") + made
    return Parts("WEBP", size, made, ends, moves)


def _larger(one: Size | None, other: Size | None) -> Size | None:
    """The room that both need."""
    if one is None or other is None:
        return one or other
    return max(one[0], other[0]), max(one[1], other[1])


def _webp_size(kind: bytes, body: bytes) -> Size | None:
    if len(body) < 10 and kind != b"VP8L":
        return None
    if kind == b"VP8X":
        return 1 + _number(body, 4, 3, "little"), 1 + _number(body, 7, 3, "little")
    if kind == b"VP8 ":
        return _number(body, 6, 2, "little") & 0x3FFF, _number(body, 8, 2, "little") & 0x3FFF
    if kind == b"VP8L" and len(body) >= 5:
        bits = _number(body, 1, 4, "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None
