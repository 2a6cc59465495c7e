"""Twenty people at the console at once, each a client of its own over HTTP: no case goes to two of
them, and no post is decided twice, even where they do not take turns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import httpx
import pytest

from browser.pages_served import served
from browser.staff_served import PASSWORD, Place
from flow.case_desk import DESK_RULES, shoes
from flow.small_community import agrees_with_replay, hold_together, line, prepare, rows
from ombud.app import Engine
from ombud.doors import Doors
from ombud.entrance import Entrance

NAMES = (
    *("Ana", "Bruno", "Chi", "Dora", "Emil", "Frida", "Giang", "Hanna", "Ivo", "Jana"),
    *("Kim", "Lou", "Mia", "Nam", "Olga", "Petra", "Quy", "Rosa", "Sven", "Tuan"),
)
PEOPLE = len(NAMES)
CASES = 60
FROM_HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A community with cases of as many authors."""
    prepare(tmp_path, DESK_RULES)
    with (
        Engine(tmp_path) as engine,
        closing(Doors(engine, "http://localhost")) as doors,
        served(doors, entrance=Entrance(engine)) as address,
    ):
        engine.submit([line(shoes(n, f"person{n}", n)) for n in range(CASES)])
        yield Place(engine, address)
        agrees_with_replay(engine)
    hold_together(tmp_path)


class Reviewer:
    """Somebody who is in, with a browser of sorts."""

    def __init__(self, place: Place, name: str) -> None:
        entrance = Entrance(place.engine)
        link = place.add(name, "reviewer").rpartition("/")[2]
        entered = entrance.use_link(link, PASSWORD, "")
        visitor = entrance.visitor(entered.cookie)
        assert visitor is not None
        self.form = visitor.form
        self.client = httpx.Client(
            base_url=place.address, cookies={"ombud": entered.cookie}, timeout=120
        )

    def send(self, path: str, **fields: str) -> httpx.Response:
        """A form of a page."""
        return self.client.post(path, data={"form": self.form, **fields}, headers=FROM_HERE)

    def decide(self, path: str) -> httpx.Response:
        """The first button of a case's page, with all that stands in its form."""
        page = self.client.get(path).text
        kept = dict(re.findall(r'type="hidden" name="(record|upto)" value="([^"]*)"', page))
        return self.send(path.partition("?")[0], do="decide", offer="release", **kept)

    def work(self, start: Barrier) -> list[str]:
        """Take the next case and decide it, until none is left; the cases one was given."""
        start.wait()
        given = []
        answer = self.send("/cases")
        while (path := answer.headers["location"]).startswith("/cases/"):
            given.append(path.partition("?")[0].rpartition("/")[2])
            answer = self.decide(path)
            assert answer.status_code == 303, answer.text
        return given


def people(place: Place) -> list[Reviewer]:
    """As many as there are, and somebody who has let them in."""
    place.add("Thảo", "admin")
    return [Reviewer(place, name) for name in NAMES]


def test_each_case_goes_to_one_of_twenty(place: Place) -> None:
    """All take the next case until none waits: every case was given once, and judged once."""
    all_of_them, start = people(place), Barrier(PEOPLE)
    with ThreadPoolExecutor(PEOPLE) as pool:
        found = list(pool.map(lambda each: each.work(start), all_of_them))
    folder = place.engine.folder
    given = Counter(case for each in found for case in each)
    assert given == Counter([row[0] for row in rows(folder, "SELECT id FROM review_case")])
    assert rows(folder, "SELECT count(*), count(DISTINCT id) FROM review") == [(CASES, CASES)]
    assert sum(bool(each) for each in found) > 1, "only one of them had a turn"
    for each in all_of_them:
        each.client.close()


def test_of_twenty_who_decide_one_case_at_once_one_does(place: Place) -> None:
    """Without taking it: one decision, and everybody else is told that it changed."""
    all_of_them, start = people(place), Barrier(PEOPLE)
    ((case,),) = rows(place.engine.folder, "SELECT id FROM review_case ORDER BY id LIMIT 1")

    def race(each: Reviewer) -> int:
        start.wait()
        return each.decide(f"/cases/{case}").status_code

    with ThreadPoolExecutor(PEOPLE) as pool:
        codes = Counter(pool.map(race, all_of_them))
    assert codes[303] == 1
    assert set(codes) <= {303, 409, 422}, codes
    assert rows(place.engine.folder, "SELECT count(*) FROM review") == [(1,)]
    for each in all_of_them:
        each.client.close()
