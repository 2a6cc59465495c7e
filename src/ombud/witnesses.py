"""Asking witnesses to confirm a checkpoint (c2sp.org/tlog-witness, `add-checkpoint`).

A witness is anybody's machine: it may lie, hang, contradict itself. What it answers is checked, and
whatever goes wrong with one is told of that one and stands in nobody else's way. This module must
never take a signature for good that it has not checked, never ask a witness more than twice for one
head, and never wait past the time that one may take.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from ombud.attestations import Told
from ombud.clock import SECOND
from ombud.egress import Answer, Egress, Trouble, place
from ombud.errors import BadLedger, BadUse, OmbudError
from ombud.ledger import checkpoint, cosignature, note, tiles, tree
from ombud.ledger.checkpoint import Checkpoint
from ombud.ledger.policy import Witness
from ombud.transparency import read_file

PATH = "/add-checkpoint"
ANSWER_BYTES_MAX = 64 * 1024
LINES_MAX = 16  # of one answer
AT_ONCE = 8
AHEAD_MAX = 300  # seconds that a witness's clock may be ahead of ours

Prove = Callable[[int], Sequence[bytes]]
"""Gives the consistency proof from a size to that of the head. Raises `BadLedger`."""

_REFUSED: Mapping[int, tuple[str, str]] = {
    400: ("refused", "it could not read what was sent"),
    403: ("refused", "it does not know the key of this log"),
    404: ("refused", "it does not know this log"),
    422: ("conflict", "the proof did not show it that the log only grew"),
}


def ask_all(
    folder: Path,
    signed: bytes,
    witnesses: Sequence[Witness],
    sizes: Mapping[str, int],
    egress: Egress,
    seconds: float,
    now: int,
) -> tuple[Told, ...]:
    """Ask every witness that has an address about a signed head whose tiles lie in `folder`.

    `sizes` is how much of the log each has confirmed before, as far as is known. Each may take so
    many seconds for one request; none waits for another.
    """
    head = checkpoint.parse(note.split(signed)[0])
    nodes = tiles.tile_nodes(head.size, partial(read_file, folder))

    def prove(old: int) -> Sequence[bytes]:
        return tree.consistency_proof(old, head.size, nodes)

    asked = [each for each in witnesses if each.url]
    if not asked:
        return ()
    with ThreadPoolExecutor(min(AT_ONCE, len(asked)), "witness") as threads:
        return tuple(
            threads.map(
                lambda each: _Asking(each, head, signed, prove, egress, seconds, now).ask(
                    sizes.get(each.name, 0)
                ),
                asked,
            )
        )


class _Asking:
    """One witness, asked about one head."""

    def __init__(
        self,
        witness: Witness,
        head: Checkpoint,
        signed: bytes,
        prove: Prove,
        egress: Egress,
        seconds: float,
        now: int,
    ) -> None:
        self._witness = witness
        self._head = head
        self._signed = signed
        self._prove = prove
        self._egress = egress
        self._seconds = seconds
        self._now = now

    def ask(self, known: int) -> Told:
        """What it answers; it is asked again once where it knows another size than we thought."""
        old = min(known, self._head.size)
        told = self._once(old)
        if isinstance(told, Told):
            return told
        if told == old:
            return self._told("conflict", old, "it has seen another log of this size")
        if told > self._head.size:
            # Either it lies, or more of this log was signed than is here: an older backup.
            return self._told("ahead", told, f"it says that it has confirmed {told} entries")
        again = self._once(told)
        if isinstance(again, Told):
            return again
        if again == told:
            return self._told("conflict", told, "it has seen another log of this size")
        return self._told("conflict", told, "it names one size and then another")

    def _told(self, state: str, size: int, detail: str = "", line: str = "") -> Told:
        return Told(self._witness.name, size, state, detail, line)

    def _once(self, old: int) -> Told | int:
        """One request: what became of it, or the size that the witness says it has confirmed."""
        try:
            proof = self._prove(old)
            to = place(self._witness.url.rstrip("/") + PATH, "url")
        except (BadLedger, BadUse) as error:
            return self._told("unreachable", old, error.message)
        lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof)]
        body = "\n".join(lines).encode() + b"\n\n" + self._signed
        answer = self._egress.send(
            to, {}, body, seconds=self._seconds, answer_bytes=ANSWER_BYTES_MAX
        )
        if isinstance(answer, Trouble):
            return self._told("unreachable", old, answer.detail)
        return self._read(answer, old)

    def _read(self, answer: Answer, old: int) -> Told | int:
        if answer.status == 200:
            return self._cosigned(answer, old)
        if answer.status == 409:
            text = answer.body.decode("ascii", "replace")
            size = checkpoint.decimal(text.removesuffix("\n"))
            if size is None:  # so it answers where the roots of one size differ
                return self._told("conflict", old, "it has seen another log")
            return size
        state, detail = _REFUSED.get(
            answer.status, ("unreachable", f"it answered with the status {answer.status}")
        )
        return self._told(state, old, detail)

    def _cosigned(self, answer: Answer, old: int) -> Told:
        """Its signature over exactly this head, if it gave one that holds."""
        text = note.split(self._signed)[0]
        try:
            lines = answer.body.decode().removesuffix("\n").split("\n")
            if answer.cut or len(lines) > LINES_MAX:
                return self._told("bad answer", old, "it answered with more than signatures")
            found = cosignature.found(text, lines, [self._witness.key])
        except (OmbudError, UnicodeDecodeError):
            return self._told("bad answer", old, "its signature does not hold for this log")
        if not found:
            return self._told("bad answer", old, "it did not sign with its key")
        if found[0].time > self._now // SECOND + AHEAD_MAX:
            return self._told("bad answer", old, "its signature is of a time to come")
        return self._told("cosigned", self._head.size, "", found[0].line)
