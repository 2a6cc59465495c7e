"""The one layout of a rule."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ombud import samples
from ombud.rules.check import Surroundings, check
from ombud.rules.diagnostic import ERROR, Report
from ombud.rules.format import format_rule, value
from ombud.rules.interpret import evaluate
from ombud.rules.parse import parse, read_rule
from ombud.rules.tree import Rule
from ombud.signals.declare import Type
from ombud.signals.observation import Observation
from rules import rules_made


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules_made.trees)
def test_a_formatted_rule_reads_back_as_the_same_rule(rule: Rule) -> None:
    """parse(format(tree)) is the tree, without an error; formatting it again changes nothing."""
    text = format_rule(rule)
    again, problems = parse(f"{rule.name}.rule", text.encode())
    assert [problem for problem in problems if problem.severity == ERROR] == []
    assert again == rule
    assert format_rule(again) == text


def test_the_samples_are_written_in_the_one_layout() -> None:
    """The formatter would change nothing in the samples, their remarks included."""
    for name, content in samples.files("rules").items():
        rule, _ = parse(name, content)
        assert format_rule(rule) == content.decode(), name


def test_a_crooked_file_is_put_in_order_and_keeps_its_remarks() -> None:
    """Order, spaces, tabs and targets become the one layout; every remark is still there."""
    crooked = b"""\xef\xbb\xbf# first
rule r   # the name
 "What it catches." # why
mode watch
for reply,post
clause a.b
then
\thold for 24 hours for review in queue "q" as urgent # two spaces
when
    # above
    author.age<7 days
    any of
        links.count>=2
        not   links.any
# at the margin
tell author
   vi "b"
   en "a"
should catch "x"
   links.count 2
   author.posts in last 60 minutes 3
# the end
"""
    rule, _ = parse("r.rule", crooked.replace(b"\n", b"\r\n"))
    assert (
        format_rule(rule)
        == """\
# first
rule r  # the name
  "What it catches."  # why

for     post, reply
clause  a.b
mode    watch

when
  # above
  author.age < 1 week
  any of
    links.count >= 2
    not links.any

then
  hold this for review in queue "q" as urgent for 1 day  # two spaces

# at the margin
tell author
  vi  "b"
  en  "a"

should catch "x"
  links.count                  2
  author.posts in last 1 hour  3

# the end
"""
    )


def test_measured_values_are_said_in_whole_units() -> None:
    """A measured length of time is rounded down to a unit a person would use."""
    hour = 3_600_000_000
    assert value(25 * hour + 17, Type.DURATION) == "25 hours"
    assert value(24 * hour, Type.DURATION) == "1 day"
    assert value(50 * hour + 1, Type.DURATION) == "50 hours"
    assert value(50 * hour + 61_000_000, Type.DURATION) == "2 days"
    assert value(1_999_999, Type.DURATION) == "1 second"
    assert value(0, Type.DURATION) == "0 seconds"
    assert value(125, Type.PERCENT) == "12.5 %"
    assert value(None, Type.COUNT) == "unknown"
    assert value(True, Type.YESNO) == "yes"
    assert value("a\u202eb", Type.TEXT) == '"a\\u{202e}b"'


@st.composite
def remarked(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A rule that means something, with remarks wherever they may stand; and these remarks."""
    unless = draw(st.just([]) | rules_made.blocks)
    text = rules_made.RULE.format(
        name="sample",
        kinds="post, edit",
        mode="watch",
        when="\n".join(draw(rules_made.blocks)),
        unless="\nunless\n" + "\n".join(unless) + "\n" if unless else "",
        then="warn this",
    )
    text += '\nshould pass "one"\n  links.count  1\n'
    lines: list[str] = []
    remarks: list[str] = []
    for line in text.split("\n"):
        if draw(st.booleans()):
            remarks.append(draw(_remarks))
            lines.append(f"{' ' * draw(st.integers(0, 5))}#{remarks[-1]}")
        lines.append(line.replace(" < ", "<"))
        if line and draw(st.booleans()):
            remarks.append(draw(_remarks))
            lines[-1] += f"  #{remarks[-1]}"
    for last in draw(st.lists(_remarks, max_size=3)):
        remarks.append(last)
        lines.append(f"#{last}")
    return "\n".join(lines), sorted(each.rstrip() for each in remarks)


_remarks = st.text(st.sampled_from('ab "#\\é日'), max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(remarked(), st.lists(rules_made.observations, min_size=1, max_size=5))
def test_the_layout_keeps_meaning_and_remarks(
    written: tuple[str, list[str]], events: list[Observation]
) -> None:
    """Same version, same verdicts on any event, every remark still there; and it is at rest."""
    text, remarks = written
    around = Surroundings(clauses=rules_made.CLAUSES, lists=rules_made.LISTS)
    report = Report("sample.rule")
    before = check(report, read_rule(report, text.encode()), around)
    assert before is not None, report.found
    laid = format_rule(before.tree)
    after = check(report, read_rule(report, laid.encode()), around)
    assert after is not None, report.found
    assert after.version == before.version
    for event in events:
        slots = rules_made.slot_values(before, event)
        assert slots == rules_made.slot_values(after, event)
        assert evaluate(after, slots.get) is evaluate(before, slots.get)
    for tree in (before.tree, after.tree):
        assert sorted(each.text for each in tree.comments) == remarks
    assert format_rule(after.tree) == laid
