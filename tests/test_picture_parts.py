"""Picture files in parts: what is kept decodes as the whole does, and no walk is endless."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ombud import picture_parts
from signals.drawn_pictures import drawn

KINDS: list[tuple[str, str, dict[str, Any]]] = [
    ("PNG", "RGB", {}),
    ("PNG", "RGBA", {}),
    ("PNG", "P", {"transparency": 3}),
    ("PNG", "LA", {}),
    ("PNG", "1", {}),
    ("JPEG", "RGB", {}),
    ("JPEG", "L", {"progressive": True}),
    ("JPEG", "CMYK", {}),
    ("JPEG", "RGB", {"keep_rgb": True}),
    ("JPEG", "RGB", {"progressive": True, "restart_marker_blocks": 1}),
    ("GIF", "P", {"transparency": 5}),
    ("WEBP", "RGB", {}),
    ("WEBP", "RGBA", {}),
    ("WEBP", "RGBA", {"lossless": True}),
]
NOTES: dict[str, dict[str, Any]] = {
    "PNG": {"dpi": (72, 72), "icc_profile": b"profile" * 3000, "exif": b"Exif\0\0" + b"x" * 900},
    "JPEG": {"comment": b"note" * 99, "icc_profile": b"profile" * 30_000, "exif": b"Exif\0\0xx"},
    "GIF": {"comment": b"note" * 500, "loop": 3},
    "WEBP": {"icc_profile": b"profile" * 3000, "exif": b"Exif\0\0" + b"x" * 900, "xmp": b"<x/>"},
}


def saved(format_: str, mode: str, **more: Any) -> bytes:
    """A picture file."""
    file = io.BytesIO()
    Image.fromarray(drawn(3, 90, 121)).convert(mode).save(file, format_, **more)
    return file.getvalue()


def seen(content: bytes) -> Any:
    """The points of a picture file."""
    with Image.open(io.BytesIO(content)) as opened:
        return np.asarray(opened.convert("RGBA"))


@pytest.mark.parametrize(("format_", "mode", "more"), KINDS)
def test_what_is_kept_is_the_picture(format_: str, mode: str, more: dict[str, Any]) -> None:
    """Every point is as it was, colours and all, and the notes are gone."""
    content = saved(format_, mode, **more, **NOTES[format_])
    found = picture_parts.of(content)
    assert found is not None
    assert (found.format, found.size, found.ends) == (format_, (121, 90), len(content))
    assert (found.moves, found.many) == (False, False)
    assert (seen(found.content) == seen(content)).all()
    assert not any(each in found.content for each in (b"note", b"profile", b"Exif"))
    again = picture_parts.of(found.content)
    assert again is not None
    assert again.content == found.content


@pytest.mark.parametrize("format_", ["PNG", "GIF", "WEBP"])
def test_several_frames_are_told(format_: str) -> None:
    """From the parts alone."""
    frames = [Image.fromarray(drawn(number, 60, 60)) for number in range(3)]
    file = io.BytesIO()
    frames[0].save(file, format_, save_all=True, append_images=frames[1:])
    found = picture_parts.of(file.getvalue())
    assert found is not None
    assert found.moves


def test_a_second_picture_within_a_note_is_none() -> None:
    """A camera puts a small one there: neither its end nor its size is the picture's."""
    small = saved("JPEG", "L")
    content = saved("JPEG", "RGB")
    segment = b"\xff\xe1" + (len(small) + 2).to_bytes(2, "big") + small
    found = picture_parts.of(content[:2] + segment + content[2:])
    assert found is not None
    assert found.content == content
    assert found.ends == len(content) + len(segment)


def test_a_frame_that_claims_less_than_its_canvas_is_as_large_as_that() -> None:
    """What a decoder makes room for is the larger of both."""
    content = bytearray(saved("WEBP", "RGBA", **NOTES["WEBP"]))
    at = content.index(b"VP8X") + 8
    content[at + 4 : at + 10] = (9_999).to_bytes(3, "little") + (4).to_bytes(3, "little")
    found = picture_parts.of(bytes(content))
    assert found is not None
    assert found.size == (10_000, 90)


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "GIF", "WEBP"])
def test_where_it_breaks_off_is_told(format_: str) -> None:
    """A file cut anywhere has no end of its own, or one that lies beyond it."""
    content = saved(format_, "P" if format_ == "GIF" else "RGB")
    for length in range(12, len(content), 5):
        found = picture_parts.of(content[:length])
        assert found is not None
        assert found.ends > length
        assert found.size in (None, (121, 90))


@pytest.mark.parametrize(
    ("start", "part"),
    [
        (b"\x89PNG\r\n\x1a\n", b"\0\0\0\0tEXt\0\0\0\0"),
        (b"\xff\xd8\xff\xe5\0\x02", b"\xff\xe5\0\x02"),
        (b"GIF89a" + bytes(7), b"\x21\xfe\x01a\0"),
        (b"RIFF\xff\xff\xff\xffWEBP", b"NOTE\0\0\0\0"),
    ],
)
def test_more_parts_than_are_looked_at_are_told(start: bytes, part: bytes) -> None:
    """The rest of the file is not walked."""
    found = picture_parts.of(start + part * (10 * picture_parts.PARTS_MAX + 1))
    assert found is not None
    assert found.many


def test_filling_bytes_are_no_parts() -> None:
    """A JPEG may have any number of them before a marker."""
    content = saved("JPEG", "RGB")
    found = picture_parts.of(content[:2] + b"\xff" * 3_000_000 + content[2:])
    assert found is not None
    assert not found.many
    assert (seen(found.content) == seen(content)).all()


@given(
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\x40\0\0\0WEBP"]),
    st.binary(max_size=400),
)
def test_anything_behind_the_first_bytes_does_no_harm(start: bytes, rest: bytes) -> None:
    """Any bytes: parts, and never an error."""
    found = picture_parts.of(start + rest)
    assert found is not None
    assert found.ends >= 0


def test_other_formats_have_no_parts() -> None:
    """Drawings, documents, nothing."""
    assert picture_parts.of(b"") is None
    assert picture_parts.of(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is None
    assert picture_parts.of(b"RIFF\0\0\0\0WAVE") is None
