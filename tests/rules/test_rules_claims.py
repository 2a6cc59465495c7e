"""Lines as claims about values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ombud.rules.checked import OPERATIONS
from ombud.rules.claims import Claim, Order, Values
from ombud.rules.tree import Place

LARGEST = 6

_claims = st.builds(
    lambda sign, bound, line: Claim("x", sign, bound, LARGEST, None, "x", Place(line, 1)),
    st.sampled_from(tuple(OPERATIONS)),
    st.integers(0, LARGEST + 1),
    st.integers(1, 99),
)


def _holds(claim: Claim) -> frozenset[int]:
    """The values that fulfil a claim, found by trying all."""
    compare = OPERATIONS[claim.sign]
    return frozenset(each for each in range(LARGEST + 1) if compare(each, claim.bound))


@given(_claims, _claims)
def test_claims_imply_and_deny_as_their_values_do(one: Claim, other: Claim) -> None:
    """Never, always, denied and implied are what trying every value says."""
    every = frozenset(range(LARGEST + 1))
    assert one.never is (not _holds(one))
    assert one.always is (_holds(one) == every)
    assert _holds(one.denied()) == every - _holds(one)
    if _holds(one):
        assert one.implies(other) is (_holds(one) <= _holds(other))


@given(st.lists(_claims, min_size=1, max_size=6))
def test_claims_about_one_value_exclude_each_other_when_no_value_is_left(
    claims: list[Claim],
) -> None:
    """Exactly then, and the lines that are named exclude each other by themselves."""
    values = Values()
    values.know(claims)
    left = frozenset(range(LARGEST + 1))
    for claim in claims:
        excluded = values.excludes(claim)
        left &= _holds(claim)
        assert (excluded is None) is bool(left)
        conflict = values.narrow(claim)
        assert (conflict is None) is bool(left)
        if conflict is not None:
            named = [_holds(each) for each in claims if each.line in conflict]
            assert not frozenset.intersection(*named)
            return


def test_of_a_group_the_last_possible_line_counts() -> None:
    """What is left of one group narrows the next; the lines that led there are named."""
    made = [Claim(name, "=", bound, None, None, "", Place(line, 1)) for name, bound, line in (
        ("x", 1, 1), ("x", 2, 2), ("y", 1, 3), ("y", 2, 4), ("x", 1, 5))]  # fmt: skip
    values = Values()
    values.know(made)
    groups = [[made[1], made[2]], [made[3], made[4].denied()]]
    assert values.copy().settle(groups) is None
    assert values.narrow(made[0]) is None
    assert values.settle(groups) == frozenset({1, 2, 3, 4, 5})


def test_a_narrower_window_is_never_the_larger_value() -> None:
    """Of windows of one counter the wider one is at least the narrower one, and not else."""

    def count(width: int, sign: str, bound: int, line: int) -> Claim:
        return Claim(f"{width}", sign, bound, 1024, Order(("posts",), width), "", Place(line, 1))

    for narrow, wide, excluded in ((">=", "<", True), ("<", ">=", False)):
        values = Values()
        claims = [count(1, narrow, 5, 1), count(24, wide, 5, 2)]
        values.know(claims)
        assert values.narrow(claims[0]) is None
        assert (values.excludes(claims[1]) is not None) is excluded
        assert values.narrow(claims[1]) == (frozenset({1, 2}) if excluded else None)


class Counting(Values):
    """Counts how often a claim is held against the others."""

    looked = 0

    def excludes(self, claim: Claim) -> frozenset[int] | None:
        """As before."""
        self.looked += 1
        return super().excludes(claim)


def test_a_chain_of_groups_is_looked_at_about_once() -> None:
    """However the groups stand: a group is looked at again only when what it is about narrows."""

    def claim(number: int, bound: int, line: int) -> Claim:
        return Claim(f"{number}", "=", bound, 1, None, "", Place(line, 1))

    count = 100
    groups = [
        [claim(each, 0, 2 * each + 2), claim(each + 1, 1, 2 * each + 3)] for each in range(count)
    ]
    for ordered in (groups, groups[::-1]):
        values = Counting()
        values.know(each for group in groups for each in group)
        assert values.narrow(claim(0, 1, 1)) is None
        assert values.settle(ordered) is None
        assert values.narrow(claim(count, 0, 999)) is not None  # all of the chain holds
        assert values.looked <= 3 * 2 * count
