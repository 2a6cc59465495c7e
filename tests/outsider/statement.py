"""What an outsider does with a receipt and the statement that its person got with it: hash what is
shown, put it beside what is kept, and compare with what the line of the log commits to.

From the documentation of the file. It imports nothing of `ombud`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

FORM = "ombud.opening/1"


def line_of(receipt: bytes) -> dict[str, Any]:
    """The line that a receipt carries."""
    extra = receipt.split(b"\n")[1].removeprefix(b"extra ")
    told: dict[str, Any] = json.loads(base64.b64decode(extra, validate=True))
    return told


def commitment(told: dict[str, Any]) -> str:
    """What a file commits to: the hash over its form and the hashes of all parts, in order."""
    hashes = [hashlib.sha256(each.encode()).hexdigest() for each in told["shown"]]
    whole = "\n".join([told["form"], *sorted(hashes + told["kept"])])
    return hashlib.sha256(whole.encode()).hexdigest()


def opened(receipt: bytes, statement: bytes) -> dict[str, Any] | None:
    """What the statement says, if the receipt is of it."""
    told = json.loads(statement)
    if told["form"] != FORM or commitment(told) != line_of(receipt)["commitment"]:
        return None
    return {name: value for _, name, value in map(json.loads, told["shown"])}
