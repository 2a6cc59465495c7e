"""What must hold after any fault: no restriction without its notice, nothing lost, nothing twice,
nothing out of order.

Read from the rows of the store, the public files and the lines that a receiver wrote down. Nothing
here asks the engine what it thinks of itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flow.served_platform import SPAM, Site
from flow.small_community import agrees_with_replay, check, hold_together, rows, tallies
from ombud.app import Engine

MICROSECOND = 1_000_000
SENT = ("delivered", "confirmed", "sent", "undeliverable")
AT_REST = (*SENT, "answered", "withdrawn", "failed")


def nothing_silent(site: Site) -> None:
    """No restriction without its notice: every decision has its leaf, its action and its notice,
    every undoing and every end its own, the public log says the same, and the past comes out the
    same when it is judged again. The server has stopped.
    """
    hold_together(site.folder)
    outcome = check(site.folder)
    assert outcome.differences == []
    assert outcome.different == outcome.not_recomputable == 0
    public = tallies(site.folder)
    for type_, table in (("decision", "decision"), ("appeal", "appeal")):
        (stored,) = rows(site.folder, f"SELECT count(*) FROM {table}")[0]  # noqa: S608
        assert sum(count for tally, count in public.items() if tally[0] == type_) == stored
    _everybody_is_told(site)
    with Engine(site.folder, now=lambda: 0) as engine:  # nothing ends by this clock
        agrees_with_replay(engine)


def _everybody_is_told(site: Site) -> None:
    """A notice to somebody known stands on a page, and is brought by a message or by the answer to
    a check; only what was taken back before it was done stands there alone, and what something else
    took the place of: that brings its own word.
    """
    told = rows(
        site.folder,
        "SELECT n.author, n.reason, n.state, n.statement, n.message, o.kind, o.statement,"
        " i.state FROM notice n LEFT JOIN outbox o ON o.id = n.message"
        " LEFT JOIN outbox i ON i.decision = n.decision AND i.inverse = 1",
    )
    pages = {row[0] for row in rows(site.folder, "SELECT id FROM statement")}
    for author, reason, state, page, message, kind, brings, inverse in told:
        assert author
        assert page in pages
        if message is not None:
            assert (kind, brings) == ("notice", page)
        elif reason != "replaced":
            assert state == "answered" or (reason == "undone" and inverse == "withdrawn")


# --- events ---------------------------------------------------------------------------------------


def judged_once(site: Site, sent: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], int]:
    """Each of these events, no two of which have one source and time, has one row and was judged
    as its text deserves; the seq of each by source and time. What was not `sent` is not there.
    """
    found: dict[tuple[str, int], list[int]] = defaultdict(list)
    query = "SELECT source, time, seq FROM journal WHERE type NOT LIKE '!%' AND verdict IS NOT NULL"
    for source, time, seq in rows(site.folder, query):
        found[source, time].append(seq)
    texts = {place(each): each["data"]["text"] for each in sent}
    assert set(found) == set(texts)
    assert {len(seqs) for seqs in found.values()} <= {1}
    decided = rows(site.folder, "SELECT seq, action FROM decision")
    held = {seqs[0] for where, seqs in found.items() if SPAM in texts[where]}
    assert sorted(decided) == sorted((seq, "hold") for seq in held)
    return {where: seqs[0] for where, seqs in found.items()}


def place(told: Mapping[str, Any]) -> tuple[str, int]:
    """By what an event is found in the journal, without its keyed identity."""
    moment = datetime.fromisoformat(told["time"])
    return told["source"], round(moment.timestamp() * MICROSECOND)


# --- what was sent --------------------------------------------------------------------------------


def delivered_once(site: Site, at_rest: Iterable[str] = AT_REST) -> list[dict[str, Any]]:
    """What the outbox says was delivered took effect at its receiver, once, under the key of its
    row; for each subject in the order in which it was asked. Only messages that are due later are
    still open. What took effect, in each receiver's order.
    """
    asked, now = site.outbox(), site.serving.now()
    for row in asked:
        later = row["kind"] == "notice" and row["state"] == "asked" and row["due"] > now
        assert later or row["state"] in at_rest, row
    did: list[dict[str, Any]] = []
    for name, receiver in site.receivers.items():
        mine = [row for row in asked if row["connector"] == name]
        effects = receiver.did()
        _one_key_each(mine, receiver.entries(), effects)
        _in_order(mine, effects)
        did += effects
    return did


def _one_key_each(
    asked: list[dict[str, Any]], came: list[dict[str, Any]], did: list[dict[str, Any]]
) -> None:
    effects = Counter(entry["key"] for entry in did)
    assert set(effects.values()) <= {1}
    of_row = {row["id"]: row for row in asked}
    assert {key for key, row in of_row.items() if row["state"] in SENT} <= set(effects)
    unsent = {key for key, row in of_row.items() if row["state"] in ("answered", "withdrawn")}
    keys: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for entry in came:
        body, key = entry["body"], entry["key"]
        if isinstance(body, str):  # its sender died over it: a part of a request, without effect
            assert not entry["did"]
            continue
        assert key not in unsent, "it was never to be sent"
        assert (body["id"], body["type"]) == (key, of_row[key]["kind"])
        if of_row[key]["inverse"] and not body["inverse"]:  # it is told what stays in force instead
            assert of_row[key]["detail"] == f"not lifted: {body['decision']} is in force"
            continue
        assert body.get("decision", "") == of_row[key]["decision"]
        if body["type"] == "action":
            assert body["inverse"] == bool(of_row[key]["inverse"])
            keys[body["decision"], body["inverse"]].add(key)
    assert all(len(each) == 1 for each in keys.values()), "two keys for one action"


def _in_order(asked: list[dict[str, Any]], did: list[dict[str, Any]]) -> None:
    order = {row["id"]: number for number, row in enumerate(asked)}
    by_subject: dict[str, list[int]] = defaultdict(list)
    done = {row["decision"] for row in asked if row["state"] == "answered"}
    for entry in did:
        body = entry["body"]
        if body["type"] == "action":
            by_subject[body["subject"]].append(order[entry["key"]])
            done.add(body["decision"])
        elif body["type"] == "notice":
            assert body["decision"] in done, "told before it was done"
    for places in by_subject.values():
        assert places == sorted(places), "an action overtook another"
