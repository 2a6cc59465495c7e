"""The simulated community: repeatable, well formed, complete, and with the truth kept apart."""

from __future__ import annotations

import itertools
import json
from collections import Counter

import pytest

from ombud import clock, events, model, simulate
from ombud.signals import links
from ombud.simulate import campaigns, twins, world
from simulate.community import SEEDS, START, decoded, instants, run


def written(simulated: list[simulate.Simulated]) -> bytes:
    """The run as bytes, its truth included."""
    rows = [(each.event, each.truth, each.campaign) for each in simulated]
    return json.dumps(rows, ensure_ascii=False).encode()


def test_same_seed_same_bytes() -> None:
    """A seed, a number and a start give the same bytes each time."""
    assert written(run(7, 400)) == written(run(7, 400))


def test_another_seed_is_another_run() -> None:
    """Two seeds share no event, no account but the admin and the bot, and not one plan."""
    one, other = run(1), run(2)
    assert {each.event["id"] for each in one}.isdisjoint(each.event["id"] for each in other)
    accounts = [{each.event["data"]["author"]["id"] for each in found} for found in (one, other)]
    assert accounts[0] & accounts[1] <= {simulate.ADMIN_ID, simulate.BOT_ID}
    assert [each.truth for each in one] != [each.truth for each in other]


def test_the_start_only_moves_the_run() -> None:
    """A start a week later changes times, and nothing that is said."""
    moved = run(start=START + 7 * clock.DAY)
    texts = [each.event["data"].get("text") for each in moved]
    assert texts == [each.event["data"].get("text") for each in run()]


@pytest.mark.parametrize("count", [0, 1, 10, 50, 399, 400, 1000])
def test_exactly_as_many_events_as_asked(count: int) -> None:
    """The number of events is the number asked for, however small."""
    assert len(run(count=count)) == count


@pytest.mark.parametrize("seed", SEEDS)
def test_every_event_is_accepted(seed: int) -> None:
    """Each event passes the door, and nothing of it is dropped there."""
    for each in run(seed, 600):
        event = decoded(each)
        kept = json.loads(events.encode(event))
        assert each.event["id"] == kept["id"]
        assert set(each.event["data"]) == {
            name for name, value in kept["data"].items() if value is not None
        }


def test_ids_are_unique() -> None:
    """No two events share an id."""
    found = run(count=2000)
    assert len({each.event["id"] for each in found}) == 2000


@pytest.mark.parametrize("seed", SEEDS)
def test_times_rise_and_stay_within_two_days(seed: int) -> None:
    """Times rise strictly over all sources, from the start to two days after it."""
    times = instants([decoded(each) for each in run(seed, 1000)])
    assert all(before < after for before, after in itertools.pairwise(times))
    assert times == [each.at for each in run(seed, 1000)]
    assert times[0] >= START
    assert times[-1] < START + world.SPAN
    assert times[-1] - times[0] > 40 * clock.HOUR


def test_the_day_has_a_rhythm() -> None:
    """Evenings are at least three times as lively as the small hours."""
    talk = [decoded(each) for each in run(count=3000) if each.campaign is None]
    hours = Counter(event.time.hour for event in talk)
    assert sum(hours[hour] for hour in (19, 20, 21)) > 3 * sum(hours[hour] for hour in (1, 2, 3))


@pytest.mark.parametrize("seed", SEEDS)
def test_each_campaign_and_each_twin_comes_within_400_events(seed: int) -> None:
    """Four hundred events, a demonstration's, already show every campaign and every honest twin."""
    shown = {each.campaign for each in run(seed, 400)}
    assert shown == {None, *campaigns.CAMPAIGNS, *twins.TWINS}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_share_of_harm(seed: int) -> None:
    """Some 15 % of 400 and 12 % of 2,000 events are harm, and every harm has a declared name."""
    for count, share in ((400, 0.15), (2000, 0.12)):
        found = run(seed, count)
        harm = [each for each in found if each.truth != "benign"]
        assert abs(len(harm) / count - share) < 0.02
        assert {each.truth for each in harm} == {"spam", "flood", "impersonation", "harassment"}
        assert {each.truth for each in harm} <= set(model.HARMS)


@pytest.mark.parametrize("seed", SEEDS)
def test_truth_follows_the_campaign(seed: int) -> None:
    """Campaigns are harm; twins and everyday talk are benign."""
    for each in run(seed):
        assert (each.truth != "benign") == (each.campaign in campaigns.CAMPAIGNS)


@pytest.mark.parametrize("seed", SEEDS)
def test_campaigns_of_a_kind_are_told_apart(seed: int) -> None:
    """Occurrences count from 1 for each kind without a gap, and everyday talk has none."""
    found: dict[str | None, list[int]] = {}
    for each in run(seed, 2000):
        found.setdefault(each.campaign, []).append(each.occurrence)
    assert set(found.pop(None)) == {0}
    assert all(set(each) == set(range(1, max(each) + 1)) for each in found.values())
    assert found["newcomer-flood"].count(1) == campaigns.SHOUTS
    assert max(map(max, found.values())) > 1


def test_the_truth_is_not_in_the_event() -> None:
    """Neither the truth nor the campaign's name travels on the wire."""
    for each in run():
        line = json.dumps(each.event)
        assert "benign" not in line
        assert not any(name in line for name in (*campaigns.CAMPAIGNS, *twins.TWINS) if "-" in name)


def test_answers_find_what_they_answer() -> None:
    """A reply names an earlier post of the same room and its author, in the same language."""
    posts: dict[str, simulate.Simulated] = {}
    answers = 0
    for each in run(count=1000):
        data = each.event["data"]
        if "in_reply_to" in data:
            answers += 1
            answered = posts[data["in_reply_to"]["id"]].event["data"]
            assert data["in_reply_to"]["author"] == answered["author"]
            assert data["author"]["id"] != answered["author"]["id"]
            assert answered["room"] == data["room"]
            assert answered["author"]["lang"] == data["author"]["lang"]
        posts[each.event["subject"]] = each
    assert answers > 100


def test_links_beside_the_text_stand_in_it() -> None:
    """What `links` says is what the text shows, and every address is of a reserved name."""
    for each in run(count=1000):
        data = each.event["data"]
        beside = tuple(link["url"] for link in data.get("links", ()))
        assert all(url in data["text"] for url in beside)
        for address in links.addresses(data.get("text", ""), beside):
            assert address.host.rsplit(".", 1)[-1] in ("example", "invalid", "test")


def test_talk_does_not_look_like_copies() -> None:
    """Of the everyday texts of 3,000 events, four fifths stand once, in two languages alike."""
    texts: Counter[str] = Counter()
    spoken: Counter[str] = Counter()
    for each in run(count=3000):
        data = each.event["data"]
        if each.campaign is None and "text" in data:
            texts[data["text"]] += 1
            spoken[data["author"]["lang"]] += 1
    assert sum(count == 1 for count in texts.values()) > 0.8 * sum(texts.values())
    assert min(spoken.values()) > 0.4 * sum(spoken.values())
