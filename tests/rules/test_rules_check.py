"""What makes a rule a rule."""

from __future__ import annotations

from dataclasses import replace

from ombud.rules.check import Surroundings, event_kinds
from ombud.rules.diagnostic import Report
from ombud.rules.parse import read_rule
from rules.rules_made import CLAUSES, LISTS, RULE, checked, report_of


def test_a_rule_for_posts_judges_replies_too() -> None:
    """`post` takes in replies, nothing else does."""
    assert event_kinds(("post",)) == {"post", "reply"}
    assert event_kinds(("reply", "join")) == {"reply", "join"}


def test_the_version_changes_with_what_changes_a_verdict_or_a_notice() -> None:
    """Not with mode, description, examples or remarks."""
    before = checked("  links.count >= 2")
    example = '\nshould catch "a"\n  links.count  2\n'
    for same in (
        checked("  links.count >= 2", mode="draft"),
        checked("  links.count >= 2  # why", more=example),
        checked("  links.count   >=   2"),
    ):
        assert same.version == before.version
    for other in (
        checked("  links.count >= 3"),
        checked("  links.count >= 2", kinds="post"),
        checked("  links.count >= 2", then="hold this"),
        checked("  links.count >= 2", "  links.any"),
        checked("  links.count >= 2", name="other"),
    ):
        assert other.version != before.version
    clauses = {"spam.links": replace(CLAUSES["spam.links"], version="other")}
    around = Surroundings(clauses=clauses, lists=LISTS)
    _, other_clause = report_of("  links.count >= 2", around=around)
    assert other_clause is not None
    assert other_clause.version != before.version


def test_facts_of_people_an_event_does_not_name_are_never_known() -> None:
    """A reporter is there for a flag only; the subject's author too."""
    assert [p.code for p in report_of("  reporter.age > 1 day", kinds="post")[0].found] == ["R066"]
    assert report_of("  reporter.age > 1 day", kinds="flag")[0].found == []
    codes = [p.code for p in report_of("  subject.author.age > 1 day", kinds="post, flag")[0].found]
    assert codes == ["R067"]


def test_a_fact_unknown_for_some_kinds_is_a_warning_only_where_it_decides() -> None:
    """In `any of` another line can still decide; in `unless` an unknown line never lets go."""
    group = "  any of\n    links.any\n    media.any"
    assert report_of(group, kinds="post, join")[0].found == []
    report, rule = report_of("  author.age < 3 days", group, kinds="post, join")
    assert [problem.code for problem in report.found] == ["R067"]
    assert rule is not None


def test_a_rule_that_only_alerts_tells_nobody() -> None:
    """Nothing is restricted, so there is nothing to tell."""
    text = RULE.format(
        name="sample",
        kinds="post",
        mode="watch",
        when="  links.any",
        unless="",
        then='alert "on call"',
    )
    report = Report("sample.rule")
    read_rule(report, text.split("tell author")[0].encode())
    assert report.found == []


def test_capabilities_bind_live_rules_and_warn_others() -> None:
    """What the platform cannot do is an error once the rule is live."""
    around = Surroundings(clauses=CLAUSES, lists=LISTS, platforms={"chat": {"hold": "exact"}})
    report, rule = report_of("  links.any", then="warn this", around=around)
    assert [(p.code, p.severity) for p in report.found] == [("R076", "warning")]
    assert rule is not None
    report, rule = report_of("  links.any", then="warn this", mode="live", around=around)
    assert ("R076", "error") in [(p.code, p.severity) for p in report.found]
    assert rule is None


def test_evidence_is_not_judged_where_a_line_could_not_be_read() -> None:
    """A line that was lost must not make the rule look as if it rested on the others alone."""
    for lost, code in (("links.cuont >= 2", "R003"), ("links.count >= two", "R026")):
        when = f"  author.posts in last 1 hour > 9\n  {lost}"
        report, _ = report_of(when, then="hold this")
        assert [problem.code for problem in report.found] == [code]
