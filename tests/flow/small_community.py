"""A small community for the stories in this folder: rules, events, and what must hold of it.

The checks read the store with SQL of their own and the public log with its own verifier, so that
they do not go by what the engine says of itself.
"""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import apsw

from ombud import auditing, samples
from ombud.app import KEY_FILE, Engine
from ombud.attestations import SIGNED
from ombud.config import STORE_FILE
from ombud.model import KIND_OF_TYPE
from ombud.replay.check import Replay
from ombud.replay.outcome import Outcome
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.usual import Usual
from ombud.verdicts.community import Community
from ombud.windows import NEAR

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW = int((START + timedelta(days=1)).timestamp()) * 1_000_000  # every event lies before it
DAY = 86_400_000_000
SETTINGS = "procedural_holds = true\n"


class Clock:
    """A clock that is moved by hand, and by `step` whenever it is asked."""

    def __init__(self, at: int = NOW, step: int = 0) -> None:
        self.at, self.step = at, step

    def __call__(self) -> int:
        self.at += self.step
        return self.at


RULE = """rule {name}
  "A rule of the tests."

for     {kinds}
clause  {clause}
mode    live

when
  {when}

then
  {then}

tell author
  en  "A person will look at it."

should catch "the case it is made for"
  {catch}

should pass "anything else"
  {passes}
"""


def rule(
    name: str,
    when: str,
    catch: str,
    passes: str,
    *,
    kinds: str = "post",
    clause: str = "spam.links",
    then: str = "hold this",
) -> tuple[str, str]:
    """The file name and text of a rule."""
    parts = {"name": name, "when": when, "catch": catch, "passes": passes, "kinds": kinds}
    return f"{name}.rule", RULE.format(**parts, clause=clause, then=then)


RULES = dict(
    [
        rule("bags", 'text contains "cheap bags"', 'text "cheap bags"', 'text "thanks"'),
        rule(
            "busy-room",
            "author.accepted posts < 20\n  room.posts in last 10 minutes > 6",
            "author.accepted posts  0\n  room.posts in last 10 minutes  7",
            "author.accepted posts  0\n  room.posts in last 10 minutes  6",
            clause="flood.burst",
        ),
        rule(
            "same-text",
            "author.accepted posts < 20\n  text.repeat authors in last 1 hour >= 3",
            "author.accepted posts  0\n  text.repeat authors in last 1 hour  3",
            "author.accepted posts  0\n  text.repeat authors in last 1 hour  2",
            clause="spam.repeats",
            then="hold campaign",
        ),
        rule(
            "one-target",
            "author.posts to target in last 1 hour > 3",
            "author.posts to target in last 1 hour  4",
            "author.posts to target in last 1 hour  3",
            kinds="reply",
            clause="spam.mentions",
            then='alert "pestering"',
        ),
        rule(
            "many-flags",
            "reporter.flags in last 1 day > 2",
            "reporter.flags in last 1 day  3",
            "reporter.flags in last 1 day  2",
            kinds="flag",
            clause="flood.burst",
            then='alert "flags"',
        ),
    ]
)


def prepare(folder: Path, rules: Mapping[str, str] = RULES, settings: str = SETTINGS) -> Path:
    """A data folder with these rules and the shipped policies and lists, not yet started."""
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    for name, content in samples.files("rules").items():  # the shipped rules stay out: drafts
        text = content.decode().replace("mode    watch", "mode    draft")
        text = text.replace("mode    live", "mode    draft")
        (folder / "rules" / name).write_text(text, encoding="utf-8")
    for name, text in rules.items():
        (folder / "rules" / name).write_text(text, encoding="utf-8")
    (folder / "ombud.toml").write_text(settings, encoding="utf-8")
    return folder


def event(number: int | str, at: float = 0, **more: Any) -> dict[str, Any]:
    """A post `at` seconds after START; `type` and `source` as keywords, the rest is data."""
    whole = {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": more.pop("source", "chat/hall"),
        "type": more.pop("type", "post.created"),
        "time": (START + timedelta(seconds=at)).isoformat(),
    }
    data: dict[str, Any] = {"author": {"id": "ana"}, "text": "hello", "room": {"id": "hall"}}
    return {**whole, "data": {**data, **more}}


def line(told: Mapping[str, Any]) -> bytes:
    """An event as it stands on the wire."""
    return json.dumps(told).encode() + b"\n"


def crowd(seed: int, count: int, first: int = 0) -> list[dict[str, Any]]:
    """Events of every kind by a few people in a few rooms, some late, some stale."""
    chance = random.Random(seed)
    return [_one(chance, first + number) for number in range(count)]


TEXTS = (
    "cheap bags at http://shop.example/a today",
    "Does anybody know when it starts tonight?",
    "hello",
    "Look: http://news.example and http://shop.example",
    "thank you all",
)
NAMES = ("Mia Holm", "Raider", "raiders", "Trần Văn Tư")
TYPES = (*["post.created"] * 8, "post.edited", "post.deleted", "member.joined", "flag.created")


def _one(chance: random.Random, number: int) -> dict[str, Any]:
    kind = chance.choice(TYPES)
    at = number * 20.0 - chance.choice((0, 0, 0, 5, 900, 3 * 86400 if number > 20 else 0))
    author = {"id": f"person{chance.randrange(8)}", "lang": chance.choice(("en", "vi"))}
    author["name"] = f"{NAMES[number % len(NAMES)]} {number % 5}"
    data: dict[str, Any] = {
        "type": kind,
        "source": f"chat/{chance.choice(('hall', 'yard'))}",
        "author": author,
        "room": {"id": f"room{chance.randrange(3)}"},
        "server": {"id": f"s{chance.randrange(2)}.example"},
    }
    if kind == "flag.created":
        data["author"] = None
        data["reporter"] = {"id": f"person{chance.randrange(8)}"}
        data["reported"] = {"id": "post/1", "author": {"id": f"person{chance.randrange(8)}"}}
    elif kind in ("post.created", "post.edited"):
        data["text"] = chance.choice(TEXTS)
        if chance.random() < 0.3:
            target = {"id": f"person{chance.randrange(8)}"}
            data["in_reply_to"] = {"id": "post/1", "author": target}
    else:
        data["text"] = None
    made = event(number, at, **data)
    made["data"] = {key: value for key, value in made["data"].items() if value is not None}
    return made


# --- looking into a folder ------------------------------------------------------------------------


def rows(folder: Path, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """The rows of a question to the store, asked beside the engine."""
    found = apsw.Connection(str(folder / STORE_FILE), flags=apsw.SQLITE_OPEN_READONLY)
    found.set_busy_timeout(10_000)
    try:
        return list(found.execute(query, parameters))
    finally:
        found.close()


def change(folder: Path, statement: str, *parameters: object, file: str = STORE_FILE) -> None:
    """Change the store behind the engine's back."""
    found = apsw.Connection(str(folder / file))
    found.set_busy_timeout(10_000)  # the writer may be at work
    try:
        found.execute(statement, parameters)
    finally:
        found.close()


def same_keys(folder: Path, other: Path) -> None:
    """Give a community that was not started yet the keys of another, but not the other's log."""
    shutil.copy(other / KEY_FILE, folder / KEY_FILE)
    change(folder, "DELETE FROM key WHERE name = ?", SIGNED, file=KEY_FILE)


def replayed(folder: Path) -> Replay:
    """A finished run of `replay --check`, with its memory."""
    store, keys = (
        Store(folder / STORE_FILE, readonly=True),
        KeyFile(folder / KEY_FILE, readonly=True),
    )
    try:
        run = Replay(store, keys)
        run.check()
        return run
    finally:
        store.close()
        keys.close()


def check(folder: Path) -> Outcome:
    """What `replay --check` says."""
    return replayed(folder).outcome


# --- what must hold -------------------------------------------------------------------------------


def hold_together(folder: Path) -> None:
    """The journal has no gap; a decision, its leaf, its notice and its action belong together."""
    seqs = [row[0] for row in rows(folder, "SELECT seq FROM journal ORDER BY seq")]
    assert seqs == list(range(1, len(seqs) + 1))
    recvs = [row[0] for row in rows(folder, "SELECT recv FROM journal ORDER BY seq")]
    assert all(before < after for before, after in pairwise(recvs))
    made = rows(folder, "SELECT id, seq, leaf, action, subject FROM decision ORDER BY leaf")
    told = rows(folder, "SELECT decision, seq FROM notice WHERE reason = 'decided'")
    asked = rows(
        folder,
        "SELECT decision, seq, action, lane FROM outbox WHERE inverse = 0 AND kind = 'action'",
    )
    assert sorted(told) == sorted((each[0], each[1]) for each in made)
    assert sorted(asked) == sorted((each[0], each[1], each[3], each[4]) for each in made)
    leaves = rows(folder, "SELECT position, seq, entry FROM leaf ORDER BY position")
    assert [row[0] for row in leaves] == list(range(len(leaves)))
    decided = {row[0]: (row[1], json.loads(row[2])) for row in leaves}
    of_decisions = {at for at, (_, leaf) in decided.items() if leaf["type"] == "decision"}
    assert of_decisions == {each[2] for each in made}
    for _, seq, at, action, _ in made:
        assert decided[at][0] == seq
        assert decided[at][1]["action"] == action
    _reversed_together(folder, [leaf for _, leaf in decided.values()])
    events_judged = rows(folder, "SELECT identity FROM journal WHERE identity IS NOT NULL")
    assert len(events_judged) == len(set(events_judged))


UNDOING = ("undone", "released", "reversed", "partial")
ENDING = ("ended", "replaced")


def _reversed_together(folder: Path, leaves: list[dict[str, Any]]) -> None:
    """Each undoing, each end and each restoring has one leaf and one notice; the first undoing or
    end of a decision, since it last stood, has the inverse, unless something stands in its place.
    """
    decided = rows(folder, "SELECT id, undone_by, ended FROM decision")
    told: dict[str, list[tuple[int, str]]] = {each[0]: [] for each in decided}
    query = "SELECT decision, seq, reason FROM notice ORDER BY seq"
    for decision, seq, reason in rows(folder, query):
        if reason in (*UNDOING, *ENDING, "restored"):
            told[decision].append((seq, reason))
    first: list[tuple[str, int]] = []
    replaced: list[tuple[str, int]] = []
    for decision, undone_by, ended in decided:
        since: list[tuple[int, str]] = []
        for each in told[decision]:
            if each[1] == "restored":
                assert since, "nothing was to restore"
                since = []
                continue
            (replaced if each[1] == "replaced" else first).extend(
                [(decision, each[0])] if not since else []
            )
            since.append(each)
        undoings = [seq for seq, reason in since if reason in UNDOING]
        assert ended == (since[0][0] if since else None)
        assert undone_by == (undoings[0] if undoings else None)
        assert len(undoings) <= 1
        assert sum(reason in ENDING for _, reason in since) <= 1
    for reason in (*UNDOING, *ENDING, "restored"):
        count = sum(each[1] == reason for found in told.values() for each in found)
        assert count == sum(
            leaf["type"] in ("undo", "ended") and leaf.get("outcome") == reason for leaf in leaves
        )
    inverse = rows(folder, "SELECT decision, seq FROM outbox WHERE inverse = 1")
    assert len(inverse) == len(set(inverse))
    assert set(first) <= set(inverse) <= {*first, *replaced}


def tallies(folder: Path) -> Counter[tuple[Any, ...]]:
    """The public counts, recomputed from the public files alone; the files must verify."""
    found = auditing.check(str(folder / "ledger"), auditing.Trust())
    assert found["ok"], found["problems"]
    counted: Counter[tuple[Any, ...]] = Counter()
    for each in found["counts"]:
        counted[each["type"], each["clause"], each["action"], each["automated"]] += each["count"]
    return counted


def memory(
    community: Community, accounts: Iterable[tuple[str, int]], recv: int = 0
) -> dict[str, Any]:
    """What of a community's memory can still matter at `recv`, in a form that compares."""
    found: dict[str, Any] = {}
    clusters: dict[str, Any] = {}
    for name, known in community.timelines.items():
        windows = {}
        for number, window in known.windows.items():
            reach = known.reach(number)
            entries = sorted(each for each in window.entries() if each[2] > reach)
            let_go = {} if isinstance(window, Usual) else window.floors
            floors = {key: floor for key, floor in let_go.items() if floor > reach}
            members = known.members.get(number)
            owners = sorted(each for each in members.entries() if each[2] > reach) if members else 0
            windows[number] = (known.shapes[number], entries, floors, owners)
        if known.clusters is not None:
            alive = [each for each in known.clusters.entries() if each[1] > known.reach(NEAR)]
            clusters[name] = alive
        found[name] = (dict(known.streams), known.community, windows)
    histories = {each: community.history(*each) for each in accounts}
    used = {use: count for use, count in community.used.items() if use[2] >= recv // DAY}
    states = dict(community.states)
    return {
        "timelines": found,
        "clusters": clusters,
        "histories": histories,
        "used": used,
        "states": states,
        "rooms": community.rooms.alive(recv),
    }


def agrees_with_replay(engine: Engine) -> Replay:
    """The engine's memory, as recovered, is that of a run that was never interrupted."""
    run = replayed(engine.folder)
    assert run.outcome.differences == []
    assert run.outcome.different == run.outcome.not_recomputable == 0
    accounts = [
        (row[0], row[1]) for row in rows(engine.folder, "SELECT timeline, account FROM history")
    ]
    assert set(accounts) == set(run.community.histories)
    ((recv,),) = rows(engine.folder, "SELECT recv FROM head")
    recovered = memory(engine.writer.pipeline.community, accounts, recv)
    assert recovered == memory(run.community, accounts, recv)
    return run


def judged(folder: Path) -> Iterator[tuple[Any, ...]]:
    """Every judged event with all that was stored of it, in order."""
    yield from rows(
        folder,
        "SELECT seq, recv, type, kind, timeline, source, time, place, config, identity, content,"
        " author, facts, entries, hits, verdict FROM journal WHERE type NOT LIKE '!%' ORDER BY seq",
    )


assert set(TYPES) <= set(KIND_OF_TYPE)
