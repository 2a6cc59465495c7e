"""A rule's version is its content: what changes a verdict or a notice changes it, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ombud.model import KINDS
from ombud.rules import phrases, tree
from ombud.rules.check import Surroundings, check
from ombud.rules.checked import CheckedRule
from ombud.rules.diagnostic import Report
from ombud.rules.parse import read_rule
from ombud.rules.policy import read_policies
from ombud.signals.declare import COUNTERS, SIGNALS, WITHS
from rules.rules_made import LISTS, blocks

# Every part of a rule's tree is one or the other; a new part has to be put somewhere here.
COUNTS = ("name", "kinds", "clause", "when", "unless", "then", "tell")
COUNTS_NOT = ("description", "mode", "examples", "file", "comments", "places")

POLICY = """# Policy

## spam.links Links
harm: spam
published: 2026-11-22

The norm.

## spam.repeats Repeats
harm: spam
published: 2026-11-22

Another norm.
"""
CLAUSES = read_policies({"spam.md": POLICY.encode()})[0]
RULE = """{remark}rule {name}
  "{description}"

for     {kinds}
clause  {clause}
mode    {mode}{spaces}{remark_beside}

when
{when}

{unless}then
  {then}

tell author
  en  "{tell}"

{example}"""
EXAMPLE = 'should catch "{}"\n  links.count  {}\n'

words = st.text("abcdefghij ", min_size=1, max_size=20).map(str.strip).filter(bool)
parts: Mapping[str, st.SearchStrategy[str]] = {
    "name": st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True),
    "kinds": st.sets(st.sampled_from(KINDS), min_size=1).map(lambda each: ", ".join(sorted(each))),
    "clause": st.sampled_from(sorted(CLAUSES)),
    "when": blocks.map("\n".join),
    "unless": st.just("") | blocks.map(lambda each: "unless\n" + "\n".join(each) + "\n\n"),
    "then": st.sampled_from(("warn this", "hold this", "hold this for 2 hours", 'alert "a"')),
    "tell": words,
    "description": words,
    "mode": st.sampled_from(("draft", "watch", "live")),
    "example": st.just("") | st.builds(EXAMPLE.format, words, st.integers(0, 9)),
    "remark": st.just("") | words.map("# {}\n".format),
    "remark_beside": st.just("") | words.map("# {}".format),
    "spaces": st.sampled_from((" ", "    ", "")),
}
FIELD_OF = {"example": "examples", "remark": "comments", "remark_beside": "comments"}
FIELD_OF["spaces"] = "places"
written = st.fixed_dictionaries(dict(parts))


def read(rule: Mapping[str, str], clauses: Mapping[str, Any] = CLAUSES) -> CheckedRule:
    """The rule's meaning. Whether it may stand is not asked: that is no part of what it says."""
    if rule["remark_beside"] and not rule["spaces"]:
        rule = {**rule, "spaces": " "}
    report = Report("a.rule", recorded=True)
    around = Surroundings(clauses=clauses, lists=LISTS)
    found = check(report, read_rule(report, RULE.format(**rule).encode()), around)
    assert found is not None, report.found
    return found


def test_every_part_of_a_rule_counts_or_does_not() -> None:
    """No part of the tree is left out of the two lists above."""
    assert sorted((*COUNTS, *COUNTS_NOT)) == sorted(each.name for each in fields(tree.Rule))
    assert {FIELD_OF.get(part, part) for part in parts} == {*COUNTS, *COUNTS_NOT} - {"file"}


@given(written, written, st.sampled_from(sorted(parts)))
def test_one_edit_changes_the_version_or_does_not(
    before: dict[str, str], other: dict[str, str], part: str
) -> None:
    """The same version exactly where what was edited does not count, or still says the same."""
    first, second = read(before), read({**before, part: other[part]})
    field = FIELD_OF.get(part, part)
    same = field in COUNTS_NOT or getattr(first.tree, field) == getattr(second.tree, field)
    assert (first.version == second.version) is same


@given(written, written)
def test_all_that_does_not_count_at_once(before: dict[str, str], other: dict[str, str]) -> None:
    """Description, mode, examples, remarks and layout together change nothing."""
    changed = {part: other[part] for part in parts if FIELD_OF.get(part, part) in COUNTS_NOT}
    assert read({**before, **changed}).version == read(before).version


@given(written, st.sampled_from(sorted(CLAUSES)))
def test_the_clause_counts_and_no_other(before: dict[str, str], changed: str) -> None:
    """A rule's version follows the wording of its own clause."""
    clauses = {**CLAUSES, changed: replace(CLAUSES[changed], version="another wording")}
    same = read(before).version == read(before, clauses).version
    assert same is (changed != before["clause"])


@given(written, st.data())
def test_what_it_reads_counts_and_nothing_else(before: dict[str, str], data: st.DataObject) -> None:
    """Another version of a signal, a counter or a word after `with` is another version of each rule
    that reads it, and of no other.
    """
    first = read(before)
    read_here = {each for atom in first.atoms() for fact in atom.facts for each in fact.rests_on}
    registers: Mapping[str, dict[str, Any]] = {
        "signals": SIGNALS,
        "counters": COUNTERS,
        "with": WITHS,
    }
    known = sorted((register, name) for register, found in registers.items() for name in found)
    named = sorted((register, name) for register, name, _ in read_here if register in registers)
    register, name = data.draw(st.sampled_from(named) | st.sampled_from(known))
    declared = registers[register][name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registers[register], name, replace(declared, version=declared.version + 1))
        second = read(before)
    assert (first.version == second.version) is ((register, name) not in named)


@given(written)
def test_the_meaning_of_the_phrases_counts(before: dict[str, str]) -> None:
    """Another meaning of any phrase is another version of every rule."""
    first = read(before)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phrases, "VERSION", phrases.VERSION + 1)
        assert read(before).version != first.version


@given(written, written)
def test_two_rules_have_one_version_only_if_they_say_the_same(
    one: dict[str, str], two: dict[str, str]
) -> None:
    """No two different contents share a version."""
    first, second = read(one), read(two)
    assume(any(getattr(first.tree, each) != getattr(second.tree, each) for each in COUNTS))
    assert first.version != second.version
