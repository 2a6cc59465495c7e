"""Conditions over slots."""

from __future__ import annotations

import pytest

from rules.rules_made import checked, only


@pytest.mark.parametrize(
    ("sign", "truths"),
    [
        ("<", (True, False, False)),
        ("<=", (True, True, False)),
        (">", (False, False, True)),
        (">=", (False, True, True)),
        ("=", (False, True, False)),
        ("!=", (True, False, True)),
    ],
)
def test_comparisons_mean_what_they_say(sign: str, truths: tuple[bool, ...]) -> None:
    """Below, at and above the threshold; unknown stays unknown."""
    atom = only(checked(f"  text.length {sign} 5")).atom
    assert tuple(atom.decide(value) for value in (4, 5, 6)) == truths
    assert atom.decide(None) is None


def test_a_number_question_takes_no_text() -> None:
    """A text where a number belongs is a fault, not an answer."""
    atom = only(checked("  text.length > 5")).atom
    with pytest.raises(TypeError):
        atom.decide("six")


def test_all_atoms_are_listed_in_their_order() -> None:
    """Those of groups and of `unless` too."""
    rule = checked("  any of\n    links.any\n    media.any", "  mentions.any")
    assert [atom.slot for atom in rule.atoms()] == ["links.any", "media.any", "mentions.any"]
