"""Kill -9 of the server under load, and of the receiver; and the gentle end. Nothing acknowledged
is lost, nothing is judged twice, nobody is restricted without being told.

Real processes: the server as `ombud serve` runs it, and a receiver that writes down what comes.
The programs of the platform ask again until they are answered. OMBUD_TEST_KILLS sets how often the
server is killed.
"""

from __future__ import annotations

import http.client
import os
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from flow.nothing_silent import delivered_once, judged_once, nothing_silent, place
from flow.served_platform import SPAM, Program, Site, site, spam, wait
from flow.serving_process import PATIENCE_SECONDS
from flow.small_community import event, rows
from ombud import local_socket
from ombud.clock import SECOND
from ombud.errors import OmbudError

KILLS = int(os.environ.get("OMBUD_TEST_KILLS", "22"))
SITES = 2  # at work at once
PROGRAMS = 3  # of each
BACK_OFF_MAX = 300 * SECOND
SUBJECTS = 6
ONE_BY_ONE, LINES, CHECKED = "one by one", "lines", "checked"


class Traffic:
    """One program that sends events in its own way, and what it was told of each."""

    def __init__(self, made: Site, way: str, seed: int) -> None:
        self.way = way
        self.sent: list[dict[str, Any]] = []
        self.told: dict[tuple[str, int], list[dict[str, Any]]] = {}
        self.decided: set[str] = set()  # by the answers to checks
        self.enough = threading.Event()
        self._program = Program(made.serving)
        self._chance = random.Random(f"{way} {seed}")

    def run(self) -> None:
        """Send until it is enough; what was begun is brought to its end."""
        try:
            while not self.enough.is_set():
                if self.way == LINES:
                    self._lines()
                elif self.way == CHECKED:
                    self._check()
                else:
                    self._one_by_one()
        finally:
            self._program.close()

    def _next(self) -> dict[str, Any]:
        """Posts about a few subjects, edited again and again."""
        number = len(self.sent)
        text = self._chance.choice((f"{SPAM} today", "thanks", "hello", "see you"))
        told = event(
            f"{self.way} {number}",
            number,
            source=f"chat/{self.way}",
            type="post.created" if number < SUBJECTS else "post.edited",
            author={
                "id": f"person{self._chance.randrange(5)}",
                "lang": self._chance.choice(("en", "vi")),
            },
            text=text,
        )
        self.sent.append({**told, "subject": f"post/{self.way}-{number % SUBJECTS}"})
        return self.sent[-1]

    def _keep(self, one: dict[str, Any], answer: dict[str, Any]) -> None:
        self.told.setdefault(place(one), []).append(answer)

    def _one_by_one(self) -> None:
        one = self._next()
        self._keep(one, self._program.until_taken("/v1/events", one))

    def _lines(self) -> None:
        several = [self._next() for _ in range(self._chance.randrange(2, 12))]
        answer = self._program.until_taken("/v1/events", *several, lines=True)
        for one, item in zip(several, answer["items"], strict=True):
            self._keep(one, item)

    def _check(self) -> None:
        """Ask; publish what is allowed, and now and then what is not."""
        one = self._next()
        answer = self._program.until_taken("/v1/check", one)
        if answer["decision"]:
            assert answer["action"] == "hold"
            self.decided.add(answer["decision"])
        if answer["action"] == "allow" or self._chance.random() < 0.3:
            self._keep(one, self._program.until_taken("/v1/events", one))


def undo(folder: Path) -> None:
    """Undo all that the rule has done, where somebody is there to do it."""
    with suppress(OmbudError):
        local_socket.ask(folder, "undo", rule="bags")


def drained(made: Site) -> Callable[[], bool]:
    """Whether nothing is due any more, not even after the longest back-off."""
    return lambda: made.due(BACK_OFF_MAX) == 0


def killed_often(made: Site, kills: int, seed: int) -> list[Traffic]:
    """Kill the server so many times while programs send, the receiver now and then, both at once
    now and then; then let all come to its end.
    """
    chance = random.Random(seed)
    traffic = [Traffic(made, way, seed) for way in (ONE_BY_ONE, LINES, CHECKED)]
    made.serving.start()  # which gives it its port
    with ThreadPoolExecutor(len(traffic) + 1) as pool:
        working = [pool.submit(each.run) for each in traffic]
        undoing: Future[None] | None = None
        while kills:
            if chance.random() < 0.2 and (undoing is None or undoing.done()):
                undoing = pool.submit(undo, made.folder)
            _work(traffic, working, chance)
            victim = chance.choice(("server", "server", "receiver", "both"))
            if victim != "server":
                made.chat.kill()
                time.sleep(chance.uniform(0, 0.1))
            if victim != "receiver":
                assert made.serving.kill(), made.serving.told()
                kills -= 1
                if chance.random() < 0.2 and kills:  # and once more while it starts
                    made.serving.begin()
                    time.sleep(chance.uniform(0.2, 1.5))
                    assert made.serving.kill(), made.serving.told()
                    kills -= 1
                made.serving.start()
            if victim != "server":
                made.chat.start()
        for one in traffic:
            one.enough.set()
        for each in working:
            each.result(3 * PATIENCE_SECONDS)
    wait(drained(made), "something is never delivered")
    assert made.serving.stop() == 0, made.serving.told()
    return traffic


def _work(traffic: list[Traffic], working: list[Future[None]], chance: random.Random) -> None:
    """Let some answers come; then any moment will do."""
    before = sum(len(each.told) for each in traffic)
    wanted = before + chance.randrange(1, 50)

    def came() -> bool:
        return sum(len(each.told) for each in traffic) >= wanted or any(
            each.done() for each in working
        )

    wait(came, "no answers")
    time.sleep(chance.uniform(0, 0.05))


def test_killed_at_random_moments_under_load(tmp_path: Path) -> None:
    """Killed again and again with clients that retry: every acknowledged event is there, judged
    once; every decision has its notice and its action, and the receiver got each once.
    """
    with ExitStack() as opened, ThreadPoolExecutor(SITES) as pool:
        sites = [opened.enter_context(site(_folder(tmp_path, each))) for each in range(SITES)]
        found = list(pool.map(killed_often, sites, [KILLS // SITES] * SITES, range(SITES)))
    for made, traffic in zip(sites, found, strict=True):
        nothing_silent(made)
        seqs = judged_once(made, [each for one in traffic for each in one.sent])
        for one in traffic:
            _as_it_was_told(made, one, seqs)
        did = delivered_once(made)
        inverses = [entry["body"].get("inverse") for entry in did]
        assert min(inverses.count(each) for each in (True, False, None)) >= 3


def _folder(path: Path, number: int) -> Path:
    made = path / f"site{number}"
    made.mkdir()
    return made


def _as_it_was_told(made: Site, one: Traffic, seqs: dict[tuple[str, int], int]) -> None:
    """What a program was told stands in the journal, each event in its own place."""
    records = dict(rows(made.folder, "SELECT seq, type FROM journal"))
    decisions = dict(rows(made.folder, "SELECT id, seq FROM decision"))
    assert one.decided <= set(decisions)
    places = []
    for where, answers in one.told.items():
        for answer in answers:
            assert answer["status"] in ("accepted", "duplicate", "published"), answer
            published = records[answer["seq"]] == "!publication"
            assert published == (one.way == CHECKED and answer["seq"] != seqs[where])
            assert published or answer["seq"] == seqs[where]
            assert {decisions[each] for each in answer["decisions"]} <= {seqs[where]}
            places.append(answer["seq"])
    assert len(places) == len(set(places))
    if one.way != CHECKED:
        assert set(one.told) == {place(each) for each in one.sent}


def once(made: Site, name: str, began: threading.Event) -> dict[tuple[str, int], Any]:
    """Send single events until one is not answered; every event, with its answer if one came."""
    program, found = Program(made.serving), dict[tuple[str, int], Any]()
    number = 0
    while True:
        source = ("chat/" if number % 2 else "forum/") + name
        text = "thanks" if number % 5 else SPAM
        one = event(f"{name} {number}", number, source=source, text=text) | {
            "subject": f"post/{name}{number}"
        }
        number += 1
        found[place(one)] = None
        try:
            answer = program.post("/v1/events", one)
        except (OSError, http.client.HTTPException):
            return found
        if answer.status != 200:
            assert (answer.status, answer.headers["retry-after"]) == (503, "1")
            program.close()
            return found
        found[place(one)] = answer.json
        if number > 30:
            began.set()


def test_told_to_stop_under_load(tmp_path: Path) -> None:
    """Told to stop amid requests and calls that hang it ends with 0: what was answered is there,
    the head of the log is published, and what was not delivered is, after the next start.
    """
    with site(tmp_path, platforms=("chat", "forum"), seconds=1) as made:
        made.receivers["forum"].mode("hang")
        made.serving.start()
        began = [threading.Event() for _ in range(PROGRAMS)]
        with ThreadPoolExecutor(PROGRAMS) as pool:
            names = [f"room{number}" for number in range(PROGRAMS)]
            asked = [
                pool.submit(once, made, name, one) for name, one in zip(names, began, strict=True)
            ]
            for one in began:
                assert one.wait(PATIENCE_SECONDS)
            assert made.serving.stop() == 0, made.serving.told()
            answers = {where: told for each in asked for where, told in each.result().items()}
        stored = {
            (source, time_): seq
            for source, time_, seq in rows(
                made.folder, "SELECT source, time, seq FROM journal WHERE source IS NOT NULL"
            )
        }
        answered = {where: told["seq"] for where, told in answers.items() if told}
        assert answered.items() <= stored.items()
        assert set(stored) <= set(answers)
        assert rows(made.folder, "SELECT published = leaves FROM head") == [(1,)]
        nothing_silent(made)
        waiting = made.outbox("state IN ('asked', 'sending')")
        assert {"forum"} <= {row["connector"] for row in waiting}
        made.receivers["forum"].mode("ok")
        made.serving.start()
        wait(drained(made), "what was left behind is never delivered")
        assert made.serving.stop() == 0, made.serving.told()
        nothing_silent(made)
        assert len(delivered_once(made)) > 5


@pytest.mark.parametrize(
    ("point", "status"), [("before commit", "accepted"), ("committed", "duplicate")]
)
def test_killed_around_a_commit(point: str, status: str, tmp_path: Path) -> None:
    """Killed just before or just after a commit, before it could answer: asked again, the event is
    judged once, and what was decided goes out.
    """
    one = spam(1)
    with site(tmp_path) as made:
        made.serving.start(OMBUD_FAULT=f"{point}:1")
        with pytest.raises((OSError, http.client.HTTPException)):
            made.asked.post("/v1/events", one)
        assert made.serving.kill()
        made.serving.start()
        assert made.asked.until_taken("/v1/events", one)["status"] == status
        wait(drained(made), "it is never delivered")
        assert made.serving.stop() == 0, made.serving.told()
        nothing_silent(made)
        judged_once(made, [one])
        assert [entry["type"] for entry in delivered_once(made)] == ["action", "notice"]
