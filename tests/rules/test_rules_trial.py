"""Examples beside a rule."""

from __future__ import annotations

import pytest

from ombud.rules import trial
from ombud.rules.diagnostic import Diagnostic
from rules.rules_made import LISTS, report_of


def _tried(when: str, example: str, unless: str = "", **more: str) -> list[Diagnostic]:
    report, rule = report_of(when, unless, more="\n" + example, **more)  # type: ignore[arg-type]
    assert rule is not None, report.found
    report.found.clear()
    tried = trial.trials(rule, LISTS)
    trial.report_failed(report, rule, tried)
    return report.found


@pytest.mark.parametrize(
    ("when", "stated"),
    [
        ("  links.count >= 2", 'text  "http://a.example http://b.example"'),
        ("  links.count >= 2", 'links  "http://a.example http://b.example"'),
        ("  links.domains = 1", 'links  "http://x.a.example, http://a.example"'),
        ("  text.length = 4", 'text  "abcd"'),
        ("  links.count >= 2", "links.count  2"),
        ("  text.repeats in last 1 hour < 3", 'text  "a post nobody has posted before"'),
        ('  author in list "trusted helpers"', 'author  "ana"'),
        ('  author in list "trusted helpers"', 'author in list "trusted helpers"  yes'),
        ('  author.role any in list "trusted helpers"', 'author.role  "member ana"'),
        ('  room = "lobby"', 'room  "Lobby"'),
        ('  author.name resembles list "staff names" >= 90 %', 'author.name  "Аdmin"'),
        (
            '  author.name resembles list "staff names" >= 90 %',
            'author.name resembles list "staff names"  91 %',
        ),
        ('  links resemble list "our own sites" >= 90 %', 'text  "http://0urs.example"'),
        (
            '  links resemble list "our own sites" >= 90 %',
            'links resemble list "our own sites"  91 %',
        ),
        ('  text contains "casino"', 'text contains "casino"  yes'),
        ("  text.repeat authors in last 1 hour >= 3", "text.repeat authors in last 1 hour  3"),
        ("  share of author.posts with links in last 1 day > 10 %",
         "share of author.posts with links in last 1 day  11 %"),
    ],
)  # fmt: skip
def test_what_is_stated_reaches_the_condition(when: str, stated: str) -> None:
    """Stated facts count as stated, and what is derived from them is computed."""
    assert _tried(when, f'should catch "it"\n  {stated}\n', kinds="post") == []


def test_a_stated_value_beats_a_computed_one() -> None:
    """Where an example states text and a fact of it, the stated fact stands."""
    example = 'should pass "it"\n  text  "http://a.example http://b.example"\n  links.count  1\n'
    assert _tried("  links.count >= 2", example) == []


def test_the_rest_is_ordinary() -> None:
    """An example that states nothing of a fact has its everyday value: nobody new, no links."""
    example = 'should pass "an ordinary post"\n  text  "hello"\n'
    assert _tried("  author.age < 3 days\n  text.length >= 1", example) == []
    example = 'should catch "an ordinary post"\n  text  "hello"\n'
    (problem,) = [
        p for p in _tried("  author.age < 3 days\n  text.length >= 1", example) if p.code == "R083"
    ]
    assert problem.hint == "Line 9 does not hold: author.age is 1 year."


def test_a_failure_names_the_line_that_made_the_difference() -> None:
    """A line of `when` that does not hold, one of `unless` that does, one that is not known."""
    unless = '  author in list "trusted helpers"'
    example = 'should catch "it"\n  links.count  2\n  author  "ana"\n'
    (problem,) = _tried("  links.count >= 2", example, unless)
    assert problem.hint == 'Line 12 lets it pass: author in list "trusted helpers".'
    example = 'should catch "it"\n  links.count  2\n'
    found = _tried('  links.count >= 2\n  author.name = "x"', example)
    assert [problem.code for problem in found] == ["R083"]
    assert found[0].hint == 'Line 10 cannot be decided: "author.name" is not known. State it.'


def test_a_draft_is_only_warned() -> None:
    """A draft may have examples that do not hold yet."""
    (problem,) = _tried("  links.any", 'should catch "x"\n  links.any  no\n', mode="draft")
    assert (problem.code, problem.severity) == ("R083", "warning")


def test_an_example_is_tried_for_every_kind_that_has_what_it_states() -> None:
    """Not for the first alone: a join has no text, so what states one is about the profile."""
    says = 'should catch "it"\n  text  "casino"\n'
    assert _tried('  text contains "casino"', says, kinds="join, profile") == []
    assert _tried('  text contains "bingo"', says, kinds="join, profile")[0].code == trial.MISSED
    named = 'should catch "it"\n  author.name  "Ana"\n'
    unless = '  text contains "hello"'
    (told,) = _tried('  author.name = "Ana"', named, unless, kinds="profile, join")
    assert (told.code, told.hint) == (
        trial.MISSED,
        'As join: Line 12 cannot be decided: "text" is not known. State it.',
    )
    assert _tried('  author.name = "Ana"', named, unless, kinds="profile") == []


def test_an_example_that_fails_for_all_kinds_is_told_once() -> None:
    """The first kind is told, without its name."""
    example = 'should catch "it"\n  links.count  1\n'
    (told,) = _tried("  links.count >= 2", example, kinds="post, edit, profile")
    assert told.hint == "Line 9 does not hold: links.count is 1."


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("  links.count  2\n  media.count  0\n", "  media.count  0\n  links.count  2\n", True),
        ("  links.count  2\n", "  links.count  3\n", False),
        ("  links.count  2\n", "  links.count  2\n  media.count  0\n", False),
    ],
)
def test_examples_that_contradict_each_other_are_told(first: str, second: str, told: bool) -> None:
    """The same facts, in any order, cannot be caught and pass; two of one sort may say the same."""
    both = f'\nshould catch "one"\n{first}\nshould pass "two"\n{second}'
    again = f'\nshould catch "one"\n{first}\nshould catch "two"\n{second}'
    for examples, expected in ((both, told), (again, False)):
        report, rule = report_of("  links.count >= 2", more=examples)
        assert rule is not None
        report.found.clear()
        trial.report_contradictory(report, rule)
        assert [each.code for each in report.found] == ["R148"] * expected
        assert all(each.severity == "error" for each in report.found)
