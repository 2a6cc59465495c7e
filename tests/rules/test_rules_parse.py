"""Reading rule files: any bytes at all, and what is left of a broken file."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ombud import samples
from ombud.rules.diagnostic import PROBLEMS_MAX, render
from ombud.rules.lex import FILE_BYTES_MAX, LINE_LENGTH_MAX
from ombud.rules.load import load
from ombud.rules.parse import CONDITIONS_MAX, EXAMPLES_MAX, parse

GOOD = samples.files("rules")["new-member-links.rule"]
_PIECES = [word for content in samples.files("rules").values() for word in content.split(b" ")]
_PIECES += [
    b"\n",
    b"  ",
    b"\t",
    b'"',
    b"\\",
    b"#",
    b"any of",
    b"not",
    b"%",
    b"\xff",
    b"\xe2\x80\xae",
]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600) | st.lists(st.sampled_from(_PIECES), max_size=60).map(b" ".join))
def test_no_file_makes_the_parser_raise(content: bytes) -> None:
    """Any bytes are read, checked and told about; every diagnostic can be shown."""
    loaded = load({"any.rule": content}, {"any.md": content}, {})
    assert not loaded.ok
    for problem in loaded.diagnostics:
        shown = render(problem)
        assert all(line.isprintable() for line in shown.split("\n"))
        assert problem.message


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.binary(max_size=12))
def test_damage_to_a_good_file_never_raises(start: int, length: int, patch: bytes) -> None:
    """A good file with a piece cut out or put in is read to its end."""
    damaged = GOOD[:start] + patch + GOOD[start + length :]
    rule, _ = parse("new-member-links.rule", damaged)
    assert rule.file == "new-member-links.rule"


def test_a_rule_is_read_with_the_place_of_each_part() -> None:
    """Names, kinds, conditions, actions and examples of a sample are what stands there."""
    rule, problems = parse("new-member-links.rule", GOOD)
    assert problems == ()
    assert (rule.name, rule.kinds, rule.clause, rule.mode) == (
        "new-member-links",
        ("post",),
        "spam.links",
        "watch",
    )
    assert len(rule.when) == len(rule.unless) == 2
    assert rule.when[0].place.column == 3
    lines = GOOD.decode().split("\n")
    assert lines[rule.when[0].place.line - 1] == "  author.age < 3 days"
    assert [example.catch for example in rule.examples] == [True, True, False, False, False, False]
    assert {told.lang for told in rule.tell} == {"en", "vi"}


def test_a_broken_line_costs_only_itself() -> None:
    """Everything but the broken line is still in the tree."""
    broken = GOOD.replace(b"links.count >= 2", b"links.count >= ~")
    rule, problems = parse("new-member-links.rule", broken)
    assert len(problems) == 1
    assert len(rule.when) == 1
    assert len(rule.unless) == 2
    assert len(rule.examples) == 6


def test_what_is_too_large_is_refused() -> None:
    """Files, lines, conditions, examples and the list of problems itself have an end."""
    assert [p.code for p in parse("a.rule", b"#" * (FILE_BYTES_MAX + 1))[1]] == ["R002"]
    long = b"#" + b"x" * LINE_LENGTH_MAX
    assert parse("a.rule", GOOD + long)[1][0].code == "R004"
    many = b"  links.count >= 2\n" * (CONDITIONS_MAX + 5)
    crowded, problems = parse("a.rule", GOOD.replace(b"  links.count >= 2\n", many))
    assert [problem.code for problem in problems] == ["R040"]
    assert len(crowded.when) + len(crowded.unless) == CONDITIONS_MAX
    examples = b'should pass "x"\n  links.count  1\n' * EXAMPLES_MAX
    assert [p.code for p in parse("a.rule", GOOD + b"\n" + examples)[1]][:1] == ["R040"]
    noisy = parse("a.rule", b"~\n" * 500)[1]
    assert len(noisy) == PROBLEMS_MAX
    assert noisy[-1].code == "R041"


def test_bytes_that_are_no_text_are_told_by_line() -> None:
    """A file that is not UTF-8 is refused with the line of the first bad byte."""
    problems = parse("a.rule", b"rule a\n  \xff\n")[1]
    assert (problems[0].code, problems[0].line) == ("R001", 2)


def test_an_indented_head_begins_its_part_all_the_same() -> None:
    """`unless` is found where somebody indented it, so that no exception is lost in silence."""
    rule, problems = parse("a.rule", GOOD.replace(b"\nunless\n", b"\n  unless\n"))
    assert problems == ()
    assert len(rule.unless) == 2
