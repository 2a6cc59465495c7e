"""Crowds: as many, as new and as much alike as a raid, and honest."""

from __future__ import annotations

import pytest

from ombud import clock, simulate
from ombud.simulate import crowds
from simulate.community import SEEDS, ages, instants, of
from simulate.test_simulate_scenes import wide


@pytest.mark.parametrize("seed", SEEDS)
def test_students_join_like_a_raid(seed: int) -> None:
    """More than ten fresh accounts of one stem within ten minutes, and each asks its question."""
    found = of(wide(seed), "students")
    joins = [event for event in found if event.type == "member.joined"][: crowds.STUDENTS]
    assert len(joins) == crowds.STUDENTS
    assert instants(joins)[-1] - instants(joins)[0] < 10 * clock.MINUTE
    assert max(ages(joins)) < clock.HOUR
    assert len({(e.data.author.name or "")[:9] for e in joins if e.data.author}) == 1
    assert sum(event.type == "post.created" for event in found) >= crowds.STUDENTS


@pytest.mark.parametrize("seed", SEEDS)
def test_a_release_brings_old_and_new_members(seed: int) -> None:
    """Half of those who come are new; several say the same."""
    found = [e for e in of(wide(seed), "release-day") if e.type == "post.created"]
    new = sum(age < 2 * clock.HOUR for age in ages(found))
    assert 0 < new < len(found)
    assert len({event.data.text for event in found}) < len(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_movers_come_from_one_new_server(seed: int) -> None:
    """A server of some days, of which each account posts once, in other words."""
    found = of(wide(seed), "movers")[: crowds.MOVERS]
    (server,) = {event.data.server for event in found}
    assert server is not None
    assert len({e.data.author.id for e in found if e.data.author}) == crowds.MOVERS


@pytest.mark.parametrize("seed", SEEDS)
def test_the_parody_says_so(seed: int) -> None:
    """In the name, which holds the admin's, and in each post."""
    for event in of(wide(seed), "parody"):
        assert event.data.author is not None
        name = event.data.author.name or ""
        assert simulate.ADMIN_NAME in name
        assert "parody" in name
        assert any(word in (event.data.text or "").lower() for word in ("parody", "nhại"))


@pytest.mark.parametrize("seed", SEEDS)
def test_namesakes_share_a_given_name(seed: int) -> None:
    """Six join within the hour under at most a few spellings of one name."""
    joins = [e for e in of(wide(seed), "namesakes") if e.type == "member.joined"]
    first = joins[: crowds.NAMESAKES]
    assert instants(first)[-1] - instants(first)[0] < clock.HOUR
    assert len({(e.data.author.name or "")[0] for e in first if e.data.author}) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_the_live_thread_is_quick_and_repeats_itself(seed: int) -> None:
    """More than twenty short posts within ten minutes, some of them equal."""
    posts = of(wide(seed), "live-thread")[: crowds.WATCHERS]
    assert instants(posts)[-1] - instants(posts)[0] < 10 * clock.MINUTE
    assert len({event.data.text for event in posts}) < len(posts)
