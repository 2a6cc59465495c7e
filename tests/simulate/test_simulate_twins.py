"""The honest twins: like the campaigns in what is counted, unlike them in who does it."""

from __future__ import annotations

from collections import Counter

import pytest

from ombud import clock, simulate
from ombud.signals import links, lookalike
from ombud.simulate import adaptive, campaigns, twins
from simulate.community import SEEDS, ages, instants, of, run


@pytest.mark.parametrize("seed", SEEDS)
def test_the_raid_and_the_stream_differ_in_age_only(seed: int) -> None:
    """More than twenty join within ten minutes in both; only the raid's are fresh and alike, and
    who watches cheers in a word or two.
    """
    found = run(seed)
    raid = of(found, "join-raid")
    stream = [each for each in of(found, "popular-stream") if each.type == "member.joined"]
    for joins in (raid, stream):
        assert len(joins) > 20
        assert instants(joins)[-1] - instants(joins)[0] < 10 * clock.MINUTE
        assert {event.type for event in joins} == {"member.joined"}
        assert len({event.data.room for event in joins}) == 1
    assert max(ages(raid)) < clock.HOUR
    assert min(ages(stream)) > 180 * clock.DAY
    names = [event.data.author.name or "" for event in raid if event.data.author]
    assert all(lookalike.resemblance(names[0], name) >= 700 for name in names)
    watching = {
        event.data.author.id: event.data.author.name or "" for event in stream if event.data.author
    }
    values = list(watching.values())
    assert not all(lookalike.resemblance(values[0], name) >= 700 for name in values)
    shouts = [each for each in of(found, "popular-stream") if each.type == "post.created"]
    assert len(shouts) == twins.STREAM_CHEERS
    assert all(len(each.data.text or "") < 20 for each in shouts)
    assert {each.data.author.id for each in shouts if each.data.author} <= set(watching)


@pytest.mark.parametrize("seed", SEEDS)
def test_who_repeats_honestly_is_no_newcomer(seed: int) -> None:
    """The petition and the announcement are one text each, by members of at least half a year."""
    found = run(seed)
    for twin, authors in (("petition", 5), ("announcement", 1)):
        repeated = of(found, twin)
        assert len({event.data.text for event in repeated}) == 1
        assert len({event.data.author.id for event in repeated if event.data.author}) == authors
        assert min(ages(repeated)) > 180 * clock.DAY
    assert len({event.data.room for event in of(found, "announcement")}) == 4


@pytest.mark.parametrize("seed", SEEDS)
def test_the_journal_has_met_the_twins_before(seed: int) -> None:
    """Who repeats or joins honestly has posted before; the petition's signers five times."""
    posts: Counter[str] = Counter()
    for each in run(seed):
        author = each.event["data"]["author"]["id"]
        if each.campaign in ("popular-stream", "petition", "thanks"):
            assert posts[author] >= (1 if each.campaign == "popular-stream" else 5)
        posts[author] += each.event["type"] == "post.created"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_polite_newcomer_posts_one_link(seed: int) -> None:
    """The polite newcomer is fresh and posts exactly one link."""
    found = of(run(seed), "polite-newcomer")
    assert max(ages(found)) < 4 * clock.HOUR
    assert sum(len(links.addresses(event.data.text or "")) for event in found) == 1


def test_every_campaign_has_its_honest_twin() -> None:
    """Each campaign, the spammer's too, names twins that exist, and each twin is somebody's."""
    assert set(twins.TWINS_OF) == {*campaigns.CAMPAIGNS, adaptive.CAMPAIGN}
    assert all(twins.TWINS_OF.values())
    named = {name for names in twins.TWINS_OF.values() for name in names}
    assert named == set(twins.TWINS)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_timetable_comes_from_the_allowed_bot(seed: int) -> None:
    """The bot alone says it, word for word, in four rooms within two minutes."""
    found = of(run(seed), "timetable")
    assert {event.data.author.id for event in found if event.data.author} == {simulate.BOT_ID}
    assert len({event.data.text for event in found}) == 1
    assert len({event.data.room for event in found}) == len(found) == twins.TIMETABLES
    assert instants(found)[-1] - instants(found)[0] < 2 * clock.MINUTE


@pytest.mark.parametrize("seed", SEEDS)
def test_the_second_try_has_fewer_links(seed: int) -> None:
    """One fresh newcomer posts two links, then one of them."""
    first, again = of(run(seed), "second-try")
    assert first.data.author == again.data.author
    found = [links.addresses(each.data.text or "") for each in (first, again)]
    assert [len(each) for each in found] == [2, 1]
    assert set(found[1]) < set(found[0])
    assert max(ages([first, again])) < 3 * clock.HOUR
