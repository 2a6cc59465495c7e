"""Picture files: hashed as the picture itself, and none does harm."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ombud import pictures
from ombud.errors import BadUse
from ombud.signals import images, picture_hashes
from signals.drawn_pictures import drawn


def saved(format_: str, picture: Any = None, **more: Any) -> bytes:
    """A picture file."""
    if not isinstance(picture, Image.Image):
        picture = Image.fromarray(drawn(3, 90, 120) if picture is None else picture)
    file = io.BytesIO()
    picture.save(file, format_, **more)
    return file.getvalue()


def refused(content: bytes) -> str:
    """The code by which a file is refused."""
    with pytest.raises(BadUse) as raised:
        pictures.hash_file(content, "a.png")
    assert raised.value.where == "a.png"
    return raised.value.code


@pytest.mark.parametrize("format_", ["PNG", "GIF", "WEBP", "JPEG"])
def test_a_file_of_each_format_is_hashed(format_: str) -> None:
    """Much as the picture itself, whatever the format lost of it."""
    found = pictures.hash_file(saved(format_))
    assert picture_hashes.likeness(found.pdq, images.hash_pixels(drawn(3, 90, 120)).pdq) >= 878


def test_what_is_transparent_is_white() -> None:
    """What a reader does not see hides no other picture."""
    solid = np.concatenate([drawn(3, 90, 120), np.full((90, 120, 1), 255, np.uint8)], axis=2)
    half = solid.copy()
    half[:, 60:, 3] = 0
    white = drawn(3, 90, 120)
    white[:, 60:] = 255
    assert pictures.hash_file(saved("PNG", solid)) == images.hash_pixels(drawn(3, 90, 120))
    assert pictures.hash_file(saved("PNG", half)) == images.hash_pixels(white)


def header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing of it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    told = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    empty = zlib.compress(b"")
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", told) + chunk(b"IDAT", empty) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height"), [(50_000, 50_000), (16_385, 5), (4_001, 4_000), (4, 90), (90, 4)]
)
def test_the_size_is_checked_before_anything_is_decoded(width: int, height: int) -> None:
    """By what the header says: a bomb is never unpacked."""
    assert refused(header(width, height)) == "U153"


def test_a_file_of_too_many_bytes_is_refused() -> None:
    """Before it is looked at."""
    assert refused(b"\0" * (pictures.BYTES_MAX + 1)) == "U151"


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"BM" + bytes(100), b"%PDF-1.7",
     b"II*\0" + bytes(100), b"RIFF\x10\0\0\0WAVE", b"\0" * 1000],
)  # fmt: skip
def test_what_is_no_such_picture_is_refused(content: bytes) -> None:
    """Drawings, documents, sounds and other formats."""
    assert refused(content) == "U152"


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG"])
def test_what_moves_is_refused(format_: str) -> None:
    """One of its frames could be anything."""
    frames = [Image.fromarray(drawn(number, 60, 60)) for number in range(3)]
    assert refused(saved(format_, frames[0], save_all=True, append_images=frames[1:])) == "U154"


@pytest.mark.parametrize("format_", ["PNG", "GIF", "WEBP", "JPEG"])
def test_what_breaks_off_is_refused(format_: str) -> None:
    """Wherever it does: never a hash of half a picture, never another error."""
    content = saved(format_)
    for end in (*range(4, 60, 7), len(content) // 3, len(content) // 2, len(content) - 3):
        assert refused(content[:end]) in ("U152", "U155")


@pytest.mark.parametrize("format_", ["PNG", "GIF", "WEBP", "JPEG"])
def test_what_is_two_things_at_once_is_refused(format_: str) -> None:
    """A picture with an archive behind it; padding with nothing is no second thing."""
    content = saved(format_)
    assert refused(content + b"PK\x03\x04 and so on") == "U156"
    assert pictures.hash_file(content + b"\0\0\0") == pictures.hash_file(content)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["PNG", "GIF", "WEBP", "JPEG"]), st.data())
def test_a_damaged_file_does_no_harm(format_: str, draw: st.DataObject) -> None:
    """Any bytes changed anywhere: a hash, or one of the errors."""
    content = bytearray(saved(format_, drawn(2, 24, 24)))
    for _ in range(draw.draw(st.integers(1, 6))):
        content[draw.draw(st.integers(0, len(content) - 1))] = draw.draw(st.integers(0, 255))
    try:
        assert len(pictures.hash_file(bytes(content)).pdq) == 64
    except BadUse as error:
        assert error.code in ("U152", "U153", "U154", "U155", "U156")  # noqa: PT017
