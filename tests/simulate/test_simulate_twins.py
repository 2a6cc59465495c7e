"""The honest twins: like the campaigns in what is counted, unlike them in who does it."""

from __future__ import annotations

from collections import Counter

import pytest

from ombud import clock
from ombud.signals import links, lookalike
from simulate.community import SEEDS, ages, instants, of, run


@pytest.mark.parametrize("seed", SEEDS)
def test_the_raid_and_the_stream_differ_in_age_only(seed: int) -> None:
    """More than twenty join within ten minutes in both; only the raid's are fresh and alike."""
    found = run(seed)
    raid, stream = of(found, "join-raid"), of(found, "popular-stream")
    for joins in (raid, stream):
        assert len(joins) > 20
        assert instants(joins)[-1] - instants(joins)[0] < 10 * clock.MINUTE
        assert {event.type for event in joins} == {"member.joined"}
        assert len({event.data.room for event in joins}) == 1
    assert max(ages(raid)) < clock.HOUR
    assert min(ages(stream)) > 180 * clock.DAY
    names = [event.data.author.name or "" for event in raid if event.data.author]
    assert all(lookalike.resemblance(names[0], name) >= 700 for name in names)


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
