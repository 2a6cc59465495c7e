"""Kill -9 of the sender and of the receiver, at each step and at random: nothing lost, nothing
twice, nothing out of order.

Two real processes: one judges and sends (sending_process.py), the other takes webhooks and writes
each one down, synced to disk, before it answers. What is expected is worked out here from the rows
of the store and the lines of the receiver alone.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.receiver import Receiver
from flow import sending_process
from flow.small_community import event, line, prepare, rows, rule
from ombud import sender

SECRET = bytes(range(32))
KILLED = -9
KILLS = 32
ENOUGH = 90.0  # seconds until a process that does not end has failed
POINT = re.compile(r'passing\(\s*"([a-z ]+)"')
POINTS = sorted(set(POINT.findall(Path(sender.__file__).read_text(encoding="utf-8"))))
COLUMNS = ("id", "decision", "kind", "inverse", "state", "due", "attempts", "lane")
OUTBOX = "SELECT id, decision, kind, inverse, state, due, attempts, lane FROM outbox ORDER BY rowid"
RULES = dict(
    [
        rule(
            "bags",
            'text contains "cheap bags"',
            'text "cheap bags"',
            'text "thanks"',
            kinds="post, edit",
        )
    ]
)


def stream(seed: int, count: int) -> list[bytes]:
    """Posts about eight subjects by five people, edited again and again, most of them held; now
    and then everything is undone, mostly once it has been sent.
    """
    chance, seen, made = random.Random(seed), set(), []
    for number in range(count):
        subject = f"post/{chance.randrange(8)}"
        told = event(
            number,
            number,
            type="post.edited" if subject in seen else "post.created",
            author={"id": f"person{chance.randrange(5)}", "lang": chance.choice(("en", "vi"))},
            text=chance.choice(("cheap bags today", "cheap bags again", "thanks")),
        )
        seen.add(subject)
        made.append(line({**told, "subject": subject}))
        if number % 20 == 19:
            made += [b"!drain\n"] if chance.random() < 0.6 else []
            made.append(b"!undo bags\n")
    return made


class Community:
    """A folder, a receiver, and the process between them."""

    def __init__(self, folder: Path) -> None:
        self.receiver = Receiver(folder / "receiver", SECRET)
        settings = (
            "procedural_holds = true\n"
            f'[connectors.chat]\nurl = "{self.receiver.url}"\n'
            'allow = ["127.0.0.1"]\ntimeout_seconds = 2\n'
        )
        self.folder = prepare(folder / "data", RULES, settings)

    def start(self, lines: Iterable[bytes], fault: str = "") -> subprocess.Popen[bytes]:
        """The process, with its whole input in a file, so that nobody waits for it."""
        given = self.folder / "input"
        given.write_bytes(b"".join(lines))
        with given.open("rb") as opened:
            return subprocess.Popen(
                [sys.executable, sending_process.__file__, self.folder, SECRET.hex()],
                stdin=opened,
                stderr=subprocess.PIPE,
                env={**os.environ, "OMBUD_FAULT": fault},
            )

    def run(self, lines: Iterable[bytes], fault: str = "") -> int:
        """Let the process do all its work, or die; its exit code."""
        process = self.start(lines, fault)
        try:
            _, told = process.communicate(timeout=ENOUGH)
        finally:
            process.kill()
        assert process.returncode in (0, KILLED), told.decode()
        return process.returncode

    def acknowledged(self) -> int:
        """How many events the killed processes had answered."""
        path = self.folder / "acknowledged"
        return sum(map(int, path.read_text().split())) if path.exists() else 0

    def came(self) -> list[dict[str, Any]]:
        """What arrived. Of a request whose sender died over it only a part comes: no effect."""
        entries = self.receiver.entries()
        for entry in entries:
            assert entry["verified"] or (isinstance(entry["body"], str) and not entry["did"]), entry
        return [entry for entry in entries if entry["verified"]]

    def outbox(self) -> list[dict[str, Any]]:
        """The rows of the outbox, in the order in which they were asked."""
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows(self.folder, OUTBOX)]


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    """A community with a receiver that listens."""
    made = Community(tmp_path)
    yield made
    made.receiver.kill()


def holds(community: Community) -> list[dict[str, Any]]:
    """Everything that must hold once nothing is due any more; what took effect, in order."""
    asked = community.outbox()
    came, did = community.came(), community.receiver.did()
    _keys_hold(asked, came, did)
    for row in asked:
        later = row["kind"] != "action" and row["state"] == "asked" and not row["attempts"]
        assert row["state"] in ("delivered", "withdrawn") or later, row
        if later:
            assert row["due"] > time.time() * 1_000_000, "a message that is due was not sent"
    _order_holds(asked, did)
    _notices_hold(did)
    return did


def _keys_hold(
    asked: list[dict[str, Any]], came: list[dict[str, Any]], did: list[dict[str, Any]]
) -> None:
    """What was delivered took effect, once, under the one key of its row; nothing else did."""
    delivered = [row["id"] for row in asked if row["state"] == "delivered"]
    effects = Counter(entry["key"] for entry in did)
    assert set(effects.values()) <= {1}
    assert set(effects) == set(delivered)
    bodies: dict[str, Any] = {}
    for entry in came:
        assert entry["body"]["id"] == entry["key"]
        assert bodies.setdefault(entry["key"], entry["body"]) == entry["body"], "another body"
    of_row = {row["id"]: row for row in asked}
    keys: dict[tuple[str, str, bool], set[str]] = defaultdict(set)
    for entry in came:
        body = entry["body"]
        row = of_row[entry["key"]]
        assert (body["type"], body.get("decision", "")) == (row["kind"], row["decision"])
        if body["type"] == "action":
            assert body["inverse"] == bool(row["inverse"])
            keys["action", body["decision"], body["inverse"]].add(entry["key"])
    assert all(len(each) == 1 for each in keys.values()), "two keys for one action"


def _order_holds(asked: list[dict[str, Any]], did: list[dict[str, Any]]) -> None:
    """For each subject, actions took effect in the order in which they were asked."""
    place = {row["id"]: number for number, row in enumerate(asked)}
    lanes = {row["id"]: row["lane"] for row in asked}
    by_subject: dict[str, list[int]] = defaultdict(list)
    by_lane: dict[bytes, list[int]] = defaultdict(list)
    for entry in did:
        if entry["type"] == "action":
            by_subject[entry["body"]["subject"]].append(place[entry["key"]])
            by_lane[lanes[entry["key"]]].append(place[entry["key"]])
    assert by_subject
    assert sorted(by_subject.values()) == sorted(by_lane.values())
    for order in by_subject.values():
        assert order == sorted(order), "an action overtook another"


def _notices_hold(did: list[dict[str, Any]]) -> None:
    """The page that an action names was told of, and no sooner than something on it was done."""
    done: set[str] = set()
    told = set()
    for entry in did:
        body = entry["body"]
        if body["type"] == "action":
            done.add(body["decision"])
        elif body["type"] == "notice":
            assert body["decision"] in done, "told before it was done"
            told.add(body["link"])
    pages = {entry["body"]["statement"] for entry in did if entry["type"] == "action"}
    assert pages
    assert pages <= told


def test_there_are_fault_points_around_a_call() -> None:
    """The process can be killed before a call, after it, and before its result is kept."""
    assert {"sending committed", "sent", "before delivered committed"} <= set(POINTS)


def test_undisturbed(community: Community) -> None:
    """Nobody killed: each row is sent once, actions, notices and undoing."""
    assert community.run(stream(1, 100)) == 0
    did = holds(community)
    assert len(community.came()) == len(did)
    kinds = Counter((entry["type"], entry["body"].get("inverse")) for entry in did)
    assert kinds["action", False] > 10
    assert kinds["action", True] > 10
    assert kinds["notice", None] >= 5


@pytest.mark.parametrize("passing", [1, 6])
@pytest.mark.parametrize("point", POINTS)
def test_killed_around_a_call(point: str, passing: int, community: Community) -> None:
    """Killed between attempt, call and result, the row is found in `sending` and sent again under
    the same key.
    """
    lines = stream(2, 60)
    assert community.run(lines, f"{point}:{passing}") == KILLED
    sending = {row["id"] for row in community.outbox() if row["state"] == "sending"}
    assert sending, "not killed in between"
    unmarked = sending & {entry["key"] for entry in community.came()}
    assert unmarked or point == "sending committed", "no call had come back without its result"
    assert community.run(lines) == 0
    holds(community)
    again = {entry["key"] for entry in community.came() if entry["again"]}
    assert unmarked <= again <= sending  # a call may also arrive after its sender's death


def test_a_receiver_that_closes_the_door_takes_effect_once(community: Community) -> None:
    """What the receiver took without answering comes again under the same key, and counts once."""
    community.receiver.mode("close")
    process = community.start(stream(3, 30))
    until = time.monotonic() + ENOUGH
    while len(community.receiver.entries()) < 4 and time.monotonic() < until:
        time.sleep(0.01)
    community.receiver.mode("ok")
    _, told = process.communicate(timeout=ENOUGH)
    assert process.returncode == 0, told.decode()
    holds(community)
    assert any(entry["again"] for entry in community.came())


def test_killed_at_random_moments(community: Community) -> None:
    """Thirty-two kills, of the sender and of the receiver in turn, and of both: all arrives, once
    and in order.
    """
    chance, killed, process = random.Random(4), Counter[str](), None
    lines = stream(4, 600)
    while sum(killed.values()) < KILLS:
        if process is None:
            at = _place(lines, community.acknowledged(), chance.randrange(4))
            process = community.start(lines[at : at + 42])
        _wait_for_traffic(community, process, chance)
        victim = ("sender", "receiver", "both")[sum(killed.values()) % 3]
        if victim != "sender":
            community.receiver.kill()
            time.sleep(chance.uniform(0, 0.1))
        if victim != "receiver":
            process.kill()
            _, told = process.communicate()
            assert process.returncode in (0, KILLED), told.decode()
            process = None
        elif process.poll() is not None:
            process.communicate()
            process = None
        if victim != "sender":
            community.receiver.start()
        killed[victim] += 1
    if process is not None:
        process.kill()
        process.communicate()
    assert community.run(lines) == 0
    did = holds(community)
    assert len(did) > 200
    assert min(killed.values()) >= KILLS // 3


def _place(lines: list[bytes], events: int, back: int) -> int:
    """Where to go on after so many events, and a little before."""
    count = 0
    for place, each in enumerate(lines):
        if count >= events - back:
            return place
        count += not each.startswith(b"!")
    return len(lines) - 40


def _wait_for_traffic(
    community: Community, process: subprocess.Popen[bytes], chance: random.Random
) -> None:
    """Let some webhooks arrive, or the process come to its end; then any moment will do."""
    seen = len(community.receiver.entries())
    wanted = seen + chance.randrange(12)
    until = time.monotonic() + 5
    while len(community.receiver.entries()) < wanted and time.monotonic() < until:
        if process.poll() is not None:
            return
        time.sleep(0.005)
    time.sleep(chance.uniform(0, 0.03))
