"""Invented people, attacks on them and honest people: by a seed, and of the types they say."""

from __future__ import annotations

from random import Random

import pytest
from evaluation.invented_names import ATTACKS

from evaluation import invented_names
from ombud.signals import views
from ombud.signals.disclosure import disclosed


def test_people_are_the_same_by_the_same_seed() -> None:
    """Different names, and others by another seed."""
    one, again, other = (invented_names.people(Random(seed), 60) for seed in (1, 1, 2))
    assert one == again != other
    assert len(set(one)) == 60


@pytest.mark.parametrize("type_", sorted(ATTACKS))
def test_an_attack_changes_a_name_and_is_counted_once(type_: str) -> None:
    """Where it cannot change it, it is no attack."""
    names = invented_names.people(Random(5), 60)
    found = [each for each in invented_names.attacks(Random(6), names) if each.type == type_]
    assert found
    assert all((each.name == each.near) is (type_ == "the very name") for each in found)
    assert len({each.near for each in found}) == len(found)


def test_look_alike_letters_are_of_other_scripts() -> None:
    """None of them is ASCII, and each looks as its letter does."""
    for letter, others in invented_names._LOOKS.items():
        for other in others:
            assert not other.isascii()
            assert views.skeleton(other + "b") == views.skeleton(letter + "b")


def test_honest_people_are_nobody_protected() -> None:
    """And fans say that they are."""
    rng = Random(7)
    names = invented_names.with_team(rng, invented_names.people(rng, 60))
    found = invented_names.honest(rng, names, frozenset(names))
    assert not {each.name for each in found} & set(names)
    fans = [each.name for each in found if each.type == "fans and parodies"]
    assert all(map(disclosed, fans))
    assert len({each.type for each in found}) == 8
