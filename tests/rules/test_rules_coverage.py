"""What the examples of a rule show."""

from __future__ import annotations

import pytest

from ombud import samples
from ombud.rules import coverage, trial
from ombud.rules.load import load
from rules.rules_made import LISTS, report_of

CATCH = '\nshould catch "it"\n  links.count  2\n'
PASS = '\nshould pass "it"\n  links.count  1\n'


def _told(when: str, unless: str, examples: str, mode: str = "draft") -> list[tuple[str, int]]:
    report, rule = report_of(when, unless, more=examples, mode=mode, kinds="post")
    assert rule is not None, report.found
    report.found.clear()
    trials = trial.trials(rule, LISTS)
    coverage.report_needless(report, rule, trials)
    coverage.report_unshown(report, rule, trials)
    assert {problem.severity for problem in report.found} <= {"warning"}
    return [(problem.code, problem.line) for problem in report.found]


# Lines of `when` begin at 9.
@pytest.mark.parametrize(
    ("when", "unless", "examples", "expected"),
    [
        ("  links.count >= 2", "", CATCH + PASS, []),
        ("  links.count >= 2\n  media.count = 0", "", CATCH + PASS, [("R087", 10)]),
        ("  links.count >= 2\n  media.count = 0", "", CATCH + "  media.count  0\n" + PASS, []),
        # a line of a group must hold, not only be spoken of
        ("  any of\n    links.count >= 2\n    links.count = 0", "", CATCH + PASS, [("R087", 11)]),
        ("  any of\n    links.count >= 2\n    not links.count >= 1", "",
         CATCH + '\nshould catch "none"\n  links.count  0\n' + PASS, []),
        # an exception is shown by what passes because of it
        ("  links.count >= 2", "  media.any", CATCH + PASS, [("R138", 12)]),
        ("  links.count >= 2", "  media.any", CATCH + PASS + "  media.any  yes\n", []),
        ("  links.count >= 2", "  media.any", CATCH + "  media.any  yes\n" + PASS,
         [("R138", 12)]),
        ("  links.count >= 2", "  all of\n    media.any\n    mentions.any",
         CATCH + PASS + "  media.any  yes\n", [("R138", 14)]),
        # what is computed from what is stated counts
        ("  links.count >= 2", '  links all in list "our own sites"',
         CATCH + PASS.replace("links.count  1", 'text  "http://ours.example/a"'), []),
        ("  links.any", "", '\nshould catch "it"\n  text  "http://a.example"\n' + PASS,
         [("R086", 22)]),
        # with no example of a sort at all there is nothing to show it
        ("  links.count >= 2\n  media.any", "  mentions.any", PASS, [("R138", 13)]),
        ("  links.count >= 2\n  media.any", "  mentions.any", "", []),
    ],
)  # fmt: skip
def test_what_no_example_shows_is_told(
    when: str, unless: str, examples: str, expected: list[tuple[str, int]]
) -> None:
    """Each condition that no example shows at work is told at its line, and nothing else but
    that there are no examples.
    """
    told = _told(when, unless, examples)
    assert [each for each in told if each[0] != "R139"] == expected


def test_a_rule_on_watch_and_a_draft_are_told_that_they_have_no_examples() -> None:
    """Of either sort; a live rule is refused."""
    for examples, expected in (
        ("", ["R139"]),
        (CATCH, ["R139"]),
        (PASS, ["R139"]),
        (CATCH + PASS, []),
    ):
        assert [code for code, _ in _told("  links.count >= 2", "", examples, "watch")] == expected
        assert [code for code, _ in _told("  links.count >= 2", "", examples)] == expected


def test_what_was_seen_of_each_condition() -> None:
    """True, false, or neither where it was never known."""
    when = '  links.count >= 2\n  any of\n    media.any\n    author.name = "x"'
    examples = CATCH + "  media.any  yes\n" + PASS
    _, rule = report_of(when, "  mentions.any", more=examples, mode="draft", kinds="post")
    assert rule is not None
    found = coverage.of(rule, trial.trials(rule, LISTS))
    assert [
        (each.part, each.line, each.said, each.seen_true, each.seen_false, each.shown)
        for each in found
    ] == [
        ("when", 9, "links.count >= 2", True, True, True),
        ("when", 11, "media.any", True, True, True),
        ("when", 12, 'author.name = "x"', False, False, False),
        ("unless", 15, "mentions.any", False, True, False),
    ]


def test_the_samples_show_every_condition() -> None:
    """Nothing at all is to be said of the pack, and its examples show all it asks."""
    loaded = load(*(samples.files(folder) for folder in samples.FOLDERS))
    assert loaded.diagnostics == ()
    for rule in loaded.rules:
        assert all(e.shown for e in coverage.of(rule, trial.trials(rule, loaded.lists))), rule.name
