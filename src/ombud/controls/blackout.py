"""Words that expose somebody are blacked out, in a record and wherever else they are kept.

An erasure of what holds them: bodies, digests and entries go and their keys die after the commit,
so replay takes these records by their recorded facts; in place of each stands a copy without the
words (`redacted`). The journal says in which records, and by whom as a token. It cannot be undone.
This module must never keep the words, nor tell them to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ombud import decisions, events, ids, journal, redacted
from ombud.controls import forgotten, own_evidence, staff
from ombud.effects import Effect, Group, Hands
from ombud.errors import BadUse
from ombud.journal import Control, Record
from ombud.model import Event
from ombud.redacted import Words
from ombud.signals.observation import kind_of
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

FOUND_MAX = 1000  # records that hold the words
STEP = 500  # records looked at in one short transaction


@dataclass(slots=True)
class Blackout:
    """What one blackout takes, and what it keeps instead."""

    hands: Hands
    tx: Group
    words: Words
    bodies: list[int] = field(default_factory=list)  # records whose bodies go
    decisions: list[str] = field(default_factory=list)  # whose records go
    appeals: list[str] = field(default_factory=list)  # whose first words go
    words_gone: list[str] = field(default_factory=list)  # keys of what was sealed in cases
    old: list[str] = field(default_factory=list)  # keys of earlier copies
    copies: list[Row] = field(default_factory=list)  # of `redacted`

    def keep(self, name: str, record: int, plain: bytes) -> None:
        """Keep a copy in place of something, and let go of an earlier one."""
        self.old += redacted.names(self.hands.store, (name,))
        key = ids.new_id("red")
        sealed = self.hands.keys.seal_decision(key, self.tx.seq, plain)
        self.copies.append((name, key, sealed, record, self.tx.seq))


def asked(record: int, words: Sequence[str], by: str, found: Iterable[int], read: int) -> Control:
    """The control: black out these words. `found`: the records up to `read` that hold them."""
    told = {"record": record, "words": list(words), "by": by, "found": sorted(found), "read": read}
    return Control("erasure", {}, told)


def black_out(hands: Hands, tx: Group, control: Control) -> Effect:
    """Black the words out that `sealed` names. Everything is seen to first. Raises BadUse U200,
    U201, U260 to U262 or U264 to U266.
    """
    told = control.sealed
    person = staff.require(hands.community, hands.keys, str(told["by"]), "blackout")
    words = redacted.pattern(told["words"])
    assert words is not None  # every word counts in its own record  # noqa: S101
    now, record = Blackout(hands, tx, words), int(told["record"])
    later = holding(hands.store, hands.keys, told["words"], int(told["read"]), tx.seq - 1)
    seqs = sorted({*(int(each) for each in told["found"]), *later, record})
    if len(seqs) > FOUND_MAX:
        raise BadUse("U262", "words", limit=FOUND_MAX)
    near = {record, *_about_the_same(hands, _told(hands, (record,)))}
    same = _about_the_same(hands, _told(hands, seqs))
    own_evidence.require(hands, person, str(told["by"]), record, near, {*seqs, *same})
    touched = [each for each in seqs if _body(now, each)]
    if record not in touched:
        raise BadUse("U261", "record", record=record)
    for each in sorted({*touched, *same}):
        _decided(now, each)
        _in_cases(now, "sealed_of_record", (each,))
    _in_cases(now, "notes_and_proposals", ())
    models = forgotten.models(hands.store, hands.community.active, set(touched))
    tx.later.append(lambda: _write(now, touched, person, models))
    gone = [*now.decisions, *now.appeals, *now.words_gone, *now.old]
    payload = {
        "seqs": now.bodies,
        "account": None,
        "decisions": list(dict.fromkeys(gone)),
        "blackout": touched,
        "by": person,
    }
    return Effect(payload, "erasure", {"outcome": "blackout"}, touched=len(touched))


def holding(
    store: Store, keys: KeyFile, words: Sequence[str], after: int, until: int, *, own: bool = False
) -> list[int]:
    """The records behind one and up to another in which the words stand: those that are long enough
    to be looked for everywhere, or all (`own`). Raises BadUse U262 where these are too many.
    """
    wanted = redacted.pattern(words, redacted.SIGNS_MIN if own else redacted.ELSEWHERE_MIN)
    found: list[int] = []
    while wanted is not None and after < until:
        for row in store.all("records", {"after": after, "until": min(until, after + STEP)}):
            plain = _plain(store, keys, Record(*row))
            if plain is not None and redacted.body(plain, wanted) is not None:
                found.append(row[0])
        if len(found) > FOUND_MAX:
            raise BadUse("U262", "words", limit=FOUND_MAX)
        after += STEP
    return found


def _plain(store: Store, keys: KeyFile, record: Record) -> bytes | None:
    """A record's body as it is kept: its own, or the copy in place of it."""
    if record.control is not None:
        return None
    if record.sealed is not None:
        plain = keys.open_body(record.seq, record.sealed)
        if plain is not None:
            return plain
    return redacted.kept(store, keys, redacted.name_of(record.seq))


def _body(now: Blackout, seq: int) -> bool:
    """Take the words out of a record's body; whether they stood there."""
    row = now.hands.store.one("records", {"after": seq - 1, "until": seq})
    record = None if row is None else Record(*row)
    plain = None if record is None else _plain(now.hands.store, now.hands.keys, record)
    kept = None if plain is None else redacted.body(plain, now.words)
    if kept is None:
        return False
    if record is not None and record.sealed is not None:
        now.bodies.append(seq)
    now.keep(redacted.name_of(seq), seq, kept)
    return True


def _decided(now: Blackout, record: int) -> None:
    """Take them out of the decisions about a record, and of what was written about these."""
    store, keys = now.hands.store, now.hands.keys
    for row in store.all("decisions_about", (record,)):
        plain = redacted.opened(store, keys, row[0], row[14])
        kept = None if plain is None else redacted.decision(plain, now.words)
        if kept is not None:
            now.decisions.append(row[0])
            now.keep(row[0], record, kept)
        for made in store.all("appeals_of_decision", (row[0],)):
            _appealed(now, record, made[0], made[3])


def _appealed(now: Blackout, record: int, appeal: str, sealed: bytes | None) -> None:
    store, keys = now.hands.store, now.hands.keys
    plain = redacted.opened(store, keys, appeal, sealed)
    kept = None if plain is None else redacted.appeal(plain, now.words)
    if kept is not None:
        now.appeals.append(appeal)
        now.keep(appeal, record, kept)
    for name, _, _, _, of in store.all("messages_of_appeal", (appeal,)):
        plain = redacted.opened(store, keys, name, of)
        kept = None if plain is None else redacted.message(plain, now.words)
        if kept is not None:
            now.words_gone.append(name)
            now.keep(name, record, kept)


def _told(hands: Hands, seqs: Iterable[int]) -> Iterator[Event]:
    """What some records tell of, as far as they are kept."""
    for seq in seqs:
        row = hands.store.one("records", {"after": seq - 1, "until": seq})
        plain = None if row is None else _plain(hands.store, hands.keys, Record(*row))
        if plain is not None:
            yield events.decode(plain)


def _about_the_same(hands: Hands, told: Iterable[Event]) -> set[int]:
    """The records that were put before people about what these are about: flags of it."""
    found: set[int] = set()
    key, active = hands.keys.community, hands.community.active
    for event in told:
        kind = kind_of(event)
        if kind is not None:
            connector = active.connector(event.source.partition("/")[0])
            subject = decisions.lane(key, connector, decisions.subject_of(event, kind, "this"))
            found.update(row[0] for row in hands.store.all("records_of_subject", (subject,)))
    return found


def _in_cases(now: Blackout, query: str, of: tuple[int, ...]) -> None:
    """What was sealed in cases and holds them goes: what a rule saw, notes, proposals."""
    for name, sealed in now.hands.store.all(query, of):
        if redacted.holds(now.hands.keys.open_decision(name, sealed), now.words):
            now.words_gone.append(name)


def _write(now: Blackout, touched: list[int], person: int, models: list[str]) -> None:
    """The rows, in the transaction; the keys die after the commit."""
    store, tx = now.hands.store, now.tx
    active = now.hands.community.active
    kept = active.account_windows | {journal.SEEN}
    for seq in now.bodies:
        row = store.one("record", (seq,))
        if row is not None:
            drop(store, Record(*row), kept)
            drop_publication(store, now.hands.keys.community, Record(*row))
    for decision in now.decisions:
        store.run("forget_decision", (decision,))
        store.run("forget_list_matches", (decision,))
    for appeal in now.appeals:
        store.run("forget_appeal", (appeal,))
    for name in now.words_gone:
        for each in ("forget_words", "forget_note", "forget_proposal", "forget_appeal_message"):
            store.run(each, (name,))
    store.many("keep_redacted", now.copies)
    store.many("add_blackout", [(each, tx.seq, tx.recv, person) for each in touched])
    forgotten.forget(store, models)


# --- what an erasure drops too --------------------------------------------------------------------


def drop(store: Store, record: Record, kept: frozenset[int]) -> None:
    """Drop a record's body and digests, but for entries of the windows `kept`: people, places."""
    left = [
        (number, key, value) if number in kept else (number, None, None)
        for number, key, value in journal.unpack_entries(record.entries)
    ]
    packed = journal.pack_entries(left)  # type: ignore[arg-type]
    store.run("forget_record", (packed, record.facts, record.seq))
    store.run("forget_body", (record.seq,))
    store.run("forget_fillings", (record.seq,))
    store.run("forget_rest", (record.seq,))


def drop_publication(store: Store, key: bytes, record: Record) -> None:
    """Drop the digest of what was published just as it had been checked: its row has no author."""
    if record.via == "check" and record.identity is not None:
        row = store.one("find_identity", (journal.publication(key, record.identity),))
        if row is not None and row[2] != "publication":
            store.run("forget_record", (None, None, row[0]))
