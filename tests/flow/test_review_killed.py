"""Kill -9 of the server while people judge: a judgement is whole or it is not there, nothing is
judged twice, and whoever had a case has it still.

A real server in a process of its own, asked as a second process asks it.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from flow.nothing_silent import delivered_once, nothing_silent
from flow.served_platform import Site, site, spam, wait
from flow.small_community import rows
from ombud import local_socket
from ombud.clock import SECOND
from ombud.errors import BadUse

CASES = 8
REVIEWERS = 2
OPEN = "SELECT id FROM review_case WHERE closed IS NULL ORDER BY rowid"


def begun(made: Site, count: int) -> list[str]:
    """Serve, and have so many posts held; their cases."""
    made.serving.start()
    made.asked.until_taken("/v1/events", *(spam(n, n) for n in range(count)), lines=True)
    return [row[0] for row in rows(made.folder, OPEN)]


def removed(made: Site, case: str, by: str) -> Any:
    """Somebody takes a case, or has it still, and removes what it is about."""
    lease = local_socket.ask(made.folder, "claim case", case=case, by=by)["lease"]
    told = {"case": case, "by": by, "lease": lease, "outcome": "uphold"}
    return local_socket.ask(made.folder, "decide case", **told, acts=[{"action": "remove"}])


def all_told(made: Site, cases: int) -> None:
    """Each post was held, then removed, once; the platform and its author were told of both."""
    made.serving.shift(11 * SECOND)  # nobody undoes anything any more
    wait(lambda: made.due() == 0, "something is never delivered")
    assert made.serving.stop() == 0, made.serving.told()
    nothing_silent(made)
    assert rows(made.folder, OPEN) == []
    judged = "SELECT count(*), count(DISTINCT id), count(DISTINCT record) FROM reviewed"
    assert rows(made.folder, judged) == [(cases, cases, cases)]
    counted = "SELECT action, count(*) FROM decision GROUP BY action ORDER BY action"
    assert rows(made.folder, counted) == [("hold", cases), ("remove", cases)]
    done = [each["body"]["action"] for each in delivered_once(made) if each["type"] == "action"]
    assert done.count("remove") == cases


@pytest.mark.parametrize("point", ["before commit", "committed"])
def test_killed_around_a_judgement(point: str, tmp_path: Path) -> None:
    """Just before its commit nothing of it is there, and the same claim judges again; just after
    it all of it is, and the second try is refused.
    """
    with site(tmp_path, signed=False) as made:
        (case,) = begun(made, 1)
        lease = local_socket.ask(made.folder, "claim case", case=case, by="mia")["lease"]
        told = {"case": case, "by": "mia", "lease": lease, "outcome": "uphold"}
        told["acts"] = [{"action": "remove"}]
        wait(lambda: made.due() == 0, "the hold is never delivered")
        assert made.serving.stop() == 0, made.serving.told()  # so that the next commit is this one
        made.serving.start(OMBUD_FAULT=f"{point}:1")
        with pytest.raises(BadUse, match="U003"):
            local_socket.ask(made.folder, "decide case", **told)
        made.serving.wait_for_death()
        stands = rows(made.folder, "SELECT count(*) FROM review")[0][0]
        assert stands == (0 if point == "before commit" else 1)
        made.serving.start()
        if stands:
            with pytest.raises(BadUse, match="U22"):
                local_socket.ask(made.folder, "decide case", **told)
        else:
            assert local_socket.ask(made.folder, "decide case", **told)["decisions"]
        all_told(made, 1)


def test_killed_while_several_judge(tmp_path: Path) -> None:
    """Two work through the cases and try again whatever is not answered; the server is killed
    amid that. Each case is judged once, by one of them.
    """
    with site(tmp_path, signed=False) as made:
        cases, came, up = begun(made, CASES), threading.Semaphore(0), threading.Event()
        up.set()

        def work(by: str) -> None:
            for case in cases:
                over = False
                while not over:
                    up.wait(60)
                    try:
                        removed(made, case, by)
                        over = True
                    except BadUse as error:
                        over = error.code in ("U220", "U221", "U222")  # judged, or somebody's
                came.release()

        working = [threading.Thread(target=work, args=(f"reviewer{n}",)) for n in range(REVIEWERS)]
        for each in working:
            each.start()
        for _ in range(CASES // 2):
            assert came.acquire(timeout=60)
        assert made.serving.kill()
        up.clear()
        made.serving.start()
        up.set()
        for each in working:
            each.join(60)
            assert not each.is_alive()
        for (case,) in rows(made.folder, OPEN):  # both left it to the other as it was killed
            removed(made, case, rows(made.folder, HOLDER, case)[0][0] or "reviewer0")
        all_told(made, CASES)


HOLDER = "SELECT holder FROM review_case WHERE id = ?"
