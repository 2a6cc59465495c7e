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
from ombud.staff.people import ADMIN
from ombud.store.keyfile import Erased, KeyFile
from ombud.store.sqlite import Store
from ombud.verdicts.community import verdict_digest

FORGETTING = (
    *("forget_decision", "forget_list_matches", "forget_appeal"),
    *("forget_note", "forget_proposal", "forget_appeal_message"),
)


def erase(hands: Hands, tx: Group, control: Control) -> Effect:
    """Erase everything of the account that `sealed` names: what it wrote, and the flags it sent. Or
    black words out, where it names a record (`blackout`); or erase once more what an older store
    knows again, where it names an erasure of the key file.

    The keys die after the commit, when the writer builds its memory anew (`recovery.restore`).
    Raises BadUse U011 where nobody knows the account, and as `staff.require`.
    """
    if "record" in control.sealed:
        return blackout.black_out(hands, tx, control)
    if "again" in control.sealed:
        return _again(hands, tx, control.sealed["again"])
    by = staff.require(hands.community, hands.keys, control.sealed["by"], "erasure")
    platform, account = control.sealed["platform"], control.sealed["account"]
    token = hands.keys.known_account(platform, account)
    if token is None:
        raise BadUse("U011", f"{platform}/{account}", platform=platform, account=account)
    flags = _flags_by(hands.store, hands.keys, platform, account)
    return _effect(hands, tx, {"account": token, "by": by}, flags)


def _again(hands: Hands, tx: Group, erased: Erased) -> Effect:
    """The same as was erased before, in a store that knew nothing of it."""
    said = {"account": erased.account, "by": ADMIN, "again": erased.digest.hex()}
    return _effect(hands, tx, said, erased.seqs, erased.names)


def _effect(
    hands: Hands,
    tx: Group,
    said: Mapping[str, Any],
    more: Iterable[int],
    names: Iterable[str] = (),
) -> Effect:
    """Drop all that was written by an account, these records, and what was sealed under these
    names.
    """
    store, keys, token = hands.store, hands.keys, said["account"]
    of = () if token is None else (token,)
    seqs = {row[0] for row in store.all("records_of_author", of)} if of else set()
    seqs.update(more)
    gone = [row[0] for row in store.all("decisions_of_author", of)] if of else []
    appeals = [row[0] for row in store.all("appeals_of_author", of)] if of else []
    words = evidence.forget(hands, tx, token, sorted(seqs))
    named = [each for each in names if each not in {*gone, *appeals, *words}]
    models = forgotten.models(store, hands.community.active, seqs)
    kept = hands.community.active.account_windows | {journal.SEEN}
    copied = [*map(redacted.name_of, sorted(seqs)), *gone, *appeals, *words, *named]
    copies = redacted.names(store, copied)

    def write() -> None:
        for seq in sorted(seqs):
            row = store.one("record", (seq,))
            if row is not None:
                blackout.drop(store, journal.Record(*row), kept)
                blackout.drop_publication(store, keys.community, journal.Record(*row))
        for decision in gone:
            store.run("withdraw_erased", {"decision": decision, "now": tx.recv})
            store.run("forget_memories", (decision,))
        for name in (*gone, *appeals, *named):
            for each in FORGETTING:
                store.run(each, (name,))
        store.many("forget_redacted", [(each,) for each in copied])
        forgotten.forget(store, models)

    tx.later.append(write)
    payload = {
        **said,
        "seqs": sorted(seqs),
        "decisions": [*gone, *appeals, *words, *named, *copies],
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
        again = payload.get("again")
        instead_of = None if again is None else bytes.fromhex(again)
        keys.erase(_erased(keys, payload), instead_of)
    store.forget_log()


def _erased(keys: KeyFile, payload: Mapping[str, Any]) -> Erased:
    digest = verdict_digest(keys.community, journal.canonical_json(payload))
    names = tuple(payload["decisions"])
    return Erased(digest, payload["account"], tuple(payload["seqs"]), names)


def unknown(store: Store, keys: KeyFile) -> list[Control]:
    """The controls that erase once more what the key file says was erased, and of which this store
    knows nothing: it is older than the erasure. `keys` must know where this store ends
    (`KeyFile.forget_after`).
    """
    known = set()
    for _, _, payload in store.all("controls", ("!erasure",)):
        known.add(verdict_digest(keys.community, payload))
    found = [each for each in keys.erased() if each.digest not in known]
    return [Control("erasure", {}, {"again": each}) for each in found if _concerns(store, each)]


def _concerns(store: Store, erased: Erased) -> bool:
    """Whether anything of an erasure is in a store."""
    if erased.seqs:
        return True
    if erased.account is None:
        return False
    queries = ("records_of_author", "decisions_of_author")
    return any(store.one(each, (erased.account,)) is not None for each in queries)
