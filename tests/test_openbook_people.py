"""What is published of those who judge: how far they agree, and who looks again in time; no one."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from flow.case_desk import DESK_RULES, ask, decide, shoes, waiting
from flow.platform_side import CONNECTED, connected
from ombud.clock import DAY
from ombud.demandbook import DemandBook
from ombud.doors import Doors
from ombud.labelling import Labelling
from ombud.lookbook import PEOPLE_MIN, Lookbook
from ombud.openbook import OpenBook
from ombud.reading import reading
from ombud.review.agreement import ENOUGH, agreement
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.web.pages import application
from test_lookbook import NOW, add

LOOK = {"shoes.rule": DESK_RULES["shoes.rule"].replace("remove this", 'alert "look"')}
FINAL = CONNECTED + '[connectors.chat.actions]\nhold = "exact"\nremove = "none"\nwarn = "exact"\n'


def agreed(folder: Path, things: int, people: int) -> dict[str, Any] | None:
    """What is published where so many people judged so many things twice."""
    with closing(Store(folder / "ombud.db")) as store:
        store.prepare("log.example", b"")
        for number in range(things):
            said = ("upheld", "released" if number % 5 else "upheld")
            clause = "spam.links" if number % 2 else "flood.burst"
            add(store, number + 1, *said, person=2 + number % (people - 1), clause=clause)
        with closing(KeyFile(folder / "ombud.keys")) as keys:
            demands, looks = DemandBook(store, keys), Lookbook(store, keys)
            book = OpenBook(store, Labelling(store, keys), demands, looks)
            told: dict[str, Any] | None = book.figures(NOW)["agreement"]
            return told


def test_agreement_is_of_the_whole_community(tmp_path: Path) -> None:
    """By a count of its own; no clause, no language, nobody."""
    told = agreed(tmp_path, ENOUGH, PEOPLE_MIN)
    pairs = [("upheld", "released" if number % 5 else "upheld") for number in range(ENOUGH)]
    wanted = agreement(pairs)
    assert told is not None
    assert (told["things"], told["raw"]) == (ENOUGH, wanted.raw)
    assert told["alpha"] == wanted.alpha
    assert told["raw_between"][0] < told["raw"] < told["raw_between"][1]
    assert set(told["shares"]) == {"upheld", "released"}
    assert "spam" not in json.dumps(told)


@pytest.mark.parametrize(("things", "people"), [(ENOUGH - 1, PEOPLE_MIN), (ENOUGH, PEOPLE_MIN - 1)])
def test_few_are_not_told_of(tmp_path: Path, things: int, people: int) -> None:
    """Neither few judgements nor few people."""
    assert agreed(tmp_path, things, people) is None


def test_the_clock_of_what_cannot_be_taken_back_is_public(tmp_path: Path) -> None:
    """It waits, is overdue, and was too late; and a rule on watch is on the page."""
    watch = {"shoes.rule": LOOK["shoes.rule"], "bags.rule": DESK_RULES["bags.rule"]}
    watch["bags.rule"] = watch["bags.rule"].replace("mode    live", "mode    watch")
    with connected(tmp_path, rules=watch, settings=FINAL) as made:
        made.stream(shoes(1))
        (case,) = waiting(made)
        decide(made, case, "uphold", "remove", by="mia")
        ask(made, "confirm", case, by="lou")

        def told() -> dict[str, int]:
            with reading(made.folder) as reader:
                found: dict[str, int] = reader.openbook().figures(made.clock[0])["irreversible"]
                return found

        none = {"count": 1, "waits": 0, "overdue": 0, "in_time": 0, "late": 0}
        assert told() == {**none, "waits": 1}
        made.clock[0] += 4 * DAY
        assert told() == {**none, "overdue": 1}
        (again,) = waiting(made)
        decide(made, again, "seen", by="kim")
        assert told() == {**none, "late": 1}
        with (
            closing(Doors(made.engine, "http://localhost")) as doors,
            TestClient(application(doors), base_url="http://localhost.local") as client,
        ):
            found = client.get("/transparency.json").json()
            pages = [client.get(f"/transparency?lang={lang}").text for lang in ("en", "vi")]
    assert [each["rule"] for each in found["watching"]] == ["bags"]
    assert found["watching"][0]["since"] < found["watching"][0]["until"]
    assert found["irreversible"]["late"] == 1
    for page in pages:
        assert "/transparency/rules/history?rule=bags" in page
        assert "kim" not in page
