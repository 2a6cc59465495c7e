"""Checks whose hook answered by its own choice, because nothing was decided by its deadline.

This module must never decide anything: what was decided is only let out.
"""

from __future__ import annotations

from ombud.clock import HOUR
from ombud.effects import Effect, Group, Hands
from ombud.journal import Control
from ombud.store.sqlite import Store


def _gather(store: Store, seq: int, now: int) -> None:
    """Of the messages that answers did not bring, a page sends one at its hour's end, not each."""
    for message, page, more, opened in store.all("belated", {"seq": seq}):
        if more is None:
            store.run("promise_more", {"id": page, "more": message})
            store.run("postpone", {"id": message, "due": max(now, opened + HOUR)})
        else:
            store.run("fold", {"id": message, "into": more})
            store.run("withdraw_message", {"id": message, "now": now})


def deadline(hands: Hands, tx: Group, control: Control) -> Effect:
    """Checks that were answered by their hook's choice: where that was "allow", what was decided
    goes out now; where it was "refuse", only the message that the answer did not bring.
    """
    found = []
    for each in control.payload["answers"]:
        row = hands.store.one("find_identity", (bytes.fromhex(each["identity"]),))
        found.append((row[0] if row else None, each["answer"]))

    def write() -> None:
        for seq, answer in found:
            if seq is None:
                continue
            if answer == "allow":
                hands.store.run("dispatch", {"seq": seq, "due": tx.recv, "notices": True})
            else:
                hands.store.run("dispatch_messages", {"seq": seq, "due": tx.recv})
            _gather(hands.store, seq, tx.recv)

    tx.later.append(write)
    answers = [{"record": seq, "answer": answer} for seq, answer in found]
    return Effect({"answers": answers})
