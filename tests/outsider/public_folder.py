"""What an outsider does with the public folder of a community and one receipt: checks both, and
counts again what is published.

From the specifications and the documentation of the fields. It imports nothing of `ombud`:
`python -m outsider.public_folder FOLDER RECEIPT KEY` is all that it takes.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from outsider import log
from outsider.log import Bad

FIELDS = ("type", "clause", "action", "automated", "rule", "outcome")


def check(folder: Path, receipt: bytes, vkey: str) -> dict[str, Any]:
    """Check log, receipt and counts. Raises `Bad`, or what reading a missing file raises."""
    key = log.key_of(vkey)

    def read(path: str) -> bytes:
        return (folder / "ledger" / path).read_bytes()

    head = log.head_of(read("checkpoint"))
    log.require_signed(head, key)
    entries = log.entries_of(read, head.size)
    leaves = [log.leaf(each) for each in entries]
    if log.root(leaves) != head.root:
        raise Bad("the entries do not give the signed root")
    tiles = log.require_tiles(read, leaves)
    proof = log.proof_of(receipt)
    own = log.head_of(proof.checkpoint)
    log.require_signed(own, key)
    if log.root_by_path(log.leaf(proof.extra), proof.index, own.size, proof.path) != own.root:
        raise Bad("the receipt does not lead to its root")
    if own.size > head.size or log.root(leaves[: own.size]) != own.root:
        raise Bad("the receipt is of another log")
    if entries[proof.index] != proof.extra:
        raise Bad("the receipt's line is not that of the log")
    published = json.loads((folder / "counts.json").read_bytes())
    lines = [json.loads(each) for each in entries]
    if count(lines) != {each: published[each] for each in ("counts", "days")}:
        raise Bad("the public counts are not those of the entries")
    if (published["size"], published["root"]) != (head.size, head.root.hex()):
        raise Bad("the counts are of another head")
    return {"size": head.size, "tiles": tiles, "line": json.loads(proof.extra)}


def count(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The public counts, from the lines alone."""
    tallies = Counter(tuple(line.get(name) for name in FIELDS) for line in lines)
    days = Counter((line["day"], line["type"]) for line in lines)
    order = sorted(tallies, key=lambda tally: [(each is not None, str(each)) for each in tally])
    return {
        "counts": [
            {**dict(zip(FIELDS, tally, strict=True)), "count": tallies[tally]} for tally in order
        ],
        "days": [
            {"day": day, "type": kind, "count": number}
            for (day, kind), number in sorted(days.items())
        ],
    }


if __name__ == "__main__":
    found = check(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), sys.argv[3])
    sys.stdout.write(json.dumps(found) + "\n")
