"""What can never happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ombud.model import Value
from ombud.rules.checked import Branch, CheckedRule, Leaf
from ombud.rules.interpret import evaluate
from rules import rules_possible
from rules.rules_made import report_of

NEVER_FIRES = ("R130", "R134")
NEEDLESS = ("R081", "R131", "R132")

_lines = st.builds(
    lambda negated, said: f"  {'not ' if negated else ''}{said}",
    st.booleans(),
    st.one_of(*rules_possible.CONDITIONS),
)
_groups = st.builds(
    lambda every, inner: "\n".join(
        ["  all of" if every else "  any of", *("  " + each for each in inner)]
    ),
    st.booleans(),
    st.lists(_lines, min_size=1, max_size=3),
)
_blocks = st.lists(_lines | _groups, min_size=1, max_size=4).map("\n".join)


def test_links_before_an_edit_are_counted_as_those_after() -> None:
    """A post that had a link before had not none."""
    report, _ = report_of("  before.links.any\n  before.links.count = 0", kinds="edit")
    assert [(problem.code, problem.line) for problem in report.found] == [("R130", 10)]


def _codes(when: str, unless: str = "", **more: object) -> list[tuple[str, int]]:
    report, _ = report_of(when, unless, kinds="post", **more)  # type: ignore[arg-type]
    return [(problem.code, problem.line) for problem in report.found]


# Lines of `when` begin at 9.
@pytest.mark.parametrize(
    ("when", "unless", "expected"),
    [
        ("  author.age < 1 day\n  author.age > 2 days", "", [("R130", 10)]),
        ("  author.age < 2 days\n  author.age > 1 day", "", []),
        ("  links.count = 3\n  links.count != 3", "", [("R130", 10)]),
        ("  links.count > 1\n  links.count < 3\n  links.count != 2", "", [("R130", 11)]),
        ("  links.any\n  links.any = no", "", [("R130", 10)]),
        ('  text contains "x"\n  not text contains "x"', "", [("R130", 10)]),
        ('  author.name = "A"\n  author.name = "b"', "", [("R130", 10)]),
        ('  author.name = "A"\n  author.name = "a"', "", [("R132", 10)]),
        ('  author.name != "a"\n  author.name != "b"', "", []),
        ("  all of\n    links.count > 2\n    links.count < 2", "", [("R130", 11)]),
        ("  links.count > 2\n  any of\n    links.count < 1\n    links.count = 1", "",
         [("R130", 10)]),
        ("  links.count > 2\n  any of\n    links.count < 1\n    media.any", "", [("R131", 11)]),
        ("  any of\n    links.count > 2\n    links.count > 1", "", [("R131", 10)]),
        ("  any of\n    links.any\n    links.any", "", [("R081", 11)]),
        ("  links.count > 2\n  links.count > 1", "", [("R132", 10)]),
        ("  links.count > 1\n  links.count >= 2", "", [("R132", 10)]),
        ("  links.count > 2\n  any of\n    links.count > 1\n    media.any", "", [("R132", 10)]),
        ("  links.any", "  not links.any", [("R133", 12)]),
        ("  links.any", "  links.any", [("R134", 12)]),
        ("  author.age < 1 day", "  author.age > 2 days", [("R133", 12)]),
        ("  author.age < 1 day", "  author.age < 2 days", [("R134", 12)]),
        ("  links.any", "  media.any\n  not media.any", [("R134", 13)]),
        ("  links.any", "  media.count > 2\n  media.count > 3", [("R132", 13)]),
        ("  links.any", "  all of\n    media.count > 2\n    media.count < 2", [("R133", 12)]),
        ("  links.count > 5", "  all of\n    links.count > 4\n    links.count > 3",
         [("R134", 12), ("R132", 14)]),
        ("  links.count > 5", "  all of\n    links.count > 4\n    media.any", []),
        ("  any of\n    links.count < 2\n    media.any", "  links.count < 3", [("R131", 10)]),
        ("  links.count < 0", "", [("R088", 9)]),
        ("  links.any", "  links.count >= 0", [("R134", 12)]),
        ("  any of\n    links.count < 0\n    media.count < 0", "",
         [("R088", 9), ("R088", 10), ("R088", 11)]),
        ('  author.name resembles list "staff names" <= 100 %', "", [("R088", 9)]),
        # windows of one counter: the wider one never counts less
        ("  author.posts in last 1 hour > 4\n  author.posts in last 1 day < 4", "",
         [("R130", 10)]),
        ("  author.posts in last 1 hour < 4\n  author.posts in last 1 day > 4", "", []),
        ("  author.posts in last 1 hour > 4\n  author.posts with links in last 1 day < 4", "", []),
        ("  author.posts with links in last 1 hour > 4\n  author.posts in last 1 hour < 4", "",
         [("R130", 10)]),
        ("  author.posts to target in last 1 hour > 4\n  author.posts in last 1 day < 4", "",
         [("R130", 10)]),
        ("  author.posts with links in last 1 day > 4\n  author.posts in last 1 hour < 4", "", []),
        ("  author.posts with links in last 1 day > 4\n  author.posts with media in last 1 day < 4",
         "", []),
        # facts that say something about each other
        ("  links.any\n  links.count = 0", "", [("R130", 10)]),
        ("  media.count > 3\n  not media.any", "", [("R130", 10)]),
        ("  mentions.any\n  mentions.count < 1", "", [("R130", 10)]),
        ("  links.domains > 3\n  links.count < 2", "", [("R130", 10)]),
        ("  links.invites >= 1\n  not links.any", "", [("R130", 10)]),
        ("  links.domains < 2\n  links.count > 3", "", []),
        ("  links.domains = 0\n  links.any", "", [("R130", 10)]),
        ("  links.invites = 0\n  links.any", "", []),
        ("  links.count >= 2", "  not links.any", [("R133", 12)]),
        # one text in two writings
        ('  text contains "casino"\n  not text contains "CASINO"', "", [("R130", 10)]),
        ('  text starts with "Buy"\n  not text starts with "buy"', "", [("R130", 10)]),
        ('  text contains "casino"\n  not text starts with "casino"', "", []),
        # ... but it may be unknown, so it is not said already
        ("  author.posts in last 1 hour > 4\n  author.posts in last 1 day > 4", "", []),
        ("  author.posts in last 1 hour >= 1024\n  author.posts in last 1 day >= 1024", "", []),
    ],
)  # fmt: skip
def test_what_can_never_happen_is_told_at_its_line(
    when: str, unless: str, expected: list[tuple[str, int]]
) -> None:
    """Each of these rules is told this, and nothing else."""
    assert sorted(_codes(when, unless), key=lambda found: found[1]) == expected


def test_a_live_rule_that_never_fires_is_refused() -> None:
    """An error for a live rule, a warning for any other."""
    for when, unless in (
        ("  links.any\n  not links.any", ""),
        ("  links.any", "  links.any"),
        ("  links.count < 0", ""),
        ("  any of\n    links.count < 0", ""),
    ):
        for mode in ("live", "watch", "draft"):
            more = '\nshould catch "a"\n  links.count  1\n\nshould pass "b"\n  links.count  1\n'
            report, rule = report_of(when, unless, mode=mode, more=more)
            assert (rule is None) is (mode == "live"), report.found


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_blocks, st.just("") | _blocks, st.integers(0, 9))
def test_what_is_called_impossible_never_happens(when: str, unless: str, seed: int) -> None:
    """No event that could be contradicts what is reported of any rule."""
    report, rule = report_of(when, unless, kinds="post")
    assert rule is not None, report.found
    found = {(p.code, p.line) for p in report.found}
    assume(found)
    needless = [line for code, line in found if code in NEEDLESS]
    unmet = [line for code, line in found if code == "R133"]
    constant = [(p.line, "true" in p.message) for p in report.found if p.code == "R088"]
    for slots in rules_possible.tried(rule, seed):
        fires = evaluate(rule, slots.get)
        assert fires is not True or not any(code in NEVER_FIRES for code, _ in found)
        for line in needless:
            assert (evaluate(_without(rule, line), slots.get) is True) is (fires is True)
        if evaluate(replace(rule, unless=()), slots.get):
            assert all(_truth(rule, line, slots) is not True for line in unmet)
        assert all(_truth(rule, line, slots) in (truth, None) for line, truth in constant)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(rules_possible.CONDITIONS[:6]).flatmap(
        lambda one: st.lists(st.tuples(st.booleans(), one), min_size=1, max_size=4)
    ),
    st.integers(0, 3),
)
def test_of_lines_about_one_value_every_contradiction_is_found(
    said: list[tuple[bool, str]], exceptions: int
) -> None:
    """Where nothing that could be makes a rule about one value fire, it is told so."""
    lines = [f"  {'not ' if negated else ''}{each}" for negated, each in said]
    exceptions = min(exceptions, len(lines) - 1)
    when, unless = lines[exceptions:], lines[:exceptions]
    report, rule = report_of("\n".join(when), "\n".join(unless), kinds="post")
    assert rule is not None, report.found
    fires = any(evaluate(rule, slots.get) for slots in rules_possible.tried(rule))
    never = {p.line for p in report.found if p.code == "R088" and "false" in p.message}
    told = any(p.code in NEVER_FIRES for p in report.found) or min(never, default=99) < 9 + len(
        when
    )
    assert fires is not told, lines


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.booleans(), st.one_of(*rules_possible.BESIDE)), max_size=4))
def test_of_facts_about_links_a_contradiction_is_found_with_none(
    said: list[tuple[bool, str]],
) -> None:
    """Where some lines want no link and others want one, and nothing else, the rule is told so."""
    lines = [f"  {'not ' if negated else ''}{each}" for negated, each in said]
    for none in ("links.count = 0", "not links.any"):
        report, rule = report_of("\n".join([f"  {none}", *lines]), kinds="post")
        assert rule is not None, report.found
        fires = any(evaluate(rule, slots.get) for slots in rules_possible.tried(rule))
        never = any(p.code == "R088" and "false" in p.message for p in report.found)
        assert fires is not (never or any(p.code in NEVER_FIRES for p in report.found)), lines


def _kept(lines: tuple[Leaf | Branch, ...], gone: int) -> Iterator[Leaf | Branch]:
    """Lines without one of them, which may stand in a group or be one."""
    for line in lines:
        if line.line == gone:
            continue
        leaves = line.leaves if isinstance(line, Branch) else ()
        kept = tuple(leaf for leaf in leaves if leaf.line != gone)
        if isinstance(line, Branch) and kept:
            yield replace(line, leaves=kept)
        elif isinstance(line, Leaf):
            yield line


def _without(rule: CheckedRule, gone: int) -> CheckedRule:
    when, unless = tuple(_kept(rule.when, gone)), tuple(_kept(rule.unless, gone))
    return replace(rule, when=when, unless=unless)


def _truth(rule: CheckedRule, number: int, slots: Mapping[str, Value]) -> bool | None:
    """What a line, or a line of a group, says."""
    lines = (*rule.when, *rule.unless)
    leaves = [leaf for line in lines if isinstance(line, Branch) for leaf in line.leaves]
    (found,) = [line for line in (*lines, *leaves) if line.line == number]
    return evaluate(replace(rule, when=(found,), unless=()), slots.get)
