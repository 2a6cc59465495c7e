"""What is let out after all, of which an answer was to tell: a hook answered by its own choice,
because nothing was decided by its deadline; or the answer came too late for the platform.

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


def let_out(store: Store, seq: int, now: int) -> None:
    """What was decided about a record is asked of the platform, and told to its person: whatever
    the answer said, it is published, so nobody can have read there why it would not be.
    """
    store.run("dispatch", {"seq": seq, "due": now})
    _gather(store, seq, now)


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
                let_out(hands.store, seq, tx.recv)
                continue
            hands.store.run("dispatch_messages", {"seq": seq, "due": tx.recv})
            _gather(hands.store, seq, tx.recv)

    tx.later.append(write)
    answers = [{"record": seq, "answer": answer} for seq, answer in found]
    return Effect({"answers": answers})
