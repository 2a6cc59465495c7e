"""From a picture file to its hash, within bounds: nothing is decoded before it has been looked at.

A file's size, its format by its own first bytes, its width and height as the header tells, its
frames, and whether it ends where it says (`picture_parts`). Only PNG, JPEG, GIF and WebP are taken,
never SVG. What is transparent is seen on white. A picture with a side of more than SIDE_SEEN is
made smaller before it is hashed, each point the mean of those it stands for: the hash itself looks
at 64 x 64 means. Needs the extra `images` (numpy, Pillow). This module must never fetch a picture,
and never keep one.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ombud import files, picture_parts
from ombud.errors import BadData, BadUse, catalogue
from ombud.picture_parts import Parts
from ombud.signals import images
from ombud.signals.images import SIDE_MIN, Hash

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BYTES_MAX = 16 * 1024 * 1024
PIXELS_MAX = {"PNG": 12_500_000, "JPEG": 12_500_000, "GIF": 12_500_000, "WEBP": 6_000_000}
SIDE_MAX = 16_384
SIDE_SEEN = 1024
BAND = 1 << 18  # points that are turned into colours at once

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
        "The picture is {size}; taken are {least} a side at least, and {most} points of {format}.",
        "Make the picture smaller, or larger.",
    ),
    U154=("The picture moves: it has several frames.", "Hash one frame of it, saved as a PNG."),
    U155=(
        "The picture breaks off or is damaged.",
        "Get the file again; a part of a picture is not hashed.",
    ),
    U157=(
        "The file is made of more parts than are looked at.",
        "Save the picture anew, as a PNG or as a JPEG that is not progressive.",
    ),
    U156=(
        "Something stands behind the end of the picture.",
        "Save the picture anew; a file that is two things at once is not hashed.",
    ),
)


def hash_file(content: bytes, where: str = "") -> Hash:
    """The hash of a picture file. Raises BadUse U150 to U157."""
    return images.hash_pixels(pixels(content, where))


def hash_of(file: Path) -> Hash:
    """The hash of a picture file of that name. Raises BadUse U150 to U157, BadData D016."""
    try:
        content = files.content(file, BYTES_MAX)
    except BadData as error:
        if error.code != "D005":
            raise
        raise _too_long(str(error.arguments["size"]), str(file)) from None
    return hash_file(content, str(file))


def pixels(content: bytes, where: str = "") -> NDArray[np.uint8]:
    """Height x width x 3 values of a picture file, at most SIDE_SEEN a side. Raises BadUse U150 to
    U157.
    """
    try:
        import numpy as np
        from PIL import Image
    except ImportError as missing:
        raise BadUse("U150", where, missing=missing.name or "a part of it") from None
    made = _taken(content, where)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Pillow warns of large pictures; the bounds here are less
        try:
            with Image.open(io.BytesIO(made.content), formats=[made.format]) as opened:
                _check(made.format, opened.size, where)
                opened.draft(None, (SIDE_SEEN, SIDE_SEEN))  # a JPEG is decoded smaller than it is
                return np.asarray(_seen(opened, Image))
        except BadUse:
            raise
        except Exception:  # noqa: BLE001 -- whatever a decoder raises, the file is damaged
            raise BadUse("U155", where) from None


def _taken(content: bytes, where: str) -> Parts:
    """What the picture needs of a file. Raises BadUse for all that can be told undecoded."""
    if len(content) > BYTES_MAX:
        raise _too_long(len(content), where)
    made = picture_parts.of(content)
    if made is None:
        raise BadUse("U152", where)
    if made.size is not None:
        _check(made.format, made.size, where)
    if made.many:
        raise BadUse("U157", where)
    if made.moves:
        raise BadUse("U154", where)
    if made.size is None or made.ends > len(content):
        raise BadUse("U155", where)
    if content[made.ends :].strip(b"\0"):
        raise BadUse("U156", where)
    return made


def _too_long(size: object, where: str) -> BadUse:
    return BadUse("U151", where, size=size, most=f"{BYTES_MAX:,}")


def _check(format_: str, size: tuple[int, int], where: str) -> None:
    """Refuse a picture by its width and height."""
    most = PIXELS_MAX[format_]
    sides = min(size) >= SIDE_MIN and max(size) <= SIDE_MAX
    if not sides or size[0] * size[1] > most:
        told = f"{size[0]} x {size[1]}"
        raise BadUse("U153", where, size=told, least=SIDE_MIN, format=format_, most=f"{most:,}")


def _seen(opened: Any, library: Any) -> Any:
    """The picture in red, green and blue, made smaller; what is transparent is white.

    It is done in bands, so that the whole is never there in colours beside what was decoded.
    """
    width, height = opened.size
    across, down = (-(-side // SIDE_SEEN) for side in (width, height))
    if across == down == 1:
        return _on_white(opened, library)
    opened.load()
    seen = library.new("RGB", (-(-width // across), -(-height // down)))
    rows = max(1, BAND // (width * down)) * down
    for top in range(0, height, rows):
        band = opened.crop((0, top, width, min(height, top + rows)))
        seen.paste(_on_white(band, library).reduce((across, down)), (0, top // down))
    return seen


def _on_white(opened: Any, library: Any) -> Any:
    """A picture in red, green and blue; what is transparent is white."""
    if opened.mode in ("RGB", "L"):
        return opened.convert("RGB")
    if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info:
        above = opened.convert("RGBA")
        white = library.new("RGBA", above.size, (255, 255, 255, 255))
        return library.alpha_composite(white, above).convert("RGB")
    return opened.convert("RGB")
