"""The honest twins of the dogpile: as many answers to one person, none of them meant ill."""

from __future__ import annotations

import pytest

from ombud import clock
from ombud.simulate import campaigns, gatherings
from simulate.community import SEEDS, ages, instants, of, run

REPLIES = {
    "cheers": gatherings.CHEERING,
    "argument": gatherings.OBJECTIONS,
    "signatures": gatherings.SIGNERS,
    "welcome": gatherings.WELCOMING,
    "memorial": gatherings.MOURNERS,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("twin", REPLIES)
def test_many_answer_one_post_at_the_rate_of_a_dogpile(twin: str, seed: int) -> None:
    """A post, then the replies to it by others, within an hour, in its author's language."""
    simulated = run(seed)
    post, *replies = of(simulated, twin)
    assert len(replies) == REPLIES[twin]
    for each in replies:
        assert each.data.in_reply_to is not None
        assert each.data.in_reply_to.id == post.subject
        assert each.data.author is not None
        assert post.data.author is not None
        assert each.data.author.id != post.data.author.id
        assert each.data.author.lang == post.data.author.lang
    assert instants(replies)[-1] - instants([post])[0] < clock.HOUR
    assert {each.truth for each in simulated if each.campaign == twin} == {"benign"}


@pytest.mark.parametrize("seed", SEEDS)
def test_fans_are_like_a_dogpile_in_all_that_is_counted(seed: int) -> None:
    """As many replies by as many accounts, as many of them fresh, as in a dogpile."""
    found = run(seed)
    pile, fans = of(found, "dogpile"), of(found, "cheers")[1:]
    shape = []
    for replies in (pile, fans):
        authors = {each.data.author.id for each in replies if each.data.author}
        fresh = sum(age < 2 * clock.HOUR for age in ages(replies))
        shape.append((len(replies), len(authors), fresh))
    assert shape[0] == shape[1] == (campaigns.INSULTERS, campaigns.INSULTERS, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_signatures_are_nearly_the_same(seed: int) -> None:
    """Who signs is somebody else each time, with their own name behind one of a few sentences."""
    replies = of(run(seed), "signatures")[1:]
    names = [each.data.author.name or "" for each in replies if each.data.author]
    assert len(set(names)) == len(replies)
    texts = [each.data.text or "" for each in replies]
    assert all(text.endswith(name) for text, name in zip(texts, names, strict=True))
    stems = {text.removesuffix(name) for text, name in zip(texts, names, strict=True)}
    assert len(stems) <= 3 < len(replies)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_argument_is_among_few(seed: int) -> None:
    """Three members object twice each, with other words every time."""
    replies = of(run(seed), "argument")[1:]
    assert len({each.data.author.id for each in replies if each.data.author}) == 3
    assert len({each.data.text for each in replies}) == len(replies)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_newcomer_is_greeted_by_name(seed: int) -> None:
    """The greeted one is fresh, and each greeting holds the name."""
    hello, *replies = of(run(seed), "welcome")
    assert hello.data.author is not None
    assert max(ages([hello])) < clock.HOUR
    assert all((hello.data.author.name or "?") in (each.data.text or "") for each in replies)
