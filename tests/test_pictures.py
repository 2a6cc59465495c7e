"""Picture files: hashed as the picture itself, and none does harm."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path
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
    ("width", "height"), [(50_000, 50_000), (16_385, 5), (3_126, 4_000), (4, 90), (90, 4)]
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
        assert error.code in ("U152", "U153", "U154", "U155", "U156", "U157")  # noqa: PT017


@pytest.mark.parametrize(("height", "width"), [(1100, 1100), (1025, 300), (90, 2000), (2100, 1500)])
@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_a_large_picture_has_nearly_the_hash_of_the_whole(
    format_: str, height: int, width: int
) -> None:
    """It is made smaller before it is hashed; at most 10 of 256 bits differ for that, of 31 that
    two copies of a picture may differ in.
    """
    whole = drawn(height % 7, height, width)
    more = {"lossless": True, "method": 0} if format_ == "WEBP" else {}
    seen = pictures.pixels(saved(format_, whole, **more))
    assert max(seen.shape[:2]) <= pictures.SIDE_SEEN
    found = images.hash_pixels(seen)
    assert picture_hashes.likeness(found.pdq, images.hash_pixels(whole).pdq) >= 960


def test_what_is_made_smaller_is_the_mean_of_what_it_stands_for() -> None:
    """Whatever the bands are that it is done in, to the last column and row."""
    whole = drawn(1, 2050, 1029)
    whole[:, 1026:], whole[2049:] = (9, 200, 77), (250, 3, 1)
    seen = pictures.pixels(saved("PNG", whole)).astype(int)
    assert seen.shape == (684, 515, 3)
    for row, column in ((0, 0), (1, 2), (340, 100), (683, 514), (683, 0), (5, 514)):
        part = whole[3 * row : 3 * row + 3, 2 * column : 2 * column + 2].reshape(-1, 3)
        assert np.abs(seen[row, column] - part.mean(axis=0)).max() <= 1


def test_what_is_transparent_is_white_in_a_large_picture_too() -> None:
    """It is made white before it is made smaller: what is hidden colours nothing."""
    hidden = np.zeros((1500, 1500, 4), np.uint8)
    hidden[..., 0] = 255  # red that nobody sees
    assert (pictures.pixels(saved("PNG", hidden)) == 255).all()


MEASURED = """
import sys
from ombud import errors, pictures
try:
    print(pictures.hash_of(__import__("pathlib").Path(sys.argv[1])).quality >= 0)
except errors.BadUse as error:
    print(error.code)
told = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(told["VmHWM"].split()[0]) // 1024)
"""


def measured(content: bytes, folder: Path) -> tuple[str, int]:
    """What comes of hashing a file in a process of its own, and its most memory in MiB, as Linux
    tells it: what `getrusage` tells begins with what the parent had.
    """
    path = folder / "picture"
    path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, path], capture_output=True, text=True, check=True
    )
    came, most = done.stdout.split()
    return came, int(most)


def largest(format_: str) -> Any:
    """Of as many points as are taken."""
    side = int(pictures.PIXELS_MAX[format_] ** 0.5)
    return np.resize(drawn(2, 100, 100), (side, side, 3))


@pytest.mark.parametrize(
    ("format_", "mode", "more"),
    [
        ("PNG", "RGBA", {"compress_level": 1}),
        ("PNG", "P", {"compress_level": 1}),
        ("GIF", "P", {}),
        ("JPEG", "RGB", {}),
        ("JPEG", "CMYK", {"progressive": True}),
        ("WEBP", "RGBA", {"lossless": True, "method": 0}),
    ],
)
def test_the_largest_picture_takes_bounded_memory(
    format_: str, mode: str, more: dict[str, Any], tmp_path: Path
) -> None:
    """Less than 220 MiB in all, the program itself and its libraries among them."""
    content = saved(format_, Image.fromarray(largest(format_)).convert(mode), **more)
    came, most = measured(content, tmp_path)
    assert (came, most < 220) == ("True", True), most


def notes(format_: str, count: int) -> bytes:
    """A picture file with so many empty notes in it."""
    content = saved(format_)
    if format_ == "PNG":
        return content[:33] + (header(5, 5)[-12:-8] + b"tEXt" + b"\0\0\0\0") * count + content[33:]
    if format_ == "JPEG":
        return content[:2] + b"\xff\xe5\0\x02" * count + content[2:]
    if format_ == "GIF":
        end = 13 + (3 << (content[10] & 7) + 1)
        return content[:end] + b"\x21\xfe" + b"\x01a" * count + b"\0" + content[end:]
    inside = content[12:] + b"NOTE\0\0\0\0" * count
    return b"RIFF" + (4 + len(inside)).to_bytes(4, "little") + b"WEBP" + inside


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "GIF", "WEBP"])
def test_notes_without_end_take_no_memory(format_: str, tmp_path: Path) -> None:
    """A million notes are U157, before a decoder sees the file; a few change nothing."""
    came, most = measured(notes(format_, 1_300_000), tmp_path)
    assert (came, most < 150) == ("U157", True), most
    assert pictures.hash_file(notes(format_, 50)) == pictures.hash_file(saved(format_))


def test_scans_without_end_are_refused() -> None:
    """A decoder goes through the whole picture for each scan of a JPEG: 16 MiB of scans that say
    nothing took it minutes.
    """
    content = saved("JPEG", progressive=True)
    last = content[content.rindex(b"\xff\xda") : -2]
    assert refused(content[:-2] + last * 100 + content[-2:]) == "U157"
    few = content[:-2] + last * 3 + content[-2:]
    assert (
        picture_hashes.likeness(pictures.hash_file(few).pdq, pictures.hash_file(saved("JPEG")).pdq)
        > 900
    )


def test_a_file_that_is_too_large_is_told_by_its_size(tmp_path: Path) -> None:
    """U151, as when its content is given; it is not read."""
    path = tmp_path / "a.png"
    path.write_bytes(saved("PNG"))
    assert pictures.hash_of(path) == pictures.hash_file(saved("PNG"))
    with path.open("ab") as file:
        file.truncate(pictures.BYTES_MAX + 1)
    with pytest.raises(BadUse, match="U151") as raised:
        pictures.hash_of(path)
    assert str(pictures.BYTES_MAX + 1) in raised.value.message
