"""The wide scene: all of the story and more, each with its truth and its twin."""

from __future__ import annotations

import json

import pytest

from ombud import clock, model, simulate
from ombud.signals import links
from ombud.simulate import crowds, sayings, scenes, twins, waves
from simulate.community import SEEDS, START, decoded, instants

COUNT = 1500


def wide(seed: int, count: int = COUNT) -> list[simulate.Simulated]:
    """A run of all there is."""
    return list(simulate.generate(seed, count, START, scenes.WIDE))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_kind_comes_and_every_event_is_accepted(seed: int) -> None:
    """From 1,500 events on each campaign and each twin is there, well formed, in time."""
    found = wide(seed)
    assert len(found) == COUNT
    assert {each.campaign for each in found} == {None, *scenes.WIDE.harm, *scenes.WIDE.honest}
    times = instants([decoded(each) for each in found])
    assert times == sorted(times)
    assert times[-1] < START + 2 * clock.DAY
    for each in found:
        assert (each.truth != "benign") == (each.campaign in scenes.WIDE.harm)
        assert each.truth in {"benign", *model.HARMS}


def test_the_story_is_what_it_was() -> None:
    """The demonstration's scene has none of the new kinds, and is what comes without a scene."""
    plain = list(simulate.generate(1, 400, START))
    assert plain == list(simulate.generate(1, 400, START, scenes.STORY))
    new = {*waves.WAVES, *crowds.CROWDS, *sayings.SAYINGS}
    assert not {each.campaign for each in plain} & new
    assert set(scenes.WIDE.harm) == {*scenes.STORY.harm, *waves.WAVES}
    assert set(scenes.WIDE.honest) == {*scenes.STORY.honest, *crowds.CROWDS, *sayings.SAYINGS}


def test_every_new_campaign_has_its_honest_twin() -> None:
    """Each wave names twins, and each crowd and saying is somebody's."""
    of = {name: twins.TWINS_OF.get(name, ()) for name in waves.WAVES}
    for more in (crowds.CROWDS_OF, sayings.SAYINGS_OF):
        assert set(more) <= set(waves.WAVES)
        of = {name: (*those, *more.get(name, ())) for name, those in of.items()}
    assert all(of.values())
    named = {name for those in of.values() for name in those}
    assert named == {*crowds.CROWDS, *sayings.SAYINGS}


@pytest.mark.parametrize("seed", SEEDS)
def test_addresses_are_of_reserved_names(seed: int) -> None:
    """But for invitations, which lead to rooms of servers under reserved names."""
    for each in wide(seed):
        data = each.event["data"]
        beside = tuple(link["url"] for link in data.get("links", ()))
        for address in links.addresses(data.get("text", ""), beside):
            if address.host == "matrix.to":
                assert address.url.rsplit(".", 1)[-1] in ("example", "invalid")
            else:
                assert address.host.rsplit(".", 1)[-1] in ("example", "invalid", "test")
        assert "benign" not in json.dumps(each.event)
