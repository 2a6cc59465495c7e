"""What somebody wrote, where a spreadsheet may read it: no formula begins in it.

OWASP, "CSV injection": a cell that begins with = + - or @ is worked out by whoever opens the file.
This module must never drop or move a character of what was written: it puts an apostrophe before.
"""

from __future__ import annotations

import re

# A sign that begins a formula, also behind spaces and quotes, and one that is such a sign by
# another width (those that NFKC makes = + - @ of).
_SIGN = (
    r"""(?=[\s'"]*[=+\-@\u207a-\u207c\u208a-\u208c\u2212\ufb29\ufe62\ufe63\ufe66\ufe6b"""
    r"""\uff0b\uff0d\uff1d\uff20])"""
)
# At the start of a cell; and behind a semicolon, which in half of the world parts the cells.
_CELL = re.compile(rf"(^|;){_SIGN}")
# Where nothing quotes a line, whatever may part cells in it.
_LINE = re.compile(rf"(^|[;,|\t]){_SIGN}", re.MULTILINE)


def cell(text: str) -> str:
    """A text as one cell of a table that quotes its cells."""
    return _CELL.sub(r"\1'", text)


def lines(text: str) -> str:
    """A text whose lines may be taken for a table."""
    return _LINE.sub(r"\1'", text)
