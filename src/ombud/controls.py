"""What each control does: activate a configuration, undo, erase, end.

A control is an input: the live engine carries it out once and writes its payload into the journal;
replay reads that payload and applies it, and never works it out again. A control is a group of its
own, so that what it looks up in the store is all there is. This module must never decide on an
event.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ombud import actions, activation, decisions, journal
from ombud.activation import Active
from ombud.clock import HOUR
from ombud.effects import Effect, Group, Hands, Reversal
from ombud.errors import BadData, BadUse, OmbudError, catalogue
from ombud.journal import Control
from ombud.signals.resolve import Window
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store
from ombud.verdicts import Community
from ombud.windows import BEGINNING, STALE

catalogue(
    D007=(
        "Another writer has taken over this community.",
        "Stop one of them: one community has one writer.",
    ),
    U010=("There is no decision {decision}.", "`ombud decisions list` shows them."),
    U011=(
        "No account {account} of {platform} is known here.",
        "Check the id as the platform writes it.",
    ),
)

FILLING_STEP = 2000  # records read at a time when a new window is filled
UNDO_MAX = 100_000  # decisions undone at once
_SELECTS = {
    "rule": "rule",
    "by": "by_role",
    "author": "author",
    "since": "since",
    "until": "until",
}


def carry_out(hands: Hands, tx: Group, control: Control) -> Effect:
    """Carry a control out, live."""
    return _CARRIED_OUT[control.type](hands, tx, control)


def fenced() -> OmbudError:
    """The error for a writer that has been replaced."""
    return BadData("D007", "head")


# --- a configuration is activated -----------------------------------------------------------------


def _activate(hands: Hands, tx: Group, control: Control) -> Effect:
    store, community = hands.store, hands.community
    active = activation.succeed(community.active, control.sealed["active"], tx.recv)
    first = tx.seq == 1
    fillings, horizons = ([], {}) if first else _fill(hands, active)
    before = community.active
    community.activate(active, {name: dict(found) for name, found in horizons.items()})
    for window, timeline, _, place, key, value in fillings:
        community.timeline(timeline).add(window, key, value, place)

    def write() -> None:
        store.many("add_content", [(digest, text) for digest, text in active.contents.items()])
        store.many("add_filling", [(tx.seq, *row) for row in fillings])
        gone = {licence.id for licence in before.licences} - {one.id for one in active.licences}
        for each in sorted(gone):
            store.run("end_licence", {"id": each, "seq": tx.seq})
        kept = {licence.id for licence in before.licences}
        for one in active.licences:
            if one.id not in kept:
                row = (one.id, one.kind, one.clause, one.rule, one.hold, one.cap, tx.seq)
                store.run("add_licence", row)

    tx.later.append(write)
    payload = {
        **active.payload,
        "since": dict(active.since),
        "horizons": {
            timeline: {str(number): place for number, place in sorted(found.items())}
            for timeline, found in sorted(horizons.items())
        },
    }
    return Effect(payload, "config", {"version": active.digest})


def _fill(hands: Hands, active: Active) -> tuple[list[Row], dict[str, dict[int, int]]]:
    """Entries of the past for windows not in use so far, and from which place on they are complete.

    A window that goes on with the same width keeps what it has. Where a body is gone, the window is
    complete only after that record.
    """
    community = hands.community
    new: dict[str, list[Window]] = {}
    for name, line in community.timelines.items():
        new[name] = [
            window
            for window in active.windows
            if window.number not in line.shapes
            or line.shapes[window.number].width < active.shapes[window.number].width
        ]
    horizons = {name: {w.number: BEGINNING for w in windows} for name, windows in new.items()}
    fillings: list[Row] = []
    reach = {
        name: line.community - STALE - active.widest for name, line in community.timelines.items()
    }
    if not any(new.values()):
        return [], {}
    head = hands.store.one("last_record")
    until = (head and head[0]) or 0
    for row in _records(hands.store, 0, until):
        record = journal.Record(*row)
        if record.place is None or record.kind is None or record.place <= reach[record.timeline]:
            continue
        windows = [each for each in new[record.timeline] if record.kind in each.counter.kinds]
        if not windows:
            continue
        seen = journal.reread(hands.keys, record)
        if seen is None:
            reached = horizons[record.timeline]
            for window in windows:  # places of several sources are not in the order of the journal
                reached[window.number] = max(reached[window.number], record.place)
            continue
        for window in windows:
            fillings += [
                (window.number, record.timeline, record.seq, record.place, key, value)
                for key, value in window.entries(seen)
            ]
    for name, windows in new.items():  # a widened window starts again from the filling
        line = community.timelines[name]
        for window in windows:
            line.windows.pop(window.number, None)
    return fillings, horizons


def _records(store: Store, after: int, until: int) -> Iterable[Row]:
    """Journal rows with bodies in short reads."""
    while after < until:
        rows = store.all("records", {"after": after, "until": min(until, after + FILLING_STEP)})
        yield from rows
        after += FILLING_STEP


# --- undo and end ---------------------------------------------------------------------------------


def _undo(hands: Hands, tx: Group, control: Control) -> Effect:
    """Undo the decisions that `sealed` names: `ids`, or those of a rule, role, person or time."""
    chosen: Mapping[str, Any] = {**control.sealed["chosen"]}
    if chosen.get("account"):
        platform, account = chosen["platform"], chosen["account"]
        token = hands.keys.known_account(platform, account)
        if token is None:
            raise BadUse("U011", f"{platform}/{account}", platform=platform, account=account)
        chosen = {**chosen, "author": token}
    ids = chosen.get("ids") or [
        row[0]
        for row in hands.store.all(
            "undoable",
            {**{name: chosen.get(key) for name, key in _SELECTS.items()}, "limit": UNDO_MAX},
        )
    ]
    reversals = _reversals(hands, ids)

    def write() -> None:
        for each in reversals:
            hands.store.run("undo_decision", {"id": each.decision, "seq": tx.seq})

    tx.later.append(write)
    done = [each.decision for each in reversals]
    return Effect({**control.payload, "decisions": done}, reversals=reversals, reason="undone")


def _end(hands: Hands, tx: Group, control: Control) -> Effect:
    found = _reversals(hands, control.payload["decisions"])
    reversals = tuple(each for each in found if each.inverse)

    def write() -> None:
        for each in reversals:
            hands.store.run("end_decision", {"id": each.decision, "seq": tx.seq})

    tx.later.append(write)
    done = [each.decision for each in reversals]
    return Effect({"decisions": done}, reversals=reversals, reason="ended")


def _reversals(hands: Hands, ids: Iterable[str]) -> tuple[Reversal, ...]:
    """Each decision of `ids` that was not undone yet, once."""
    found = [_standing(hands, decision) for decision in dict.fromkeys(ids)]
    return tuple(each for each in found if each is not None)


def _standing(hands: Hands, decision: str) -> Reversal | None:
    """What reversing a decision needs; None where it was undone."""
    row = hands.store.one("decision", (decision,))
    if row is None:
        raise BadUse("U010", decision, decision=decision)
    if row[13] is not None:
        return None
    lang = "en"
    plain = hands.keys.open_decision(decision, row[14])
    if plain is not None:
        lang = decisions.opened(plain).lang
    asked = hands.store.one("action_of_decision", (decision,))
    return Reversal(
        decision,
        clause=row[6],
        rule=row[7],
        action=row[9],
        author=row[5],
        lane=row[4],
        lang=lang,
        timeline=row[3],
        connector=asked[2] if asked else "",
        stood=actions.stood(asked[1], asked[3]) if asked else actions.RECORDED,
        inverse=row[12] is None,
    )


# --- check before publication ---------------------------------------------------------------------


def _gather(store: Store, seq: int, now: int) -> None:
    """Of the messages that answers did not bring, a page sends one at its hour's end, not each."""
    for message, page, more, opened in store.all("belated", {"seq": seq}):
        if more is None:
            store.run("promise_more", {"id": page, "more": message})
            store.run("postpone", {"id": message, "due": max(now, opened + HOUR)})
        else:
            store.run("fold", {"id": message, "into": more})
            store.run("withdraw_message", {"id": message, "now": now})


def _deadline(hands: Hands, tx: Group, control: Control) -> Effect:
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


def open_ends(store: Store) -> list[tuple[int, str]]:
    """A heap of (until, decision) of all restrictions that have an end to come."""
    ends = [(until, decision) for decision, until in store.all("open_decisions")]
    heapq.heapify(ends)
    return ends


def push_end(ends: list[tuple[int, str]], end: tuple[int, str]) -> None:
    """Remember one more end."""
    heapq.heappush(ends, end)


def due(ends: list[tuple[int, str]], now: int, most: int = 500) -> Control | None:
    """The control that ends what has reached its end by `now`; None where nothing has."""
    ready: list[str] = []
    while ends and ends[0][0] <= now and len(ready) < most:
        ready.append(heapq.heappop(ends)[1])
    return Control("ended", {"decisions": ready}) if ready else None


# --- erasure --------------------------------------------------------------------------------------


def _erase(hands: Hands, tx: Group, control: Control) -> Effect:
    """Erase everything of the account that `sealed` names: what it wrote, and the flags it sent.

    The keys die after the commit, when the writer builds its memory anew (`recovery.restore`).
    Raises BadData U011 where nobody knows the account.
    """
    platform, account = control.sealed["platform"], control.sealed["account"]
    token = hands.keys.known_account(platform, account)
    if token is None:
        raise BadUse("U011", f"{platform}/{account}", platform=platform, account=account)
    store, keys = hands.store, hands.keys
    seqs = {row[0] for row in store.all("records_of_author", (token,))}
    seqs.update(_flags_by(store, keys, platform, account))
    gone = [row[0] for row in store.all("decisions_of_author", (token,))]
    appeals = [row[0] for row in store.all("appeals_of_author", (token,))]
    kept = hands.community.active.account_windows | {journal.SEEN}

    def write() -> None:
        for seq in sorted(seqs):
            row = store.one("record", (seq,))
            if row is not None:
                _forget(store, journal.Record(*row), kept)
                _forget_publication(store, keys.community, journal.Record(*row))
        for decision in gone:
            store.run("forget_decision", (decision,))
            store.run("withdraw_erased", {"decision": decision, "now": tx.recv})
        for appeal in appeals:
            store.run("forget_appeal", (appeal,))

    tx.later.append(write)
    payload = {"seqs": sorted(seqs), "account": token, "decisions": [*gone, *appeals]}
    return Effect(payload, "erasure", touched=len(seqs))


def _flags_by(store: Store, keys: KeyFile, platform: str, account: str) -> Iterable[int]:
    """The flags that an account sent: their rows do not name who did, only their bodies do."""
    for row in store.each("flags"):
        record = journal.Record(*row)
        seen = journal.reread(keys, record)
        reporter = None if seen is None else seen.people.get("reporter")
        if seen and reporter and (seen.platform, reporter.id) == (platform, account):
            yield record.seq


def _forget(store: Store, record: journal.Record, kept: frozenset[int]) -> None:
    """Drop a record's body and digests, but for entries of the windows `kept`: people, places."""
    left = [
        (number, key, value) if number in kept else (number, None, None)
        for number, key, value in journal.unpack_entries(record.entries)
    ]
    packed = journal.pack_entries(left)  # type: ignore[arg-type]
    store.run("forget_record", (packed, record.facts, record.seq))
    store.run("forget_body", (record.seq,))
    store.run("forget_fillings", (record.seq,))


def _forget_publication(store: Store, key: bytes, record: journal.Record) -> None:
    """Drop the digest of what was published just as it had been checked: its row has no author."""
    if record.via == "check" and record.identity is not None:
        row = store.one("find_identity", (journal.publication(key, record.identity),))
        if row is not None and row[2] != "publication":
            store.run("forget_record", (None, None, row[0]))


def destroy_keys(store: Store, keys: KeyFile, payloads: Iterable[Mapping[str, Any]]) -> None:
    """The last step of erasures, after their commit; doing it again changes nothing."""
    for payload in payloads:
        keys.erase(payload["seqs"], payload["decisions"], payload["account"])
    store.forget_log()


# --- replay and recovery --------------------------------------------------------------------------


def activate_recorded(
    community: Community, store: Store, seq: int, active: Active, payload: Mapping[str, Any]
) -> None:
    """Apply a recorded activation: its horizons and fillings are read, not worked out again."""
    horizons = {
        name: {int(number): place for number, place in found.items()}
        for name, found in payload.get("horizons", {}).items()
    }
    for name, found in horizons.items():
        for number in found:
            community.timeline(name).windows.pop(number, None)
    community.activate(active, horizons)
    for window, timeline, _, place, key, value in store.all("fillings", (seq,)):
        community.timeline(timeline).add(window, key, value, place)


def compiled(store: Store, payload: Mapping[str, Any]) -> Active:
    """The configuration of a recorded activation, compiled again from the texts it carries."""
    return activation.from_payload(payload, lambda digest: _content(store, digest))


def _content(store: Store, digest: str) -> bytes:
    row = store.one("content", (digest,))
    return bytes(row[0]) if row else b""


_CARRIED_OUT: Mapping[str, Callable[[Hands, Group, Control], Effect]] = {
    "config": _activate,
    "deadline": _deadline,
    "undo": _undo,
    "ended": _end,
    "erasure": _erase,
}
