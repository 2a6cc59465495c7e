"""The waves: each does what its rule would have to see."""

from __future__ import annotations

import pytest

from ombud import clock
from ombud.signals import hosts, links, lookalike, views
from ombud.simulate import variation, waves
from simulate.community import SEEDS, ages, decoded, instants, of
from simulate.test_simulate_scenes import wide


@pytest.mark.parametrize("seed", SEEDS)
def test_the_invite_flood_brings_one_invitation(seed: int) -> None:
    """Ten fresh accounts, one room they invite to."""
    flood = of(wide(seed), "invite-flood")[: waves.INVITERS]
    found = [links.addresses(event.data.text or "") for event in flood]
    assert all(len(each) == 1 and hosts.invites(each[0]) for each in found)
    assert len({each[0].url for each in found}) == 1
    assert len({event.data.author.id for event in flood if event.data.author}) == waves.INVITERS


@pytest.mark.parametrize("seed", SEEDS)
def test_registrations_share_a_stem(seed: int) -> None:
    """Eighteen accounts register within ten minutes under one stem with other numbers."""
    made = [e for e in of(wide(seed), "registrations") if e.type == "account.created"]
    first = made[: waves.REGISTERED]
    assert len({event.subject for event in first}) == waves.REGISTERED
    assert instants(first)[-1] - instants(first)[0] < 10 * clock.MINUTE
    stems = {(e.data.author.name or "").rstrip("0123456789") for e in first if e.data.author}
    assert len(stems) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_the_server_of_the_flood_is_hours_old(seed: int) -> None:
    """One server, made on the same day, with an account for each post."""
    flood = of(wide(seed), "server-flood")[: waves.SERVER_ACCOUNTS]
    (server,) = {event.data.server for event in flood}
    assert server is not None
    assert server.created is not None
    assert all((event.time - server.created).total_seconds() < 12 * 3600 for event in flood)


@pytest.mark.parametrize("seed", SEEDS)
def test_near_duplicates_are_near_and_no_duplicates(seed: int) -> None:
    """No two are equal, and most words of each stand in every other one."""
    texts = [e.data.text or "" for e in of(wide(seed), "near-duplicates")][: waves.EDITORS]
    contents = [views.content(text) for text in texts]
    assert len(set(contents)) > waves.EDITORS // 2
    for text in texts[1:]:
        shared = len(set(text.split()) & set(texts[0].split()))
        assert shared / len(texts[0].split()) > 1 - 2.5 * variation.MOST / 100


@pytest.mark.parametrize("seed", SEEDS)
def test_the_look_alike_is_called_nearly_like_a_member(seed: int) -> None:
    """Its name resembles that of somebody of long standing, and is not written the same."""
    found = wide(seed)
    false = of(found, "member-lookalike")[0].data.author
    assert false is not None
    old: dict[str, int] = {}
    for each in found:
        who = decoded(each).data.author
        if who is not None and who.created is not None:
            age = each.at - clock.from_datetime(who.created)
            old[who.name or ""] = max(age, old.get(who.name or "", 0))
    name = false.name or ""
    like = {known for known in old if known != name and lookalike.resemblance(name, known) >= 800}
    assert any(old[known] > 180 * clock.DAY for known in like)


@pytest.mark.parametrize("seed", SEEDS)
def test_chaff_is_everywhere_and_the_wave_is_one_text(seed: int) -> None:
    """Most of it is said once; six fresh accounts say the same in the midst of it."""
    found = of(wide(seed), "chaff-wave")
    texts = [event.data.text or "" for event in found]
    counts = sorted((texts.count(text) for text in set(texts)), reverse=True)
    assert counts[0] >= waves.AFTER_CHAFF
    assert counts.count(1) >= waves.CHAFF


@pytest.mark.parametrize("seed", SEEDS)
def test_the_slow_spammer_is_under_every_rate(seed: int) -> None:
    """Three accounts of some days, each with a harmless post before the first link."""
    simulated = wide(seed)
    slow = [each for each in simulated if each.campaign == "slow-spammer"]
    first = [each for each in slow if each.occurrence == 1]
    assert len(first) == waves.SLOW
    assert min(ages([decoded(each) for each in first])) > 11 * clock.DAY
    for who in {each.event["data"]["author"]["id"] for each in first}:
        own = [each for each in simulated if each.event["data"]["author"]["id"] == who]
        assert own[0].truth == "benign"
        assert "links" not in own[0].event["data"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_split_campaign_speaks_two_languages(seed: int) -> None:
    """Over several rooms, both languages and several sites."""
    found = of(wide(seed), "split-campaign")[: waves.SPLIT]
    assert {e.data.author.lang for e in found if e.data.author} == {"en", "vi"}
    assert len({e.data.room for e in found}) > 2
    hosts_seen = {links.addresses(e.data.text or "")[0].host for e in found}
    assert len(hosts_seen) == (waves.SPLIT + 2) // 3
