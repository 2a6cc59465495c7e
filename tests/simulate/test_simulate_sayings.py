"""Sayings: honest people who say the same, or what spam would say."""

from __future__ import annotations

import pytest

from ombud import clock
from ombud.signals import hosts, links
from ombud.simulate import sayings
from simulate.community import SEEDS, ages, instants, of
from simulate.test_simulate_scenes import wide

ALIKE = {
    "song": sayings.SINGERS,
    "headline": sayings.READERS,
    "slogan": sayings.MARCHERS,
    "trade": sayings.TRADERS,
    "warning": sayings.QUOTERS,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("twin", ALIKE)
def test_several_say_it_within_the_hour_old_and_new(twin: str, seed: int) -> None:
    """Each by somebody else, two of them new here."""
    found = of(wide(seed), twin)[: ALIKE[twin]]
    assert len({e.data.author.id for e in found if e.data.author}) == ALIKE[twin]
    assert instants(found)[-1] - instants(found)[0] < clock.HOUR
    assert sum(age < 3 * clock.HOUR for age in ages(found)) == sayings.NEW


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_one_text_and_what_is_nearly_one(seed: int) -> None:
    """Headlines and warnings are one text; slogans and trades several that are alike."""
    run = wide(seed)
    texts = {twin: [e.data.text for e in of(run, twin)][: ALIKE[twin]] for twin in ALIKE}
    assert len(set(texts["headline"])) == len(set(texts["warning"])) == 1
    assert 1 < len(set(texts["slogan"])) <= sayings.MARCHERS
    assert len(set(texts["trade"])) > 1
    assert len(set(texts["song"])) <= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_what_looks_like_spam_and_is_none(seed: int) -> None:
    """The club invites, the shop names its number, the newcomer's question has a link."""
    run = wide(seed)
    for event in of(run, "club"):
        (address,) = links.addresses(event.data.text or "")
        assert hosts.invites(address)
        assert min(ages([event])) > 180 * clock.DAY
    shop = of(run, "shop")[:3]
    assert len({event.data.text for event in shop}) == 1
    assert all(any(sign.isdigit() for sign in event.data.text or "") for event in shop)
    for event in of(run, "question"):
        assert max(ages([event])) < clock.HOUR
        assert len(links.addresses(event.data.text or "")) == 1
