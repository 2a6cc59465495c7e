"""From a picture file to its hash, within bounds: nothing is decoded before it has been looked at.

A file's size, its format by its own first bytes, its width and height as the header tells, its
frames, and whether it ends where it says. Only PNG, JPEG, GIF and WebP are taken, never SVG. What
is transparent is seen on white. Needs the extra `images` (numpy, Pillow). This module must never
fetch a picture, and never keep one.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ombud import files
from ombud.errors import BadData, BadUse, catalogue
from ombud.signals import images
from ombud.signals.images import SIDE_MIN, Hash

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BYTES_MAX = 16 * 1024 * 1024
PIXELS_MAX = 16_000_000
SIDE_MAX = 16_384

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")

catalogue(
    U150=(
        "Pictures cannot be hashed here: {missing} is not installed.",
        'Install Ombud with its extra "images": pip install "ombud[images]".',
    ),
    U151=("The file has {size} bytes; at most {most} are looked at.", "Make the picture smaller."),
    U152=(
        "The file is no picture that can be hashed.",
        "Use a PNG, JPEG, GIF or WebP file; drawings in SVG are not taken.",
    ),
    U153=(
        "The picture has {size} pixels; at least {least} a side and {most} in all are looked at.",
        "Use another size of the picture.",
    ),
    U154=("The picture moves: it has several frames.", "Hash one frame of it, saved as a PNG."),
    U155=(
        "The picture breaks off or is damaged.",
        "Get the file again; a part of a picture is not hashed.",
    ),
    U156=(
        "Something stands behind the end of the picture.",
        "Save the picture anew; a file that is two things at once is not hashed.",
    ),
)


def hash_file(content: bytes, where: str = "") -> Hash:
    """The hash of a picture file. Raises BadUse U150 to U156."""
    return images.hash_pixels(pixels(content, where))


def hash_of(file: Path) -> Hash:
    """The hash of a picture file of that name. Raises BadUse U150 to U156, BadData D016."""
    try:
        content = files.content(file, BYTES_MAX)
    except BadData as error:
        if error.code != "D005":
            raise
        raise _too_long(str(error.arguments["size"]), str(file)) from None
    return hash_file(content, str(file))


def pixels(content: bytes, where: str = "") -> NDArray[np.uint8]:
    """Height x width x 3 values of a picture file. Raises BadUse U150 to U156."""
    try:
        import numpy as np
        from PIL import Image, UnidentifiedImageError
    except ImportError as missing:
        raise BadUse("U150", where, missing=missing.name or "a part of it") from None
    if len(content) > BYTES_MAX:
        raise _too_long(len(content), where)
    ends = _end(content)
    if ends is None:
        raise BadUse("U152", where)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Pillow warns of large pictures; the bounds here are less
        try:
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                _check(opened, where)
                if ends > len(content):
                    raise BadUse("U155", where)
                if content[ends:].strip(b"\0"):
                    raise BadUse("U156", where)
                return np.asarray(_on_white(opened, Image))
        except BadUse:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _too_large(where, "far too many") from None
        except UnidentifiedImageError:
            raise BadUse("U152", where) from None
        except Exception:  # noqa: BLE001 -- whatever a decoder raises, the file is damaged
            raise BadUse("U155", where) from None


def _too_long(size: object, where: str) -> BadUse:
    return BadUse("U151", where, size=size, most=f"{BYTES_MAX:,}")


def _check(opened: Any, where: str) -> None:
    """Refuse by what the header says, before anything is decoded."""
    width, height = opened.size
    sides = min(width, height) >= SIDE_MIN and max(width, height) <= SIDE_MAX
    if not sides or width * height > PIXELS_MAX:
        raise _too_large(where, f"{width} x {height}")
    if getattr(opened, "is_animated", False):
        raise BadUse("U154", where)


def _too_large(where: str, size: str) -> BadUse:
    return BadUse("U153", where, size=size, least=SIDE_MIN, most=f"{PIXELS_MAX:,}")


def _on_white(opened: Any, library: Any) -> Any:
    """The picture in red, green and blue; what is transparent is white."""
    if opened.mode in ("RGB", "L"):
        return opened.convert("RGB")
    if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info:
        above = opened.convert("RGBA")
        white = library.new("RGBA", above.size, (255, 255, 255, 255))
        return library.alpha_composite(white, above).convert("RGB")
    return opened.convert("RGB")


def _end(content: bytes) -> int | None:
    """Where the picture ends by its own account, beyond the content where that breaks off; None
    where it is of no format that is taken.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _end_of_png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _end_of_jpeg(content)
    if content.startswith((b"GIF87a", b"GIF89a")):
        return _end_of_gif(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        size = int.from_bytes(content[4:8], "little")
        return 8 + size + size % 2
    return None


def _end_of_png(content: bytes) -> int:
    at = 8
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return at
    return len(content) + 1


def _end_of_jpeg(content: bytes) -> int:
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return len(content) + 1
        marker = content[at + 1]
        if marker == 0xFF:  # a filling byte
            at += 1
            continue
        if marker == 0xD9:
            return at + 2
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA:  # the scan: up to a marker that is none of its own
            at = content.find(b"\xff", at)
            while at >= 0 and (content[at + 1 : at + 2] or b"\xd9")[0] in _IN_SCAN:
                at = content.find(b"\xff", at + 2)
            if at < 0:
                return len(content) + 1
    return at + 2 if content[at : at + 2] == b"\xff\xd9" else len(content) + 1


_IN_SCAN = frozenset({0x00, *range(0xD0, 0xD8)})


def _end_of_gif(content: bytes) -> int:
    if len(content) < 13:
        return len(content) + 1
    at = 13 + (3 << (content[10] & 7) + 1 if content[10] & 0x80 else 0)
    while at < len(content):
        if content[at] == 0x3B:
            return at + 1
        if content[at] == 0x21:  # an extension
            at += 2
        elif content[at] == 0x2C and at + 9 < len(content):  # a frame
            flags = content[at + 9]
            at += 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
        else:
            break
        while at < len(content) and content[at]:  # its parts
            at += 1 + content[at]
        at += 1
    return len(content) + 1
