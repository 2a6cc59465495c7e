"""Pictures drawn by arithmetic, the same everywhere, and what the package pdqhash says of them.

The oracle's package has to be compiled, so it is no requirement of this repository. In an
environment that has it, with numpy, the vectors are made anew by

    cd tests/signals && python drawn_pictures.py > pdq_vectors.json
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

SIZES = (
    *((64, 64), (512, 512), (200, 33), (128, 129), (9, 7), (40, 600), (5, 5), (1000, 700)),
    *((65, 64), (256, 300), (90, 1200), (400, 400)),
)


def drawn(number: int, height: int, width: int) -> Any:
    """Height x width x 3 values: waves, rings and squares that depend on the number."""
    rows, columns = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    down, across = rows * 960 // height, columns * 960 // width
    ring = (down - 97 * number % 960) ** 2 + (across - 61 * number % 960) ** 2
    squares = (down // (60 + 7 * number) + across // (90 + 11 * number)) % 3 * 60
    red = (down * (number + 1) // 7 + ring // 900) % 256
    green = (across * (number + 2) // 9 + squares) % 256
    blue = (down + across + 31 * number) // 8 % 256
    return np.stack([red, green, blue], axis=2).astype(np.uint8)


def main() -> None:
    """Print the hashes and qualities that pdqhash gives."""
    import pdqhash  # type: ignore[import-not-found]

    found = []
    for number, (height, width) in enumerate(SIZES):
        bits, quality = pdqhash.compute(drawn(number, height, width))
        value = int("".join(str(int(bit)) for bit in bits), 2)
        found.append({"pdq": f"{value:064x}", "quality": int(quality)})
    json.dump(found, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
