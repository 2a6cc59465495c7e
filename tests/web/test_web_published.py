"""The public pages of rules and clauses, over a real community: all of it is text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from litestar.testing import TestClient

from flow.case_desk import DESK_RULES, bags, decide, waiting
from flow.platform_side import CONNECTED, HOUR, Platform, connected
from flow.small_community import rows
from ombud.doors import Doors
from ombud.web import published
from ombud.web.pages import application
from test_proposing import STRIKES

ATOM = "{http://www.w3.org/2005/Atom}"
HERE = "/transparency/rules"
HOSTILE = "<script>alert(1)</script> \u202e javascript:alert(1) & <b>"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A community in which a rule changed; in the new one stands what must stay text."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        path = made.folder / "rules" / "bags.rule"
        before = path.read_text()
        path.write_text(before.replace("cheap bags", "cheap <script>x</script>"))
        made.clock[0] += HOUR
        made.engine.reload("mia")
        yield made


@pytest.fixture
def client(platform: Platform) -> Iterator[TestClient[Any]]:
    """Somebody without an account."""
    with (
        closing(Doors(platform.engine, "http://localhost")) as doors,
        TestClient(application(doors), base_url="http://localhost.local") as opened,
    ):
        yield opened


def text(client: TestClient[Any], path: str) -> str:
    """A page that is there."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert "set-cookie" not in answer.headers
    return answer.text


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_page_has_every_rule_and_clause_in_force(client: TestClient[Any], lang: str) -> None:
    """With their texts, in both languages of the page, and nobody of the staff."""
    page, found = text(client, f"{HERE}?lang={lang}"), client.get(f"{HERE}.json").json()
    assert found["rules"]
    assert found["clauses"]
    for each in (*found["rules"], *found["clauses"]):
        assert f"<code>{each['name']}</code>" in page
    assert "cheap &lt;script&gt;x&lt;/script&gt;" in page
    assert "<script>x" not in page
    assert "mia" not in page


def test_a_rule_has_its_versions_on_a_page_of_their_own(client: TestClient[Any]) -> None:
    """The one of today first, from when until when."""
    page = text(client, f"{HERE}/history?rule=bags")
    assert page.index("&lt;script&gt;x") < page.index("cheap bags")
    assert page.count("<li>") == 2
    assert "?lang=vi&amp;rule=bags" in page
    clause = client.get(f"{HERE}.json").json()["clauses"][0]["name"]
    assert clause in text(client, f"{HERE}/history?clause={clause}")


@pytest.mark.parametrize(
    "asked",
    ["", "?rule=nothing", "?clause=<script>", "?rule=bags&from=nonsense", "?rule=bags&from=9"],
)
def test_what_is_asked_amiss_is_a_page(client: TestClient[Any], asked: str) -> None:
    """And nothing of it comes back."""
    assert "<script>" not in text(client, f"{HERE}/history{asked}")


def test_a_summary_is_shown_as_one_and_as_text(client: TestClient[Any], platform: Platform) -> None:
    """The page says that the operator publishes it instead; the rule's text is nowhere."""
    (platform.folder / "rules" / "bags.summary.md").write_text(f"Advertising. {HOSTILE}")
    for path in (HERE, f"{HERE}/history?rule=bags"):
        page = text(client, path)
        assert "publishes a summary of this rule instead of its text" in page
        assert "Advertising." in page
        assert "<script>alert" not in page
        assert "\u202e" not in page
    for path in (HERE, f"{HERE}.json", f"{HERE}.atom", f"{HERE}/history?rule=bags"):
        assert "cheap bags" not in text(client, path)


def test_the_feed_has_each_change_once(client: TestClient[Any]) -> None:
    """The latest first, with what the format asks for."""
    feed = ET.fromstring(text(client, f"{HERE}.atom"))  # noqa: S314 -- our own
    ids = [each.findtext(f"{ATOM}id") or "" for each in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    assert sum(":rule:bags:" in each for each in ids) == 2
    moments = [each.findtext(f"{ATOM}updated") or "" for each in feed.findall(f"{ATOM}entry")]
    assert moments == sorted(moments, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == moments[0]


def test_long_pages_go_on(client: TestClient[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each rule once, and long texts are cut and say so."""
    monkeypatch.setattr(published, "RULES_SHOWN", 1)
    monkeypatch.setattr(published, "TEXT_SHOWN", 5)
    names = [each["name"] for each in client.get(f"{HERE}.json").json()["rules"]]
    first, second = text(client, HERE), text(client, f"{HERE}?from=1")
    assert f"{HERE}?from=1" in first
    assert f"<code>{names[0]}</code>" in first
    assert f"<code>{names[0]}</code>" not in second
    assert f"<code>{names[1]}</code>" in second
    assert "Only the first 5 characters" in first
    monkeypatch.setattr(published, "VERSIONS_SHOWN", 1)
    assert "from=1" in text(client, f"{HERE}/history?rule=bags")


def test_nothing_can_be_sent_there(client: TestClient[Any]) -> None:
    """They are read."""
    for path in (HERE, f"{HERE}.json", f"{HERE}.atom", f"{HERE}/history"):
        assert client.post(path).status_code == 405


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_what_findings_add_up_to_is_told(tmp_path: Path, lang: str) -> None:
    """Thresholds and weights on the page and in its JSON; whoever is found to have broken a clause
    is led there, and whoever only waits is not.
    """
    with (
        connected(tmp_path, rules=DESK_RULES, settings=CONNECTED + STRIKES) as made,
        closing(Doors(made.engine, "http://localhost")) as doors,
        TestClient(application(doors), base_url="http://localhost.local") as client,
    ):
        page, found = text(client, f"{HERE}?lang={lang}"), client.get(f"{HERE}.json").json()
        assert found["strikes"]["thresholds"] == [
            {"action": "limit", "weight": 4, "days": 7},
            {"action": "suspend", "weight": 6, "days": 14},
        ]
        assert found["strikes"]["actions"] == {"limit": 0, "remove": 2}
        told = {"en": "From 6 on: the account is suspended, for 14 days.", "vi": "Từ 6 trở lên"}
        assert told[lang] in page
        (answer,) = made.stream(bags(1))
        (notice,) = rows(made.folder, "SELECT statement FROM notice")[0]
        link = f"/notice/{made.token(notice)}?lang={lang}"
        assert "#strikes" not in text(client, link)
        decide(made, waiting(made)[0], "uphold", "remove")
        assert f'href="/transparency/rules?lang={lang}#strikes"' in text(client, link)
        assert answer.decisions


def test_where_nothing_adds_up_nothing_is_said(client: TestClient[Any]) -> None:
    """No threshold, no section."""
    assert 'id="strikes"' not in text(client, HERE)
    assert client.get(f"{HERE}.json").json()["strikes"] is None
