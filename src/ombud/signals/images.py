"""The PDQ hash of a picture: by which two copies of an avatar are known as one.

The method is Meta's PDQ (ThreatExchange, "The TMK+PDQF video-hashing algorithm and the PDQ
image-hashing algorithm", 2019): luminance, two passes of a box filter each way, 64 x 64 samples, 16
x 16 coefficients of a cosine transform, and of each whether it is above the median. Quality, 0 to
100, is how much there is to see; below `picture_hashes.QUALITY_MIN` a hash says nothing. A picture
that was turned, mirrored or cropped by much has another hash.

Pixels are given; files are read by `pictures`. This module needs the extra `images` (numpy), and
must never decode anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIDE_MIN = 5  # PDQ's own least
_SIDE, _FREQUENCIES = 64, 16
_PASSES = 2
_LUMA = (0.299, 0.587, 0.114)


class Hash(NamedTuple):
    """A PDQ hash, 64 hexadecimal digits, and its quality, 0 to 100."""

    pdq: str
    quality: int


def hash_pixels(picture: NDArray[np.uint8]) -> Hash:
    """The hash of height x width x 3 values, both sides SIDE_MIN at least."""
    import numpy as np

    luma = picture.astype(np.float64) @ np.array(_LUMA)
    height, width = luma.shape
    if (height, width) != (_SIDE, _SIDE):
        for _ in range(_PASSES):
            luma = _box(_box(luma.T, _window(width)).T, _window(height))
        rows = ((np.arange(_SIDE) + 0.5) * height / _SIDE).astype(np.int64)
        columns = ((np.arange(_SIDE) + 0.5) * width / _SIDE).astype(np.int64)
        luma = luma[np.ix_(rows, columns)]
    waves = np.arange(1, _FREQUENCIES + 1)[:, None] * (2 * np.arange(_SIDE) + 1)
    cosines = np.sqrt(2 / _SIDE) * np.cos(np.pi / (2 * _SIDE) * waves)
    found = cosines @ luma @ cosines.T
    middle = np.sort(found, axis=None)[found.size // 2 - 1]
    above = (found > middle).ravel()[::-1]  # the hash is written from its last bit on
    return Hash(np.packbits(above).tobytes().hex(), _quality(luma))


def _window(length: int) -> int:
    """How many neighbours along a side of a length are made one."""
    return (length + 2 * _SIDE - 1) // (2 * _SIDE)


def _box(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """The mean of `window` neighbours down each column; at the ends of those that there are."""
    import numpy as np

    length = values.shape[0]
    ahead = (window + 2) // 2 - 1
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    last = np.minimum(np.arange(length) + ahead, length - 1) + 1
    first = np.maximum(np.arange(length) - (window - ahead - 1), 0)
    found: NDArray[np.float64] = (sums[last] - sums[first]) / (last - first)[:, None]
    return found


def _quality(luma: NDArray[np.float64]) -> int:
    """How much changes from each of the samples to the next, 0 to 100."""
    import numpy as np

    changes = sum(
        int(np.abs(np.trunc(np.diff(luma, axis=axis) * 100 / 255)).sum()) for axis in (0, 1)
    )
    return min(100, changes // 90)
