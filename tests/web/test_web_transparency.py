"""The public pages of figures and of demands, over a real community: the same on every page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from litestar.testing import TestClient

from flow.case_desk import DESK_RULES, bags, decide, waiting
from flow.demanded import SECRECY, WHO, demand
from flow.platform_side import Platform, connected
from ombud.clock import DAY, rfc3339
from ombud.doors import Doors
from ombud.web import transparency
from ombud.web.pages import application

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '<script>x</script>\u202e"&]]>'


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A community in which something was held and judged, and two demands came."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        made.stream(bags(1), bags(2, "bo", 1))
        decide(made, waiting(made, "hold")[0], "release")
        demand(made.engine, "post/e2", who=WHO + HOSTILE, basis=HOSTILE)
        later = rfc3339(made.clock[0] + DAY)
        demand(made.engine, who="Hidden Office", secret_until=later, secret_why=SECRECY)
        yield made


@pytest.fixture
def client(platform: Platform) -> Iterator[TestClient[Any]]:
    """Somebody without an account."""
    with (
        closing(Doors(platform.engine, "http://localhost")) as doors,
        TestClient(application(doors), base_url="http://localhost.local") as opened,
    ):
        yield opened


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_page_tells_what_its_json_tells(client: TestClient[Any], lang: str) -> None:
    """In both languages; the chart has its table."""
    page = client.get(f"/transparency?lang={lang}")
    found = client.get("/transparency.json").json()
    assert page.status_code == 200
    for each in found["decisions"]:
        assert f"<code>{each['clause']}</code>" in page.text
    assert page.text.count("<svg") == page.text.count("<desc") == 6  # no appeals: no chart of them
    assert "<table" in page.text
    held = sum(each["count"] for each in found["decisions"])
    assert held > 1
    assert f"{held} / {held}</text>" in page.text  # all of it under one clause
    (rule,) = found["rules"]
    assert f"{rule['taken_back']} / {rule['count']}</text>" in page.text
    assert str(found["size"]) in page.text


def bars(drawn: str, name: str) -> list[str]:
    """What the bars of a chart say."""
    (chart,) = re.findall(rf'<svg[^>]*labelledby="{name}-title.*?</svg>', drawn, re.DOTALL)
    return re.findall(r"(\d+ / \d+)</text>", chart)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_each_chart_shows_the_figures_beside_it(client: TestClient[Any], lang: str) -> None:
    """Automated or not by action, how decisions and appeals ended, what is overdue; nothing that
    was restored counts as ended, and of nothing there is no chart.
    """
    found = client.get("/transparency.json").json()
    named = {"clause": "a.b", "action": "hold"}
    found["decisions"] = [
        {**named, "automated": True, "count": 5},
        {**named, "automated": False, "count": 2},
        {**named, "action": "remove", "automated": False, "count": 1},
    ]
    found["ended"] = {"ended": 3, "released": 1, "restored": 1}
    found["holds"] = {"waiting": 4, "overdue": 1}
    outcomes = {"upheld": 1, "partial": 0, "reversed": 2, "omitted": 1}
    found["appeals"]["ended"] = outcomes
    drawn = transparency._drawn(found, lang)
    assert bars(drawn["actions"], "actions") == ["5 / 7", "0 / 1"]
    assert bars(drawn["over"], "over") == ["3 / 8", "1 / 8"]
    assert bars(drawn["overdue"], "overdue") == ["1 / 4"]
    assert bars(drawn["outcomes"], "outcomes") == ["1 / 4", "0 / 4", "2 / 4", "1 / 4"]
    found["holds"], found["appeals"]["ended"] = (
        {"waiting": 0, "overdue": 0},
        dict.fromkeys(outcomes, 0),
    )
    assert not {"overdue", "outcomes"} & set(transparency._drawn(found, lang))


def test_the_register_keeps_what_must_be_kept(client: TestClient[Any]) -> None:
    """Page, JSON and feed say until when and by which law, and not who; what is hostile is text."""
    for path in (
        "/transparency/demands",
        "/transparency/demands.json",
        "/transparency/demands.atom",
    ):
        told = client.get(path).text
        assert "Hidden Office" not in told
        assert SECRECY in told
        assert WHO in told
        assert "<script>x" not in told or path.endswith("json")
        assert "\u202e" not in told or path.endswith("json")


@pytest.mark.parametrize("path", ["/transparency.atom", "/transparency/demands.atom"])
def test_feeds_are_feeds(client: TestClient[Any], path: str) -> None:
    """With what the format asks for: id, title, updated, and each entry's own."""
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.text)  # noqa: S314 -- our own
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    ids = [each.findtext(f"{ATOM}id") for each in feed.findall(f"{ATOM}entry")]
    assert ids
    assert len(ids) == len(set(ids))


def test_the_log_has_its_files_too(client: TestClient[Any], platform: Platform) -> None:
    """What the page says as JSON, its counts, and a feed of the days that are over."""
    assert client.get("/counts.json").status_code == 404
    assert client.get("/ledger.atom").status_code == 200
    platform.clock[0] += DAY
    demand(platform.engine)
    platform.engine.publish()
    counts = client.get("/counts.json")
    assert counts.headers["cache-control"] == "no-cache"
    found, head = counts.json(), client.get("/ledger.json").json()
    assert (found["size"], found["origin"]) == (head["published"], head["origin"])
    assert head["asked"] == []
    feed = ET.fromstring(client.get("/ledger.atom").text)  # noqa: S314 -- our own
    first, last = sorted({each["day"] for each in found["days"]})
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == first < last
    assert "demand 2" in str(entry.findtext(f"{ATOM}content"))
    assert len(client.get("/demands.json").json()["items"]) == 3
    page = client.get("/ledger").text
    assert "/ledger.json" in page
    assert "/ledger.atom" in page


def test_a_register_of_many_goes_on_page_by_page(
    client: TestClient[Any], platform: Platform
) -> None:
    """Each demand once."""
    for _ in range(60):
        demand(platform.engine)
    first = client.get("/transparency/demands.json").json()
    second = client.get(first["next"]).json()
    assert len(first["items"]) + len(second["items"]) == 62
    assert second["next"] is None
    assert client.get("/transparency/demands?before=nonsense").status_code == 200


def test_nothing_of_it_needs_an_account_or_sets_a_cookie(client: TestClient[Any]) -> None:
    """And a form sent there is refused."""
    for path in ("/transparency", "/transparency.json", "/transparency/demands"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert client.post(path).status_code == 405
    assert json.loads(client.get("/transparency.json").text)["licences"] == []
