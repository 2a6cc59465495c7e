"""What a pattern may take is told from its text, and too much of it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import rule_sets
from ombud.rules import cost
from ombud.rules.load import Loaded, load
from ombud.rules.pattern_cost import LIGHT_US, NARROW_US, WIDE_US, worst_us


def _loaded(*patterns: str, recorded: bool = False) -> Loaded:
    files = {
        f"r{number:03}.rule": rule_sets.rule_text(
            f"r{number:03}", "post", f'  text matches "{each}"'
        ).encode()
        for number, each in enumerate(patterns)
    }
    return load(files, {"spam.md": rule_sets.POLICY}, {}, recorded=recorded)


def _errors(loaded: Loaded) -> list[tuple[str, str]]:
    return [(each.code, each.file) for each in loaded.diagnostics if each.severity == "error"]


@pytest.mark.parametrize(
    "pattern",
    [
        "casino",
        r"\bca[s5]ino\b",
        "word[0-9]{3,6}",
        r"\b(?:casino|bets?|poker|roulette|jackpot|slots?|" + "lottery|" * 40 + r"bingo)\b",
        "a" * 400,
        "[aq]+.*[0-9]+",
        r"\Q.*.*.*.*.*.*.*.*\E",
        r"\pL+\pN+",
        "[]a-z[:alpha:]\\]]{4}",
        "x{,900}",  # no repetition: RE2 reads it as letters
        "(?i)(?P<name>a|b)c",
    ],
)
def test_what_needs_no_memory_is_light(pattern: str) -> None:
    """Words, lists of words, a class or two: these are decided by the automaton alone."""
    assert worst_us(pattern) == LIGHT_US


@pytest.mark.parametrize(
    ("pattern", "places"),
    [
        ("q.{0,20}z", 20),
        ("q.{20}z", 20),
        ("q.{20,}z", 20),
        ("q" + "." * 20 + "z", 20),
        (r"q(?:.{4}){5}z", 20),
        (r"q\w{20}[0-9]{10}[a-z.]{10}z", 20),  # each as half
        (r"q[^\]z]{20}z", 20),
        (r"q\pL{5}.{5}z", 20),
        (r"q[\pL ]{5}.{5}z", 20),
    ],
)
def test_every_way_to_write_a_repetition_counts(pattern: str, places: int) -> None:
    """Counted, written out, in groups: the same places in any writing."""
    assert worst_us(pattern) - LIGHT_US - places * WIDE_US in (0, NARROW_US, 2 * NARROW_US)


def test_letters_count_where_there_are_many_choices() -> None:
    """A choice behind a choice is what has to be remembered, with every letter of it."""
    few, many = "q" + "(ab|ba)" * 2 + "z", "q" + "(ab|ba)" * 20 + "z"
    assert worst_us(few) == LIGHT_US
    assert worst_us(many) == LIGHT_US + NARROW_US * (20 + 80 + 2)
    assert worst_us("q(ab|ba){20}z") == worst_us(many)


@pytest.mark.parametrize(
    "pattern",
    [
        ".{0,200}q.{0,200}z9",
        ".{0,450}q.{0,450}z9",
        r"q\pL{0,20}z",
        "q" + "(a|q)" * 90,
        "q" + ".?" * 200,
    ],
)
def test_a_pattern_that_may_take_too_long_is_refused(pattern: str) -> None:
    """As an error where it would come into force; what was in force once is read all the same."""
    loaded = _loaded("casino", pattern)
    assert not loaded.ok
    assert _errors(loaded) == [("R092", "r001.rule")]
    recorded = _loaded("casino", pattern, recorded=True)
    assert recorded.ok
    assert len(recorded.rules) == 2


def test_patterns_that_may_take_too_long_together_are_refused() -> None:
    """Each is taken alone; the one that is too much is named."""
    each = worst_us("q.{0,18}z0")
    assert each < cost.PATTERN_US_MAX
    most = cost.PATTERNS_US_MAX // each
    patterns = [f"q.{{0,18}}z{number}" for number in range(most + 1)]
    assert _loaded(*patterns[:most]).ok
    assert _errors(_loaded(*patterns)) == [("R090", f"r{most:03}.rule")]
    assert _loaded(*patterns, recorded=True).ok


@given(st.text(alphabet=r"aq.|()[]{}0,9?*+\pLQE^$:P<>-", max_size=40))
def test_any_text_is_weighed(pattern: str) -> None:
    """What RE2 would not take neither stops nor raises."""
    assert worst_us(pattern) >= LIGHT_US
