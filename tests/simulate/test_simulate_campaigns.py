"""What the campaigns do, as far as the rules are about it."""

from __future__ import annotations

import re

import pytest

from ombud import clock, simulate
from ombud.signals import links, lookalike, views
from ombud.simulate import campaigns
from simulate.community import SEEDS, ages, decoded, instants, of, run


@pytest.mark.parametrize("seed", SEEDS)
def test_the_wave_brings_links_by_fresh_accounts(seed: int) -> None:
    """Each post of the wave is by another fresh account, with two links, and no two are equal."""
    wave = of(run(seed), "link-wave")
    assert len({event.data.author.id for event in wave if event.data.author}) == campaigns.WAVE
    assert max(ages(wave)) < clock.HOUR
    assert all(len(links.addresses(event.data.text or "")) == 2 for event in wave)
    assert len({event.data.text for event in wave}) == campaigns.WAVE


@pytest.mark.parametrize("seed", SEEDS)
def test_the_repeated_text_is_one_text(seed: int) -> None:
    """Fresh accounts repeat one text, equal but for case and space, within one hour."""
    found = of(run(seed), "repeated-text")
    texts = {re.sub(r"\s+", " ", (event.data.text or "").lower()) for event in found}
    assert len(texts) == 1
    assert len({event.data.author.id for event in found if event.data.author}) == len(found) >= 3
    assert max(ages(found)) < 2 * clock.HOUR
    assert instants(found)[-1] - instants(found)[0] < clock.HOUR


@pytest.mark.parametrize("seed", SEEDS)
def test_the_flood_is_more_than_ten_posts_a_minute(seed: int) -> None:
    """One newcomer sends more than ten posts within a minute."""
    times = instants(of(run(seed), "newcomer-flood"))
    assert len(times) > 10
    assert times[-1] - times[0] < clock.MINUTE


@pytest.mark.parametrize("seed", SEEDS)
def test_the_lookalike_reads_like_the_admin_and_the_fan_does_not(seed: int) -> None:
    """The false admin's name looks the same but is written otherwise; the fan's is told apart."""
    found = run(seed)
    false = of(found, "staff-lookalike")[0].data.author
    fan = of(found, "fan-account")[0].data.author
    assert false is not None
    assert fan is not None
    assert false.name != simulate.ADMIN_NAME
    assert views.skeleton(false.name or "") == views.skeleton(simulate.ADMIN_NAME)
    assert lookalike.resemblance(fan.name or "", simulate.ADMIN_NAME) < 900
    admins = [e.data.author for e in map(decoded, found) if e.data.author and e.data.author.roles]
    assert {(who.id, who.name, who.roles) for who in admins} == {
        (simulate.ADMIN_ID, simulate.ADMIN_NAME, ("admin",)),
        (simulate.BOT_ID, simulate.BOT_NAME, ("bot",)),
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_mentions_stand_in_the_text_and_beside_it(seed: int) -> None:
    """Mention spam and its twin each call at least eight accounts, and name them in the text."""
    found = run(seed)
    for event in of(found, "mention-spam") + of(found, "thanks"):
        called = event.data.mentions or ()
        assert len({who.id for who in called}) >= 8
        assert all(f"@{who.name}" in (event.data.text or "") for who in called)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_dogpile_insults_one_member_within_an_hour(seed: int) -> None:
    """Different accounts, old and new, answer one ordinary post, each with another insult."""
    found = run(seed)
    insults = of(found, "dogpile")
    (answered,) = {event.data.in_reply_to.id for event in insults if event.data.in_reply_to}
    (post,) = [each for each in found if each.event["subject"] == answered]
    assert (post.truth, post.campaign) == ("benign", None)
    authors = {event.data.author.id for event in insults if event.data.author}
    assert len(authors) == len({event.data.text for event in insults}) == campaigns.INSULTERS
    assert instants(insults)[-1] - post.at < clock.HOUR
    young = [age for age in ages(insults) if age < 2 * clock.HOUR]
    assert len(young) == campaigns.NEW_INSULTERS
    assert sum(age > 180 * clock.DAY for age in ages(insults)) == len(insults) - len(young)
    assert {each.truth for each in found if each.campaign == "dogpile"} == {"harassment"}


def test_dogpiles_speak_both_languages() -> None:
    """Among many dogpiles there are some in English and some in Vietnamese."""
    found = of(run(count=4000), "dogpile")
    assert {event.data.author.lang for event in found if event.data.author} == {"en", "vi"}
