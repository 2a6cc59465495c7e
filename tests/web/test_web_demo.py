"""The live demo: figures in words, hostile texts kept still, and what is missing left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from ombud.simulate import tally
from ombud.simulate.campaigns import CAMPAIGNS
from ombud.web import demo
from ombud.web.pages import application
from web.page_elements import Elements
from web.pretend_community import HOSTILE, PretendCommunity, demo_state


class Changing:
    """A simulation that tests move on."""

    def __init__(self) -> None:
        self.state: Mapping[str, Any] = demo_state()

    def __call__(self) -> Mapping[str, Any]:
        """What it says now."""
        return self.state


@pytest.fixture
def simulation() -> Changing:
    """What the simulation says."""
    return Changing()


@pytest.fixture
def client(simulation: Changing) -> Iterator[TestClient[Any]]:
    """A browser of sorts on the demo."""
    with TestClient(application(PretendCommunity(), demo=simulation)) as found:
        yield found


def test_the_figures_are_sentences(client: TestClient[Any]) -> None:
    """The headline says how many were held and how many were touched wrongly, in both languages."""
    english = Elements(client.get("/").text).text
    assert "38 of 52 harmful posts were held" in english
    assert "7 of 348 honest ones were touched" in english
    assert "38 trong 52 bài có hại đã được giữ lại" in client.get("/?lang=vi").text
    assert "38 trong 52" in client.get("/", headers={"accept-language": "vi"}).text


def test_the_part_is_what_the_page_holds(client: TestClient[Any]) -> None:
    """The part that is fetched again is the page's own part, in the page's language."""
    page, part = client.get("/?lang=vi").text, client.get("/demo/part?lang=vi").text
    assert part.strip() in page
    assert 'data-from="/demo/part?lang=vi"' in page
    assert "<html" not in part


def test_the_page_renews_itself_with_and_without_script(
    client: TestClient[Any], simulation: Changing
) -> None:
    """A script of ours, or the browser every five seconds, until the simulation has ended."""
    response = client.get("/")
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in response.text
    policy = response.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy
    (script,) = Elements(response.text).values("script", "src")
    assert client.get(script).headers["content-type"].startswith("text/javascript")
    assert 'data-done="no"' in response.text
    simulation.state = {**demo_state(), "done": True}
    ended = client.get("/").text
    assert "refresh" not in ended
    assert 'data-done="yes"' in ended
    assert "The simulation has ended." in ended


def test_campaigns_are_told_with_their_time_to_detection(client: TestClient[Any]) -> None:
    """In how many runs, after how many posts and how long, or that none was found so far."""
    text = " ".join(Elements(client.get("/").text.replace("</t", " </t")).text.split())
    assert "wave of links 4 of 4 0 at once" in text
    assert "the same text from many 1 of 2 3 1 minute" in text
    assert "many against one 0 of 1 – –" in text


def test_every_event_says_what_became_of_it(client: TestClient[Any], simulation: Changing) -> None:
    """Truth and action make four outcomes, told in words and not by colour alone."""
    simulation.state = demo_state(("a", "b", "c", "d"))
    text = Elements(client.get("/").text).text
    for outcome in (
        "Honest: left alone",
        "Honest, but touched: held for a person",
        "Harmful (spam): held for a person",
        "Harmful (flood): got through",
    ):
        assert text.count(outcome) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_change_nothing_of_the_page(
    client: TestClient[Any], simulation: Changing, text: str
) -> None:
    """Whatever is in the stream, the page has the same elements and the same links."""
    simulation.state = demo_state(("harmless", "harmless"))
    plain = Elements(client.get("/").text)
    simulation.state = demo_state((text, text))
    found = Elements(client.get("/").text)
    assert found.shape() == plain.shape()
    assert found.values("a", "href") == plain.values("a", "href")
    assert found.others == plain.others


def test_long_texts_are_cut(client: TestClient[Any], simulation: Changing) -> None:
    """Only the beginning of a long text is sent, and at most fifty events."""
    simulation.state = demo_state(("W" * 10_000,) * 200)
    page = client.get("/").text
    assert "W" * (demo.TEXT_SHOWN + 1) not in page
    assert page.count("W" * demo.TEXT_SHOWN) == demo.RECENT_MAX
    assert page.count('<li class="is-') == demo.RECENT_MAX


@pytest.mark.parametrize(
    ("link", "followed"),
    [
        ("/notice/x", "/notice/x"),
        ("http://127.0.0.1:8000/notice/x", "http://127.0.0.1:8000/notice/x"),
        ("https://community.example/notice/x", "https://community.example/notice/x"),
        ("javascript:alert(1)", None),
        ("//evil.example/", None),
        ("data:text/html,x", None),
        (" https://evil.example", None),
        ("", None),
        (None, None),
    ],
)
def test_only_addresses_of_pages_become_links(link: str | None, followed: str | None) -> None:
    """A link leads to a page of ours or over HTTP, nowhere else."""
    assert demo.notice_link(demo.Recent(link=link)) == followed


def test_what_a_simulation_does_not_say_is_left_out(
    client: TestClient[Any], simulation: Changing
) -> None:
    """A simulation that has just begun says nothing; the page stands all the same."""
    simulation.state = {}
    text = Elements(client.get("/").text).text
    assert "0 of 0 harmful posts were held" in text
    assert "Nothing yet." in text
    assert "A spammer who reads" not in text
    simulation.state = {
        "totals": {"caught": 3, "harmful": 4},
        "recent": [{"author": None, "text": None, "room": None, "action": None}],
        "adaptive": {},
        "unheard of": 1,
    }
    text = Elements(client.get("/").text).text
    assert "3 of 4 harmful posts were held" in text
    assert "(no name)" in text
    assert "(nothing was written)" in text


def test_a_simulation_that_says_nonsense_is_an_error_page(simulation: Changing) -> None:
    """A wrong type is noticed where it is read, and shows nobody what was wrong."""
    simulation.state = {"totals": {"events": "many secrets"}}
    with pytest.raises(msgspec.ValidationError):
        demo.read(simulation.state)
    with TestClient(
        application(PretendCommunity(), demo=simulation), raise_server_exceptions=False
    ) as client:
        response = client.get("/")
    assert response.status_code == 500
    assert "secrets" not in response.text


def test_charts_have_a_table_beside_them(client: TestClient[Any]) -> None:
    """Each drawing is described in words and repeated as figures."""
    page = Elements(client.get("/").text)
    drawings = [found for tag, found in page.starts if tag == "svg" and found.get("role") == "img"]
    assert [each["aria-labelledby"] for each in drawings] == [
        "shares-title shares-desc",
        "hours-title hours-desc",
    ]
    assert {"shares-table", "hours-table"} <= set(page.values("details", "id"))
    assert "wave of links 19 of 20" in page.text


def test_no_style_stands_inside(client: TestClient[Any]) -> None:
    """The strict policy would ignore styles and handlers inside the page: there are none."""
    page = Elements(client.get("/").text)
    names = {name for _, found in page.starts for name in found}
    assert not {each for each in names if each == "style" or each.startswith("on")}


def test_the_spammer_who_adapts_is_told_change_by_change(client: TestClient[Any]) -> None:
    """Each change of its ways stands in words, with what got through after it."""
    text = " ".join(Elements(client.get("/").text.replace("</t", " </t")).text.split())
    assert "9 posts, 3 got through" in text
    assert "nothing yet 2 2 mentions nobody any more, posts fewer links 3 2" in text


@pytest.mark.parametrize(
    ("truth", "action", "became"),
    [
        ("benign", "require approval", "free"),
        ("benign", "alert", "free"),
        ("benign", "warn", "touched"),
        ("spam", "slow", "through"),
        ("spam", "hold", "held"),
        ("spam", None, "through"),
        ("spam", "unheard of", "through"),
    ],
)
def test_what_is_done_about_a_room_is_done_to_no_post(
    truth: str, action: str | None, became: str
) -> None:
    """As the simulation counts: only what is done to the post itself is held or touched."""
    assert demo.outcome(demo.Recent(truth=truth, action=action)) == became


def test_the_page_reads_what_the_demonstration_says() -> None:
    """The names of a demonstration's figures are those that the page reads."""
    counts = tally.Tally(0)
    state = demo.read(
        {"campaigns": counts.campaigns(), "twins": counts.twins(), "hours": counts.hours()}
    )
    assert set(state.campaigns) >= set(CAMPAIGNS)
    for shown, said in ((demo.Campaign, counts.campaigns()), (demo.Twin, counts.twins())):
        assert {frozenset(each) for each in said.values()} == {frozenset(shown.__struct_fields__)}


@pytest.mark.parametrize(("size", "words"), [(1, "has 1 entry under"), (2, "has 2 entries under")])
def test_one_entry_is_told_as_one(size: int, words: str) -> None:
    """The public log's first entry is no plural."""
    state = demo_state()
    state["ledger"]["size"] = size
    with TestClient(application(PretendCommunity(), demo=lambda: state)) as client:
        assert words in client.get("/?lang=en").text
