"""How a log gets another key, or another log takes its place: a note that both keys have signed.

Its text is five lines: what it is, the old key, the new key, and the size and root of the last
checkpoint that the old key signed. Where both keys have one name the log goes on under the new key;
where the names differ a new log succeeds the old one, whose last entries may be lost: that is what
a restored backup looks like, and it is to be seen. This module must never take the new key's word
alone for the old one's.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from ombud.errors import BadLedger, catalogue
from ombud.ledger import checkpoint as checkpoints
from ombud.ledger import note
from ombud.ledger.checkpoint import Checkpoint

FIRST = "ombud-handover/v1"
FOLDER = "handover"
MAX_HANDOVERS = 1000

catalogue(
    L025=("This is not a handover of a log: {detail}.", "Get the file again."),
    L026=(
        "The log's key was given over without the old key's signature.",
        "Ask the operator, by another way, whether the old key was lost before you trust it.",
    ),
)


@dataclass(frozen=True, slots=True)
class Handover:
    """From one key to another. `last` is the last checkpoint under the old one."""

    old: note.VerifierKey
    new: note.VerifierKey
    last: Checkpoint

    def __post_init__(self) -> None:
        if self.last.origin != self.old.name or self.old.public == self.new.public:
            raise BadLedger("L025", detail="its keys and its checkpoint do not belong together")

    @property
    def succession(self) -> bool:
        """Whether another log takes the old one's place."""
        return self.old.name != self.new.name

    @property
    def kind(self) -> str:
        """In one word, as the log's own line has it."""
        return "succession" if self.succession else "rotation"


def path(number: int) -> str:
    """Where the handover with this number, from 1, stands among the public files."""
    return f"{FOLDER}/{number}"


def encode(handover: Handover) -> str:
    """The text that both keys sign."""
    root = base64.b64encode(handover.last.root).decode()
    keys = f"{handover.old.encode()}\n{handover.new.encode()}"
    return f"{FIRST}\n{keys}\n{handover.last.size}\n{root}\n"


def sign(handover: Handover, old: note.Signer | None, new: note.Signer) -> bytes:
    """The note, signed by both keys; by the new one alone where the old one is lost."""
    if new.key != handover.new or (old is not None and old.key != handover.old):
        raise BadLedger("L025", detail="it is signed by other keys than it names")
    return note.sign(encode(handover), *([old] if old else []), new)


def parse(text: str) -> Handover:
    """Read the text. Raises `BadLedger` unless it is what `encode` writes."""
    lines = text.split("\n")
    if len(lines) != 6 or lines[0] != FIRST or lines[5]:
        raise BadLedger("L025", detail="it does not have its five lines")
    old, new = note.parse_vkey(lines[1]), note.parse_vkey(lines[2])
    size, root = checkpoints.decimal(lines[3]), note.decode_base64(lines[4])
    if size is None or root is None:
        raise BadLedger("L025", detail="its size or root is none")
    return Handover(old, new, Checkpoint(old.name, size, root))


def read(signed: bytes) -> Handover:
    """What a note says, whoever signed it: for notes of one's own store."""
    return parse(note.split(signed)[0])


def verify(signed: bytes) -> Handover:
    """The handover that both keys have signed. Raises `BadLedger`: L026 where the old key did
    not.
    """
    claimed = read(signed)
    keys = note.verify(signed, [claimed.old, claimed.new]).keys
    if claimed.new not in keys:
        raise BadLedger("L012", name=claimed.new.name)
    if claimed.old not in keys:
        raise BadLedger("L026")
    return claimed
