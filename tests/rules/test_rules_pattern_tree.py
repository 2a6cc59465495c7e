"""The ways in which a pattern can be met."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.rules import phrases
from ombud.rules.pattern_tree import LENGTH_MAX, WAYS_MAX, of_text, ways


def _said(pattern: str) -> list[str]:
    shown = {"gap": "…", "unsure": "?", "edge": "|"}
    return [
        "".join(
            shown.get(unit.kind)
            or (unit.text if unit.kind == "letter" else f"<{unit.text}{unit.least}>")
            for unit in way
        )
        for way in ways(pattern)
    ]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("abc", ["abc"]), ("a|bc", ["a", "bc"]), ("x(a|b)y", ["xay", "xby"]), ("ab?c", ["ac",
        "abc"]),
        ("a*b", ["…b"]), ("ab+", ["ab"]), ("a{3}", ["aaa"]), ("(ha){2,}", ["haha"]), ("a{0,9}b",
        ["…b"]),
        ("[а-я]{2,5}[.,]", ["<[а-я]2><[.,]1>"]), (r"t\.me/", ["t.me/"]), (r"\bgo\b", ["|go|"]),
        (r"\d+k", [r"<\d1>k"]), (r"\x{430}\x41\101", ["аAA"]), (r"\Qa.b\E!", ["a.b!"]), ("^a$",
        ["|a|"]),
        (r"(?i)(?:a|)(?P<n>b)", ["ab", "b"]), (r"a\s*b", ["ab"]), (r"a[ -]*b", ["a…b"]), (".",
        ["<.1>"]),
        (r"\p{Thai}{4}\pL", [r"<\p{Thai}4><\pL1>"]), (r"(a|b){3}", ["a", "b"]), ("(|a)", ["", "a"]),
        ("[]a]b", ["<[]a]1>b"]), (r"[[:alpha:]]", ["<[[:alpha:]]1>"]), ("a{0}b", ["…b"]),
        ("([a-z]){4}", ["<[a-z]4>"]), (r"a\nb", ["a b"]),
    ],
)  # fmt: skip
def test_each_way_has_what_must_stand_there(pattern: str, said: list[str]) -> None:
    """What may be missing is left out or leaves a gap; what repeats stands as often as it must."""
    assert phrases.problem("matches", pattern) is None
    assert sorted(_said(pattern)) == sorted(said)


def test_too_many_ways_leave_letters_of_which_nothing_is_known() -> None:
    """Never nothing: what cannot be gone through is not taken for harmless."""
    for pattern in ("a?b?c?d?e?f?g?h?i?k?", "(a|b|c|d|e)" * 5):
        assert any("?" in said for said in _said(pattern))
        assert len(ways(pattern)) <= WAYS_MAX
    assert all(len(way) <= 2 * LENGTH_MAX for way in ways("((a{50}){50}b)"))


def test_a_text_is_one_way() -> None:
    """With edges where its words begin and end."""
    assert [unit.kind for unit in of_text("ab", begins=True, ends=False)] == [
        "edge",
        *["letter"] * 2,
    ]


@given(st.text(alphabet=r"ab[](){}|?*+.\^$-,012pPLдx:<>Qns", max_size=40))
def test_whatever_re2_takes_is_read(pattern: str) -> None:
    """Without a fault, and within bounds."""
    if phrases.problem("matches", pattern) is None:
        assert 1 <= len(ways(pattern)) <= WAYS_MAX
