"""The invented people who wear roles, and those who do not."""

from __future__ import annotations

from random import Random

from evaluation import invented_roles
from ombud.signals import directions


def test_a_seed_gives_the_same_names_and_another_one_others() -> None:
    """Of those who wear a role and of those who do not."""
    for make in (invented_roles.attacks, invented_roles.honest):
        assert make(Random(1), 9) == make(Random(1), 9) != make(Random(2), 9)


def test_each_attack_comes_once_for_each_person() -> None:
    """So that no kind weighs more than another."""
    found = invented_roles.attacks(Random(3), 7)
    types = [case.type for case in found]
    assert {types.count(each) for each in invented_roles.ATTACKS} == {7}
    assert set(types) == set(invented_roles.ATTACKS)


def test_what_is_turned_round_is_read_as_the_role() -> None:
    """The attack is one: a display draws the word."""
    make = invented_roles.ATTACKS["role turned round by an override"]
    for seed in range(9):
        name = make(Random(seed), "Ana")
        assert directions.shown(name).removeprefix("Ana ") in invented_roles._ENGLISH
        assert not any(role in name for role in invented_roles._ENGLISH)


def test_signs_and_misspellings_change_the_word() -> None:
    """In at least one letter where it has one that a sign can stand for."""
    for seed in range(20):
        assert invented_roles._signs(Random(seed), "Admin") != "Admin"
    assert {invented_roles._misspelt(Random(seed), "Mod") for seed in range(20)} == {
        *("Mood", "Md", "Mdo"),
    }
