"""Many reviewers at once, each a process of its own, through the socket: nobody decides twice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from flow.case_desk import DESK_RULES, shoes
from flow.small_community import agrees_with_replay, hold_together, line, prepare, rows
from ombud import session

PROGRAM = Path(__file__).with_name("deciding_process.py")
REVIEWERS = 6


def together(folder: Path, *what: str) -> list[list[tuple[str, str]]]:
    """What each of some processes got that began at the same instant."""
    started = [
        subprocess.Popen(
            [sys.executable, str(PROGRAM), str(folder), f"reviewer{number}", *what],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(REVIEWERS)
    ]
    found = []
    for each in started:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in started:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    for each in started:
        said, _ = each.communicate(timeout=300)
        assert each.returncode == 0
        found.append([tuple(one) for one in json.loads(said)])
    return found


def test_no_case_is_given_or_decided_twice(tmp_path: Path) -> None:
    """Six processes take the next case until none waits: each case went to one of them, and was
    decided by them.
    """
    prepare(tmp_path, DESK_RULES)
    with session.engine(tmp_path) as engine:
        engine.submit([line(shoes(n, f"person{n}", n)) for n in range(48)])
        cases = {row[0] for row in rows(tmp_path, "SELECT id FROM review_case")}
        found = together(tmp_path, "next")
        given = Counter(case for each in found for case, _ in each)
        assert given == Counter(dict.fromkeys(cases, 1))
        assert {said for each in found for _, said in each} == {"decided"}
        assert sum(bool(each) for each in found) > 1, "only one of them had a turn"
        assert rows(tmp_path, "SELECT count(*), count(DISTINCT id) FROM review") == [(48, 48)]
        agrees_with_replay(engine)
    hold_together(tmp_path)


def test_of_all_who_decide_one_case_one_does(tmp_path: Path) -> None:
    """Nobody claimed; everybody decides the same cases at the same instant: one judgement each,
    and a plain refusal for all others.
    """
    prepare(tmp_path, DESK_RULES)
    with session.engine(tmp_path) as engine:
        engine.submit([line(shoes(n, f"person{n}", n)) for n in range(12)])
        cases = [row[0] for row in rows(tmp_path, "SELECT id FROM review_case ORDER BY id")]
        found = together(tmp_path, *cases)
        said = Counter(one for each in found for one in each)
        for case in cases:
            assert said[case, "decided"] == 1
            assert said[case, "U221"] == REVIEWERS - 1
        assert rows(tmp_path, "SELECT count(*), count(DISTINCT id) FROM review") == [(12, 12)]
        agrees_with_replay(engine)
    hold_together(tmp_path)
