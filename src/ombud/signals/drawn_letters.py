"""Letters that are drawn otherwise, which neither Unicode nor the table of confusables takes for
the letter: small capitals, letters in black circles and squares, regional indicators.

They are found by the names that Unicode gives them; those in plain circles and squares are composed
away (`views.compose`). This module must never judge what is written with them.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping

VERSION = 2  # of what a skeleton undoes beside the table; 1 knew none of these

_NAMES = (
    "LATIN LETTER SMALL CAPITAL {}",
    "NEGATIVE CIRCLED LATIN CAPITAL LETTER {}",
    "NEGATIVE SQUARED LATIN CAPITAL LETTER {}",
    "CROSSED NEGATIVE SQUARED LATIN CAPITAL LETTER {}",
    "REGIONAL INDICATOR SYMBOL LETTER {}",
)
INDICATOR = re.compile("[\U0001f1e6-\U0001f1ff]")
# Two indicators that stand alone are a flag, others are letters.
FLAG = re.compile(f"((?<!{INDICATOR.pattern}){INDICATOR.pattern}{{2}}(?!{INDICATOR.pattern}))")


@functools.cache
def letters() -> Mapping[str, str]:
    """Each such character, and the small letter a reader takes it for."""
    found = {}
    for letter in "abcdefghijklmnopqrstuvwxyz":
        for name in _NAMES:
            try:
                found[unicodedata.lookup(name.format(letter.upper()))] = letter
            except KeyError:  # there is no small capital X, and only a P is crossed
                continue
    return found
