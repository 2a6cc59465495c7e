"""How rules stand: what a version carries along, and when its time on watch begins and ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.activation import standing
from ombud.activation.standing import SOON, WATCH, Rule, Standing, Stands
from ombud.clock import DAY

ANA, BINH, CHI = 11, 13, 17
WATCHES = Rule("v1", "watch")
DRAFT = Rule("v1", "draft")
LIVE = Rule("v1", "live", acting=True)
HELD = Rule("v1", "watch", acting=True)  # a shipped rule that acts because holds are on


def after(*steps: tuple[int, Rule], author: int = ANA) -> Stands:
    """How the rule "a" stands after these activations, each at its day."""
    found: Standing = {}
    for day, rule in steps:
        found = standing.succeed(found, {"a": rule}, author, day * DAY, {})
    return found["a"]


def test_a_watching_rule_ends_ninety_days_after_it_came_to_watch() -> None:
    """Not sooner, not later, and whatever is activated beside it meanwhile."""
    assert after((1, WATCHES)).until == 91 * DAY
    assert after((1, WATCHES), (40, WATCHES), (80, WATCHES)).until == 91 * DAY


def test_what_acts_and_what_was_never_watching_has_no_end() -> None:
    """A live rule, a draft, and a shipped rule under holds."""
    for rule in (LIVE, DRAFT, HELD):
        assert after((1, rule)).until is None
    assert after((1, WATCHES), (5, HELD)).until is None


def test_a_new_version_watches_anew() -> None:
    """Its time begins with its own activation."""
    assert after((1, WATCHES), (30, Rule("v2", "watch"))).until == 120 * DAY


def test_a_draft_in_between_buys_no_time() -> None:
    """Taken back to a draft and put on watch again, the same version ends when it would have."""
    assert after((1, WATCHES), (50, DRAFT), (70, WATCHES)).until == 91 * DAY
    assert after((1, WATCHES), (95, DRAFT), (99, WATCHES)).until == 91 * DAY  # it has ended


def test_a_rule_that_has_acted_watches_anew() -> None:
    """From live, and from holds that are switched off, back to watch: another 90 days."""
    assert after((1, WATCHES), (50, LIVE), (300, WATCHES)).until == 390 * DAY
    assert after((1, HELD), (300, WATCHES)).until == 390 * DAY


def test_the_author_is_who_activated_the_version() -> None:
    """Who activates something else later is not the author of what stays as it is."""
    first = standing.succeed({}, {"a": WATCHES, "b": LIVE}, ANA, 0, {})
    rules = {"a": Rule("v2", "watch"), "b": LIVE}
    second = standing.succeed(first, rules, BINH, DAY, {})
    assert (second["a"].author, second["b"].author) == (BINH, ANA)


def test_an_approval_ends_with_the_version() -> None:
    """It outlives a change of mode, and no change of what the rule says."""
    first = standing.approved(standing.succeed({}, {"a": WATCHES}, ANA, 0, {}), "a", BINH)
    assert first["a"].eyes == standing.APPROVED
    live = standing.succeed(first, {"a": LIVE}, CHI, DAY, {})
    assert (live["a"].approved, live["a"].author) == ((BINH,), ANA)
    changed = standing.succeed(live, {"a": Rule("v2", "live", acting=True)}, CHI, DAY, {})
    assert (changed["a"].approved, changed["a"].eyes) == ((), standing.ONE_PERSON)


def test_a_renewal_holds_across_activations() -> None:
    """What a person gave is not taken by the next activation."""
    found = standing.succeed({}, {"a": WATCHES}, ANA, 0, {})
    found = standing.renewed(found, "a", 150 * DAY)
    assert standing.succeed(found, {"a": WATCHES}, BINH, 100 * DAY, {})["a"].until == 150 * DAY


def test_a_version_that_comes_back_stands_as_it_stood() -> None:
    """With its author, its approvals and its end; only under its own name and version."""
    old = Stands("v1", ANA, (CHI,), 91 * DAY)
    left = {("a", "v1"): old}
    back = {"a": WATCHES, "b": WATCHES}
    assert standing.coming({"a": Stands("v2", BINH)}, back) == {("a", "v1"), ("b", "v1")}
    assert standing.coming({"a": old, "b": old}, back) == frozenset()
    found = standing.succeed({"a": Stands("v2", BINH)}, back, BINH, 100 * DAY, left)
    assert found == {"a": old, "b": Stands("v1", BINH, (), 190 * DAY)}
    live = standing.succeed({}, {"a": LIVE}, BINH, 100 * DAY, left)["a"]
    assert (live.author, live.approved, live.until) == (ANA, (CHI,), None)


def test_what_is_in_force_goes_before_what_once_was() -> None:
    """The standing of now is not replaced by an older one of the same version."""
    now = Stands("v1", ANA, (CHI,), 99 * DAY)
    left = {("a", "v1"): Stands("v1", ANA, (), 91 * DAY)}
    assert standing.succeed({"a": now}, {"a": WATCHES}, BINH, DAY, left) == {"a": now}


def test_only_what_is_there_stands_somehow() -> None:
    """A rule that is gone has no standing in force."""
    found = standing.succeed({}, {"a": WATCHES, "b": LIVE}, ANA, 0, {})
    assert set(standing.succeed(found, {"b": LIVE}, ANA, DAY, {})) == {"b"}


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (0, standing.WATCHING),
        (WATCH - SOON - 1, standing.WATCHING),
        (WATCH - SOON, standing.ENDS_SOON),
        (WATCH - 1, standing.ENDS_SOON),
        (WATCH, standing.ENDED),
        (10 * WATCH, standing.ENDED),
    ],
)
def test_the_end_is_told_two_weeks_before(now: int, said: str) -> None:
    """To the microsecond, and ended is ended."""
    assert standing.state(WATCH, now) == said
    assert standing.state(None, now) is None


tokens = st.integers(1, 2**62)
stands = st.builds(
    Stands,
    version=st.text(max_size=9),
    author=tokens,
    approved=st.lists(tokens, max_size=3).map(tuple),
    until=st.none() | st.integers(0, 2**62),
)


@given(st.dictionaries(st.text(max_size=9), stands, max_size=4))
def test_it_comes_back_from_the_journal_as_it_was(found: Standing) -> None:
    """Nothing is lost between an activation and the start that reads it."""
    assert standing.from_json({"standing": standing.as_json(found)}) == found


def test_a_control_of_an_earlier_program_carries_none() -> None:
    """Then no rule has an end and no author."""
    assert standing.from_json({"config": "x"}) == {}
