"""What is compared is the same work on the same words, and some posts do repeat a claim."""

from __future__ import annotations

from bench.measure import Row

from bench import claims
from ombud.signals.factchecks.index import Index
from ombud.signals.factchecks.matching import match
from ombud.signals.factchecks.words import content_words

MADE = claims.claims(600)
INDEX = Index(MADE)


def test_some_posts_repeat_a_claim_and_most_do_not() -> None:
    """Every tenth does, and is found; so the work of comparing is done and not only begun."""
    told = claims.posts(MADE, 60, 100)
    found = [bool(match(INDEX, text).matches) for text in told]
    assert all(found[::10])
    assert sum(found) < 60


def test_the_peer_ranks_the_same_claim_first() -> None:
    """For a claim's own words both find that claim."""
    retriever = claims.ranker(MADE)
    for number in range(0, 600, 60):
        asked = list(dict.fromkeys(content_words(MADE[number].claim)))
        (best,), _ = retriever.retrieve([asked], k=1, show_progress=False)
        ((_, mine),) = INDEX.search(asked, 1)
        assert int(best[0]) == number
        assert INDEX.claims[mine] == MADE[number]


def test_both_rates_are_of_all_posts() -> None:
    """A rate is a positive number of posts a second for either."""
    told = claims.posts(MADE, 20, 10)
    assert claims.ours(INDEX, told)() > 0
    assert claims.peer(claims.ranker(MADE), told)() > 0


def test_targets() -> None:
    """As fast as the peer at least, and no more memory than was said."""
    fast = Row(claims.FIND.format(count=1, words=1), 2.0, 1.0, 2.0, 3, "", "")
    assert claims.judged(fast)["met"] is True
    large = Row(claims.ROOM.format(count=1), 200.0, 150.0, 1.3, 1, "", "")
    assert claims.judged(large)["met"] is False
    assert claims.filled(200) < 100
