"""Everything of one account is erased: bodies, digests, decisions; after the commit, the keys.

This module must never leave what an erased person wrote readable anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ombud import journal, redacted
from ombud.controls import blackout, forgotten, staff
from ombud.effects import Effect, Group, Hands
from ombud.errors import BadUse
from ombud.journal import Control
from ombud.review import evidence
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store


def erase(hands: Hands, tx: Group, control: Control) -> Effect:
    """Erase everything of the account that `sealed` names: what it wrote, and the flags it sent. Or
    black words out, where it names a record (`blackout`).

    The keys die after the commit, when the writer builds its memory anew (`recovery.restore`).
    Raises BadUse U011 where nobody knows the account, and as `staff.require`.
    """
    if "record" in control.sealed:
        return blackout.black_out(hands, tx, control)
    by = staff.require(hands.community, hands.keys, control.sealed["by"], "erasure")
    platform, account = control.sealed["platform"], control.sealed["account"]
    token = hands.keys.known_account(platform, account)
    if token is None:
        raise BadUse("U011", f"{platform}/{account}", platform=platform, account=account)
    store, keys = hands.store, hands.keys
    seqs = {row[0] for row in store.all("records_of_author", (token,))}
    seqs.update(_flags_by(store, keys, platform, account))
    gone = [row[0] for row in store.all("decisions_of_author", (token,))]
    appeals = [row[0] for row in store.all("appeals_of_author", (token,))]
    words = evidence.forget(hands, tx, token, sorted(seqs))
    models = forgotten.models(store, hands.community.active, seqs)
    kept = hands.community.active.account_windows | {journal.SEEN}
    copied = [*map(redacted.name_of, sorted(seqs)), *gone, *appeals, *words]
    copies = redacted.names(store, copied)

    def write() -> None:
        for seq in sorted(seqs):
            row = store.one("record", (seq,))
            if row is not None:
                blackout.drop(store, journal.Record(*row), kept)
                blackout.drop_publication(store, keys.community, journal.Record(*row))
        for decision in gone:
            store.run("forget_decision", (decision,))
            store.run("forget_list_matches", (decision,))
            store.run("withdraw_erased", {"decision": decision, "now": tx.recv})
        for appeal in appeals:
            store.run("forget_appeal", (appeal,))
        store.many("forget_redacted", [(each,) for each in copied])
        forgotten.forget(store, models)

    tx.later.append(write)
    payload = {
        "seqs": sorted(seqs),
        "account": token,
        "decisions": [*gone, *appeals, *words, *copies],
        "by": by,
    }
    return Effect(payload, "erasure", touched=len(seqs))


def _flags_by(store: Store, keys: KeyFile, platform: str, account: str) -> Iterable[int]:
    """The flags that an account sent: their rows do not name who did, only their bodies do."""
    for row in store.each("flags"):
        record = journal.Record(*row)
        seen = journal.reread(keys, record)
        reporter = None if seen is None else seen.people.get("reporter")
        if seen and reporter and (seen.platform, reporter.id) == (platform, account):
            yield record.seq
    for row in store.all("blacked_out_flags"):
        told = redacted.event(store, keys, row[0])
        by = None if told is None else told.data.reporter
        source = "" if told is None else told.source.partition("/")[0]
        if by is not None and (source, by.id) == (platform, account):
            yield row[0]


def destroy_keys(store: Store, keys: KeyFile, payloads: Iterable[Mapping[str, Any]]) -> None:
    """The last step of erasures, after their commit; doing it again changes nothing."""
    for payload in payloads:
        keys.erase(payload["seqs"], payload["decisions"], payload["account"])
    store.forget_log()
