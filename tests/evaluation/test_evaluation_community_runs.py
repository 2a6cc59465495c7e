"""One run of a simulated community, and what simpler methods do with the same events."""

from __future__ import annotations

import pytest

from evaluation import community_runs
from ombud import clock
from ombud.simulate import Simulated, adaptive, scenes

AT = community_runs.START


def said(minute: float, author: str, text: str | None, created: int = 0) -> Simulated:
    """A post, or where there is no text a join; `created` in days before."""
    at = AT + int(minute * clock.MINUTE)
    data = {
        "author": {"id": author, "created": clock.rfc3339(at - created * clock.DAY)},
        **({} if text is None else {"text": text}),
    }
    kind = "member.joined" if text is None else "post.created"
    return Simulated({"type": kind, "data": data}, at, "benign", None)


def test_first_posts_are_those_of_new_accounts() -> None:
    """Once each, joins apart, and not of accounts that are a week old."""
    happened = [
        said(0, "new", None),
        said(1, "new", "a"),
        said(2, "new", "b"),
        said(3, "old", "c", created=8),
        said(4, "younger", "d", created=6),
    ]
    assert community_runs.first_posts(happened) == [False, True, False, False, True]


def test_the_sixth_post_within_a_minute_is_too_fast() -> None:
    """Five are allowed; a minute later it begins anew."""
    happened = [said(second / 60, "a", f"text {second}") for second in (0, 10, 20, 30, 40, 59, 90)]
    found = community_runs.rate_and_equality(happened)
    assert found == [False] * 5 + [True, False]


def test_a_text_somebody_else_posted_within_the_hour_is_equal() -> None:
    """Case and spaces apart; not one's own, and not after an hour."""
    happened = [
        said(0, "a", "Buy  now"),
        said(1, "a", "buy now"),
        said(2, "b", "BUY NOW"),
        said(3, "c", "buy now!"),
        said(70, "d", "buy now"),
        said(71, "e", None),
    ]
    assert community_runs.rate_and_equality(happened) == [False, False, True, False, False, False]


def test_words_and_phrases_are_whole() -> None:
    """A word inside another one is none, and a phrase is all its words in a row."""
    method = community_runs.word_list(["Damn", "two words", "!!"])
    texts = ("oh DAMN.", "damned", "two, words", "two good words", "", None)
    happened = [said(0, "a", text) for text in texts]
    assert method(happened) == [True, False, True, False, False, False]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[list[community_runs.Judged]]:
    """The same community twice, then under one rule only."""
    folder = tmp_path_factory.mktemp("community") / "data"
    whole = [community_runs.run(folder, 51, 400) for _ in range(2)]
    return [*whole, community_runs.run(folder, 51, 400, ["burst-posts"])]


def test_a_run_is_the_same_each_time(runs: list[list[community_runs.Judged]]) -> None:
    """What happened, what was held, when and by which rule."""
    assert runs[0] == runs[1]
    assert len(runs[0]) >= 400 + adaptive.IN_VAIN


def test_what_is_held_has_its_rule_and_its_instant(
    runs: list[list[community_runs.Judged]],
) -> None:
    """Never before it happened, and each by a rule of the pack; harm of the wide scene is there."""
    for each in runs[0]:
        assert (each.caught is None) == (each.rule is None)
        if each.caught is not None:
            assert each.caught >= each.happened.at
            assert each.rule in community_runs.rules()
    kinds = {each.happened.campaign for each in runs[0]}
    assert kinds - {None, adaptive.CAMPAIGN} <= {*scenes.WIDE.harm, *scenes.WIDE.honest}
    assert len({each.rule for each in runs[0]}) > 3


def test_alerts_come_from_rules_that_alert(runs: list[list[community_runs.Judged]]) -> None:
    """There are such rules in the pack; where none of them is wanted, nobody is told."""
    assert community_runs.alerting() < set(community_runs.rules())
    assert not any(each.alerted for each in runs[2])


def test_rules_that_are_not_wanted_do_not_act(runs: list[list[community_runs.Judged]]) -> None:
    """Alone, a rule is the only one that holds anything."""
    assert {each.rule for each in runs[2]} <= {None, "burst-posts"}


def test_touched_says_what_a_method_did(runs: list[list[community_runs.Judged]]) -> None:
    """At once, and by no rule."""
    happened = [each.happened for each in runs[0]]
    found = community_runs.touched(happened, community_runs.first_posts)
    assert [each.happened for each in found] == happened
    assert [each.caught is not None for each in found] == community_runs.first_posts(happened)
    assert all(each.caught in (None, each.happened.at) for each in found)
    assert {each.rule for each in found} == {None}
